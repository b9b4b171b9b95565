"""What is left out and changed before a replay; every row is accounted for."""

from __future__ import annotations

import pytest
from tests.planning.workloads import trace_of

from lionrock.kernel.errors import Invalid
from lionrock.planning.domain.cleaning import LATEST, Changed, LeftOut, clean
from lionrock.planning.domain.jobs import Estimates, Trace, Unit

ROWS = [
    # id, submit time, run time, demand, requested time
    (1, 0, 10, 4, 20),
    (2, 1, 0, 4, 20),
    (3, 2, -1, 4, 20),
    (4, 3, 10, 0, 20),
    (5, 4, 10, -1, 20),
    (6, 5, 10, 9, 20),
    (7, -1, 10, 4, 20),
    (8, 6, 10, 8, -1),
    (9, 7, 10, 1, 4),
    (10, 8, 10, 1, 10),
]


def test_what_cannot_run_is_left_out_and_counted() -> None:
    cleaned = clean(trace_of(ROWS, parts=3), 8, Estimates.REQUESTED)
    assert list(cleaned.jobs.ids) == [1, 8, 9, 10]
    assert cleaned.left_out == {
        LeftOut.PART: 3,
        LeftOut.NO_LENGTH: 2,
        LeftOut.NO_DEMAND: 2,
        LeftOut.TOO_LARGE: 1,
        LeftOut.NO_SUBMIT_TIME: 1,
    }
    assert cleaned.rows == len(cleaned.jobs) + sum(cleaned.left_out.values())


def test_a_row_with_two_faults_is_counted_once() -> None:
    cleaned = clean(trace_of([(1, 0, 1, 1, 1), (2, -1, 0, 0, 1), (3, 0, 0, 99, 1)]), 8, Estimates.REQUESTED)
    assert cleaned.left_out == {LeftOut.NO_SUBMIT_TIME: 1, LeftOut.NO_LENGTH: 1}


@pytest.mark.parametrize(
    ("told", "estimates", "changed"),
    [
        (
            Estimates.REQUESTED,
            [20, 10, 10, 10],
            {Changed.ESTIMATE_MISSING: 1, Changed.ESTIMATE_RAISED: 1},
        ),
        (Estimates.EXACT, [10, 10, 10, 10], {}),
    ],
)
def test_estimates_are_those_of_the_users_or_the_run_times(
    told: Estimates, estimates: list[int], changed: dict[Changed, int]
) -> None:
    cleaned = clean(trace_of(ROWS), 8, told)
    assert list(cleaned.jobs.estimate) == estimates
    assert cleaned.changed == changed


def test_an_estimate_of_nothing_is_raised_too() -> None:
    cleaned = clean(trace_of([(1, 0, 10, 1, 0)]), 1, Estimates.REQUESTED)
    assert list(cleaned.jobs.estimate) == [10]
    assert cleaned.changed == {Changed.ESTIMATE_RAISED: 1}


def test_jobs_queue_by_submit_time_and_then_by_their_place_in_the_file() -> None:
    cleaned = clean(trace_of([(5, 7, 1, 1, 1), (3, 2, 1, 1, 1), (9, 7, 1, 1, 1), (1, 7, 1, 1, 1)]), 1, Estimates.EXACT)
    assert list(cleaned.jobs.ids) == [3, 5, 9, 1]
    assert cleaned.changed == {Changed.OUT_OF_ORDER: 1}


def test_jobs_with_the_same_id_are_both_kept_and_counted() -> None:
    cleaned = clean(trace_of([(1, 0, 5, 1, 5), (1, 1, 6, 1, 6)]), 1, Estimates.EXACT)
    assert list(cleaned.jobs.duration) == [5, 6]
    assert cleaned.changed == {Changed.SAME_ID: 1}


def test_each_virtual_cluster_has_a_largest_job_of_its_own() -> None:
    trace = trace_of(
        [(1, 0, 9, 8, 9), (2, 0, 9, 8, 9), (3, 0, 9, 8, 9), (4, 0, 0, 8, 9)], clusters=["a", "b", "c", "c"]
    )
    cleaned = clean(trace, {"a": 8, "b": 7}, Estimates.EXACT)
    assert list(cleaned.jobs.ids) == [1]
    assert cleaned.places == [0]
    assert cleaned.left_out == {LeftOut.TOO_LARGE: 1, LeftOut.NO_CLUSTER: 1, LeftOut.NO_LENGTH: 1}


def _refused(trace: Trace, capacity: int) -> Invalid:
    with pytest.raises(Invalid) as refused:
        clean(trace, capacity, Estimates.REQUESTED)
    return refused.value


def test_a_trace_without_any_demand_in_the_unit_says_so() -> None:
    refused = _refused(trace_of([(1, 0, 10, -1, 10)], Unit.NODES), 8)
    assert refused.code == "planning.trace.nothing_left"
    assert "Choose another unit or a larger capacity" in str(refused)


def test_times_that_cannot_be_counted_are_refused() -> None:
    assert _refused(trace_of([(1, LATEST, 1, 1, 1)]), 8).code == "planning.trace.too_long"
    assert _refused(trace_of([(1, 0, LATEST // 2, 1, 1), (2, 0, LATEST // 2 + 2, 1, 1)]), 8).faults
