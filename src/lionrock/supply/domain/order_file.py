"""Orders in a plain CSV, a line each; rows of the same supplier and reference are one order.

All faults of a file are told at once, each by its line. The columns are told in
`docs/reference/order-files.md`.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Final

from lionrock.controls.domain.rules import Book
from lionrock.controls.rows import read_day
from lionrock.kernel.errors import Fault, Invalid, collecting
from lionrock.kernel.messages import Message, gettext_noop, message
from lionrock.kernel.money import Money
from lionrock.supply.domain.drafts import LineDraft, OrderDraft, head_faults, line_faults

HEAD: Final = ("supplier", "reference", "destination", "exporting_from", "headquarters")
"""Cells that are the same in every row of an order."""
COLUMNS: Final = (*HEAD, "chip", "units", "price", "currency", "site", "due")
OPTIONAL: Final = ("chips_per_unit", "use")
LARGEST_FILE: Final = 2_000_000
"""Bytes of a file; ten thousand lines have less."""


@dataclass(frozen=True, slots=True)
class FileOrder:
    """An order of a file, and the lines on which it stands."""

    draft: OrderDraft
    lines: tuple[int, ...]


def read_order_file(
    content: bytes, name: str, book: Book, sites: Mapping[str, str], suppliers: Collection[str]
) -> list[FileOrder]:
    """Return the orders of a file in their order; raises `Invalid` with the faults of all rows."""
    faults: list[Fault] = []
    found: dict[tuple[str, str], FileOrder] = {}
    for number, cells in _rows(content, name):
        wrong: list[Fault] = []
        line = _line(cells, wrong)
        wrong += line_faults(line, number, book, sites)
        head = _head(cells)
        before = found.get((head.supplier, head.reference))
        wrong += head_faults(head, book, suppliers) if before is None else _otherwise(before.draft, head)
        lines, drafts = (*before.lines, number) if before else (number,), before.draft.lines if before else ()
        draft = replace(before.draft if before else head, lines=(*drafts, line))
        found[head.supplier, head.reference] = FileOrder(draft, lines)
        faults += [replace(fault, file=name, line=number) for fault in wrong]
    if not found:
        faults.append(_table(message(gettext_noop("The file {file} has no order."), file=name), name))
    if faults:
        template = gettext_noop("{count} faults in {file}. Nothing of it is ordered.")
        said = message(template, count=len(faults), file=name)
        raise Invalid("supply.file.faults", said, faults=faults)
    return list(found.values())


def _rows(content: bytes, name: str) -> Iterator[tuple[int, Mapping[str, str]]]:
    if len(content) > LARGEST_FILE:
        said = message(gettext_noop("{file} is too large. Send it in parts."), file=name)
        raise Invalid("supply.file.table", said, faults=[_table(said, name)])
    try:
        text = content.decode("utf-8-sig").replace("\0", "")
        reader = csv.DictReader(io.StringIO(text, newline=""), restkey="…", restval="", strict=True)
        _check_columns(list(reader.fieldnames or []), name)
        for row in reader:
            yield reader.line_num, {key: str(value or "").strip() for key, value in row.items()}
    except (UnicodeDecodeError, csv.Error) as wrong:
        said = message(gettext_noop("The file {file} cannot be read: {problem}."), file=name, problem=wrong)
        raise Invalid("supply.file.table", said, faults=[_table(said, name)]) from wrong


def _check_columns(names: list[str], name: str) -> None:
    missing = [column for column in COLUMNS if column not in names]
    strange = [column for column in names if column not in COLUMNS + OPTIONAL]
    twice = sorted({column for column in names if names.count(column) > 1})
    if missing or strange or twice:
        template = gettext_noop(
            "The first line of {file} is to name the columns {known}, and {optional} if there are any. "
            "Missing: {missing}; unknown: {strange}; twice: {twice}."
        )
        lists = {"missing": missing, "strange": strange, "twice": twice}
        words = {key: ", ".join(value) or "–" for key, value in lists.items()}
        said = message(template, file=name, known=", ".join(COLUMNS), optional=", ".join(OPTIONAL), **words)
        raise Invalid("supply.file.table", said, faults=[_table(said, name)])


def _table(said: Message, name: str) -> Fault:
    return Fault("supply.file.table", said, file=name, line=1)


def _head(cells: Mapping[str, str]) -> OrderDraft:
    to, exporting_from, headquarters = (cells[field].upper() for field in HEAD[2:])
    uses = tuple(cells.get("use", "").split())
    return OrderDraft(cells["supplier"], cells["reference"], to, exporting_from, headquarters, lines=(), uses=uses)


def _otherwise(draft: OrderDraft, head: OrderDraft) -> Iterator[Fault]:
    """Yield a fault for each cell of an order that is another than in its first row."""
    for field in (*HEAD[2:], "uses"):
        if getattr(draft, field) != getattr(head, field):
            template = gettext_noop("{field} is another than in the first row of this order.")
            yield Fault("supply.file.otherwise", message(template, field=field), field=field)


def _line(cells: Mapping[str, str], faults: list[Fault]) -> LineDraft:
    """Return a line of a file; where a cell is at fault, something that nobody objects to stands for it."""
    units, each, price, due = 1, 1, Money(0, "USD"), date.max
    if cells.get("…"):
        said = message(gettext_noop("The row has more cells than the first line. Quote a cell that holds a comma."))
        faults.append(Fault("supply.file.cells", said))
    with collecting(faults):
        units = read_number(cells["units"], "units")
    with collecting(faults):
        each = read_number(cells.get("chips_per_unit") or "1", "chips_per_unit")
    with collecting(faults):
        price = Money.parse(cells["price"], cells["currency"], field="price")
    with collecting(faults):
        due = read_day(cells["due"])
    return LineDraft(cells["chip"], units, price, cells["site"], due, each)


def read_number(text: str, field: str) -> int:
    """Return a whole number as it is written in a file or a form; raises `Invalid`."""
    if text.isascii() and text.isdigit() and len(text) < len("1000000000"):
        return int(text)
    said = message(gettext_noop("“{value}” in {field} is not a whole number."), value=text, field=field)
    raise Invalid("supply.file.number", said, faults=[Fault("supply.file.number", said, field=field, value=text)])
