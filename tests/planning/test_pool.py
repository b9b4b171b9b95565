"""One pool of equal units: schedules worked out by hand, and what holds for every schedule."""

from __future__ import annotations

import random
from dataclasses import dataclass

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.planning.workloads import Row, crowded_jobs, jobs_of, random_jobs

from lionrock.planning.domain import pool
from lionrock.planning.domain.jobs import Jobs
from lionrock.planning.domain.pool import Passes, Policy
from lionrock.planning.kernel import fast

WAYS = [(policy, passes) for policy in (Policy.FCFS, Policy.EASY) for passes in Passes]
ENGINES = {"reference": pool.starts, "fast": fast.starts}


@dataclass(frozen=True)
class Story:
    """Jobs as (submit time, run time, estimate, demand), and when each starts, worked out by hand."""

    name: str
    capacity: int
    rows: list[Row]
    starts: dict[tuple[str, str], list[int]]


def _story(name: str, capacity: int, rows: list[Row], **starts: list[int]) -> Story:
    """Name the starts by policy, or by policy and passes where the passes matter."""
    by_way = {}
    for policy, passes in WAYS:
        way = f"{policy.value}_{passes.value.replace('-', '_')}"
        by_way[policy.value, passes.value] = starts.get(way) or starts.get(policy.value) or starts["both"]
    return Story(name, capacity, rows, by_way)


STORIES = [
    _story("a job alone starts when it is submitted", 4, [(7, 10, 10, 4)], both=[7]),
    _story("jobs that fit run together", 4, [(0, 10, 10, 3), (0, 5, 5, 1)], both=[0, 0]),
    _story(
        "what ends frees its units before what is submitted in the same second asks for them",
        4,
        [(0, 10, 10, 4), (10, 5, 5, 4)],
        both=[0, 10],
    ),
    # At 2 the second job waits for the first until 10, and the third ends at 3.
    _story(
        "a short job passes the blocked head with EASY only",
        4,
        [(0, 10, 10, 3), (1, 5, 5, 2), (2, 1, 1, 1)],
        fcfs=[0, 10, 10],
        easy=[0, 10, 2],
    ),
    # Shadow time 10; the third would end at 10, the fourth at 11. Nothing is extra: 4 - 4.
    _story(
        "a job may end at the shadow time, but not a second later",
        4,
        [(0, 10, 10, 2), (1, 5, 5, 4), (2, 8, 8, 1), (2, 9, 9, 1)],
        fcfs=[0, 10, 15, 15],
        easy=[0, 10, 2, 15],
    ),
    # Shadow time 10, extra 10 - 7 = 3: the third takes 2 of it, the fourth finds 1, the fifth takes that.
    _story(
        "extra shrinks by what outlasts the shadow time",
        10,
        [(0, 10, 10, 6), (1, 5, 5, 7), (2, 100, 100, 2), (3, 100, 100, 2), (4, 100, 100, 1)],
        fcfs=[0, 10, 10, 15, 15],
        easy=[0, 10, 2, 15, 4],
    ),
    # As above, but the third ends by the shadow time and takes nothing of extra, so the fourth fits.
    _story(
        "extra is not used by what ends in time",
        10,
        [(0, 10, 10, 6), (1, 5, 5, 7), (2, 8, 8, 2), (3, 100, 100, 2)],
        fcfs=[0, 10, 10, 15],
        easy=[0, 10, 2, 3],
    ),
    # The head needs 5 of 10, of which 2 are free: at 10 both end, so 10 are free and 5 are extra.
    _story(
        "all that ends at the shadow time counts as free then",
        10,
        [(0, 10, 10, 4), (0, 10, 10, 4), (1, 5, 5, 5), (2, 100, 100, 2)],
        fcfs=[0, 0, 10, 10],
        easy=[0, 0, 10, 2],
    ),
    # The scheduler believes that the first ends at 20, so the third may run to 20; it ends at 5.
    _story(
        "the head starts before its shadow time if a job ends early",
        4,
        [(0, 5, 20, 3), (1, 5, 5, 3), (2, 12, 12, 1)],
        fcfs=[0, 5, 5],
        easy=[0, 5, 2],
    ),
    # The first ends at 5, not at 20 as believed; the third, let past at 2, holds the head up until 14.
    _story(
        "a job let past on a wrong estimate may delay the head",
        4,
        [(0, 5, 20, 3), (1, 5, 5, 4), (2, 12, 12, 1)],
        fcfs=[0, 5, 10],
        easy=[0, 14, 2],
    ),
    # The third, fourth and fifth are of one second; two units are free for three of them.
    _story(
        "who was submitted in the same second goes by the place in the file",
        4,
        [(0, 10, 10, 2), (1, 5, 5, 4), (2, 3, 3, 1), (2, 2, 2, 1), (2, 1, 1, 1)],
        fcfs=[0, 10, 15, 15, 15],
        easy=[0, 10, 2, 2, 4],
    ),
    # After the head starts at 10 the next in the queue is the head; a new shadow time, 15, is its own.
    _story(
        "each pass reckons the shadow time of its own head",
        4,
        [(0, 10, 10, 4), (1, 5, 5, 3), (1, 9, 9, 4), (2, 4, 4, 1), (2, 6, 6, 1)],
        fcfs=[0, 10, 15, 24, 24],
        easy=[0, 10, 15, 10, 24],
    ),
    # At 10: submissions first. The third fits the one free unit and ends before 20, when the first is
    # believed to end; only then does the first end, and the second finds 3 of 4. With one pass for the
    # whole second, the first ends, the second starts, and the third waits for it.
    _story(
        "with a pass after every event, submissions come before ends",
        4,
        [(0, 10, 20, 3), (10, 5, 5, 4), (10, 1, 1, 1)],
        fcfs=[0, 10, 15],
        easy_each_time=[0, 10, 15],
        easy_each_event=[0, 11, 10],
    ),
    # At 10 the first ends alone: its 2 units go to the fourth, which ends before 20; then the second
    # ends, and the third finds 4 of 6.
    _story(
        "with a pass after every event, jobs that end in one second end one by one, as they started",
        6,
        [(0, 10, 10, 2), (0, 10, 20, 4), (1, 5, 5, 6), (2, 3, 3, 2)],
        fcfs=[0, 0, 10, 15],
        easy_each_time=[0, 0, 10, 15],
        easy_each_event=[0, 0, 13, 10],
    ),
    # The third passes the second at 2, and both end at 10: the third first, for it started first. Its 2
    # units are too few for the fifth, and then the fourth finds all 6. In the order of the file, the
    # fifth would have found 4 units, and held the fourth up until 13.
    _story(
        "jobs that end in one second end as they started, not as they stand in the file",
        6,
        [(0, 4, 4, 4), (1, 6, 16, 4), (2, 8, 18, 2), (5, 5, 5, 6), (6, 3, 3, 4)],
        fcfs=[0, 4, 4, 12, 17],
        easy=[0, 4, 2, 10, 15],
    ),
]


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize(("policy", "passes"), WAYS)
@pytest.mark.parametrize("story", STORIES, ids=lambda story: story.name)
def test_a_schedule_worked_out_by_hand(story: Story, policy: Policy, passes: Passes, engine: str) -> None:
    found = ENGINES[engine](jobs_of(story.rows), story.capacity, policy, passes)
    assert list(found) == story.starts[policy.value, passes.value]


def _agree(jobs: Jobs, capacity: int) -> None:
    for policy, passes in WAYS:
        expected = pool.starts(jobs, capacity, policy, passes)
        assert fast.starts(jobs, capacity, policy, passes).tolist() == expected, (jobs, capacity, policy, passes)


def test_the_kernel_agrees_with_the_definition_on_thousands_of_random_cases() -> None:
    draw = random.Random(7)
    for _ in range(1_500):
        _agree(*random_jobs(draw))


@given(st.randoms(use_true_random=False))
@settings(max_examples=100, deadline=None)
def test_the_kernel_agrees_with_the_definition(draw: random.Random) -> None:
    _agree(*random_jobs(draw, most=15))


@pytest.mark.parametrize("seed", range(2))
def test_the_kernel_agrees_when_hundreds_run_and_thousands_wait(seed: int) -> None:
    _agree(*crowded_jobs(random.Random(seed), 2_000))


@given(st.randoms(use_true_random=False))
@settings(max_examples=50, deadline=None)
def test_no_pool_ever_holds_more_than_it_has_and_no_job_starts_early(draw: random.Random) -> None:
    jobs, capacity = random_jobs(draw)
    for policy, passes in WAYS:
        starts = pool.starts(jobs, capacity, policy, passes)
        assert all(start >= submit for start, submit in zip(starts, jobs.submit, strict=True))
        assert _most_at_once(jobs, starts) <= capacity


def _most_at_once(jobs: Jobs, starts: list[int]) -> int:
    changes = [(start, demand) for start, demand in zip(starts, jobs.demand, strict=True)]
    changes += [
        (start + length, -demand) for start, length, demand in zip(starts, jobs.duration, jobs.demand, strict=True)
    ]
    held = most = 0
    for _, change in sorted(changes):  # within a second, what is given back counts first
        held += change
        most = max(most, held)
    return most


@given(st.randoms(use_true_random=False))
@settings(max_examples=100, deadline=None)
def test_first_come_first_served_starts_jobs_in_their_order(draw: random.Random) -> None:
    jobs, capacity = random_jobs(draw)
    for passes in Passes:
        starts = pool.starts(jobs, capacity, Policy.FCFS, passes)
        assert starts == sorted(starts)


@given(st.randoms(use_true_random=False))
@settings(max_examples=200, deadline=None)
def test_easy_lets_past_exactly_who_leaves_the_head_its_promised_start(draw: random.Random) -> None:
    """Another definition of EASY, second by second: whoever fits may start unless that moves the head's start."""
    jobs, capacity = random_jobs(draw, most=20)
    assert pool.starts(jobs, capacity, Policy.EASY, Passes.EACH_TIME) == _easy_by_promise(jobs, capacity)


def _easy_by_promise(jobs: Jobs, capacity: int) -> list[int]:
    starts: dict[int, int] = {}
    now = 0
    while len(starts) < len(jobs):
        queue = [job for job in range(len(jobs)) if jobs.submit[job] <= now and job not in starts]
        head = None
        for job in queue:
            if jobs.demand[job] > _free(jobs, starts, capacity, now):
                head = job if head is None else head
            elif head is None or _promise(jobs, starts | {job: now}, capacity, head, now) == _promise(
                jobs, starts, capacity, head, now
            ):
                starts[job] = now
        now += 1
    return [starts[job] for job in range(len(jobs))]


def _free(jobs: Jobs, starts: dict[int, int], capacity: int, now: int) -> int:
    running = (job for job, start in starts.items() if start <= now < start + jobs.duration[job])
    return capacity - sum(jobs.demand[job] for job in running)


def _promise(jobs: Jobs, starts: dict[int, int], capacity: int, head: int, now: int) -> int:
    """Return the first second at which the head would fit, if all that run now ran as long as estimated."""
    running = {job: start for job, start in starts.items() if start <= now < start + jobs.duration[job]}
    at = now
    while True:
        held = sum(jobs.demand[job] for job, start in running.items() if start + jobs.estimate[job] > at)
        if capacity - held >= jobs.demand[head]:
            return at
        at += 1
