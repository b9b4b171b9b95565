"""Our own normal form: CSV with a header, one run a line, times with offset; see README.md."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Final

from lionrock.charging.usage_files.fields import end_before_start, instant, seconds_between, whole
from lionrock.charging.usage_files.hold import Hold, filled, invalid_file, our_account
from lionrock.charging.usage_files.options import UsageOptions
from lionrock.charging.usage_files.rows import NONE_LESS, Origin, SkipReason, UsageRecord
from lionrock.charging.usage_files.slurm_run import state_word
from lionrock.kernel.errors import Invalid
from lionrock.kernel.messages import gettext_noop, message

REQUIRED: Final = ("job", "account", "start", "end", "devices")
OPTIONAL: Final = ("site", "award", "device_seconds", "state", "revision", "interim", "cluster_key")
COLUMNS: Final = (*REQUIRED, *OPTIONAL)
"""All columns, in the order in which we write them."""
_TRUTH: Final[Mapping[str, bool]] = MappingProxyType(
    {"": False, "false": False, "no": False, "0": False, "true": True, "yes": True, "1": True}
)


class CsvReader:
    """Parses the lines of one CSV file. One line is one row: a quoted field cannot hold a line end."""

    def __init__(self, file: str, header: str, options: UsageOptions) -> None:
        self._file = file
        self._header = header
        self._rows = NormalRows(file, options)
        self._names = [name.strip() for name in _split(header)]
        self._check_columns()

    @property
    def last_field(self) -> str:
        """The last column's name: all are used."""
        return self._names[-1]

    def _check_columns(self) -> None:
        names = self._names
        missing = [name for name in REQUIRED if name not in names]
        unknown = [name for name in names if name not in {*REQUIRED, *OPTIONAL}]
        twice = sorted({name for name in names if names.count(name) > 1})
        if missing or unknown or twice:
            raise _wrong_columns(self._file, missing, [*unknown, *twice], names)

    def parse(self, number: int, line: str) -> UsageRecord | SkipReason:
        """Return the record of a line, or why it is none; raises `Hold`."""
        if line == self._header:
            return SkipReason.REPEATED_HEADER
        values = _split(line)
        if len(values) != len(self._names):
            raise _field_count(values, len(self._names))
        return self._rows.outcome(number, dict.fromkeys(OPTIONAL, "") | dict(zip(self._names, values, strict=True)))


class NormalRows:
    """What the texts of one row under `COLUMNS` become, in whichever way they were written."""

    def __init__(self, file: str, options: UsageOptions) -> None:
        self._file = file
        self._options = options

    def outcome(self, number: int, row: Mapping[str, str]) -> UsageRecord | SkipReason:
        """Return the record of a row, or why it is none; raises `Hold`."""
        record = self._record(number, row)
        period = self._options.period
        if record.start == record.end:
            return SkipReason.ZERO_LENGTH
        if period is not None and not (record.start < period.end and record.end > period.start):
            return SkipReason.OUTSIDE_PERIOD
        return record if record.devices else SkipReason.NO_DEVICES

    def _record(self, number: int, row: Mapping[str, str]) -> UsageRecord:
        zone = self._options.time_zone
        start, end = instant(row["start"], "start", zone), instant(row["end"], "end", zone)
        if end < start:
            raise end_before_start(start, row["end"], "end")
        named = _amounts(filled(row["devices"], "devices"), "devices")
        devices = {item: count for item, count in named.items() if count}
        return UsageRecord(
            site=row["site"] or self._options.site,
            job=filled(row["job"], "job"),
            start=start,
            end=end,
            account=our_account(row["account"], "account", self._options),
            award=row["award"] or None,
            devices=devices,
            device_seconds=_less(row["device_seconds"], devices, seconds_between(start, end)),
            state=state_word(row["state"] or "COMPLETED"),
            revision=whole(row["revision"], "revision") if row["revision"] else self._options.revision,
            interim=_truth(row["interim"]),
            origin=Origin(self._file, number),
            cluster_key=row["cluster_key"],
        )


def written(record: UsageRecord) -> str:
    """Return a record as a line of our normal form, under `COLUMNS`; reading it gives the record again."""
    values = {
        "job": record.job,
        "account": record.account,
        "start": record.start.isoformat(),
        "end": record.end.isoformat(),
        "devices": _counts(record.devices),
        "site": record.site,
        "award": record.award or "",
        "device_seconds": _counts(record.device_seconds),
        "state": record.state,
        "revision": str(record.revision),
        "interim": "true" if record.interim else "",
        "cluster_key": record.cluster_key,
    }
    text = io.StringIO()
    csv.writer(text, lineterminator="").writerow([values[name] for name in COLUMNS])
    return text.getvalue()


def _counts(counts: Mapping[str, int]) -> str:
    return ";".join(f"{item}={count}" for item, count in sorted(counts.items()))


def _split(line: str) -> list[str]:
    try:
        return next(csv.reader([line], strict=True))
    except csv.Error as wrong:
        raise Hold(
            "csv",
            gettext_noop("The line is not CSV: {reason}. Close each quote on its line, and double a quote in a field."),
            field="line",
            value=line,
            reason=str(wrong),
        ) from wrong


def _amounts(text: str, field: str) -> Mapping[str, int]:
    """Read "gpu-h800=8;cpu=16"."""
    amounts: dict[str, int] = {}
    for part in text.split(";"):
        item, equals, count = part.rpartition("=")
        if not equals or not item.strip() or item.strip() in amounts:
            raise Hold(
                "amounts",
                gettext_noop(
                    "{field} has the part “{value}”, which is not item=count, or is there twice. Write it as "
                    "item=count;item=count."
                ),
                field=field,
                value=part,
            )
        amounts[item.strip()] = whole(count.strip(), field)
    return amounts


def _less(text: str, devices: Mapping[str, int], seconds: int) -> Mapping[str, int]:
    if not text:
        return NONE_LESS
    stated = _amounts(text, "device_seconds")
    for item, used in stated.items():
        if used > devices.get(item, 0) * seconds:
            raise Hold(
                "device_seconds",
                gettext_noop(
                    "{field} has {value} of {item}, more than its count × length, {most}. Correct it where the "
                    "file was made."
                ),
                field="device_seconds",
                value=str(used),
                item=item,
                most=devices.get(item, 0) * seconds,
            )
    return {item: used for item, used in stated.items() if used < devices.get(item, 0) * seconds}


def _truth(text: str) -> bool:
    if text.lower() not in _TRUTH:
        raise Hold("truth", gettext_noop("{field} is “{value}”. Write true or false."), field="interim", value=text)
    return _TRUTH[text.lower()]


def _field_count(values: Sequence[str], expected: int) -> Hold:
    return Hold(
        "field_count",
        gettext_noop(
            "The line beginning with “{value}” has {found} fields where the header has {expected}. It may be cut, or a "
            "field with a comma lacks its quotes."
        ),
        field="job",
        value=values[0] if values else "",
        found=len(values),
        expected=expected,
    )


def _wrong_columns(file: str, missing: Sequence[str], wrong: Sequence[str], found: Sequence[str]) -> Invalid:
    said = message(
        gettext_noop(
            "{file} is not in the normal form. Columns missing: {missing}; not known or there twice: {wrong}; found: "
            "{found}. Needed: {required}; allowed: {optional}."
        ),
        file=file,
        missing=", ".join(missing) or "-",
        wrong=", ".join(wrong) or "-",
        found=", ".join(found),
        required=", ".join(REQUIRED),
        optional=", ".join(OPTIONAL),
    )
    return invalid_file("columns", said, file=file, line=1, field=", ".join([*missing, *wrong]), value=", ".join(found))
