"""Comparing a cluster with what it should hold; nothing is changed."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from lionrock.allocations.cluster import Look, Programs, look_at
from lionrock.allocations.domain.desired import Desired
from lionrock.allocations.domain.difference import Plan, plan
from lionrock.allocations.models import Enforcement
from lionrock.allocations.wanted import desired_of, digest_of, made_on
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
    desired = desired_of(site, now)
    look = look_at(programs)
    weighed = desired if look.scheduler_away is None else _without_reservations(desired)
    todo = plan(weighed, look.state, cluster=programs.cluster, now=now, made=made_on(site))
    known = Enforcement.objects.filter(site=site).values_list("digest", flat=True).first()
    return Compared(site, desired, look, todo, drift=known == digest_of(desired))


def _without_reservations(desired: Desired) -> Desired:
    """Leave reservations out while the scheduler, which alone knows them, is away."""
    return replace(desired, state=replace(desired.state, reservations={}))
