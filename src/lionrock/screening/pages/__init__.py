"""The pages of screening: cases, one case, looking a name up, lists and their versions, who owns whom."""

from lionrock.screening.pages.cases import case, index
from lionrock.screening.pages.lists import difference_page, lists
from lionrock.screening.pages.owners import owners
from lionrock.screening.pages.owning import end_stake, new_owner, new_stake
from lionrock.screening.pages.searching import search_page

__all__ = [
    "case",
    "difference_page",
    "end_stake",
    "index",
    "lists",
    "new_owner",
    "new_stake",
    "owners",
    "search_page",
]
