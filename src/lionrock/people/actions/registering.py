"""Registering organisations and persons, giving roles, and counting failed sign-ins."""

from __future__ import annotations

from datetime import datetime

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import IntegrityError, transaction

from lionrock.audit.actions import record
from lionrock.kernel.errors import Conflict, Fault, Invalid, NotAllowed, NotFound
from lionrock.kernel.ids import check_slug
from lionrock.kernel.messages import gettext_noop, message
from lionrock.kernel.texts import check_lines
from lionrock.people.actions.administering import join
from lionrock.people.actions.naming import check_names
from lionrock.people.actions.staffing import require_apart
from lionrock.people.domain import (
    FAILURES_COUNT_FOR,
    NAME_STAFF,
    ORGANISATION_ROLES,
    Actor,
    Role,
    Tried,
    counted_as,
)
from lionrock.people.models import FailedSignIn, Organisation, Person, RoleGrant
from lionrock.people.policies import require
from lionrock.people.programmes import programme_on_file
from lionrock.people.queries import members_of, organisation_by_code, paused_until, source_paused_until


def require_registrar(actor: Actor) -> None:
    """Raise `NotAllowed` unless the actor runs some programme, or is the operator."""
    allowed = actor.operator or any(grant.role == Role.OFFICE for grant in actor.grants)
    if not allowed:
        raise NotAllowed(
            "people.register.not_allowed",
            message(
                gettext_noop("{email} may not register people. Ask a programme office to do it."),
                email=actor.email,
            ),
        )


@transaction.atomic
def register_organisation(
    *,
    actor: Actor,
    code: str,
    name: str,
    now: datetime,
    name_zh_hant: str = "",
    name_zh_hans: str = "",
) -> Organisation:
    """Put an organisation on file under its code, which is its account name on clusters too.

    Raises `Invalid` for a code that is not a slug or a name that is none, `Conflict` when the code is taken.
    """
    require_registrar(actor)
    check_slug(code, field="code")
    check_names({"name": name}, {"name_zh_hant": name_zh_hant, "name_zh_hans": name_zh_hans})
    if Organisation.objects.filter(code=code).exists():
        raise Conflict(
            "people.organisation.taken",
            message(gettext_noop("The code {code} is taken. Choose another."), code=code),
        )
    organisation = Organisation.objects.create(
        code=code, name=name, name_zh_hant=name_zh_hant, name_zh_hans=name_zh_hans, created_at=now
    )
    record(
        "people.register_organisation",
        code,
        actor=actor.email,
        now=now,
        organisation=code,
        details={"name": name},
    )
    return organisation


@transaction.atomic
def register_person(
    *, actor: Actor, email: str, name: str, now: datetime, password: str | None = None, language: str = "en"
) -> Person:
    """Put a person on file; without a password nobody can sign in as that person yet.

    Raises `Invalid` for a malformed address, no name or a password that is easy to guess, `Conflict` when
    the address is on file.
    """
    require_registrar(actor)
    check_lines({"email": email})
    check_names({"name": name})
    check_email(email)
    if Person.objects.filter(email__iexact=email).exists():
        raise Conflict("people.person.taken", message(gettext_noop("{email} is on file already."), email=email))
    person = Person(email=email, name=name, language=language, created_at=now)
    if password is not None:
        check_password(password, person)
    person.set_password(password)
    person.save()
    record("people.register_person", email, actor=actor.email, now=now, details={"name": name})
    return person


def check_email(email: str, *, field: str = "email") -> str:
    """Return an address that mail reaches; raises `Invalid`."""
    try:
        validate_email(email)
    except ValidationError as wrong:
        said = message(
            gettext_noop("“{value}” is not an e-mail address. Write one such as name@example.org."),
            value=email,
        )
        fault = Fault("people.person.email", said, field=field, value=email)
        raise Invalid("people.person.email", said, faults=[fault]) from wrong
    return email


def check_password(password: str, person: Person) -> None:
    """Raise `Invalid` with a fault for each reason why this password is too easy for this person."""
    try:
        validate_password(password, person)
    except ValidationError as wrong:
        template = gettext_noop("This password cannot be used: {reason} Choose another.")
        said = [message(template, reason=reason) for reason in wrong.messages]
        faults = [Fault("people.person.password", each, field="password") for each in said]
        raise Invalid("people.person.password", said[0], faults=faults) from wrong


@transaction.atomic
def grant_role(
    *, actor: Actor, email: str, role: Role, now: datetime, programme: str = "", organisation: str = ""
) -> RoleGrant:
    """Give a person a role for one programme, or make them a member or an administrator of one organisation.

    An operator, that programme's owner or its office may do it, but not for themselves, and the office makes no
    owner; membership may be given by any office, and the first member of an organisation is its administrator too.
    Raises `NotFound` for an unknown person, programme or organisation, `Invalid` when the role and the place
    do not fit, `Refused` for duties that one person never has at once, `Conflict` when it is held already.
    """
    _may_give(actor, role, programme, email)
    if programme:
        programme_on_file(programme)
    person = Person.objects.filter(email__iexact=email).first()
    if person is None:
        raise NotFound("people.person.unknown", message(gettext_noop("Nobody has the address {email}."), email=email))
    place = organisation_by_code(organisation) if organisation else None
    if programme:
        require_apart(person, role, programme, now)
    first = place is not None and not members_of(place.code)
    try:
        with transaction.atomic():
            grant = RoleGrant.objects.create(
                person=person, role=role.value, programme=programme, organisation=place, granted_at=now
            )
    except IntegrityError as wrong:
        raise _grant_error(wrong, role) from wrong
    if place is not None:
        join(person, place, now, administrator=first)
    details = {"role": role.value, "programme": programme, "organisation": organisation}
    record("people.grant_role", email, actor=actor.email, now=now, programme=programme, details=details)
    return grant


def _may_give(actor: Actor, role: Role, programme: str, email: str) -> None:
    if not programme:
        require_registrar(actor)
        return
    names = (Role.PROGRAMME_OWNER,) if role is Role.PROGRAMME_OWNER else NAME_STAFF
    if not actor.holds(*names, programme=programme):
        raise NotAllowed(
            "people.role.other_programme",
            message(
                gettext_noop("{email} does not name this staff of {programme}."),
                email=actor.email,
                programme=programme,
            ),
        )
    if counted_as(email) == counted_as(actor.email):
        said = message(gettext_noop("Nobody gives a role to themselves. Ask somebody else who names the staff."))
        raise NotAllowed("people.role.own", said)


@transaction.atomic
def revoke_role(*, actor: Actor, email: str, role: Role, programme: str, now: datetime) -> None:
    """Take a role for a programme away from a person; that programme's owner or its office may do it.

    An owner is taken away by an owner alone. Who stood in for it stops at once. Raises `NotFound` when the person
    does not hold it.
    """
    require(actor, *((Role.PROGRAMME_OWNER,) if role is Role.PROGRAMME_OWNER else NAME_STAFF), programme=programme)
    held = RoleGrant.objects.filter(person__email__iexact=email, role=role.value, programme=programme)
    if not held.delete()[0]:
        raise NotFound(
            "people.role.not_held",
            message(
                gettext_noop("{email} does not hold the role {role} for {programme}."),
                email=email,
                role=role.value,
                programme=programme,
            ),
        )
    details = {"role": role.value, "programme": programme}
    record("people.revoke_role", email, actor=actor.email, now=now, programme=programme, details=details)


def _grant_error(wrong: IntegrityError, role: Role) -> Conflict | Invalid:
    if "people_rolegrant_once" in str(wrong):
        return Conflict("people.role.held", message(gettext_noop("The role {role} is held already."), role=role.value))
    said = message(
        gettext_noop("The role {value} needs {place}."),
        value=role.value,
        place="--organisation" if role in ORGANISATION_ROLES else "--programme",
    )
    return Invalid("people.role.place", said, faults=[Fault("people.role.place", said, field="role", value=role.value)])


@transaction.atomic
def note_failed_sign_in(*, address: str, source: str, now: datetime, kind: Tried = Tried.PASSWORD) -> None:
    """Count a wrong password or code; the audit says when its address or its network has to wait because of it.

    There is no actor: whoever failed is nobody yet. What no longer counts, of any address, is removed.
    """
    FailedSignIn.objects.filter(at__lte=now - FAILURES_COUNT_FOR).delete()
    FailedSignIn.objects.create(kind=kind.value, address=counted_as(address), source=source, at=now)
    pauses = {counted_as(address): paused_until(address, now, kind), source: source_paused_until(source, now)}
    for name, until in pauses.items():
        if until:
            details = {"paused_until": until.isoformat()}
            record("people.note_failed_sign_in", name, actor=counted_as(address), now=now, details=details)


def forget_failed_sign_ins(*, address: str, kind: Tried = Tried.PASSWORD) -> None:
    """Start counting anew: somebody has signed in with the address, or shown the right code for it."""
    FailedSignIn.objects.filter(kind=kind.value, address=counted_as(address)).delete()
