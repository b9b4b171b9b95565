"""One line of the accounting: a run, a reason why it is none, or a fault for which it is held.

Nothing here guesses. What Slurm means by its words is known to `charging.usage_files`, which reads the
same columns from files.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final, NamedTuple

from lionrock.charging.usage_files.fields import instant, whole
from lionrock.charging.usage_files.hold import Hold, filled, shortened
from lionrock.charging.usage_files.rows import SkipReason
from lionrock.charging.usage_files.slurm_run import Row, run_of, state_word
from lionrock.kernel.errors import Fault
from lionrock.kernel.messages import gettext_noop
from lionrock.metering.domain.columns import DELIMITER, NEEDED

_NO_TIME: Final = frozenset({"Unknown", "None", ""})


class Reading(NamedTuple):
    """A run as the cluster accounts for it at the instant of reading.

    `key` is what the cluster's own database calls unique, "JobIDRaw@Submit", and `row` its number
    there. `end` is None while the run goes on; `busy` are the seconds that it was not suspended, up to
    the reading. `tres` is all that was allocated, in Slurm's words. A run of no length is one too: it
    may take the place of one that had a length. `digest` is that of the line, by which it is known again.
    """

    key: str
    row: str
    job: str
    account: str
    username: str
    partition: str
    state: str
    submitted: datetime
    eligible: datetime | None
    start: datetime
    end: datetime | None
    busy: int
    tres: str
    nodes: int
    digest: str = ""


@dataclass(frozen=True, slots=True)
class Passed:
    """A line that is in order and no run (yet): why, and of which job of the cluster, since when it is known."""

    key: str
    why: SkipReason
    submitted: datetime | None


@dataclass(frozen=True, slots=True)
class Unreadable:
    """A line that cannot be read: what is wrong with it, its text, and of which job it is, where it says so."""

    key: str
    fault: Fault
    raw: str


Outcome = Reading | Passed | Unreadable


class Reader:
    """Reads the lines of one answer of one cluster; `asked_at` is when it was asked."""

    def __init__(self, places: Mapping[str, int], width: int, cluster: str, asked_at: datetime) -> None:
        self._at = [places[name] for name in NEEDED]
        self._in_order = self._at == list(range(width))
        self._width = width
        self._cluster = cluster
        self._asked_at = asked_at

    def read(self, line: str) -> Outcome:
        """Return what a line is."""
        fields = line.split(DELIMITER)
        key = self._key(fields)
        try:
            if len(fields) != self._width:
                raise _width(len(fields), self._width)
            return self._run(key, fields if self._in_order else [fields[at] for at in self._at], digest_of(line))
        except Hold as hold:
            return Unreadable(key or line_key(line), hold.row("sacct", 0, "").fault, shortened(line))

    def _key(self, fields: list[str]) -> str:
        """Return the cluster's own key of a row; empty when the line does not say it."""
        if len(fields) != self._width:
            return ""
        raw, submit = fields[self._at[1]], fields[self._at[9]]
        return f"{raw}@{submit}" if raw.isdecimal() and submit.isdecimal() else ""

    def _run(self, key: str, fields: list[str], digest: str) -> Reading | Passed:
        job, _, row, cluster, account, user, partition, qos, state = fields[:9]
        submit, eligible, start, end, elapsed, tres, nodes = fields[9:]
        submitted = instant(submit, "Submit", None)
        if not partition or qos == "Unknown":
            return Passed(key, SkipReason.UNSETTLED, submitted)
        if cluster != self._cluster:
            raise _other_cluster(cluster)
        told = Row(state_word(state), start, end, whole(elapsed, "ElapsedRaw"), bool(tres))
        run = run_of(told, None, self._asked_at)
        if isinstance(run, SkipReason):
            return self._no_length(key, run, fields, submitted, digest)
        return Reading(
            key or filled("", "JobIDRaw"),
            row,
            filled(job, "JobID"),
            account,
            user,
            partition,
            run.state,
            submitted,
            _instant(eligible),
            run.start,
            None if run.interim else run.end,
            int(elapsed),
            filled(tres, "AllocTRES"),
            whole(nodes, "NNodes"),
            digest,
        )

    def _no_length(
        self, key: str, why: SkipReason, fields: list[str], submitted: datetime, digest: str
    ) -> Reading | Passed:
        """Return a run of no length where it began at all: an earlier answer may have had it running."""
        if why is not SkipReason.ZERO_LENGTH:
            return Passed(key, why, submitted)
        job, _, row, _, account, user, partition, _, state = fields[:9]
        began = instant(fields[11], "Start", None)
        return Reading(
            key,
            row,
            job,
            account,
            user,
            partition,
            state_word(state),
            submitted,
            _instant(fields[10]),
            began,
            began,
            0,
            fields[14],
            whole(fields[15], "NNodes"),
            digest,
        )


def line_key(line: str) -> str:
    """Return a name for a line that does not say of which job it is: a digest of its text."""
    return "line:" + digest_of(line)


def digest_of(line: str) -> str:
    """Return a digest of a line, of 32 characters."""
    return hashlib.sha256(line.encode("utf-8", "replace")).hexdigest()[:32]


def _instant(text: str) -> datetime | None:
    return datetime.fromtimestamp(int(text), UTC) if text.isdecimal() and 0 < int(text) < 1 << 33 else None


def _width(found: int, expected: int) -> Hold:
    return Hold(
        "field_count",
        gettext_noop(
            "The row has {found} fields where {expected} were asked for: it is cut, or a name on the cluster holds "
            "the delimiter. Look at the job on the cluster."
        ),
        field="row",
        found=found,
        expected=expected,
    )


def _other_cluster(cluster: str) -> Hold:
    return Hold(
        "cluster",
        gettext_noop("The row is of the cluster “{value}”, which is not the one that was asked."),
        field="Cluster",
        value=cluster,
    )
