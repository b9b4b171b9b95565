"""A programme with one metered award, whose site is a cluster."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime
from typing import Any

from tests.calls.world import holder
from tests.charging.books import PROGRAMME, Books

from lionrock.awards.models import Award
from lionrock.people.domain import Role
from lionrock.sites.models import Pool, Site

ADMIN = holder(Role.CLUSTER_ADMIN, PROGRAMME)
SITE = "north"
AWARD, ACCOUNT = "AW-2026-0001", "aw-2026-0001"
LEASE, LEASED = "AW-2026-0002", "aw-2026-0002"


def at(seconds: int) -> datetime:
    """Return the instant of so many seconds since 1970."""
    return datetime.fromtimestamp(seconds, UTC)


def put_site(connection: Mapping[str, object], *, created_at: datetime) -> Site:
    """Put a cluster on file that sells its h800 GPUs as the item "gpu", one each, and its a100 as "pod" of two."""
    site = Site.objects.create(
        code=SITE,
        name="North",
        time_zone="Asia/Hong_Kong",
        programme=PROGRAMME,
        driver="slurm",
        connection=dict(connection),
        created_at=created_at,
    )
    for partition, item, per in (("h800", "gpu", 1), ("a100", "pod", 2)):
        Pool.objects.create(
            site=site,
            name=partition,
            partition=partition,
            item=item,
            device=f"gres/gpu:{partition}",
            devices_per_unit=per,
            created_at=created_at,
        )
    return site


def put_awards(books: Books) -> Award:
    """Put a metered award and a lease on file, of the organisation u1."""
    whole: dict[str, Any] = {
        "valid_from": date(2026, 1, 1),
        "valid_to": date(2028, 1, 1),
        "accept_by": date(2026, 1, 1),
    }
    lease = whole | {"mode": "lease"}
    books.put_award(LEASE, **lease)
    return books.put_award(AWARD, **whole)
