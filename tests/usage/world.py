"""Runs on a cluster and on file, in a line each."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any

from tests.charging.books import PROGRAMME
from tests.metering.world import ACCOUNT, SITE

from lionrock.metering.models import Collection, MeteredRun
from lionrock.people.domain import Role, terminal_operator
from lionrock.sites.models import Pool, Site

OPERATOR = terminal_operator("root")
NOW = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)
READ_SINCE = datetime(2026, 11, 1, tzinfo=UTC)
HOUR = timedelta(hours=1)
GPU = "gres/gpu:h800"
_numbers = count(1)


def read_up_to(through: datetime = NOW, since: datetime = READ_SINCE) -> Collection:
    """Say that the cluster's accounting was read."""
    return Collection.objects.create(site=Site.objects.get(code=SITE), since=since, through=through)


def ran(start: datetime, seconds: int | None, *, gpus: int = 2, **facts: Any) -> MeteredRun:
    """Put a run on file as the cluster accounts for it; it goes on when it has no seconds."""
    number = next(_numbers)
    end = None if seconds is None else start + timedelta(seconds=seconds)
    given: dict[str, Any] = {
        "site": Site.objects.get(code=SITE),
        "key": f"{number}@{int(start.timestamp())}",
        "job": str(number),
        "account": ACCOUNT,
        "username": "u",
        "partition": "h800",
        "state": "COMPLETED" if end else "RUNNING",
        "submitted": start - timedelta(minutes=number),
        "start": start,
        "end": end,
        "busy": seconds or 0,
        "tres": f"billing=8,cpu=8,gres/gpu={gpus},{GPU}={gpus},mem=64G,node=1",
        "nodes": 1,
        "outcome": "charged",
        "read_at": NOW,
    }
    return MeteredRun.objects.create(**(given | facts))


def nodes(pool: str, number: int, each: int) -> None:
    """Say what a pool has."""
    Pool.objects.filter(name=pool).update(nodes=number, devices_per_node=each)


__all__ = ["PROGRAMME", "Role"]
