"""Means, intervals, paired differences: against numbers worked out by hand, and as laws."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lionrock.planning.scenarios.statistics import difference, interval, quantile, root

numbers = st.lists(st.integers(-(10**9), 10**9).map(Fraction), min_size=2, max_size=20)


@pytest.mark.parametrize(
    ("freedom", "thousandths"),
    [(1, 12707), (4, 2777), (9, 2263), (19, 2094), (30, 2043), (35, 2043), (59, 2022), (60, 2001), (5_000, 1980)],
)
def test_quantiles_of_student_are_those_of_the_tables_and_never_too_small(freedom: int, thousandths: int) -> None:
    assert quantile(freedom) == Fraction(thousandths, 1000)


def test_an_interval_worked_out_by_hand() -> None:
    # 2, 4, 6: mean 4, variance 4, 4/3 under the root, t for two degrees 4.303: 4 ± 4.303 × 1.1547 = 4 ± 4.9686.
    found = interval([Fraction(2), Fraction(4), Fraction(6)])
    assert found.mean == 4
    assert found.margin is not None
    assert Fraction("4.9686") < found.margin < Fraction("4.9688")
    assert not found.is_sure


def test_pairing_makes_a_small_difference_sure_where_the_runs_differ_much() -> None:
    one, other = [Fraction(each) for each in (10, 200, 3000)], [Fraction(each) for each in (12, 203, 3002)]
    paired = difference(one, other)
    assert paired.mean == Fraction(7, 3)
    assert paired.is_sure
    assert not interval(other).low > interval(one).high, "without pairing nothing could be said"


def test_of_one_seed_nothing_is_sure() -> None:
    found = interval([Fraction(5)])
    assert found.margin is None
    assert (found.low, found.high) == (5, 5)
    assert not found.is_sure


@given(numbers, st.integers(1, 1_000_000))
def test_an_interval_shifts_and_stretches_with_its_numbers(values: list[Fraction], factor: int) -> None:
    found, moved = interval(values), interval([value * factor + 7 for value in values])
    assert moved.mean == found.mean * factor + 7
    assert found.margin is not None
    assert moved.margin is not None
    assert abs(moved.margin - found.margin * factor) <= Fraction(factor + 1, 10**9)


@given(st.fractions(min_value=0, max_value=10**12))
def test_a_root_is_never_too_small_and_exact_to_nine_decimals(value: Fraction) -> None:
    found = root(value)
    assert found**2 >= value
    assert found == 0 or (found - Fraction(1, 10**9)) ** 2 < value
