"""Raising concerns, following them up, what is decided of them, escalating, and changes of projects."""

from lionrock.concerns.actions.changes import report_change
from lionrock.concerns.actions.deciding import (
    assign_concern,
    close_concern,
    name_concerned,
    note_concern,
    reopen_concern,
    set_aside_concern,
    take_up_concern,
    tell_of_concern,
)
from lionrock.concerns.actions.escalating import escalate_concerns
from lionrock.concerns.actions.raising import follow_up, raise_concern, write_again

__all__ = [
    "assign_concern",
    "close_concern",
    "escalate_concerns",
    "follow_up",
    "name_concerned",
    "note_concern",
    "raise_concern",
    "reopen_concern",
    "report_change",
    "set_aside_concern",
    "take_up_concern",
    "tell_of_concern",
    "write_again",
]
