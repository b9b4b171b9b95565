"""Asking a cluster: its accounting line by line, what it accounts for, and what it runs now."""

from __future__ import annotations

import queue
import threading
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from lionrock.kernel.periods import Interval
from lionrock.metering.domain.columns import DELIMITER, NEEDED, check_columns, check_tracked, places
from lionrock.metering.domain.rows import Outcome, Reader
from lionrock.sites.slurm.commands import Slurm

BATCH: Final = 20_000
"""Rows in one transaction: what a kill loses at most, and reads again."""
_AHEAD: Final = 4
"""Batches that are read while one is written down."""
_NUMBERS: Final = 500
"""Jobs asked for by number at a time: a command line has an end."""
SACCT_SECONDS: Final = 1800

_ASKED: Final = (
    "--allusers",
    "--duplicates",
    "--allocations",
    "--parsable2",
    f"--delimiter={DELIMITER}",
    f"--format={','.join(NEEDED)}",
)


@dataclass(frozen=True, slots=True)
class Batch:
    """Lines of one answer, read. `window` is what was asked for (None: by number), `last` says that it is its end."""

    outcomes: Sequence[Outcome]
    window: Interval | None
    asked_at: datetime
    last: bool


def check_accounting(slurm: Slurm, devices: Iterable[str]) -> None:
    """Check that the cluster's accounting has every column and device that is counted.

    Raises `Refused` naming what it lacks, `Unavailable` when it is away.
    """
    check_columns(slurm.run("sacct", "--helpformat").split(), slurm.cluster)
    said = slurm.run("sacctmgr", "--noheader", "--parsable2", "show", "tres", "format=type,name")
    tracked = {":".join(filter(None, line.split("|"))).replace("gres:", "gres/", 1) for line in said.splitlines()}
    check_tracked(devices, tracked, slurm.cluster)


def ask(slurm: Slurm, windows: Iterable[Interval], now: datetime, *, batch: int = BATCH) -> Iterator[Batch]:
    """Yield what ran in each window, in batches, the next ones read while one is worked upon; `now` is when.

    Raises `Unavailable` where the cluster breaks off; what came before stays valid.
    """
    return _ahead(_windows(slurm, windows, now, batch))


def ask_for(slurm: Slurm, numbers: Iterable[str], now: datetime, *, batch: int = BATCH) -> Iterator[Batch]:
    """Yield what the accounting has of jobs by their numbers, whenever they ran."""
    wanted = sorted(set(numbers))
    for at in range(0, len(wanted), _NUMBERS):
        yield from _answer(slurm, None, [f"--jobs={','.join(wanted[at : at + _NUMBERS])}"], now, batch)


def running_now(slurm: Slurm) -> set[tuple[str, int]]:
    """Return (job number, start in seconds since 1970) of all that the cluster's controller knows as begun."""
    said = slurm.run("squeue", "--noheader", "--all", "--format=%A %S")
    pairs = (line.split() for line in said.splitlines())
    return {(pair[0], int(pair[1])) for pair in pairs if len(pair) == 2 and pair[1].isdecimal()}


def _windows(slurm: Slurm, windows: Iterable[Interval], now: datetime, batch: int) -> Iterator[Batch]:
    for window in windows:
        start, end = int(window.start.timestamp()), -int(-window.end.timestamp() // 1)
        yield from _answer(slurm, window, [f"--starttime=uts{start}", f"--endtime=uts{end}"], now, batch)


def _answer(
    slurm: Slurm, window: Interval | None, which: Sequence[str], asked_at: datetime, batch: int
) -> Iterator[Batch]:
    lines = slurm.lines("sacct", f"--clusters={slurm.cluster}", *_ASKED, *which, seconds=SACCT_SECONDS)
    header = next(lines, "")
    reader = Reader(places(header, slurm.cluster), len(header.split(DELIMITER)), slurm.cluster, asked_at)
    read: list[Outcome] = []
    for line in lines:
        if len(read) == batch:
            yield Batch(read, window, asked_at, last=False)
            read = []
        read.append(reader.read(line))
    yield Batch(read, window, asked_at, last=True)


def _ahead(batches: Iterator[Batch]) -> Iterator[Batch]:
    """Yield what another thread reads, which is ahead by a few batches and never more."""
    waiting: queue.Queue[Batch | BaseException | None] = queue.Queue(_AHEAD)
    stopped = threading.Event()

    def put(thing: Batch | BaseException | None) -> None:
        while not stopped.is_set():
            try:
                waiting.put(thing, timeout=0.2)
            except queue.Full:
                continue
            return

    def read() -> None:
        try:
            for each in batches:
                put(each)
                if stopped.is_set():
                    return
            put(None)
        except BaseException as error:
            put(error)

    thread = threading.Thread(target=read, name="sacct", daemon=True)
    thread.start()
    try:
        while (each := waiting.get()) is not None:
            if isinstance(each, BaseException):
                raise each
            yield each
    finally:
        stopped.set()
        thread.join()
