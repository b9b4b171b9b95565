"""Slurm's multifactor priority in whole numbers, by hand."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from tests.planning.workloads import jobs_of

from lionrock.planning.domain import operating
from lionrock.planning.domain.estate import Estate, Kind, Operation, Work
from lionrock.planning.domain.operating import Rules
from lionrock.planning.domain.pool import Policy
from lionrock.planning.domain.priority import DAY, DECAY_ONE, ONE, Priority, Standing, fair_tree
from lionrock.planning.kernel import operating as fast


@pytest.mark.parametrize(
    ("shares", "use", "factors"),
    [
        ([1, 1, 1, 1], [0, 0, 0, 0], [4, 4, 4, 4]),  # nobody has used anything: all are first
        ([1, 1, 1, 1], [5, 0, 9, 0], [2, 4, 1, 4]),  # the two that tie take two ranks
        ([3, 1, 1, 2], [6, 1, 4, 4], [3, 4, 1, 3]),  # shares / use: 0.5, 1, 0.25 and 0.5
    ],
)
def test_the_factor_of_fair_share_is_the_rank(shares: list[int], use: list[int], factors: list[int]) -> None:
    assert [4 * each for each in fair_tree(shares, use)] == [each * ONE for each in factors]


def test_half_of_the_use_is_forgotten_in_a_half_life() -> None:
    priority = Priority(shares=[1, 1], half_life=DAY, period=3_600)
    standing = Standing(priority, 0)
    standing.change(0, 10, 0)
    standing.catch_up(3_600)
    assert standing.use == [36_000, 0]
    standing.change(0, -10, 3_600)
    standing.catch_up(3_600 + DAY)
    assert 17_976 <= standing.use[0] <= 18_000  # each of 24 periods rounds down
    assert Priority(half_life=0).decay() == DECAY_ONE
    assert Priority(half_life=300).decay() == DECAY_ONE // 2


def test_use_counts_up_to_the_last_reckoning() -> None:
    standing = Standing(Priority(shares=[1, 1], period=300), 100)
    standing.change(1, 2, 100)
    assert not standing.catch_up(299)
    assert standing.catch_up(650)
    assert (standing.tick, standing.use[1]) == (600, 399 + 600)  # 400 decayed once; and 2 x 300 s


def test_a_priority_is_the_sum_of_weighted_factors() -> None:
    standing = Standing(Priority(age=1_000, fair_share=100, size=40, quality=8, max_age=600, period=300), 0)
    standing.catch_up(300)
    assert standing.of(0, submit=150, demand=16, quality=500, capacity=64) == 250 + 100 + 10 + 4
    assert standing.of(0, submit=299, demand=64, quality=0, capacity=64) == 101 + 40  # 1000/600 and 100 are 101.67
    assert standing.of(0, submit=450, demand=64, quality=0, capacity=64) == 100 + 40  # submitted since: no age
    small = Standing(Priority(size=40, favour_small=True), 0)
    assert small.of(0, submit=0, demand=16, quality=0, capacity=64) == 30


@pytest.mark.parametrize("operate", [operating.operate, fast.operate], ids=["reference", "fast"])
def test_who_has_used_less_comes_first(operate: Callable[[Work, Estate, Rules], Operation]) -> None:
    # The first account holds all until 10. Its second job was there before that of the other account, which is
    # reckoned to be ahead at 5; so it starts at 10. With equal standing the order would be that of submission.
    jobs = jobs_of([(0, 10, 10, 8), (1, 5, 5, 8), (2, 5, 5, 8)])
    work = Work.of(jobs, accounts=[0, 0, 1])
    estate = Estate([Kind("one", 1, 8)])
    fair = Rules(Policy.EASY, Priority(fair_share=1, shares=[1, 1], period=5))
    equal = Rules(Policy.EASY, Priority(age=1, shares=[1, 1], period=5))
    assert operate(work, estate, fair).starts(3) == [0, 15, 10]
    assert operate(work, estate, equal).starts(3) == [0, 10, 15]


@pytest.mark.parametrize(
    "wrong",
    [{"max_age": 0}, {"period": 0}, {"shares": [1, 0]}, {"shares": []}, {"age": -1}, {"size": 1 << 32}],
)
def test_weights_that_mean_nothing_are_refused(wrong: dict[str, int]) -> None:
    with pytest.raises(ValueError, match=r"above zero|from 0 to"):
        Priority(**wrong)  # type: ignore[arg-type]
