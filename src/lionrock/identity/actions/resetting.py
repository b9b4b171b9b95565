"""Choosing another password by a link that is sent to one's address."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from django.conf import settings
from django.db import transaction

from lionrock.audit.actions import record
from lionrock.identity.domain.events import ResetAsked
from lionrock.identity.models import Reset, Session
from lionrock.identity.resetting import reset_of
from lionrock.kernel.errors import Conflict
from lionrock.kernel.events import publish
from lionrock.kernel.messages import gettext_noop, message
from lionrock.kernel.texts import check_lines
from lionrock.people.actions.accounts import note_proven
from lionrock.people.actions.registering import check_email, check_password
from lionrock.people.domain import ASKED_FOR_ADDRESS, ASKED_WITHIN, PasswordChanged, end_of_wait
from lionrock.people.models import Person

RESET_COUNTS_FOR: Final = timedelta(hours=1)
RESETS_KEPT_FOR: Final = timedelta(days=2)


@transaction.atomic
def ask_reset(*, email: str, source: str, language: str, now: datetime) -> None:
    """Ask for a link; a mail goes to the address, whether or not it is on file, and the answer is the same.

    The work is the same too: one row and one mail, which says what it is about only when it is written. There is
    no actor and no audit record: whoever asks is nobody yet. Raises `Invalid` for what is no address, `Conflict`
    when the network has asked too often.
    """
    check_lines({"email": email})
    check_email(email)
    _may_ask(source, now)
    recent = Reset.objects.filter(email__iexact=email, asked_at__gt=now - ASKED_WITHIN).count()
    person = Person.objects.filter(email__iexact=email, is_active=True).first()
    asked = Reset.objects.create(
        person=person, email=email, source=source, asked_at=now, expires_at=now + RESET_COUNTS_FOR
    )
    if recent < ASKED_FOR_ADDRESS:
        spoken = person.language if person else language
        known = spoken if spoken in dict(settings.LANGUAGES) else settings.LANGUAGE_CODE
        publish(ResetAsked(asked.pk, email, known, now))


def _may_ask(source: str, now: datetime) -> None:
    recent = Reset.objects.filter(source=source, asked_at__gt=now - ASKED_WITHIN)
    until = end_of_wait(list(recent.values_list("asked_at", flat=True)), now)
    if until is not None:
        said = message(
            gettext_noop("There were too many requests from your network. Try again in {minutes} minutes."),
            minutes=-(-(until - now) // timedelta(minutes=1)),
        )
        raise Conflict("identity.reset.too_many", said)


@transaction.atomic
def take_up_reset(*, token: str, password: str, now: datetime) -> Person:
    """Choose another password through a link; second factors stay as they are.

    Raises `NotFound` and `Conflict` as `reset_of` does, `Invalid` for a password that is easy to guess.
    """
    reset, person = reset_of(token, now, lock=True)
    check_password(password, person)
    person.set_password(password)
    person.save(update_fields=["password"])
    note_proven(person, now)
    reset.used_at = now
    reset.save(update_fields=["used_at"])
    record("identity.take_up_reset", person.email, actor=person.email, now=now)
    publish(PasswordChanged(person.email, by_link=True, now=now))
    return person


def after_password_change(*, person: str, by_link: bool, now: datetime) -> None:  # noqa: ARG001 - a reaction
    """End what another password opened: all sign-ins of the person, and links that were sent before."""
    Session.objects.filter(person__email=person).delete()
    Reset.objects.filter(person__email=person, used_at__isnull=True).update(used_at=now)


@transaction.atomic
def forget_resets(now: datetime) -> int:
    """Remove links that were asked for so long ago that they count no more; return how many."""
    forgotten: int = Reset.objects.filter(asked_at__lte=now - RESETS_KEPT_FOR).delete()[0]
    return forgotten
