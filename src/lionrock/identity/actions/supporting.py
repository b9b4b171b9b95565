"""Consenting that an office looks at one's pages, looking at them, and ending both; each leaves its trace."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Final

from django.db import transaction
from django.db.models import QuerySet

from lionrock.audit.actions import record
from lionrock.identity.domain.events import SupportBegun, SupportOffered
from lionrock.identity.domain.support import HOURS, Part
from lionrock.identity.models import Consent, Support
from lionrock.identity.policies import LONGEST_REASON, require_operator
from lionrock.identity.queries import person_by_address
from lionrock.identity.supports import LOOKED, consents_for, has_duties
from lionrock.kernel.errors import Fault, Invalid, NotFound, Refused
from lionrock.kernel.events import publish
from lionrock.kernel.messages import Message, gettext_noop, message
from lionrock.kernel.texts import check_line
from lionrock.people.domain import Actor
from lionrock.people.models import Person
from lionrock.people.programmes import programmes_on_file

_LONGEST_PAGE: Final = 300


@transaction.atomic
def give_consent(
    *, person: Person, programme: str, supporter: str, parts: Collection[str], hours: int, reason: str, now: datetime
) -> Consent:
    """Let a programme's office, or one person of it, look at one's pages for some hours, in place of a consent before.

    Raises `Refused` for who holds a duty of a programme: what that shows is not theirs to show. Raises `Invalid`.
    """
    if has_duties(person):
        said = gettext_noop(
            "Who holds a duty of a programme lets nobody look on: scores, votes and cases are not theirs to show."
        )
        raise Refused("identity.consent.duties", message(said))
    _check(programme, parts, hours)
    check_line(reason, field="reason", longest=LONGEST_REASON)
    check_line(supporter, field="supporter", required=False)
    Person.objects.select_for_update().get(pk=person.pk)
    _end(Consent.objects.filter(person=person), now)
    made = Consent.objects.create(
        person=person,
        programme=programme,
        supporter=supporter,
        parts=[each.value for each in Part if each in parts],
        reason=reason,
        given_at=now,
        ends_at=now + timedelta(hours=hours),
    )
    details = {"consent": made.pk, "supporter": supporter, "parts": made.parts, "ends_at": made.ends_at.isoformat()}
    record(
        "identity.give_consent", person.email, actor=person.email, now=now, programme=programme, reason=reason,
        details=details,
    )  # fmt: skip
    publish(SupportOffered(person.email, programme, supporter, reason, made.ends_at, now))
    return made


def _check(programme: str, parts: Collection[str], hours: int) -> None:
    nothing = gettext_noop("Nothing is chosen that they may see. Choose at least one part.")
    faults = [
        *([] if programme in programmes_on_file() else [_not_shown("programme", programme)]),
        *([] if hours in HOURS else [_not_shown("hours", str(hours))]),
        *([] if set(parts) & set(Part) else [_fault("parts", message(nothing), "")]),
    ]
    if faults:
        raise Invalid("identity.consent.choice", faults[0].message, faults=faults)


def _not_shown(field: str, value: str) -> Fault:
    said = gettext_noop("“{value}” in {field} is none of those that can be chosen. Choose one of those shown.")
    return _fault(field, message(said, value=value, field=field), value)


def _fault(field: str, said: Message, value: str) -> Fault:
    return Fault("identity.consent.choice", said, field=field, value=value)


@transaction.atomic
def withdraw_consent(*, person: Person, now: datetime) -> int:
    """End one's consent, and with it whoever looks on now; return how many there were. Twice changes nothing."""
    return _withdraw("identity.withdraw_consent", person, person.email, now)


@transaction.atomic
def stop_support(*, actor: Actor, email: str, now: datetime) -> int:
    """End somebody's consent in their place; the operator may. Raises `NotFound`."""
    require_operator(actor)
    return _withdraw("identity.stop_support", person_by_address(email), actor.email, now)


def _withdraw(action: str, person: Person, by: str, now: datetime) -> int:
    ended = _end(Consent.objects.filter(person=person, ends_at__gt=now), now)
    for each in ended:
        details = {"consent": each.pk}
        place = each.programme
        record(action, person.email, actor=by, now=now, programme=place, details=details)
    return len(ended)


def _end(consents: QuerySet[Consent], now: datetime) -> list[Consent]:
    """End those that are open, and whoever looks on by them; return them."""
    found = list(consents.select_for_update().filter(ended_at__isnull=True))
    Consent.objects.filter(pk__in=[each.pk for each in found]).update(ended_at=now)
    Support.objects.filter(consent__in=found, ended_at__isnull=True).update(ended_at=now)
    return found


@transaction.atomic
def begin_support(*, actor: Actor, consent: int, reason: str, now: datetime) -> Support:
    """Begin to look at the pages of somebody who has consented; takes the role office, and a reason. They are told.

    Raises `NotFound` for a consent that is not there for the actor, `Refused` where the person holds a duty by now.
    """
    found = consents_for(actor, now).select_for_update(of=("self",)).filter(pk=consent).first()
    if found is None:
        said = message(gettext_noop("This consent is over, or was not given to you. Ask the person for another."))
        raise NotFound("identity.consent.unknown", said)
    if has_duties(found.person):
        said = message(
            gettext_noop("{email} holds a duty of a programme by now. Nobody looks on."), email=found.person.email
        )
        raise Refused("identity.consent.duties", said)
    check_line(reason, field="reason", longest=LONGEST_REASON)
    made = Support.objects.create(consent=found, supporter=actor.email, reason=reason, begun_at=now)
    details = {"support": made.pk, "consent": found.pk}
    record(
        "identity.begin_support", found.person.email, actor=actor.email, now=now, programme=found.programme,
        reason=reason, details=details,
    )  # fmt: skip
    publish(SupportBegun(found.person.email, actor.email, found.programme, reason, now))
    return made


def note_look(*, support: Support, page: str, now: datetime) -> None:
    """Record that a page was looked at as somebody: its path, without what was searched for."""
    consent = support.consent
    record(
        LOOKED, consent.person.email, actor=support.supporter, now=now, programme=consent.programme,
        reason=support.reason, details={"support": support.pk, "page": page[:_LONGEST_PAGE]},
    )  # fmt: skip


@transaction.atomic
def end_support(*, number: int, supporter: str, now: datetime) -> None:
    """End looking at somebody's pages, which one has begun oneself; twice changes nothing."""
    rows = Support.objects.select_for_update(of=("self",)).select_related("consent__person")
    found = rows.filter(pk=number, supporter=supporter, ended_at__isnull=True).first()
    if found is None:
        return
    found.ended_at = now
    found.save(update_fields=["ended_at"])
    whose, place = found.consent.person.email, found.consent.programme
    record("identity.end_support", whose, actor=supporter, now=now, programme=place, details={"support": number})


def end_support_of_leaver(*, organisation: str, person: str, colleague: str, reason: str, now: datetime) -> None:  # noqa: ARG001 - the event's
    """End the consent of somebody who left an organisation: what they let others see is not theirs any more."""
    _end_all(person, now)


def end_support_of_closed(*, person: str, by: str, now: datetime) -> None:  # noqa: ARG001 - the event's
    """End the consent of somebody whose account is closed, and whatever they look at themselves."""
    _end_all(person, now)


def _end_all(person: str, now: datetime) -> None:
    _end(Consent.objects.filter(person__email=person), now)
    Support.objects.filter(supporter=person, ended_at__isnull=True).update(ended_at=now)
