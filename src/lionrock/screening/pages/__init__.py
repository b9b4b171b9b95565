"""The pages of screening: cases, one case, looking a name up, lists and their versions."""

from lionrock.screening.pages.cases import case, index
from lionrock.screening.pages.lists import difference_page, lists
from lionrock.screening.pages.searching import search_page

__all__ = ["case", "difference_page", "index", "lists", "search_page"]
