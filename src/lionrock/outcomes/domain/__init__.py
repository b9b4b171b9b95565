"""What the room decides, without Django: which reports are owed when, and what an identifier is."""

from lionrock.outcomes.domain.identifiers import Scheme, address_of, check_identifier, check_orcid
from lionrock.outcomes.domain.reports import FINAL, TRANSITIONS, Owed, ReportState, owed, reminders_due

__all__ = [
    "FINAL",
    "TRANSITIONS",
    "Owed",
    "ReportState",
    "Scheme",
    "address_of",
    "check_identifier",
    "check_orcid",
    "owed",
    "reminders_due",
]
