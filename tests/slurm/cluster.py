"""A real Slurm on this machine, with accounting and typed GPUs that are made up."""

from __future__ import annotations

import fcntl
import os
import pwd
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from tests.slurm.clock import Clock, sweep
from tests.slurm.daemons import PATIENCE_SECONDS, Daemons, stop_processes_holding
from tests.slurm.layout import Group, Layout, free_ports, write

PROGRAMS = ("munged", "mungekey", "mariadbd", "mariadb-install-db", "slurmdbd", "slurmctld", "slurmd", "slurmrestd")
USERS = ("lr-ada", "lr-ben", "lr-service")
SERVICE_USER = "lr-service"
ACCOUNT = "test"
CHOICE = "LIONROCK_TEST_SLURM"
_WRITES_WITHIN_SECONDS = 0.5
"""What is being written down may be older by this than its file."""
_ENDS = {"COMPLETED", "FAILED", "CANCELLED", "TIMEOUT", "NODE_FAIL", "OUT_OF_MEMORY", "PREEMPTED", "BOOT_FAIL"}


def left_out() -> str:
    """Return why these tests are left out, or nothing: by choice, or because nodes start jobs as other users."""
    if os.environ.get(CHOICE) == "none":
        return f"{CHOICE} is none"
    return "it takes root" if os.geteuid() != 0 else ""


def why_not() -> str:
    """Return why no cluster can be had here, or nothing."""
    missing = [name for name in PROGRAMS if not shutil.which(name, path="/usr/sbin:/usr/bin:/sbin:/bin")]
    if missing:
        return f"Slurm is not installed ({', '.join(missing)}): setup/system-packages test installs it."
    return ""


@dataclass
class Cluster:
    """One cluster, in a folder of its own; `start` brings back whatever of it is not running."""

    layout: Layout
    users: tuple[str, ...] = USERS
    account: str = ACCOUNT
    _guard: subprocess.Popen[bytes] | None = field(default=None, repr=False)

    @classmethod
    def make(cls, folder: Path | None = None, *, at: datetime | None = None, **options: object) -> Cluster:
        """Make and start a new cluster; `options` are those of `Layout` (name, groups, conf, lua, enforce).

        With `at` it lives by a clock of its own, which begins there and can be put forward.
        """
        assert not why_not(), why_not()
        root = "/dev/shm" if os.access("/dev/shm", os.W_OK) else "/var/tmp"
        where = folder or _open_to_others(Path(tempfile.mkdtemp(prefix="lionrock-slurm-", dir=root))) / "c"
        groups: tuple[Group, ...] = options.get("groups", Layout(where).groups)  # type: ignore[assignment]
        ports = free_ports(5 + sum(group.nodes for group in groups))
        made = cls(Layout(where, ports=ports, **options))  # type: ignore[arg-type]
        _make_users()
        write(made.layout)
        if at:
            made.clock.put(at)
        made._guard = _guard(where)
        try:
            made.start()
            made._give_associations()
        except BaseException:
            made.purge()
            raise
        return made

    @property
    def folder(self) -> Path:
        return self.layout.folder

    @property
    def name(self) -> str:
        return self.layout.name

    @property
    def daemons(self) -> Daemons:
        return Daemons(self.folder)

    @property
    def clock(self) -> Clock:
        """The time that it lives by."""
        return Clock(self.folder)

    @property
    def connection(self) -> dict[str, object]:
        """How Lionrock reaches it: what `Site.connection` holds."""
        return {
            "conf": str(self.layout.slurm_conf),
            "cluster": self.name,
            "as_user": ["runuser", "-u", "{user}", "--"],
            "service_user": SERVICE_USER,
            "folder": str(self.folder / "shared"),
            "environment": {"PATH": self.clock.path},
        }

    @property
    def rest(self) -> str:
        """The address of its REST interface."""
        return f"http://127.0.0.1:{self.layout.restd_port}"

    # -- its daemons

    def start(self) -> None:
        """Start what is not running, in the order in which one needs the other, and wait until all answer."""
        self._start_munge()
        self._start_database()
        self._start_accounting()
        self._start("slurmctld", ["slurmctld", "-D"], port=self.layout.ports[0])
        for node in self.layout.nodes:
            if not self.is_running(f"slurmd-{node}"):
                self._spawn(f"slurmd-{node}", ["slurmd", "-D", "-N", node])
        self.daemons.wait(["slurmctld", *(f"slurmd-{node}" for node in self.layout.nodes)], self._all_nodes_answer)
        rest = ["slurmrestd", "-a", "rest_auth/jwt", f"127.0.0.1:{self.layout.restd_port}"]
        self._start("slurmrestd", rest, port=self.layout.restd_port, user="nobody", SLURM_JWT="daemon")

    def is_running(self, name: str) -> bool:
        """Tell whether a daemon lives: munged, mariadbd, slurmdbd, slurmctld, slurmrestd, slurmd-NODE."""
        return self.daemons.process(name) is not None

    def stop(self, *names: str) -> None:
        """Stop daemons as an administrator does."""
        for name in names:
            self.daemons.stop(name)

    def kill(self, *names: str) -> None:
        """Let daemons crash."""
        for name in names:
            self.daemons.stop(name, signal.SIGKILL)

    def purge(self) -> None:
        """Stop everything and remove the folder, whatever state it is in."""
        end(self.folder)
        if self._guard and self._guard.stdin:
            self._guard.stdin.close()
            self._guard.wait()

    # -- its programs

    def attempt(self, program: str, *arguments: str, user: str = "") -> subprocess.CompletedProcess[str]:
        """Run one of Slurm's programs, as root or as one of its users, and return how it went."""
        prefix = ["runuser", "-u", user, "--"] if user else []
        return subprocess.run(
            [*prefix, program, *arguments],
            env={"PATH": self.clock.path, "LANG": "C.UTF-8", "TZ": "UTC", **self._environment},
            cwd="/",
            capture_output=True,
            text=True,
            check=False,
            timeout=120,
        )

    def run(self, program: str, *arguments: str, user: str = "") -> str:
        """Run one of Slurm's programs and return what it printed; fails when it does."""
        done = self.attempt(program, *arguments, user=user)
        assert done.returncode == 0, f"{program} {arguments}: {done.stderr or done.stdout}"
        return done.stdout.strip()

    def submit(self, script: str, *options: str, user: str = USERS[0], account: str = ACCOUNT) -> str:
        """Submit a job of one line and return its number."""
        given = ["--parsable", "-A", account, "-D", "/tmp", "-o", "/dev/null", *options, "--wrap", script]
        return self.run("sbatch", *given, user=user).partition(";")[0]

    def state(self, job: str) -> str:
        """Return a job's state: the scheduler's word while it knows the job, then that of accounting."""
        known = self.attempt("squeue", "-h", "-t", "all", "-j", job, "-o", "%T").stdout.split()
        if known:
            return known[0]
        told = self.run("sacct", "-X", "-n", "-P", "-j", job, "-S", "2000-01-01", "-o", "State").splitlines()
        return told[-1].split()[0] if told else ""

    def wait(self, job: str, *states: str) -> str:
        """Wait until a job is in one of these states (without any: until it has ended) and return it."""
        wanted = set(states) or _ENDS
        self.until(lambda: self.state(job) in wanted, f"job {job} in {sorted(wanted)}, not {self.state(job)}")
        return self.state(job)

    def until(self, so: Callable[[], bool], what: str = "") -> None:
        """Wait until it is so; fail after a very long time."""
        until(so, what)

    def wait_until_saved(self) -> None:
        """Wait until slurmctld has written down what it knows now: what came later it forgets in a crash.

        It writes every five seconds, where a job has changed since: so one is made to change.
        """
        time.sleep(_WRITES_WITHIN_SECONDS)
        now = time.time()
        self.run("scancel", self.submit("true", "--hold"))
        saved = self.folder / "ctld" / "job_state"
        self.until(lambda: saved.exists() and saved.stat().st_mtime > now, "the state of slurmctld saved")

    def token(self, user: str, seconds: int = 3600) -> str:
        """Return a token with which the REST interface takes somebody for this user."""
        said = self.run("scontrol", "token", f"username={user}", f"lifespan={seconds}")
        return said.partition("=")[2]

    # -- one after the other

    @property
    def _environment(self) -> dict[str, str]:
        return {"SLURM_CONF": str(self.layout.slurm_conf)}

    def _start(self, name: str, command: list[str], *, port: int, user: str = "", **environment: str) -> bool:
        if self.is_running(name):
            return False
        self._spawn(name, command, user=user, **environment)
        self.daemons.wait([name], lambda: _listens(port))
        return True

    def _spawn(self, name: str, command: list[str], *, user: str = "", **environment: str) -> None:
        # Slurm's own daemons live by the cluster's clock; the database and munge care for no date.
        clock = self.clock.environment if name.startswith("slurm") else {}
        self.daemons.spawn(name, command, environment=self._environment | clock | environment, user=user)

    def _start_munge(self) -> None:
        run = self.folder / "run"
        if not self.is_running("munged"):
            for left in run.glob("munge.sock*"):
                left.unlink()
            etc, log = self.folder / "etc", self.folder / "log" / "munged.log"
            command = ["munged", "--foreground", f"--socket={run}/munge.sock", f"--key-file={etc}/munge.key"]
            # munged wants its key to be its own.
            (etc / "munge.key").chmod(0o600)
            command += [f"--pid-file={run}/munged.own", f"--seed-file={etc}/munge.seed", f"--log-file={log}"]
            self.daemons.spawn("munged", [*command, "--num-threads=10"])
            self.daemons.wait(["munged"], (run / "munge.sock").exists)

    def _start_database(self) -> None:
        made = self.folder / "etc" / "database-made"
        if not made.exists():
            self._make_database()
            made.touch()
        port = self.layout.ports[2]
        # Nothing is kept for the time after a power cut: the data is test data.
        options = ["--skip-log-bin", "--performance-schema=OFF", "--innodb-buffer-pool-size=256M"]
        options += ["--innodb-log-file-size=64M", "--innodb-lock-wait-timeout=900", "--innodb-doublewrite=0"]
        options += ["--innodb-flush-log-at-trx-commit=0", "--max-allowed-packet=64M", "--skip-name-resolve"]
        where = [f"--datadir={self.folder}/db", f"--socket={self._socket}", "--bind-address=127.0.0.1"]
        where += [f"--port={port}", f"--pid-file={self.folder}/run/mysql/own.pid"]
        if self._start("mariadbd", ["mariadbd", "--no-defaults", "--user=mysql", *where, *options], port=port):
            password = (self.folder / "etc" / "db.password").read_text()
            self.sql(
                "CREATE DATABASE IF NOT EXISTS slurm_acct; "
                f"CREATE USER IF NOT EXISTS slurm@127.0.0.1 IDENTIFIED BY '{password}'; "
                "GRANT ALL ON slurm_acct.* TO slurm@127.0.0.1"
            )

    def _make_database(self) -> None:
        command = ["mariadb-install-db", "--no-defaults", "--user=mysql", f"--datadir={self.folder}/db"]
        command += ["--skip-test-db", "--auth-root-authentication-method=socket", "--skip-name-resolve"]
        subprocess.run(command, cwd="/", capture_output=True, check=True)

    def sql(self, statement: str) -> str:
        """Run a statement in the database of the accounting, as its administrator."""
        command = ["mariadb", "--no-defaults", f"--socket={self._socket}", "--user=root", "-N", "-B", "-e", statement]
        return subprocess.run(command, capture_output=True, text=True, check=True, cwd="/").stdout

    @property
    def _socket(self) -> Path:
        return self.folder / "run" / "mysql" / "sock"

    def _start_accounting(self) -> None:
        if self._start("slurmdbd", ["slurmdbd", "-D"], port=self.layout.ports[1]):
            known = self.run("sacctmgr", "-nP", "show", "cluster", "format=cluster").split()
            if self.name not in known:
                self.run("sacctmgr", "-i", "add", "cluster", self.name)

    def _all_nodes_answer(self) -> bool:
        states = self.attempt("sinfo", "-hN", "-o", "%T").stdout.split()
        # A star marks a node that does not answer (yet).
        return bool(states) and not any("*" in state or "unk" in state for state in states)

    def _give_associations(self) -> None:
        self.run("sacctmgr", "-i", "add", "account", self.account, "description=test", "organization=test")
        self.run("sacctmgr", "-i", "add", "user", ",".join(self.users), f"account={self.account}")


def until(so: Callable[[], bool], what: str = "") -> None:
    """Wait until it is so; fail after a very long time."""
    deadline = time.monotonic() + 2 * PATIENCE_SECONDS
    while not so():
        assert time.monotonic() < deadline, f"this never came to be: {what}"
        time.sleep(0.1)


def _listens(port: int) -> bool:
    with socket.socket() as tried:
        return tried.connect_ex(("127.0.0.1", port)) == 0


def _make_users() -> None:
    """Make the Unix users whose jobs run, where they are not there yet; they stay, without home or password."""
    with open("/run/lock/lionrock-test-users", "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        there = {entry.pw_name for entry in pwd.getpwall()}
        for user in USERS:
            if user not in there:
                subprocess.run(["useradd", "--no-create-home", "--shell", "/bin/sh", user], check=True, cwd="/")


def _guard(folder: Path) -> subprocess.Popen[bytes]:
    """Start a process that ends the cluster when we are gone, however we went: it sees the end of a pipe."""
    return subprocess.Popen(
        [sys.executable, "-m", "tests.slurm", "guard", str(folder)],
        cwd=Path(__file__).parents[2],
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )


def end(folder: Path) -> None:
    """Stop what runs under a folder, jobs first while there is somebody to end them, and remove it."""
    if not (folder / "run").is_dir():
        return
    daemons = Daemons(folder)
    for name in sorted(daemons.names(), key=_order):
        daemons.stop(name, signal.SIGKILL)
    stop_processes_holding(folder)
    sweep()
    shutil.rmtree(folder, ignore_errors=True)
    if folder.parent.name.startswith("lionrock-slurm-"):
        shutil.rmtree(folder.parent, ignore_errors=True)


def _order(name: str) -> int:
    order: Iterable[str] = ("slurmctld", "slurmd-", "slurmrestd", "slurmdbd", "mariadbd", "munged")
    return next(place for place, start in enumerate(order) if name.startswith(start))


def _open_to_others(made: Path) -> Path:
    """Let the daemons' own users into a folder that we have just made; no other folder's mode is ours to change."""
    made.chmod(0o755)
    return made
