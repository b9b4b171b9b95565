"""Studies as a viewer sees them: those of the programmes that the viewer works for."""

from __future__ import annotations

from datetime import datetime

from django.db.models import QuerySet

from lionrock.kernel.errors import Conflict, NotFound
from lionrock.kernel.messages import gettext_noop, message
from lionrock.people.domain import Actor
from lionrock.planning.models import Study
from lionrock.planning.scenarios.answers import Answer, from_data
from lionrock.planning.scenarios.values import Books
from lionrock.supply.actions.rechecking import today_of
from lionrock.supply.domain.capacity import Change, Standing
from lionrock.supply.queries.capacity import changes_planned


def studies(viewer: Actor) -> QuerySet[Study]:
    """Return the studies that the viewer may see, the newest first."""
    found = Study.objects.all()
    return found if viewer.operator else found.filter(programme__in=viewer.programmes())


def study_by_code(viewer: Actor, code: str) -> Study:
    """Return one of them; raises `NotFound`."""
    study = studies(viewer).filter(code=code).first()
    if study is None:
        said = message(gettext_noop("There is no study {code} for you to see. Check the number."), code=code)
        raise NotFound("planning.study.not_found", said)
    return study


def books_on(viewer: Actor, programme: str, now: datetime) -> Books:
    """Return what supply has on file of a programme today, for scenarios; raises `Conflict` if that is nothing.

    Takes a role that sees supply. Of what is ordered the number of the order is kept; notes and sites are not.
    """
    today = today_of(programme, now)
    found = changes_planned(viewer, programme, today)
    if not found:
        said = message(
            gettext_noop("Supply has neither equipment nor orders of {programme} on file. Enter them first."),
            programme=programme,
        )
        raise Conflict("planning.books.empty", said)
    kept = [
        Change(each.on, each.chip, each.chips, each.standing, "" if each.standing is Standing.CERTAIN else each.cause)
        for each in found
    ]
    return Books(programme, today, tuple(sorted(kept, key=lambda each: (each.chips < 0, each.on))))


def answer_of(study: Study) -> Answer:
    """Return what a study says."""
    return from_data(study.answer)
