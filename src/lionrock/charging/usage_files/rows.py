"""What one row of a usage file becomes: a record, a held row, or a named reason to pass it over.

`rows_read == records + held + skipped` holds for every file: nothing disappears.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from types import MappingProxyType
from typing import Final, NamedTuple

from lionrock.kernel.errors import Fault
from lionrock.kernel.messages import gettext_noop

NONE_LESS: Final[Mapping[str, int]] = MappingProxyType({})
"""`device_seconds` of a record whose devices were busy from start to end."""

LONGEST_RAW: Final = 300
"""Characters of a held row that are kept."""


class Origin(NamedTuple):
    """Where a record stands: the file's name and its line (text) or row (Parquet), from 1."""

    file: str
    line: int


@dataclass(frozen=True, slots=True)
class UsageRecord:
    """One run of one job as the cluster accounts for it.

    (`site`, `job`, `start`) identifies the run; a requeued job has a record for each run. `devices`
    maps a price item to a count. `device_seconds` has an item only where suspension makes it less
    than count × length. `interim` marks a run that had not ended. `cluster_key` is what the cluster's
    own database calls unique: "JobIDRaw@Submit" (Submit in seconds since 1970), else "db:DBIndex",
    else empty.
    """

    site: str
    job: str
    start: datetime
    end: datetime
    account: str
    award: str | None
    devices: Mapping[str, int]
    device_seconds: Mapping[str, int]
    state: str
    revision: int
    interim: bool
    origin: Origin
    cluster_key: str


@dataclass(frozen=True, slots=True)
class HeldRow:
    """A row that cannot be read as usage: where it stands, what is wrong, what to do, its text."""

    file: str
    line: int
    fault: Fault
    raw: str

    @property
    def code(self) -> str:
        """The stable code of the fault."""
        return self.fault.code


class SkipReason(StrEnum):
    """Why a row that is in order is nevertheless not usage."""

    STEP = "step"
    WAITING = "waiting"
    NEVER_STARTED = "never started"
    UNSETTLED = "unsettled"
    STILL_RUNNING = "still running"
    ZERO_LENGTH = "zero length"
    NO_DEVICES = "no devices"
    OUTSIDE_PERIOD = "outside period"
    PARTIAL = "partial"
    COMMENT = "comment"
    BLANK = "blank"
    REPEATED_HEADER = "repeated header"


SKIP_WORDS: Final[Mapping[SkipReason, str]] = MappingProxyType(
    {
        SkipReason.STEP: gettext_noop("a step of a job, counted with its job"),
        SkipReason.WAITING: gettext_noop("waiting, not started yet"),
        SkipReason.NEVER_STARTED: gettext_noop("ended without having started"),
        SkipReason.UNSETTLED: gettext_noop("a record the cluster had not completed yet; read it again later"),
        SkipReason.STILL_RUNNING: gettext_noop("still running"),
        SkipReason.ZERO_LENGTH: gettext_noop("ran for no time"),
        SkipReason.NO_DEVICES: gettext_noop("used none of the devices that are charged"),
        SkipReason.OUTSIDE_PERIOD: gettext_noop("outside the wanted period"),
        SkipReason.PARTIAL: gettext_noop("a part of a job, counted with its job"),
        SkipReason.COMMENT: gettext_noop("a comment"),
        SkipReason.BLANK: gettext_noop("a blank line"),
        SkipReason.REPEATED_HEADER: gettext_noop("the header again"),
    }
)
"""The reasons in words for people."""


@dataclass(slots=True)
class Tally:
    """How many rows of a file became what; grows while the file is read."""

    rows_read: int = 0
    records: int = 0
    held: int = 0
    skipped: Counter[SkipReason] = field(default_factory=Counter)

    @property
    def adds_up(self) -> bool:
        """Tell whether every row read is a record, held, or skipped with a reason."""
        return self.rows_read == self.records + self.held + self.skipped.total()
