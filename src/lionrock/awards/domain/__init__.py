"""What the room decides, without Django: rulings and terms, offers, states."""

from lionrock.awards.domain.offers import (
    Signature,
    check_in_time,
    check_reason,
    check_signature,
    is_due,
    last_day_to_accept,
    use_begins,
)
from lionrock.awards.domain.rulings import (
    AwardTerms,
    Decision,
    Ruling,
    award_terms,
    check_envelope,
    check_ruling,
)
from lionrock.awards.domain.states import (
    IN_FORCE,
    NEVER_ACCEPTED,
    NOT_OVER,
    TRANSITIONS,
    AwardEnded,
    AwardMade,
    AwardState,
    AwardVaried,
    ending_verb,
)

__all__ = [
    "IN_FORCE",
    "NEVER_ACCEPTED",
    "NOT_OVER",
    "TRANSITIONS",
    "AwardEnded",
    "AwardMade",
    "AwardState",
    "AwardTerms",
    "AwardVaried",
    "Decision",
    "Ruling",
    "Signature",
    "award_terms",
    "check_envelope",
    "check_in_time",
    "check_reason",
    "check_ruling",
    "check_signature",
    "ending_verb",
    "is_due",
    "last_day_to_accept",
    "use_begins",
]
