"""Every write of the room: one function per verb, one transaction each."""

from lionrock.applications.actions.drafting import draft_application
from lionrock.applications.actions.intake import (
    accept_application,
    judge_findings,
    reject_application,
    return_application,
    take_application,
)
from lionrock.applications.actions.submitting import submit_application, withdraw_application

__all__ = [
    "accept_application",
    "draft_application",
    "judge_findings",
    "reject_application",
    "return_application",
    "submit_application",
    "take_application",
    "withdraw_application",
]
