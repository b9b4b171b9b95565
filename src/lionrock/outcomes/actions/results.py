"""Putting results of an award on file, and taking wrong ones off again."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from lionrock.awards.actions.recording import record_of
from lionrock.awards.queries import award_by_code
from lionrock.kernel.errors import Conflict, Fault, Invalid, NotFound, collecting
from lionrock.kernel.messages import gettext_noop, message
from lionrock.kernel.texts import check_line
from lionrock.outcomes.domain import Scheme, check_identifier, check_orcid
from lionrock.outcomes.models import Outcome
from lionrock.people.domain import Actor
from lionrock.people.policies import require_member

_YEARS = (2000, 2199)


@transaction.atomic
def add_outcome(
    *,
    actor: Actor,
    award: str,
    kind: str,
    title: str,
    year: int,
    scheme: str,
    identifier: str,
    now: datetime,
    orcid: str = "",
) -> Outcome:
    """Put a result on file; takes a member of the award's organisation.

    Raises `Invalid` with every fault, `Conflict` when the award has this result already.
    """
    found = award_by_code(actor, award, lock=True)
    require_member(actor, found.organisation.code)
    written, person = _checked(kind, title, year, scheme, identifier, orcid)
    if found.outcomes.filter(scheme=scheme, identifier=written, removed_at__isnull=True).exists():
        said = message(
            gettext_noop("{award} has the result {identifier} already. Nothing was added twice."),
            award=award,
            identifier=written,
        )
        raise Conflict("outcomes.outcome.twice", said)
    made = Outcome.objects.create(
        award=found,
        kind=kind,
        title=title.strip(),
        year=year,
        scheme=scheme,
        identifier=written,
        orcid=person,
        added_at=now,
        added_by=actor.email,
    )
    record_of("outcomes.add_outcome", found, actor, now, {"kind": kind, "scheme": scheme, "identifier": written})
    return made


def _checked(kind: str, title: str, year: int, scheme: str, identifier: str, orcid: str) -> tuple[str, str]:
    """Return identifier and ORCID in their one written form; raises `Invalid` with every fault."""
    faults: list[Fault] = []
    written, person = "", ""
    for field, value, known in (("kind", kind, Outcome.Kind.values), ("scheme", scheme, list(Scheme))):
        if value not in known:
            said = gettext_noop("“{value}” is not a {field}. Choose one of: {known}.")
            faults.append(_fault(said, field, value, known=", ".join(known)))
    with collecting(faults):
        check_line(title, field="title", longest=300)
    if not _YEARS[0] <= year <= _YEARS[1]:
        faults.append(_fault(gettext_noop("“{value}” is not a {field}. Write one such as 2026."), "year", str(year)))
    with collecting(faults):
        written = check_identifier(Scheme(scheme), identifier) if scheme in list(Scheme) else ""
    with collecting(faults):
        check_line(written, field="identifier", required=False, longest=400)
    with collecting(faults):
        person = check_orcid(orcid) if orcid.strip() else ""
    if faults:
        raise Invalid("outcomes.outcome", faults[0].message, faults=faults)
    return written, person


def _fault(template: str, field: str, value: str, **more: object) -> Fault:
    return Fault("outcomes.outcome", message(template, field=field, value=value, **more), field=field, value=value)


@transaction.atomic
def remove_outcome(*, actor: Actor, award: str, outcome: int, now: datetime) -> Outcome:
    """Take a result off the list; it stays on file. Takes a member of the award's organisation.

    Raises `NotFound` when the award has no such result, or it was removed before.
    """
    found = award_by_code(actor, award, lock=True)
    require_member(actor, found.organisation.code)
    removed = found.outcomes.filter(pk=outcome, removed_at__isnull=True).first()
    if removed is None:
        said = gettext_noop("{award} has no such result, or it was removed before.")
        raise NotFound("outcomes.outcome.unknown", message(said, award=award))
    removed.removed_at, removed.removed_by = now, actor.email
    removed.save(update_fields=["removed_at", "removed_by"])
    record_of("outcomes.remove_outcome", found, actor, now, {"identifier": removed.identifier})
    return removed
