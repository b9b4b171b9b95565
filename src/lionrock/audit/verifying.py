"""Seeing whether anything was changed, taken out or put in behind the application's back, and naming it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final

from django.db import connection

from lionrock.audit.anchors import Head
from lionrock.audit.domain import BEGINNING, Kept, content, digest_of, exact, tie
from lionrock.audit.guards import AWAIT
from lionrock.audit.models import AuditRecord, Block, Pending, Seal
from lionrock.audit.rows import row_text, sealed_models, sealed_of
from lionrock.audit.signing import is_signed
from lionrock.kernel.errors import Fault, NotFound
from lionrock.kernel.messages import gettext_noop, message

BATCH: Final = 5_000
ERASE: Final = "audit.erase"
"""The action whose records say what was erased."""

CHANGED: Final = gettext_noop("{what} is not what was sealed (seal {number}): it was changed.")
REMOVED: Final = gettext_noop("{what} was sealed (seal {number}) and is not there any more: it was deleted.")
INSERTED: Final = gettext_noop("{what} was written past the application: it has no seal, and waits for none.")
LOST: Final = gettext_noop("{what} was written and waited for its seal, and is not there any more: it was deleted.")
UNKNOWN: Final = gettext_noop("Seal {number} is of {what}, which is no table that is sealed: the seal was changed.")
SEAL: Final = gettext_noop("Seal {number} ({what}) does not follow from the one before: seals were changed or moved.")
GAP: Final = gettext_noop("Seals {first} to {number} are missing: they were deleted.")
BLOCK: Final = gettext_noop("The signature at seal {number} is not this installation's, or not of this chain.")
UNSIGNED: Final = gettext_noop("The chain ends with seal {number}, and was signed at {signed}: its end was changed.")
ANCHOR: Final = gettext_noop("The anchor of seal {number} says otherwise: the chain was rewritten at or before it.")
CUT: Final = gettext_noop("The anchor knows seal {number}, and the chain ends with {last}: its end was cut off.")
FORGED: Final = gettext_noop("The anchor of seal {number} is not signed by this installation.")
ERASED: Final = gettext_noop("{what} is shown as erased (seal {number}), and no record says who erased it.")
GUARD: Final = gettext_noop("The guard {guard} on {what} is missing or switched off.")


@dataclass(frozen=True, slots=True)
class Verification:
    """What was verified, from which seal to which, how many rows wait for theirs, and what is wrong."""

    first: int
    last: int
    chain: bytes
    waiting: int
    faults: tuple[Fault, ...]


@dataclass(frozen=True, slots=True)
class _Sealed:
    """A seal, with its row as it stands."""

    seal: Seal
    text: str | None

    def what(self) -> str:
        return name_of(self.seal.kind, self.seal.row)

    def digest(self) -> bytes | None:
        if self.text is None:
            return None
        seal = self.seal
        made = content(seal.kind, exact(self.text), sealed_of(seal.kind), bytes(seal.salt), Kept.of(seal.kept))
        return digest_of(made)


def name_of(kind: str, row: int) -> str:
    """Return how a row is called: "audit record 12"."""
    model = sealed_models().get(kind)
    return f"{model._meta.verbose_name if model else kind} {row}"


def verify(
    *, since: int = 0, anchor: Head | None = None, progress: Callable[[int], None] = lambda _done: None
) -> Verification:
    """Verify the chain from a signed block (`since`, the number of its last seal) or from the beginning.

    Reads every sealed row once, whatever the guards say. Raises `NotFound` where no block ends with `since`.
    """
    chain = _chain_at(since)
    number, faults = since, [*_guards()]
    for each in _from(since):
        seal = each.seal
        if seal.number != number + 1:
            faults.append(_fault("gap", GAP, first=number + 1, number=seal.number - 1))
        elif tie(chain, bytes(seal.digest)) != bytes(seal.chain):
            faults.append(_fault("seal", SEAL, number=seal.number, what=each.what()))
        faults += _row_faults(each)
        number, chain = seal.number, bytes(seal.chain)
        if number % BATCH == 0:
            progress(number - since)
    faults += [*_blocks(since, number), *_past_the_application(), *_erased(), *_anchored(anchor, number)]
    return Verification(since, number, chain, Pending.objects.count(), tuple(faults))


def _fault(code: str, template: str, **fields: object) -> Fault:
    value = str(fields.get("what") or fields["number"])
    return Fault(f"audit.verify.{code}", message(template, **fields), value=value)


def _chain_at(number: int) -> bytes:
    if not number:
        return BEGINNING
    block = Block.objects.filter(pk=number).first()
    if block is None:
        said = message(gettext_noop("No block of the chain ends with seal {number}."), number=number)
        raise NotFound("audit.verify.since", said)
    return bytes(block.chain)


def _from(since: int) -> Iterator[_Sealed]:
    """Go through the seals in order, each batch of a table in one statement: it sees one state of both."""
    while True:
        kinds = list(Seal.objects.filter(number__gt=since).order_by("number").values_list("number", "kind")[:BATCH])
        if not kinds:
            return
        last = kinds[-1][0]
        found = [each for kind in {kind for _, kind in kinds} for each in _of_kind(kind, since, last)]
        yield from sorted(found, key=lambda each: each.seal.number)
        since = last


def _of_kind(kind: str, after: int, last: int) -> list[_Sealed]:
    fields = ("number", "kind", "row", "salt", "digest", "chain", "kept")
    seals = Seal.objects.filter(number__gt=after, number__lte=last, kind=kind)
    if kind not in sealed_models():
        return [_Sealed(seal, None) for seal in seals]
    with connection.cursor() as cursor:
        cursor.execute(
            f'SELECT s.number, s.kind, s."row", s.salt, s.digest, s.chain, s.kept::text, {row_text(kind)} '  # noqa: S608
            f'FROM audit_seal s LEFT JOIN {kind} t ON t.id = s."row" '
            "WHERE s.number > %s AND s.number <= %s AND s.kind = %s",
            [after, last, kind],
        )
        return [_joined(dict(zip(fields, row[:-1], strict=True)), row[-1]) for row in cursor.fetchall()]


def _joined(seal: dict[str, Any], text: str | None) -> _Sealed:
    seal["kept"] = exact(seal["kept"]) if seal["kept"] else None
    return _Sealed(Seal(**seal), text)


def _row_faults(each: _Sealed) -> list[Fault]:
    number, what = each.seal.number, each.what()
    if each.seal.kind not in sealed_models():
        return [_fault("unknown", UNKNOWN, what=each.seal.kind, number=number)]
    digest = each.digest()
    if digest is None:
        return [_fault("removed", REMOVED, what=what, number=number)]
    return [] if digest == bytes(each.seal.digest) else [_fault("changed", CHANGED, what=what, number=number)]


def _blocks(since: int, last: int) -> Iterator[Fault]:
    """Whether each signed head is signed, and says of the chain what the chain says."""
    signed = since
    chains = dict(Seal.objects.filter(number__in=Block.objects.values("number")).values_list("number", "chain"))
    for block in Block.objects.filter(number__gt=since):
        signed = block.number
        there = bytes(chains.get(signed, b"")) == bytes(block.chain)
        if not there or not is_signed(signed, bytes(block.chain), block.sealed_at, bytes(block.signature)):
            yield _fault("block", BLOCK, number=signed)
    if signed != last:
        yield _fault("end", UNSIGNED, number=last, signed=signed)


def _past_the_application() -> Iterator[Fault]:
    """Rows without a seal that nobody waits to seal; and those that wait and are gone."""
    with connection.cursor() as cursor:
        for kind in sealed_models():
            cursor.execute(
                f"SELECT id FROM {kind} t "  # noqa: S608
                'WHERE NOT EXISTS (SELECT FROM audit_seal s WHERE s.kind = %s AND s."row" = t.id) '
                'AND NOT EXISTS (SELECT FROM audit_pending p WHERE p.kind = %s AND p."row" = t.id) ORDER BY id',
                [kind, kind],
            )
            yield from (_fault("inserted", INSERTED, what=name_of(kind, row)) for (row,) in cursor.fetchall())
            cursor.execute(
                'SELECT p."row" FROM audit_pending p '  # noqa: S608
                f'WHERE p.kind = %s AND NOT EXISTS (SELECT FROM {kind} t WHERE t.id = p."row") ORDER BY p.id',
                [kind],
            )
            yield from (_fault("lost", LOST, what=name_of(kind, row)) for (row,) in cursor.fetchall())


def _erased() -> Iterator[Fault]:
    """Whether a sealed record says of everything that is shown as erased that it was erased."""
    said: set[tuple[int, str]] = set()
    sealed = Seal.objects.filter(kind=AuditRecord._meta.db_table).values("row")
    for fields in AuditRecord.objects.filter(action=ERASE, pk__in=sealed).values_list("details__fields", flat=True):
        said |= {(int(number), name) for number, names in fields.items() for name in names}
    for seal in Seal.objects.filter(kept__isnull=False):
        if any((seal.number, name) not in said for name in Kept.of(seal.kept).digests):
            yield _fault("erased", ERASED, what=name_of(seal.kind, seal.row), number=seal.number)


def _anchored(anchor: Head | None, last: int) -> Sequence[Fault]:
    if anchor is None:
        return ()
    if not is_signed(anchor.number, anchor.chain, anchor.at, anchor.signature):
        return (_fault("forged", FORGED, number=anchor.number),)
    if anchor.number > last:
        return (_fault("cut", CUT, number=anchor.number, last=last),)
    seal = Seal.objects.filter(pk=anchor.number).first()
    holds = not anchor.number or (seal is not None and bytes(seal.chain) == anchor.chain)
    return () if holds else (_fault("anchor", ANCHOR, number=anchor.number),)


def _guards() -> Iterator[Fault]:
    """Whether what keeps the rows, and has them sealed, is switched on."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT t.tgrelid::regclass::text, t.tgname FROM pg_trigger t
            WHERE t.tgrelid = ANY(%s::regclass[]) AND NOT t.tgisinternal AND t.tgenabled NOT IN ('O', 'A')
            UNION ALL
            SELECT wanted, %s FROM unnest(%s::text[]) AS wanted
            WHERE NOT EXISTS (SELECT FROM pg_trigger t WHERE t.tgrelid = wanted::regclass AND t.tgname = %s)
            ORDER BY 1, 2
            """,
            [[*sealed_models(), "audit_seal", "audit_block"], AWAIT, [*sealed_models()], AWAIT],
        )
        yield from (_fault("guard", GUARD, what=table, guard=guard) for table, guard in cursor.fetchall())
