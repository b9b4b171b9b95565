"""Gangs on nodes: placements and schedules worked out by hand, and what they have in common with a pool."""

from __future__ import annotations

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.planning.workloads import Row, crowded_jobs, jobs_of, random_gangs

from lionrock.planning.domain import gangs, pool
from lionrock.planning.domain.gangs import Machine, Placement, place
from lionrock.planning.domain.pool import Passes, Policy
from lionrock.planning.kernel import fast

POLICIES = [Policy.FCFS, Policy.EASY, Policy.SJF]
ENGINES = {"reference": gangs.starts, "fast": fast.gang_starts}


@pytest.mark.parametrize(
    ("free", "demand", "placement"),
    [
        ([8, 3, 2, 5], 2, [(2, 2)]),  # the tightest
        ([8, 3, 3, 5], 3, [(1, 3)]),  # of two the lower number
        ([8, 3, 2, 5], 6, [(0, 6)]),
        ([7, 3, 2, 5], 8, None),  # 17 are free, but no node is
        ([8, 8, 8, 8], 8, [(0, 8)]),
        ([3, 8, 8, 8], 16, [(1, 8), (2, 8)]),
        ([3, 8, 7, 8], 20, [(1, 8), (3, 8), (2, 4)]),  # the rest goes to the freest of the others
        ([3, 8, 8, 8], 20, [(1, 8), (2, 8), (3, 4)]),  # which may be wholly free
        ([3, 8, 7, 7], 12, [(1, 8), (2, 4)]),
        ([3, 8, 3, 0], 12, None),
        ([8, 8], 17, None),
        ([0, 0], 1, None),
    ],
)
def test_where_a_job_goes(free: list[int], demand: int, placement: Placement | None) -> None:
    assert place(free, 8, demand) == placement


TWO, THREE = Machine(2, 8), Machine(3, 8)
STORIES: list[tuple[str, Machine, list[Row], dict[str, list[int]]]] = [
    # 4 units are free on each node at 1: enough for 8 in a pool, not for a job of 8 on a node.
    (
        "a gang does not fit in pieces",
        TWO,
        [(0, 10, 10, 5), (0, 20, 20, 4), (1, 5, 5, 8)],
        {"fcfs": [0, 0, 10], "sjf": [0, 0, 10], "easy": [0, 0, 10]},
    ),
    # The second goes to the first node beside the first job, not to the empty one.
    (
        "small jobs are packed together",
        TWO,
        [(0, 10, 10, 4), (0, 10, 10, 4), (1, 5, 5, 8)],
        {"fcfs": [0, 0, 1], "sjf": [0, 0, 1], "easy": [0, 0, 1]},
    ),
    # Of those that wait at 10 the shortest is first; it blocks the others, though the last would fit.
    (
        "shortest first waits for the shortest",
        TWO,
        [(0, 10, 10, 8), (0, 20, 20, 8), (1, 9, 9, 8), (2, 3, 3, 16), (3, 4, 4, 8)],
        {"fcfs": [0, 0, 10, 20, 23], "sjf": [0, 0, 23, 20, 23], "easy": [0, 0, 10, 20, 23]},
    ),
    # Equally short ones go in the order of the queue.
    (
        "equally short jobs keep their order",
        Machine(1, 8),
        [(0, 10, 10, 8), (1, 5, 5, 8), (2, 5, 5, 8), (3, 5, 5, 8)],
        {"fcfs": [0, 10, 15, 20], "sjf": [0, 10, 15, 20], "easy": [0, 10, 15, 20]},
    ),
    # The head needs two whole nodes. At 10 the second node is free, and the third from the start: the
    # fourth job, long and small, would sit on the third node, where the head has to go; so it waits.
    # The fifth goes beside the first job, on a node that the head does not need.
    (
        "backfilling leaves the head its nodes, not only its units",
        THREE,
        [(0, 100, 100, 5), (0, 10, 10, 8), (1, 5, 5, 16), (2, 100, 100, 4), (3, 100, 100, 3)],
        {"fcfs": [0, 0, 10, 15, 15], "sjf": [0, 0, 10, 15, 15], "easy": [0, 0, 10, 15, 3]},
    ),
    # As above, the shadow time is 10. The fourth sits on the third node and is gone by then; the fifth
    # would sit beside it, a second too long.
    (
        "who ends by the shadow time may sit where the head will go",
        THREE,
        [(0, 100, 100, 5), (0, 10, 10, 8), (1, 5, 5, 16), (2, 8, 8, 4), (3, 8, 8, 4)],
        {"fcfs": [0, 0, 10, 15, 15], "sjf": [0, 0, 10, 15, 15], "easy": [0, 0, 10, 2, 15]},
    ),
]


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("policy", POLICIES)
@pytest.mark.parametrize(("name", "machine", "rows", "starts"), STORIES, ids=[story[0] for story in STORIES])
def test_a_schedule_worked_out_by_hand(
    name: str, machine: Machine, rows: list[Row], starts: dict[str, list[int]], policy: Policy, engine: str
) -> None:
    assert list(ENGINES[engine](jobs_of(rows), machine, policy)) == starts[policy.value]


def test_the_kernel_agrees_with_the_definition_on_thousands_of_random_cases() -> None:
    draw = random.Random(11)
    for _ in range(500):
        jobs, machine = random_gangs(draw)
        for policy in POLICIES:
            found = fast.gang_starts(jobs, machine, policy).tolist()
            assert found == gangs.starts(jobs, machine, policy), (jobs, machine, policy)


@given(st.randoms(use_true_random=False))
@settings(max_examples=60, deadline=None)
def test_the_kernel_agrees_with_the_definition(draw: random.Random) -> None:
    jobs, machine = random_gangs(draw, most=15)
    for policy in POLICIES:
        assert fast.gang_starts(jobs, machine, policy).tolist() == gangs.starts(jobs, machine, policy)


@pytest.mark.parametrize("policy", POLICIES)
def test_the_kernel_agrees_when_hundreds_wait(policy: Policy) -> None:
    jobs, capacity = crowded_jobs(random.Random(5), 500)
    machine = Machine(capacity // 4, 4)
    assert fast.gang_starts(jobs, machine, policy).tolist() == gangs.starts(jobs, machine, policy)


@given(st.randoms(use_true_random=False))
@settings(max_examples=60, deadline=None)
def test_one_node_is_a_pool_and_so_are_nodes_of_one_unit(draw: random.Random) -> None:
    jobs, machine = random_gangs(draw, most=30)
    for policy in (Policy.FCFS, Policy.EASY):
        expected = pool.starts(jobs, machine.capacity, policy, Passes.EACH_TIME)
        assert gangs.starts(jobs, Machine(1, machine.capacity), policy) == expected
        assert gangs.starts(jobs, Machine(machine.capacity, 1), policy) == expected


def test_each_definition_knows_its_policies() -> None:
    jobs = jobs_of([(0, 1, 1, 1)])
    with pytest.raises(ValueError, match="sjf"):
        pool.starts(jobs, 1, Policy.SJF, Passes.EACH_TIME)
    with pytest.raises(ValueError, match="one pool"):
        gangs.starts(jobs, Machine(1, 1), Policy.CONSERVATIVE)
