"""Records handed out: CSV to read, NDJSON with all that it takes to verify them without us."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Final

from django.db.models import QuerySet

from lionrock.audit.domain import canonical
from lionrock.audit.models import AuditRecord, Seal
from lionrock.kernel.errors import Refused
from lionrock.kernel.messages import gettext_noop, message
from lionrock.oversight.queries import KIND, chain_lines
from lionrock.web.spreadsheets import to_csv

HANDED_OUT: Final = 20_000
"""So many records in one answer; `lionrock audit export` on the machine itself has no limit."""
COLUMNS: Final = (
    "record", "at", "recorded_at", "actor", "on_behalf_of", "action", "subject", "organisation", "reason", "details",
    "seal", "digest", "chain",
)  # fmt: skip


def handed_out(found: QuerySet[AuditRecord], form: str) -> tuple[str, str]:
    """Return records as csv or ndjson for one answer, with their media type; raises `Refused` for too many."""
    if found[HANDED_OUT : HANDED_OUT + 1]:
        template = gettext_noop("That is more than {count} records. Ask for less, or use `lionrock audit export`.")
        raise Refused("oversight.file.large", message(template, count=HANDED_OUT))
    return (as_csv(found), "text/csv") if form == "csv" else ("".join(as_ndjson(found)), "application/x-ndjson")


def as_csv(found: QuerySet[AuditRecord]) -> str:
    """Return records with their seals as CSV."""
    seals = {seal.row: seal for seal in Seal.objects.filter(kind=KIND, row__in=found.order_by().values("pk"))}
    return to_csv(COLUMNS, (_row(record, seals.get(record.pk)) for record in found))


def _row(record: AuditRecord, seal: Seal | None) -> list[object]:
    sealed = (seal.number, bytes(seal.digest).hex(), bytes(seal.chain).hex()) if seal else (None, None, None)
    details = json.dumps(record.details, ensure_ascii=False, sort_keys=True)
    times = (record.at.isoformat(), record.recorded_at.isoformat())
    said = (record.action, record.subject, record.organisation, record.reason, details)
    return [record.pk, *times, record.actor, record.on_behalf_of, *said, *sealed]


def as_ndjson(found: QuerySet[AuditRecord]) -> Iterator[str]:
    """Yield records with their seals, one JSON object a line, in the form that their digests are made of."""
    return (canonical(line).decode() + "\n" for line in chain_lines(found))
