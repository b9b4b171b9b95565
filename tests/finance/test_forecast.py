"""What may be left of a fund: within what there is, the same for the same figures, wider the further ahead."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from lionrock.finance.domain.forecast import FEWEST, FUTURES, LOOKED_AT, forecast
from lionrock.kernel.periods import Month

MARCH = Month(2026, 3)
MONTHS = st.lists(st.integers(0, 10**9), min_size=FEWEST, max_size=24)


def test_months_that_are_all_alike_leave_no_doubt() -> None:
    found = forecast([10, 10, 10], 35, MARCH, 5)
    assert [str(one.month) for one in found] == ["2026-04", "2026-05", "2026-06", "2026-07", "2026-08"]
    assert [(one.low, one.middle, one.high) for one in found] == [(25,) * 3, (15,) * 3, (5,) * 3, (0,) * 3, (0,) * 3]
    assert [one.exhausted for one in found] == [0, 0, 0, FUTURES, FUTURES]


def test_too_few_months_say_nothing() -> None:
    assert forecast([10] * (FEWEST - 1), 100, MARCH, 12) == []


def test_only_the_latest_year_is_looked_at() -> None:
    past = [10] * LOOKED_AT
    assert forecast([10**6, *past], 500, MARCH, 3)[0].middle == 490


@given(MONTHS, st.integers(0, 10**10), st.integers(1, 12))
def test_no_future_spends_more_than_there_is(spent: list[int], left: int, months: int) -> None:
    found = forecast(spent, left, MARCH, months)
    assert len(found) == months
    assert all(0 <= one.low <= one.middle <= one.high <= left for one in found)
    assert found == forecast(spent, left, MARCH, months)
    lows = [one.low for one in found]
    assert lows == sorted(lows, reverse=True)
    latest = spent[-LOOKED_AT:]
    assert found[-1].low >= max(0, left - months * max(latest))
    assert found[-1].high <= max(0, left - months * min(latest))


def test_months_that_differ_make_a_band_that_widens() -> None:
    found = forecast([0, 20] * 6, 10_000, MARCH, 12)
    widths = [one.high - one.low for one in found]
    assert widths[-1] > widths[0] > 0
    assert abs(found[-1].middle - (10_000 - 12 * 10)) <= 20
