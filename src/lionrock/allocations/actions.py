"""Granting the quota of an award, and closing it."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from lionrock.allocations.domain import TRANSITIONS, AllocationState, quota_seconds
from lionrock.allocations.models import Allocation
from lionrock.audit.actions import record
from lionrock.awards.models import Award
from lionrock.awards.queries import award_by_code
from lionrock.kernel.errors import Conflict
from lionrock.kernel.messages import gettext_noop, message
from lionrock.kernel.periods import Interval, local_midnight
from lionrock.kernel.states import advance
from lionrock.ledger.actions import post
from lionrock.ledger.domain import quota_grant
from lionrock.people.domain import Actor, Role
from lionrock.people.policies import require
from lionrock.people.programmes import programme_on_file


@transaction.atomic
def grant_allocation(*, actor: Actor, award: str, now: datetime) -> Allocation:
    """Give an award its quota: device-seconds of its item, booked in the ledger in their own unit.

    Follows from the acceptance of the award through `config/reactions.py`, and so from whoever
    accepted it. Raises `Conflict` when the award has its allocation already.
    """
    found = award_by_code(actor, award, lock=True)
    if found.allocations.exists():
        raise Conflict(
            "allocations.grant.twice",
            message(gettext_noop("{award} has its allocation already. See `lionrock allocation list`."), award=award),
        )
    valid = _valid(found)
    seconds = quota_seconds(found.count, valid, found.hours)
    allocation = Allocation.objects.create(
        award=found,
        item=found.item,
        count=found.count,
        device_seconds=seconds,
        starts=valid.start,
        ends=valid.end,
        granted_at=now,
    )
    cause = f"allocations.grant_allocation:{award}/{found.item}"
    post(quota_grant(found.programme, award, found.item, seconds, at=now, cause=cause), actor=actor.email)
    _record("allocations.grant_allocation", allocation, actor, now)
    return allocation


def _valid(award: Award) -> Interval:
    zone = programme_on_file(award.programme).zone
    starts = award.in_force_from or award.valid_from
    return Interval(local_midnight(starts, zone), local_midnight(award.valid_to, zone))


@transaction.atomic
def close_allocation(*, actor: Actor, award: str, now: datetime) -> Allocation:
    """Let an award's allocation be used no more; quota that is left stays on the books as such.

    Takes the role committee or office; follows from the end of the award through
    `config/reactions.py`. Raises `Conflict` when there is none, or it is closed already.
    """
    found = award_by_code(actor, award)
    require(actor, Role.COMMITTEE, Role.CHAIR, Role.OFFICE, programme=found.programme)
    allocation = found.allocations.select_for_update(of=("self",)).select_related("award__organisation").first()
    if allocation is None:
        raise Conflict(
            "allocations.close.none",
            message(gettext_noop("{award} has no allocation to close."), award=award),
        )
    thing = f"{award}/{allocation.item}"
    allocation.state = advance(TRANSITIONS, AllocationState(allocation.state), "close", thing=thing).value
    allocation.closed_at = now
    allocation.save(update_fields=["state", "closed_at"])
    _record("allocations.close_allocation", allocation, actor, now)
    return allocation


def _record(action: str, allocation: Allocation, actor: Actor, now: datetime) -> None:
    award = allocation.award
    record(
        action,
        f"{award.code}/{allocation.item}",
        actor=actor.email,
        now=now,
        programme=award.programme,
        organisation=award.organisation.code,
        details={"device_seconds": allocation.device_seconds, "state": allocation.state},
    )
