"""What an application is, what can be done with it, and whether it is eligible; without Django."""

from lionrock.applications.domain.eligibility import Standing, eligibility
from lionrock.applications.domain.requests import (
    LIVE,
    TRANSITIONS,
    ApplicationState,
    Request,
    Statements,
    check_request,
    check_words,
    ends,
)

__all__ = [
    "LIVE",
    "TRANSITIONS",
    "ApplicationState",
    "Request",
    "Standing",
    "Statements",
    "check_request",
    "check_words",
    "eligibility",
    "ends",
]
