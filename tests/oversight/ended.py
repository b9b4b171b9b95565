"""Applications that ended long ago."""

from __future__ import annotations

from datetime import UTC, datetime

from tests.applications.filling import a_file, pdf
from tests.calls.world import NOW, World

from lionrock.applications.actions import write_letter
from lionrock.applications.files import place_of
from lionrock.applications.models import Application
from lionrock.oversight.models import Erasure, Hold
from lionrock.people.domain import Actor, Grant, Role

OWN = "hk-aiss-demo"
APPLICANT = Actor("chan@example.org", frozenset({Grant(Role.MEMBER, organisation="harbour-university")}))
LONG_AGO = datetime(2023, 5, 1, tzinfo=UTC)


def ended(world: World, at: datetime = LONG_AGO) -> Application:
    """Return an application with a letter and a file that was withdrawn then."""
    application = world.submitted(world.open_call(), actor=APPLICANT)
    write_letter(actor=APPLICANT, application=application.code, text="Call me: Chan, 9123 4567", now=NOW)
    file = a_file(application, "other", NOW, pdf(2))
    file.save()
    place = place_of(file.sha256)
    place.parent.mkdir(parents=True, exist_ok=True)
    place.write_bytes(pdf(2))
    return end(application, at)


def end(application: Application, at: datetime = LONG_AGO) -> Application:
    """Let an application have been withdrawn then."""
    Application.objects.filter(pk=application.pk).update(state="withdrawn", state_since=at)
    return Application.objects.get(pk=application.pk)


def proposed(subject: str) -> int:
    """Have somebody propose to erase it; once."""
    facts = {"programme": OWN, "rule": {}, "proposed_at": NOW, "proposed_by": "somebody@example.org"}
    return Erasure.objects.get_or_create(subject=subject, defaults=facts)[0].pk


def held() -> int:
    """Hold something; once."""
    facts = {"programme": OWN, "kind": "person", "code": "chan@example.org", "placed_by": "x@example.org"}
    return Hold.objects.get_or_create(reason="A test.", defaults=facts | {"placed_at": NOW})[0].pk
