"""Leavers: out of an organisation, or out of the house altogether. What they did keeps their address."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from lionrock.audit.actions import record
from lionrock.kernel.errors import Conflict, Fault, Invalid, NotAllowed, NotFound
from lionrock.kernel.events import publish
from lionrock.kernel.messages import Message, gettext_noop, message
from lionrock.kernel.texts import check_lines
from lionrock.people.actions.administering import join
from lionrock.people.actions.deputies import end_deputyships_of
from lionrock.people.actions.registering import require_registrar
from lionrock.people.domain import NAME_STAFF, AccountClosed, Actor, MemberLeft, Role
from lionrock.people.models import Departure, Organisation, Person, RoleGrant
from lionrock.people.policies import require_caretaker
from lionrock.people.queries import administrators_of, organisation_for


@transaction.atomic
def leave_organisation(
    *, actor: Actor, organisation: str, email: str, now: datetime, colleague: str = "", reason: str = ""
) -> None:
    """Let somebody belong to an organisation no longer: oneself, or anybody by an administrator or an office.

    Applications, awards and jobs stay with the organisation, and `colleague`, another member, looks after them; after
    the last administrator, the colleague looks after who belongs, too. The last member goes only with a `reason`, which
    says what becomes of them and is told to the offices. Raises `NotFound` for somebody who does not belong to it,
    `NotAllowed` for a colleague without being an administrator, `Invalid` without the colleague or the reason.
    """
    place = organisation_for(actor, organisation)
    if email.casefold() != actor.email.casefold():
        require_caretaker(actor, organisation)
    # Two who are the last and leave at once would each count on the other.
    Organisation.objects.select_for_update().get(pk=place.pk)
    members = RoleGrant.objects.filter(role=Role.MEMBER.value, organisation=place)
    grant = members.filter(person__email__iexact=email).select_related("person").first()
    if grant is None:
        said = message(gettext_noop("{email} does not belong to {organisation}."), email=email, organisation=place.name)
        raise NotFound("people.leaving.not_a_member", said)
    others = set(members.filter(person__is_active=True).values_list("person__email", flat=True)) - {grant.person.email}
    if others and colleague not in others:
        raise _lacks("colleague", message(gettext_noop("Name a colleague who looks after what is open.")))
    if not others:
        _check_reason(reason)
    given = colleague if others else ""
    succeeds = bool(given) and administrators_of(organisation) in ([], [grant.person.email])
    if succeeds:
        join(Person.objects.get(email=given), place, now, administrator=True)
    RoleGrant.objects.filter(person=grant.person, organisation=place).delete()
    Departure.objects.create(person=grant.person, organisation=place, at=now)
    record(
        "people.leave_organisation",
        grant.person.email,
        actor=actor.email,
        now=now,
        reason=reason,
        organisation=organisation,
        details={"colleague": given, "administrator": given if succeeds else ""},
    )
    publish(MemberLeft(organisation, grant.person.email, given, reason, now))


def _lacks(field: str, said: Message) -> Invalid:
    return Invalid(f"people.leaving.{field}", said, faults=[Fault(f"people.leaving.{field}", said, field=field)])


def _check_reason(reason: str) -> None:
    if not reason.strip():
        said = gettext_noop("Nobody else belongs to it. Write what becomes of its applications, awards and jobs.")
        raise _lacks("reason", message(said))
    check_lines({"reason": " ".join(reason.split())[:200]})


@transaction.atomic
def close_account(*, actor: Actor, email: str, reason: str, now: datetime) -> Person:
    """Let nobody sign in as somebody who has left; roles, deputyships, sessions and tokens end at once.

    An office may, which names the staff of every programme for which the person has a role; nobody closes their own.
    Raises `NotFound` for nobody active, `Conflict` while the person belongs to an organisation.
    """
    require_registrar(actor)
    person = Person.objects.select_for_update().filter(email__iexact=email, is_active=True).first()
    if person is None:
        nobody = message(gettext_noop("Nobody active has the address {email}."), email=email)
        raise NotFound("people.leaving.unknown", nobody)
    _check_reason(reason)
    held = list(person.role_grants.select_related("organisation"))
    for grant in held:
        if grant.organisation is not None:
            said = gettext_noop(
                "{email} belongs to {organisation}. Let them leave it first; a colleague is named there."
            )
            told = message(said, email=person.email, organisation=grant.organisation.name)
            raise Conflict("people.leaving.belongs", told)
        if person.email == actor.email or not actor.holds(*NAME_STAFF, programme=grant.programme):
            raise _not_yours(actor, grant.programme)
    if person.email == actor.email:
        raise _not_yours(actor, "–")
    person.role_grants.all().delete()
    end_deputyships_of(person, now, actor.email)
    person.is_active = False
    person.save(update_fields=["is_active"])
    details = {"roles": [[grant.role, grant.programme] for grant in held]}
    record("people.close_account", person.email, actor=actor.email, now=now, reason=reason, details=details)
    publish(AccountClosed(person.email, actor.email, now))
    return person


def _not_yours(actor: Actor, programme: str) -> NotAllowed:
    said = gettext_noop("{email} may not close this account: it has a role for {programme}, or is their own.")
    return NotAllowed("people.leaving.not_yours", message(said, email=actor.email, programme=programme))
