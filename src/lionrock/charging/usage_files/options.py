"""What the reader of a usage file must be told, because the file does not say it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from types import MappingProxyType
from zoneinfo import ZoneInfo

from lionrock.kernel.periods import Interval


class Format(StrEnum):
    """The layouts that can be read; see README.md of this folder."""

    SACCT = "sacct"
    SWF = "swf"
    PARQUET = "parquet"
    CSV = "csv"
    NDJSON = "ndjson"


def _same(account: str) -> str:
    return account


@dataclass(frozen=True, slots=True)
class UsageOptions:
    """How to read one file.

    `site` is the site that every record belongs to; for `sacct` of several clusters `sites` maps the
    Cluster column to sites instead. `items` maps what the file counts to price items: TRES for sacct
    ("gres/gpu:h800"), "gpus", "cpus" or "nodes" for traces; our own form names price items itself.
    `account_of` turns the file's account (of a trace: its `account_column`, "user" or "vc") into
    ours; None holds the row.

    `time_zone` is that of text times without offset. `epoch` is the instant of second 0 of a trace.
    `interim_until` yields runs that have not ended as interim records up to that instant; without it
    they are skipped. Only runs that touch `period` are wanted. `gpus_tracked` says that the cluster
    does account for GPUs, so that a sacct file without any is a month without GPU jobs. sacct and
    traces have no revisions: their records all get `revision`. `award_column` names a sacct column
    (WCKey, Comment) that holds the award.
    """

    site: str
    items: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    sites: Mapping[str, str] | None = None
    account_of: Callable[[str], str | None] = _same
    account_column: str = "user"
    time_zone: ZoneInfo | None = None
    epoch: datetime | None = None
    interim_until: datetime | None = None
    period: Interval | None = None
    gpus_tracked: bool = False
    revision: int = 0
    award_column: str | None = None
