"""The pages of awards: the list, one award, its offer, its changes, and what ends it."""

from lionrock.awards.pages.ending import end, resume, suspend
from lionrock.awards.pages.offers import accept, paper, refuse
from lionrock.awards.pages.projects import end_person, hand_over, name_person, open_to_all, people
from lionrock.awards.pages.showing import MakePanel, award, index
from lionrock.awards.pages.variations import new_variation, variation

__all__ = [
    "MakePanel",
    "accept",
    "award",
    "end",
    "end_person",
    "hand_over",
    "index",
    "name_person",
    "new_variation",
    "open_to_all",
    "paper",
    "people",
    "refuse",
    "resume",
    "suspend",
    "variation",
]
