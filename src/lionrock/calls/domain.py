"""What can be done with a call, and when it takes applications."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum
from types import MappingProxyType
from typing import Final

from lionrock.kernel.errors import Fault, Invalid
from lionrock.kernel.messages import gettext_noop, message


class CallState(StrEnum):
    """A call is prepared, takes applications, and is closed."""

    DRAFT = "draft"
    OPEN = "open"
    CLOSED = "closed"


TRANSITIONS: Final[Mapping[tuple[CallState, str], CallState]] = MappingProxyType(
    {
        (CallState.DRAFT, "open"): CallState.OPEN,
        (CallState.OPEN, "close"): CallState.CLOSED,
    }
)


def check_window(opens: datetime, closes: datetime | None) -> None:
    """Raise `Invalid` when a call would close before, or at the instant when, it opens."""
    if closes is not None and closes <= opens:
        said = message(
            gettext_noop("The call would close at {value}, not after it opens at {opens}. Choose a later end."),
            value=closes,
            opens=opens,
        )
        fault = Fault("calls.window", said, field="closes", value=closes.isoformat())
        raise Invalid("calls.window", said, faults=[fault])


def takes_applications(state: CallState, opens: datetime, closes: datetime | None, now: datetime) -> bool:
    """Tell whether a call takes applications: it is open and `now` lies in [opens, closes)."""
    return state is CallState.OPEN and opens <= now and (closes is None or now < closes)
