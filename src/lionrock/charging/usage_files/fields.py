"""Numbers, instants and lengths as accounting files write them."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import Final
from zoneinfo import ZoneInfo

from lionrock.charging.usage_files.hold import Hold
from lionrock.kernel.messages import gettext_noop
from lionrock.kernel.periods import local_instant

_EARLIEST: Final = 631_152_000
"""1990-01-01: no accounting file is older, so an earlier time is not one."""
_LATEST: Final = 7_258_118_400
"""2200-01-01: a later one is in milliseconds or wrong."""
_FIRST_YEAR: Final = 1990
_END_YEAR: Final = 2200
_ELAPSED: Final = re.compile(r"(?:(\d+)-)?(?:(\d{1,2}):)?(\d{1,2}):(\d{2})(?:\.\d+)?", re.ASCII)
_DATE_TIME: Final = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:?\d\d)?", re.ASCII)


def whole(text: str, field: str) -> int:
    """Read a whole number of zero or more."""
    if text.isdecimal() and text.isascii():
        return int(text)
    if text[:1] == "-" and text[1:].isdecimal():
        raise Hold(
            "negative",
            gettext_noop("{field} is “{value}”, below zero. Correct it where the file was made, and import again."),
            field=field,
            value=text,
        )
    raise Hold(
        "not_a_number",
        gettext_noop("{field} is “{value}”, not a whole number. Correct it where the file was made."),
        field=field,
        value=text,
    )


def is_local(text: str) -> bool:
    """Tell whether this is a date and time without offset."""
    found = _DATE_TIME.fullmatch(text)
    return bool(found) and not found[3] if found else False


def instant(text: str, field: str, zone: ZoneInfo | None) -> datetime:
    """Read seconds since 1970, a date-time with offset, or a local one of the given zone.

    A local time that occurs twice is its first occurrence; one in a clock gap has the offset before it.
    """
    if text.isdecimal() and text.isascii():
        return _from_seconds(int(text), text, field)
    if text[:1] == "-":
        whole(text, field)
    if not _DATE_TIME.fullmatch(text):
        raise _not_a_time(text, field)
    try:
        read = datetime.fromisoformat(text)
    except ValueError as wrong:
        raise _not_a_time(text, field) from wrong
    if not _FIRST_YEAR <= read.year < _END_YEAR:
        raise Hold(
            "time_range",
            gettext_noop("{field} is “{value}”, outside 1990 to 2200. Correct it where the file was made."),
            field=field,
            value=text,
        )
    if read.tzinfo is not None:
        return read.astimezone(UTC)
    if zone is None:
        raise Hold(
            "zone",
            gettext_noop(
                "{field} is “{value}”, without offset, and the zone of the file was not given. Say the zone, or "
                "write the file with SLURM_TIME_FORMAT=%s or TZ=UTC."
            ),
            field=field,
            value=text,
        )
    return local_instant(read, zone)


def _from_seconds(seconds: int, text: str, field: str) -> datetime:
    if not _EARLIEST <= seconds <= _LATEST:
        raise Hold(
            "time_range",
            gettext_noop(
                "{field} is “{value}”: as seconds since 1970 that lies outside 1990 to 2200. Write whole seconds "
                "since 1970, or a date and time."
            ),
            field=field,
            value=text,
        )
    return datetime.fromtimestamp(seconds, UTC)


def _not_a_time(text: str, field: str) -> Hold:
    return Hold(
        "not_a_time",
        gettext_noop(
            "{field} is “{value}”, not a time. Write seconds since 1970 or a date and time such as "
            "2026-03-31T23:30:00+08:00."
        ),
        field=field,
        value=text,
    )


def length(text: str, field: str) -> int:
    """Read Slurm's `[DAYS-][HOURS:]MINUTES:SECONDS` as seconds; parts of a second are dropped."""
    found = _ELAPSED.fullmatch(text)
    if not found:
        raise Hold(
            "not_a_length",
            gettext_noop("{field} is “{value}”, not a length such as 1-02:03:04. Ask sacct for ElapsedRaw."),
            field=field,
            value=text,
        )
    days, hours, minutes, seconds = (int(part or 0) for part in found.groups())
    return ((days * 24 + hours) * 60 + minutes) * 60 + seconds


def seconds_between(start: datetime, end: datetime) -> int:
    """Return whole seconds from start to end, negative when end is first."""
    gap = end - start
    return gap.days * 86400 + gap.seconds


def end_before_start(start: datetime, end_text: str, field: str) -> Hold:
    """Return the hold of a row that ends before it starts."""
    return Hold(
        "end_before_start",
        gettext_noop(
            "{field} is “{value}”, before the start at {start}. Correct the times where the file was made; "
            "sacct -T makes such rows, so leave -T out."
        ),
        field=field,
        value=end_text,
        start=start.isoformat(),
    )
