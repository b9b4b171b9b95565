"""Who may read the correspondence of an application: its authors and the programme's staff, no assessor."""

from __future__ import annotations

from django.db.models import QuerySet

from lionrock.applications.models import Application, Letter
from lionrock.applications.queries import may_write
from lionrock.kernel.errors import NotFound
from lionrock.kernel.messages import gettext_noop, message
from lionrock.people.domain import Actor


def may_read_letters(viewer: Actor, application: Application) -> bool:
    """Tell whether a viewer who sees the application sees its correspondence too."""
    return viewer.sees_programme(application.call.programme) or may_write(viewer, application)


def letters_of(viewer: Actor, application: Application) -> QuerySet[Letter]:
    """Return the correspondence in order; raises `NotFound` for who may not read it."""
    if not may_read_letters(viewer, application):
        said = message(
            gettext_noop("There is no correspondence of {application} for you."), application=application.code
        )
        raise NotFound("applications.letters.unknown", said)
    return application.letters.all()
