"""Taking what somebody shows to prove who they are; wrong tries are counted, and too many have to wait."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction

from lionrock.audit.actions import record
from lionrock.identity.domain import Method, as_typed, matching_step
from lionrock.identity.domain.events import SigningInChanged, What
from lionrock.identity.models import Authenticator, Passkey, RecoveryCode
from lionrock.identity.passkeys import Shown, read_shown, refused
from lionrock.identity.queries import digests_of, secret_of, secret_of_app
from lionrock.kernel.errors import Conflict, Fault, Invalid, Refused
from lionrock.kernel.events import publish
from lionrock.kernel.messages import gettext_noop, message
from lionrock.people.actions import forget_failed_sign_ins, note_failed_sign_in
from lionrock.people.domain import Tried
from lionrock.people.models import Person
from lionrock.people.queries import paused_until, source_paused_until


def take_password(*, person: Person, password: str, source: str, now: datetime) -> Method:
    """Take the password of somebody who is signed in; raises `Invalid`, `Conflict` after too many wrong ones."""
    _require_tries_left(person.email, source, now, Tried.PASSWORD)
    if not person.check_password(password):
        note_failed_sign_in(address=person.email, source=source, now=now)
        said = message(gettext_noop("This is not your password. Capitals count."))
        raise Invalid(
            "identity.password.wrong", said, faults=[Fault("identity.password.wrong", said, field="password")]
        )
    forget_failed_sign_ins(address=person.email)
    return Method.PASSWORD


def take_code(*, person: Person, typed: str, source: str, now: datetime) -> Method:
    """Take a code of somebody's app, or one of their recovery codes; each counts once.

    Raises `Invalid` for a wrong one or one that was used, `Conflict` after too many of them.
    """
    _require_tries_left(person.email, source, now, Tried.FACTOR)
    method = _taken(person, typed, now)
    if method is None:
        note_failed_sign_in(address=person.email, source=source, now=now, kind=Tried.FACTOR)
        raise wrong_code()
    forget_failed_sign_ins(address=person.email, kind=Tried.FACTOR)
    return method


def wrong_code() -> Invalid:
    """Return what is said of a code that does not count."""
    said = message(gettext_noop("This code does not count: it is wrong, too old, or was used. Wait for the next one."))
    return Invalid("identity.code.wrong", said, faults=[Fault("identity.code.wrong", said, field="code")])


@transaction.atomic
def _taken(person: Person, typed: str, now: datetime) -> Method | None:
    """Use a code up; both kinds are looked for, whichever somebody has."""
    app = Authenticator.objects.select_for_update().filter(person=person).first()
    secret = secret_of_app(app) if app else secret_of("")
    step = matching_step(secret, typed, now, app.last_step if app else 0)
    if app is not None and step is not None:
        app.last_step, app.used_at = step, now
        app.save(update_fields=["last_step", "used_at"])
        return Method.CODE
    digests = digests_of(person, as_typed(typed))
    unused = RecoveryCode.objects.filter(person=person, used_at__isnull=True, digest__in=digests)
    if not unused.update(used_at=now):
        return None
    record("identity.take_code", person.email, actor=person.email, now=now, details={"kind": "recovery"})
    publish(SigningInChanged(person.email, What.CODE_USED, "", now))
    return Method.RECOVERY


def take_passkey(*, person: Person | None, answer: str, state: Mapping[str, Any], source: str, now: datetime) -> Person:
    """Take a passkey of somebody, or of whoever it belongs to, and return whose it is.

    Raises `Refused` for one that does not hold or is of somebody who may not sign in, `Conflict` after too many.
    """
    _require_tries_left(person.email if person else "", source, now, Tried.FACTOR)
    try:
        shown = read_shown(answer, state, person)
        _count(shown, now)
    except Refused:
        note_failed_sign_in(address=person.email if person else "", source=source, now=now, kind=Tried.FACTOR)
        raise
    forget_failed_sign_ins(address=shown.passkey.person.email, kind=Tried.FACTOR)
    return shown.passkey.person


def _count(shown: Shown, now: datetime) -> None:
    """Keep how often the device was used; one that has counted no further was copied, and is refused.

    A device that does not count says 0 each time.
    """
    owner, kept = shown.passkey.person, Passkey.objects.filter(pk=shown.passkey.pk)
    used = kept.filter(count__lt=shown.count) if shown.count else kept.filter(count=0)
    if not used.update(count=shown.count, used_at=now):
        _tell_copied(shown, now)
        raise refused()
    if not owner.is_active:
        raise refused()


@transaction.atomic
def _tell_copied(shown: Shown, now: datetime) -> None:
    owner = shown.passkey.person.email
    details = {"passkey": shown.passkey.name, "kept": shown.passkey.count, "shown": shown.count}
    record("identity.take_passkey", owner, actor=owner, now=now, details=details)
    publish(SigningInChanged(owner, What.PASSKEY_COPIED, shown.passkey.name, now))


def _require_tries_left(address: str, source: str, now: datetime, kind: Tried) -> None:
    until = source_paused_until(source, now) or (paused_until(address, now, kind) if address else None)
    if until is not None:
        said = message(
            gettext_noop("There were too many wrong tries, so none counts for now. Try again in {minutes} minutes."),
            minutes=-(-(until - now) // timedelta(minutes=1)),
        )
        raise Conflict("identity.proof.paused", said)
