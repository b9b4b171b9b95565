"""What can be done on a page: several small forms, each with its own boxes, of which one is sent at a time."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Final

from django.contrib import messages
from django.http import HttpRequest
from django.utils.translation import get_language, gettext

from lionrock.controls.rows import read_day
from lionrock.kernel.errors import Conflict, Fault, Invalid, LionrockError, Refused
from lionrock.kernel.messages import gettext_noop, message
from lionrock.supply.queries.orders import book
from lionrock.web.filling import Box, filled, in_words, typed_in
from lionrock.web.sentences import translate

Typed = Mapping[str, str]
CHIP: Final = "chip"
_ALSO: Final = {"chip_id": CHIP, "exporting_from": "from", "destination": "to"}
"""Fields of faults of other rooms, and the boxes that they mean here."""


@dataclass(frozen=True, slots=True)
class Deed:
    """One thing that a viewer may do here; `open` shows its form at once."""

    name: str
    title: str
    boxes: Sequence[Box]
    act: Callable[[Typed], object]
    help: str = ""
    sends_file: bool = False
    wrong: LionrockError | None = None

    @property
    def open(self) -> bool:
        """Tell whether its form is shown at once: what was sent is to be mended."""
        return self.wrong is not None

    @property
    def shown(self) -> list[Box]:
        """The boxes under names that no other form of the page has."""
        return [
            replace(
                box,
                name=self._name(box.name),
                faults=tuple(replace(fault, field=self._name(fault.field)) for fault in box.faults),
            )
            for box in self.boxes
        ]

    @property
    def said(self) -> LionrockError | None:
        """What is wrong, leading to the boxes under the names that they have on the page."""
        if not isinstance(self.wrong, Invalid):
            return self.wrong
        faults = [replace(fault, field=self._name(fault.field) if fault.field else None) for fault in self.wrong.faults]
        return Invalid(self.wrong.code, self.wrong.message, faults=faults)

    def _name(self, field: str | None) -> str:
        return f"{self.name}-{field}"

    def typed(self, posted: Mapping[str, str]) -> dict[str, str]:
        """Return what was typed, by the plain names of the boxes."""
        found = typed_in(self.shown, posted)
        return {box.name: found[self._name(box.name)] for box in self.boxes}


def done(request: HttpRequest, deeds: Sequence[Deed]) -> tuple[list[Deed], int]:
    """Do what was sent; return the deeds as they are to be shown, and a status: 302 when it was done."""
    sent = next((deed for deed in deeds if deed.name == request.POST.get("deed")), None)
    if sent is None:
        messages.warning(request, gettext("This cannot be done here, or not now."))
        return list(deeds), 409
    typed = sent.typed(request.POST)
    try:
        sent.act(typed)
    except Conflict as late:
        messages.warning(request, translate(late.message))
        return list(deeds), 302
    except (Invalid, Refused) as wrong:
        told = in_words(_here(wrong), sent.boxes) if isinstance(wrong, Invalid) else wrong
        again = replace(sent, boxes=filled(sent.boxes, typed, told.faults), wrong=told)
        return [again if deed is sent else deed for deed in deeds], told.status
    messages.success(request, gettext("It is kept."))
    return list(deeds), 302


def _here(wrong: Invalid) -> Invalid:
    faults = wrong.faults or (Fault(wrong.code, wrong.message),)
    named = [replace(fault, field=_ALSO.get(fault.field or "", fault.field)) for fault in faults]
    return Invalid(wrong.code, wrong.message, faults=named)


def day_in(typed: Typed, field: str) -> date:
    """Return the day typed in a box; raises `Invalid` with the fault of that box."""
    try:
        return read_day(typed[field])
    except Invalid as wrong:
        faults = [
            replace(fault, field=field, message=message(_NO_DAY, value=typed[field], field=field))
            for fault in wrong.faults
        ]
        raise Invalid(wrong.code, faults[0].message, faults=faults) from wrong


_NO_DAY: Final = gettext_noop("“{value}” in {field} is not a date. Write it as 2025-01-31.")


def day_or_none(typed: Typed, field: str) -> date | None:
    """Return the day typed in a box, None for an empty one; raises `Invalid`."""
    return day_in(typed, field) if typed[field] else None


def select(name: str, label: str, choices: Sequence[tuple[str, str]], *, help: str = "", required: bool = True) -> Box:  # noqa: A002 - as `Box` has it
    """Return a box to choose from a list."""
    return Box(
        name, label, kind="select", help=help, required=required, choices=[("", gettext("Choose one")), *choices]
    )


def countries() -> list[tuple[str, str]]:
    """Return the countries to choose from, by name in the language of the page."""
    language = get_language() or "en"
    named = [(code, names.in_language(language)) for code, names in book().atlas.names.items()]
    return sorted(named, key=lambda pair: pair[1])


def chips_on_file() -> list[tuple[str, str]]:
    """Return the accelerators of the catalogue to choose from, by vendor and name."""
    items = sorted(book().items.values(), key=lambda item: (item.vendor, item.name))
    return [(item.id, f"{item.vendor} {item.name}") for item in items]
