"""Who sees which concern, its deadlines, and what waits.

A concern is seen by whoever answers for compliance of its programme, by its auditors and by those whom it was
assigned to; by nobody whom it concerns, whatever their role.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Final

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.urls import reverse

from lionrock.concerns.domain.rules import Owed, owed
from lionrock.concerns.domain.states import OPEN, ConcernState
from lionrock.concerns.models import Concern, ConcernPerson
from lionrock.concerns.rulebook import rules_now
from lionrock.kernel.errors import NotFound
from lionrock.kernel.messages import gettext_noop, message
from lionrock.kernel.periods import local_date
from lionrock.people.domain import Actor, Role
from lionrock.people.programmes import programme_on_file
from lionrock.web.worklist import Waiting

_OPEN: Final = [state.value for state in OPEN]


def concerns(viewer: Actor) -> QuerySet[Concern]:
    """Return the concerns that the viewer sees, the latest first."""
    rows = Concern.objects.select_related("award")
    if viewer.operator:
        return rows
    persons = ConcernPerson.objects.filter(concern=OuterRef("pk"), email__iexact=viewer.email)
    seen = Q(programme__in=viewer.programmes(Role.COMPLIANCE, Role.AUDITOR)) | Exists(persons.filter(part="assigned"))
    return rows.filter(seen).exclude(Exists(persons.filter(part="concerned")))


def concern_by_code(viewer: Actor, code: str, *, lock: bool = False) -> Concern:
    """Return one concern; raises `NotFound` for one that is not there, or not for the viewer."""
    found = concerns(viewer).filter(code=code)
    row = (found.select_for_update(of=("self",)) if lock else found).first()
    if row is None:
        said = message(gettext_noop("There is no concern {code} for you."), code=code)
        raise NotFound("concerns.concern.unknown", said)
    return row


def decides(viewer: Actor, concern: Concern) -> bool:
    """Tell whether the viewer decides what becomes of a concern: compliance of its programme."""
    return viewer.holds(Role.COMPLIANCE, programme=concern.programme)


def works_on(viewer: Actor, concern: Concern) -> bool:
    """Tell whether the viewer writes notes on a concern: compliance, its owner, whoever it is assigned to."""
    own = viewer.email.casefold()
    return decides(viewer, concern) or own in {each.casefold() for each in assigned_to(concern)}


def assigned_to(concern: Concern) -> list[str]:
    """Return the addresses of those whom a concern was assigned to."""
    return [each.email for each in concern.persons.all() if each.part == "assigned"]


def concerned_by(concern: Concern) -> Collection[str]:
    """Return the addresses, in small letters, of those who never see a concern."""
    return {each.email.casefold() for each in concern.persons.all() if each.part == "concerned"}


def deadlines_of(concern: Concern) -> tuple[Owed, ...]:
    """Return by when what has to be done, in the zone and by the holidays of the concern's programme."""
    programme = programme_on_file(concern.programme)
    severity = rules_now().severities[concern.severity]
    done = {"take_up": concern.taken_up_at, "tell": concern.told_at, "close": concern.closed_at}
    if concern.state == ConcernState.SET_ASIDE.value:
        done = {step: at or concern.closed_at for step, at in done.items()}
    calendar = programme.at(local_date(concern.received_at, programme.zone)).calendar()
    return owed(severity, concern.received_at, done, programme.zone, calendar)


def open_concerns() -> QuerySet[Concern]:
    """Return all concerns that nobody has closed or set aside."""
    return Concern.objects.filter(state__in=_OPEN).order_by("received_at", "pk")


def waiting(viewer: Actor, now: datetime) -> list[Waiting]:  # noqa: ARG001 - every room is asked the same way
    """Return a line for each concern that nobody has taken up, for compliance, and for each that the viewer owns."""
    if viewer.operator:
        return []
    fresh = Q(state=ConcernState.RECEIVED.value, programme__in=viewer.programmes(Role.COMPLIANCE))
    own = Q(state=ConcernState.IN_HAND.value, owner__iexact=viewer.email)
    said = {
        ConcernState.RECEIVED.value: gettext_noop("Take up the concern {code}"),
        ConcernState.IN_HAND.value: gettext_noop("Go on with the concern {code}"),
    }
    return [
        Waiting(message(said[row.state], code=row.code), reverse("concerns:show", args=[row.code]), row.received_at)
        for row in concerns(viewer).filter(fresh | own).order_by("received_at")[:20]
    ]
