"""Which assignments a viewer may see: an assessor their own, who runs the programme all of them."""

from __future__ import annotations

from django.db.models import QuerySet

from lionrock.applications.models import Application
from lionrock.applications.queries import KEPT_LONG_THERE, applications
from lionrock.kernel.errors import NotFound
from lionrock.kernel.messages import gettext_noop, message
from lionrock.kernel.periods import local_date
from lionrock.people.domain import Actor, Role
from lionrock.people.programmes import programme_on_file
from lionrock.review.domain import Scheme, scheme_of
from lionrock.review.models import Assignment, Entry

READ_SCORES = (Role.OFFICE, Role.COMMITTEE, Role.CHAIR, Role.AUDITOR)
"""Roles that see what the assessors of a programme gave."""
READ_NAMES = (Role.OFFICE, Role.AUDITOR)
"""Roles that know who assessed, even where assessors are not named."""


def assessments(viewer: Actor) -> QuerySet[Assignment]:
    """Return the viewer's own assignments, in the programmes of which they still are an assessor."""
    found = Assignment.objects.select_related("application__call", "application__organisation", "assessor").defer(
        *KEPT_LONG_THERE
    )
    if viewer.operator:
        return found
    return found.filter(assessor__email=viewer.email, application__call__programme__in=viewer.programmes(Role.ASSESSOR))


def assessment_by_id(viewer: Actor, assignment: int, *, lock: bool = False) -> Assignment:
    """Return one of them; with `lock`, keep others from changing it until the transaction ends.

    Raises `NotFound` when there is none that is this viewer's.
    """
    return _one(assessments(viewer), assignment, lock=lock)


def assignments(viewer: Actor, *roles: Role) -> QuerySet[Assignment]:
    """Return the assignments of the programmes that the viewer runs or decides for, but not where shut out.

    `roles` None: every role that reads scores.
    """
    found = Assignment.objects.select_related("application__call", "application__organisation", "assessor").defer(
        *KEPT_LONG_THERE
    )
    if viewer.operator:
        return found
    programmes = viewer.programmes(*(roles or READ_SCORES))
    return found.filter(application__call__programme__in=programmes, application__in=applications(viewer))


def assignment_by_id(viewer: Actor, assignment: int, *, lock: bool = False) -> Assignment:
    """Return one assignment of a programme that the viewer runs; raises `NotFound` otherwise."""
    return _one(assignments(viewer), assignment, lock=lock)


def _one(found: QuerySet[Assignment], assignment: int, *, lock: bool) -> Assignment:
    one = found.filter(pk=assignment)
    kept = (one.select_for_update(of=("self",)) if lock else one).first()
    if kept is None:
        raise NotFound(
            "review.assignment.unknown",
            message(
                gettext_noop("There is no assessment {number} for you. See `lionrock assessment list`."),
                number=assignment,
            ),
        )
    return kept


def scheme_for(application: Application) -> Scheme:
    """Return how an application is assessed: by the terms of the day on which it was last submitted.

    So all its assessors use one scale, whatever changes meanwhile. Raises `Refused` while the owner
    has not set what scoring needs.
    """
    rules = programme_on_file(application.call.programme)
    handed_in = application.submitted_at or application.created_at
    return scheme_of(rules.at(local_date(handed_in, rules.zone)))


def typed_in(assignment: Assignment) -> dict[str, Entry]:
    """Return what the assessor has typed so far, by the key of the box."""
    return {entry.key: entry for entry in Entry.objects.filter(assignment=assignment)}
