"""Slurm: `sacct --parsable2` (or --parsable) with a header, any delimiter, any order of columns."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from operator import itemgetter
from typing import Final

from lionrock.charging.usage_files.fields import instant, is_local, length, whole
from lionrock.charging.usage_files.hold import Hold, filled, our_account
from lionrock.charging.usage_files.options import UsageOptions
from lionrock.charging.usage_files.rows import Origin, SkipReason, UsageRecord
from lionrock.charging.usage_files.sacct_faults import needs_zone, no_items, not_tracked, wrong_columns
from lionrock.charging.usage_files.slurm_run import Row, Run, run_of, state_word
from lionrock.charging.usage_files.text import TextSource
from lionrock.charging.usage_files.tres import DeviceCounter
from lionrock.kernel.messages import Message, gettext_noop, message

REQUIRED: Final = ("JobID", "Account", "State", "Start", "End", "AllocTRES")
_OPTIONAL: Final = ("JobIDRaw", "Submit", "DBIndex", "Cluster", "Partition", "QOS", "ElapsedRaw", "Elapsed")
_BETWEEN: Final = re.compile(r"[^A-Za-z0-9_/]+")
_STEP: Final = re.compile(r"[\d_+]+\.\w+", re.ASCII)

_NOTES: Final[Sequence[tuple[frozenset[str], Message]]] = (
    (
        frozenset({"ElapsedRaw", "Elapsed"}),
        message(
            gettext_noop(
                "The file has neither ElapsedRaw nor Elapsed: time for which a job was suspended is charged as used."
            )
        ),
    ),
    (
        frozenset({"Partition", "QOS"}),
        message(
            gettext_noop(
                "The file has neither Partition nor QOS: a record that the cluster has not completed yet looks whole."
            )
        ),
    ),
    (
        frozenset({"Submit", "DBIndex"}),
        message(
            gettext_noop("The file has neither JobIDRaw and Submit nor DBIndex: records lack the cluster's own key.")
        ),
    ),
)


def delimiter_of(header: str) -> str | None:
    """Return what separates the columns of a sacct header; None when it is not one."""
    found = _BETWEEN.search(header)
    delimiter = found[0] if found else "|"
    return delimiter if {"JobID", "JobIDRaw", "AllocTRES"} & set(header.split(delimiter)) else None


class SacctReader:
    """Parses the rows of one sacct file; `parse` is handed to `read_lines`."""

    def __init__(self, source: TextSource, header: str, options: UsageOptions) -> None:
        self._source = source
        self._options = options
        self._header = header
        self._delimiter = delimiter_of(header) or "|"
        self._names = header.split(self._delimiter)
        self._width = len(self._names)
        self._zone = options.time_zone
        self._cluster: str | None = None
        self._accounts: dict[str, str] = {}
        self._gpus_seen = options.gpus_tracked
        self._counter = DeviceCounter(options.items)
        if not options.items:
            raise no_items(source.name)
        self._check_columns()
        self._at = {name: at for at, name in enumerate(self._names)}
        self._job_at = self._at["JobID"]
        self._main = itemgetter(*(self._at[name] for name in REQUIRED))
        self._optional = {name: self._at[name] for name in _OPTIONAL if name in self._at}
        self._elapsed_at = self._optional.get("ElapsedRaw", -1)
        self._partition_at = self._optional.get("Partition", -1)
        self._qos_at = self._optional.get("QOS", -1)

    @property
    def last_field(self) -> str | None:
        """The last column's name when its value is used."""
        used = {*REQUIRED, *_OPTIONAL, self._options.award_column}
        return self._names[-1] if self._names[-1] in used else None

    @property
    def notes(self) -> tuple[Message, ...]:
        """What the operator should know about the columns of this file."""
        return tuple(note for any_of, note in _NOTES if not any_of & self._at.keys())

    def _check_columns(self) -> None:
        award = self._options.award_column
        wanted = [*REQUIRED, *([award] if award else [])]
        missing = [name for name in wanted if name not in self._names]
        twice = sorted({name for name in (*wanted, *_OPTIONAL) if self._names.count(name) > 1})
        if missing or twice:
            raise wrong_columns(self._source.name, missing, twice, self._names)

    def check_zone(self, first_rows: Sequence[str]) -> None:
        """Raise `Invalid` when the first time in the file is a local one and its zone was not given."""
        rows = (row.split(self._delimiter) for row in first_rows)
        for fields in rows if self._zone is None else ():
            for name in ("Start", "End") if len(fields) == self._width else ():
                value = fields[self._at[name]]
                if is_local(value):
                    raise needs_zone(self._source.name, name, value)
                if value.isdecimal():
                    return

    def parse(self, number: int, line: str) -> UsageRecord | SkipReason:
        """Return the record of a row, or why it is none; raises `Hold`."""
        fields = line.split(self._delimiter)
        skip = self._set_aside(fields, line)
        if skip is not None:
            return skip
        job, account, state, start, end, tres = self._main(fields)
        row = Row(state_word(state), start, end, self._elapsed(fields), bool(tres))
        run = run_of(row, self._zone, self._options.interim_until)
        if isinstance(run, SkipReason):
            return run
        if self._options.period is not None and not run.touches(self._options.period):
            return SkipReason.OUTSIDE_PERIOD
        devices = self._devices(tres)
        return self._record(fields, number, job, account, run, devices) if devices else SkipReason.NO_DEVICES

    def _record(
        self, fields: Sequence[str], number: int, job: str, account: str, run: Run, devices: Mapping[str, int]
    ) -> UsageRecord:
        award = self._options.award_column
        return UsageRecord(
            self._site(fields),
            filled(job, "JobID"),
            run.start,
            run.end,
            self._accounts.get(account) or self._account(account),
            (fields[self._at[award]] or None) if award else None,
            devices,
            run.less(devices),
            run.state,
            self._options.revision,
            run.interim,
            Origin(self._source.name, number),
            self._cluster_key(fields),
        )

    def _account(self, text: str) -> str:
        account = self._accounts[text] = our_account(text, "Account", self._options)
        return account

    def _set_aside(self, fields: Sequence[str], line: str) -> SkipReason | None:
        if len(fields) != self._width:
            return self._wrong_width(fields)
        if "." in fields[self._job_at]:
            return SkipReason.STEP
        if line == self._header:
            return SkipReason.REPEATED_HEADER
        no_partition = self._partition_at >= 0 and not fields[self._partition_at]
        no_qos = self._qos_at >= 0 and fields[self._qos_at] == "Unknown"
        return SkipReason.UNSETTLED if no_partition or no_qos else None

    def _wrong_width(self, fields: Sequence[str]) -> SkipReason:
        # A step's command line often holds a pipe; the job's id, when first, stands before any shift.
        if self._job_at == 0 and len(fields) > self._width and _STEP.fullmatch(fields[0]):
            return SkipReason.STEP
        raise Hold(
            "field_count",
            gettext_noop(
                "The row of job {value} has {found} fields where the header has {expected}: a name holds the "
                "delimiter, or the line is cut. Write the file with --delimiter=$'\\x1f', and leave out JobName, "
                "SubmitLine, Comment and WorkDir."
            ),
            field="JobID",
            value=fields[min(self._job_at, len(fields) - 1)],
            found=len(fields),
            expected=self._width,
        )

    def _elapsed(self, fields: Sequence[str]) -> int | None:
        if self._elapsed_at >= 0:
            return whole(fields[self._elapsed_at], "ElapsedRaw")
        at = self._optional.get("Elapsed")
        return None if at is None else length(fields[at], "Elapsed")

    def _devices(self, tres: str) -> Mapping[str, int]:
        if not tres:
            raise Hold(
                "no_tres",
                gettext_noop(
                    "{field} is empty though the job ran. What it held is not known, which is not nothing: ask the "
                    "cluster, and import the row again."
                ),
                field="AllocTRES",
            )
        devices = self._counter.count(tres)
        if not devices and not self._gpus_seen:
            self._check_tracked(tres)
        self._gpus_seen = True
        return devices

    def _check_tracked(self, tres: str) -> None:
        words = sorted({name.partition(":")[0] for name in self._options.items})
        if not self._source.mentions([f"{word}=".encode() for word in words]):
            raise not_tracked(self._source.name, words, tres)

    def _site(self, fields: Sequence[str]) -> str:
        at = self._optional.get("Cluster")
        cluster = fields[at] if at is not None else ""
        sites = self._options.sites
        if self._cluster is None:
            self._cluster = cluster
        if sites is None and cluster == self._cluster:
            return self._options.site
        if sites is not None and cluster in sites:
            return sites[cluster]
        raise Hold(
            "cluster",
            gettext_noop(
                "{field} is “{value}”, for which no site was named. Job ids repeat between clusters: name the site of "
                "each cluster, and import again."
            ),
            field="Cluster",
            value=cluster,
        )

    def _cluster_key(self, fields: Sequence[str]) -> str:
        at = self._optional
        if "JobIDRaw" in at and "Submit" in at:
            submit = fields[at["Submit"]]
            if not submit.isdecimal():
                submit = str(int(instant(submit, "Submit", self._zone).timestamp()))
            return f"{fields[at['JobIDRaw']]}@{submit}"
        return f"db:{fields[at['DBIndex']]}" if "DBIndex" in at else ""
