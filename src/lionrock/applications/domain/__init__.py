"""What an application is, what can be done with it, and whether it is eligible; without Django."""

from lionrock.applications.domain.eligibility import Circumstances, eligibility
from lionrock.applications.domain.requests import (
    LIVE,
    OPEN_TO_AUTHORS,
    TRANSITIONS,
    UNDECIDED,
    ApplicationState,
    Request,
    Statements,
    check_request,
    check_words,
    ends,
)

__all__ = [
    "LIVE",
    "OPEN_TO_AUTHORS",
    "TRANSITIONS",
    "UNDECIDED",
    "ApplicationState",
    "Circumstances",
    "Request",
    "Statements",
    "check_request",
    "check_words",
    "eligibility",
    "ends",
]
