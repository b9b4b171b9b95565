"""Taking in a bank statement: each good row is recorded by itself, the others are held with all their faults."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from lionrock.audit.actions import record
from lionrock.kernel.errors import Fault, LionrockError, NotFound
from lionrock.kernel.messages import gettext_noop, message
from lionrock.kernel.texts import check_line, storable
from lionrock.notices.domain import kept
from lionrock.people.domain import Actor, Role
from lionrock.people.policies import require
from lionrock.people.programmes import programme_on_file
from lionrock.receivables.actions.payments import record_payment
from lionrock.receivables.domain import BankRow, HeldLine, read_bank_file
from lionrock.receivables.models import BankFile, HeldRow


def import_bank_file(*, actor: Actor, programme: str, content: bytes, name: str, now: datetime) -> BankFile:
    """Take in a bank statement (CSV); return it with the tally of its rows: new, repeated, held.

    Takes the role finance. Each payment is its own transaction: killed half-way, the file is sent
    again, and what was recorded is known by its reference. The same file again tries the rows that
    were held. Raises `Invalid` when it is no table at all.
    """
    require(actor, Role.FINANCE, programme=programme)
    check_line(name, field="name")
    rows = list(read_bank_file(content, name, programme_on_file(programme).currency))
    tally = {"new": 0, "repeated": 0, "held": 0}
    held: list[HeldLine] = []
    for row in rows:
        outcome = row if isinstance(row, HeldLine) else _taken(row, actor, programme, name, now)
        if isinstance(outcome, HeldLine):
            held.append(outcome)
        tally["held" if isinstance(outcome, HeldLine) else outcome] += 1
    return _keep(programme, hashlib.sha256(content).hexdigest(), name, tally, held, actor, now)


def _taken(row: BankRow, actor: Actor, programme: str, name: str, now: datetime) -> HeldLine | str:
    try:
        _, is_new = record_payment(
            actor=actor,
            programme=programme,
            organisation=row.payer,
            amount=row.amount,
            paid_on=row.paid_on,
            reference=row.reference,
            wishes=row.wishes,
            note=row.note,
            source=f"{name}:{row.line}"[:300],
            now=now,
        )
    except LionrockError as wrong:
        faults: Sequence[Fault] = wrong.faults or (Fault(wrong.code, wrong.message),)
        return HeldLine(row.line, row.raw, tuple(faults))
    return "new" if is_new else "repeated"


@transaction.atomic
def _keep(
    programme: str, digest: str, name: str, tally: dict[str, int], held: list[HeldLine], actor: Actor, now: datetime
) -> BankFile:
    """Keep what became of the file; what was held of it before is replaced by what is held now."""
    file, _ = BankFile.objects.update_or_create(
        programme=programme,
        digest=digest,
        defaults={"name": name, "tally": tally, "taken_at": now, "taken_by": actor.email},
    )
    file.held_rows.all().delete()
    HeldRow.objects.bulk_create(
        HeldRow(
            file=file,
            line=each.line,
            raw=storable(each.raw),
            faults=[{"code": fault.code, **kept(fault.message)} for fault in each.faults],
        )
        for each in held
    )
    record(
        "receivables.import_bank_file",
        name,
        actor=actor.email,
        now=now,
        programme=programme,
        details={"digest": digest, **tally},
    )
    return file


@transaction.atomic
def drop_held_row(*, actor: Actor, row: int, reason: str, now: datetime) -> HeldRow:
    """Take a held row off the list, and say why: it was recorded otherwise, or is no payment.

    Takes the role finance. Raises `NotFound`, and `Invalid` without a reason.
    """
    found = HeldRow.objects.select_related("file").select_for_update(of=("self",)).filter(pk=row).first()
    if found is None or not actor.holds(Role.FINANCE, programme=found.file.programme):
        template = gettext_noop("There is no held row {row} for you to mend.")
        raise NotFound("receivables.held.unknown", message(template, row=row))
    check_line(reason, field="reason", longest=300)
    record(
        "receivables.drop_held_row",
        f"{found.file.name}:{found.line}",
        actor=actor.email,
        now=now,
        programme=found.file.programme,
        details={"raw": found.raw, "reason": reason},
    )
    found.delete()
    return found
