"""The pages of the room: an assessor's own, the office's, and what all assessors gave side by side."""

from lionrock.review.pages.exports import file
from lionrock.review.pages.mine import autosave, declare, index, show
from lionrock.review.pages.moderating import conclude, moderation, take_back
from lionrock.review.pages.office import assessors, profile, reopen, unassign
from lionrock.review.pages.office import index as roster
from lionrock.review.pages.panels import panel

__all__ = [
    "assessors",
    "autosave",
    "conclude",
    "declare",
    "file",
    "index",
    "moderation",
    "panel",
    "profile",
    "reopen",
    "roster",
    "show",
    "take_back",
    "unassign",
]
