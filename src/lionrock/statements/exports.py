"""A document for machines: JSON and CSV, with amounts in minor units and as decimals."""

from __future__ import annotations

import csv
import io
from typing import Any

from lionrock.statements.papers import Paper, PaperLine
from lionrock.web.spreadsheets import cell

COLUMNS = (
    "number", "month", "kind", "item", "site", "quantity", "unit", "unit_price", "price_from", "corrects", "reason",
    "gross", "subsidy", "user", "currency", "awards",
)  # fmt: skip


def to_json(paper: Paper) -> dict[str, Any]:
    """Return the document as plain values; amounts are integers in minor units of `currency`."""
    return {
        "number": paper.number,
        "kind": paper.kind,
        "programme": paper.programme.en,
        "organisation": paper.organisation_code,
        "organisation_name": paper.organisation.en,
        "month": str(paper.month),
        "issued_at": paper.issued_at.isoformat(),
        "currency": paper.currency,
        "gross": paper.gross.minor,
        "subsidy": paper.subsidy.minor,
        "user": paper.user.minor,
        "lines": [_json_line(line) for line in paper.lines],
        "awards": [
            {"award": one.award, "subsidy": one.subsidy.minor, "left": one.left.minor if one.left else None}
            for one in paper.awards
        ],
    }


def _json_line(line: PaperLine) -> dict[str, Any]:
    return {
        "kind": line.kind,
        "what": line.what.en,
        "site": line.site,
        "quantity": None if line.quantity is None else f"{line.quantity:f}",
        "unit": line.unit,
        "unit_price": None if line.unit_price is None else f"{line.unit_price.decimal:f}",
        "price_from": line.price_from.isoformat() if line.price_from else None,
        "corrects": str(line.corrects) if line.corrects else None,
        "reason": line.reason,
        "gross": line.gross.minor,
        "subsidy": line.subsidy.minor,
        "user": line.user.minor,
        "subsidy_by_award": {paid.award: paid.amount.minor for paid in line.paid},
    }


def to_csv(paper: Paper) -> str:
    """Return the lines as CSV under a heading; amounts are decimals in the major unit."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(COLUMNS)
    for line in paper.lines:
        writer.writerow([cell(each) for each in _cells(paper, line)])
    return text.getvalue()


def _cells(paper: Paper, line: PaperLine) -> tuple[object, ...]:
    return (
        paper.number,
        paper.month,
        line.kind,
        line.what.en,
        line.site,
        "" if line.quantity is None else line.quantity,
        line.unit,
        "" if line.unit_price is None else line.unit_price.decimal,
        line.price_from or "",
        line.corrects or "",
        line.reason,
        line.gross,
        line.subsidy,
        line.user,
        paper.currency,
        "; ".join(f"{paid.award} {paid.amount.decimal}" for paid in line.paid),
    )
