"""Every write of the room: one function per verb, one transaction each."""

from lionrock.awards.actions.deciding import decide_application
from lionrock.awards.actions.ending import end_award, release_award
from lionrock.awards.actions.offers import accept_offer, decline_offer, lapse_offers

__all__ = [
    "accept_offer",
    "decide_application",
    "decline_offer",
    "end_award",
    "lapse_offers",
    "release_award",
]
