"""Comparing a cluster with what it should hold; nothing is changed."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from lionrock.allocations.cluster import Look, Programs, look_at
from lionrock.allocations.domain.configuration import can_lend, configuration_notes
from lionrock.allocations.domain.desired import Desired, desired_state
from lionrock.allocations.domain.difference import Plan, plan
from lionrock.allocations.models import Enforcement
from lionrock.allocations.wanted import digest_of, grants_on, made_on, pools_on
from lionrock.sites.models import Site


@dataclass(frozen=True, slots=True)
class Compared:
    """A site at an instant: what it should hold, what it holds, what is to be done, and whether it is drift.

    `drift`: what it should hold is what it held already, so whatever differs was changed there by hand.
    """

    site: Site
    desired: Desired
    look: Look
    plan: Plan
    drift: bool


def compare(site: Site, now: datetime, programs: Programs) -> Compared:
    """Look at a site's cluster and return what differs, changing nothing; raises `Unavailable`."""
    grants, pools = grants_on(site, now), pools_on(site)
    desired = desired_state(site.programme, grants, pools, now)
    look = look_at(programs)
    possible = desired
    if look.config and not can_lend(look.config):
        possible = desired_state(site.programme, [replace(grant, lends=False) for grant in grants], pools, now)
    if look.scheduler_away is not None:
        possible = _without_reservations(possible)
    possible = replace(possible, notes=(*possible.notes, *configuration_notes(look.config, desired)))
    todo = plan(possible, look.state, cluster=programs.cluster, now=now, made=made_on(site))
    known = Enforcement.objects.filter(site=site).values_list("digest", flat=True).first()
    return Compared(site, desired, look, todo, drift=known == digest_of(desired))


def _without_reservations(desired: Desired) -> Desired:
    """Leave reservations out while the scheduler, which alone knows them, is away."""
    return replace(desired, state=replace(desired.state, reservations={}))
