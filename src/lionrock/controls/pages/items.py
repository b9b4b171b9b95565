"""The pages of the catalogue: all accelerators on file, and one with the source of each of its figures."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from lionrock.controls.domain.catalogue import Item
from lionrock.controls.domain.explaining import QUANTITIES, shown, value_shown
from lionrock.controls.domain.figures import Figure, Quantity, measures
from lionrock.controls.pages.asking import book_for
from lionrock.controls.wording import FIGURES
from lionrock.kernel.errors import NotFound
from lionrock.kernel.messages import Message, gettext_noop, message

LISTED = (Quantity.TPP, Quantity.DENSITY, Quantity.TRANSFER, Quantity.MEMORY)


@dataclass(frozen=True, slots=True)
class Row:
    """An item as it is listed: its quantities in the order of `LISTED`."""

    item: Item
    quantities: tuple[Message | str, ...]


@dataclass(frozen=True, slots=True)
class Cell:
    """A figure of an item; without a value it is missing."""

    name: Message
    value: str
    source: str
    unverified: bool


@require_safe
def catalogue(request: HttpRequest) -> HttpResponse:
    """List the accelerators on file."""
    book = book_for(request)
    rows = [_row(item) for item in sorted(book.items.values(), key=lambda item: (item.vendor, item.name))]
    return render(request, "controls/catalogue.html", {"rows": rows})


def _row(item: Item) -> Row:
    measured = measures(item.figures)
    return Row(item, tuple(value_shown(measured[quantity]) for quantity in LISTED))


@require_safe
def item(request: HttpRequest, chip: str) -> HttpResponse:
    """Show one accelerator; what is not published is named as missing."""
    found = book_for(request).items.get(chip)
    if found is None:
        raise NotFound("controls.chip.absent", message(gettext_noop("“{value}” is not in the catalogue."), value=chip))
    measured = measures(found.figures)
    wanted = [figure for figure in Figure if figure not in (Figure.STACK, Figure.STACK_AREA)]
    quantities = [(message(QUANTITIES[each]), value_shown(measured[each]), measured[each].missing) for each in LISTED]
    context = {"item": found, "cells": [_cell(found, figure) for figure in wanted], "quantities": quantities}
    return render(request, "controls/item.html", context)


def _cell(found: Item, figure: Figure) -> Cell:
    value = found.figures.known.get(figure)
    return Cell(
        name=message(FIGURES[figure]),
        value="" if value is None else shown(value),
        source=found.sources.get(figure, ""),
        unverified=figure in found.unverified,
    )
