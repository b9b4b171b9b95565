"""A hit as a case: from being found to being cleared by two persons, or confirmed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from types import MappingProxyType
from typing import Final

from lionrock.kernel.errors import Fault, Invalid, Refused
from lionrock.kernel.messages import gettext_noop, message
from lionrock.kernel.texts import check_paragraph


class CaseState(StrEnum):
    """Where a case stands."""

    OPEN = "open"
    """Found, and nobody has decided."""
    ESCALATED = "escalated"
    """Put before whoever decides in hard cases."""
    CLEARING = "clearing"
    """One person says that it is somebody else; a second has to agree."""
    CLEARED = "cleared"
    """Two persons say that it is somebody else."""
    CONFIRMED = "confirmed"
    """It is the party on the list."""


TRANSITIONS: Final[Mapping[tuple[CaseState, str], CaseState]] = MappingProxyType(
    {
        (CaseState.OPEN, "escalate"): CaseState.ESCALATED,
        (CaseState.OPEN, "clear"): CaseState.CLEARING,
        (CaseState.OPEN, "confirm"): CaseState.CONFIRMED,
        (CaseState.ESCALATED, "clear"): CaseState.CLEARING,
        (CaseState.ESCALATED, "confirm"): CaseState.CONFIRMED,
        (CaseState.CLEARING, "agree"): CaseState.CLEARED,
        (CaseState.CLEARING, "disagree"): CaseState.ESCALATED,
        (CaseState.CLEARING, "reopen"): CaseState.OPEN,
        (CaseState.CLEARED, "reopen"): CaseState.OPEN,
        (CaseState.CONFIRMED, "clear"): CaseState.CLEARING,
    }
)

HOLDING: Final = (CaseState.OPEN, CaseState.ESCALATED, CaseState.CLEARING, CaseState.CONFIRMED)
"""While a case is in one of these, its party is held."""
TO_DO: Final = (CaseState.OPEN, CaseState.ESCALATED, CaseState.CLEARING)


def check_why(reason: str) -> str:
    """Return the reason; raises `Invalid` when nothing is written, as every step is kept with its reason."""
    if not reason.strip():
        said = message(gettext_noop("Nothing is written in {field}. Say why, in a sentence."), field="reason")
        raise Invalid(
            "screening.case.reason", said, faults=[Fault("screening.case.reason", said, field="reason", value="")]
        )
    check_paragraph(reason, field="reason")
    return reason.strip()


def check_four_eyes(first: str, second: str) -> None:
    """Raise `Refused` when the second pair of eyes is the first; addresses are compared whatever their capitals."""
    if first.casefold() != second.casefold():
        return
    raise Refused(
        "screening.case.four_eyes",
        message(
            gettext_noop(
                "{person} has asked to clear this case, and cannot agree to it: that takes a second person. Ask a "
                "colleague of the compliance office."
            ),
            person=first,
        ),
    )


@dataclass(frozen=True, slots=True)
class PartyReleased:
    """Somebody (by kind and code) is cleared, or owned no more: what was held for that alone may go on."""

    kind: str
    code: str
    now: datetime
