"""What a cluster should hold of awards: names, limits, who may submit where, and when."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lionrock.allocations.domain import account_of, award_of, organisation_account
from lionrock.allocations.domain.desired import (
    Desired,
    Grant,
    PoolTerms,
    Standing,
    counted_as,
    desired_state,
    device_minutes,
)

START = datetime(2026, 3, 31, 16, tzinfo=UTC)
END = datetime(2026, 6, 30, 16, tzinfo=UTC)
MAY = datetime(2026, 5, 1, tzinfo=UTC)
H800 = PoolTerms("h800", "h800-gpu", "gres/gpu:h800", 1, 8)
NODES = PoolTerms("leases", "h800-node", "gres/gpu:h800", 8, 8)
METERED = Grant("AW-2026-0001", "harbour", "h800-gpu", 8, 8 * 3600, START, END, users=frozenset({"ada"}))
LEASE = Grant("AW-2026-0002", "delta", "h800-node", 2, 2 * 91 * 86400, START, END, lease=True, users=frozenset({"ben"}))


def desired(*grants: Grant, pools: tuple[PoolTerms, ...] = (H800, NODES), now: datetime = MAY) -> Desired:
    return desired_state("aiss", grants, pools, now)


@pytest.mark.parametrize(
    ("account", "award"),
    [
        ("aw-2026-0001", "AW-2026-0001"),
        ("AW-2026-0001", "AW-2026-0001"),
        ("aw-2026-12345", "AW-2026-12345"),
        ("aw-2026-0001.lent", "AW-2026-0001"),
        ("aw-2026-001", None),
        ("aw-2026-0001.other", None),
        ("xaw-2026-0001", None),
        ("aiss.harbour", None),
        ("root", None),
        ("", None),
    ],
)
def test_an_account_tells_its_award_or_is_none_of_ours(account: str, award: str | None) -> None:
    assert award_of(account) == award


@given(st.from_regex(r"AW-[0-9]{4}-[0-9]{4,6}", fullmatch=True))
def test_a_name_leads_there_and_back(code: str) -> None:
    assert award_of(account_of(code)) == code


def test_no_organisation_can_be_mistaken_for_an_award_or_a_programme() -> None:
    assert award_of(organisation_account("aiss", "aw-2026-0001")) is None
    assert organisation_account("aiss", "aiss") != "aiss"


def test_the_tree_is_programme_organisation_award() -> None:
    accounts = desired(METERED).state.accounts
    assert {name: account.parent for name, account in accounts.items()} == {
        "aiss": "",
        "aiss.harbour": "aiss",
        "aw-2026-0001": "aiss.harbour",
    }
    assert accounts["aw-2026-0001"].qos == {"aw-2026-0001"}


@pytest.mark.parametrize(
    ("pool", "count", "seconds", "devices", "minutes"),
    [
        (H800, 8, 8 * 3600, 8, 480),
        (NODES, 2, 3600, 16, 480),
        (H800, 1, 59, 1, 0),
        (H800, 1, 60, 1, 1),
        (H800, 1, 119, 1, 1),
        (NODES, 1, 59, 8, 7),
    ],
)
def test_limits_are_in_minutes_and_never_above_the_quota(
    pool: PoolTerms, count: int, seconds: int, devices: int, minutes: int
) -> None:
    grant = replace(METERED, item=pool.item, count=count, device_seconds=seconds)
    qos = desired(grant).state.qos["aw-2026-0001"]
    assert dict(qos.devices) == {"gres/gpu": devices, "gres/gpu:h800": devices}
    assert dict(qos.minutes) == {"gres/gpu": minutes, "gres/gpu:h800": minutes}


@given(seconds=st.integers(0, 10**12), per_unit=st.integers(1, 64))
def test_a_limit_never_exceeds_its_quota_and_loses_less_than_a_minute(seconds: int, per_unit: int) -> None:
    lost = seconds * per_unit - device_minutes(seconds, per_unit) * 60
    assert 0 <= lost < 60


@pytest.mark.parametrize(
    ("device", "counted"),
    [("gres/gpu:h800", ("gres/gpu:h800", "gres/gpu")), ("gres/gpu", ("gres/gpu",)), ("cpu", ("cpu",))],
)
def test_a_gpu_of_a_type_is_bounded_as_a_gpu_too(device: str, counted: tuple[str, ...]) -> None:
    assert counted_as(device) == counted


@pytest.mark.parametrize(
    ("change", "now", "standing"),
    [
        ({}, MAY, Standing.OPEN),
        ({}, START, Standing.OPEN),
        ({}, START - timedelta(seconds=1), Standing.NOT_BEGUN),
        ({}, END - timedelta(seconds=1), Standing.OPEN),
        ({}, END, Standing.OVER),
        ({"suspended": True}, MAY, Standing.SUSPENDED),
        ({"suspended": True}, END, Standing.OVER),
        ({"held": True}, MAY, Standing.HELD),
        ({"held": True}, END, Standing.OVER),
        ({"held": True, "suspended": True}, MAY, Standing.SUSPENDED),
        ({"closed": True}, MAY, Standing.CLOSED),
        ({"closed": True}, START - timedelta(days=1), Standing.CLOSED),
    ],
)
def test_who_can_submit_when(change: dict[str, bool], now: datetime, standing: Standing) -> None:
    grant = replace(METERED, **change)
    assert grant.standing(now) is standing
    assert desired(grant, now=now).state.qos["aw-2026-0001"].closed is (standing is not Standing.OPEN)


def test_each_user_may_submit_in_each_partition_of_the_item_and_nowhere_else() -> None:
    other = replace(H800, partition="h800-long")
    state = desired(replace(METERED, users=frozenset({"ada", "ben"})), pools=(H800, other)).state
    assert {(user, partition) for _, user, partition in state.associations} == {
        ("ada", "h800"), ("ada", "h800-long"), ("ben", "h800"), ("ben", "h800-long"),
    }  # fmt: skip


def test_an_award_of_what_the_cluster_has_not_got_is_not_there() -> None:
    assert set(desired(replace(METERED, item="tpu")).state.accounts) == {"aiss"}


def test_pools_that_count_differently_are_said_and_left_alone() -> None:
    found = desired(METERED, pools=(H800, replace(H800, partition="a100", device="gres/gpu:a100")))
    assert found.state.qos == {}
    assert [note.fields for note in found.notes] == [{"item": "h800-gpu"}]


def test_a_partition_of_several_types_bars_the_others_and_is_said() -> None:
    found = desired(METERED, pools=(H800, PoolTerms("h800", "h20-gpu", "gres/gpu:h20", 1, 8)))
    assert found.state.qos["aw-2026-0001"].devices == {"gres/gpu": 8, "gres/gpu:h800": 8, "gres/gpu:h20": 0}
    assert [note.fields["partition"] for note in found.notes] == ["h800"]


def test_a_lease_keeps_whole_nodes_from_start_to_end_suspended_or_not() -> None:
    for lease in (LEASE, replace(LEASE, suspended=True)):
        [kept] = desired(lease).state.reservations.values()
        assert (kept.nodes, kept.start, kept.end, kept.accounts) == (2, START, END, {"aw-2026-0002"})


@pytest.mark.parametrize(
    ("lease", "now"),
    [(LEASE, END), (replace(LEASE, closed=True), MAY), (replace(LEASE, lease=False), MAY)],
)
def test_nothing_is_kept_for_what_is_over_or_metered(lease: Grant, now: datetime) -> None:
    assert desired(lease, now=now).state.reservations == {}


def test_a_lease_of_less_than_a_node_is_only_limited_and_that_is_said() -> None:
    found = desired(replace(LEASE, item="h800-gpu", count=3))
    assert found.state.reservations == {}
    assert [note.fields["count"] for note in found.notes] == [3]


def test_nodes_are_lent_only_with_consent_to_metered_awards_that_are_open() -> None:
    held = desired(METERED, LEASE)
    assert [kept.accounts for kept in held.state.reservations.values()] == [{"aw-2026-0002"}]
    assert "aiss.lent" not in held.state.qos
    lent = desired(METERED, replace(METERED, award="AW-2026-0003", suspended=True), replace(LEASE, lends=True)).state
    assert lent.reservations["aw-2026-0002"].accounts == {"aw-2026-0002", "aw-2026-0001.lent"}
    assert {key for key in lent.associations if key[0].endswith(".lent")} == {("aw-2026-0001.lent", "ada", "leases")}
    assert lent.accounts["aw-2026-0001.lent"].parent == "aw-2026-0001"
    assert lent.accounts["aw-2026-0001.lent"].qos == {"aiss.lent"}
    assert lent.qos["aiss.lent"].requeued
    assert [name for name, qos in lent.qos.items() if qos.preempts] == ["aw-2026-0002"]


def test_no_job_of_a_borrower_but_those_on_lent_nodes_makes_room() -> None:
    lent = desired(METERED, replace(LEASE, lends=True)).state
    assert lent.qos["aw-2026-0002"].preempts == {"aiss.lent"}
    assert not lent.qos["aw-2026-0001"].requeued


def test_nobody_borrows_nodes_of_another_device() -> None:
    other = PoolTerms("h20", "h20-gpu", "gres/gpu:h20", 1, 8)
    borrower = replace(METERED, item="h20-gpu")
    lent = desired(borrower, replace(LEASE, lends=True), pools=(NODES, other)).state
    assert lent.reservations["aw-2026-0002"].accounts == {"aw-2026-0002"}
    assert "aw-2026-0001.lent" not in lent.accounts
