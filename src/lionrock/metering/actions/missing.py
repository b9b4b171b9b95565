"""Runs that go on in the accounting alone: the cluster forgot them in a crash, and nobody will end them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Final

from django.db import transaction

from lionrock.kernel.errors import LionrockError
from lionrock.kernel.messages import gettext_noop
from lionrock.metering.actions.keeping import RUNAWAY
from lionrock.metering.models import HeldRow, MeteredRun
from lionrock.sites.models import Site

GRACE: Final = timedelta(minutes=10)
"""The end of a job reaches accounting some seconds after the cluster knows no more of the job, at times later."""

_SAID: Final = gettext_noop(
    "Job {job} goes on in the accounting since {start}, and the cluster itself knows no more of it: it was forgotten "
    "in a crash. It is not charged while that is so. Let `sacctmgr show runawayjobs` mend it on the cluster."
)


def mark_missing(site: Site, running: Callable[[], set[tuple[str, int]]], asked_at: datetime) -> None:
    """Mark the runs of a site that its cluster knows no more, and hold those for which that stays so.

    `running` says what the cluster runs; while it cannot say, nothing is marked.
    """
    going_on = list(MeteredRun.objects.filter(site=site, end__isnull=True))
    HeldRow.objects.filter(site=site, code=RUNAWAY).exclude(key__in=[run.key for run in going_on]).delete()
    if not going_on:
        return
    try:
        known = running()
    except LionrockError:
        return
    missing = [run for run in going_on if (run.key.split("@")[0], int(run.start.timestamp())) not in known]
    _mark(site, {run.pk for run in going_on} - {run.pk for run in missing}, missing, asked_at)


@transaction.atomic
def _mark(site: Site, found: set[int], missing: list[MeteredRun], asked_at: datetime) -> None:
    MeteredRun.objects.filter(pk__in=found, missing_since__isnull=False).update(missing_since=None)
    MeteredRun.objects.filter(pk__in=[run.pk for run in missing], missing_since__isnull=True).update(
        missing_since=asked_at
    )
    lasting = [run for run in missing if run.missing_since and asked_at - run.missing_since >= GRACE]
    back = HeldRow.objects.filter(site=site, code=RUNAWAY).exclude(key__in=[run.key for run in missing])
    back.delete()
    HeldRow.objects.bulk_create(
        [_held(site, run, asked_at) for run in lasting],
        update_conflicts=True,
        unique_fields=["site", "key"],
        update_fields=["seen_at"],
    )


def _held(site: Site, run: MeteredRun, asked_at: datetime) -> HeldRow:
    return HeldRow(
        site=site,
        key=run.key,
        job=run.job,
        code=RUNAWAY,
        template=_SAID,
        fields={"job": run.job, "start": run.start.isoformat()},
        raw=f"{run.job} {run.account} {run.partition} {run.state} {run.start.isoformat()} {run.tres}",
        since=asked_at,
        seen_at=asked_at,
    )
