"""Conservative backfilling: schedules worked out by hand, and promises that are kept."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.planning.workloads import Row, crowded_jobs, jobs_of, random_jobs

from lionrock.planning.domain import conservative, pool
from lionrock.planning.domain.jobs import Jobs
from lionrock.planning.domain.pool import Passes, Policy
from lionrock.planning.kernel import fast

STORIES: list[tuple[str, int, list[Row], list[int]]] = [
    ("a short job passes who waits", 4, [(0, 10, 10, 3), (1, 5, 5, 2), (2, 1, 1, 1)], [0, 10, 2]),
    # The second is promised 10 to 15, the third 15 to 20. The fourth, 8 seconds from 2, would end at 10
    # and delays nobody. The fifth would outlast 10: with EASY it starts at 2, for 1 unit is extra beside
    # the second, and the third waits for it until 22. Here it is promised 20.
    (
        "nobody before it is delayed, not only the first",
        4,
        [(0, 10, 10, 2), (1, 5, 5, 3), (1, 5, 5, 4), (2, 8, 8, 1), (2, 20, 20, 1)],
        [0, 10, 15, 2, 20],
    ),
    # The first ends at 5, not at 20. Promised before: 20, 25 and, for the short one, 30. Now: 5, 10, 15.
    (
        "when a job ends early all move forward in their order",
        4,
        [(0, 5, 20, 4), (1, 5, 5, 3), (2, 5, 5, 3), (3, 5, 5, 3)],
        [0, 5, 10, 15],
    ),
    # At 5 the second cannot move into the 2 units that the first leaves, but the fourth can.
    (
        "who cannot use what is freed keeps the promise",
        4,
        [(0, 5, 20, 2), (0, 20, 20, 2), (1, 5, 5, 4), (2, 15, 15, 2)],
        [0, 0, 20, 5],
    ),
]


@pytest.mark.parametrize("starts", [conservative.starts, fast.conservative_starts], ids=["reference", "fast"])
@pytest.mark.parametrize(("name", "capacity", "rows", "expected"), STORIES, ids=[story[0] for story in STORIES])
def test_a_schedule_worked_out_by_hand(
    name: str, capacity: int, rows: list[Row], expected: list[int], starts: Callable[[Jobs, int], Sequence[int]]
) -> None:
    assert list(starts(jobs_of(rows), capacity)) == expected


def test_with_easy_the_third_would_wait_for_the_fifth() -> None:
    name, capacity, rows, expected = STORIES[1]
    assert pool.starts(jobs_of(rows), capacity, Policy.EASY, Passes.EACH_TIME)[4] < expected[4], name


def test_the_kernel_agrees_with_the_definition_on_random_cases() -> None:
    draw = random.Random(13)
    for _ in range(400):
        jobs, capacity = random_jobs(draw, most=40)
        assert fast.conservative_starts(jobs, capacity).tolist() == conservative.starts(jobs, capacity), (
            jobs,
            capacity,
        )


def test_the_kernel_agrees_when_dozens_wait() -> None:
    jobs, capacity = crowded_jobs(random.Random(3), 90)
    small = capacity // 10
    jobs = jobs.chosen([job for job in range(len(jobs)) if jobs.demand[job] <= small])
    assert fast.conservative_starts(jobs, small).tolist() == conservative.starts(jobs, small)


@given(st.randoms(use_true_random=False))
@settings(max_examples=60, deadline=None)
def test_every_promise_is_kept(draw: random.Random) -> None:
    jobs, capacity = random_jobs(draw, most=25)
    starts = conservative.starts(jobs, capacity)
    promises = conservative.first_promises(jobs, capacity)
    assert all(start <= promise for start, promise in zip(starts, promises, strict=True))


@given(st.randoms(use_true_random=False))
@settings(max_examples=60, deadline=None)
def test_with_exact_estimates_everybody_starts_as_promised(draw: random.Random) -> None:
    told, capacity = random_jobs(draw, most=25)
    jobs = jobs_of(zip(told.submit, told.duration, told.duration, told.demand, strict=True))
    assert conservative.starts(jobs, capacity) == conservative.first_promises(jobs, capacity)
