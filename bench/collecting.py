"""Collecting what a real Slurm accounts for: a mixture of jobs with crashes in between, and 100,000 rows.

`python -m bench.collecting --jobs 2000 --rows 100000`; it needs root and Slurm (tests/slurm/README.md).
"""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from bench.books import database
from bench.measuring import wall
from lionrock.terminal.output import Table

if TYPE_CHECKING:
    from tests.charging.books import Books
    from tests.slurm.cluster import Cluster

    from lionrock.metering.actions.collecting import Collected
    from lionrock.metering.models import Reconciliation

HEADINGS = ["collecting", "rows a second", "÷ sacct"]
MIXED_HEADINGS = ["a mixture of jobs, with crashes in between", "count"]
HOUR = timedelta(hours=1)
OUTSIDERS = "test"
_SETTLED_SECONDS = 8
"""Slurm saves what it knows and hands it on within five: a crash after that forgets no job."""


@click.command()
@click.option("--jobs", default=2000, show_default=True, help="Jobs of the mixture; 0 leaves it out.")
@click.option("--rows", default=100_000, show_default=True, help="Rows of accounting to collect; 0 leaves them out.")
@click.option("--seed", default=1, show_default=True)
def main(jobs: int, rows: int, seed: int) -> None:
    """Run a mixture of jobs while everything crashes, and collect many rows of accounting."""
    with database() as home:
        for headings, table in measure(home, jobs=jobs, rows=rows, seed=seed):
            click.echo(Table(headings, table, right=frozenset(headings[1:])).render() + "\n")


def measure(home: Path, *, jobs: int, rows: int, seed: int = 1) -> Iterator[tuple[list[str], list[list[str]]]]:
    """Yield headings and rows of each table; there must be a database."""
    from tests.slurm.cluster import Cluster, why_not  # noqa: PLC0415 - needs root

    if reason := why_not():
        click.echo(reason, err=True)
        return
    cluster = Cluster.make()
    try:
        books = put_programme(home, cluster)
        if jobs:
            yield MIXED_HEADINGS, Mixture(cluster, books, home, jobs, random.Random(seed)).run()  # noqa: S311 - jobs, not secrets
        if rows:
            yield HEADINGS, collect_many(cluster, rows)
    finally:
        cluster.purge()


def put_programme(home: Path, cluster: Cluster) -> Books:
    """Put a programme with a metered award on file, whose site is the cluster, and make the award's account there."""
    from tests.charging.books import HOUR as PRICED  # noqa: PLC0415 - needs settings
    from tests.charging.books import Books  # noqa: PLC0415
    from tests.metering.world import ACCOUNT, put_awards, put_site  # noqa: PLC0415

    prices: dict[str, Mapping[str, Any]] = {"gpu": PRICED, "pod": {"sku": "pod", "versions": [["2000-01-01", "16.00"]]}}
    books = Books(home / "rulebook", prices=prices)
    put_awards(books)
    put_site(cluster.connection, created_at=datetime.now(UTC) - HOUR)
    cluster.run("sacctmgr", "-i", "add", "account", ACCOUNT)
    for user in cluster.users:
        cluster.run("sacctmgr", "-i", "add", "user", user, f"account={ACCOUNT}")
    return books


@dataclass
class Mixture:
    """Jobs of every kind, and crashes of the controller, the accounting, the collector and the database."""

    cluster: Cluster
    books: Books
    home: Path
    count: int
    random: random.Random
    crashes: dict[str, int] = field(default_factory=dict)
    submitted: int = 0

    def run(self) -> list[list[str]]:
        """Run it all, and return what it came to; fails where anything is lost or twice."""
        began = datetime.now(UTC).replace(minute=0, second=0, microsecond=0)
        with self._collector():
            for wave, share in enumerate(self._waves()):
                self._submit(share)
                self._crash(wave)
            self._wait_for_all()
        return self._compare(began)

    def _waves(self) -> list[int]:
        waves = max(4, self.count // 250)
        return [self.count // waves + (number < self.count % waves) for number in range(waves)]

    # -- jobs

    def _submit(self, share: int) -> None:
        arrays, single = share * 3 // 4, share - share * 3 // 4
        while arrays > 0:
            size = min(arrays, 50)
            self._batch("sleep $((RANDOM % 4))", f"--array=1-{size}", "--gres=gpu:h800:1")
            self.submitted, arrays = self.submitted + size, arrays - size
        for number in range(single):
            KINDS[number % len(KINDS)](self)
            self.submitted += 1

    def _batch(self, script: str, *options: str, partition: str = "h800") -> str:
        from tests.metering.world import ACCOUNT  # noqa: PLC0415

        account = ACCOUNT if self.random.random() < 0.8 else OUTSIDERS
        user = self.random.choice(self.cluster.users[:2])
        given = ("-p", partition, "-t", "5", *options)
        return self._patiently(lambda: self.cluster.submit(script, *given, user=user, account=account))

    def _patiently(self, act: Callable[[], str]) -> str:
        """Do something that a daemon which is just away refuses."""
        for _ in range(60):
            try:
                return act()
            except (AssertionError, subprocess.SubprocessError):
                time.sleep(1)
        return act()

    def plain(self) -> None:
        """Run some seconds on some cards."""
        self._batch(f"sleep {self.random.randrange(4)}", f"--gres=gpu:h800:{self.random.randrange(1, 5)}")

    def failing(self) -> None:
        """End with an exit code."""
        self._batch("sleep 1; exit 3", "--gres=gpu:a100:2", partition="a100")

    def cancelled(self) -> None:
        """Be cancelled, waiting or running."""
        job = self._batch("sleep 30", "--gres=gpu:a100:1", partition="a100")
        self.cluster.attempt("scancel", job)

    def held(self) -> None:
        """Be cancelled without ever having been allowed to run."""
        self.cluster.attempt("scancel", self._batch("true", "--gres=gpu:h800:1", "--hold"))

    def requeued(self) -> None:
        """Be put back while it runs, where it has begun by then."""
        job = self._batch("sleep 3", "--gres=gpu:a100:3", "--requeue", partition="a100")
        self.cluster.attempt("scontrol", "requeue", job)

    def suspended(self) -> None:
        """Stop for a while, where it has begun by then."""
        job = self._batch("sleep 3", "--gres=gpu:h800:2")
        threading.Timer(3, self.cluster.attempt, ("scontrol", "suspend", job)).start()
        threading.Timer(6, self.cluster.attempt, ("scontrol", "resume", job)).start()

    def without_devices(self) -> None:
        """Use processors alone."""
        self._batch("sleep 1")

    # -- crashes

    def _crash(self, wave: int) -> None:
        kind = ("slurmctld", "slurmdbd", "database", "node")[wave % 4]
        self.crashes[kind] = self.crashes.get(kind, 0) + 1
        if kind == "database":
            self._crash_database()
        elif kind == "node":
            self.cluster.attempt("scontrol", "update", "nodename=a100-2", "state=down", "reason=crash")
            time.sleep(1)
            self.cluster.attempt("scontrol", "update", "nodename=a100-2", "state=resume")
        else:
            if kind == "slurmctld":
                time.sleep(_SETTLED_SECONDS)
            self.cluster.kill(kind)
            time.sleep(2)
            self.cluster.start()

    def _crash_database(self) -> None:
        from django.db import connections  # noqa: PLC0415

        from lionrock.database import ensure_running  # noqa: PLC0415

        connections.close_all()
        pid = int((self.home / "postgres" / "data" / "postmaster.pid").read_text().split()[0])
        os.kill(pid, signal.SIGKILL)
        for _ in range(100):
            with suppress(Exception):
                ensure_running(self.home, None)
                return
            time.sleep(0.5)

    @contextmanager
    def _collector(self) -> Iterator[None]:
        """Have two collectors at work, each killed every few seconds and started again."""
        stop = threading.Event()
        threads = [threading.Thread(target=self._collect_and_die, args=(stop,)) for _ in range(2)]
        for thread in threads:
            thread.start()
        try:
            yield
        finally:
            stop.set()
            for thread in threads:
                thread.join()

    def _collect_and_die(self, stop: threading.Event) -> None:
        environment = os.environ | {"LIONROCK_RULEBOOK": str(self.home / "rulebook")}
        words = [sys.executable, "-m", "lionrock", "metering", "collect", "--site", "north", "--watch", "1"]
        while not stop.is_set():
            process = subprocess.Popen(words, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
            stop.wait(self.random.uniform(4, 9))
            process.kill()
            process.wait()
            self.crashes["collector"] = self.crashes.get("collector", 0) + 1

    def _wait_for_all(self) -> None:
        deadline = time.monotonic() + 60 + self.count
        while waiting := self._patiently(lambda: self.cluster.run("squeue", "-h", "-o", "%A %t %r")).splitlines():
            for line in waiting:
                self._let_go(*line.split(maxsplit=2))
            for nodes in ("h800-[1-2]", "a100-[1-2]"):
                self.cluster.attempt("scontrol", "update", f"nodename={nodes}", "state=resume")
            if time.monotonic() > deadline:
                raise TimeoutError(f"jobs still there: {waiting[:5]}")
            time.sleep(1)
        time.sleep(_SETTLED_SECONDS)

    def _let_go(self, job: str, state: str, reason: str) -> None:
        """Do what a daemon that was just away has refused: a job must not wait for ever."""
        if state == "S":
            self.cluster.attempt("scontrol", "resume", job)
        elif reason.startswith("JobHeld"):
            self.cluster.attempt("scancel", job)

    # -- what it came to

    def _compare(self, began: datetime) -> list[list[str]]:
        from lionrock.charging.models import RecordedRun  # noqa: PLC0415
        from lionrock.metering.models import HeldRow, MeteredRun  # noqa: PLC0415

        collected = collect_settled()
        kept = {
            (int(run.key.split("@")[0]), int(run.key.split("@")[1]), *_span(run.start, run.end))
            for run in MeteredRun.objects.exclude(outcome="empty")
        }
        truth = self._in_slurm()
        told = MeteredRun.objects.filter(outcome="charged")
        standing = RecordedRun.objects.filter(standing=True, interim=False)
        done = reconcile_now(self.cluster, began)
        agrees = all(hour.agrees for hour in done)
        twice = standing.count() - told.count()
        rows: list[list[object]] = [
            ["jobs submitted", self.submitted],
            ["crashes", ", ".join(f"{name} {times}" for name, times in sorted(self.crashes.items()))],
            ["runs that Slurm's database has", len(truth)],
            ["of these not here (lost)", len(truth - kept)],
            ["here and not there", len(kept - truth)],
            ["runs of awards here", told.count()],
            ["charged more or less often than once", twice],
            ["device-seconds by sreport", _added_up(hour.reported for hour in done)],
            ["device-seconds counted", _added_up(hour.counted for hour in done)],
            ["agrees with sreport to the second", agrees],
            ["held", collected.tally["held"]],
        ]
        if truth != kept or twice or not agrees:
            held = Counter(HeldRow.objects.values_list("code", flat=True))
            raise SystemExit(
                f"lost or twice: {rows} {held} {[hour.differences for hour in done]} {sorted(truth ^ kept)[:20]}"
            )
        return [[str(cell) for cell in row] for row in rows]

    def _in_slurm(self) -> set[tuple[int, int, int, int]]:
        said = self.cluster.sql(
            f"SELECT id_job, time_submit, time_start, time_end FROM {ACCOUNTING}.{self.cluster.name}_job_table "  # noqa: S608
            "WHERE time_start > 0 AND (time_end = 0 OR time_end > time_start)"
        )
        rows = (tuple(map(int, line.split())) for line in said.splitlines())
        return {(job, submit, start, end) for job, submit, start, end in rows}


KINDS: tuple[Callable[[Mixture], None], ...] = (
    Mixture.plain,
    Mixture.failing,
    Mixture.cancelled,
    Mixture.requeued,
    Mixture.held,
    Mixture.suspended,
    Mixture.without_devices,
)
ACCOUNTING = "slurm_acct"


def _span(start: datetime, end: datetime | None) -> tuple[int, int]:
    return int(start.timestamp()), int(end.timestamp()) if end else 0


def _added_up(totals: Iterable[Mapping[str, int]]) -> str:
    """Return "device seconds, …" of several hours."""
    sums: Counter[str] = Counter()
    for each in totals:
        sums.update(each)
    return ", ".join(f"{device} {seconds:,}" for device, seconds in sorted(sums.items()))


def collect_now() -> Collected:
    """Read all that there is."""
    from tests.metering.world import ADMIN, SITE  # noqa: PLC0415 - needs settings

    from lionrock.metering.actions import collect  # noqa: PLC0415

    return collect(actor=ADMIN, site=SITE, now=datetime.now(UTC))


def collect_settled() -> Collected:
    """Read until the accounting has the end of everything: after a crash it holds rows back for some seconds."""
    from lionrock.metering.models import HeldRow, MeteredRun  # noqa: PLC0415 - needs settings

    for _ in range(60):
        found = collect_now()
        if not HeldRow.objects.exists() and not MeteredRun.objects.filter(end__isnull=True).exists():
            return found
        time.sleep(1)
    return collect_now()


def reconcile_now(cluster: Cluster, began: datetime) -> list[Reconciliation]:
    """Have Slurm add up each hour up to this one, which is not over, and compare it.

    sreport takes an end that is to come for the hour's beginning, and a span of less than an hour for one hour.
    """
    from tests.metering.world import ADMIN, SITE  # noqa: PLC0415 - needs settings

    from lionrock.metering.actions import reconcile  # noqa: PLC0415

    now = datetime.now(UTC)
    hours = [began + HOUR * number for number in range(int((now - began) / HOUR) + 1)]
    for hour in hours:
        cluster.run("sacctmgr", "-i", "rollup", *(f"{at:%Y-%m-%dT%H:%M:%S}" for at in (hour, hour + HOUR)))
    time.sleep(3)
    return [reconcile(actor=ADMIN, site=SITE, now=now, start=hour, end=hour + HOUR) for hour in hours]


# -- many rows


def collect_many(cluster: Cluster, rows: int) -> list[list[str]]:
    """Return the rows of a table: sacct alone, collecting, collecting again, rating."""
    from lionrock.metering.models import MeteredRun  # noqa: PLC0415 - needs settings

    put_rows(cluster, rows)
    before = MeteredRun.objects.count()
    alone = wall("sacct alone, the same windows one after the other", rows, lambda: _sacct_alone(cluster))
    ours = wall("collected: read, identified, told to charging", rows, collect_many_now)
    found = MeteredRun.objects.count() - before
    if found < rows:
        raise SystemExit(f"{rows} rows were put there, and {found} runs found")
    again = wall("collected again: nothing changes", rows, collect_many_now)
    rated = wall("rated: the month as it stands", rows, _rate)
    return [one.row(alone) for one in (alone, ours, again, rated)]


def put_rows(cluster: Cluster, rows: int) -> None:
    """Put so many finished jobs of the award into the accounting's own database, over the last five days."""
    from tests.metering.world import ACCOUNT  # noqa: PLC0415

    job = cluster.submit("sleep 2", "-p", "h800", "--gres=gpu:h800:2", account=ACCOUNT)
    cluster.wait(job)
    table = f"{ACCOUNTING}.{cluster.name}_job_table"
    there = f"SELECT count(*) FROM {table} WHERE id_job = {job} AND time_end > time_start AND id_qos > 0"  # noqa: S608
    while cluster.sql(there).strip() == "0":
        time.sleep(0.5)
    names = cluster.sql(
        "SELECT column_name FROM information_schema.columns "  # noqa: S608
        f"WHERE table_schema = '{ACCOUNTING}' AND table_name = '{cluster.name}_job_table'"
    ).split()
    now = int(time.time()) - 600
    begins = f"({now} - (seq * 432000 DIV {rows}))"
    changed = {
        "job_db_inx": "seq + 10000000",
        "id_job": "seq + 1000000",
        "time_submit": f"{begins} - 5",
        "time_eligible": f"{begins} - 5",
        "time_start": begins,
        "time_end": f"{begins} + 1 + seq % 300",
    }
    values = ", ".join(changed.get(name, f"`{name}`") for name in names)
    columns = ", ".join(f"`{name}`" for name in names)
    cluster.sql(
        f"INSERT INTO {table} ({columns}) SELECT {values} FROM {table} JOIN {ACCOUNTING}.seq_1_to_{rows} "  # noqa: S608
        f"WHERE id_job = {job} LIMIT {rows}"
    )


def _five_days() -> tuple[datetime, datetime]:
    now = datetime.now(UTC)
    return now - timedelta(days=6), now


def _sacct_alone(cluster: Cluster) -> None:
    from lionrock.metering.actions.asking import _ASKED  # noqa: PLC0415
    from lionrock.metering.domain.windows import windows  # noqa: PLC0415
    from lionrock.sites.slurm.commands import Slurm  # noqa: PLC0415

    since, now = _five_days()
    slurm = Slurm(cluster.connection)
    for window in windows(since, now, overlap=timedelta()):
        span = (f"--starttime=uts{int(window.start.timestamp())}", f"--endtime=uts{int(window.end.timestamp())}")
        for _ in slurm.lines("sacct", f"--clusters={slurm.cluster}", *_ASKED, *span):
            pass


def collect_many_now() -> object:
    """Read the last six days."""
    from tests.metering.world import ADMIN, SITE  # noqa: PLC0415 - needs settings

    from lionrock.metering.actions import collect  # noqa: PLC0415

    since, now = _five_days()
    return collect(actor=ADMIN, site=SITE, now=now, since=since)


def _rate() -> object:
    from tests.charging.books import PROGRAMME  # noqa: PLC0415 - needs settings

    from lionrock.charging.basis import load_basis  # noqa: PLC0415
    from lionrock.charging.reckoning import reckon  # noqa: PLC0415
    from lionrock.kernel.periods import Month  # noqa: PLC0415

    basis = load_basis(PROGRAMME)
    return reckon(PROGRAMME, Month.of(datetime.now(UTC), basis.zone), basis)


if __name__ == "__main__":
    main()
