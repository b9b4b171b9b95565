"""Rows of a file that could not be taken in: held with their reason, until a better try takes them in."""

from __future__ import annotations

from collections.abc import Iterable

from django.db import connection

from lionrock.charging.actions.intake import HeldRecord
from lionrock.charging.models import HeldRow, UsageImport
from lionrock.charging.usage_files import HeldRow as HeldInFile
from lionrock.charging.usage_files.normal_csv import written
from lionrock.kernel.errors import Fault
from lionrock.kernel.texts import storable


def begin_holding() -> None:
    """Forget what another try of this connection held.

    What this one holds is remembered in the database: a file of millions of rows may be held whole.
    """
    with connection.cursor() as cursor:
        cursor.execute(_BEGIN)


def hold(usage_import: UsageImport, unreadable: Iterable[HeldInFile], refused: Iterable[HeldRecord]) -> None:
    """Hold rows that cannot be read and records that cannot be charged, each with its fault."""
    held = [_held(usage_import, row.line, row.fault, row.raw) for row in unreadable]
    held += [_held_record(usage_import, row) for row in refused]
    HeldRow.objects.bulk_create(held, ignore_conflicts=True)
    with connection.cursor() as cursor, cursor.copy(_COPY) as copy:
        for row in held:
            copy.write_row((row.line, row.code))


def _held_record(usage_import: UsageImport, held: HeldRecord) -> HeldRow:
    row, fault = held
    return _held(usage_import, row.origin.line, fault, written(row))


def _held(usage_import: UsageImport, line: int, fault: Fault, raw: str) -> HeldRow:
    return HeldRow(
        usage_import=usage_import,
        line=line,
        code=fault.code,
        template=fault.message.template,
        fields={name: storable(str(value)) for name, value in _told(fault).items()},
        raw=storable(raw),
    )


def _told(fault: Fault) -> dict[str, object]:
    """Return what a reason tells, with the field and its value, also where its sentence names neither."""
    place = {"field": fault.field, "value": fault.value}
    return {**{name: text for name, text in place.items() if text is not None}, **fault.message.fields}


def forget_mended(usage_import: UsageImport) -> None:
    """Remove rows that an earlier try held and this one took in, because an account is now on file."""
    with connection.cursor() as cursor:
        cursor.execute(_FORGET, [usage_import.pk])


_BEGIN = "CREATE TEMPORARY TABLE IF NOT EXISTS held_again (line bigint, code text); TRUNCATE held_again"

_COPY = "COPY held_again (line, code) FROM STDIN"

_FORGET = """
DELETE FROM charging_heldrow held
WHERE usage_import_id = %s
    AND NOT EXISTS (SELECT FROM held_again again WHERE again.line = held.line AND again.code = held.code)
"""
