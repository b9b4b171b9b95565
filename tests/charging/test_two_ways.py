"""Two ways to every answer that share no code, and laws that hold whatever happens."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from fractions import Fraction
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.charging.oracle import answer, cumulative, utc
from tests.charging.stories import stories
from tests.charging.told import first_difference, told

from lionrock.charging.domain.awards import AwardBook, ShareSteps
from lionrock.charging.domain.prices import PriceBook, PriceVersion
from lionrock.charging.domain.runs import Run
from lionrock.charging.domain.tariff import rate_month
from lionrock.kernel.money import Price
from lionrock.kernel.periods import Interval, months_touched
from lionrock.kernel.quantities import PriceUnit

most_often = settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
often = settings(most_often, max_examples=50)


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("stories") / "cases.yaml"


@most_often
@given(case=stories())
def test_any_story_has_the_same_answer_both_ways(file: Path, case: dict[str, Any]) -> None:
    [found] = told(file, case)
    assert first_difference(answer(case), found) is None


@often
@given(case=stories(plain=True), data=st.data())
def test_order_of_arrival_and_repeats_play_no_part(file: Path, case: dict[str, Any], data: st.DataObject) -> None:
    arriving = _without_contradictions(case["timeline"][0]["records"])
    again = data.draw(st.permutations(arriving + data.draw(st.lists(st.sampled_from(arriving)))))
    orders = [
        {**case, "timeline": [{"op": "ingest", "records": one}, *case["timeline"][1:]]} for one in (arriving, again)
    ]
    first, second = told(file, *orders)
    assert first_difference(first, second) is None


def _without_contradictions(records: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """Keep one record of each revision of a run: which of two that differ stands is decided by arrival."""
    kept = {}
    for one in records:
        start = datetime.fromisoformat(one["start"]).astimezone(UTC)
        reaches = one["end"] if "interim_of" in one else None
        kept[one.get("site"), one["job"], start, one["revision"], reaches] = one
    return list(kept.values())


@often
@given(case=stories())
def test_what_is_printed_adds_up(file: Path, case: dict[str, Any]) -> None:
    [found] = told(file, case)
    for invoice in found["invoices"]:
        for part in ("gross", "subsidy", "user"):
            assert invoice[part] == sum(line[part] for line in invoice["lines"])
            assert invoice[part] == sum(one[part] for one in invoice["by_account"].values())
        for line in invoice["lines"]:
            assert line["gross"] == line["subsidy"] + line["user"]
            assert line["subsidy"] == sum(line["subsidy_by_award"].values())
            assert min(0, line["gross"]) <= line["subsidy"] <= max(0, line["gross"])
    assert found["ledger"]["revenue_credit"] == sum(invoice["gross"] for invoice in found["invoices"])


@often
@given(case=stories())
def test_no_award_pays_more_than_its_cap_and_none_less_than_nothing(file: Path, case: dict[str, Any]) -> None:
    [found] = told(file, case)
    paid: dict[str, int] = {}
    for line in (line for invoice in found["invoices"] for line in invoice["lines"]):
        for award, amount in line["subsidy_by_award"].items():
            paid[award] = paid.get(award, 0) + amount
            assert paid[award] >= 0
    assert min([0, *found.get("award_left", {}).values(), found.get("budget_left", 0)]) == 0


@often
@given(case=stories(), data=st.data())
def test_a_closed_month_never_changes(file: Path, case: dict[str, Any], data: st.DataObject) -> None:
    """However a story goes on, the invoices up to a point stay as they are; closing again adds nothing."""
    upto = data.draw(st.integers(1, len(case["timeline"])))
    until_then = case["timeline"][:upto]
    closed = [one for one in until_then if one["op"] == "close"]
    short, long, twice = told(
        file,
        {**case, "timeline": until_then},
        case,
        {**case, "timeline": until_then + closed},
    )
    assert long["invoices"][: len(short["invoices"])] == short["invoices"]
    assert twice == short


@often
@given(case=stories(plain=True))
def test_closed_at_once_or_late_the_same_use_is_charged_for(file: Path, case: dict[str, Any]) -> None:
    """Use that is known only after its month was closed costs the same gross: its lines are only called corrections."""
    late = [*case["timeline"][1:-1], case["timeline"][0], case["timeline"][-1]]
    prompt, belated = told(file, case, {**case, "timeline": late})
    assert prompt["ledger"]["revenue_credit"] == belated["ledger"]["revenue_credit"]
    assert {line["kind"] for line in belated["invoices"][-1]["lines"]} <= {"usage", "correction"}


HONG_KONG = ZoneInfo("Asia/Hong_Kong")
FIRST = datetime(2026, 1, 1, tzinfo=UTC)
offsets = st.integers(0, 150 * 86400)


@often
@given(
    changes=st.dictionaries(offsets, st.integers(0, 10**9), max_size=6),
    span=st.tuples(offsets, offsets).map(sorted),
    count=st.integers(1, 10_000),
)
def test_cutting_a_run_loses_nothing(changes: dict[int, int], span: list[int], count: int) -> None:
    """The integral of the price over a run, without any cut, is the sum of its cut pieces; exactly."""
    start, end = (FIRST + timedelta(seconds=offset) for offset in span)
    steps = {FIRST: 7, **{FIRST + timedelta(seconds=offset): millionths for offset, millionths in changes.items()}}
    prices = PriceBook(
        PriceVersion("gpu", None, instant, instant.isoformat(), Price(millionths, "HKD"), PriceUnit.HOUR)
        for instant, millionths in steps.items()
    )
    run = Run("", "1", start, end, "u1", {"gpu": count})
    gathered = [
        (line.price.price.millionths, one.seconds)
        for month in months_touched(Interval(start, end), HONG_KONG)
        for line, one in rate_month(month, HONG_KONG, prices, AwardBook([], ShareSteps([])), [run]).lines.items()
    ]
    in_pieces = sum(Fraction(millionths * seconds, 3600) for millionths, seconds in gathered)
    major = [(instant, Fraction(millionths)) for instant, millionths in steps.items()]
    assert in_pieces == count * (cumulative(major, end) - cumulative(major, start))
    assert sum(seconds for _, seconds in gathered) == count * (span[1] - span[0])


def test_the_oracle_reads_local_times_as_rfc_5545_says() -> None:
    table = {
        ("2026-03-29T01:30:00", "Europe/London"): "2026-03-29T01:30:00+00:00",  # in the gap: the offset before it
        ("2026-10-25T01:30:00", "Europe/London"): "2026-10-25T00:30:00+00:00",  # twice: the first
        ("2018-11-04", "America/Sao_Paulo"): "2018-11-04T03:00:00+00:00",  # a day without midnight
        ("2026-03-01", "Asia/Hong_Kong"): "2026-02-28T16:00:00+00:00",
        ("2026-03-01T00:00:00+08:00", "Europe/London"): "2026-02-28T16:00:00+00:00",
    }
    assert {given: utc(*given).isoformat() for given in table} == table
