"""Looking at clusters: what they are at, kept as last seen, and what was in service since when."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Final

from django.db import transaction

from lionrock.kernel.errors import LionrockError
from lionrock.metering.actions.collecting import metered_sites
from lionrock.sites.domain.inventory import nodes
from lionrock.sites.models import Site
from lionrock.sites.slurm.commands import slurm_of
from lionrock.usage.domain.live import QUEUE_FORMAT, Live, Place, kept, live_of
from lionrock.usage.models import CapacityReading, LastSeen

FRESH: Final = timedelta(seconds=20)
"""What was asked so shortly ago is not asked again, however many look."""
PATIENCE_SECONDS: Final = 10
"""A page waits no longer for a cluster."""


def look_due(now: datetime) -> int:
    """Look at every cluster on file; return how many answered."""
    return sum(look_at(site, now).away_since is None for site in metered_sites())


def look_at(site: Site, now: datetime) -> LastSeen:
    """Ask a cluster what it is at, unless that was done just now, and keep it; one that is away is kept as away.

    Done by the service for whoever looks, as the state of jobs is; what may be shown is for the caller to see to.
    """
    known = LastSeen.objects.filter(site=site).first()
    if known is not None and timedelta() <= now - known.tried_at < FRESH:
        return known
    try:
        live = ask(site)
    except LionrockError as wrong:
        return _away(site, known, wrong, now)
    return _keep(site, live, now)


def ask(site: Site) -> Live:
    """Ask a cluster for its nodes and its queue; raises `Unavailable`, `Refused`."""
    slurm = slurm_of(site)
    there = nodes(slurm.run("scontrol", "-o", "show", "node", seconds=PATIENCE_SECONDS))
    queue = slurm.run("squeue", "-h", "-a", "-r", "-o", QUEUE_FORMAT, seconds=PATIENCE_SECONDS)
    return live_of(there, queue, slurm.version)


@transaction.atomic
def _keep(site: Site, live: Live, now: datetime) -> LastSeen:
    Site.objects.select_for_update().get(pk=site.pk)
    seen, _ = LastSeen.objects.update_or_create(
        site=site,
        defaults={"content": kept(live), "seen_at": now, "tried_at": now, "away_since": None, "failure": {}},
    )
    note_capacity(site, live, now)
    return seen


def note_capacity(site: Site, live: Live, now: datetime) -> int:
    """Note what is otherwise in service than before, of each pool and of the whole site; return how many changes."""
    pools = {(pool.partition, pool.device): pool.name for pool in site.pools.all()}
    wanted = {("", place.device): place for place in live.whole}
    wanted |= {
        (pools[place.partition, place.device], place.device): place
        for place in live.places
        if (place.partition, place.device) in pools
    }
    gone = {key: Place("", key[1], 0, 0, 0, 0, 0) for key in _latest(site) if key not in wanted}
    return _note(site, (wanted | gone).items(), now)


def _latest(site: Site) -> dict[tuple[str, str], CapacityReading]:
    """Return the latest reading of each pool and device."""
    rows = CapacityReading.objects.filter(site=site).order_by("pool", "device", "-since").distinct("pool", "device")
    return {(row.pool, row.device): row for row in rows}


def _note(site: Site, places: Iterable[tuple[tuple[str, str], Place]], now: datetime) -> int:
    latest, at = _latest(site), now.replace(microsecond=0)
    made = []
    for (pool, device), place in places:
        before = latest.get((pool, device))
        if before and ((before.devices, before.down) == (place.devices, place.down) or before.since >= at):
            continue
        made.append(
            CapacityReading(site=site, pool=pool, device=device, devices=place.devices, down=place.down, since=at)
        )
    CapacityReading.objects.bulk_create(made)
    return len(made)


def _away(site: Site, known: LastSeen | None, wrong: LionrockError, now: datetime) -> LastSeen:
    failure = {"code": wrong.code, "template": wrong.message.template, "fields": _plain(wrong)}
    since = known.away_since if known and known.away_since else now
    seen, _ = LastSeen.objects.update_or_create(
        site=site, defaults={"tried_at": now, "away_since": since, "failure": failure}
    )
    return seen


def _plain(wrong: LionrockError) -> dict[str, str]:
    return {name: str(value) for name, value in wrong.message.fields.items()}
