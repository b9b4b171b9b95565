"""The close of a large month: how fast, in how much memory, and killed at random moments: `python -m bench.closing`.

A home of its own is filled, and copied. In one the month is closed undisturbed; in the other the command is
killed with SIGKILL at random moments of its work, and gone on with each time. What both have written in the end
(lines, postings, documents, audit) is compared row by row, and so is the month closed by the readable path, run by
run, when the month is small enough for that.
"""

from __future__ import annotations

import re
import tempfile
import threading
import time
from pathlib import Path

import click
from tests.integration.large_month import CLOSE, LargeHome, Times, Watch, kill_again_and_again

from lionrock.terminal.output import Table

ACCOUNTS = 200
BY_RUN_AT_MOST = 1_000_000

BY_RUN = """
from lionrock.config.cli import connect
connect()
from lionrock.charging import reckoning
reckoning.MANY = 10**12
"""
"""Has the readable path close the month, whatever its size."""


class Peak:
    """The peak memory of a process in kilobytes, asked for again and again while it runs."""

    def __init__(self) -> None:
        self.kilobytes = 0

    def follow(self, watch: Watch) -> None:
        """Look at the process that the watch has begun, until it ends."""
        while watch.process is None:
            time.sleep(0.01)
        status = Path(f"/proc/{watch.process.pid}/status")
        while watch.process.poll() is None:
            found = re.findall(r"VmHWM:\s+(\d+) kB", status.read_text()) if status.exists() else []
            self.kilobytes = max([self.kilobytes, *map(int, found)])
            time.sleep(0.05)


def _undisturbed(home: LargeHome, script: str = "") -> tuple[Times, int]:
    watch, peak = Watch(home, script), Peak()
    follower = threading.Thread(target=peak.follow, args=[watch])
    follower.start()
    times = watch.undisturbed()
    follower.join()
    return times, peak.kilobytes


def _same(what: str, found: object, wanted: object) -> None:
    if found != wanted:
        raise click.ClickException(f"{what} differs: {found} instead of {wanted}")


def _row(what: str, size: int, times: Times, peak: int) -> list[str]:
    steps = [times.frozen, times.rated - times.frozen, times.closed - times.rated]
    at_once = times.frozen == times.closed
    shown = ["", "", f"{times.closed:.1f}"] if at_once else [f"{step:.1f}" for step in steps]
    return [what, f"{size / times.closed:,.0f}", *shown, f"{peak // 1024:,} MB"]


@click.command()
@click.option("--runs", default=200_000, show_default=True, help="Runs in the month: 10000000 takes half an hour.")
@click.option("--kills", default=20, show_default=True)
@click.option("--seed", default=5, show_default=True)
@click.option("--folder", type=click.Path(path_type=Path), help="Where to work: some 2 KB a run.")
def bench(runs: int, kills: int, seed: int, folder: Path | None) -> None:
    """Close a large month undisturbed and killed again and again; the results have to be the same."""
    with tempfile.TemporaryDirectory(prefix="lionrock-bench-", dir=folder) as inside:
        filled, homes = LargeHome(Path(inside) / "filled"), []
        began = time.perf_counter()
        filled.fill(runs, ACCOUNTS)
        filled.gone()
        click.echo(f"{runs:,} runs of {ACCOUNTS} accounts put on file in {time.perf_counter() - began:.0f} s")
        try:
            homes.append(killed := filled.copied(Path(inside) / "killed"))
            times, peak = _undisturbed(filled)
            rows = [_row("in parts, undisturbed", runs, times, peak)]
            wanted = filled.result()
            if runs <= BY_RUN_AT_MOST:
                homes.append(by_run := killed.copied(Path(inside) / "by-run"))
                rows.append(_row("run by run, the readable path", runs, *_undisturbed(by_run, BY_RUN)))
                _same("what the readable path wrote", by_run.result(), wanted)
            kill_again_and_again(Watch(killed, ""), times, kills, seed)
            killed.good(*CLOSE)
            _same(f"what was written after {kills} kills", killed.result(), wanted)
            killed.good("ledger", "check")
        finally:
            for home in (filled, *homes):
                home.gone()
    headings = [f"closing {runs:,} runs", "runs a second", "frozen after s", "rated in s", "written in s", "peak"]
    click.echo(Table(headings, rows, right=frozenset(headings[1:])).render())
    written = ", ".join(f"{count:,} {name}" for name, (count, _) in wanted.items())
    click.echo(f"\nKilled at {kills} random moments and gone on with: the same, row by row ({written}).\n")


if __name__ == "__main__":
    bench()
