"""Who comes from a provider: known already, new here, or with an account that has to be proven first."""

from __future__ import annotations

from datetime import datetime

from django.db import IntegrityError, transaction

from lionrock.audit.actions import record
from lionrock.kernel.errors import Conflict, Invalid, NotAllowed, NotFound
from lionrock.kernel.messages import gettext_noop, message
from lionrock.kernel.texts import composed
from lionrock.openid.domain.providers import Provider, speaks_for
from lionrock.openid.domain.tokens import Identity
from lionrock.openid.models import Binding
from lionrock.people.actions.accounts import note_proven
from lionrock.people.actions.naming import check_names
from lionrock.people.actions.registering import check_email
from lionrock.people.models import Person


@transaction.atomic
def recognise(*, identity: Identity, now: datetime) -> Person | None:
    """Return the person whom this subject of this issuer is bound to; None for nobody.

    The address plays no part. Raises `NotAllowed` when that account is closed.
    """
    bound = Binding.objects.select_related("person").filter(issuer=identity.issuer, subject=identity.subject).first()
    if bound is None:
        return None
    _check_open(bound.person)
    bound.used_at = now
    bound.save(update_fields=["used_at"])
    return bound.person


def _check_open(person: Person) -> None:
    if not person.is_active:
        said = message(gettext_noop("The account {email} is closed. Ask the programme's office."), email=person.email)
        raise NotAllowed("openid.person.closed", said)


def check_address(identity: Identity, provider: Provider) -> None:
    """Raise `NotAllowed` unless the provider may speak for the address, and says that it is proven."""
    if not identity.email_verified:
        said = gettext_noop(
            "{provider} does not say that your e-mail address is proven, so we cannot tell whose account this is. "
            "Confirm the address there, or sign up here with your address."
        )
        raise NotAllowed("openid.email.not_proven", message(said, provider=provider.name))
    if not speaks_for(provider.domains, identity.email):
        said = gettext_noop(
            "{provider} gives the address {email}, which is none of its own. Sign up here with that address instead."
        )
        raise NotAllowed("openid.email.elsewhere", message(said, provider=provider.name, email=identity.email))
    try:
        check_email(identity.email)
    except Invalid as wrong:
        raise NotAllowed("openid.email.none", wrong.message) from wrong


def person_with(email: str) -> Person | None:
    """Return who has the address, if somebody has; raises `NotAllowed` when that account is closed."""
    found = Person.objects.filter(email__iexact=email).first()
    if found is not None:
        _check_open(found)
    return found


@transaction.atomic
def sign_up(*, identity: Identity, provider: Provider, language: str, now: datetime) -> Person:
    """Make an account, without a password, for somebody whose address a provider has proven; bind it.

    Raises `NotAllowed` as `check_address` does, `Conflict` when the address has an account.
    """
    check_address(identity, provider)
    try:
        name = composed(identity.name.strip())
        check_names({"name": name})
    except Invalid:
        name = identity.email.partition("@")[0]
    person = Person(email=identity.email, name=name, language=language, created_at=now, address_proven_at=now)
    person.set_password(None)
    try:
        with transaction.atomic():
            person.save()
    except IntegrityError as twice:
        raise _taken(identity.email) from twice
    record("openid.sign_up", person.email, actor=person.email, now=now, details={"provider": provider.code})
    bind(person=person, identity=identity, provider=provider, now=now)
    return person


def _taken(email: str) -> Conflict:
    said = message(gettext_noop("{email} has an account already. Sign in with it."), email=email)
    return Conflict("openid.email.taken", said)


@transaction.atomic
def bind(*, person: Person, identity: Identity, provider: Provider, now: datetime) -> Binding:
    """Let this subject of this issuer sign in as a person, who has proven to be that person.

    Bound twice, once. Raises `NotAllowed` as `check_address` does, `Conflict` when the address or the subject is
    somebody else's.
    """
    check_address(identity, provider)
    owner = person_with(identity.email)
    if owner is not None and owner.pk != person.pk:
        raise _taken(identity.email)
    made = {"person": person, "email": identity.email, "bound_at": now, "used_at": now}
    found, new = Binding.objects.get_or_create(issuer=identity.issuer, subject=identity.subject, defaults=made)
    if found.person_id != person.pk:
        said = gettext_noop("This account of {provider} signs in as somebody else already. Ask the programme's office.")
        raise Conflict("openid.subject.taken", message(said, provider=provider.name))
    if owner is not None:
        note_proven(owner, now)
    if new:
        details = {"provider": provider.code, "issuer": identity.issuer, "subject": identity.subject}
        record("openid.bind", person.email, actor=person.email, now=now, details=details)
    return found


@transaction.atomic
def unbind(*, person: Person, number: int, now: datetime) -> None:
    """Let an account of a provider sign in as oneself no more.

    Raises `NotFound` when it is not one's own, `Conflict` when one could not sign in any more.
    """
    own = Binding.objects.select_for_update().filter(person=person)
    found = own.filter(pk=number).first()
    if found is None:
        said = message(gettext_noop("There is no such account of yours. It may have been removed already."))
        raise NotFound("openid.binding.unknown", said)
    if own.count() == 1 and not person.has_usable_password():
        said = message(gettext_noop("You could not sign in any more. Ask the programme's office for a password first."))
        raise Conflict("openid.binding.last", said)
    found.delete()
    record("openid.unbind", person.email, actor=person.email, now=now, details={"issuer": found.issuer})
