"""What a job that has ended used, as the record that is charged."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from lionrock.charging.usage_files.rows import NONE_LESS, Origin, UsageRecord
from lionrock.sites.drivers.protocol import JobState


@dataclass(frozen=True, slots=True)
class EndedJob:
    """The facts of a job that ran and ended."""

    code: str
    site: str
    account: str
    award: str
    devices: Mapping[str, int]
    state: JobState
    started: datetime
    ended: datetime


def usage_of(job: EndedJob) -> UsageRecord:
    """Return the job's use, in whole seconds as clusters account for it.

    It starts on the second in which the job started and lasts the whole seconds that were measured: a
    broken second is never billed. The state goes along, and charging knows which ones are not billed.
    """
    start = job.started.replace(microsecond=0)
    return UsageRecord(
        site=job.site,
        job=job.code,
        start=start,
        end=start + timedelta(seconds=(job.ended - job.started) // timedelta(seconds=1)),
        account=job.account,
        award=job.award,
        devices=dict(job.devices),
        device_seconds=NONE_LESS,
        state=job.state.value,
        revision=1,
        interim=False,
        origin=Origin(job.code, 1),
        cluster_key="",
    )
