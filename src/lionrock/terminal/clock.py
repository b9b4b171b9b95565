"""The clock of a command: read once, here, and handed on as `now`."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from functools import wraps
from typing import Any

import click

from lionrock.kernel.errors import Fault, Invalid
from lionrock.kernel.messages import gettext_noop, message


def at_option(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add `--at INSTANT` and hand `now` to the command: that instant, or the clock's."""

    @click.option(
        "--at",
        "at",
        metavar="INSTANT",
        help="When this holds, such as 2026-10-01T09:00+08:00 (default: now).",
    )
    @wraps(command)
    def with_now(*args: Any, at: str | None, **kwargs: Any) -> Any:
        return command(*args, now=read_instant(at) if at else datetime.now(UTC), **kwargs)

    return with_now


def read_instant(text: str) -> datetime:
    """Read an ISO 8601 date-time with its offset as a UTC instant; raises `Invalid`."""
    try:
        instant = datetime.fromisoformat(text)
        utc = instant.astimezone(UTC)
    except (ValueError, OverflowError):
        instant = None
    if instant is None or instant.utcoffset() is None:
        said = message(
            gettext_noop("“{value}” is not an instant. Write date, time and offset, such as 2026-10-01T09:00+08:00."),
            value=text,
        )
        raise Invalid(
            "terminal.clock.instant",
            said,
            faults=[Fault("terminal.clock.instant", said, field="at", value=text)],
        )
    return utc
