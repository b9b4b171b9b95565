"""Laws of parts, periods and capacity."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from fractions import Fraction
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lionrock.kernel.errors import Invalid
from lionrock.kernel.periods import Interval
from lionrock.usage.domain.capacity import Capacity, Reading, capacity_in, part, share_of, together
from lionrock.usage.domain.figures import By, Key, Piece, Used, add_up, by_step
from lionrock.usage.domain.periods import Period, Step, read_period, usual_period

FEW = settings(max_examples=60)
HONG_KONG, NEW_YORK = ZoneInfo("Asia/Hong_Kong"), ZoneInfo("America/New_York")
NOW = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)
T0 = datetime(2026, 1, 1, tzinfo=UTC)


def at(seconds: int) -> datetime:
    return T0 + timedelta(seconds=seconds)


def span(start: int, end: int) -> Interval:
    return Interval(at(start), at(end))


instants = st.integers(0, 10**7)
spans = st.tuples(instants, instants).map(lambda pair: span(min(pair), max(pair)))


@FEW
@given(st.integers(0, 10**12), spans, st.lists(instants, max_size=20))
def test_the_parts_of_a_run_add_up_to_the_whole_wherever_it_is_cut(weight: int, run: Interval, cuts: list[int]) -> None:
    if run.seconds:
        assert sum(part(weight, run, piece) for piece in run.cut(map(at, cuts))) == weight


@FEW
@given(st.integers(0, 100), spans, spans)
def test_a_run_of_whole_devices_has_in_a_span_just_their_common_seconds(
    devices: int, run: Interval, other: Interval
) -> None:
    common = run.overlap(other)
    assert part(devices * run.seconds, run, other) == devices * (common.seconds if common else 0)


@FEW
@given(spans, spans)
def test_what_does_not_touch_a_span_has_no_part_in_it(run: Interval, other: Interval) -> None:
    if run.overlap(other) is None:
        assert part(1000, run, other) == 0


readings = st.lists(
    st.tuples(instants, st.integers(0, 500), st.none() | st.integers(0, 500)), min_size=1, max_size=8
).map(lambda rows: [Reading(at(when), there, down) for when, there, down in sorted(rows, key=lambda row: row[0])])


@FEW
@given(readings, spans, st.lists(instants, max_size=8))
def test_the_capacity_of_days_adds_up_to_that_of_the_period(
    found: list[Reading], whole: Interval, cuts: list[int]
) -> None:
    parts = [capacity_in(found, piece) for piece in whole.cut(map(at, cuts))]
    total = capacity_in(found, whole)
    if total is not None and parts:
        assert sum(each.installed for each in parts if each) == total.installed
        assert sum(each.down for each in parts if each) == total.down
        assert sum(each.watched for each in parts if each) == total.watched


@FEW
@given(readings, spans)
def test_capacity_is_what_counting_second_by_second_gives(found: list[Reading], whole: Interval) -> None:
    total = capacity_in(found, whole)
    if total is None:
        assert not any(each.devices for each in found)
        return
    edges = [each.since for each in found]
    slow = down = 0
    for piece in whole.cut(edges):
        holding = [each for each in found if each.since <= piece.start]
        current = holding[-1] if holding else found[0]
        slow += current.devices * piece.seconds
        down += min(current.down or 0, current.devices) * piece.seconds if holding else 0
    assert (total.installed, total.down) == (slow, down)
    assert 0 <= total.seconds <= total.installed


def test_what_was_out_of_service_is_known_only_from_the_first_look_on() -> None:
    found = [Reading(at(100), 8, 2), Reading(at(200), 8, 0)]
    assert capacity_in(found, span(0, 300)) == Capacity(installed=8 * 300, down=2 * 100, watched=200)
    assert capacity_in([Reading(at(100), 8, None)], span(0, 300)) == Capacity(8 * 300, 0, 0)


def test_capacity_that_nobody_knows_is_not_zero() -> None:
    assert capacity_in([], span(0, 10)) is None
    assert capacity_in([Reading(at(0), 0, None)], span(0, 10)) is None
    assert together([Capacity(10), None]) is None
    assert together([]) is None
    assert together([Capacity(10, 1, 5), Capacity(20, 2, 7)]) == Capacity(30, 3, 5)
    assert share_of(5, None) is None
    assert share_of(5, 0) is None
    assert share_of(5, 20) == Fraction(1, 4)


devices = st.sampled_from(["gres/gpu:h800", "cpu"])
pieces = st.lists(
    st.builds(
        Piece,
        step=st.integers(0, 4),
        site=st.sampled_from(["north", "south"]),
        programme=st.sampled_from(["one", "two"]),
        pool=st.sampled_from(["", "h800"]),
        device=devices,
        award=st.sampled_from(["", "AW-1", "AW-2"]),
        category=st.sampled_from(["university", "outside"]),
        lent=st.booleans(),
        seconds=st.integers(0, 10**12),
    ),
    max_size=30,
)


@FEW
@given(pieces, st.sampled_from(By), devices)
def test_rows_and_steps_add_up_to_the_same_whole(found: list[Piece], by: By, device: str) -> None:
    rows = sum((used for key, used in add_up(found, by).items() if key.device == device), Used())
    assert rows == sum(by_step(found, device, 5), Used())
    assert rows.seconds == sum(piece.seconds for piece in found if piece.device == device)
    assert rows.lent <= rows.seconds


def test_different_devices_are_never_added_up() -> None:
    one = Piece(0, "north", "one", "h800", "gres/gpu:h800", "AW-1", "university", True, 5)
    assert add_up([one, one._replace(device="cpu", lent=False)], By.PROGRAMME) == {
        Key("one", "", "", "gres/gpu:h800"): Used(5, 5),
        Key("one", "", "", "cpu"): Used(5, 0),
    }


@FEW
@given(st.dates(date(2020, 1, 1), date(2027, 1, 1)), st.integers(0, 1000), st.sampled_from([HONG_KONG, NEW_YORK]))
def test_the_steps_of_a_period_follow_each_other_without_a_gap(first: date, more: int, zone: ZoneInfo) -> None:
    period = Period(first, first + timedelta(days=more), zone)
    edges = period.edges()
    assert (edges[0], edges[-1]) == (period.span.start, period.span.end)
    assert list(edges) == sorted(set(edges))
    assert len(edges) == len(period.starts()) + 1 <= 64
    later = period.starts()[1:]
    assert period.step is not Step.WEEK or all(day.weekday() == 0 for day in later)
    assert period.step is not Step.MONTH or all(day.day == 1 for day in later)


def test_a_day_on_which_the_clocks_change_has_its_own_length() -> None:
    assert Period(date(2026, 3, 8), date(2026, 3, 8), NEW_YORK).span.seconds == 23 * 3600
    assert Period(date(2026, 11, 1), date(2026, 11, 1), NEW_YORK).span.seconds == 25 * 3600


@pytest.mark.parametrize(
    ("first", "last", "codes"),
    [
        ("2026-11-10", "2026-11-01", ["order"]),
        ("2027-01-01", "2027-02-01", ["future"]),
        ("2027-02-01", "2027-01-01", ["order", "future"]),
        ("2020-01-01", "2026-11-01", ["long"]),
        ("yesterday", "2026-13-01", ["date", "date"]),
        ("0001-01-01", "", ["date"]),
        ("", "9999-12-31", ["date"]),
        ("", "0001-01-01", ["date"]),
        ("١٩٩٩-٠١-٠١", "' OR 1=1 --", ["date", "date"]),
    ],
)
def test_every_fault_of_a_period_is_named(first: str, last: str, codes: list[str]) -> None:
    with pytest.raises(Invalid) as wrong:
        read_period(first, last, NOW, HONG_KONG)
    assert [f"usage.period.{code}" for code in codes] == [fault.code for fault in wrong.value.faults][::1]


def test_what_is_left_empty_is_the_last_thirty_days() -> None:
    assert read_period("", "", NOW, HONG_KONG) == usual_period(NOW, HONG_KONG)
    assert usual_period(NOW, HONG_KONG) == Period(date(2026, 10, 25), date(2026, 11, 23), HONG_KONG)
    assert read_period("", "2026-03-30", NOW, HONG_KONG).first == date(2026, 3, 1)
    assert read_period("2026-11-01", "2026-12-31", NOW, HONG_KONG).days == 61
