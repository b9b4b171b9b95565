"""Held rows of imported files: tried again as they are, mended by hand, or set aside with a reason."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

from django.db import transaction

from lionrock.audit.actions import record
from lionrock.charging.actions.intake import KnownAccounts, take_in
from lionrock.charging.models import HeldRow
from lionrock.charging.usage_files import SKIP_WORDS, SkipReason, UsageOptions, UsageRecord
from lionrock.charging.usage_files.hold import Hold
from lionrock.charging.usage_files.normal_csv import COLUMNS, CsvReader
from lionrock.kernel.errors import Fault, Invalid
from lionrock.kernel.messages import gettext_noop, message
from lionrock.kernel.texts import check_line
from lionrock.people.domain import Actor, Role
from lionrock.people.policies import require

REFUSED: Final = "charging.run."
"""What the codes of rows begin with that could be read, but not charged: they are kept in our normal form."""

BATCH: Final = 5_000
MENDERS: Final = (Role.FINANCE, Role.CLUSTER_ADMIN)
_HEADER: Final = ",".join(COLUMNS)


@dataclass(frozen=True, slots=True)
class Tried:
    """What became of held rows: how many are taken in now, and how many are held still."""

    taken: int
    held: int


def try_rows_again(*, actor: Actor, programme: str, now: datetime, account: str = "", instead: str = "") -> Tried:
    """Take in the held rows that can be charged by now; takes the role finance or cluster_admin.

    With `account` only the rows of that account are tried, as rows of the account `instead`. Only rows
    that could be read are tried. Rows that are held still keep their place; an interruption loses at
    most the batch that it falls in, and the next try takes it again.
    """
    require(actor, *MENDERS, programme=programme)
    known = KnownAccounts.of(programme)
    rows = HeldRow.objects.filter(usage_import__programme=programme, code__startswith=REFUSED)
    ids = list(rows.order_by("usage_import", "line").values_list("pk", flat=True))
    taken = tried = 0
    for start in range(0, len(ids), BATCH):
        some = _try_some(ids[start : start + BATCH], programme, known, lambda one: _moved(one, account, instead))
        taken += some.taken
        tried += some.taken + some.held
    if taken:
        details = {"taken": taken, "held": tried - taken, "account": account, "instead": instead}
        record("charging.try_rows_again", programme, actor=actor.email, now=now, programme=programme, details=details)
    return Tried(taken, tried - taken)


def _moved(row: UsageRecord, account: str, instead: str) -> UsageRecord | None:
    """Return the record as it is tried; None when it is not to be."""
    if not account:
        return row
    return replace(row, account=instead) if row.account == account else None


@transaction.atomic
def _try_some(
    ids: Sequence[int], programme: str, known: KnownAccounts, wanted: Callable[[UsageRecord], UsageRecord | None]
) -> Tried:
    rows = HeldRow.objects.select_for_update(of=("self",)).filter(pk__in=ids).select_related("usage_import")
    tried: dict[tuple[int, int], tuple[HeldRow, UsageRecord]] = {}
    for row in rows.order_by("usage_import", "line"):
        one = _as_record(row)
        if one is not None and (one := wanted(one)) is not None:
            tried.setdefault((row.usage_import_id, row.line), (row, one))
    intake = take_in([one for _, one in tried.values()], programme=programme, source=_SOURCE, known=known)
    held = {id(one) for one, _ in intake.held}
    for row, one in tried.values():
        if id(one) not in held:
            _forget(row)
    return Tried(len(tried) - len(held), len(held))


def _as_record(row: HeldRow) -> UsageRecord | None:
    """Return a held row as a record; None for one that was kept in other words."""
    with suppress(Invalid):
        return _read(row.raw, row.usage_import.name, row.line)
    return None


_SOURCE: Final = "held rows"


def _read(line: str, file: str, number: int) -> UsageRecord:
    """Return the record of a line in our normal form; raises `Invalid`."""
    try:
        found = CsvReader(file, _HEADER, UsageOptions(site="")).parse(number, line)
    except Hold as wrong:
        fault = Fault(wrong.code, wrong.message, field="line", value=wrong.value)
        raise Invalid(wrong.code, wrong.message, faults=[fault]) from wrong
    if isinstance(found, SkipReason):
        said = message(gettext_noop("This row is no use: {reason}. Set it aside."), reason=message(SKIP_WORDS[found]))
        raise Invalid("charging.mend.no_use", said, faults=[Fault("charging.mend.no_use", said, field="line")])
    return found


def _forget(row: HeldRow) -> None:
    """Remove all faults of one row."""
    HeldRow.objects.filter(usage_import=row.usage_import, line=row.line).delete()


@transaction.atomic
def mend_row(*, actor: Actor, row: HeldRow, line: str, now: datetime) -> None:
    """Take in a held row as it is written by hand, in our normal form; takes the role finance or cluster_admin.

    What it was and what it became are kept in the audit. Raises `Invalid` with a fault at `line` for
    what cannot be read or charged as it is written; nothing is changed then.
    """
    programme = row.usage_import.programme
    require(actor, *MENDERS, programme=programme)
    one = _read(line.strip(), row.usage_import.name, row.line)
    intake = take_in([one], programme=programme, source=_SOURCE, known=KnownAccounts.of(programme))
    if intake.held:
        faults = [Fault(fault.code, fault.message, field="line", value=fault.value) for _, fault in intake.held]
        raise Invalid(faults[0].code, faults[0].message, faults=faults)
    details = {"line": row.line, "was": row.raw, "is": line.strip()}
    record("charging.mend_row", row.usage_import.name, actor=actor.email, now=now, programme=programme, details=details)
    _forget(row)


@transaction.atomic
def set_row_aside(*, actor: Actor, row: HeldRow, reason: str, now: datetime) -> None:
    """Let a held row go without charging it; takes the role finance or cluster_admin. The audit keeps it.

    Raises `Invalid` without a reason. The same file imported again holds the row again.
    """
    programme = row.usage_import.programme
    require(actor, *MENDERS, programme=programme)
    check_line(reason, field="reason")
    details = {"line": row.line, "was": row.raw, "reason": reason}
    record(
        "charging.set_row_aside",
        row.usage_import.name,
        actor=actor.email,
        now=now,
        programme=programme,
        details=details,
    )
    _forget(row)
