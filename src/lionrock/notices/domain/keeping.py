"""Sentences kept as JSON so that each reader gets them in their language, figures and dates included."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, datetime
from decimal import Decimal
from types import MappingProxyType
from typing import Any, Final

from lionrock.kernel.messages import Message
from lionrock.kernel.money import Money, Price
from lionrock.kernel.periods import Month
from lionrock.rules.shape import Names


def kept(said: Message) -> dict[str, object]:
    """Return a sentence as plain JSON values; what has no rule here is kept as its text."""
    return {"template": said.template, "fields": {name: _kept(value) for name, value in said.fields.items()}}


def told(said: Mapping[str, Any]) -> Message:
    """Return the sentence that `kept` wrote, to be written in any language."""
    return Message(said["template"], {name: _told(value) for name, value in said["fields"].items()})


def _kept(value: object) -> object:
    if isinstance(value, str | int):
        return str(value) if isinstance(value, str) else value
    rule = next((name for name, (kind, _, _) in _RULES.items() if isinstance(value, kind)), None)
    return {rule: _RULES[rule][1](value)} if rule else str(value)


def _told(value: Any) -> object:
    if not isinstance(value, dict):
        return value
    [(rule, written)] = value.items()
    return _RULES[rule][2](written)


def _names(names: Names) -> list[str | None]:
    return [names.en, names.zh_hant, names.zh_hans]


_RULES: Final[Mapping[str, tuple[type, Callable[[Any], object], Callable[[Any], object]]]] = MappingProxyType(
    {
        "message": (Message, kept, told),
        "names": (Names, _names, lambda written: Names(*written)),
        "money": (Money, lambda amount: [amount.minor, amount.currency], lambda written: Money(*written)),
        "price": (Price, lambda price: [str(price.decimal), price.currency], lambda each: Price.parse(*each)),
        "month": (Month, str, Month.parse),
        "instant": (datetime, datetime.isoformat, datetime.fromisoformat),
        "day": (date, date.isoformat, date.fromisoformat),
        "quantity": (Decimal, str, Decimal),
    }
)
"""By name: the type, how it is kept, how it is read again. The first that fits writes; an instant is a date too."""
