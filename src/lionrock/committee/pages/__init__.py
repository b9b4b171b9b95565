"""The pages of the committee: meetings, one meeting, its ranking, one item, its minutes."""

from lionrock.committee.pages.items import item, panel
from lionrock.committee.pages.meetings import index, listing, show
from lionrock.committee.pages.papers import minutes, minutes_pdf
from lionrock.committee.pages.rankings import ranking, ranking_file

__all__ = [
    "index",
    "item",
    "listing",
    "minutes",
    "minutes_pdf",
    "panel",
    "ranking",
    "ranking_file",
    "show",
]
