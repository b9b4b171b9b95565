"""Answers as rows for spreadsheets: every measure of every option, exact to six decimals."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from lionrock.planning.scenarios.answers import Answer
from lionrock.planning.scenarios.measures import measure_kind
from lionrock.web.spreadsheets import to_csv

COLUMNS: Final = (
    "option",
    "measure",
    "unit",
    "mean",
    "margin",
    "difference",
    "difference_margin",
    "verdict",
    "confidence_percent",
    "seeds",
    "weeks",
    "begins",
)
"""Margins reach to each side; a difference is beside the first option. Money is in minor units."""


def answer_csv(answer: Answer) -> str:
    """Return the measures as CSV."""
    return to_csv(COLUMNS, list(_rows(answer)))


def _rows(answer: Answer) -> Iterator[list[object]]:
    for option in answer.options:
        for name in answer.measures:
            figure, other = option.measures.get(name), option.differences.get(name)
            yield [
                option.id,
                name,
                measure_kind(name)[0].value,
                figure and figure.mean,
                figure and figure.margin,
                other and other.mean,
                other and other.margin,
                option.verdicts.get(name),
                answer.confidence,
                answer.seeds,
                answer.weeks,
                answer.begins,
            ]
