"""Sentences of the kernel in the language of the page."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Protocol, runtime_checkable

from django.conf import settings
from django.utils.translation import get_language, gettext

from lionrock.kernel.messages import Message
from lionrock.kernel.money import Money, Price
from lionrock.kernel.periods import Month
from lionrock.web import writing


@runtime_checkable
class Named(Protocol):
    """What has a name in each language of the product, as the rulebook's names have."""

    def in_language(self, code: str) -> str:
        """Return the name in that language, or in English."""


def translate(message: Message) -> str:
    """Return the sentence in the active language, its fields written as that language writes them."""
    fields = {name: _written(value) for name, value in message.fields.items()}
    return gettext(message.template).format(**fields)


def _written(value: object) -> object:
    """Return what is put in the sentence for one field; what has no rule here stays as it is."""
    return next((write(value) for kind, write in _WRITERS if isinstance(value, kind)), value)


def _name(names: Named) -> str:
    return names.in_language(get_language() or settings.LANGUAGE_CODE)


def _instant(value: datetime) -> str:
    return value.isoformat(sep=" ", timespec="minutes")


_WRITERS: tuple[tuple[type, Callable[[Any], str]], ...] = (
    (Message, translate),
    (Named, _name),
    (Money, writing.money),
    (Price, writing.price),
    (Month, writing.month),
    (datetime, _instant),
    (date, writing.day),
    (Decimal, writing.quantity),
)
"""The first that fits writes the field; an instant is a date too, and so stands before it."""
