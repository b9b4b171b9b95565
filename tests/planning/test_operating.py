"""A machine that changes: schedules worked out by hand, and what holds for every schedule."""

from __future__ import annotations

import random

import pytest
from tests.planning.workloads import random_gangs

from lionrock.planning.domain import gangs, operating, pool
from lionrock.planning.domain.estate import Estate, Kind, Work
from lionrock.planning.domain.operating import Rules
from lionrock.planning.domain.pool import Passes, Policy

ENGINES = {"reference": operating.operate}


@pytest.mark.parametrize("engine", ENGINES)
def test_where_nothing_changes_the_schedule_is_that_of_gangs_and_of_a_pool(engine: str) -> None:
    draw = random.Random(3)
    operate = ENGINES[engine]
    for _ in range(60):
        jobs, machine = random_gangs(draw, most=30)
        one = Estate([Kind("all", machine.nodes, machine.size)])
        for policy in (Policy.FCFS, Policy.EASY, Policy.SJF):
            expected = gangs.starts(jobs, machine, policy)
            assert operate(Work.of(jobs), one, Rules(policy)).starts(len(jobs)) == expected
        units = Estate([Kind("units", machine.capacity, 1)])
        for policy in (Policy.FCFS, Policy.EASY):
            for passes in Passes:
                expected = pool.starts(jobs, machine.capacity, policy, passes)
                assert operate(Work.of(jobs), units, Rules(policy, passes=passes)).starts(len(jobs)) == expected
