"""The assessors of a programme, for its office."""

from __future__ import annotations

from datetime import datetime

from django.db.models import Count, Q, QuerySet

from lionrock.kernel.errors import NotFound
from lionrock.kernel.messages import gettext_noop, message
from lionrock.kernel.periods import local_date
from lionrock.people.domain import Actor, Role
from lionrock.people.models import Person, RoleGrant
from lionrock.people.policies import require
from lionrock.people.programmes import programme_on_file
from lionrock.review.domain import OPEN
from lionrock.rules.terms import Label


def roster(viewer: Actor, programme: str) -> QuerySet[Person]:
    """Return the active assessors of a programme with their open assignments; takes the role office.

    Raises `NotFound` for an unknown programme, `NotAllowed` for everybody else.
    """
    programme_on_file(programme)
    require(viewer, Role.OFFICE, programme=programme)
    grants = RoleGrant.objects.filter(role=Role.ASSESSOR.value, programme=programme)
    still_open = Q(assignments__state__in=[state.value for state in OPEN])
    found = Person.objects.filter(is_active=True, pk__in=grants.values("person"))
    return (
        found.select_related("assessor_profile__organisation")
        .annotate(load=Count("assignments", filter=still_open))
        .order_by("name", "email")
    )


def assessor_of(viewer: Actor, programme: str, number: int) -> Person:
    """Return one of them by its key; raises `NotFound` when there is none."""
    found = roster(viewer, programme).filter(pk=number).first()
    if found is None:
        said = message(
            gettext_noop("{programme} has no such assessor. See the list of assessors."), programme=programme
        )
        raise NotFound("review.assessor.not_here", said)
    return found


def expertise_in(programme: str, now: datetime) -> list[tuple[str, Label]]:
    """Return the words that can be an expertise: ids of categories and of the form's options, with their names."""
    rules = programme_on_file(programme)
    today = local_date(now, rules.zone)
    form = rules.form_on(today)
    fields = [each for part in form.parts for each in part.fields] if form else []
    words: dict[str, Label] = {each.id: each.label for each in rules.at(today).categories}
    return list((words | {one.id: one.names for each in fields for one in each.options}).items())
