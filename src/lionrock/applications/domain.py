"""What can be done with an application, and whether it is eligible."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType
from typing import Final


class ApplicationState(StrEnum):
    """An application is drafted, submitted, and decided once, or withdrawn before that."""

    DRAFT = "draft"
    SUBMITTED = "submitted"
    APPROVED = "approved"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"


TRANSITIONS: Final[Mapping[tuple[ApplicationState, str], ApplicationState]] = MappingProxyType(
    {
        (ApplicationState.DRAFT, "submit"): ApplicationState.SUBMITTED,
        (ApplicationState.DRAFT, "withdraw"): ApplicationState.WITHDRAWN,
        (ApplicationState.SUBMITTED, "withdraw"): ApplicationState.WITHDRAWN,
        (ApplicationState.SUBMITTED, "approve"): ApplicationState.APPROVED,
        (ApplicationState.SUBMITTED, "decline"): ApplicationState.DECLINED,
    }
)
