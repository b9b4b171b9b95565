"""A machine that changes: schedules worked out by hand, and what holds for every schedule."""

from __future__ import annotations

import random
from collections import defaultdict
from dataclasses import dataclass, field
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.planning.workloads import Row, jobs_of, random_gangs, random_operation

from lionrock.planning.domain import gangs, operating, pool
from lionrock.planning.domain.estate import LONG_AGO, NEVER, Estate, Fate, Kind, Outcome, Window, Work, takes
from lionrock.planning.domain.operating import Rules
from lionrock.planning.domain.pool import Passes, Policy
from lionrock.planning.kernel import operating as fast

ENGINES = {"reference": operating.operate, "fast": fast.operate}
EASY, FCFS = Rules(Policy.EASY), Rules(Policy.FCFS)
ONE, TWO = Kind("one", 1, 8), Kind("two", 2, 8)
DONE, WAY, OFF, STOPPED, LOST = Outcome


@dataclass(frozen=True)
class Story:
    """Jobs as (submit time, run time, estimate, demand), and the runs as (job, start, end, node, outcome)."""

    name: str
    estate: Estate
    rules: Rules
    rows: list[Row]
    runs: list[tuple[int, int, int, int, Outcome]]
    columns: dict[str, list[int]] = field(default_factory=dict)


def _closed(*windows: Window, kind: Kind = ONE) -> Estate:
    return Estate([kind], windows)


STORIES = [
    # The node comes at 50. Nobody can be told earlier.
    Story(
        "a node that is not delivered yet holds nobody",
        _closed(Window(0, LONG_AGO, 50)),
        EASY,
        [(0, 10, 10, 8), (3, 5, 5, 1)],
        [(0, 50, 60, 0, DONE), (1, 60, 65, 0, DONE)],
    ),
    # Known to close at 10: the first would end at 11, so it waits until 20; the second passes it and ends in time.
    Story(
        "what is known to close takes only who will be gone",
        _closed(Window(0, 10, 20)),
        EASY,
        [(0, 11, 11, 4), (0, 10, 10, 8)],
        [(1, 0, 10, 0, DONE), (0, 20, 31, 0, DONE)],
    ),
    # Announced at 4. The first started before and runs on until it ends; its node is not opened before 20.
    Story(
        "who runs on a node that closes may finish",
        _closed(Window(0, 10, 20, announced=4)),
        EASY,
        [(0, 15, 15, 8), (5, 2, 2, 8)],
        [(0, 0, 15, 0, DONE), (1, 20, 22, 0, DONE)],
    ),
    # It fails at 4 unannounced: the first starts again from its beginning when the node is mended.
    Story(
        "who runs on a node that fails starts again",
        _closed(Window(0, 4, 9, announced=4, fate=Fate.STOP)),
        EASY,
        [(0, 10, 10, 8), (1, 3, 3, 8)],
        [(0, 0, 4, 0, STOPPED), (0, 9, 19, 0, DONE), (1, 19, 22, 0, DONE)],
    ),
    Story(
        "or is lost",
        _closed(Window(0, 4, 9, announced=4, fate=Fate.LOSE)),
        EASY,
        [(0, 10, 10, 8), (1, 3, 3, 8)],
        [(0, 0, 4, 0, LOST), (1, 9, 12, 0, DONE)],
    ),
    # A job that ends in the second in which its node fails has ended. A gang stops with any of its nodes.
    Story(
        "a gang stops as a whole, and at its end it has ended",
        _closed(Window(1, 4, 6, announced=4, fate=Fate.STOP), kind=TWO),
        EASY,
        [(0, 9, 9, 16), (0, 4, 4, 8)],
        [(0, 0, 4, 0, STOPPED), (0, 6, 15, 0, DONE), (1, 15, 19, 0, DONE)],
    ),
    # 16 units are for ever too many once the second node has left, so nobody waits for the first job.
    Story(
        "nobody waits for a job that can never run",
        _closed(Window(1, 0, NEVER), kind=TWO),
        FCFS,
        [(0, 9, 9, 16), (1, 4, 4, 8), (2, 4, 4, 17)],
        [(1, 1, 5, 0, DONE)],
    ),
    # The first likes the fast kind; the second finds it taken and takes the slow one, where it takes 20; the third
    # may only run on the fast one.
    Story(
        "the fastest kind that has room is taken",
        Estate([Kind("slow", 1, 8), Kind("fast", 1, 8)], speeds=[[500, 1000], [0, 1000]]),
        EASY,
        [(0, 10, 10, 8), (0, 10, 10, 8), (1, 10, 10, 8)],
        [(0, 0, 10, 1, DONE), (1, 0, 20, 0, DONE), (2, 10, 20, 1, DONE)],
        {"classes": [0, 0, 1]},
    ),
    # At 2 the youngest that suffices goes: the third holds enough alone, so that the second may stay.
    Story(
        "the youngest gives way, and nobody in vain",
        Estate([Kind("one", 1, 10)]),
        EASY,
        [(0, 10, 10, 2), (0, 10, 10, 3), (1, 10, 10, 4), (2, 5, 5, 4), (2, 5, 5, 1)],
        [
            (2, 1, 2, 0, WAY),
            (3, 2, 7, 0, DONE),
            (4, 2, 7, 0, DONE),
            (0, 0, 10, 0, DONE),
            (1, 0, 10, 0, DONE),
            (2, 7, 17, 0, DONE),
        ],
        {"manners": [0, 1, 1, 0, 0]},
    ),
    # The third gives way with 3 seconds of grace, and for good. Until then the fourth gets no unit of it.
    Story(
        "who gives way has its grace, and nobody else slips in",
        Estate([Kind("one", 1, 8)]),
        Rules(Policy.EASY, grace=3),
        [(0, 20, 20, 5), (0, 20, 20, 3), (4, 5, 5, 3), (5, 9, 9, 1)],
        [(1, 0, 7, 0, OFF), (2, 7, 12, 0, DONE), (0, 0, 20, 0, DONE), (3, 12, 21, 0, DONE)],
        {"manners": [0, 2, 0, 1]},
    ),
    # A lease from 5 to 30 that is lent: who stays waits until 30, who gives way starts at 6, has to leave
    # at 10 when the holder is back, and starts again at 20 when the holder is gone.
    Story(
        "an idle lease is lent to who gives way",
        _closed(Window(0, 5, 30, lent=True), Window(0, 10, 20, announced=10, fate=Fate.LEAVE)),
        EASY,
        [(5, 4, 4, 8), (6, 7, 7, 8)],
        [(1, 6, 10, 0, WAY), (1, 20, 27, 0, DONE), (0, 30, 34, 0, DONE)],
        {"manners": [0, 1]},
    ),
    # Behind the head stand two small ones; only the first of them is looked at.
    Story(
        "backfilling looks as deep as it is told",
        _closed(),
        Rules(Policy.EASY, depth=1),
        [(0, 10, 10, 7), (1, 5, 5, 8), (2, 20, 20, 1), (3, 2, 2, 1)],
        [(0, 0, 10, 0, DONE), (1, 10, 15, 0, DONE), (3, 15, 17, 0, DONE), (2, 15, 35, 0, DONE)],
    ),
    # At 10 the first ends alone, and the second is believed to run until 20: so the fourth passes the third.
    Story(
        "a pass after each event is there for gangs, too",
        _closed(kind=TWO),
        Rules(Policy.EASY, passes=Passes.EACH_EVENT),
        [(0, 10, 10, 8), (0, 10, 20, 8), (1, 5, 5, 16), (2, 3, 3, 8)],
        [(0, 0, 10, 0, DONE), (1, 0, 10, 1, DONE), (3, 10, 13, 0, DONE), (2, 13, 18, 0, DONE)],
    ),
]


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("story", STORIES, ids=lambda story: story.name)
def test_a_schedule_worked_out_by_hand(story: Story, engine: str) -> None:
    work = Work.of(jobs_of(story.rows), **story.columns)
    found = ENGINES[engine](work, story.estate, story.rules).runs
    assert [(run.job, run.start, run.end, run.node, run.outcome) for run in found] == story.runs


def test_the_kernel_agrees_with_the_definition_on_thousands_of_random_cases() -> None:
    draw = random.Random(17)
    for _ in range(1_200):
        asked = random_operation(draw, most=22)
        assert list(fast.operate(*asked).runs) == list(operating.operate(*asked).runs), asked


@given(st.randoms(use_true_random=False))
@settings(max_examples=60, deadline=None)
def test_the_kernel_agrees_with_the_definition(draw: random.Random) -> None:
    asked = random_operation(draw, most=12)
    assert list(fast.operate(*asked).runs) == list(operating.operate(*asked).runs)


@pytest.mark.parametrize("engine", ENGINES)
def test_where_nothing_changes_the_schedule_is_that_of_gangs_and_of_a_pool(engine: str) -> None:
    draw = random.Random(3)
    operate = ENGINES[engine]
    for _ in range(60):
        jobs, machine = random_gangs(draw, most=30)
        work = Work.of(jobs)
        for policy in (Policy.FCFS, Policy.EASY, Policy.SJF):
            found = operate(work, Estate([Kind("all", machine.nodes, machine.size)]), Rules(policy))
            assert found.starts(len(jobs)) == gangs.starts(jobs, machine, policy)
        for policy in (Policy.FCFS, Policy.EASY):
            for passes in Passes:
                found = operate(work, Estate([Kind("units", machine.capacity, 1)]), Rules(policy, passes=passes))
                assert found.starts(len(jobs)) == pool.starts(jobs, machine.capacity, policy, passes)


@given(st.randoms(use_true_random=False))
@settings(max_examples=40, deadline=None)
def test_what_holds_for_every_operation(draw: random.Random) -> None:
    work, estate, rules = random_operation(draw)
    runs = operating.operate(work, estate, rules).runs
    by_job = defaultdict(list)
    for run in runs:
        speed = estate.speeds[work.classes[run.job]][run.kind]
        by_job[run.job].append(run)
        full = run.end - run.start == takes(work.jobs.duration[run.job], speed)
        assert run.start >= work.jobs.submit[run.job]
        assert full if run.outcome is DONE else run.end - run.start <= takes(work.jobs.duration[run.job], speed)
    for found in by_job.values():
        assert all(run.outcome in {WAY, STOPPED} for run in found[:-1])
        assert all(before.end <= after.start for before, after in pairwise(found))
    for kind, each in enumerate(estate.kinds):
        held = [(run.start, run.end, work.jobs.demand[run.job]) for run in runs if run.kind == kind]
        for at, _, _ in held:
            assert sum(units for start, end, units in held if start <= at < end) <= each.nodes * each.size


def test_a_policy_for_one_pool_only() -> None:
    for operate in ENGINES.values():
        with pytest.raises(ValueError, match="one pool"):
            operate(Work.of(jobs_of([(0, 1, 1, 1)])), _closed(), Rules(Policy.CONSERVATIVE))
