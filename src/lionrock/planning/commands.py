"""`lionrock plan`: replay traces through scheduling policies."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from fractions import Fraction
from pathlib import Path
from typing import Any

import click

from lionrock.planning.domain import pool
from lionrock.planning.domain.cleaning import Cleaned, clean
from lionrock.planning.domain.jobs import Estimates, Unit
from lionrock.planning.domain.pool import Passes, Policy
from lionrock.planning.domain.summary import Summary, summarise
from lionrock.planning.kernel import fast
from lionrock.planning.schedules import write_starts
from lionrock.planning.traces.reading import read_trace
from lionrock.terminal.output import Table, json_option, show

_ENGINES = {"fast": fast.starts, "reference": pool.starts}


@click.group()
def plan() -> None:
    """Planning: replay."""


@plan.command()
@click.argument("trace", type=click.Path(path_type=Path))
@click.option("--capacity", required=True, type=click.IntRange(1, 2**53), help="Units of the pool.")
@click.option("--policy", required=True, type=click.Choice([each.value for each in Policy]))
@click.option(
    "--unit",
    type=click.Choice([each.value for each in Unit]),
    help="What the pool is made of (default: the first that jobs ask for).",
)
@click.option(
    "--estimates",
    type=click.Choice([each.value for each in Estimates]),
    default=Estimates.REQUESTED.value,
    show_default=True,
    help="How long the scheduler believes that jobs run.",
)
@click.option(
    "--passes",
    type=click.Choice([each.value for each in Passes]),
    default=Passes.EACH_TIME.value,
    show_default=True,
    help="When it looks at the queue.",
)
@click.option(
    "--engine",
    type=click.Choice(list(_ENGINES)),
    default="fast",
    show_default=True,
    help="The kernel in C, or the readable definition: same schedules.",
)
@click.option("--starts", type=click.Path(path_type=Path), help="Write job_id and start of each job as Parquet.")
@json_option
def replay(
    trace: Path,
    capacity: int,
    policy: str,
    unit: str | None,
    estimates: str,
    passes: str,
    engine: str,
    starts: Path | None,
    as_json: bool,
) -> None:
    """Replay a trace on one pool of equal units, and tell how long jobs waited.

    TRACE is a file in the Standard Workload Format or in Parquet.

    Example: lionrock plan replay kth-sp2-1996.parquet --capacity 100 --policy easy --starts starts.parquet
    """
    rows = read_trace(trace, Unit(unit) if unit else None)
    cleaned = clean(rows, capacity, Estimates(estimates))
    schedule = _ENGINES[engine](cleaned.jobs, capacity, Policy(policy), Passes(passes))
    if starts:
        write_starts(starts, cleaned.jobs.ids, schedule)
    found = summarise(cleaned.jobs, schedule, capacity)
    if as_json:
        show(_data(cleaned, found, capacity, rows.unit), "", as_json=True)
    else:
        show(None, _told(cleaned, found, capacity, rows.unit), as_json=False)


def _data(cleaned: Cleaned, found: Summary, capacity: int, unit: Unit) -> dict[str, object]:
    return {
        "capacity": capacity,
        "unit": unit.value,
        "rows": cleaned.rows,
        "left_out": {why.name.lower(): count for why, count in cleaned.left_out.items()},
        "changed": {what.name.lower(): count for what, count in cleaned.changed.items()},
        "jobs": found.jobs,
        "jobs_that_waited": found.waited,
        "mean_wait_seconds": _decimal(found.mean_wait, 3),
        "median_wait_seconds": found.median_wait,
        "longest_wait_seconds": found.longest_wait,
        "first_submit": found.first_submit,
        "last_end": found.last_end,
        "used_unit_seconds": found.used,
        "capacity_unit_seconds": found.capacity,
        "utilisation": _decimal(found.utilisation, 6),
    }


def _told(cleaned: Cleaned, found: Summary, capacity: int, unit: Unit) -> str:
    return "\n".join(
        [
            f"{cleaned.rows:,} rows; {found.jobs:,} jobs replayed on {capacity:,} {unit.value}",
            *_counts("left out", cleaned.left_out),
            *_counts("replayed", cleaned.changed),
            "",
            Table(["wait", "jobs that waited", "mean", "median", "longest"], [_waits(found)]).render(),
            "",
            _use(found, unit),
        ]
    )


def _use(found: Summary, unit: Unit) -> str:
    share, hours = _decimal(found.utilisation * 100, 2), found.capacity // 3600
    span = f"from second {found.first_submit:,} (first submission) to {found.last_end:,} (last end)"
    return f"{share}% of {hours:,} {unit.value[:-1]}-hours used, {span}"


def _waits(found: Summary) -> Sequence[str]:
    times = (_decimal(found.mean_wait, 1), f"{found.median_wait:,}", f"{found.longest_wait:,}")
    return ["seconds", f"{found.waited:,}", *times]


def _counts(head: str, counts: Mapping[Any, int]) -> Iterable[str]:
    return (f"{head}: {count:,} {what}" for what, count in counts.items())


def _decimal(value: Fraction, places: int) -> str:
    """Return a fraction with so many decimals, half away from zero."""
    scale = 10**places
    shifted = (abs(value) * scale * 2 + 1) // 2
    return f"{'-' if value < 0 else ''}{shifted // scale}.{shifted % scale:0{places}}"
