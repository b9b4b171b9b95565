"""Mail domains of organisations: claimed, proven by a record in DNS, looked at again and again, given up."""

from __future__ import annotations

import secrets
from datetime import datetime

import structlog
from django.conf import settings
from django.db import transaction

from lionrock.audit.actions import record
from lionrock.kernel.errors import Conflict, NotFound, Refused
from lionrock.kernel.events import publish
from lionrock.kernel.messages import gettext_noop, message
from lionrock.people.domain import Actor, DomainMissed, terminal_operator
from lionrock.people.mail_domains import (
    LAPSES_AFTER,
    MOST_DOMAINS,
    PAUSE_BETWEEN_LOOKS,
    Standing,
    after_look,
    read_domain,
    record_of,
)
from lionrock.people.models import MailDomain, Organisation
from lionrock.people.policies import require_caretaker
from lionrock.people.queries import may_see_organisation, organisation_for
from lionrock.people.resolving import NoAnswer, texts_at

_log = structlog.get_logger(__name__)
MOST_AT_ONCE = 200
"""So many domains one round looks at; what is left comes with the next."""


@transaction.atomic
def claim_domain(*, actor: Actor, organisation: str, domain: str, now: datetime) -> MailDomain:
    """Say that a mail domain is an organisation's; a record in DNS has to prove it. Administrators and offices may.

    Claimed twice, once; others may claim it too, and who proves it has it. Raises `Invalid` for what is no
    organisation's own domain, `Refused` for too many.
    """
    place = organisation_for(actor, organisation)
    require_caretaker(actor, organisation)
    name = read_domain(domain)
    Organisation.objects.select_for_update().get(pk=place.pk)
    claims = MailDomain.objects.filter(organisation=place, ended_at__isnull=True)
    found = claims.filter(name=name).first()
    if found is not None:
        return found
    if claims.count() >= MOST_DOMAINS:
        said = gettext_noop("{organisation} claims {most} domains already. Give one up that is of no use.")
        raise Refused("people.domain.too_many", message(said, organisation=place.name, most=MOST_DOMAINS))
    proof = secrets.token_urlsafe(24)
    made = MailDomain.objects.create(organisation=place, name=name, proof=proof, claimed_at=now, claimed_by=actor.email)
    _record("people.claim_domain", made, actor.email, now)
    return made


def verify_domain(*, actor: Actor, number: int, now: datetime) -> MailDomain:
    """Look for the record of a claim now; administrators and offices may.

    Raises `NotFound` for none of theirs; `Conflict` when it was looked for just now, when the record is not there, or
    when that of another organisation is there, too.
    """
    claim = _claim(actor, number)
    if claim.looked_at is not None and now - claim.looked_at < PAUSE_BETWEEN_LOOKS:
        wait = message(
            gettext_noop("It was looked for just now. Wait {seconds} seconds."), seconds=PAUSE_BETWEEN_LOOKS.seconds
        )
        raise Conflict("people.domain.too_soon", wait)
    where, what = record_of(claim.name, claim.proof)
    texts = _texts(claim)
    rival = _apply(claim.pk, texts, now, actor.email)
    if rival is not None:
        said = message(
            gettext_noop(
                "At {where} stand records of two organisations, so neither is believed more. Remove the one that "
                "is not yours, then look again."
            ),
            where=where,
        )
        raise Conflict("people.domain.contended", said)
    if what not in texts:
        said = message(
            gettext_noop("No record at {where} says “{what}”. A new record can take some hours to be seen everywhere."),
            where=where,
            what=what,
        )
        raise Conflict("people.domain.not_proven", said)
    claim.refresh_from_db()
    return claim


@transaction.atomic
def change_domain(*, actor: Actor, number: int, lets_in: bool, now: datetime) -> MailDomain:
    """Say whether an address of a proven domain is enough to belong, or has to ask; administrators and offices may.

    Raises `NotFound`.
    """
    claim = _claim(actor, number)
    if claim.lets_in is not lets_in:
        claim.lets_in = lets_in
        claim.save(update_fields=["lets_in"])
        _record("people.change_domain", claim, actor.email, now, lets_in=lets_in)
    return claim


@transaction.atomic
def end_domain(*, actor: Actor, number: int, now: datetime) -> MailDomain:
    """Give a domain up; who belongs already goes on to. Administrators and offices may. Raises `NotFound`."""
    claim = _claim(actor, number)
    claim.ended_at, claim.ended_by, claim.next_look_at = now, actor.email, None
    claim.save(update_fields=["ended_at", "ended_by", "next_look_at"])
    _record("people.end_domain", claim, actor.email, now)
    return claim


def look_at_domains(now: datetime) -> int:
    """Look again for the records of the proven domains that it is time for; return how many."""
    rows = MailDomain.objects.filter(ended_at__isnull=True, next_look_at__lte=now).order_by("next_look_at", "pk")
    claims = list(rows[:MOST_AT_ONCE])
    for claim in claims:
        _apply(claim.pk, _texts(claim), now, terminal_operator("due").email)
    return len(claims)


def _texts(claim: MailDomain) -> frozenset[str]:
    """Return what stands where the record of a claim belongs; where nobody answers, nothing."""
    try:
        return texts_at(record_of(claim.name, claim.proof)[0], settings.LIONROCK_RESOLVERS)
    except NoAnswer as failed:
        _log.warning("domain_unanswered", domain=claim.name, reason=str(failed))
        return frozenset()


@transaction.atomic
def _apply(number: int, texts: frozenset[str], now: datetime, by: str) -> MailDomain | None:
    """Note what a look has found; return the claim of another organisation that is proven just as well."""
    name = MailDomain.objects.values_list("name", flat=True).get(pk=number)
    # All claims of the name are locked in one order, so that of two who prove it at once one comes first.
    claims = MailDomain.objects.select_for_update(of=("self",)).select_related("organisation")
    rows = list(claims.filter(name=name, ended_at__isnull=True).order_by("pk"))
    claim = next((each for each in rows if each.pk == number), None)
    if claim is None:
        return None
    found = record_of(name, claim.proof)[1] in texts
    owner = next((each for each in rows if each.standing == Standing.VERIFIED.value and each is not claim), None)
    claim.looked_at = now
    if found and owner is not None:
        if record_of(name, owner.proof)[1] in texts:
            claim.save(update_fields=["looked_at"])
            return owner
        _lapse(owner, now, by)
    _note(claim, found, now, by)
    return None


def _note(claim: MailDomain, found: bool, now: datetime, by: str) -> None:
    before, failing = Standing(claim.standing), claim.failing_since
    seen = after_look(before, failing, claim.failures, found=found, now=now)
    claim.standing, claim.failing_since, claim.failures = seen.standing.value, seen.failing_since, seen.failures
    claim.next_look_at, claim.seen_at = seen.next_look_at, now if found else claim.seen_at
    if seen.standing is Standing.LAPSED and before is Standing.VERIFIED:
        _lapse(claim, now, by)
        return
    claim.save()
    if found and before is not Standing.VERIFIED:
        _record("people.verify_domain", claim, by, now)
    if seen.failing_since is not None and failing is None:
        publish(DomainMissed(claim.organisation.code, claim.name, now + LAPSES_AFTER, now))


def _lapse(claim: MailDomain, now: datetime, by: str) -> None:
    claim.standing, claim.lets_in, claim.next_look_at = Standing.LAPSED.value, False, None
    claim.save()
    _record("people.lapse_domain", claim, by, now)
    publish(DomainMissed(claim.organisation.code, claim.name, None, now))


def _claim(actor: Actor, number: int) -> MailDomain:
    rows = MailDomain.objects.filter(ended_at__isnull=True).select_related("organisation")
    found = rows.filter(pk=number).first()
    if found is None or not may_see_organisation(actor, found.organisation.code):
        said = message(gettext_noop("There is no such domain of an organisation that you look after."))
        raise NotFound("people.domain.unknown", said)
    require_caretaker(actor, found.organisation.code)
    return found


def _record(action: str, claim: MailDomain, by: str, now: datetime, **details: object) -> None:
    place = claim.organisation.code
    record(action, claim.name, actor=by, now=now, organisation=place, details=details)
