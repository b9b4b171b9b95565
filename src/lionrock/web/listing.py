"""Long lists: one page of them, and rows with a name in the language of the page."""

from __future__ import annotations

from typing import TypeVar

from django.core.paginator import Page, Paginator
from django.db.models import Model, QuerySet
from django.http import HttpRequest
from django.utils.translation import get_language

ROWS_PER_PAGE = 25

Row = TypeVar("Row", bound=Model)


def page_of(request: HttpRequest, rows: QuerySet[Row]) -> Page[Row]:
    """Return the page that `?page=` asks for; a number out of range gives the nearest one."""
    return Paginator(rows, ROWS_PER_PAGE).get_page(request.GET.get("page"))


def in_language(thing: object, field: str) -> str:
    """Return `field` of a thing in the active language: `name_zh_hant` where that is filled, else `name`."""
    code = (get_language() or "en").replace("-", "_")
    return getattr(thing, f"{field}_{code}", "") or getattr(thing, field)
