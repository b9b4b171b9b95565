"""The pages of awards: the list, one award, its offer, its changes, and what ends it."""

from lionrock.awards.pages.ending import end, resume, suspend
from lionrock.awards.pages.offers import accept, paper, refuse
from lionrock.awards.pages.showing import MakePanel, award, index
from lionrock.awards.pages.variations import new_variation, variation

__all__ = [
    "MakePanel",
    "accept",
    "award",
    "end",
    "index",
    "new_variation",
    "paper",
    "refuse",
    "resume",
    "suspend",
    "variation",
]
