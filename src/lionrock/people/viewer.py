"""Who looks at a page."""

from __future__ import annotations

from typing import Final

from django.http import HttpRequest

from lionrock.kernel.errors import NotAllowed
from lionrock.kernel.messages import gettext_noop, message
from lionrock.people.domain import Actor
from lionrock.people.models import Person
from lionrock.people.queries import actor_of

_KEPT: Final = "lionrock_viewer"


def person_of(request: HttpRequest) -> Person:
    """Return whoever is signed in; raises `NotAllowed` when nobody is."""
    if not isinstance(request.user, Person):
        raise NotAllowed("people.viewer.nobody", message(gettext_noop("Nobody is signed in. Sign in first.")))
    return request.user


def viewer_of(request: HttpRequest) -> Actor:
    """Return whoever is signed in, as an actor; raises `NotAllowed` when nobody is.

    Asked many times for one page, it looks once: what somebody may do is what they might when the page began.
    """
    person = person_of(request)
    kept: tuple[int, Actor] | None = getattr(request, _KEPT, None)
    if kept is None or kept[0] != person.pk:
        kept = (person.pk, actor_of(person))
        setattr(request, _KEPT, kept)
    return kept[1]
