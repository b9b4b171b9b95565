"""Belonging to an organisation: asking, answering, inviting."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.db.models import Q
from django.utils.text import slugify

from lionrock.audit.actions import record
from lionrock.kernel.errors import Conflict, NotFound
from lionrock.kernel.events import publish
from lionrock.kernel.messages import gettext_noop, message
from lionrock.kernel.texts import check_lines
from lionrock.people.actions.naming import check_names, require_unlike
from lionrock.people.actions.registering import check_email
from lionrock.people.domain import (
    ASKED_WITHIN,
    LINK_COUNTS_FOR,
    Actor,
    JoiningAsked,
    MembershipAnswered,
    MembershipAsked,
    Role,
)
from lionrock.people.models import Joining, MembershipRequest, Organisation, Person, RoleGrant
from lionrock.people.policies import require_member
from lionrock.people.queries import may_see_organisation, organisation_by_code

CODE_LENGTH = 48


@transaction.atomic
def ask_membership(
    *, person: Person, organisation_name: str, now: datetime, name_zh_hant: str = "", name_zh_hans: str = ""
) -> Organisation:
    """Put oneself into an organisation by its name: a new one is made; one on file is asked.

    A member of it or an office answers. Asked twice, it is asked once. Raises `Invalid` for a name
    that is none.
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
    elif not RoleGrant.objects.filter(person=person, role=Role.MEMBER.value, organisation=place).exists():
        _ask(person, place, now)
    return place


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


def join(person: Person, place: Organisation, now: datetime) -> None:
    """Make a person a member, once."""
    RoleGrant.objects.get_or_create(
        person=person, role=Role.MEMBER.value, organisation=place, programme="", defaults={"granted_at": now}
    )


def _ask(person: Person, place: Organisation, now: datetime) -> None:
    _row, made = MembershipRequest.objects.get_or_create(
        person=person, organisation=place, answered_at=None, defaults={"asked_at": now}
    )
    if made:
        record("people.ask_membership", place.code, actor=person.email, now=now, organisation=place.code)
        publish(MembershipAsked(place.code, person.email, person.name, now))


@transaction.atomic
def answer_membership(*, actor: Actor, request: int, granted: bool, now: datetime) -> MembershipRequest:
    """Let somebody into an organisation, or not; a member of it or any programme's office may.

    Answered twice the same way, nothing more happens. Raises `NotFound` for a request that is not
    there for the actor, `Conflict` when it was answered the other way.
    """
    found = MembershipRequest.objects.select_for_update(of=("self",)).select_related("organisation", "person")
    row = found.filter(pk=request).first()
    if row is None or not may_see_organisation(actor, row.organisation.code):
        said = message(gettext_noop("There is no such request for you. It may have been taken back."))
        raise NotFound("people.membership.unknown", said)
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


@transaction.atomic
def invite_colleague(*, actor: Actor, organisation: str, email: str, now: datetime, language: str = "en") -> None:
    """Send somebody the link by which they become a member, with an account or without one; a member may.

    Nothing tells the inviter whether the address has an account. Invited twice within an hour, once.
    Raises `Invalid` for what is no address.
    """
    require_member(actor, organisation)
    place = organisation_by_code(organisation)
    check_lines({"email": email})
    check_email(email)
    sent = Joining.objects.filter(email__iexact=email, organisation=place, asked_at__gt=now - ASKED_WITHIN)
    if sent.filter(used_at__isnull=True).exists():
        return
    joining = Joining.objects.create(
        email=email,
        language=language,
        organisation=place,
        invited_by=actor.email,
        asked_at=now,
        expires_at=now + LINK_COUNTS_FOR,
    )
    record("people.invite_colleague", email, actor=actor.email, now=now, organisation=organisation)
    publish(JoiningAsked(joining.pk, email, language, now))
