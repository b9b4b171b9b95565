"""Adding and removing what somebody signs in with besides a password."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction

from lionrock.audit.actions import record
from lionrock.identity.actions.proving import wrong_code
from lionrock.identity.domain import as_typed, matching_step, new_codes
from lionrock.identity.domain.events import SigningInChanged, What
from lionrock.identity.models import Authenticator, Passkey, RecoveryCode
from lionrock.identity.passkeys import read_made, refused
from lionrock.identity.policies import missing_reason, require_operator
from lionrock.identity.queries import digest_of, person_by_address, secret_of, ways_of
from lionrock.identity.secret import present
from lionrock.kernel.errors import Conflict, Fault, Invalid, NotFound
from lionrock.kernel.events import publish
from lionrock.kernel.messages import gettext_noop, message
from lionrock.kernel.texts import check_line
from lionrock.people.domain import Actor
from lionrock.people.models import Person

NAME_LENGTH = 60
MOST_PASSKEYS = 20


@transaction.atomic
def add_passkey(*, person: Person, name: str, answer: str, state: Mapping[str, Any], now: datetime) -> list[str]:
    """Keep a passkey that a device has made; return recovery codes where it is the first second factor, else none.

    Raises `Invalid` for a name that cannot be one, `Refused` for an answer that does not hold, `Conflict` for a
    passkey that is on file or one too many.
    """
    check_line(name, field="name", longest=NAME_LENGTH)
    made, first = read_made(answer, state), not ways_of(person).second
    if Passkey.objects.filter(person=person).count() >= MOST_PASSKEYS:
        said = message(gettext_noop("You have {count} passkeys. Remove one that you do not use."), count=MOST_PASSKEYS)
        raise Conflict("identity.passkey.too_many", said)
    try:
        with transaction.atomic():
            Passkey.objects.create(
                person=person,
                name=name,
                owner=bytes.fromhex(state["owner"]),
                credential=made.credential,
                public=made.public,
                count=made.count,
                made_at=now,
            )
    except IntegrityError as twice:
        raise refused() from twice
    _changed(person, What.PASSKEY_ADDED, name, now)
    return _fresh_codes(person, now) if first else []


@transaction.atomic
def remove_passkey(*, person: Person, number: int, now: datetime) -> str:
    """Remove one of one's own passkeys and return its name; raises `NotFound`."""
    found = Passkey.objects.filter(person=person, pk=number).first()
    if found is None:
        raise NotFound("identity.passkey.unknown", message(gettext_noop("This passkey is not there any more.")))
    found.delete()
    _changed(person, What.PASSKEY_REMOVED, found.name, now)
    _drop_codes_without_factor(person)
    return found.name


@transaction.atomic
def add_authenticator(*, person: Person, seed: str, typed: str, now: datetime) -> list[str]:
    """Keep an authenticator app that shows the right code, in place of one before; return codes as `add_passkey` does.

    Raises `Invalid` for a wrong code.
    """
    step = matching_step(secret_of(seed), typed, now, after=0)
    if step is None:
        raise wrong_code()
    first = not ways_of(person).second
    Authenticator.objects.update_or_create(
        person=person,
        defaults={"seed": seed, "under": present(), "mask": "", "last_step": step, "made_at": now, "used_at": now},
    )
    _changed(person, What.APP_ADDED, "", now)
    return _fresh_codes(person, now) if first else []


@transaction.atomic
def remove_authenticator(*, person: Person, now: datetime) -> None:
    """Remove one's own authenticator app; without one nothing happens."""
    if Authenticator.objects.filter(person=person).delete()[0]:
        _changed(person, What.APP_REMOVED, "", now)
        _drop_codes_without_factor(person)


@transaction.atomic
def make_recovery_codes(*, person: Person, now: datetime) -> list[str]:
    """Make new recovery codes in place of those before; raises `Conflict` where there is nothing to recover."""
    if not ways_of(person).second:
        said = message(gettext_noop("Recovery codes stand in for a passkey or an app. Add one of these first."))
        raise Conflict("identity.recovery.nothing", said)
    codes = _fresh_codes(person, now)
    _changed(person, What.CODES_MADE, "", now)
    return codes


@transaction.atomic
def reset_factors(*, actor: Actor, email: str, reason: str, now: datetime) -> None:
    """Remove all that somebody signs in with besides a password; the terminal's operator may. The person is told.

    Raises `NotFound` for an unknown address, `Invalid` without a reason, `Conflict` when there is nothing to remove.
    """
    require_operator(actor)
    person = person_by_address(email)
    if said := missing_reason(reason):
        raise Invalid("identity.reset.reason", said, faults=[Fault("identity.reset.reason", said, field="reason")])
    removed = {
        "passkeys": Passkey.objects.filter(person=person).delete()[0],
        "app": Authenticator.objects.filter(person=person).delete()[0],
    }
    if not any(removed.values()):
        said = message(gettext_noop("{email} has nothing but a password."), email=person.email)
        raise Conflict("identity.reset.nothing", said)
    RecoveryCode.objects.filter(person=person).delete()
    details = {"reason": reason, **removed}
    record("identity.reset_factors", person.email, actor=actor.email, now=now, details=details)
    publish(SigningInChanged(person.email, What.RESET_BY_OPERATOR, "", now))


def _changed(person: Person, what: What, name: str, now: datetime) -> None:
    """Record what somebody has changed of their own, and have them told."""
    action = {
        What.PASSKEY_ADDED: "identity.add_passkey",
        What.PASSKEY_REMOVED: "identity.remove_passkey",
        What.APP_ADDED: "identity.add_authenticator",
        What.APP_REMOVED: "identity.remove_authenticator",
        What.CODES_MADE: "identity.make_recovery_codes",
    }[what]
    record(action, person.email, actor=person.email, now=now, details={"name": name} if name else {})
    publish(SigningInChanged(person.email, what, name, now))


def _fresh_codes(person: Person, now: datetime) -> list[str]:
    codes, under = new_codes(), present()
    RecoveryCode.objects.filter(person=person).delete()
    digests = [digest_of(person, as_typed(code), under) for code in codes]
    RecoveryCode.objects.bulk_create(
        RecoveryCode(person=person, digest=each, under=under, made_at=now) for each in digests
    )
    return codes


def _drop_codes_without_factor(person: Person) -> None:
    if not ways_of(person).second:
        RecoveryCode.objects.filter(person=person).delete()
