"""Every write of the room: one function per verb, one transaction each."""

from lionrock.awards.actions.deciding import decide_application
from lionrock.awards.actions.ending import end_award, release_award
from lionrock.awards.actions.offers import accept_offer, decline_offer, lapse_offers, take_up_held
from lionrock.awards.actions.projects import (
    end_project_member,
    hand_over_of_leaver,
    hand_over_project,
    name_project_member,
    open_project,
)
from lionrock.awards.actions.suspending import resume_award, suspend_award
from lionrock.awards.actions.varying import decide_variation, request_variation, withdraw_variation

__all__ = [
    "accept_offer",
    "decide_application",
    "decide_variation",
    "decline_offer",
    "end_award",
    "end_project_member",
    "hand_over_of_leaver",
    "hand_over_project",
    "lapse_offers",
    "name_project_member",
    "open_project",
    "release_award",
    "request_variation",
    "resume_award",
    "suspend_award",
    "take_up_held",
    "withdraw_variation",
]
