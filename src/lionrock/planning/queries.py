"""Studies as a viewer sees them: those of the programmes that the viewer works for."""

from __future__ import annotations

from django.db.models import QuerySet

from lionrock.kernel.errors import NotFound
from lionrock.kernel.messages import gettext_noop, message
from lionrock.people.domain import Actor
from lionrock.planning.models import Study
from lionrock.planning.scenarios.answers import Answer, from_data


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


def answer_of(study: Study) -> Answer:
    """Return what a study says."""
    return from_data(study.answer)
