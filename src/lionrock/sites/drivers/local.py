"""The local driver: jobs of this machine, one at a time, each watched over by a process of its own."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

from lionrock.kernel.errors import Unavailable
from lionrock.kernel.messages import gettext_noop, message
from lionrock.sites.drivers.files import FileEntry, files_in, piece_in
from lionrock.sites.drivers.local_folder import Folder, locked, locked_if_free
from lionrock.sites.drivers.local_queue import is_watched, take_ticket
from lionrock.sites.drivers.protocol import (
    Capabilities,
    JobReport,
    JobSpec,
    JobState,
    Stream,
    cannot_run_again,
    check_spec,
    key_taken,
    unknown_handle,
)

LONGEST_SECONDS = 24 * 3600
GRACE_SECONDS = 10
OUTPUT_LIMIT_BYTES = 1 << 30
_START_SECONDS = 60
_PACKAGE_ROOT = Path(__file__).resolve().parents[3]


class LocalDriver:
    """Runs jobs as subprocesses under a folder; any number of processes may drive it at once.

    A job that is asked to stop, or that runs out of time, gets TERM and after `grace_seconds` KILL.
    A job that writes more than `output_limit_bytes` is stopped, so that it cannot fill the disk.
    """

    def __init__(
        self, root: Path, *, grace_seconds: int = GRACE_SECONDS, output_limit_bytes: int = OUTPUT_LIMIT_BYTES
    ) -> None:
        self.root = root.absolute()
        self.grace_seconds = grace_seconds
        self.output_limit_bytes = output_limit_bytes

    def capabilities(self) -> Capabilities:
        """Return the limits of the local driver: a day, one job at a time."""
        return Capabilities(longest_time_limit_seconds=LONGEST_SECONDS, runs_at_once=1)

    def submit(self, spec: JobSpec) -> str:
        """Lay the job's folder down, put it in line, and start its runner; see `Driver.submit`.

        Killed at any point, the next `submit` of the same spec goes on from there: only a job whose
        runner has begun is never started again.
        """
        check_spec(spec, self.capabilities())
        with self._disk(), self._submitting():
            folder = self._folder_for(spec)
            if not folder.exists:
                folder.lay_down(spec)
            elif folder.spec() != spec:
                raise key_taken(spec)
            if not folder.has_begun and folder.report() is None:
                self._launch(folder)
            return folder.name

    def poll(self, handle: str) -> JobReport:
        """Return how the job stands; a job whose runner is dead is settled as NODE_FAIL here."""
        folder = self._folder(handle)
        with self._disk():
            report = folder.report()
            if report is None and not is_watched(self.root, folder):
                report = folder.report()
            if report is not None:
                return report
            started, devices = folder.started(), folder.spec().devices
        return JobReport(JobState.RUNNING if started else JobState.PENDING, started=started, devices=devices)

    def cancel(self, handle: str) -> None:
        """Leave word for the job's runner, which looks for it many times a second."""
        folder = self._folder(handle)
        with self._disk():
            if folder.report() is None:
                folder.ask_to_cancel()

    def output(self, handle: str, stream: Stream, *, offset: int, limit: int) -> bytes:
        """Return a piece of what the job wrote."""
        folder = self._folder(handle)
        with self._disk(), (folder / stream.value).open("rb") as file:
            file.seek(offset)
            return file.read(limit)

    def requeue(self, handle: str) -> None:
        """Refuse: what was run once is never run again here."""
        raise cannot_run_again(self._folder(handle).name)

    def estimated_start(self, job: JobSpec | str) -> datetime | None:
        """Return nothing: how long those before it will take, nobody here knows."""
        if isinstance(job, str):
            self._folder(job)
        else:
            check_spec(job, self.capabilities())
        return None

    def files(self, handle: str) -> Sequence[FileEntry]:
        """Return the files of the job's working folder."""
        folder = self._folder(handle)
        with self._disk():
            return files_in(folder.run)

    def file(self, handle: str, name: str, *, offset: int, limit: int) -> bytes:
        """Return a piece of a file of the job's working folder."""
        return piece_in(self._folder(handle).run, name, offset=offset, limit=limit)

    def _folder(self, handle: str) -> Folder:
        folder = Folder(self.root / handle)
        if "/" in handle or handle.startswith(".") or not folder.exists:
            raise unknown_handle(handle)
        return folder

    def _folder_for(self, spec: JobSpec) -> Folder:
        """Return the folder of this spec: named after the code, unless another database's job has that.

        A job of a database that was since thrown away may have left its folder under the same code.
        """
        folder = Folder(self.root / spec.code)
        if folder.exists and folder.spec().key != spec.key:
            return Folder(self.root / f"{spec.code}-{spec.key}")
        return folder

    def _launch(self, folder: Folder) -> None:
        with locked_if_free(folder.watch) as watch:
            if watch is None:
                return
            take_ticket(self.root, folder)
            arguments = [str(folder.path), str(self.grace_seconds), str(self.output_limit_bytes)]
            with (folder / "runner.log").open("ab") as log:
                # The runner inherits the lock, so that there is no instant at which nobody holds it.
                subprocess.run(
                    [sys.executable, "-P", "-m", "lionrock.sites.drivers.local_runner", *arguments],
                    cwd="/",
                    env={"PATH": os.defpath, "PYTHONPATH": str(_PACKAGE_ROOT), "LANG": "C.UTF-8"},
                    stdin=subprocess.DEVNULL,
                    stdout=log,
                    stderr=log,
                    start_new_session=True,
                    pass_fds=[watch],
                    check=True,
                    timeout=_START_SECONDS,
                )

    @contextmanager
    def _submitting(self) -> Iterator[None]:
        self.root.mkdir(parents=True, exist_ok=True, mode=0o700)
        with locked(self.root / "submit.lock"):
            yield

    @contextmanager
    def _disk(self) -> Iterator[None]:
        try:
            yield
        except (OSError, ValueError, subprocess.SubprocessError) as wrong:
            raise Unavailable(
                "sites.local.folder",
                message(
                    gettext_noop(
                        "The jobs' folder {folder} cannot be used: {why}. "
                        "See that the disk has room and that the folder can be written, then try again."
                    ),
                    folder=self.root,
                    why=wrong,
                ),
            ) from wrong
