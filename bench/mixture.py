"""A mixture of jobs on a real Slurm while everything crashes: nothing may be lost, and nothing counted twice."""

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
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from tests.slurm.cluster import Cluster

    from lionrock.metering.actions.collecting import Collected
    from lionrock.metering.models import Reconciliation

HEADINGS = ["a mixture of jobs, with crashes in between", "count"]
HOUR = timedelta(hours=1)
OUTSIDERS = "test"
ACCOUNTING = "slurm_acct"
_SETTLED_SECONDS = 8
"""Slurm hands on what it knows within five."""
_WAVE = 100
"""Jobs between two crashes."""
_LOOKS_AFTER_SECONDS = 20
"""So often an administrator looks after the jobs that a crash has left behind."""


@dataclass
class Mixture:
    """Jobs of every kind, and crashes of the controller, the accounting, the collector and the database."""

    cluster: Cluster
    home: Path
    count: int
    random: random.Random
    crashes: dict[str, int] = field(default_factory=dict)
    submitted: int = 0
    looked_after: float = 0.0
    runaway: int = 0
    put_right: Counter[str] = field(default_factory=Counter)

    def run(self) -> list[list[str]]:
        """Run it all, and return what it came to; fails where anything is lost or twice."""
        began = datetime.now(UTC).replace(minute=0, second=0, microsecond=0)
        with self._collector():
            for wave, share in enumerate(self._waves()):
                self._submit(share)
                self._crash(wave)
                self._wait(_WAVE)
                self._say(f"wave {wave + 1}: {self.submitted} jobs, crashes {dict(self.crashes)}")
            self._wait(0)
            self._mend_the_accounting()
        return self._compare(began)

    def _waves(self) -> list[int]:
        waves = max(4, self.count // _WAVE)
        return [self.count // waves + (number < self.count % waves) for number in range(waves)]

    # -- jobs

    def _submit(self, share: int) -> None:
        arrays, single = share * 3 // 4, share - share * 3 // 4
        while arrays > 0:
            size = min(arrays, 50)
            self._batch("sleep $((1 + SLURM_ARRAY_TASK_ID % 4))", f"--array=1-{size}", "--gres=gpu:h800:1")
            self.submitted, arrays = self.submitted + size, arrays - size
        for number in range(single):
            KINDS[number % len(KINDS)](self)
            self.submitted += 1

    def _batch(self, script: str, *options: str, partition: str = "h800") -> str:
        from tests.metering.world import ACCOUNT  # noqa: PLC0415

        account = ACCOUNT if self.random.random() < 0.8 else OUTSIDERS
        user = self.random.choice(self.cluster.users[:2])
        given = ("-p", partition, "-t", "2", *options)
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
            # Every second time it forgets what it learned last, jobs and all.
            if kind == "slurmctld" and self.crashes[kind] % 2:
                self.cluster.wait_until_saved()
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

    def _wait(self, most: int) -> None:
        """Wait until few jobs are left, as an administrator does who looks after what the crashes left."""
        deadline = time.monotonic() + 300 + self.count
        while len(waiting := self._waiting()) > most:
            for line in waiting:
                self._let_go(*line.split(maxsplit=2))
            if time.monotonic() - self.looked_after > _LOOKS_AFTER_SECONDS:
                self.looked_after = time.monotonic()
                self._look_after_nodes()
                self._say(f"wait or run: {dict(Counter(line.split(maxsplit=1)[1] for line in waiting))}")
            if time.monotonic() > deadline:
                raise TimeoutError(f"jobs still there: {waiting[:5]}")
            time.sleep(1)

    def _mend_the_accounting(self) -> None:
        """End the jobs that the controller has forgotten: they run on in the accounting until somebody does."""
        time.sleep(_SETTLED_SECONDS)
        said = self.cluster.run("sacctmgr", "-i", "show", "runawayjobs", f"cluster={self.cluster.name}")
        self.runaway = sum(line.split()[:1] != [] and line.split()[0].isdecimal() for line in said.splitlines())

    def _waiting(self) -> list[str]:
        return self._patiently(lambda: self.cluster.run("squeue", "-h", "-r", "-o", "%i %t %r")).splitlines()

    def _let_go(self, job: str, state: str, reason: str) -> None:
        """Do what a daemon that was just away has refused: a job must not wait for ever."""
        if state == "S":
            self.cluster.attempt("scontrol", "resume", job)
        elif reason == "launch failed requeued held":
            self.cluster.attempt("scontrol", "release", job)
        elif reason.startswith("JobHeld"):
            self.cluster.attempt("scancel", job)

    def _look_after_nodes(self) -> None:
        """Bring back nodes that drained since they were given a job twice, and have all of them say what they run.

        A job whose end was not written down before a crash runs on for the controller until its node
        registers again, or its time is up.
        """
        for line in self.cluster.run("sinfo", "-h", "-N", "-o", "%N %T %E").splitlines():
            node, state, reason = line.split(maxsplit=2)
            if state.startswith(("drain", "down")):
                self.put_right[reason] += 1
                self.cluster.attempt("scontrol", "update", f"nodename={node}", "state=resume")
        self.cluster.attempt("scontrol", "reconfigure")

    def _say(self, text: str) -> None:
        click.echo(f"{datetime.now(UTC):%H:%M:%S} {text}", err=True)

    # -- what it came to

    def _compare(self, began: datetime) -> list[list[str]]:
        from django.db.models import F  # noqa: PLC0415 - needs settings

        from lionrock.charging.models import RecordedRun  # noqa: PLC0415
        from lionrock.metering.models import HeldRow, MeteredRun  # noqa: PLC0415

        collected = collect_settled()
        kept = {
            (int(run.key.split("@")[0]), int(run.key.split("@")[1]), *_span(run.start, run.end))
            for run in MeteredRun.objects.exclude(outcome="empty")
        }
        truth = self._in_slurm()
        told = Counter(MeteredRun.objects.filter(outcome="charged").values_list("key", "start", "end"))
        # A run that the accounting has taken back stands with no length.
        standing = RecordedRun.objects.filter(standing=True, end__gt=F("start"))
        charged = Counter(standing.values_list("cluster_key", "start", "end"))
        done = reconcile_now(self.cluster, began)
        agrees = all(hour.agrees for hour in done)
        twice = ((charged - told) + (told - charged)).total()
        rows: list[list[object]] = [
            ["jobs submitted", self.submitted],
            ["crashes", ", ".join(f"{name} {times}" for name, times in sorted(self.crashes.items()))],
            ["nodes brought back", ", ".join(f"{reason} {times}" for reason, times in sorted(self.put_right.items()))],
            ["forgotten by the controller", self.runaway],
            ["runs that Slurm's database has", len(truth)],
            ["of these not here (lost)", len(truth - kept)],
            ["here and not there", len(kept - truth)],
            ["runs of awards here", told.total()],
            ["charged more or less often than once", twice],
            ["device-seconds by sreport", _added_up(hour.reported for hour in done)],
            ["device-seconds counted", _added_up(hour.counted for hour in done)],
            ["agrees with sreport to the second", agrees],
            ["held", collected.tally["held"]],
        ]
        if truth != kept or twice or not agrees or HeldRow.objects.exists():
            held = list(HeldRow.objects.values_list("code", "job", "raw"))
            raise SystemExit(
                f"lost, twice or held: {rows} {held} {[hour.differences for hour in done]} {sorted(truth ^ kept)[:20]}"
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
