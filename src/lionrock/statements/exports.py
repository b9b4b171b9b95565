"""A document for machines: JSON and CSV, with amounts in minor units and as decimals."""

from __future__ import annotations

import csv
import io
from datetime import datetime
from decimal import Decimal
from typing import Any

from lionrock.statements.explaining import Explanation
from lionrock.statements.papers import Note, Paper, PaperLine
from lionrock.web.spreadsheets import cell
from lionrock.web.spreadsheets import to_csv as table_to_csv

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


RUN_COLUMNS = (
    "number", "line", "site", "job", "state", "start", "end", "devices", "device_hours", "billed_before", "amount",
    "currency",
)  # fmt: skip


def explanation_to_json(told: Explanation) -> dict[str, Any]:
    """Return the explanation of a line as plain values; exact amounts are decimals of the major unit, as text."""
    return {
        "number": told.number,
        "line": told.position,
        "organisation": told.organisation.en,
        "month": str(told.month),
        "what": _json_line(told.line),
        "steps": [_json_note(note) for note in told.steps],
        "agrees": told.agrees,
        "runs": [dict(zip(RUN_COLUMNS[2:-1], map(_plain, row[2:-1]), strict=True)) for row in _run_rows(told)],
        "billed_before": [
            {"number": one.document, "line": one.position, "gross": one.gross.minor} for one in told.billed
        ],
    }


def _json_note(note: Note) -> dict[str, Any]:
    return {
        "said": str(note.message),
        "rests_on": [
            {
                "path": read.path,
                "value": read.value,
                "since": read.since.isoformat() if read.since else None,
                "source": read.citation.source if read.citation else None,
                "address": read.citation.address if read.citation else None,
            }
            for read in note.reads
        ],
    }


def runs_to_csv(told: Explanation) -> str:
    """Return the runs behind a line as CSV, all of them."""
    return table_to_csv(RUN_COLUMNS, _run_rows(told))


def _run_rows(told: Explanation) -> list[list[object]]:
    return [
        [
            told.number,
            told.position,
            row.site,
            row.job,
            row.state,
            row.start,
            row.end,
            row.devices,
            row.hours,
            row.before,
            row.amount,
            told.line.gross.currency,
        ]
        for row in told.runs
    ]


def _plain(value: object) -> object:
    """Return a cell for JSON: instants and exact numbers as text, so that nothing is rounded on its way."""
    if isinstance(value, Decimal):
        return f"{value:f}"
    return value.isoformat() if isinstance(value, datetime) else value
