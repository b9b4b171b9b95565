"""Export controls besides determinations: the catalogue, what changed over time, what else is sold."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

from lionrock.api.declared.answers import printed
from lionrock.api.declared.things import figures
from lionrock.api.domain.tokens import Scope
from lionrock.controls.domain.answers import Question
from lionrock.controls.domain.choosing import choices
from lionrock.controls.domain.comparing import compare
from lionrock.controls.pages.asking import book_seen_by, today
from lionrock.controls.reading.described import catalogued
from lionrock.controls.showing import choice_data, comparison_data, item_data
from lionrock.kernel.errors import NotFound
from lionrock.kernel.messages import gettext_noop, message
from lionrock.people.domain import Actor


def _items(viewer: Actor) -> list[dict[str, object]]:
    return [item_data(each) for _, each in sorted(book_seen_by(viewer).items.items())]


def _item(viewer: Actor, chip: str) -> dict[str, object]:
    found = book_seen_by(viewer).items.get(chip)
    if found is None:
        raise NotFound("controls.chip.absent", message(gettext_noop("“{value}” is not in the catalogue."), value=chip))
    return item_data(found)


def _journey(destination: str, on: date | None, exporting_from: str, items: Any) -> Question:
    return Question(
        items=items,
        on=on or today(),
        destination=destination.upper(),
        exporting_from=exporting_from.upper() or None,
        headquarters=None,
    )


def _choices(
    viewer: Actor, destination: str, on: date | None = None, exporting_from: str = ""
) -> list[dict[str, object]]:
    asked = _journey(destination, on, exporting_from, ())
    return [choice_data(each) for each in choices(book_seen_by(viewer), replace(asked, datacentre=None))]


def _compared(
    viewer: Actor, chip: str, destination: str, on: date, until: date, exporting_from: str = ""
) -> dict[str, object]:
    book = book_seen_by(viewer)
    asked = _journey(destination, on, exporting_from, catalogued(book.items, [chip]))
    return comparison_data(compare(book, asked, on, until))


figures(_items, "controls/items", name="list_controlled_items", said="List the accelerators of the catalogue.",
        tell=printed, rows=True, scope=Scope.COMPLIANCE, pages=("controls_items:list",),
        commands=("controls catalogue",))  # fmt: skip
figures(_item, "controls/items/{chip}", name="read_controlled_item", tell=printed, scope=Scope.COMPLIANCE,
        said="Show an accelerator with its figures; what is not published is named as missing.",
        pages=("controls_items:show",), commands=("controls catalogue",))  # fmt: skip
figures(_choices, "controls/alternatives", name="list_alternatives", tell=printed, rows=True, scope=Scope.COMPLIANCE,
        said="Tell what is sold to a destination by a day, the easiest way first.",
        pages=("controls_choices:list", "supply_choices:list"),
        commands=("controls alternatives", "supply alternatives"))  # fmt: skip
figures(_compared, "controls/comparisons", name="read_comparison", tell=printed, scope=Scope.COMPLIANCE,
        said="Tell how the answer for an accelerator changed between two days, and what changed it.",
        pages=("controls_compare:list", "controls_story:list"), commands=("controls compare",))  # fmt: skip
