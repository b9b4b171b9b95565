"""`units.yaml`: the closed list of units, and how a value is read in each of their kinds."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from pathlib import Path
from types import MappingProxyType

from lionrock.kernel.messages import gettext_noop
from lionrock.kernel.money import Money, parse_decimal, parse_share
from lionrock.rules import shape
from lionrock.rules.faultlog import FaultLog
from lionrock.rules.shape import Names
from lionrock.rules.yamltree import Listing, Mapped, Node, Scalar, read_yaml

Value = Fraction | Decimal | Money | int | str | date | Names | tuple[str, ...] | tuple[Names, ...]
"""What a parameter can hold; a flag is a bool, which Python counts among the ints."""


class Kind(StrEnum):
    """How the values of a unit are written and read."""

    SHARE = "share"
    MONEY = "money"
    DECIMAL = "decimal"
    WHOLE = "whole"
    FLAG = "flag"
    DAY = "day"
    TEXT = "text"
    NAMES = "names"
    CHOICE = "choice"
    CHOICES = "choices"
    LIST = "list"
    PHRASES = "phrases"


@dataclass(frozen=True, slots=True)
class Unit:
    """A unit: its kind, decimals (of kind decimal) and options (of the choices)."""

    id: str
    kind: Kind
    label: Names
    places: int = 0
    options: tuple[str, ...] = ()


Units = Mapping[str, Unit]


def load_units(path: Path, log: FaultLog) -> Units:
    """Read every unit that is well-formed; the others are in the log."""
    tree = read_yaml(path, log)
    if tree is None:
        return {}
    read = {key: _unit(key, node, log) for key, node, _ in shape.pairs(tree)}
    return {key: unit for key, unit in read.items() if unit}


def _unit(key: str, node: Node, log: FaultLog) -> Unit | None:
    held = shape.mapped(node, key, log)
    if held is None or not shape.check_keys(held, key, log, required="kind label", optional="places options"):
        return None
    kind = _kind(held.entries["kind"], f"{key}.kind", log)
    label = shape.names(held.entries["label"], f"{key}.label", log)
    places = shape.whole(held.entries["places"], f"{key}.places", log) if "places" in held.entries else 0
    options = _options(held, key, log)
    if kind is None or label is None or places is None:
        return None
    return Unit(key, kind, label, places, options)


def _kind(node: Node, field: str, log: FaultLog) -> Kind | None:
    written = node.text if isinstance(node, Scalar) else ""
    if written in set(Kind):
        return Kind(written)
    log.add(
        "rules.unit.kind",
        gettext_noop("“{value}” in {field} is not a kind of unit. Write one of {known}."),
        node.place,
        named=field,
        value=written,
        known=", ".join(Kind),
    )
    return None


def _options(held: Mapped, key: str, log: FaultLog) -> tuple[str, ...]:
    if "options" not in held.entries:
        return ()
    return _texts(held.entries["options"], f"{key}.options", log) or ()


def find_unit(node: Node, field: str, units: Units, log: FaultLog) -> Unit | None:
    """Return the unit that a parameter names; an unknown one is a fault."""
    name = shape.text(node, f"{field}.unit", log)
    if name is None or name in units:
        return units.get(name or "")
    log.add(
        "rules.unit.unknown",
        gettext_noop("“{value}”, the unit of {field}, is not in units.yaml. Perhaps you meant: {known}."),
        node.place,
        named=field,
        value=name,
        known=shape.nearest(name, units),
    )
    return None


@dataclass(frozen=True, slots=True)
class _Slot:
    """One value to be read: where it stands, what it should be, and where faults go."""

    node: Node
    unit: Unit
    currency: str
    field: str
    log: FaultLog

    @property
    def shown(self) -> str:
        return self.node.text if isinstance(self.node, Scalar) else "…"

    def quoted(self) -> str | None:
        return shape.quoted(self.node, self.field, self.log)

    def fault(self, code: str, template: str, **more: object) -> None:
        self.log.add(code, template, self.node.place, named=self.field, **more)


def read_value(node: Node, unit: Unit, currency: str, field: str, log: FaultLog) -> Value | None:
    """Read a value that is not null in its unit; None with a fault in the log when it does not fit."""
    return _READERS[unit.kind](_Slot(node, unit, currency, field, log))


def _share(slot: _Slot) -> Value | None:
    written = slot.quoted()
    if written is None:
        return None
    return slot.log.attempt(slot.node.place, lambda: parse_share(written, field=slot.field))


def _money(slot: _Slot) -> Value | None:
    written = slot.quoted()
    if written is None or not slot.currency:
        return None
    amount = slot.log.attempt(slot.node.place, lambda: Money.parse(written, slot.currency, field=slot.field))
    if amount is not None and amount.minor < 0:
        slot.fault(
            "rules.value.negative",
            gettext_noop("“{value}” in {field} is below zero. Write zero or more."),
            value=written,
        )
    return amount


def _decimal(slot: _Slot) -> Value | None:
    written = slot.quoted()
    if written is None:
        return None
    places = slot.unit.places
    return slot.log.attempt(slot.node.place, lambda: parse_decimal(written, places=places, field=slot.field))


def _whole(slot: _Slot) -> Value | None:
    return shape.whole(slot.node, slot.field, slot.log)


def _flag(slot: _Slot) -> Value | None:
    return shape.flag(slot.node, slot.field, slot.log)


def _day(slot: _Slot) -> Value | None:
    return shape.day(slot.node, slot.field, slot.log)


def _text(slot: _Slot) -> Value | None:
    return shape.text(slot.node, slot.field, slot.log)


def _names(slot: _Slot) -> Value | None:
    return shape.names(slot.node, slot.field, slot.log)


def _choice(slot: _Slot) -> Value | None:
    chosen = _text(slot)
    return chosen if isinstance(chosen, str) and _offered(chosen, slot) else None


def _choices(slot: _Slot) -> Value | None:
    chosen = _texts(slot.node, slot.field, slot.log)
    good = [_offered(each, slot) for each in chosen or ()]
    return chosen if all(good) else None


def _offered(chosen: str, slot: _Slot) -> bool:
    if chosen in slot.unit.options:
        return True
    slot.fault(
        "rules.value.option",
        gettext_noop("“{value}” in {field} is not among the options of {unit}. Write one of {known}."),
        value=chosen,
        unit=slot.unit.id,
        known=", ".join(slot.unit.options),
    )
    return False


def _list(slot: _Slot) -> Value | None:
    return _texts(slot.node, slot.field, slot.log)


def _phrases(slot: _Slot) -> Value | None:
    if not isinstance(slot.node, Listing):
        shape.listed(slot.node, slot.field, slot.log)
        return None
    read = [shape.names(entry, slot.field, slot.log) for entry in slot.node.entries]
    return tuple(each for each in read if each is not None)


def _texts(node: Node, field: str, log: FaultLog) -> tuple[str, ...] | None:
    entries = shape.listed(node, field, log)
    if not isinstance(node, Listing):
        return None
    read = [shape.text(entry, field, log) for entry in entries]
    return tuple(each for each in read if each is not None)


_READERS: Mapping[Kind, Callable[[_Slot], Value | None]] = MappingProxyType(
    {
        Kind.SHARE: _share,
        Kind.MONEY: _money,
        Kind.DECIMAL: _decimal,
        Kind.WHOLE: _whole,
        Kind.FLAG: _flag,
        Kind.DAY: _day,
        Kind.TEXT: _text,
        Kind.NAMES: _names,
        Kind.CHOICE: _choice,
        Kind.CHOICES: _choices,
        Kind.LIST: _list,
        Kind.PHRASES: _phrases,
    }
)


def written(value: Value | None) -> str | None:
    """Return a value as text for records of what was read; None stays None."""
    if value is None:
        return None
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, Money):
        return str(value.decimal)
    if isinstance(value, Fraction):
        return decimal_text(value)
    return ", ".join(map(str, value)) if isinstance(value, tuple) else str(value)


def decimal_text(share: Fraction) -> str:
    """Return a share with a finite decimal expansion as text, with at least two decimals: 0.70."""
    value = Decimal(share.numerator) / Decimal(share.denominator)
    short = value.quantize(Decimal("0.01"))
    return str(short if short == value else value)
