"""Scenarios × seeds, over all cores; what is done is kept by digest, so that a sweep goes on where it stopped."""

from __future__ import annotations

import json
import os
import tempfile
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from dataclasses import dataclass
from functools import cache, partial
from multiprocessing import get_context
from pathlib import Path
from typing import Any

from lionrock.kernel.errors import Conflict, Fault, Invalid, Unavailable, collecting
from lionrock.kernel.messages import gettext_noop, message
from lionrock.planning.domain.gangs import Machine
from lionrock.planning.domain.jobs import Jobs
from lionrock.planning.domain.pool import Passes, Policy
from lionrock.planning.replaying import Engine
from lionrock.planning.scenarios.answers import Answer, answer
from lionrock.planning.scenarios.comparing import Option, compare
from lionrock.planning.scenarios.keeping import from_data, to_data
from lionrock.planning.scenarios.measures import Outcome, outcome
from lionrock.planning.scenarios.reading import read_scenario
from lionrock.planning.scenarios.running import Engines, run
from lionrock.planning.scenarios.values import Scenario
from lionrock.terminal.output import to_json_line
from lionrock.terminal.progress import Progress

Told = Callable[[int], None]


@dataclass(frozen=True, slots=True)
class Part:
    """One part of so many of a sweep, counted from 0; the tasks of an array take one each."""

    number: int = 0
    of: int = 1


def place_of(folder: Path, scenario: Scenario, seed: int) -> Path:
    """Return where the outcome of a scenario with a seed is kept."""
    return folder / f"{scenario.id}-{scenario.digest[:16]}" / f"seed-{seed:04}.json"


def kept(folder: Path, scenario: Scenario, seed: int) -> Outcome | None:
    """Return an outcome that is kept; None if there is none, or half of one, or another scenario's."""
    try:
        data = json.loads(place_of(folder, scenario, seed).read_text("utf-8"))
        return from_data(data["outcome"]) if data["digest"] == scenario.digest else None
    except (OSError, ValueError, KeyError, TypeError):
        return None


def missing(folder: Path, scenarios: Sequence[Scenario], seeds: int) -> list[tuple[int, list[Scenario]]]:
    """Return the seeds that have work left, each with its scenarios: they share the jobs that a seed draws."""
    found = [(seed, [each for each in scenarios if kept(folder, each, seed) is None]) for seed in range(1, seeds + 1)]
    return [(seed, left) for seed, left in found if left]


def sweep(
    folder: Path,
    scenarios: Sequence[Scenario],
    seeds: int,
    *,
    told: Told,
    part: Part = Part(),
    processes: int | None = None,
    engine: Engine = Engine.FAST,
) -> None:
    """Simulate what is missing of one part, and tell how many outcomes there are after each."""
    work = [(seed, left) for seed, left in missing(folder, scenarios, seeds) if seed % part.of == part.number]
    done = len(scenarios) * sum(seed % part.of == part.number for seed in range(1, seeds + 1))
    done -= sum(len(left) for _, left in work)
    told(done)
    for count in _worked(work, partial(_keep, folder, engine), processes or len(os.sched_getaffinity(0))):
        done += count
        told(done)


Work = tuple[int, list[Scenario]]


def _worked(work: Sequence[Work], keep: Callable[[Work], int], processes: int) -> Iterator[int]:
    if processes == 1 or len(work) <= 1:
        yield from map(keep, work)
        return
    with ProcessPoolExecutor(min(processes, len(work)), get_context("spawn")) as pool:
        named = [(seed, [(each.file, each.rulebook, each.digest) for each in scenarios]) for seed, scenarios in work]
        for each in as_completed([pool.submit(partial(_keep_named, keep), one) for one in named]):
            yield each.result()


def _keep_named(keep: Callable[[Work], int], named: tuple[int, list[tuple[Path, Path, str]]]) -> int:
    """Do in a process of its own what another asked for by the names of files, unless they changed meanwhile."""
    seed, files = named
    scenarios = [_read_once(file, rulebook) for file, rulebook, _ in files]
    for scenario, (_, _, digest) in zip(scenarios, files, strict=True):
        if scenario.digest != digest:
            said = message(gettext_noop("{file} changed while it was simulated. Start again."), file=str(scenario.file))
            raise Conflict("planning.sweep.changed", said)
    return keep((seed, scenarios))


@cache
def _read_once(file: Path, rulebook: Path) -> Scenario:
    return read_scenario(file, rulebook)


def _keep(folder: Path, engine: Engine, work: Work) -> int:
    """Simulate scenarios with a seed, and keep each outcome whole or not at all."""
    seed, scenarios = work
    for scenario in scenarios:
        engines = Engines(partial(_starts, engine, scenario.policy), engine.operate)
        found = outcome(run(scenario, seed, engines))
        data = {"scenario": scenario.id, "digest": scenario.digest, "seed": seed, "outcome": to_data(found)}
        write_whole(place_of(folder, scenario, seed), to_json_line(data) + "\n")
    return len(scenarios)


def _starts(engine: Engine, policy: Policy, jobs: Jobs, capacity: int) -> Sequence[int]:
    if policy is Policy.CONSERVATIVE:
        return engine.conservative(jobs, capacity)
    if policy is Policy.SJF:
        return engine.gangs(jobs, Machine(capacity, 1), policy)
    return engine.pool(jobs, capacity, policy, Passes.EACH_TIME)


def write_whole(place: Path, text: str) -> None:
    """Write a file beside its place and rename it, so that nobody meets half of it; raises `Unavailable`."""
    try:
        place.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile("w", encoding="utf-8", dir=place.parent, delete=False) as file:
            file.write(text)
        Path(file.name).chmod(0o644)
        Path(file.name).replace(place)
    except OSError as wrong:
        said = message(
            gettext_noop("{file} cannot be written: {reason}. Name a place that can be written, with enough room."),
            file=str(place),
            reason=wrong.strerror or str(wrong),
        )
        raise Unavailable("planning.result.not_written", said) from wrong


def collect(folder: Path, scenarios: Sequence[Scenario], seeds: int) -> list[Option]:
    """Return the options with their outcomes; raises `Conflict` naming how much is missing."""
    left = sum(len(each) for _, each in missing(folder, scenarios, seeds))
    if left:
        said = message(
            gettext_noop("{left} of {whole} results are not in {folder} yet. Run the sweep again; it goes on there."),
            left=left,
            whole=len(scenarios) * seeds,
            folder=str(folder),
        )
        raise Conflict("planning.sweep.unfinished", said)
    return [Option(each, tuple(_read(folder, each, seeds))) for each in scenarios]


def _read(folder: Path, scenario: Scenario, seeds: int) -> Iterator[Outcome]:
    for seed in range(1, seeds + 1):
        found = kept(folder, scenario, seed)
        if found is not None:
            yield found


def read_all(files: Sequence[Path], rulebook: Path) -> list[Scenario]:
    """Return the scenarios of some files; raises `Invalid` with the faults of all of them."""
    faults: list[Fault] = []
    found = []
    for file in files:
        with collecting(faults):
            found.append(read_scenario(file, rulebook))
    if faults:
        raise Invalid("planning.scenario.faults", faults[0].message, faults=faults)
    return found


def run_sweep(
    scenarios: Sequence[Scenario],
    seeds: int,
    part: Part,
    *,
    results: Path,
    processes: int | None,
    engine: str,
) -> None:
    """Simulate what is missing, with progress."""
    whole = len(scenarios) * sum(seed % part.of == part.number for seed in range(1, seeds + 1))
    progress = Progress("scenarios", "results", whole)
    sweep(results, scenarios, seeds, told=progress, part=part, processes=processes, engine=Engine(engine))
    progress.finish(whole)


def compared(
    files: Sequence[Path], rulebook: Path, seeds: int | None, judged_by: str, *, results: Path, **how: Any
) -> Answer:
    """Return the answer of some files, after simulating what of it is missing."""
    scenarios = read_all(files, rulebook)
    seeds = seeds or scenarios[0].seeds
    run_sweep(scenarios, seeds, Part(), results=results, **how)
    return answer(compare(collect(results, scenarios, seeds), judged_by))
