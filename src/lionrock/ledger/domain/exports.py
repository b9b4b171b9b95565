"""The books as a table and as JSON, for machines."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from datetime import UTC

from lionrock.kernel.periods import local_date
from lionrock.ledger.domain.accounts import number_text
from lionrock.ledger.domain.books import Book
from lionrock.ledger.domain.journals import PostedJournal
from lionrock.web.spreadsheets import cell

CSV_COLUMNS = (
    "journal",
    "date",
    "at",
    "recorded_at",
    "cause",
    "memo",
    "actor",
    "account",
    "unit",
    "amount",
    "integer_amount",
)


def csv_lines(book: Book) -> Iterator[str]:
    """Yield the journal as CSV, a line per posting.

    `amount` is in the major unit of the currency (or in device-seconds), `integer_amount` in its
    minor unit; `date` is in the programme's zone, the instants in UTC.
    """
    yield _csv_line(CSV_COLUMNS)
    for journal in book.journals:
        day = local_date(journal.at, book.zone)
        for entry in journal.entries:
            yield _csv_line(
                (
                    journal.number,
                    day,
                    journal.at.astimezone(UTC).isoformat(),
                    journal.recorded_at.astimezone(UTC).isoformat(),
                    cell(journal.cause),
                    cell(journal.memo),
                    cell(journal.actor),
                    cell(entry.account),
                    journal.unit,
                    number_text(entry.amount, journal.unit),
                    entry.amount,
                )
            )


def _csv_line(cells: tuple[object, ...]) -> str:
    line = io.StringIO()
    csv.writer(line, lineterminator="").writerow(cells)
    return line.getvalue()


def json_data(book: Book) -> dict[str, object]:
    """Return the book as plain JSON values; amounts are integers in the minor unit."""
    return {
        "programme": book.programme,
        "currency": book.currency,
        "time_zone": book.zone.key,
        "journals": [_json_journal(journal) for journal in book.journals],
    }


def _json_journal(journal: PostedJournal) -> dict[str, object]:
    return {
        "journal": journal.number,
        "cause": journal.cause,
        "unit": journal.unit,
        "memo": journal.memo,
        "at": journal.at.astimezone(UTC).isoformat(),
        "recorded_at": journal.recorded_at.astimezone(UTC).isoformat(),
        "actor": journal.actor,
        "details": dict(journal.details),
        "entries": [{"account": entry.account, "amount": entry.amount} for entry in journal.entries],
    }
