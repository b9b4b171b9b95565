"""The axis finds the cell of every instant, whether its cells are even or not."""

from __future__ import annotations

from bisect import bisect_right
from datetime import UTC, datetime, timedelta
from fractions import Fraction
from random import Random
from zoneinfo import ZoneInfo

import duckdb
import pytest

from lionrock.charging.columnar.axis import Axis, RateCard
from lionrock.charging.domain.awards import AwardBook, ShareSteps
from lionrock.charging.domain.prices import PriceBook
from lionrock.kernel.periods import Month

MARCH = Month(2026, 3)


def axis_of(zone: str, last: Month, changes: list[datetime]) -> Axis:
    shares = ShareSteps((change, Fraction(1, 2)) for change in changes)
    return Axis(RateCard(ZoneInfo(zone), PriceBook(), AwardBook([], shares)), MARCH, last)


AT_NOON = datetime(2026, 3, 9, 12, tzinfo=UTC)
AXES = {
    "one month": axis_of("Asia/Hong_Kong", MARCH, []),
    "half days": axis_of("Asia/Hong_Kong", MARCH, [AT_NOON - timedelta(hours=8)]),
    "summer time": axis_of("Europe/London", Month(2028, 3), []),
    "forty years": axis_of(
        "Asia/Hong_Kong", Month(2066, 2), [AT_NOON + timedelta(days=n, hours=4) for n in range(14_000)]
    ),
    "uneven": axis_of("Australia/Lord_Howe", Month(2026, 6), [AT_NOON, AT_NOON + timedelta(seconds=1)]),
    "crowded": axis_of("Asia/Hong_Kong", MARCH, [AT_NOON + timedelta(seconds=n * n) for n in range(300)]),
}


@pytest.mark.parametrize("axis", AXES.values(), ids=AXES)
def test_every_instant_is_in_the_cell_that_encloses_it(axis: Axis) -> None:
    random = Random(7)
    instants = {random.randrange(axis.start, axis.end) for _ in range(2000)}
    instants |= {edge + near for edge in axis.edges for near in (-1, 0, 1) if axis.start <= edge + near < axis.end}
    asked = sorted(instants)
    with duckdb.connect(config={"threads": 1}) as database:
        database.execute(f"CREATE MACRO cell(x) AS {axis.cell_of('x')}")
        found = database.execute("SELECT cell(second) FROM (SELECT unnest($1::BIGINT[]) AS second)", [asked]).fetchall()
    assert [cell for (cell,) in found] == [bisect_right(axis.edges, at) - 1 for at in asked]


def test_even_and_uneven_axes_are_among_them() -> None:
    assert {name for name, axis in AXES.items() if isinstance(axis.edges, range)} >= {"one month", "half days"}
    assert {name for name, axis in AXES.items() if not isinstance(axis.edges, range)} >= {"uneven", "crowded"}
    assert ">>" in AXES["half days"].cell_of("x")
    assert "//" in AXES["forty years"].cell_of("x")
