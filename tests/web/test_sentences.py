"""Sentences of the kernel in the language of the page, and what was kept of findings."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

import pytest
from django.utils.translation import override

from lionrock.kernel.findings import Citation, Finding, Grade, Outcome, ParameterRead, as_json
from lionrock.kernel.messages import Message, message
from lionrock.kernel.money import Money
from lionrock.kernel.periods import Month
from lionrock.web import kept
from lionrock.web.sentences import translate

TEMPLATE = "“{value}” is not a month. Write it as 2026-03."


@dataclass(frozen=True)
class Harbour:
    """Something with a name in each language."""

    def in_language(self, code: str) -> str:
        """Return its name."""
        return {"en": "harbour", "zh-hant": "海港"}[code]


@pytest.mark.parametrize(
    ("value", "written"),
    [
        ("text", "text"),
        (12, "12"),
        (Money(123456, "HKD"), "HKD\u00a01,234.56"),
        (Month(2025, 3), "March 2025"),
        (date(2025, 3, 1), "1 March 2025"),
        (Decimal("12.50"), "12.5"),
        (Harbour(), "harbour"),
        (message("{inner}", inner=Money(-5, "HKD")), "HKD\u00a0−0.05"),
    ],
)
def test_fields_are_written_as_people_write_them(value: object, written: str) -> None:
    assert translate(Message("So: {value}.", {"value": value})) == f"So: {written}."


def test_a_sentence_comes_in_the_language_of_the_page() -> None:
    said = message(TEMPLATE, value="2026-13")
    with override("zh-hant"):
        hant = translate(said)
    with override("zh-hans"):
        hans = translate(said)
    assert translate(said) == "“2026-13” is not a month. Write it as 2026-03."
    assert "2026-13" in hant
    assert "2026-13" in hans
    assert len({hant, hans, translate(said)}) == 3


def test_names_inside_a_sentence_follow_its_language() -> None:
    with override("zh-hant"):
        assert translate(Message("{place}", {"place": Harbour()})) == "海港"


def test_a_finding_that_was_kept_as_json_comes_back_whole() -> None:
    citation = Citation("guide", "Office", "Guide", date(2024, 10, 7), "https://example.org/guide", Grade.PRIMARY)
    finding = Finding(
        "request.max_count",
        Outcome.NOT_MET,
        message("{asked} is above {limit}.", asked="13", limit="12"),
        facts={"count": "13"},
        parameters=(
            ParameterRead("request.max_count", "12", date(2024, 10, 7), citation),
            ParameterRead("subsidy.award_cap", None, None, None),
        ),
        remedy=message("Ask for {limit}.", limit="12"),
    )
    assert kept.finding(json.loads(json.dumps(as_json(finding)))) == finding
