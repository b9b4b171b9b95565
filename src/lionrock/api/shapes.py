"""What several operations send and answer."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field

from lionrock.api.calls import Given
from lionrock.api.cursors import Piece
from lionrock.kernel.periods import FIRST_YEAR, LAST_YEAR


def _only_a_day(value: object) -> object:
    """Take a day in its one spelling: a number would otherwise be taken for seconds since 1970."""
    read = date.fromisoformat(value) if isinstance(value, str) and len(value) == len("2026-03-01") else None
    if read is None or not FIRST_YEAR <= read.year <= LAST_YEAR:
        raise ValueError("a day is written as 2026-03-01")
    return read


Day = Annotated[date, BeforeValidator(_only_a_day), Field(examples=["2026-03-01"])]
Code = Annotated[str, Field(min_length=1, max_length=100)]
Line = Annotated[str, Field(max_length=200)]
MonthText = Annotated[str, Field(max_length=7, description="Such as 2026-03.", examples=["2026-03"])]
Plain = dict[str, Any]
"""Plain values as the command of the same name prints them with --json."""


class OfProgramme(Piece):
    """A list that can be narrowed to one programme."""

    programme: str = Field("", max_length=64, description="Only of this one.")


class InLanguage(Given):
    """In which language a paper is to be."""

    language: Literal["en", "zh-hant", "zh-hans"] = "en"
