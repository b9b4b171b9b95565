"""The geometry of bars and columns."""

from __future__ import annotations

from decimal import Decimal

from hypothesis import given, settings
from hypothesis import strategies as st

from lionrock.kernel.money import Money
from lionrock.kernel.periods import Month
from lionrock.web.charts import CHART_HEIGHT, MonthParts, Part, bar, columns

AMOUNTS = st.lists(st.integers(0, 10**15), min_size=1, max_size=6)


def parts(*amounts: int) -> tuple[Part, ...]:
    return tuple(Part("spent", str(index), Money(amount, "HKD")) for index, amount in enumerate(amounts))


def percent(text: str) -> Decimal:
    return Decimal(text.removesuffix("%"))


@given(AMOUNTS)
@settings(max_examples=100)
def test_the_parts_of_a_bar_fill_it_without_gap_or_overlap(amounts: list[int]) -> None:
    segments = bar(parts(*amounts))
    if not any(amounts):
        assert segments == ()
        return
    edge = Decimal(0)
    for segment in segments:
        assert percent(segment.start) == edge
        edge += percent(segment.width)
    assert edge == 100
    assert sum(segment.share for segment in segments) == 1000


@given(AMOUNTS)
@settings(max_examples=100)
def test_whatever_exists_can_be_seen_and_whatever_does_not_exist_cannot(amounts: list[int]) -> None:
    for segment in bar(parts(*amounts)):
        assert (percent(segment.width) > 0) == (segment.part.amount.minor > 0)


def test_a_sliver_is_said_to_be_tiny_and_not_to_be_nothing() -> None:
    speck, nothing, rest = bar(parts(1, 0, 10**9))
    assert (speck.tiny, speck.share) == (True, 0)
    assert not nothing.tiny
    assert rest.share_decimal == 1


def months(*totals: int) -> list[MonthParts]:
    return [MonthParts(Month(2025, 1).plus(index), parts(total, 0)) for index, total in enumerate(totals)]


@given(st.lists(st.integers(1, 10**14), min_size=1, max_size=24))
@settings(max_examples=100)
def test_columns_stand_on_the_ground_and_reach_no_higher_than_the_chart(totals: list[int]) -> None:
    chart = columns(months(*totals))
    assert chart is not None
    for column in chart.columns:
        for box in column.boxes:
            assert box.y + box.height <= chart.base
            assert box.height <= CHART_HEIGHT
            assert chart.left <= box.x
            assert box.x + box.width <= chart.width


def test_rules_stand_at_round_amounts_of_the_major_unit() -> None:
    chart = columns(months(0, 1_840_000_000))
    assert chart is not None
    assert [str(tick.amount) for tick in chart.ticks] == [
        "HKD 0.00",
        "HKD 5,000,000.00",
        "HKD 10,000,000.00",
        "HKD 15,000,000.00",
        "HKD 20,000,000.00",
    ]


def test_a_taller_amount_gives_a_taller_column() -> None:
    chart = columns(months(100_000, 200_000, 300_000))
    assert chart is not None
    heights = [column.boxes[0].height for column in chart.columns]
    assert heights == sorted(heights)
    assert heights[0] < heights[2]


def test_where_months_crowd_only_some_are_named() -> None:
    chart = columns(months(*[100] * 24))
    assert chart is not None
    assert [column.named for column in chart.columns][:4] == [True, False, True, False]


def test_no_chart_is_drawn_of_nothing() -> None:
    assert columns(months(0, 0)) is None
    assert columns([]) is None
