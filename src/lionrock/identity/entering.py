"""Letting somebody in who has shown all that is asked of them, and noting that in the trail."""

from __future__ import annotations

from datetime import datetime

from django.http import HttpRequest

from lionrock.identity.actions import note_entry
from lionrock.identity.domain import Method, browser_of
from lionrock.identity.signing import let_in
from lionrock.people.models import Person
from lionrock.people.sources import source_of


def enter(request: HttpRequest, person: Person, method: Method, now: datetime) -> None:
    """Sign somebody in, and note it."""
    let_in(request, person, method, now)
    noted(request, person, method, now)


def noted(request: HttpRequest, person: Person, method: Method, now: datetime) -> None:
    """Note that somebody has signed in here."""
    browser = browser_of(request.META.get("HTTP_USER_AGENT", ""))
    note_entry(person=person, method=method, browser=browser, source=source_of(request), now=now)
