"""Starting and stopping the processes of a test cluster, known by process id and start time."""

from __future__ import annotations

import os
import signal
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

_STATE, _START_TICK = 0, 19
PATIENCE_SECONDS = 90


def start_tick(process: int) -> int | None:
    """Return when a process was started, in ticks since the machine's start; None for a dead one.

    Beside the process id it tells a process from a later one that was given the same id.
    """
    try:
        stat = (Path("/proc") / str(process) / "stat").read_text()
    except OSError:
        return None
    fields = stat.rpartition(") ")[2].split()
    return None if fields[_STATE] == "Z" else int(fields[_START_TICK])


class Daemons:
    """The processes under one folder: run/NAME.pid holds id and start time, log/NAME.out what it printed."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def process(self, name: str) -> int | None:
        """Return the id of a daemon that lives, None of one that does not."""
        try:
            process, tick = (int(word) for word in (self.folder / "run" / f"{name}.pid").read_text().split())
        except (OSError, ValueError):
            return None
        return process if start_tick(process) == tick else None

    def names(self) -> list[str]:
        """Return the daemons that were started and not stopped since."""
        return [path.stem for path in sorted((self.folder / "run").glob("*.pid"))]

    def spawn(
        self, name: str, command: Sequence[str], *, environment: Mapping[str, str] | None = None, user: str = ""
    ) -> None:
        """Start a daemon in the foreground of a session of its own."""
        given: dict[str, object] = {"user": user, "group": "nogroup", "extra_groups": []} if user else {}
        with (self.folder / "log" / f"{name}.out").open("ab") as log:
            process = subprocess.Popen(
                command,
                cwd="/",
                env={"PATH": "/usr/sbin:/usr/bin:/sbin:/bin", "LANG": "C.UTF-8", **(environment or {})},
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
                **given,  # type: ignore[call-overload]
            )
        (self.folder / "run" / f"{name}.pid").write_text(f"{process.pid} {start_tick(process.pid) or 0}")
        _children.append(process)

    def wait(self, names: Sequence[str], ready: Callable[[], bool]) -> None:
        """Wait until it is so; fail at once when one of these daemons ends."""
        end = time.monotonic() + PATIENCE_SECONDS
        while not ready():
            for name in names:
                assert self.process(name), (
                    f"{name} of the test cluster ended while it started:\n{self.last_words(name)}"
                )
            assert time.monotonic() < end, f"{names} of the test cluster were not ready in time: {self.folder}/log"
            time.sleep(0.05)

    def last_words(self, name: str) -> str:
        """Return the ends of what a daemon printed and logged."""
        texts = []
        for path in (self.folder / "log" / f"{name}.out", self.folder / "log" / f"{name}.log"):
            if path.exists():
                texts += path.read_text(errors="replace").splitlines()[-12:]
        return "\n".join(texts)

    def stop(self, name: str, how: signal.Signals = signal.SIGTERM) -> None:
        """Stop a daemon and wait for its end; one that does not heed is killed."""
        for each in (how, signal.SIGKILL):
            process = self.process(name)
            if process is None:
                break
            os.kill(process, each)
            end = time.monotonic() + 20
            while self.process(name) and time.monotonic() < end:
                time.sleep(0.02)
        reap()
        (self.folder / "run" / f"{name}.pid").unlink(missing_ok=True)


_children: list[subprocess.Popen[bytes]] = []


def reap() -> None:
    """Collect the daemons of this process that have ended."""
    _children[:] = [child for child in _children if child.poll() is None]


def stop_processes_holding(folder: Path) -> None:
    """Kill what still runs out of this folder: a job's keeper outlives its node's daemon on purpose."""
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit() and int(entry.name) != os.getpid() and _works_in(entry, folder):
            try:
                os.kill(int(entry.name), signal.SIGKILL)
            except ProcessLookupError:
                continue


def _works_in(process: Path, folder: Path) -> bool:
    try:
        environment = (process / "environ").read_bytes()
        command = (process / "cmdline").read_bytes()
    except OSError:
        return False
    if b"pytest" in command or b"tests.slurm" in command:
        return False
    return f"={folder}/etc/slurm.conf\0".encode() in environment or f"{folder}/".encode() in command
