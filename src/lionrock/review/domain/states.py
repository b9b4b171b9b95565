"""The states of an assignment: from the invitation to the scores."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType
from typing import Final


class AssignmentState(StrEnum):
    """Where one assessor stands with one application."""

    INVITED = "invited"
    """Asked; sees nothing of it until interests are declared."""
    CLEARED = "cleared"
    """Has declared that there is no conflict: reads and scores."""
    CONFLICTED = "conflicted"
    """Has declared a conflict of interest: shut out for good."""
    REFUSED = "refused"
    """Will not do it, without a conflict."""
    UNASSIGNED = "unassigned"
    """Taken back by the office."""
    SCORED = "scored"


TRANSITIONS: Final[Mapping[tuple[AssignmentState, str], AssignmentState]] = MappingProxyType(
    {
        (AssignmentState.INVITED, "clear"): AssignmentState.CLEARED,
        (AssignmentState.INVITED, "conflict"): AssignmentState.CONFLICTED,
        (AssignmentState.INVITED, "refuse"): AssignmentState.REFUSED,
        (AssignmentState.INVITED, "unassign"): AssignmentState.UNASSIGNED,
        (AssignmentState.CLEARED, "conflict"): AssignmentState.CONFLICTED,
        (AssignmentState.CLEARED, "refuse"): AssignmentState.REFUSED,
        (AssignmentState.CLEARED, "unassign"): AssignmentState.UNASSIGNED,
        (AssignmentState.CLEARED, "score"): AssignmentState.SCORED,
        (AssignmentState.SCORED, "conflict"): AssignmentState.CONFLICTED,
        (AssignmentState.SCORED, "reopen"): AssignmentState.CLEARED,
        (AssignmentState.REFUSED, "assign"): AssignmentState.INVITED,
        (AssignmentState.UNASSIGNED, "assign"): AssignmentState.INVITED,
    }
)
"""A conflict may be seen late, even after scoring; then the scores no longer count."""

OPEN: Final = (AssignmentState.INVITED, AssignmentState.CLEARED)
"""States in which the assessor still has something to do."""
READS: Final = (AssignmentState.CLEARED, AssignmentState.SCORED)
"""States in which the assessor sees the application."""
COUNTS: Final = (*OPEN, AssignmentState.SCORED)
"""States in which the assignment counts among those that an application has."""


class Declared(StrEnum):
    """What an assessor declares; the verb of the assignment's machine."""

    CLEAR = "clear"
    CONFLICT = "conflict"
    REFUSE = "refuse"


class Ground(StrEnum):
    """What a conflict of interest rests on."""

    EMPLOYMENT = "employment"
    MONEY = "money"
    COLLABORATION = "collaboration"
    KINSHIP = "kinship"
    RIVALRY = "rivalry"
    OTHER = "other"
