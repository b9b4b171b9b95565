"""The picture of the burn-down stays within its frame, and the band encloses the middle."""

from __future__ import annotations

import re

from hypothesis import given
from hypothesis import strategies as st

from lionrock.finance.domain.forecast import forecast
from lionrock.finance.drawing import HEIGHT, LEFT, TOP, WIDTH, burn_down
from lionrock.kernel.money import Money
from lionrock.kernel.periods import Month

MARCH = Month(2026, 3)


def _points(path: str) -> list[tuple[int, int]]:
    return [(int(x), int(y)) for x, y in re.findall(r"(-?\d+) (-?\d+)", path)]


@given(st.lists(st.integers(0, 10**12), min_size=1, max_size=24), st.integers(1, 12))
def test_everything_is_drawn_within_the_frame(lefts: list[int], months: int) -> None:
    past = [(MARCH.plus(place - len(lefts) + 1), Money(left, "HKD")) for place, left in enumerate(lefts)]
    ahead = forecast([3, 5, 9], lefts[-1], MARCH, months)
    drawn = burn_down(past, ahead)
    if drawn is None:
        assert max(lefts) == 0
        return
    points = _points(drawn.past) + _points(drawn.middle) + _points(drawn.band)
    assert all(LEFT <= x <= WIDTH and TOP <= y <= TOP + HEIGHT for x, y in points)
    assert len(_points(drawn.past)) == len(lefts)
    assert _points(drawn.past)[-1] == _points(drawn.middle)[0] == _points(drawn.band)[0]
    assert drawn.today == _points(drawn.past)[-1][0]


def test_nothing_is_drawn_of_an_empty_fund() -> None:
    assert burn_down([], []) is None
    assert burn_down([(MARCH, Money(0, "HKD"))], []) is None
