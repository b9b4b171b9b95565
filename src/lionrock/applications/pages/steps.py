"""What comes next for an application, and for whom: no state is without it."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from lionrock.applications.domain import ApplicationState
from lionrock.applications.domain.pledges import DUTIES
from lionrock.kernel.messages import Message, gettext_noop, message

STEPS: Final[Mapping[ApplicationState, Message]] = MappingProxyType(
    {
        **{state: duty.next_step for state, duty in DUTIES.items()},
        ApplicationState.DRAFT: message(
            gettext_noop("The applicant completes the form and submits it before the call closes.")
        ),
        ApplicationState.APPROVED: message(gettext_noop("The applicant accepts the offer and uses the award.")),
        ApplicationState.INELIGIBLE: message(
            gettext_noop("The applicant reads what was found, and may apply again when that is mended.")
        ),
        ApplicationState.DECLINED: message(
            gettext_noop("The applicant reads the reasons, and may apply again with another plan.")
        ),
        ApplicationState.WITHDRAWN: message(
            gettext_noop("The applicant may begin another application while a call is open.")
        ),
    }
)


def next_step(state: str) -> Message:
    """Return the sentence on what comes next."""
    return STEPS[ApplicationState(state)]
