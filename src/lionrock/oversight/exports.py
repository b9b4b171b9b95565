"""Records handed out: CSV to read, NDJSON with all that it takes to verify them without us."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Final

from django.db.models import QuerySet

from lionrock.audit.domain import canonical
from lionrock.audit.models import AuditRecord, Seal
from lionrock.oversight.queries import KIND, chain_lines
from lionrock.web.spreadsheets import to_csv

COLUMNS: Final = (
    "record", "at", "recorded_at", "actor", "on_behalf_of", "action", "subject", "organisation", "reason", "details",
    "seal", "digest", "chain",
)  # fmt: skip


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
