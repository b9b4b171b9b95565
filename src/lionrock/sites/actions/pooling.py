"""Saying which partition offers which price item."""

from __future__ import annotations

import re
from datetime import datetime

from django.db import transaction

from lionrock.audit.actions import record
from lionrock.kernel.errors import Fault, Invalid
from lionrock.kernel.messages import gettext_noop, message
from lionrock.people.domain import Actor, Role
from lionrock.people.policies import require
from lionrock.people.programmes import programme_on_file
from lionrock.sites.models import Pool, Site
from lionrock.sites.queries import site_by_code

_NAME = re.compile(r"[A-Za-z0-9][\w.-]{0,63}")
_DEVICE = re.compile(r"cpu|gres/\w+:[\w.-]+")


@transaction.atomic
def add_pool(
    *,
    actor: Actor,
    site: str,
    partition: str,
    device: str,
    item: str,
    devices_per_unit: int = 1,
    name: str = "",
    now: datetime,
) -> Pool:
    """Say as which price item the devices of a partition are sold, or say it anew. Takes the role cluster_admin.

    `device` is the cluster's word with its type (“gres/gpu:h800”, “cpu”), `devices_per_unit` how many
    are one unit of the item. Raises `Invalid` with every fault. How many nodes there are is found by
    `discover_site`.
    """
    found = site_by_code(actor, site)
    require(actor, Role.CLUSTER_ADMIN, programme=found.programme)
    name = name or partition
    faults = _faults(found, name, partition, device, item, devices_per_unit)
    if faults:
        said = message(gettext_noop("The pool cannot be put on file so. Correct what is named above."))
        raise Invalid("sites.pool.invalid", said, faults=faults)
    given = {"item": item, "devices_per_unit": devices_per_unit}
    pool, is_new = Pool.objects.select_for_update().get_or_create(
        site=found, partition=partition, device=device, defaults={**given, "name": name, "created_at": now}
    )
    if not is_new:
        pool.item, pool.devices_per_unit = item, devices_per_unit
        pool.save(update_fields=["item", "devices_per_unit"])
    details = {"partition": partition, "device": device, **given}
    record(
        "sites.add_pool", f"{site}/{pool.name}", actor=actor.email, now=now, programme=found.programme, details=details
    )
    return pool


def _faults(site: Site, name: str, partition: str, device: str, item: str, devices_per_unit: int) -> list[Fault]:
    items = programme_on_file(site.programme).items
    taken = site.pools.filter(name=name).exclude(partition=partition, device=device).exists()
    checks = (
        (
            bool(_NAME.fullmatch(name)) and not taken,
            "name",
            name,
            gettext_noop("“{value}” is taken or cannot be a name."),
        ),
        (
            bool(_NAME.fullmatch(partition)),
            "partition",
            partition,
            gettext_noop("“{value}” cannot be a partition of a cluster."),
        ),
        (
            bool(_DEVICE.fullmatch(device)),
            "device",
            device,
            gettext_noop("“{value}” is no device with its type. Write it as the cluster does: gres/gpu:h800, or cpu."),
        ),
        (
            item in items,
            "item",
            item,
            gettext_noop("“{value}” is no price item of the programme. Those that there are: {known}."),
        ),
        (
            devices_per_unit >= 1,
            "devices_per_unit",
            str(devices_per_unit),
            gettext_noop("A unit of a price item has at least one device, not {value}."),
        ),
    )
    return [
        Fault(f"sites.pool.{field}", message(template, value=value, known=", ".join(items)), field=field, value=value)
        for is_right, field, value, template in checks
        if not is_right
    ]
