"""A clock of a cluster's own, so that a month can end while a test looks on."""

from __future__ import annotations

import os
from datetime import UTC, datetime, timedelta
from glob import glob
from pathlib import Path

READERS = ("sacct", "sacctmgr", "scontrol", "sinfo", "squeue", "sreport")
"""The programs that live by a cluster's clock. sbatch does not: it hands its environment on to jobs."""
LIBRARIES = "/usr/lib/*/faketime/libfaketimeMT.so.1"


class Clock:
    """The time that a cluster's daemons and programs read; it is the machine's until it is put to another.

    A file says by how many seconds it is ahead. A daemon that was started before there was such a file stays
    with the machine's time; jobs always do.
    """

    def __init__(self, folder: Path) -> None:
        self._file = folder / "etc" / "clock"
        self.path = f"{folder}/bin:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
        """Where Slurm's programs are to be looked for."""

    @property
    def is_its_own(self) -> bool:
        """Tell whether it was ever put to another time than the machine's."""
        return self._file.exists()

    @property
    def environment(self) -> dict[str, str]:
        """What a daemon is started with that is to live by it."""
        return self._variables() if self.is_its_own else {}

    def _variables(self) -> dict[str, str]:
        found = glob(LIBRARIES)
        assert found, "libfaketime is not installed: setup/system-packages test installs it."
        return {
            "LD_PRELOAD": found[0],
            "FAKETIME_TIMESTAMP_FILE": str(self._file),
            "FAKETIME_NO_CACHE": "1",
            # What a daemon waits for takes as long as ever, however far the clock is put forward.
            "FAKETIME_DONT_FAKE_MONOTONIC": "1",
        }

    @property
    def now(self) -> datetime:
        """The time by it."""
        return datetime.now(UTC) + timedelta(seconds=self._ahead())

    def put(self, at: datetime) -> None:
        """Put it to another time, by whole seconds; every process sees it at once, and none a file half written."""
        ahead = round((at - datetime.now(UTC)).total_seconds())
        if not self.is_its_own:
            self._write_programs()
        new = self._file.with_suffix(".new")
        new.write_text(f"{ahead:+d}s\n")
        os.replace(new, self._file)

    def _write_programs(self) -> None:
        folder = self._file.parents[1] / "bin"
        folder.mkdir()
        said = " ".join(f"{name}={value}" for name, value in self._variables().items())
        for name in READERS:
            (folder / name).write_text(f'#!/bin/sh\nexec env {said} /usr/bin/{name} "$@"\n')
            (folder / name).chmod(0o755)

    def _ahead(self) -> int:
        return int(self._file.read_text().strip().removesuffix("s")) if self.is_its_own else 0


def sweep() -> None:
    """Remove what the library keeps in memory for processes that were killed; it would trip who gets their number."""
    for path in Path("/dev/shm").glob("*faketime_s*_*"):
        if not (Path("/proc") / path.name.rpartition("_")[2]).exists():
            path.unlink(missing_ok=True)
