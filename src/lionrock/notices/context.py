"""What the head of every page says about notices: how many are unread."""

from __future__ import annotations

from django.http import HttpRequest

from lionrock.notices.queries import unread_count
from lionrock.people.models import Person


def bell(request: HttpRequest) -> dict[str, object]:
    """Return how many notices whoever is signed in has not read (one query)."""
    person = getattr(request, "user", None)
    return {"unread": unread_count(person)} if isinstance(person, Person) else {}
