"""What waits for whom at the gate."""

from __future__ import annotations

from datetime import datetime

from django.db.models import Q, QuerySet
from django.urls import reverse

from lionrock.applications.queries import applications
from lionrock.assurance.domain.states import UNDER_REVIEW, DossierState, ReviewerState
from lionrock.assurance.models import Condition, Dossier, Reviewer
from lionrock.assurance.queries.dossiers import dossiers
from lionrock.kernel.messages import gettext_noop, message
from lionrock.people.domain import Actor, Role
from lionrock.web.worklist import Waiting

_SHOWN = 20
"""Lines of one kind on the page where one starts; the lists have the rest."""
_WITH_APPLICANTS = [DossierState.DRAFT.value, DossierState.QUESTIONED.value]


def desk(viewer: Actor, *, everything: bool) -> QuerySet[Dossier]:
    """Return the dossiers that wait for a viewer, the oldest first; or all that they may see, the latest first."""
    found = dossiers(viewer)
    if everything:
        return found.order_by("-state_since", "-pk")
    return found.filter(_waits_for(viewer)).order_by("state_since", "pk").distinct()


def _waits_for(viewer: Actor) -> Q:
    under_review = Q(state__in=[state.value for state in UNDER_REVIEW])
    concluding = Q(programme__in=viewer.programmes(Role.COMPLIANCE))
    mine = Q(reviewers__person__iexact=viewer.email, reviewers__state=ReviewerState.CLEARED.value)
    own = Q(application__organisation__code__in=viewer.organisations(), state__in=_WITH_APPLICANTS)
    return under_review & (concluding | mine) | own


def asked_of(viewer: Actor) -> QuerySet[Reviewer]:
    """Return what a viewer was asked to review and has not declared interests for."""
    found = Reviewer.objects.filter(person__iexact=viewer.email, state=ReviewerState.ASKED.value)
    return found.select_related("dossier__application").order_by("asked_at", "pk")


def open_conditions(viewer: Actor) -> QuerySet[Condition]:
    """Return the conditions that are not met, of the applications that a viewer may see, the first due first."""
    found = Condition.objects.filter(met_on__isnull=True, dossier__application__in=applications(viewer))
    return found.select_related("dossier__application__organisation").order_by("due", "pk")


def waiting(viewer: Actor, now: datetime) -> list[Waiting]:  # noqa: ARG001 - every room is asked the same way
    """Return what waits for a viewer at the gate: declarations, dossiers, conditions that they own."""
    if viewer.operator:
        return []
    return [*_declarations(viewer), *_dossiers(viewer), *_conditions(viewer)]


def _declarations(viewer: Actor) -> list[Waiting]:
    return [
        Waiting(
            message(
                gettext_noop("Declare your interests before you review {application}."),
                application=row.dossier.application.code,
            ),
            reverse("assurance:declare", args=[row.pk]),
            since=row.asked_at,
        )
        for row in asked_of(viewer)[:_SHOWN]
    ]


def _dossiers(viewer: Actor) -> list[Waiting]:
    template = {
        DossierState.DRAFT.value: gettext_noop("The responsible-AI self-assessment of {application} is not handed in."),
        DossierState.QUESTIONED.value: gettext_noop("The reviewers of {application} asked you something."),
    }
    review = gettext_noop("The responsible-AI dossier of {application} waits for a review.")
    return [
        Waiting(
            message(template.get(state, review), application=code),
            reverse("assurance:show", args=[code]),
            since=since,
        )
        for code, state, since in desk(viewer, everything=False).values_list(
            "application__code", "state", "state_since"
        )[:_SHOWN]
    ]


def _conditions(viewer: Actor) -> list[Waiting]:
    owned = Condition.objects.filter(owner__iexact=viewer.email, met_on__isnull=True, handed_in_at__isnull=True)
    return [
        Waiting(
            message(gettext_noop("Condition {number} of {application} is to be met."), number=number, application=code),
            reverse("assurance:condition", args=[code, number]),
            due=due,
        )
        for number, code, due in owned.order_by("due", "pk").values_list("number", "dossier__application__code", "due")[
            :_SHOWN
        ]
    ]
