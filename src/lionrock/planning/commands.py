"""`lionrock plan`: replay traces through scheduling policies."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from enum import StrEnum
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import click

from lionrock.planning.domain.jobs import Estimates, Unit
from lionrock.planning.domain.pool import Passes, Policy
from lionrock.planning.domain.priority import Priority
from lionrock.planning.domain.summary import Summary, fixed, summarise
from lionrock.planning.generating import generate as generate_trace
from lionrock.planning.replaying import Engine, Replay, Wish
from lionrock.planning.replaying import replay as replay_trace
from lionrock.planning.schedules import write_starts
from lionrock.planning.sweep_commands import array_, books_, collect_, compare_, fit_, publish, scenario, trace_
from lionrock.terminal.output import Table, json_option, show

PRIORITY = frozenset({"age", "fair_share", "size", "max_age", "half_life", "period"})
"""What can be said of a priority: weights, and seconds."""
FILE = click.Path(path_type=Path)


def _one_of(choices: type[StrEnum]) -> click.Choice[str]:
    return click.Choice([each.value for each in choices])


@click.group()
def plan() -> None:
    """Planning: replay, generate; trace, fit, books, scenario, array, collect, compare, publish."""


for _each in (trace_, fit_, books_, scenario, array_, collect_, compare_, publish):
    plan.add_command(_each)


@plan.command()
@click.argument("trace", type=FILE)
@click.option("--capacity", type=click.IntRange(1, 2**40), help="Units of one pool.")
@click.option("--per-node", type=click.IntRange(1, 2**20), help="The units stand in nodes of so many; jobs are gangs.")
@click.option("--machine", type=FILE, help="Or a file of virtual clusters: vc, nodes, gpus_per_node.")
@click.option("--policy", required=True, type=_one_of(Policy), help="Who is first, and who may pass the first.")
@click.option("--unit", type=_one_of(Unit), help="What is counted (default: the first of these that jobs ask for).")
@click.option(
    "--estimates",
    type=_one_of(Estimates),
    default=Estimates.REQUESTED.value,
    show_default=True,
    help="How long the scheduler believes that jobs run.",
)
@click.option(
    "--passes",
    type=_one_of(Passes),
    default=Passes.EACH_TIME.value,
    show_default=True,
    help="When it looks at the queue.",
)
@click.option(
    "--priority",
    callback=lambda _context, _option, said: _priority(said) if said else None,
    help="Queue by Slurm's multifactor priority: weights such as age=1000,fair_share=10000 (see the docs).",
)
@click.option(
    "--engine",
    type=_one_of(Engine),
    default=Engine.FAST.value,
    show_default=True,
    help="The kernel in C, or the readable definition: same schedules.",
)
@click.option("--time-zone", help="Where the local times of Slurm's accounting are, such as Asia/Hong_Kong.")
@click.option("--starts", type=FILE, help="Write job_id and start of each job as Parquet.")
@json_option
def replay(trace: Path, starts: Path | None, as_json: bool, **asked: Any) -> None:
    """Replay a trace by a policy, and tell how long jobs waited.

    TRACE is a file in the Standard Workload Format (plain or gzip), in Parquet, or of sacct --parsable2.

    Example: lionrock plan replay kth-sp2-1996.parquet --capacity 100 --policy easy --starts starts.parquet
    """
    done = replay_trace(trace, _wish(**asked))
    if starts:
        write_starts(starts, done.cleaned.jobs.ids, done.starts)
    if as_json:
        show(_data(done), "", as_json=True)
    else:
        show(None, "\n".join(_told(done)), as_json=False)


@plan.command()
@click.argument("trace", type=FILE)
@click.option("--weeks", required=True, type=click.IntRange(1, 10_000), help="How long the new trace is to be.")
@click.option("--load", default=100, show_default=True, type=click.IntRange(1, 100_000), help="Per cent of the users.")
@click.option("--seed", default=1, show_default=True, help="Another seed draws other weeks.")
@click.option("--unit", type=_one_of(Unit), help="What is counted (default: the first of these that jobs ask for).")
@click.option("--time-zone", help="Where the local times of Slurm's accounting are, such as Asia/Hong_Kong.")
@click.option("--into", required=True, type=FILE, help="Write the new trace here, as Parquet.")
def generate(trace: Path, unit: str | None, time_zone: str | None, load: int, **asked: Any) -> None:
    """Make a trace of weeks that users had in another: as long as one wants, and with as many users.

    Example: lionrock plan generate ricc-2010.parquet --weeks 104 --load 150 --into grown.parquet
    """
    zone = _zone(time_zone) if time_zone else None
    made = generate_trace(trace, percent=load, unit=Unit(unit) if unit else None, zone=zone, **asked)
    click.echo(f"{made:,} jobs in {asked['weeks']:,} weeks: {asked['into']}")


def _wish(
    policy: str, unit: str | None, estimates: str, passes: str, engine: str, time_zone: str | None, **where: Any
) -> Wish:
    return Wish(
        policy=Policy(policy),
        unit=Unit(unit) if unit else None,
        estimates=Estimates(estimates),
        passes=Passes(passes),
        engine=Engine(engine),
        zone=_zone(time_zone) if time_zone else None,
        **where,
    )


def _priority(said: str) -> Priority:
    try:
        numbers = {name.strip(): int(number) for name, _, number in (part.partition("=") for part in said.split(","))}
        if not numbers.keys() <= PRIORITY:
            raise ValueError(said)
        return Priority(**numbers)  # type: ignore[arg-type]
    except (TypeError, ValueError) as wrong:
        names = ", ".join(sorted(PRIORITY))
        raise click.BadParameter(f"“{said}” is no list of name=number; the names are {names}.") from wrong


def _zone(name: str) -> ZoneInfo:
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError) as wrong:
        raise click.BadParameter(f"“{name}” is no time zone; say one such as Asia/Hong_Kong.") from wrong


def _summaries(done: Replay) -> Iterator[tuple[str, Summary]]:
    """Yield each virtual cluster and what its schedule comes to."""
    for part in done.parts:
        yield part.name, summarise(part.jobs, [done.starts[place] for place in part.places], part.machine.capacity)


def _data(done: Replay) -> dict[str, object]:
    cleaned = done.cleaned
    return {
        "capacity": done.capacity,
        "unit": done.unit.value,
        "rows": cleaned.rows,
        "left_out": {why.name.lower(): count for why, count in cleaned.left_out.items()},
        "changed": {what.name.lower(): count for what, count in cleaned.changed.items()},
        **_numbers(summarise(cleaned.jobs, done.starts, done.capacity)),
        "clusters": {name: _numbers(found) for name, found in _summaries(done)},
    }


def _numbers(found: Summary) -> dict[str, object]:
    return {
        "jobs": found.jobs,
        "jobs_that_waited": found.waited,
        "mean_wait_seconds": fixed(found.mean_wait, 3),
        "median_wait_seconds": found.median_wait,
        "longest_wait_seconds": found.longest_wait,
        "first_submit": found.first_submit,
        "last_end": found.last_end,
        "used_unit_seconds": found.used,
        "capacity_unit_seconds": found.capacity,
        "utilisation": fixed(found.utilisation, 6),
    }


def _told(done: Replay) -> Iterator[str]:
    cleaned, found = done.cleaned, summarise(done.cleaned.jobs, done.starts, done.capacity)
    yield f"{cleaned.rows:,} rows; {found.jobs:,} jobs replayed on {done.capacity:,} {done.unit.value}"
    yield from _counts("left out", cleaned.left_out)
    yield from _counts("replayed", cleaned.changed)
    yield ""
    names = ["virtual cluster", "jobs", "waited", "mean wait, s", "median", "longest", "used"]
    rows = [_row(name, each) for name, each in [*_summaries(done), ("all", found)]]
    yield Table(names, rows, right=frozenset(names[1:])).render()
    yield ""
    yield _denominator(done, found)


def _denominator(done: Replay, found: Summary) -> str:
    whole = f"the {found.capacity // 3600:,} {done.unit.value[:-1]}-hours" if not done.parts else "all unit-hours"
    span = f"from the first submission (second {found.first_submit:,}) to the last end ({found.last_end:,})"
    return f"Used is a share of {whole} {span}{', of each cluster its own' if done.parts else ''}."


def _row(name: str, found: Summary) -> list[str]:
    return [
        name,
        f"{found.jobs:,}",
        f"{found.waited:,}",
        fixed(found.mean_wait, 1),
        f"{found.median_wait:,}",
        f"{found.longest_wait:,}",
        f"{fixed(found.utilisation * 100, 2)}%",
    ]


def _counts(head: str, counts: Mapping[Any, int]) -> Iterable[str]:
    return (f"{head}: {count:,} {what}" for what, count in counts.items())
