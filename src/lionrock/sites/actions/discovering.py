"""Asking a cluster what it has, and putting it on file."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from lionrock.audit.actions import record
from lionrock.kernel.messages import Message
from lionrock.people.domain import Actor, Role
from lionrock.people.policies import require
from lionrock.sites.domain.discovery import Difference, Kind, Measured, differences, measured_pools, remarks
from lionrock.sites.domain.inventory import Inventory
from lionrock.sites.models import Pool, Site
from lionrock.sites.queries import on_file, site_by_code
from lionrock.sites.slurm.commands import slurm_of
from lionrock.sites.slurm.discovering import inventory


@dataclass(frozen=True, slots=True)
class Discovery:
    """What a cluster has, how what is on file differs from it, and what of its settings is unsafe."""

    inventory: Inventory
    differences: tuple[Difference, ...]
    remarks: tuple[Message, ...]
    applied: bool


def discover_site(*, actor: Actor, site: str, now: datetime, apply: bool = False) -> Discovery:
    """Ask a cluster what it has and note it; with `apply` put pools that are new or changed on file.

    What a pool is sold as is never changed, and a pool that is gone stays on file with no nodes.
    Takes the role cluster_admin. Raises `Unavailable` when the cluster does not answer or is not
    connected.
    """
    found = site_by_code(actor, site)
    require(actor, Role.CLUSTER_ADMIN, programme=found.programme)
    seen = inventory(slurm_of(found))
    differing = tuple(differences(on_file(found), measured_pools(seen)))
    _keep(actor, found, seen, differing if apply else (), now)
    return Discovery(seen, differing, tuple(remarks(seen)), apply)


@transaction.atomic
def _keep(actor: Actor, site: Site, seen: Inventory, differing: tuple[Difference, ...], now: datetime) -> None:
    site.seen = {
        "version": seen.version,
        "nodes": [{"name": node.name, "state": node.state, "devices": dict(node.devices)} for node in seen.nodes],
    }
    site.seen_at = now
    site.save(update_fields=["seen", "seen_at"])
    for one in differing:
        _apply(site, one, now)
    details = {"version": seen.version, "nodes": len(seen.nodes), "changed": [one.pool for one in differing]}
    record("sites.discover_site", site.code, actor=actor.email, now=now, programme=site.programme, details=details)


def _apply(site: Site, one: Difference, now: datetime) -> None:
    if one.kind is Kind.GONE and one.on_file:
        kept = site.pools.filter(partition=one.on_file.partition, device=one.on_file.device)
        kept.update(nodes=0, measured_at=now)
    elif one.measured:
        _measure(site, one.measured, now)


def _measure(site: Site, pool: Measured, now: datetime) -> None:
    sizes = {"nodes": pool.nodes, "devices_per_node": pool.devices_per_node, "measured_at": now}
    name = pool.name
    if site.pools.filter(name=name).exclude(partition=pool.partition, device=pool.device).exists():
        name = f"{pool.partition}-{pool.device.rpartition(':')[2]}"
    Pool.objects.update_or_create(
        site=site,
        partition=pool.partition,
        device=pool.device,
        defaults=sizes,
        create_defaults={**sizes, "name": name, "created_at": now},
    )
