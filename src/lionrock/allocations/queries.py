"""Which allocations a viewer may see, and how a cluster stands towards them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db.models import QuerySet
from django.urls import reverse

from lionrock.allocations.comparing import Compared, compare
from lionrock.allocations.domain import account_of
from lionrock.allocations.domain.desired import Standing, device_minutes
from lionrock.allocations.models import Allocation, Enforcement, Lending, Push
from lionrock.allocations.wanted import DRIVER, grants_on, pools_on
from lionrock.awards.domain import IN_FORCE, AwardState
from lionrock.awards.models import Award
from lionrock.awards.projects import answers_for, seen
from lionrock.kernel.errors import NotFound
from lionrock.kernel.messages import gettext_noop, message
from lionrock.ledger.domain.accounts import quota_unit, quota_used
from lionrock.ledger.queries import balance
from lionrock.people.domain import Actor, Role
from lionrock.people.policies import require
from lionrock.rules.items import Mode
from lionrock.sites.models import Site
from lionrock.sites.queries import site_by_code
from lionrock.sites.slurm.commands import slurm_of
from lionrock.web.worklist import Waiting

SEE_CLUSTERS = (Role.CLUSTER_ADMIN, Role.OFFICE, Role.AUDITOR)
"""Who sees what a cluster holds of a programme's awards."""


def allocations(viewer: Actor) -> QuerySet[Allocation]:
    """Return the allocations under the awards of the viewer's programmes and organisations."""
    return Allocation.objects.filter(seen(viewer, "award")).select_related("award__organisation")


def site_for(viewer: Actor, code: str) -> Site:
    """Return a site whose cluster enforces limits and that the viewer looks after.

    Raises `NotFound`, `NotAllowed`.
    """
    found = site_by_code(viewer, code)
    require(viewer, *SEE_CLUSTERS, programme=found.programme)
    if found.driver != DRIVER:
        raise NotFound(
            "allocations.site.enforces_nothing",
            message(gettext_noop("{site} is no cluster that enforces limits by itself."), site=code),
        )
    return found


def sites_for(viewer: Actor) -> QuerySet[Site]:
    """Return the sites whose clusters the viewer looks after."""
    found = Site.objects.filter(driver=DRIVER).order_by("code")
    return found if viewer.operator else found.filter(programme__in=viewer.programmes(*SEE_CLUSTERS))


def compared(viewer: Actor, code: str, now: datetime) -> Compared:
    """Ask a site's cluster what it holds, and compare; raises `NotFound`, `NotAllowed`, `Unavailable`."""
    site = site_for(viewer, code)
    return compare(site, now, slurm_of(site))


def enforcement_of(site: Site) -> Enforcement | None:
    """Return how a site's cluster was found last; None before the first look."""
    return Enforcement.objects.filter(site=site).first()


@dataclass(frozen=True, slots=True)
class CountedUse:
    """What a cluster has counted of an award beside what the ledger has booked, in device-minutes.

    `counted` is rounded down by the cluster, and None where it has not been told; `limit` and `booked`
    are rounded down by us.
    """

    award: str
    organisation: str
    device: str
    count: int
    limit: int
    counted: int | None
    booked: int
    standing: Standing


def use_on(viewer: Actor, code: str, now: datetime) -> list[CountedUse]:
    """Return the use of each award on a site's cluster, as it was found last, beside the ledger."""
    site = site_for(viewer, code)
    state = enforcement_of(site)
    counted: dict[str, dict[str, int]] = state.use if state else {}
    pools = {pool.item: pool for pool in pools_on(site)}
    rows = []
    for grant in sorted(grants_on(site, now), key=lambda each: each.award):
        pool, account = pools[grant.item], account_of(grant.award)
        used = balance(site.programme, quota_used(grant.award, grant.item), quota_unit(grant.item))
        rows.append(
            CountedUse(
                award=grant.award,
                organisation=grant.organisation,
                device=pool.device,
                count=grant.count * pool.devices_per_unit,
                limit=device_minutes(grant.device_seconds, pool.devices_per_unit),
                counted=counted.get(account, {}).get(pool.device),
                booked=device_minutes(used, pool.devices_per_unit),
                standing=grant.standing(now),
            )
        )
    return rows


def latest_pushes(site: Site, most: int = 10) -> list[Push]:
    """Return the latest pushes to a site with their changes, the latest first."""
    return list(Push.objects.filter(site=site).prefetch_related("changes").order_by("-id")[:most])


def lending_of(award: Award) -> Lending | None:
    """Return the consent by which an award lends its idle nodes now, if there is one."""
    return award.lendings.filter(revoked_at__isnull=True).first()


def may_lend(viewer: Actor, award: Award) -> bool:
    """Tell whether the viewer may say that a lease's idle nodes are lent, or are not."""
    in_force = AwardState(award.state) in IN_FORCE
    return award.mode == Mode.LEASE.value and in_force and answers_for(viewer, award)


def waiting(viewer: Actor, _now: datetime) -> list[Waiting]:
    """Return the clusters that cannot be reached, or do not hold all that they should, for their administrators."""
    mine = Enforcement.objects.filter(site__programme__in=viewer.programmes(Role.CLUSTER_ADMIN)).select_related("site")
    away = gettext_noop("{site} is not reached: what awards give cannot be enforced there now.")
    differs = gettext_noop("{site} does not take all that awards give. See what it refuses.")
    return [
        Waiting(
            message(away if state.away_since else differs, site=state.site.code),
            reverse("allocations:site", args=[state.site.code]),
            since=state.away_since or state.looked_at,
        )
        for state in mine.order_by("site__code")
        if state.away_since or state.differs
    ]
