"""Every write of the room: one function per verb, one transaction each."""

from lionrock.intake.actions.checking import (
    accept_application,
    judge_findings,
    reject_application,
    return_application,
    take_application,
)
from lionrock.intake.actions.reminding import remind_applicants, remind_office

__all__ = [
    "accept_application",
    "judge_findings",
    "reject_application",
    "remind_applicants",
    "remind_office",
    "return_application",
    "take_application",
]
