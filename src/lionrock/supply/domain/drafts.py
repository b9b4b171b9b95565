"""An order as somebody writes it, checked as a whole before anything of it is kept."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final

from lionrock.controls.domain.rules import Book
from lionrock.controls.reading.described import catalogued
from lionrock.kernel.errors import Fault, Invalid, collecting
from lionrock.kernel.messages import gettext_noop, message
from lionrock.kernel.money import Money, check_currency
from lionrock.kernel.texts import check_line

MOST_UNITS: Final = 1_000_000
MOST_CHIPS_PER_UNIT: Final = 1_000


@dataclass(frozen=True, slots=True)
class LineDraft:
    """So many units of a chip, or of a server with so many of it, at a price each, for a site on a day."""

    chip: str
    units: int
    price: Money
    site: str
    due: date
    chips_per_unit: int = 1


@dataclass(frozen=True, slots=True)
class OrderDraft:
    """An order: from whom, on which journey, for which uses, and its lines.

    `destination`, `exporting_from` and `headquarters` (of the end user's ultimate parent) are countries.
    """

    supplier: str
    reference: str
    destination: str
    exporting_from: str
    headquarters: str
    lines: tuple[LineDraft, ...]
    uses: tuple[str, ...] = ()


def check_draft(draft: OrderDraft, book: Book, sites: Mapping[str, str], suppliers: Collection[str]) -> str:
    """Return the programme of an order; raises `Invalid` with all its faults.

    `sites` gives the programme of each site that may be named.
    """
    faults = [*head_faults(draft, book, suppliers)]
    for number, line in enumerate(draft.lines, 1):
        faults += line_faults(line, number, book, sites)
    programmes = sorted({sites[line.site] for line in draft.lines if line.site in sites})
    if len(programmes) > 1:
        said = message(
            gettext_noop("The sites of one order belong to several programmes: {known}. Write an order for each."),
            known=", ".join(programmes),
        )
        faults.append(Fault("supply.order.programmes", said, field="site"))
    if faults or not programmes:
        first = faults[0] if faults else Fault("supply.order.empty", _EMPTY, field="chip")
        raise Invalid(first.code, first.message, faults=faults or [first])
    return programmes[0]


_EMPTY: Final = message(gettext_noop("The order has no line. Name at least one accelerator."))


def head_faults(draft: OrderDraft, book: Book, suppliers: Collection[str]) -> Iterator[Fault]:
    """Yield what is wrong with an order but for its lines."""
    if draft.supplier not in suppliers:
        yield _strange(draft.supplier, "supplier", suppliers)
    for field in ("destination", "exporting_from", "headquarters"):
        if getattr(draft, field) not in book.atlas.names:
            yield country_fault(getattr(draft, field), field)
    yield from (_strange(use, "use", book.uses) for use in draft.uses if use not in book.uses)
    faults: list[Fault] = []
    with collecting(faults):
        check_line(draft.reference, field="reference", longest=100)
    yield from faults


def _strange(value: str, field: str, known: Collection[str]) -> Fault:
    said = message(
        gettext_noop("“{value}” in {field} is not on file. Those that are: {known}."),
        value=value,
        field=field,
        known=", ".join(sorted(known)) or "–",
    )
    return Fault(f"supply.order.{field}", said, field=field, value=value)


def country_fault(value: str, field: str) -> Fault:
    """Return the fault of what is no country."""
    said = message(gettext_noop("“{value}” in {field} is no country code of ISO 3166-1."), value=value, field=field)
    return Fault("supply.order.country", said, field=field, value=value)


def line_faults(line: LineDraft, number: int, book: Book, sites: Mapping[str, str]) -> Iterator[Fault]:
    """Yield what is wrong with a line, which is told by its number."""
    faults: list[Fault] = []
    with collecting(faults):
        catalogued(book.items, [line.chip])
    with collecting(faults):
        check_currency(line.price.currency)
    yield from faults
    if line.site not in sites:
        yield _strange(line.site, "site", sites)
    ranges = (("units", line.units, 1, MOST_UNITS), ("chips_per_unit", line.chips_per_unit, 1, MOST_CHIPS_PER_UNIT))
    for field, value, least, most in ranges:
        if not least <= value <= most:
            said = message(
                gettext_noop("{value} in {field} of line {line} is not between {least} and {most}."),
                value=value,
                field=field,
                line=number,
                least=least,
                most=most,
            )
            yield Fault("supply.order.number", said, field=field, value=str(value))
    if line.price.minor < 0:
        said = message(gettext_noop("The price of line {line} is below zero."), line=number)
        yield Fault("supply.order.price", said, field="price", value=str(line.price.decimal))
