"""Belonging to an organisation: asking, answering, and coming with an address of its domain."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.db.models import Q
from django.utils.text import slugify

from lionrock.audit.actions import record
from lionrock.kernel.errors import Conflict, NotFound
from lionrock.kernel.events import publish
from lionrock.kernel.messages import gettext_noop, message
from lionrock.people.actions.administering import join
from lionrock.people.actions.naming import check_names, require_unlike
from lionrock.people.domain import Actor, MemberJoined, MembershipAnswered, MembershipAsked, Role
from lionrock.people.mail_domains import domain_of
from lionrock.people.models import MembershipRequest, Organisation, Person, RoleGrant
from lionrock.people.policies import require_caretaker
from lionrock.people.queries import may_see_organisation, of_address, own_domain

CODE_LENGTH = 48


@transaction.atomic
def ask_membership(
    *, person: Person, organisation_name: str, now: datetime, name_zh_hant: str = "", name_zh_hans: str = ""
) -> Organisation:
    """Put oneself into an organisation by its name: a new one is made; one on file is asked.

    An administrator of it or an office answers, unless the address is of a domain that lets in. Asked twice, it is
    asked once. Raises `Invalid` for a name that is none.
    """
    check_names(
        {"organisation_name": organisation_name},
        {"organisation_name_zh_hant": name_zh_hant, "organisation_name_zh_hans": name_zh_hans},
    )
    return enter_organisation(person, (organisation_name, name_zh_hant, name_zh_hans), now)


def enter_organisation(person: Person, names: tuple[str, str, str], now: datetime) -> Organisation:
    """Ask the organisation that has one of these names, or make it with this person as its first member.

    Raises `Conflict` for a name that is easily taken for one on file and is not it.
    """
    place = _named(names)
    if place is None:
        require_unlike(names)
        place = _found(names, person, now)
        join(person, place, now)
    else:
        _enter_or_ask(person, place, now)
    return place


@transaction.atomic
def belong_by_address(*, person: Person, organisation: str, now: datetime) -> Organisation:
    """Belong to the organisation that has proven the domain of one's own address, at once or after an answer.

    Raises `NotFound` when it has not, or when nobody has proven that the address is this person's.
    """
    claim = of_address(person)
    if claim is None or claim.organisation.code != organisation:
        said = message(gettext_noop("Your address is of no domain that {code} has proven."), code=organisation)
        raise NotFound("people.domain.not_yours", said)
    _enter_or_ask(person, claim.organisation, now)
    return claim.organisation


def _enter_or_ask(person: Person, place: Organisation, now: datetime) -> None:
    if RoleGrant.objects.filter(person=person, role=Role.MEMBER.value, organisation=place).exists():
        return
    if own_domain(person, place, now) is None:
        _ask(person, place, now)
        return
    join(person, place, now)
    asked = MembershipRequest.objects.filter(person=person, organisation=place, answered_at=None)
    asked.update(answered_at=now, answered_by=person.email, granted=True)
    domain = domain_of(person.email)
    details = {"domain": domain}
    record("people.join_by_domain", person.email, actor=person.email, now=now, organisation=place.code, details=details)
    publish(MemberJoined(place.code, person.email, domain, now))


def _named(names: tuple[str, str, str]) -> Organisation | None:
    wanted = Q()
    for name in filter(None, (" ".join(name.split()) for name in names)):
        wanted |= Q(name__iexact=name) | Q(name_zh_hant__iexact=name) | Q(name_zh_hans__iexact=name)
    return Organisation.objects.filter(wanted).order_by("pk").first()


def _found(names: tuple[str, str, str], person: Person, now: datetime) -> Organisation:
    name, hant, hans = (" ".join(name.split()) for name in names)
    code = _free_code(name)
    place = Organisation.objects.create(code=code, name=name, name_zh_hant=hant, name_zh_hans=hans, created_at=now)
    details = {"name": name, "by": "its first member"}
    record("people.register_organisation", code, actor=person.email, now=now, organisation=code, details=details)
    return place


def _free_code(name: str) -> str:
    """Return a code made of the name, with a number where the plain one is taken."""
    stem = slugify(name.replace("_", "-"))[:CODE_LENGTH].strip("-") or "organisation"
    taken = set(Organisation.objects.filter(code__startswith=stem).values_list("code", flat=True))
    numbered = (f"{stem}-{number}" for number in range(2, len(taken) + 3))
    return stem if stem not in taken else next(code for code in numbered if code not in taken)


def _ask(person: Person, place: Organisation, now: datetime) -> None:
    _row, made = MembershipRequest.objects.get_or_create(
        person=person, organisation=place, answered_at=None, defaults={"asked_at": now}
    )
    if made:
        record("people.ask_membership", place.code, actor=person.email, now=now, organisation=place.code)
        publish(MembershipAsked(place.code, person.email, person.name, now))


@transaction.atomic
def answer_membership(*, actor: Actor, request: int, granted: bool, now: datetime) -> MembershipRequest:
    """Let somebody into an organisation, or not; an administrator of it or any programme's office may.

    Answered twice the same way, nothing more happens. Raises `NotFound` for a request that is not
    there for the actor, `Conflict` when it was answered the other way.
    """
    found = MembershipRequest.objects.select_for_update(of=("self",)).select_related("organisation", "person")
    row = found.filter(pk=request).first()
    if row is None or not may_see_organisation(actor, row.organisation.code):
        said = message(gettext_noop("There is no such request for you. It may have been taken back."))
        raise NotFound("people.membership.unknown", said)
    require_caretaker(actor, row.organisation.code)
    if row.answered_at is not None:
        if row.granted is granted:
            return row
        said = message(gettext_noop("{by} has answered this request already, and otherwise."), by=row.answered_by)
        raise Conflict("people.membership.answered", said)
    row.answered_at, row.answered_by, row.granted = now, actor.email, granted
    row.save(update_fields=["answered_at", "answered_by", "granted"])
    if granted:
        join(row.person, row.organisation, now)
    code, person = row.organisation.code, row.person.email
    details = {"granted": granted}
    record("people.answer_membership", person, actor=actor.email, now=now, organisation=code, details=details)
    publish(MembershipAnswered(code, person, granted, now))
    return row
