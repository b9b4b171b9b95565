"""From what a cluster holds to what it should hold, one change after the other."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.allocations.slurm import FakeSlurm
from tests.allocations.test_desired import END, LEASE, MAY, METERED, START, desired

from lionrock.allocations.cluster import look_at, make
from lionrock.allocations.domain.changes import Change
from lionrock.allocations.domain.cluster import ClusterState, Reservation
from lionrock.allocations.domain.desired import Desired
from lionrock.allocations.domain.difference import Plan, plan

OURS = frozenset({"aiss", "aiss.harbour", "aw-2026-0001"})


def todo(wanted: Desired, slurm: FakeSlurm, made: frozenset[str] = frozenset()) -> Plan:
    return plan(wanted, look_at(slurm).state, cluster="test", now=MAY, made=made)


def pushed(wanted: Desired, slurm: FakeSlurm | None = None) -> FakeSlurm:
    cluster = slurm or FakeSlurm()
    for change in todo(wanted, cluster).changes:
        make(cluster, change)
    cluster.commands.clear()
    return cluster


def test_bounds_come_first_then_the_tree_from_the_root_then_people() -> None:
    changes = todo(desired(METERED), FakeSlurm()).changes
    assert [(change.arguments[2], change.subject) for change in changes] == [
        ("qos", "aw-2026-0001"),
        ("account", "aiss"),
        ("account", "aiss.harbour"),
        ("account", "aw-2026-0001"),
        ("user", "ada@aw-2026-0001/h800"),
    ]
    assert "Make the QOS aw-2026-0001: gres/gpu=8, gres/gpu:h800=8 at once" in str(changes[0].sentence)
    assert all("cluster=test" in change.arguments for change in changes[1:])


def test_what_is_there_is_not_done_again() -> None:
    wanted = desired(METERED, replace(METERED, award="AW-2026-0003", suspended=True))
    assert todo(wanted, pushed(wanted)).changes == ()


EDITS = {
    "a limit taken away": "sacctmgr -i modify qos where name=aw-2026-0001 set GrpTRESMins=gres/gpu:h800=-1",
    "a limit raised": "sacctmgr -i modify qos where name=aw-2026-0001 set GrpTRES=gres/gpu=64",
    "another limit": "sacctmgr -i modify qos where name=aw-2026-0001 set GrpTRES=cpu=1",
    "free of charge": "sacctmgr -i modify qos where name=aw-2026-0001 set UsageFactor=0.000000",
    "a flag taken away": "sacctmgr -i modify qos where name=aw-2026-0001 set Flags=DenyOnLimit",
    "closed in part": "sacctmgr -i modify qos where name=aw-2026-0001 set GrpSubmitJobs=0",
    "one may preempt": "sacctmgr -i modify qos where name=aw-2026-0001 set Preempt+=normal",
    "another qos": "sacctmgr -i modify account where name=aw-2026-0001 set qos=normal,aw-2026-0001",
    "another default": "sacctmgr -i modify account where name=aw-2026-0001 set defaultqos=normal",
    "an account closed": "sacctmgr -i modify account where name=aw-2026-0001 set GrpJobs=0 GrpSubmitJobs=0",
    "a limit of the account": "sacctmgr -i modify account where name=aw-2026-0001 set GrpTRESMins=gres/gpu=-1",
    "another place": "sacctmgr -i modify account where name=aw-2026-0001 set parent=root",
    "an account of their own": "sacctmgr -i add account name=free parent=aiss",
    "a user of theirs": "sacctmgr -i add user name=eve account=aw-2026-0001 partition=h800",
    "any partition": "sacctmgr -i add user name=ada account=aw-2026-0001 partition=",
    "a right to the organisation": "sacctmgr -i add user name=ada account=aiss.harbour partition=",
    "a user's own qos": "sacctmgr -i modify user where name=ada account=aw-2026-0001 partition=h800 set qos=normal",
    "a user barred": "sacctmgr -i modify user where name=ada account=aw-2026-0001 partition=h800 set MaxJobs=0",
}


@pytest.mark.parametrize("edit", EDITS)
def test_what_was_changed_by_hand_is_seen_and_put_back_in_one_go(edit: str) -> None:
    wanted = desired(METERED)
    slurm = pushed(wanted)
    program, *words = EDITS[edit].split()
    slurm.run(program, *words)
    drift = todo(wanted, slurm, OURS)
    assert len(drift.changes) == 1
    assert drift.changes[0].before != drift.changes[0].after
    make(slurm, drift.changes[0])
    assert todo(wanted, slurm, OURS).changes == ()


@settings(max_examples=60, suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(st.lists(st.sampled_from(sorted(EDITS)), max_size=5), st.integers(0, 6))
def test_whatever_was_changed_and_wherever_it_died_the_next_push_gets_there(edits: list[str], dies_after: int) -> None:
    wanted = desired(METERED, replace(METERED, award="AW-2026-0003"))
    slurm = pushed(wanted)
    for edit in edits:
        program, *words = EDITS[edit].split()
        slurm.run(program, *words)
    for change in todo(wanted, slurm, OURS).changes[:dies_after]:
        make(slurm, change)
    for change in todo(wanted, slurm, OURS).changes:
        make(slurm, change)
    assert todo(wanted, slurm, OURS).changes == ()


def test_a_brake_of_whoever_runs_the_cluster_stays() -> None:
    wanted = desired(METERED)
    slurm = pushed(wanted)
    slurm.users["aw-2026-0001", "ada", "h800"]["MaxSubmit"] = "50"
    slurm.qos["aw-2026-0001"]["Flags"] = "DenyOnLimit,NoDecay,OverPartQOS"
    assert todo(wanted, slurm).changes == ()


def test_nobody_elses_account_is_touched_and_that_is_said() -> None:
    slurm = FakeSlurm()
    slurm.accounts |= {"lab": {"ParentName": "root", "QOS": "normal"}, "aw-2026-0001": {"ParentName": "lab"}}
    slurm.users |= {("lab", "eve", ""): {"QOS": "normal"}, ("aw-2026-0001", "eve", ""): {"QOS": "normal"}}
    found = todo(desired(METERED), slurm)
    assert [change.subject for change in found.changes] == ["aiss", "aiss.harbour"]
    assert [note.fields["parent"] for note in found.notes] == ["lab"]


def test_an_organisation_that_is_somebody_elses_takes_its_awards_with_it() -> None:
    slurm = FakeSlurm()
    slurm.accounts["aiss.harbour"] = {"ParentName": "root", "QOS": "normal"}
    found = todo(desired(METERED), slurm)
    assert [change.subject for change in found.changes if change.subject != "aiss"] == []
    assert [note.fields["account"] for note in found.notes] == ["aiss.harbour"]


def test_an_award_that_is_over_is_closed_where_it_is_and_not_made_where_it_is_not() -> None:
    over = desired(METERED, now=END)
    assert todo(over, FakeSlurm()).changes == ()
    slurm = pushed(desired(METERED))
    [change] = todo(over, slurm).changes
    assert change.arguments[-2:] == ("GrpSubmitJobs=0", "GrpJobs=0")


def test_who_left_submits_no_more_and_may_come_back() -> None:
    slurm = pushed(desired(METERED))
    gone = desired(replace(METERED, users=frozenset()))
    [change] = todo(gone, slurm).changes
    assert change.arguments[-2:] == ("MaxSubmitJobs=0", "MaxJobs=0")
    make(slurm, change)
    [back] = todo(desired(METERED), slurm).changes
    assert str(back.sentence) == "Let ada submit again under aw-2026-0001 in partition h800."


def _reserved(**change: object) -> ClusterState:
    there = Reservation("aw-2026-0002", frozenset({"aw-2026-0002"}), "h800", 2, START, END)
    return ClusterState(reservations={"aw-2026-0002": replace(there, **change)})  # type: ignore[arg-type]


def _on_reservations(wanted: Desired, actual: ClusterState) -> list[Change]:
    changes = plan(wanted, actual, cluster="test", now=MAY).changes
    return [change for change in changes if change.program == "scontrol"]


@pytest.mark.parametrize(
    ("change", "word"),
    [
        ({"nodes": 1}, "nodecnt=2"),
        ({"end": MAY}, "endtime=2026-06-30T16:00:00"),
        ({"accounts": frozenset({"aw-2026-0002", "lab"})}, "accounts=aw-2026-0002"),
    ],
)
def test_a_reservation_changed_by_hand_is_put_back(change: dict[str, object], word: str) -> None:
    [update] = _on_reservations(desired(LEASE), _reserved(**change))
    assert update.arguments == ("update", "reservationname=aw-2026-0002", word)


def test_a_reservation_that_began_another_day_is_left_as_it_is() -> None:
    assert _on_reservations(desired(LEASE), _reserved(start=START.replace(day=1))) == []


def test_a_reservation_that_was_put_off_by_hand_begins_now() -> None:
    [update] = _on_reservations(desired(LEASE), _reserved(start=MAY + timedelta(days=1)))
    assert update.arguments[-1] == "starttime=now"
    assert _on_reservations(desired(LEASE), _reserved(start=MAY + timedelta(minutes=5))) == []


def test_nodes_of_a_lease_that_is_over_are_given_back_and_others_reservations_stay() -> None:
    state = _reserved()
    theirs = replace(state.reservations["aw-2026-0002"], name="maintenance")
    state = replace(state, reservations={**state.reservations, "maintenance": theirs})
    [change] = _on_reservations(desired(replace(LEASE, closed=True)), state)
    assert change.arguments == ("delete", "reservationname=aw-2026-0002")
