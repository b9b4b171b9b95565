"""Erasing what is personal in audit records: the record, its seal and the chain stand."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime

import pgtrigger
from django.db import transaction

from lionrock.audit.actions import record
from lionrock.audit.domain import ERASED, Kept, erase_apart, split
from lionrock.audit.models import AuditRecord, Seal
from lionrock.audit.rows import rows_of, sealed_of
from lionrock.audit.sealing import seal_due
from lionrock.audit.verifying import ERASE

KIND = AuditRecord._meta.db_table


@transaction.atomic
def erase_fields(
    wanted: Mapping[int, Collection[str]], *, actor: str, programme: str, certificate: str, now: datetime
) -> int:
    """Erase fields of audit records (by number: "actor", "reason", "details"…); return how many records.

    What was erased is recorded, so that verifying knows. Of details all is erased. What stood there cannot be
    found out any more; what is sealed of it stays, so that the chain verifies. Permission is the business of who
    calls.
    """
    seal_due(now)
    seals = Seal.objects.select_for_update().filter(kind=KIND, row__in=wanted).order_by("number")
    rows = rows_of((KIND, number) for number in wanted)
    told: dict[str, list[str]] = {}
    for seal in seals:
        if names := _erase(seal, rows[KIND, seal.row], frozenset(wanted[seal.row])):
            told[str(seal.number)] = sorted(names)
    details = {"fields": told}
    record(ERASE, certificate, actor=actor, now=now, programme=programme, details=details)
    seal_due(now)
    return len(told)


def _erase(seal: Seal, row: Mapping[str, object], wanted: frozenset[str]) -> frozenset[str]:
    sealed, kept = sealed_of(KIND), Kept.of(seal.kept)
    _, apart = split(row, sealed.apart)
    names = frozenset(name for name in apart if name.split(".")[0] in wanted and name not in kept.digests)
    if not names:
        return names
    left = erase_apart(row, sealed, bytes(seal.salt), kept, names)
    changed: dict[str, object] = {name: ERASED for name in names if "." not in name}
    if any(name.startswith("details.") for name in names):
        held = AuditRecord.objects.values_list("details", flat=True).get(pk=seal.row)
        changed["details"] = {key: ERASED if f"details.{key}" in names else value for key, value in held.items()}
    with pgtrigger.ignore("audit.AuditRecord:append_only", "audit.Seal:never_changes"):
        AuditRecord.objects.filter(pk=seal.row).update(**changed)
        Seal.objects.filter(pk=seal.pk).update(kept=left.data(), salt=b"")
    return names
