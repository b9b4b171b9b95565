"""What a site's cluster should hold, out of the database."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime
from typing import Final

from django.db.models import QuerySet

from lionrock.allocations.domain import AllocationState
from lionrock.allocations.domain.desired import Desired, Grant, PoolTerms, desired_state
from lionrock.allocations.models import Allocation, ClusterChange, Lending
from lionrock.assurance.domain.rules import Binding
from lionrock.assurance.queries.holding import held_applications
from lionrock.awards.domain import AwardState, in_force_on
from lionrock.awards.queries import versions_of
from lionrock.kernel.periods import local_date
from lionrock.people.domain import Role
from lionrock.people.models import RoleGrant
from lionrock.people.programmes import programme_on_file
from lionrock.rules.items import Mode
from lionrock.screening.queries.holding import blocked_organisations
from lionrock.sites.models import Login, Pool, Site

DRIVER: Final = "slurm"
"""The driver whose clusters enforce limits themselves."""


def sites_that_enforce() -> QuerySet[Site]:
    """Return the sites whose clusters are told what awards may use: those of which somebody has said how to."""
    return Site.objects.filter(driver=DRIVER, connection__has_key="cluster").order_by("code")


def desired_of(site: Site, now: datetime) -> Desired:
    """Return what a site's cluster should hold at `now` (eight queries)."""
    return desired_state(site.programme, grants_on(site, now), pools_on(site), now)


def pools_on(site: Site) -> list[PoolTerms]:
    """Return the pools of a site that sell something."""
    return [_pool(each) for each in Pool.objects.filter(site=site).exclude(item="").order_by("name")]


def grants_on(site: Site, now: datetime) -> list[Grant]:
    """Return what each award gives that a site's pools can serve, over or not."""
    found = Allocation.objects.filter(award__programme=site.programme, item__in={pool.item for pool in pools_on(site)})
    rows = list(
        found.exclude(state=AllocationState.REPLACED.value)
        .select_related("award__organisation", "award__application__call")
        .prefetch_related("award__versions")
    )
    users = _users_of(site, {row.award.organisation_id for row in rows})
    lends = set(Lending.objects.filter(revoked_at__isnull=True).values_list("award_id", flat=True))
    service = _service(site)
    today = local_date(now, programme_on_file(site.programme).zone)
    blocked = blocked_organisations({row.award.organisation.code for row in rows}, today)
    gated = held_applications([row.award.application for row in rows], Binding.BEFORE_FIRST_JOB)
    return [
        _grant(
            row,
            now,
            users[row.award.organisation_id] | service,
            lends=row.award_id in lends,
            held=row.award.organisation.code in blocked,
            gated=row.award.application_id in gated,
        )
        for row in rows
    ]


def _pool(pool: Pool) -> PoolTerms:
    return PoolTerms(pool.partition, pool.item, pool.device, pool.devices_per_unit, pool.devices_per_node)


def _service(site: Site) -> frozenset[str]:
    """Return the user as whom those run who have no account on the cluster."""
    name = site.connection.get("service_user")
    return frozenset({name}) if isinstance(name, str) and name else frozenset()


def _users_of(site: Site, organisations: Iterable[int]) -> dict[int, frozenset[str]]:
    """Return the accounts on the cluster of the active members of each organisation, by its key."""
    members = RoleGrant.objects.filter(
        role=Role.MEMBER.value, organisation_id__in=organisations, person__is_active=True
    ).values_list("organisation_id", "person_id")
    logins = dict(Login.objects.filter(site=site).values_list("person_id", "username"))
    found: dict[int, frozenset[str]] = defaultdict(frozenset)
    for organisation, person in members:
        if organisation is not None and person in logins:
            found[organisation] |= {logins[person]}
    return found


def _grant(row: Allocation, now: datetime, users: frozenset[str], *, lends: bool, held: bool, gated: bool) -> Grant:
    award = row.award
    today = local_date(now, programme_on_file(award.programme).zone)
    return Grant(
        award=award.code,
        organisation=award.organisation.code,
        item=row.item,
        count=in_force_on(versions_of(award), today).count,
        device_seconds=row.device_seconds,
        starts=row.starts,
        ends=row.ends,
        lease=award.mode == Mode.LEASE.value,
        suspended=award.state == AwardState.SUSPENDED.value,
        held=held,
        gated=gated,
        closed=row.state == AllocationState.CLOSED.value,
        users=users,
        lends=lends,
    )


def made_on(site: Site) -> frozenset[str]:
    """Return the accounts that we once made on a site's cluster."""
    found = ClusterChange.objects.filter(push__site=site, refused__isnull=True).exclude(made="")
    return frozenset(found.values_list("made", flat=True).distinct())


def digest_of(desired: Desired) -> str:
    """Return what tells one desired state from another: the SHA-256 of its written form."""
    state = desired.state
    written = [
        sorted((each.name, each.parent, sorted(each.qos), each.closed) for each in state.accounts.values()),
        sorted(state.associations),
        [
            (each.name, sorted(each.devices.items()), sorted(each.minutes.items()), each.closed, sorted(each.preempts))
            for each in sorted(state.qos.values(), key=lambda qos: qos.name)
        ],
        [
            (each.name, sorted(each.accounts), each.partition, each.nodes, each.start.isoformat(), each.end.isoformat())
            for each in sorted(state.reservations.values(), key=lambda kept: kept.name)
        ],
    ]
    return hashlib.sha256(repr(written).encode()).hexdigest()
