"""Tables as CSV for spreadsheets: read as UTF-8 by all of them, and nothing in a cell is run."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from datetime import date
from decimal import Decimal
from typing import Final

from lionrock.kernel.money import Money

BYTE_ORDER_MARK: Final = "\N{ZERO WIDTH NO-BREAK SPACE}"
"""Without it the usual spreadsheet reads UTF-8 as something else."""
FORMULA_STARTS: Final = frozenset("=+-@\t\r\n\0＝＋－＠")
"""What a text begins with that a spreadsheet takes for a formula (OWASP, CSV injection)."""


def cell(value: object) -> str:
    """Return a cell as text; a text that a spreadsheet would run as a formula is made plain text."""
    if value is None:
        return ""
    if isinstance(value, Money):
        return str(value.decimal)
    if isinstance(value, Decimal):
        return f"{value:f}"
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, int):
        return str(value)
    text = str(value)
    return f"'{text}" if text[:1] in FORMULA_STARTS else text


def to_csv(columns: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """Return a table as CSV with its byte order mark, under the names of its columns."""
    text = io.StringIO()
    text.write(BYTE_ORDER_MARK)
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(columns)
    for row in rows:
        writer.writerow([cell(each) for each in row])
    return text.getvalue()
