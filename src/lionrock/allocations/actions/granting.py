"""Granting the quota of an award, and closing it."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from lionrock.allocations.domain import TRANSITIONS, AllocationState
from lionrock.allocations.models import Allocation
from lionrock.audit.actions import record
from lionrock.awards.domain import quota_of
from lionrock.awards.models import Award
from lionrock.awards.queries import award_by_code, versions_of
from lionrock.kernel.errors import Conflict
from lionrock.kernel.messages import gettext_noop, message
from lionrock.kernel.periods import local_midnight
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
    allocation = _grant(found, now, number=1, before=0, actor=actor)
    _record("allocations.grant_allocation", allocation, actor, now)
    return allocation


@transaction.atomic
def replace_allocation(*, actor: Actor, award: str, now: datetime) -> Allocation:
    """Replace the allocation of an award whose terms were varied, and book by how much its quota differs.

    Follows from the variation through `config/reactions.py`, and so from whoever decided it. Raises
    `Conflict` when there is none in use.
    """
    found = award_by_code(actor, award, lock=True)
    last = _in_use(found, "replace")
    last.state = advance(TRANSITIONS, AllocationState(last.state), "replace", thing=f"{award}/{last.item}").value
    last.closed_at = now
    last.save(update_fields=["state", "closed_at"])
    allocation = _grant(found, now, number=last.number + 1, before=last.device_seconds, actor=actor)
    _record("allocations.replace_allocation", allocation, actor, now)
    return allocation


def _grant(award: Award, now: datetime, *, number: int, before: int, actor: Actor) -> Allocation:
    """Write an allocation by the award's terms as they are now, and book what it gives besides the one before."""
    versions, zone = versions_of(award), programme_on_file(award.programme).zone
    allocation = Allocation.objects.create(
        award=award,
        number=number,
        item=award.item,
        count=versions[-1].count,
        device_seconds=quota_of(versions, zone),
        starts=local_midnight(versions[0].since, zone),
        ends=local_midnight(versions[-1].valid_to, zone),
        granted_at=now,
    )
    more = allocation.device_seconds - before
    if more:
        cause = f"allocations.grant_allocation:{award.code}/{award.item}" + (f"/{number}" if number > 1 else "")
        post(quota_grant(award.programme, award.code, award.item, more, at=now, cause=cause), actor=actor.email)
    return allocation


def _in_use(award: Award, verb: str) -> Allocation:
    """Return the award's latest allocation, locked; raises `Conflict` when there is none."""
    found = award.allocations.select_for_update(of=("self",)).select_related("award__organisation")
    allocation = found.order_by("-number").first()
    if allocation is not None:
        return allocation
    raise Conflict(
        "allocations.close.none",
        message(gettext_noop("{award} has no allocation to {verb}."), award=award.code, verb=verb),
    )


@transaction.atomic
def close_allocation(*, actor: Actor, award: str, now: datetime) -> Allocation:
    """Let an award's allocation be used no more; quota that is left stays on the books as such.

    Takes the role committee or office; follows from the end of the award through
    `config/reactions.py`. Raises `Conflict` when there is none, or it is closed already.
    """
    found = award_by_code(actor, award)
    require(actor, Role.COMMITTEE, Role.CHAIR, Role.OFFICE, programme=found.programme)
    allocation = _in_use(found, "close")
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
