"""Which record of a run stands, and which is held."""

from __future__ import annotations

from datetime import timedelta
from itertools import permutations
from typing import Any

import pytest
from tests.charging.domain.values import award, book, day, run

from lionrock.charging.domain.runs import MOST_DEVICES, Run, faults_of, rank
from lionrock.charging.domain.standing import Standing, unknown_award


@pytest.mark.parametrize(
    ("lower", "higher"),
    [
        (run(revision=1), run(revision=2)),
        (run(revision=9, interim=True), run(revision=1)),
        (run(revision=1, interim=True), run(revision=2, interim=True)),
        (run(interim=True), run(end=day(10, 2), interim=True)),
        (run(end=day(10, 9), revision=1, interim=True), run(revision=2, interim=True)),
    ],
)
def test_what_stands_above_what(lower: Run, higher: Run) -> None:
    assert rank(lower) < rank(higher)
    for order in permutations([lower, higher, lower]):
        standing = Standing()
        for one in order:
            standing.take(one)
        assert (standing.runs, standing.held) == ({higher.key: higher}, {})


def test_the_end_of_a_final_record_does_not_decide() -> None:
    assert rank(run()) == rank(run(end=day(10, 5)))


FAULTY = run(devices={"gpu": 0})


@pytest.mark.parametrize(
    ("records", "stands", "held"),
    [
        ([run(), run()], 1, []),
        ([FAULTY], 0, ["count"]),
        ([FAULTY, run()], 1, []),
        ([run(), FAULTY], 1, []),
        ([run(revision=2), FAULTY], 1, []),
        ([run(devices={"gpu": 0}, revision=2), run()], 1, ["count"]),
        ([run(), run(devices={"gpu": 0}, revision=2)], 1, ["count"]),
        ([run(), run(end=day(10, 2))], 1, ["contradiction"]),
        ([run(), run(end=day(10, 2)), run(revision=2)], 1, []),
        ([run(), run(revision=2), run(end=day(10, 2))], 1, []),
        ([FAULTY, run(job="2")], 1, ["count"]),
    ],
)
def test_what_cannot_be_rated_is_held_until_something_better_stands(
    records: list[Run], stands: int, held: list[str]
) -> None:
    standing = Standing()
    for one in records:
        standing.take(one)
    assert len(standing.runs) == stands
    assert [one.faults[0].code.rpartition(".")[2] for one in standing.held.values()] == held


@pytest.mark.parametrize(
    ("facts", "reasons"),
    [
        ({}, []),
        ({"end": day(10)}, []),
        ({"end": day(9)}, ["end_before_start"]),
        ({"end": day(10, 1) + timedelta(microseconds=1)}, ["part_second"]),
        ({"devices": {}}, ["no_devices"]),
        ({"devices": {"gpu": 0}}, ["count"]),
        ({"devices": {"gpu": -1, "cpu": 1, "ram": -2}}, ["count", "count"]),
        ({"devices": {"gpu": MOST_DEVICES}}, []),
        ({"devices": {"gpu": MOST_DEVICES + 1}}, ["count"]),
        ({"device_seconds": {"gpu": 0}}, []),
        ({"device_seconds": {"gpu": 3600}}, []),
        ({"device_seconds": {"gpu": 3601}}, ["device_seconds"]),
        ({"device_seconds": {"gpu": -1}}, ["device_seconds"]),
        ({"device_seconds": {"cpu": 1}}, ["device_seconds"]),
        ({"end": day(9), "devices": {"gpu": 0}}, ["end_before_start", "count"]),
    ],
)
def test_every_reason_why_a_run_cannot_be_rated(facts: dict[str, Any], reasons: list[str]) -> None:
    faults = faults_of(run(**facts))
    assert [fault.code.removeprefix("charging.run.") for fault in faults] == reasons
    assert all("1" in str(fault) and fault.field for fault in faults)


@pytest.mark.parametrize(
    ("state", "billed"),
    [
        ("COMPLETED", True),
        ("CANCELLED by 1001", True),
        ("CANCELLED+", True),
        ("TIMEOUT", True),
        ("PREEMPTED", True),
        ("", True),
        ("NODE_FAIL", False),
        ("NODE_FAIL+", False),
        ("BOOT_FAIL", False),
        ("BOOT_FAIL by root", False),
    ],
)
def test_all_end_states_are_billed_but_the_centres_fault(state: str, billed: bool) -> None:
    assert run(state=state).billable is billed


@pytest.mark.parametrize(("named", "faulty"), [(None, False), ("A1", False), ("B1", True), ("A9", True)])
def test_a_record_names_an_award_that_its_account_holds(named: str | None, faulty: bool) -> None:
    faults = unknown_award(run(award=named), book(award("A1"), award("B1", account="u2")))
    assert bool(faults) is faulty
    assert all((fault.field, fault.value) == ("award", named) for fault in faults)
