"""A line is the sum of its slices, whatever the tariff made of the runs; and its subsidy is what awards paid of it."""

from __future__ import annotations

from datetime import timedelta
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.charging.domain.values import HONG_KONG, SEVENTY, award, book, charge, day, price, run

from lionrock.charging.domain.awards import AwardBook, AwardTerms
from lionrock.charging.domain.explaining import RatedBy, Slice, contributions, payments, slices
from lionrock.charging.domain.prices import PriceBook, PriceVersion
from lionrock.charging.domain.runs import Run
from lionrock.charging.domain.subsidy import Purse, allot
from lionrock.charging.domain.tariff import rate_month
from lionrock.kernel.periods import Month
from lionrock.kernel.quantities import PriceUnit
from lionrock.rules.proration import Proration

MARCH = Month(2026, 3)
HOURS = st.integers(-40 * 24, 40 * 24)
SPANS = st.tuples(HOURS, st.integers(1, 900)).map(lambda pair: (pair[0], pair[0] + pair[1]))
MIDDLE = day(15)


def _run(number: int, span: tuple[int, int], of: str, named: str | None, waited: int, state: str) -> Run:
    start, end = (MIDDLE + timedelta(hours=hour) for hour in span)
    elapsed = int((end - start).total_seconds())
    metered = {of: max(0, 2 * elapsed - waited)} if waited else {}
    return run(start, end, job=str(number), devices={of: 2}, award=named, device_seconds=metered, state=state)


@st.composite
def crowds(draw: st.DrawFn) -> list[Run]:
    """Draw runs of one account, some suspended, some of which name an award, some at the centre's fault."""
    items, awards = st.sampled_from(["gpu", "node"]), st.sampled_from([None, None, "A1", "A2"])
    states = st.sampled_from(["COMPLETED", "COMPLETED", "FAILED", "NODE_FAIL"])
    waits = st.sampled_from([0, 0, 1, 1801])
    return [
        _run(number, draw(SPANS), draw(items), draw(awards), draw(waits), draw(states))
        for number in range(draw(st.integers(1, 6)))
    ]


@st.composite
def books(draw: st.DrawFn) -> tuple[PriceBook, AwardBook]:
    """Draw two or three prices of a metered and a leased item, and two awards of which one was extended."""
    steps = sorted(draw(st.sets(HOURS, min_size=1, max_size=3)))
    versions: list[PriceVersion] = []
    for amount, step in enumerate(steps, start=3):
        since = MIDDLE + timedelta(hours=step)
        versions.append(price(f"{amount}.33", since))
        versions.append(price(f"{amount}000.01", since, item="node", unit=PriceUnit.CALENDAR_MONTH))
    return PriceBook(versions), book(*(_award(draw, code) for code in ("A1", "A2")))


def _award(draw: st.DrawFn, code: str) -> AwardTerms:
    begins, ends = draw(SPANS)
    starts, end = MIDDLE + timedelta(hours=begins), MIDDLE + timedelta(hours=ends)
    planned = ((starts, end - timedelta(hours=1)), (starts + timedelta(hours=1), end))
    return award(code, starts=starts, ends=end, planned=planned if draw(st.booleans()) else ())


@given(crowds(), books(), st.sampled_from(Proration))
def test_the_slices_of_a_line_add_up_to_it(
    crowd: list[Run], basis: tuple[PriceBook, AwardBook], rule: Proration
) -> None:
    prices, awards = basis
    rated = rate_month(MARCH, HONG_KONG, prices, awards, crowd, rule)
    for key, gathered in rated.lines.items():
        found = slices(crowd, key, RatedBy(prices, awards, HONG_KONG, rule))
        assert sum(part.seconds for part in found) == gathered.seconds
        assert sum(one.seconds for one in contributions(found)) == gathered.seconds
        assert all(part.start < part.end for part in found)


def _part(seconds: int, job: str = "1", hour: int = 0) -> Slice:
    start = day(10, hour)
    return Slice(run(start, start + timedelta(hours=1), job=job), start, start + timedelta(hours=1), Fraction(seconds))


def test_a_correction_names_only_the_runs_that_changed() -> None:
    """Job 1 became shorter, job 2 stayed, job 3 is new, job 4 counts no more."""
    before = [_part(3600), _part(100, "2"), _part(50, "4", 2)]
    now = [_part(1800), _part(100, "2"), _part(70, "3", 1)]
    found = contributions(now, before)
    assert [(one.run.job, one.now, one.before, one.seconds) for one in found] == [
        ("1", 1800, 3600, -1800),
        ("3", 70, 0, 70),
        ("4", 0, 50, -50),
    ]


def test_two_slices_of_one_run_are_one_contribution() -> None:
    found = contributions([_part(10), Slice(run(day(10), day(11)), day(10, 5), day(10, 6), Fraction(20))])
    assert [(one.start, one.end, one.now) for one in found] == [(day(10), day(10, 6), 30)]


@pytest.mark.parametrize(
    ("gross", "left", "shown"),
    [
        (10_00, {"A1": 100_00}, [("A1", 7_00, 7_00)]),
        (10_00, {"A1": 3_50, "A2": 100_00}, [("A1", 7_00, 3_50), ("A2", 3_50, 3_50)]),
        (10_00, {"A1": 0, "A2": 1}, [("A1", 7_00, 0), ("A2", 7_00, 1)]),
        (-10_00, {"A1": 0, "A2": 0}, [("A1", -7_00, -7_00)]),
    ],
)
def test_how_a_line_was_shared(gross: int, left: dict[str, int], shown: list[tuple[str, int, int]]) -> None:
    purse = Purse(dict(left), dict.fromkeys(left, 50_00))
    asked = charge(gross, *left)
    [line] = allot([asked], purse)
    found = payments(gross, asked.terms, line.subsidy_by_award)
    assert [(one.award, one.wanted, one.paid) for one in found] == shown
    assert [one.is_limited for one in found] == [wanted != paid for _, wanted, paid in shown]
    assert found[0].of == gross
    assert found[0].share == SEVENTY


@given(st.integers(-10_000, 10_000), st.lists(st.integers(0, 5_000), min_size=1, max_size=4), st.integers(1, 100))
def test_what_was_paid_is_found_again(gross: int, lefts: list[int], percent: int) -> None:
    codes = [f"A{number}" for number in range(len(lefts))]
    purse = Purse(dict(zip(codes, lefts, strict=True)), dict(zip(codes, lefts, strict=True)))
    asked = charge(gross, *codes, share=Fraction(percent, 100))
    [line] = allot([asked], purse)
    found = payments(gross, asked.terms, line.subsidy_by_award)
    assert sum(one.paid for one in found) == line.subsidy
    assert all(one.is_limited for one in found[:-1])
