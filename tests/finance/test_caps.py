"""When an award is close to its cap: used up, used up before its end at its pace, or little left."""

from __future__ import annotations

from datetime import date
from fractions import Fraction

import pytest

from lionrock.finance.domain.caps import Nearness, Standing, last_month
from lionrock.kernel.periods import Month

MARCH = Month(2026, 3)


def _standing(left: int, pace: int | None, *, cap: int = 1000, ends: date = date(2026, 10, 1)) -> Standing:
    return Standing(cap, left, None if pace is None else Fraction(pace), MARCH, ends)


@pytest.mark.parametrize(
    ("left", "pace", "lasts", "nearness"),
    [
        (0, 100, "2026-03", Nearness.USED_UP),
        (599, 100, "2026-08", Nearness.BEFORE_ITS_END),
        (600, 100, "2026-09", Nearness.FAR),
        (199, 10, "2027-10", Nearness.LITTLE_LEFT),
        (200, 10, "2027-11", Nearness.FAR),
        (199, None, "None", Nearness.LITTLE_LEFT),
        (900, None, "None", Nearness.FAR),
        (900, 0, "None", Nearness.FAR),
        (900, -5, "None", Nearness.FAR),
    ],
)
def test_how_close_an_award_is(left: int, pace: int | None, lasts: str, nearness: Nearness) -> None:
    """It pays through September; a pace of 100 a month from March on needs 600."""
    standing = _standing(left, pace)
    assert str(standing.lasts_through) == lasts
    assert standing.nearness is nearness


def test_an_award_of_nothing_has_nothing_left() -> None:
    standing = _standing(0, None, cap=0)
    assert standing.share_left == 0
    assert standing.nearness is Nearness.USED_UP


@pytest.mark.parametrize(
    ("ends", "month"),
    [(date(2026, 10, 1), "2026-09"), (date(2026, 10, 2), "2026-10"), (date(2026, 1, 1), "2025-12")],
)
def test_the_last_month_in_which_an_award_pays(ends: date, month: str) -> None:
    assert str(last_month(ends)) == month
