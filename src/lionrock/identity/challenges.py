"""What a browser is asked once: kept in its session, with an end, and gone when it is answered."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, Final

from django.http import HttpRequest

from lionrock.kernel.errors import Conflict
from lionrock.kernel.messages import gettext_noop, message

COUNTS_FOR: Final = timedelta(minutes=10)
_PREFIX: Final = "asked:"


def ask(request: HttpRequest, purpose: str, content: Mapping[str, Any], now: datetime) -> None:
    """Keep what was asked, in place of what was asked before for the same purpose."""
    request.session[_PREFIX + purpose] = {"content": dict(content), "until": (now + COUNTS_FOR).isoformat()}


def asked(request: HttpRequest, purpose: str, now: datetime) -> dict[str, Any]:
    """Return what was asked, and leave it; raises `Conflict` when nothing was, or too long ago."""
    kept = request.session.get(_PREFIX + purpose)
    if kept is None or datetime.fromisoformat(kept["until"]) <= now:
        said = message(gettext_noop("This question has waited too long, or was answered already. Try again from here."))
        raise Conflict("identity.challenge.over", said)
    content: dict[str, Any] = kept["content"]
    return content


def take(request: HttpRequest, purpose: str, now: datetime) -> dict[str, Any]:
    """Return what was asked, and forget it: no answer counts twice; raises `Conflict` as `asked` does."""
    try:
        return asked(request, purpose, now)
    finally:
        request.session.pop(_PREFIX + purpose, None)
