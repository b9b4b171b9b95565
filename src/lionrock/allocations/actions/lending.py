"""Letting others use the idle nodes of a lease, and taking that back."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from lionrock.allocations.models import Lending
from lionrock.audit.actions import record
from lionrock.awards.domain import IN_FORCE, AwardState
from lionrock.awards.models import Award
from lionrock.awards.projects import require_answers_for
from lionrock.awards.queries import award_by_code
from lionrock.kernel.errors import Conflict
from lionrock.kernel.messages import gettext_noop, message
from lionrock.people.domain import Actor
from lionrock.rules.items import Mode


@transaction.atomic
def lend_idle_nodes(*, actor: Actor, award: str, now: datetime) -> Lending:
    """Consent that others use a lease's nodes while they are idle; takes who answers for it.

    Their jobs make room as soon as the lease's own jobs need the nodes, and their use is theirs. What
    the lease costs stays the same. Raises `Conflict` where there is nothing to lend, or it is lent.
    """
    found = award_by_code(actor, award, lock=True)
    require_answers_for(actor, found)
    if found.mode != Mode.LEASE.value or AwardState(found.state) not in IN_FORCE:
        raise Conflict(
            "allocations.lending.no_lease",
            message(gettext_noop("{award} is no lease in force: it has no nodes to lend."), award=award),
        )
    if found.lendings.filter(revoked_at__isnull=True).exists():
        raise Conflict(
            "allocations.lending.given",
            message(gettext_noop("The idle nodes of {award} are lent already."), award=award),
        )
    lending = Lending.objects.create(award=found, given_at=now, given_by=actor.email)
    _record("allocations.lend_idle_nodes", found, actor, now)
    return lending


@transaction.atomic
def stop_lending(*, actor: Actor, award: str, now: datetime) -> Lending:
    """Take the consent back; takes who answers for it. Jobs of others lose the nodes at the next push.

    Raises `Conflict` when nothing is lent.
    """
    found = award_by_code(actor, award, lock=True)
    require_answers_for(actor, found)
    lending = found.lendings.filter(revoked_at__isnull=True).first()
    if lending is None:
        raise Conflict(
            "allocations.lending.none", message(gettext_noop("The nodes of {award} are not lent."), award=award)
        )
    lending.revoked_at, lending.revoked_by = now, actor.email
    lending.save(update_fields=["revoked_at", "revoked_by"])
    _record("allocations.stop_lending", found, actor, now)
    return lending


def _record(action: str, award: Award, actor: Actor, now: datetime) -> None:
    record(
        action,
        award.code,
        actor=actor.email,
        now=now,
        programme=award.programme,
        organisation=award.organisation.code,
    )
