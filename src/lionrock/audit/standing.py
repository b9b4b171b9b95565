"""Who acts while standing in for whom: said once where somebody becomes an actor, read wherever they are recorded."""

from __future__ import annotations

from collections.abc import Mapping
from contextvars import ContextVar
from typing import Final

_STANDING: Final[ContextVar[Mapping[str, Mapping[str, str]]]] = ContextVar("standing")


def stand_in(actor: str, whose: Mapping[str, str]) -> None:
    """Note for whom an actor stands in now, by programme; nobody ends it."""
    noted = {name: duties for name, duties in _STANDING.get({}).items() if name != actor}
    _STANDING.set({**noted, actor: dict(whose)} if whose else noted)


def stood_in_for(actor: str, programme: str) -> str:
    """Return for whom an actor stands in for a programme; nothing for nobody."""
    return _STANDING.get({}).get(actor, {}).get(programme, "")
