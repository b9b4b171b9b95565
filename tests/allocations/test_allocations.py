"""Allocations: how much an award may use, granted once and closed once."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import DatabaseError, IntegrityError, transaction
from hypothesis import given
from hypothesis import strategies as st
from tests.calls.world import NOW, OPERATOR, World, holder, member

from lionrock.allocations.actions import close_allocation, grant_allocation
from lionrock.allocations.models import Allocation
from lionrock.allocations.queries import allocations
from lionrock.awards.domain import InForce, quota_of
from lionrock.kernel.errors import Conflict, NotFound
from lionrock.kernel.money import Money
from lionrock.kernel.periods import zone
from lionrock.ledger.models import Journal
from lionrock.ledger.queries import balances
from lionrock.people.domain import Actor, Role

DAY = 86400


@pytest.mark.parametrize(
    ("place", "start", "end", "count", "hours", "seconds"),
    [
        ("Asia/Hong_Kong", date(2026, 4, 1), date(2026, 7, 1), 1, None, 91 * DAY),
        ("Asia/Hong_Kong", date(2026, 4, 1), date(2026, 7, 1), 12, None, 12 * 91 * DAY),
        ("Asia/Hong_Kong", date(2028, 2, 1), date(2028, 3, 1), 1, None, 29 * DAY),
        # Summer time begins in Paris on 29 March 2026 and ends on 25 October.
        ("Europe/Paris", date(2026, 3, 1), date(2026, 4, 1), 2, None, 2 * (31 * DAY - 3600)),
        ("Europe/Paris", date(2026, 10, 1), date(2026, 11, 1), 2, None, 2 * (31 * DAY + 3600)),
        ("Australia/Lord_Howe", date(2026, 10, 1), date(2026, 11, 1), 2, None, 2 * (31 * DAY - 1800)),
        ("Asia/Hong_Kong", date(2026, 4, 1), date(2026, 7, 1), 8, 730, 8 * 730 * 3600),
        ("Asia/Hong_Kong", date(2026, 4, 1), date(2026, 7, 1), 1, 1, 3600),
    ],
)
def test_quota_is_every_second_of_the_period_or_the_hours_asked_for(
    place: str, start: date, end: date, count: int, hours: int | None, seconds: int
) -> None:
    assert quota_of([_terms(start, count, hours, end)], zone(place)) == seconds


def _terms(start: date, count: int, hours: int | None, end: date) -> InForce:
    return InForce(start, count, hours, end, Money(0, "HKD"), Money(0, "HKD"))


@given(days=st.integers(1, 5000), count=st.integers(1, 10**6), hours=st.none() | st.integers(1, 10**5))
def test_quota_grows_evenly_with_the_count(days: int, count: int, hours: int | None) -> None:
    start, end = NOW.date(), NOW.date() + timedelta(days=days)
    tz = zone("Asia/Hong_Kong")
    assert quota_of([_terms(start, count, hours, end)], tz) == count * quota_of([_terms(start, 1, hours, end)], tz)
    assert quota_of([_terms(start, count, None, end)], tz) == count * days * DAY


def test_an_award_is_granted_its_quota_in_the_ledger(world: World) -> None:
    world.put_fund("1000000.00")
    award = world.awarded(world.open_call())
    allocation = Allocation.objects.get(award=award)
    assert (allocation.item, allocation.count, allocation.state) == ("h800-node", 1, "active")
    assert (allocation.starts, allocation.ends) == (
        datetime(2026, 3, 31, 16, tzinfo=UTC),
        datetime(2026, 6, 30, 16, tzinfo=UTC),
    )
    assert allocation.device_seconds == 91 * DAY
    assert balances(world.programme, "quota", "seconds:h800-node") == {
        f"quota/granted/{award.code}/h800-node": -91 * DAY,
        f"quota/remaining/{award.code}/h800-node": 91 * DAY,
    }


def test_an_award_is_granted_its_quota_once(world: World) -> None:
    world.put_fund("1000000.00")
    award = world.awarded(world.open_call())
    before = Journal.objects.count()
    with pytest.raises(Conflict) as raised:
        grant_allocation(actor=OPERATOR, award=award.code, now=NOW)
    assert raised.value.code == "allocations.grant.twice"
    assert Journal.objects.count() == before


def test_an_allocation_is_closed_once(world: World) -> None:
    world.put_fund("1000000.00")
    award = world.awarded(world.open_call())
    closed = close_allocation(actor=OPERATOR, award=award.code, now=NOW)
    assert (closed.state, closed.closed_at) == ("closed", NOW)
    with pytest.raises(Conflict):
        close_allocation(actor=OPERATOR, award=award.code, now=NOW)


def test_there_is_nothing_to_close_where_nothing_is_awarded(world: World) -> None:
    with pytest.raises(NotFound):
        close_allocation(actor=OPERATOR, award="AW-1999-0001", now=NOW)


@pytest.mark.parametrize("change", [{"device_seconds": 1}, {"count": 2}, {"ends": NOW}])
def test_a_grant_is_never_changed(world: World, change: dict[str, object]) -> None:
    world.put_fund("1000000.00")
    world.awarded(world.open_call())
    with pytest.raises(DatabaseError, match="Cannot update rows"), transaction.atomic():
        Allocation.objects.update(**change)


def test_the_database_holds_what_closed_means(world: World) -> None:
    world.put_fund("1000000.00")
    world.awarded(world.open_call())
    with pytest.raises(IntegrityError, match="allocations_allocation_closed"), transaction.atomic():
        Allocation.objects.update(state="closed")


@pytest.mark.parametrize(
    ("viewer", "sees"),
    [
        (OPERATOR, 1),
        (holder(Role.CLUSTER_ADMIN, "hk-aiss-demo"), 1),
        (holder(Role.CLUSTER_ADMIN, "hk-aiss"), 0),
        (member("harbour-university"), 1),
        (member("delta-institute"), 0),
        (Actor("nobody@example.org"), 0),
    ],
)
def test_allocations_are_seen_by_those_who_see_the_award(world: World, viewer: Actor, sees: int) -> None:
    world.put_fund("1000000.00")
    world.awarded(world.open_call())
    assert allocations(viewer).count() == sees
