"""Lionrock's own usage as a trace: the runs of a programme that were submitted in some months, users by pseudonym."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from pathlib import Path
from typing import Final

from django.db.models import F, Q

from lionrock.charging.models import RecordedRun
from lionrock.kernel.periods import Interval, Month
from lionrock.ledger.queries import programme_seen
from lionrock.metering.models import Collection, MeteredRun
from lionrock.people.domain import Actor
from lionrock.planning.domain.jobs import UNKNOWN
from lionrock.planning.schedules import write_rows

COLUMNS: Final = {
    "job_id": "BIGINT",
    "user": "VARCHAR",
    "vc": "VARCHAR",
    "submit_time": "BIGINT",
    "duration": "BIGINT",
    "gpus": "BIGINT",
    "requested_time": "BIGINT",
    "recorded_wait": "BIGINT",
}
_GPUS: Final = "gres/gpu="
_LEASE: Final = "LEASE"
_BATCH: Final = 2_000


@dataclass(frozen=True, slots=True)
class _Ran:
    submitted: datetime
    start: datetime
    end: datetime
    user: str
    where: str
    gpus: int
    waited: int


def write_usage(viewer: Actor, programme: str, first: Month, last: Month, into: Path) -> int:
    """Write what was submitted from one month to another as Parquet, and return how many runs there are.

    From where a cluster's accounting is read on, that alone counts there; elsewhere what is on file for charging,
    which does not say when a run was submitted, so that its start stands in. What still runs is left out.
    Raises `NotFound` for whoever does not work for the programme.
    """
    zone = programme_seen(viewer, programme).zone
    span = Interval(first.interval(zone).start, last.interval(zone).end)
    found = sorted([*_metered(programme, span), *_recorded(programme, span)], key=lambda ran: ran.submitted)
    write_rows(into, COLUMNS, _rows(found))
    return len(found)


def _rows(found: list[_Ran]) -> Iterator[tuple[object, ...]]:
    for number, ran in enumerate(found, 1):
        since = int((ran.submitted - found[0].submitted).total_seconds())
        length = int((ran.end - ran.start).total_seconds())
        yield number, ran.user, ran.where, since, length, ran.gpus, UNKNOWN, ran.waited


def _metered(programme: str, span: Interval) -> Iterator[_Ran]:
    runs = MeteredRun.objects.filter(
        site__programme=programme, submitted__gte=span.start, submitted__lt=span.end
    ).values_list("submitted", "start", "end", "account", "username", "partition", "tres")
    for submitted, start, end, account, username, partition, tres in runs.iterator(chunk_size=_BATCH):
        if end is not None:
            waited = int((start - submitted).total_seconds())
            yield _Ran(submitted, start, end, _pseudonym(account, username), partition, _gpus(tres), waited)


def _recorded(programme: str, span: Interval) -> Iterator[_Ran]:
    read = Collection.objects.filter(site__programme=programme).annotate(code=F("site__code"))
    metered = Q()
    for each in read:
        metered |= Q(site=each.code, start__gte=each.since)
    runs = RecordedRun.objects.filter(
        programme=programme, standing=True, interim=False, start__gte=span.start, start__lt=span.end
    ).exclude(state=_LEASE)
    runs = runs.exclude(metered) if metered else runs
    for run in runs.only("start", "end", "account", "site", "devices").iterator(chunk_size=_BATCH):
        units = sum(int(count) for count in run.devices.values())
        yield _Ran(run.start, run.start, run.end, _pseudonym(run.account), run.site, units, UNKNOWN)


def _gpus(tres: str) -> int:
    """Return the GPUs in what a cluster says it allocated, such as "cpu=8,gres/gpu=2,gres/gpu:h800=2"."""
    counts = [part.removeprefix(_GPUS) for part in tres.split(",") if part.startswith(_GPUS)]
    return int(counts[0]) if counts and counts[0].isdecimal() else 0


def _pseudonym(*names: str) -> str:
    """Return the same word for the same names, which does not tell them to whoever reads the trace."""
    return "u" + sha256("\0".join(names).encode()).hexdigest()[:12]
