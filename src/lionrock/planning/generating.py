"""Writes traces that are made from others, in the layout that the planner reads."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from random import Random
from zoneinfo import ZoneInfo

from lionrock.planning.domain.jobs import Label, Trace, Unit
from lionrock.planning.domain.resampling import resample
from lionrock.planning.schedules import write_rows
from lionrock.planning.traces.reading import read_trace

NOBODY = frozenset({"", "unknown", "u-1"})
"""What traces write where they do not name the user."""


def users_of(trace: Trace) -> list[str]:
    """Return the user of each row; one that is not named counts as the only job of its user."""
    return [f"{user} {row}" if user in NOBODY else user for row, user in enumerate(trace.labels)]


def generate(
    file: Path,
    into: Path,
    *,
    weeks: int,
    percent: int,
    seed: int,
    unit: Unit | None = None,
    zone: ZoneInfo | None = None,
) -> int:
    """Write so many weeks of load like that of a trace, and return how many jobs there are.

    A job whose user is not named counts as the only job of its user, so that it is drawn by itself.
    """
    trace = read_trace(file, unit, label=Label.USER, zone=zone)
    columns = dict.fromkeys(("job_id", "submit_time", "duration", trace.unit.value, "requested_time"), "BIGINT")
    columns |= {"user": "VARCHAR", "source_job_id": "BIGINT"}
    # The same weeks for the same seed is what is wanted here; nothing is to be kept secret.
    drawn = resample(trace.submit, users_of(trace), weeks=weeks, percent=percent, random=Random(seed))  # noqa: S311
    made = 0

    def rows() -> Iterator[tuple[int | str, ...]]:
        nonlocal made
        for made, (row, submit) in enumerate(drawn, 1):
            numbers = made, submit, trace.duration[row], trace.demand[row], trace.requested[row]
            yield *numbers, trace.labels[row], trace.ids[row]

    write_rows(into, columns, rows())
    return made
