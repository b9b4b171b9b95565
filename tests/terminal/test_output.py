"""Tables line up in every script, and JSON is JSON whatever is in it."""

from __future__ import annotations

import json
import unicodedata
from datetime import UTC, date, datetime
from decimal import Decimal
from fractions import Fraction
from types import MappingProxyType

from hypothesis import given
from hypothesis import strategies as st

from lionrock.terminal.output import Table, facts, to_json


def width(text: str) -> int:
    return sum(2 if unicodedata.east_asian_width(each) in "WF" else 1 for each in text)


def test_numbers_stand_right_and_names_left() -> None:
    shown = Table(["name", "amount"], [["a", 5], ["longer", 1250]], right=frozenset({"amount"})).render()
    assert shown.splitlines() == [
        "name    amount",
        "──────  ──────",
        "a            5",
        "longer    1250",
    ]


def test_a_chinese_name_counts_double() -> None:
    shown = Table(["name", "n"], [["海港大學", 1], ["Harbour", 2]], right=frozenset({"n"})).render()
    assert {width(line) for line in shown.splitlines()} == {len("海港大學") * 2 + 3}


WORDS = st.text(st.sampled_from("ab 海港"), max_size=8)


@given(st.lists(st.tuples(WORDS, st.integers()), max_size=6))
def test_every_line_of_a_table_ends_in_the_same_column(rows: list[tuple[str, int]]) -> None:
    lines = Table(["name", "n"], rows, right=frozenset({"n"})).render().splitlines()
    assert len(lines) == len(rows) + 2
    assert len({width(line) for line in lines}) == 1


def test_json_has_dates_in_iso_form_and_exact_numbers_as_text() -> None:
    data = {
        "day": date(2026, 10, 1),
        "instant": datetime(2026, 10, 1, 1, 2, tzinfo=UTC),
        "price": Decimal("54.794521"),
        "exact": Fraction(1, 3),
        "mapping": MappingProxyType({"a": 1}),
        "name": "海港",
    }
    assert json.loads(to_json(data)) == {
        "day": "2026-10-01",
        "instant": "2026-10-01T01:02:00+00:00",
        "price": "54.794521",
        "exact": "1/3",
        "mapping": {"a": 1},
        "name": "海港",
    }
    assert "海港" in to_json(data)


def test_facts_are_told_in_words_and_what_is_empty_is_left_out() -> None:
    data = {"code": "A", "exceptional": False, "signed": ["b", "c"], "count": 0, "none": None, "text": "", "list": []}
    assert facts(data) == ["code: A", "exceptional: no", "signed: b, c", "count: 0"]
    assert facts(data | {"exceptional": True}, without=["code", "signed", "count"]) == ["exceptional: yes"]
