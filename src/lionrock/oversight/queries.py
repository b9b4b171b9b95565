"""Looking things up in the audit trail of a programme."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from django.db.models import Q, QuerySet

from lionrock.applications.queries import applications
from lionrock.audit.domain import BEGINNING, Kept, key_of, split
from lionrock.audit.models import AuditRecord, Seal
from lionrock.audit.rows import rows_of, sealed_of
from lionrock.kernel.errors import NotFound
from lionrock.kernel.messages import gettext_noop, message
from lionrock.kernel.periods import local_midnight
from lionrock.people.domain import Actor, Role
from lionrock.people.policies import require
from lionrock.people.programmes import programme_on_file

SEE_TRAIL: Final = (Role.AUDITOR, Role.COMPLIANCE)
"""Who sees everything that was done in a programme, whoever did it."""
KIND: Final = AuditRecord._meta.db_table


@dataclass(frozen=True, slots=True)
class Asked:
    """What is looked for; what is empty is not asked. `last` is the last day, in the programme's zone."""

    who: str = ""
    action: str = ""
    subject: str = ""
    organisation: str = ""
    text: str = ""
    first: date | None = None
    last: date | None = None


def records(viewer: Actor, programme: str, asked: Asked) -> QuerySet[AuditRecord]:
    """Return a programme's records that are asked for, the latest first; takes the role auditor or compliance."""
    require(viewer, *SEE_TRAIL, programme=programme)
    found = AuditRecord.objects.filter(programme=programme).order_by("-id")
    if asked.who:
        found = found.filter(Q(actor__iexact=asked.who) | Q(on_behalf_of__iexact=asked.who))
    if asked.action:
        found = found.filter(action__startswith=asked.action)
    if asked.subject:
        found = found.filter(subject__startswith=asked.subject)
    if asked.organisation:
        found = found.filter(organisation=asked.organisation)
    if asked.text:
        found = found.filter(Q(reason__icontains=asked.text) | Q(details__icontains=asked.text))
    zone = programme_on_file(programme).zone
    if asked.first:
        found = found.filter(at__gte=local_midnight(asked.first, zone))
    if asked.last:
        found = found.filter(at__lt=local_midnight(date.fromordinal(asked.last.toordinal() + 1), zone))
    return found


def hidden_of(viewer: Actor, found: Iterable[AuditRecord]) -> frozenset[str]:
    """Return the applications that the records are about and that this viewer may not open: drafts, and conflicts."""
    named = {record.subject for record in found if record.subject.startswith("APP-")}
    return frozenset(named.difference(applications(viewer).filter(code__in=named).values_list("code", flat=True)))


def record_of(viewer: Actor, programme: str, number: int) -> AuditRecord:
    """Return one record; raises `NotFound` where the programme has none of that number."""
    found = records(viewer, programme, Asked()).filter(pk=number).first()
    if found is None:
        said = message(gettext_noop("{programme} has no audit record {number}."), programme=programme, number=number)
        raise NotFound("oversight.record.unknown", said)
    return found


def seal_of(record: AuditRecord) -> Seal | None:
    """Return the seal of a record; None while it waits."""
    return Seal.objects.filter(kind=KIND, row=record.pk).first()


def chain_lines(found: QuerySet[AuditRecord]) -> Iterator[dict[str, Any]]:
    """Yield what somebody needs who verifies these records without us: `docs/how-to/check-an-audit-export.md`.

    First what the chain stood at before; then every seal from the first of these records to the last: in
    full where the record is one of them, else its digest alone. Records that wait for their seal are left out.
    """
    numbers = list(found.order_by().values_list("pk", flat=True))
    seals = Seal.objects.filter(kind=KIND, row__in=numbers)
    shown = {seal.number: seal for seal in seals}
    if not shown:
        return
    first, last = min(shown), max(shown)
    before = Seal.objects.filter(number=first - 1).values_list("chain", flat=True).first()
    yield {"before": (bytes(before) if before else BEGINNING).hex()}
    rows = rows_of((KIND, seal.row) for seal in shown.values())
    between = Seal.objects.filter(number__gte=first, number__lte=last).order_by("number")
    for number, digest, chain in between.values_list("number", "digest", "chain").iterator():
        line = {"number": number, "digest": bytes(digest).hex(), "chain": bytes(chain).hex()}
        seal = shown.get(number)
        yield line | (_told(seal, rows[KIND, seal.row]) if seal and (KIND, seal.row) in rows else {})


def _told(seal: Seal, row: dict[str, Any]) -> dict[str, Any]:
    opened, apart = split(row, sealed_of(KIND).apart)
    kept = Kept.of(seal.kept)
    salt = bytes(seal.salt)
    keys = {name: kept.keys.get(name) or key_of(salt, name).hex() for name in apart if name not in kept.digests}
    return {"kind": KIND, "fields": opened, "apart": apart, "keys": keys, "erased": dict(kept.digests)}
