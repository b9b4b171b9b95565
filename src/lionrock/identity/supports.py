"""Support access as it stands: consents, who looks at whose pages now, and what was looked at."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from django.db.models import Q, QuerySet

from lionrock.audit.models import AuditRecord
from lionrock.identity.domain.support import is_over
from lionrock.identity.models import Consent, Support
from lionrock.people.domain import Actor, Role
from lionrock.people.models import Person
from lionrock.people.queries import actor_of

LOOKED: Final = "identity.note_look"
SHOWN_LOOKS: Final = 50


def has_duties(person: Person) -> bool:
    """Tell whether somebody holds a role of some programme, or stands in for somebody who does."""
    return any(grant.programme for grant in actor_of(person).grants)


def consents_of(person: Person) -> QuerySet[Consent]:
    """Return what somebody has consented to, the latest first."""
    return Consent.objects.filter(person=person)


def open_consent_of(person: Person, now: datetime) -> Consent | None:
    """Return the consent of somebody that counts; there is one at most."""
    return consents_of(person).filter(ended_at__isnull=True, ends_at__gt=now).first()


def consents_for(viewer: Actor, now: datetime) -> QuerySet[Consent]:
    """Return the consents by which the viewer may look at somebody's pages, those that end soonest first."""
    found = Consent.objects.filter(ended_at__isnull=True, ends_at__gt=now, person__is_active=True)
    if not viewer.operator:
        named = Q(supporter="") | Q(supporter__iexact=viewer.email)
        found = found.filter(named, programme__in=viewer.programmes(Role.OFFICE))
    return found.exclude(person__email=viewer.email).select_related("person").order_by("ends_at", "id")


def standing_support(number: int, supporter: Person, now: datetime) -> Support | None:
    """Return a support that somebody has begun, if all that it stands on still holds; asked at each request.

    That is: neither it nor the consent is over, the supporter is of that office, and the person is active and holds no
    duty of a programme.
    """
    found = Support.objects.filter(pk=number, supporter=supporter.email, ended_at__isnull=True)
    support = found.select_related("consent__person").first()
    if support is None or is_over(support.consent.ends_at, support.consent.ended_at, now):
        return None
    person = support.consent.person
    of_office = actor_of(supporter).holds(Role.OFFICE, programme=support.consent.programme)
    return support if of_office and person.is_active and not has_duties(person) else None


def looks_at(person: Person) -> QuerySet[AuditRecord]:
    """Return what others have looked at as somebody, the latest first."""
    return AuditRecord.objects.filter(subject=person.email, action=LOOKED).order_by("-id")[:SHOWN_LOOKS]
