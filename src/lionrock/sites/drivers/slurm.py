"""The Slurm driver: jobs of a cluster, through Slurm's own programs."""

from __future__ import annotations

import contextlib
import json
import re
import time
from collections.abc import Mapping, Sequence
from dataclasses import asdict, replace
from datetime import UTC, datetime
from pathlib import Path, PurePosixPath
from typing import Any

from lionrock.kernel.errors import Refused, Unavailable
from lionrock.kernel.messages import gettext_noop, message
from lionrock.sites.drivers.files import MOST_FILES, FileEntry, no_file
from lionrock.sites.drivers.protocol import (
    Capabilities,
    JobReport,
    JobSpec,
    JobState,
    Reason,
    Stream,
    TaskReport,
    cannot_run_again,
    check_spec,
    key_taken,
    unknown_handle,
)
from lionrock.sites.drivers.slurm_desk import Desk, Note, digest
from lionrock.sites.slurm import reports, scripts
from lionrock.sites.slurm.commands import Slurm, not_connected
from lionrock.sites.slurm.records import ACCOUNT_COLUMNS, QUEUE_FORMAT, SEPARATOR, Queued, Run, queued, runs
from lionrock.sites.slurm.rest import Rest
from lionrock.sites.slurm.states import instant, node_names, standing

LONGEST_SECONDS = 30 * 24 * 3600
_GONE = re.compile(r"invalid job id|already (completing|completed|finished)|job/step already", re.IGNORECASE)
_STARTS = re.compile(r"to start at (\S+)")
_LOOKING_BACK_SECONDS = 3600
"""How far before our own clock's word a cluster is asked what it took: its clock may be another."""

_MAKE_FOLDER = """umask 077 && mkdir -p "$1/run" && [ -O "$1" ] && cd "$1" && tar -xf - && : >>stdout && : >>stderr"""
_LIST_FILES = """cd -- "$1" && find . -type f -printf '%s %P\\0' | head -z -n "$2" """
_IS_THERE = b"+"
# Whether it is a plain file is said by a first byte: an empty piece and no file are two things. The real
# path has to be the one that was asked for, so that no link on the way leads out of the folder.
_READ_FILE = """cd -- "$1" && [ -f "$2" ] && [ "$(realpath -- "$2")" = "$(realpath .)/$2" ] || exit 0
printf + && tail -c "+$3" -- "$2" | head -c "$4" """
_READ_PIECE = """tail -c "+$2" -- "$1" | head -c "$3" """


class SlurmDriver:
    """Hands jobs to a cluster and asks it how they stand; any number of processes may drive it at once.

    Each job has a folder of its own under `folder` of the connection, which belongs to the user whose
    job it is; whatever is done there is done as that user. The scheduler (`squeue`) says of what
    waits and runs, accounting (`sacct`) of what is over.
    """

    def __init__(self, home: Path, connection: Mapping[str, object]) -> None:
        self.slurm = Slurm(connection)
        self.connection = connection
        self.site = self.slurm.cluster
        rest = connection.get("rest")
        self.rest = Rest(rest) if isinstance(rest, Mapping) else None
        self.desk = Desk(home / "slurm" / re.sub(r"[^\w-]", "_", self.site or "none"))

    def capabilities(self) -> Capabilities:
        """Return what every Slurm with accounting offers; the cluster is not asked."""
        longest = self.connection.get("longest_seconds")
        return Capabilities(
            longest_time_limit_seconds=longest if isinstance(longest, int) else LONGEST_SECONDS,
            runs_at_once=0,
            has_accounting=True,
            arrays=True,
            dependencies=True,
            requeue=True,
        )

    def submit(self, spec: JobSpec) -> str:
        """Hand the job to `sbatch`, once for each key; see `Driver.submit`.

        What is not known to have been taken is looked for on the cluster before it is submitted
        again, and the script claims its job, so that a crash at any point runs nothing twice.
        Raises `Refused` with Slurm's word when the cluster says no.
        """
        self._check(spec)
        packed = scripts.archive(spec.files)
        with self.desk.taking(spec.key):
            note = self.desk.note(spec.key)
            if note and note.digest != digest(spec):
                raise key_taken(spec)
            if note and note.handle:
                return note.handle
            if note and (handle := self._look_for(note)):
                return self.desk.keep(replace(note, handle=handle)).handle
            note = note or self.desk.keep(self._new_note(spec))
            self._as_user(note, _MAKE_FOLDER, note.folder, given=packed)
            handle = self._sbatch(spec, note)
            return self.desk.keep(replace(note, handle=handle)).handle

    def poll(self, handle: str) -> JobReport:
        """Return how the job stands, by the scheduler while it is at work on it, then by accounting."""
        note = self._note(handle)
        if note.ended is not None:
            return _report(note.ended)
        rows = self._queued(note)
        live = [row for row in rows if reports.is_open(self.site, row)]
        if live and not note.is_array:
            return reports.open_report(self.site, live, note.devices)
        try:
            found = self._runs(note)
        except Unavailable:
            if rows:
                return self._without_accounting(note, rows, live)
            raise
        return self._array(note, rows, found) if note.is_array else self._single(note, rows, found)

    def cancel(self, handle: str) -> None:
        """Cancel what the scheduler still has of the job, as its owner."""
        note = self._note(handle)
        if note.ended is None and any(reports.is_open(self.site, row) for row in self._queued(note)):
            self._unless_gone("scancel", str(_number(handle)), user=note.user)

    def requeue(self, handle: str) -> None:
        """Put the job back into the queue; Slurm can do so while it runs, and for minutes after its end."""
        note = self._note(handle)
        rows = self._queued(note)
        if not rows or any(reports.is_open(self.site, row) and not row.nodes for row in rows):
            raise cannot_run_again(handle)
        number = str(_number(handle))
        try:
            # A job that may not run again by itself may when somebody asks, while it is there.
            if not note.may_requeue:
                self.slurm.run("scontrol", "update", f"jobid={number}", "requeue=1", user=note.user)
            self.slurm.run("scontrol", "requeue", number, user=note.user)
        except Refused as refused:
            raise cannot_run_again(handle) from refused
        self.desk.keep(replace(note, ended=None, may_requeue=True))

    def output(self, handle: str, stream: Stream, *, offset: int, limit: int) -> bytes:
        """Return a piece of what the job wrote, all its tasks and runs one after the other."""
        note = self._note(handle)
        if limit <= 0:
            return b""
        path = f"{note.folder}/{stream.value}"
        return self._as_user(note, _READ_PIECE, path, str(max(0, offset) + 1), str(limit))

    def files(self, handle: str) -> Sequence[FileEntry]:
        """Return the files of the job's working folder, as its owner finds them."""
        note = self._note(handle)
        said = self._as_user(note, _LIST_FILES, note.run_folder, str(MOST_FILES)).decode("utf-8", "replace")
        sizes = (entry.partition(" ") for entry in said.split("\0") if entry)
        found = [FileEntry(name, int(size)) for size, _, name in sizes if size.isdigit()]
        return sorted(found, key=lambda entry: entry.name)

    def file(self, handle: str, name: str, *, offset: int, limit: int) -> bytes:
        """Return a piece of a plain file of the job's working folder, read as its owner and through no link."""
        note = self._note(handle)
        path = PurePosixPath(name)
        if path.is_absolute() or ".." in path.parts or not path.parts or "\0" in name or limit <= 0:
            raise no_file(name)
        where = note.run_folder
        piece = self._as_user(note, _READ_FILE, where, str(path), str(max(0, offset) + 1), str(limit))
        if not piece.startswith(_IS_THERE):
            raise no_file(name)
        return piece.removeprefix(_IS_THERE)

    def estimated_start(self, job: JobSpec | str) -> datetime | None:
        """Return when the scheduler would start it; of what waits, when it planned to, if it did."""
        if isinstance(job, JobSpec):
            return self._planned(job)
        starts = [row.start for row in self._queued(self._note(job)) if row.start]
        return min(starts, default=None)

    # -- handing over

    def _check(self, spec: JobSpec) -> None:
        check_spec(spec, self.capabilities())
        scripts.check(spec, self.site)
        if not self.site or not self.connection.get("folder"):
            raise not_connected(self.site)

    def _new_note(self, spec: JobSpec) -> Note:
        user = spec.user or self.slurm.service_user
        return Note(
            key=spec.key,
            digest=digest(spec),
            user=user,
            folder=self._folder(spec, user),
            since=int(time.time()),
            devices=dict(spec.devices),
            is_array=bool(spec.array),
            may_requeue=spec.requeue,
        )

    def _folder(self, spec: JobSpec, user: str) -> str:
        name = re.sub(r"[^\w.-]", "_", spec.code).lstrip(".") or "job"
        return str(PurePosixPath(str(self.connection["folder"]), user or "jobs", f"{name}-{spec.key}"))

    def _sbatch(self, spec: JobSpec, note: Note) -> str:
        options = scripts.options(spec, note.folder)
        try:
            said = self.slurm.run("sbatch", *options, user=note.user, text=scripts.script(spec, note.folder))
        except Refused:
            self.desk.forget(note)
            raise
        number = said.strip().partition(";")[0]
        if handle := self._handle_in_queue(note):
            return handle
        raise _unconfirmed(self.site, number)

    def _look_for(self, note: Note) -> str:
        """Return the handle of a job that was perhaps taken, or nothing when the cluster surely has none of it."""
        if handle := self._handle_in_queue(note):
            return handle
        since = datetime.fromtimestamp(note.since - _LOOKING_BACK_SECONDS, UTC).strftime("%Y-%m-%dT%H:%M:%S")
        asked = ["-X", "-S", since, "-E", "now+1day", *(["-u", note.user] if note.user else ["-a"])]
        found = [run for run in runs(self._sacct(*asked)) if run.facts["WorkDir"] == note.run_folder]
        return self._handle(found[0].array, found[0].submitted) if found else ""

    def _handle_in_queue(self, note: Note) -> str:
        whose = ["-u", note.user] if note.user else []
        said = self.slurm.run("squeue", "-h", "-a", "-t", "all", *whose, "-o", QUEUE_FORMAT)
        ours = [row for row in queued(said) if row.folder == note.run_folder]
        return self._handle(ours[0].array, min(row.submitted for row in ours)) if ours else ""

    def _handle(self, job: int, submitted: int) -> str:
        return f"{self.site}/{job}/{submitted}"

    def _planned(self, spec: JobSpec) -> datetime | None:
        self._check(spec)
        user = spec.user or self.slurm.service_user
        options = [*scripts.options(spec, self._folder(spec, user)), "--test-only"]
        _, said = self.slurm.answer("sbatch", *options, user=user, given=scripts.script(spec, "/").encode())
        found = _STARTS.search(said.decode("utf-8", "replace"))
        return datetime.fromisoformat(found[1]).replace(tzinfo=UTC) if found else None

    # -- asking

    def _note(self, handle: str) -> Note:
        note = self.desk.note_of(handle)
        if note is None:
            raise unknown_handle(handle)
        return note

    def _queued(self, note: Note) -> list[Queued]:
        """Return what the scheduler has of a job; a job of another that was given its number later is none of it."""
        rows = self._rows(_number(note.handle))
        return [row for row in rows if row.folder == note.run_folder]

    def _rows(self, number: int) -> list[Queued]:
        """Ask the scheduler, by REST where the site has it; where that fails, its programs may still be answered."""
        if self.rest:
            with contextlib.suppress(Unavailable):
                return self.rest.queued(number)
        try:
            return queued(self.slurm.run("squeue", "-h", "-a", "-t", "all", "-j", str(number), "-o", QUEUE_FORMAT))
        except Refused as refused:
            if _GONE.search(str(refused)):
                return []
            raise

    def _runs(self, note: Note) -> list[Run]:
        found = runs(self._sacct("-D", "-j", str(_number(note.handle))))
        return [run for run in found if run.facts["WorkDir"] == note.run_folder]

    def _sacct(self, *asked: str) -> list[str]:
        columns = ["-n", "-P", f"--delimiter={SEPARATOR}", "-o", ",".join(ACCOUNT_COLUMNS)]
        return self.slurm.run("sacct", *asked, "-M", self.site, *columns).splitlines()

    def _single(self, note: Note, rows: list[Queued], found: list[Run]) -> JobReport:
        if not found:
            if not rows:
                raise unknown_handle(note.handle)
            return _still_ending(rows[0], note)
        last = found[-1]
        if rows and not reports.is_complete(self.site, last):
            return _still_ending(rows[0], note)
        if reports.has_ended(self.site, last):
            return self._ended(note, reports.ended_report(self.site, found, note.devices))
        # The scheduler forgot it in a crash; accounting has it as running until somebody ends it there.
        return _as_accounted(self.site, last, note)

    def _array(self, note: Note, rows: list[Queued], found: list[Run]) -> JobReport:
        latest = list({run.job: run for run in found}.values())
        over = [run for run in latest if reports.has_ended(self.site, run)]
        live = [row for row in rows if reports.is_open(self.site, row)]
        if live:
            tasks = [*reports.ended_tasks(self.site, over), *reports.open_tasks(self.site, live)]
            known = {task.index: task for task in tasks}
            report = reports.open_report(self.site, live, note.devices)
            return replace(report, tasks=tuple(known[index] for index in sorted(known)))
        complete = {run.job for run in over if reports.is_complete(self.site, run)}
        if late := [row for row in rows if row.job not in complete]:
            return _still_ending(late[0], note)
        if not latest:
            raise unknown_handle(note.handle)
        if unknown_end := [run for run in latest if run not in over]:
            return _as_accounted(self.site, unknown_end[0], note)
        return self._ended(note, reports.array_report(self.site, latest, note.devices))

    def _without_accounting(self, note: Note, rows: list[Queued], live: list[Queued]) -> JobReport:
        """Return how a job stands while accounting is away; that it is over is told when it is back."""
        if live:
            report = reports.open_report(self.site, live, note.devices)
            return replace(report, tasks=tuple(reports.open_tasks(self.site, live)))
        return _still_ending(rows[0], note)

    def _ended(self, note: Note, report: JobReport) -> JobReport:
        self.desk.keep(replace(note, ended=_plain(report)))
        return report

    # -- as somebody

    def _as_user(self, note: Note, script: str, *arguments: str, given: bytes = b"") -> bytes:
        """Run a few words of shell as the job's owner: the job's folder is his, and so is what he put there."""
        return self.slurm.answer("sh", "-c", script, "sh", *arguments, user=note.user, given=given)[0]

    def _unless_gone(self, program: str, *arguments: str, user: str) -> None:
        try:
            self.slurm.run(program, *arguments, user=user)
        except Refused as refused:
            if not _GONE.search(str(refused)):
                raise


def _number(handle: str) -> int:
    found = scripts.parse_handle(handle)
    return found[1] if found else 0


def _still_ending(row: Queued, note: Note) -> JobReport:
    """Return a job that is over for the scheduler, but not yet for accounting, which knows what it used."""
    began = row.start if row.nodes else None
    state = JobState.RUNNING if began else JobState.PENDING
    return JobReport(state, started=began, devices=note.devices, state_word=row.word, nodes=node_names(row.nodes))


def _as_accounted(site: str, run: Run, note: Note) -> JobReport:
    """Return a job as accounting has it, of which the scheduler knows nothing any more."""
    began = instant(run.facts["Start"])
    runs_on = began is not None and standing(site, run.facts["State"])[0] is JobState.RUNNING
    return JobReport(
        JobState.RUNNING if runs_on else JobState.PENDING,
        started=began if runs_on else None,
        devices=note.devices,
        state_word=run.facts["State"],
    )


def _unconfirmed(site: str, number: str) -> Unavailable:
    return Unavailable(
        "sites.slurm.unconfirmed",
        message(
            gettext_noop(
                "The cluster {cluster} took the job as number {number} and then did not answer. "
                "It is looked for when the cluster is asked again, and will not run twice."
            ),
            cluster=site,
            number=number,
        ),
    )


def _plain(report: JobReport) -> dict[str, Any]:
    """Return a report as plain values, to be kept."""
    plain: dict[str, Any] = json.loads(json.dumps(asdict(report), default=lambda instant: instant.isoformat()))
    return plain


def _report(plain: Mapping[str, Any]) -> JobReport:
    """Return a report that was kept."""
    tasks = tuple(TaskReport(**_typed(task)) for task in plain["tasks"])
    return JobReport(**_typed(plain) | {"nodes": tuple(plain["nodes"]), "tasks": tasks})


def _typed(plain: Mapping[str, Any]) -> dict[str, Any]:
    instants = {
        name: datetime.fromisoformat(plain[name]) for name in ("started", "ended", "expected_start") if plain.get(name)
    }
    return dict(plain) | instants | {"state": JobState(plain["state"]), "reason": Reason(plain["reason"])}
