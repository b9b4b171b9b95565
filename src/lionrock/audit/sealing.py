"""Sealing what was written: each row is tied to all that were sealed before it.

Whoever writes waits for nobody: the database notes the row, in the transaction that writes it, as
one that waits for its seal. Sealing takes what is committed by then, under a lock of its own that no
writer ever asks for, in blocks of one transaction each.
"""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from datetime import datetime
from typing import Final

from django.db import connection, transaction

from lionrock.audit.domain import BEGINNING, Kept, content, digest_of, tie
from lionrock.audit.models import Block, Pending, Seal
from lionrock.audit.rows import rows_of, sealed_models, sealed_of
from lionrock.audit.signing import signature

BLOCK: Final = 5_000
"""Rows that are sealed in one transaction."""
_LOCK: Final = 1_279_872_901


def seal_due(now: datetime) -> int:
    """Seal all that waits and is committed; return how many rows that were.

    A row that waits and is not there any more stays noted, so that verifying names it.
    """
    sealed, after = 0, 0
    while block := _seal_block(now, after):
        after, count = block
        sealed += count
    return sealed


@transaction.atomic
def _seal_block(now: datetime, after: int) -> tuple[int, int] | None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])
    waiting = list(Pending.objects.filter(pk__gt=after).order_by("pk")[:BLOCK])
    if not waiting:
        return None
    known = sealed_models()
    rows = rows_of((each.kind, each.row) for each in waiting if each.kind in known)
    there = [each for each in waiting if (each.kind, each.row) in rows]
    if there:
        tip = Seal.objects.order_by("-number").first()
        number, chain = (tip.number, bytes(tip.chain)) if tip else (0, BEGINNING)
        seals = []
        for number, each in enumerate(there, number + 1):  # noqa: B020 - it goes on where the last seal stands
            made = _seal(number, chain, each, rows[each.kind, each.row])
            chain = bytes(made.chain)
            seals.append(made)
        _keep(seals, now)
        Pending.objects.filter(pk__in=[each.pk for each in there]).delete()
    return waiting[-1].pk, len(there)


def _seal(number: int, before: bytes, waiting: Pending, row: dict[str, object]) -> Seal:
    sealed = sealed_of(waiting.kind)
    salt = secrets.token_bytes(16) if sealed.apart else b""
    digest = digest_of(content(waiting.kind, row, sealed, salt, Kept()))
    chain = tie(before, digest)
    return Seal(number=number, kind=waiting.kind, row=waiting.row, salt=salt, digest=digest, chain=chain)


def _keep(seals: Sequence[Seal], now: datetime) -> None:
    Seal.objects.bulk_create(seals)
    number, chain = seals[-1].number, bytes(seals[-1].chain)
    Block.objects.create(number=number, chain=chain, sealed_at=now, signature=signature(number, chain, now))
