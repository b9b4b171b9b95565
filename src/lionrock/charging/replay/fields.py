"""Reading single fields of a case; every fault names file, line, field and value."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from fractions import Fraction
from typing import Any, TypeVar, cast
from zoneinfo import ZoneInfo

from lionrock.charging.replay.located import Located
from lionrock.kernel.errors import Fault, Invalid
from lionrock.kernel.messages import gettext_noop, message
from lionrock.kernel.money import Money, parse_share
from lionrock.kernel.periods import FIRST_YEAR, LAST_YEAR, Month, local_instant

Value = TypeVar("Value")

_ABSENT = object()


class Fields:
    """One mapping of a case file, read field by field; faults are collected, not raised."""

    def __init__(self, table: object, file: str, faults: list[Fault], where: str = "case", line: int = 1) -> None:
        self.file = file
        self.faults = faults
        self.table = table if isinstance(table, Located) else Located(line)
        if not isinstance(table, Located):
            self.fault(where, table, gettext_noop("{field} is “{value}”, not a mapping. Write “key: value” pairs."))

    def fault(self, field: str, value: object, template: str) -> None:
        """Note one fault of this mapping."""
        said = message(template, field=field, value=value)
        self.faults.append(Fault("charging.replay.field", said, self.file, self.line_of(field), field, str(value)))

    def line_of(self, field: str) -> int:
        """Return the line of a field, or of the mapping where it has no such field."""
        return self.table.lines.get(field, self.table.line)

    def has(self, field: str) -> bool:
        """Tell whether the field is there and not null."""
        return self.table.get(field) is not None

    def raw(self, field: str) -> Any:
        """Return the value as it stands; None when absent."""
        return self.table.get(field)

    def read(self, field: str, parse: Callable[[Any], Value], default: Value | object = _ABSENT) -> Value:
        """Return the parsed value, or the default where absent.

        A fault is noted and yields None in the value's place, so that the rest of the mapping is
        read too; `read_stories` drops a case with a fault, and nobody works with such a value.
        """
        value = self.table.get(field)
        if value is None and default is not _ABSENT:
            return cast("Value", default)
        try:
            if value is None:
                self.fault(field, "nothing", gettext_noop("{field} is missing. Give it."))
            else:
                return parse(value)
        except Invalid as invalid:
            self.faults.append(Fault(invalid.code, invalid.message, self.file, self.line_of(field), field, str(value)))
        except (ValueError, TypeError, KeyError, AttributeError, IndexError):
            self.fault(field, value, gettext_noop("{field} is “{value}”, which cannot be read. Correct it."))
        return cast("Value", None)

    def below(self, field: str) -> Fields:
        """Return the mapping under a field."""
        return Fields(self.table.get(field), self.file, self.faults, field, self.line_of(field))

    def each(self, field: str) -> list[Fields]:
        """Return the mappings of a list under a field; an absent list is empty."""
        entries = self.table.get(field) or []
        if not isinstance(entries, list):
            self.fault(field, entries, gettext_noop("{field} is “{value}”, not a list. Write one."))
            return []
        return [Fields(entry, self.file, self.faults, field, self.line_of(field)) for entry in entries]


def text(value: object) -> str:
    """Return a scalar as text; raises `TypeError` for lists and mappings."""
    if isinstance(value, list | dict):
        raise TypeError
    return str(value)


def whole(value: object) -> int:
    """Return an integer; raises `ValueError` for anything else, also for 1.5 and true."""
    if isinstance(value, bool):
        raise ValueError
    return int(str(value))


def amount(currency: str) -> Callable[[object], int]:
    """Return a reader of decimal text in a currency into its minor units."""
    return lambda value: Money.parse(text(value), currency).minor


def share(value: object) -> Fraction:
    """Return a share from 0 to 1."""
    return parse_share(text(value))


def month(value: object) -> Month:
    """Return a month such as 2026-03."""
    return Month.parse(text(value))


def instant_in(zone: ZoneInfo) -> Callable[[object], datetime]:
    """Return a reader of a date, a local date-time, or an instant with offset, into UTC.

    A date is its local midnight; what has no offset is read in the zone (convention 15).
    """

    def read(value: object) -> datetime:
        found = datetime.fromisoformat(text(value))
        if not FIRST_YEAR < found.year < LAST_YEAR:
            raise ValueError
        return local_instant(found, zone) if found.utcoffset() is None else found.astimezone(UTC)

    return read
