"""What is due for erasure, what is held, what was erased."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Final

from django.db.models import QuerySet

from lionrock.applications.domain import ApplicationState
from lionrock.applications.erasing import people_of
from lionrock.applications.models import Application
from lionrock.kernel.periods import local_date
from lionrock.oversight.domain import HeldKind, HoldOn, KeptKind, Period
from lionrock.oversight.models import Erasure, Hold
from lionrock.oversight.rulebook import periods_now
from lionrock.people.domain import Actor, Role
from lionrock.people.policies import require
from lionrock.people.programmes import programme_on_file

SEE_RETENTION: Final = (Role.OFFICE, Role.COMPLIANCE, Role.AUDITOR)
ENDED: Final = (ApplicationState.WITHDRAWN, ApplicationState.DECLINED, ApplicationState.INELIGIBLE)


@dataclass(frozen=True, slots=True)
class DueForErasure:
    """An application that is kept no longer, since when, and what holds it all the same."""

    application: Application
    since: date
    holds: tuple[Hold, ...]
    proposed: Erasure | None


def period_of(programme: str) -> Period | None:
    """Return how long a programme keeps applications without an award; None where the rulebook says nothing."""
    return periods_now().get((programme, KeptKind.APPLICATION))


def holds_of(viewer: Actor, programme: str) -> QuerySet[Hold]:
    """Return the holds of a programme, the latest first; takes the role office, compliance or auditor."""
    require(viewer, *SEE_RETENTION, programme=programme)
    return Hold.objects.filter(programme=programme)


def erasures_of(viewer: Actor, programme: str) -> QuerySet[Erasure]:
    """Return what was erased of a programme, or is proposed to be, the latest first; takes the same roles."""
    require(viewer, *SEE_RETENTION, programme=programme)
    return Erasure.objects.filter(programme=programme)


def due_for_erasure(viewer: Actor, programme: str, today: date) -> list[DueForErasure]:
    """Return what a programme keeps no longer, the oldest first; takes the same roles."""
    require(viewer, *SEE_RETENTION, programme=programme)
    return due_of(programme, today)


def due_of(programme: str, today: date) -> list[DueForErasure]:
    """Return what a programme keeps no longer, for whoever asks."""
    period = period_of(programme)
    if period is None or period.years is None:
        return []
    zone = programme_on_file(programme).zone
    done = Erasure.objects.filter(programme=programme, erased_at__isnull=False).values("subject")
    ended = (
        Application.objects.filter(call__programme=programme, state__in=[state.value for state in ENDED])
        .filter(state_since__year__lte=today.year - period.years + 1)
        .exclude(code__in=done)
        .select_related("organisation", "call")
        .prefetch_related("admissions", "letters")
        .order_by("state_since")
    )
    proposed = {each.subject: each for each in Erasure.objects.filter(programme=programme, erased_at__isnull=True)}
    holds = list(Hold.objects.filter(programme=programme, released_at__isnull=True))
    return [
        DueForErasure(each, since, holding(each, holds, today), proposed.get(each.code))
        for each in ended
        if period.is_over(since := local_date(each.state_since, zone), today)
    ]


def holding(application: Application, holds: list[Hold], today: date) -> tuple[Hold, ...]:
    """Return the holds, of these, that keep an application from being erased."""
    about = [
        (HeldKind.APPLICATION, application.code),
        (HeldKind.ORGANISATION, application.organisation.code),
        (HeldKind.PROGRAMME, application.call.programme),
        *((HeldKind.PERSON, address) for address in people_of(application)),
    ]
    return tuple(each for each in holds if HoldOn(HeldKind(each.kind), each.code, each.until).covers(about, today))
