"""What the room decides, without Django: states, names on clusters, the desired state and its difference."""

from lionrock.allocations.domain.naming import account_of, award_of, organisation_account, programme_account, qos_of
from lionrock.allocations.domain.states import TRANSITIONS, AllocationState

__all__ = [
    "TRANSITIONS",
    "AllocationState",
    "account_of",
    "award_of",
    "organisation_account",
    "programme_account",
    "qos_of",
]
