"""Cases, for those who may see them, and what waits for them."""

from __future__ import annotations

from datetime import datetime

from django.db.models import Count, Min, Q, QuerySet
from django.urls import reverse

from lionrock.kernel.errors import NotFound
from lionrock.kernel.messages import gettext_noop, message
from lionrock.people.domain import Actor
from lionrock.screening.domain.cases import TO_DO, CaseState
from lionrock.screening.models import Case
from lionrock.screening.policies import answers_for_it, require_sight
from lionrock.web.worklist import Waiting

_TO_DO = [state.value for state in TO_DO]


def cases(viewer: Actor) -> QuerySet[Case]:
    """Return the cases; raises `NotAllowed` for who may see none."""
    require_sight(viewer)
    return Case.objects.order_by("state_since", "pk")


def to_do(viewer: Actor) -> QuerySet[Case]:
    """Return the cases that nobody has settled, those that block first, then the oldest."""
    return cases(viewer).filter(state__in=_TO_DO).order_by("strength", "state_since", "pk")


def case_by_number(viewer: Actor, number: int) -> Case:
    """Return one case; raises `NotFound`."""
    found = cases(viewer).filter(pk=number).first()
    if found is None:
        raise NotFound(
            "screening.case.unknown",
            message(gettext_noop("There is no case {number}. See `lionrock screening cases`."), number=number),
        )
    return found


def waiting(viewer: Actor, now: datetime) -> list[Waiting]:  # noqa: ARG001 - every room is asked the same way
    """Return a line for the cases that wait for the viewer to look, and one for those that wait for a second person."""
    if viewer.operator or not answers_for_it(viewer):
        return []
    mine = Q(state=CaseState.CLEARING.value) & Q(asked_by__iexact=viewer.email)
    found = Case.objects.filter(state__in=_TO_DO).exclude(mine)
    counted = found.aggregate(
        first=Count("pk", filter=~Q(state=CaseState.CLEARING.value)),
        first_since=Min("state_since", filter=~Q(state=CaseState.CLEARING.value)),
        second=Count("pk", filter=Q(state=CaseState.CLEARING.value)),
        second_since=Min("state_since", filter=Q(state=CaseState.CLEARING.value)),
    )
    lines = (
        (gettext_noop("Look at who may be on a list: {count}"), "first"),
        (gettext_noop("Agree that it is somebody else, or not: {count}"), "second"),
    )
    return [
        Waiting(
            message(said, count=counted[name]),
            reverse("screening:list"),
            since=counted[f"{name}_since"],
            count=counted[name],
        )
        for said, name in lines
        if counted[name]
    ]
