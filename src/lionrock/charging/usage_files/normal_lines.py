"""The normal form as NDJSON: an object a line, its names those of the columns of the CSV; see README.md."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any, Final

from lionrock.charging.usage_files.hold import Hold
from lionrock.charging.usage_files.normal_csv import COLUMNS, OPTIONAL, REQUIRED, NormalRows
from lionrock.charging.usage_files.options import UsageOptions
from lionrock.charging.usage_files.rows import SkipReason, UsageRecord
from lionrock.kernel.messages import gettext_noop

_BOM: Final = "\ufeff"
_COUNTS: Final = frozenset({"devices", "device_seconds"})


class LinesReader:
    """Parses the lines of one NDJSON file: each is an object of its own, and spoils no other."""

    def __init__(self, file: str, options: UsageOptions) -> None:
        self._rows = NormalRows(file, options)

    def parse(self, number: int, line: str) -> UsageRecord | SkipReason:
        """Return the record of a line, or why it is none; raises `Hold`."""
        given = _object(line.removeprefix(_BOM))
        unknown = sorted(given.keys() - set(COLUMNS))
        missing = [name for name in REQUIRED if name not in given]
        if unknown or missing:
            raise _wrong_names(unknown, missing)
        texts = {name: _text(name, value) for name, value in given.items()}
        return self._rows.outcome(number, dict.fromkeys(OPTIONAL, "") | texts)


def _object(line: str) -> dict[str, Any]:
    try:
        read = json.loads(line, object_pairs_hook=_once)
    except (ValueError, RecursionError) as wrong:
        raise _no_object(line) from wrong
    if not isinstance(read, dict):
        raise _no_object(line)
    return read


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """Return an object; raises `ValueError` where a name stands in it twice."""
    read = dict(pairs)
    if len(read) != len(pairs):
        raise ValueError
    return read


def _text(name: str, value: object) -> str:
    """Return a value as the CSV has it: text, a whole number, true or false, or counts by item."""
    if value is None:
        return ""
    if isinstance(value, dict) and name in _COUNTS:
        return ";".join(f"{_item(name, item)}={_whole(name, count)}" for item, count in value.items())
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, int):
        return str(value)
    if isinstance(value, str) and not any("\ud800" <= sign <= "\udfff" for sign in value):
        return value
    raise _wrong_kind(name, value)


def _item(name: str, item: str) -> str:
    if ";" in item:
        raise _wrong_kind(name, item)
    return _text(name, item)


def _whole(name: str, count: object) -> int:
    if isinstance(count, bool) or not isinstance(count, int):
        raise _wrong_kind(name, count)
    return count


def _no_object(line: str) -> Hold:
    return Hold(
        "json",
        gettext_noop(
            "The line is no JSON object of its own, or names something twice (“{value}”). Write one run a line, and "
            "no line end within it."
        ),
        field="line",
        value=line,
    )


def _wrong_names(unknown: Sequence[str], missing: Sequence[str]) -> Hold:
    return Hold(
        "names",
        gettext_noop(
            "The line lacks {missing} and has “{value}”, which the normal form does not know. It knows {known}."
        ),
        field=", ".join([*missing, *(ascii(name)[1:-1] for name in unknown)]),
        value=", ".join(ascii(name)[1:-1] for name in unknown) or "-",
        missing=", ".join(missing) or "-",
        known=", ".join(COLUMNS),
    )


def _wrong_kind(name: str, value: object) -> Hold:
    return Hold(
        "kind",
        gettext_noop(
            "{field} is {value}, which is no text, whole number, true or false; devices may be an object of whole "
            "numbers. Correct it where the file was made."
        ),
        field=name,
        value=json.dumps(value),
    )
