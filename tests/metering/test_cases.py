"""Every case of the accounting that is known, in both versions: which runs it comes to, and what charging has."""

from __future__ import annotations

from typing import Any

import pytest
from tests.charging.books import Books
from tests.metering.recorded import Recorded, cases, rows_of
from tests.metering.world import ADMIN, SITE, at

from lionrock.charging.models import RecordedRun
from lionrock.metering.actions import collect
from lionrock.metering.models import HeldRow, MeteredRun

ALL = cases()


def test_each_case_is_there_in_both_versions() -> None:
    assert {version for _, version, _ in ALL} == {"22.05", "24.11"}
    assert len({name for name, _, _ in ALL}) * 2 == len(ALL) >= 40


@pytest.mark.parametrize(("name", "version", "case"), ALL, ids=[f"{name} {version}" for name, version, _ in ALL])
def test_a_case_comes_to_its_runs(books: Books, cluster: Recorded, name: str, version: str, case: Any) -> None:
    for answer in case["answers"]:
        cluster.rows = rows_of(answer)
        collect(actor=ADMIN, site=SITE, now=at(latest(cluster) + 30))
    assert runs() == sorted(map(tuple, case["runs"]), key=str)
    assert charged() == [run for run in runs() if run[2] != "–" and run[5] != "nothing"]
    assert held() == unpriced(case)


def latest(cluster: Recorded) -> int:
    """Return the last instant that an answer names, but that of a job which is to begin in years."""
    times = [int(text) for row in cluster.rows for text in row[9:13] if text.isdecimal()]
    return max([time for time in times if time < 1_800_000_000], default=1_795_360_000)


def runs() -> list[tuple[object, ...]]:
    """Return what is kept of runs that have a length."""
    kept = MeteredRun.objects.exclude(outcome="empty")
    return sorted(
        [
            (
                run.job,
                int(run.start.timestamp()),
                int(run.end.timestamp()) if run.end else "–",
                run.busy,
                run.state,
                devices(run.tres),
            )
            for run in kept
        ],
        key=str,
    )


def devices(tres: str) -> str:
    amounts = dict(part.rpartition("=")[::2] for part in tres.split(","))
    for device, item, per in (("gres/gpu:h800", "gpu", 1), ("gres/gpu:a100", "pod", 2)):
        if device in amounts:
            return f"{item}={-(-int(amounts[device]) // per)}"
    return "nothing"


def charged() -> list[tuple[object, ...]]:
    """Return what stands in charging."""
    found = []
    for record in RecordedRun.objects.filter(standing=True, interim=False):
        assert (record.account, record.award, record.site) == ("u1", "AW-2026-0001", SITE)
        ((item, units),) = record.devices.items()
        span = int((record.end - record.start).total_seconds())
        busy = record.device_seconds.get(item, units * span) // units
        start = int(record.start.timestamp())
        found.append((record.job, start, start + span, busy, record.state, f"{item}={units}"))
    return sorted(found, key=str)


def unpriced(case: Any) -> list[str]:
    """Return the jobs that ran in the partition "cpu", which the site does not sell."""
    ran = {row[1] for answer in case["answers"] for row in rows_of(answer) if row[6] == "cpu" and int(row[13])}
    return sorted(ran)


def held() -> list[str]:
    rows = HeldRow.objects.order_by("key")
    assert {row.code for row in rows} <= {"metering.row.pool"}
    return [row.job for row in rows]
