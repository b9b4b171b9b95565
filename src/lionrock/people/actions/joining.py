"""Signing up: asking for an account, and coming through the link that proves the address."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import IntegrityError, transaction

from lionrock.audit.actions import record
from lionrock.kernel.errors import Conflict, Fault, Invalid, NotFound, collecting
from lionrock.kernel.events import publish
from lionrock.kernel.messages import gettext_noop, message
from lionrock.kernel.texts import check_lines
from lionrock.people.actions.accounts import note_proven
from lionrock.people.actions.administering import join
from lionrock.people.actions.belonging import enter_organisation
from lionrock.people.actions.naming import check_names
from lionrock.people.actions.registering import check_email, check_password, require_registrar
from lionrock.people.domain import (
    ASKED_FOR_ADDRESS,
    ASKED_WITHIN,
    JOININGS_KEPT_FOR,
    LINK_COUNTS_FOR,
    Actor,
    JoiningAsked,
    end_of_wait,
)
from lionrock.people.joining import joining_of, on_file, token_of
from lionrock.people.models import Joining, Person


@dataclass(frozen=True, slots=True)
class Newcomer:
    """What somebody who asks for an account writes."""

    name: str
    email: str
    language: str
    organisation_name: str
    organisation_name_zh_hant: str = ""
    organisation_name_zh_hans: str = ""


@transaction.atomic
def ask_to_join(*, newcomer: Newcomer, source: str, now: datetime) -> None:
    """Ask for an account; a link goes to the address, whether or not it is on file.

    Nothing that is answered tells the two apart. There is no actor and no audit record: whoever asks
    is nobody yet, and what never comes to anything is forgotten. `source` is the network address.
    Raises `Invalid` for what cannot be used, `Conflict` when that network address has asked too often.
    """
    _check(newcomer)
    _may_ask(source, now)
    recent = Joining.objects.filter(asked_at__gt=now - ASKED_WITHIN)
    silent = recent.filter(email__iexact=newcomer.email).count() >= ASKED_FOR_ADDRESS
    joining = Joining.objects.create(
        **{field: getattr(newcomer, field) for field in newcomer.__slots__},
        source=source,
        asked_at=now,
        expires_at=now + LINK_COUNTS_FOR,
    )
    if not silent:
        publish(JoiningAsked(joining.pk, newcomer.email, newcomer.language, now))


def _check(newcomer: Newcomer) -> None:
    faults: list[Fault] = []
    with collecting(faults):
        check_lines({"email": newcomer.email})
    with collecting(faults):
        check_names(
            {"name": newcomer.name, "organisation_name": newcomer.organisation_name},
            {
                "organisation_name_zh_hant": newcomer.organisation_name_zh_hant,
                "organisation_name_zh_hans": newcomer.organisation_name_zh_hans,
            },
        )
    if "email" not in {fault.field for fault in faults}:
        with collecting(faults):
            check_email(newcomer.email)
    if faults:
        raise Invalid("people.joining.invalid", faults[0].message, faults=faults)


def _may_ask(source: str, now: datetime) -> None:
    recent = Joining.objects.filter(source=source, asked_at__gt=now - ASKED_WITHIN)
    until = end_of_wait(list(recent.values_list("asked_at", flat=True)), now)
    if until is not None:
        said = message(
            gettext_noop(
                "There were too many requests from your network, so nobody there can ask for now. Try again in "
                "{minutes} minutes, or ask the programme's office for an account."
            ),
            minutes=-(-(until - now) // timedelta(minutes=1)),
        )
        raise Conflict("people.joining.too_many", said)


@transaction.atomic
def take_up_joining(*, token: str, now: datetime, name: str = "", password: str = "") -> Person:
    """Come through the link: make the account, or, when invited and on file, become a member.

    The link has proven the address, so the password is chosen here: who asked in somebody else's
    name knows no password of the account. A named organisation that is on file is asked; another is
    made, and one that has proven the domain of the address may let it in at once. Raises `NotFound`
    and `Conflict` as `joining_of` does, `Conflict` when the address has an account and nobody has
    invited it, `Invalid` for a name or password that cannot be used.
    """
    joining = joining_of(token, now, lock=True)
    person = on_file(joining)
    if person is not None and (joining.organisation is None or not person.is_active):
        raise _on_file(joining)
    person = person or _made(joining, name or joining.name, password, now)
    note_proven(person, now)
    if joining.organisation is not None:
        join(person, joining.organisation, now, administrator=joining.as_administrator)
    else:
        names = joining.organisation_name, joining.organisation_name_zh_hant, joining.organisation_name_zh_hans
        enter_organisation(person, names, now)
    joining.used_at = now
    joining.save(update_fields=["used_at"])
    record("people.take_up_joining", person.email, actor=person.email, now=now)
    return person


def _made(joining: Joining, name: str, password: str, now: datetime) -> Person:
    faults: list[Fault] = []
    person = Person(email=joining.email, name=name, language=joining.language, created_at=now)
    with collecting(faults):
        check_names({"name": name})
    with collecting(faults):
        check_password(password, person)
    if faults:
        raise Invalid("people.joining.invalid", faults[0].message, faults=faults)
    person.set_password(password)
    try:
        with transaction.atomic():
            person.save()
    except IntegrityError as twice:
        raise _on_file(joining) from twice
    return person


def _on_file(joining: Joining) -> Conflict:
    said = message(gettext_noop("{email} has an account already. Sign in with it."), email=joining.email)
    return Conflict("people.joining.on_file", said)


def show_joining_link(*, actor: Actor, joining: int, now: datetime) -> str:
    """Return the token of a link that waits, for an office to hand over where no mail reaches; recorded.

    Raises `NotAllowed` for who runs no programme, `NotFound` and `Conflict` as `joining_of` does.
    """
    require_registrar(actor)
    found = Joining.objects.filter(pk=joining).first()
    if found is None:
        said = message(gettext_noop("This request is no longer on file. Ask the person to sign up again."))
        raise NotFound("people.joining.gone", said)
    token = token_of(found)
    joining_of(token, now)
    record("people.show_joining_link", found.email, actor=actor.email, now=now)
    return token


@transaction.atomic
def forget_joinings(now: datetime) -> int:
    """Remove what somebody wrote who asked so long ago that it counts no more; return how many."""
    return Joining.objects.filter(expires_at__lte=now - (JOININGS_KEPT_FOR - LINK_COUNTS_FOR)).delete()[0]
