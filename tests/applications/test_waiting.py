"""What waits for applicants when they sign in."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from tests.calls.world import NOW, OPERATOR, World, holder, member

from lionrock.applications.actions import draft_application, invite_author, withdraw_application
from lionrock.applications.waiting import waiting
from lionrock.calls.models import Call
from lionrock.intake.actions import return_application
from lionrock.people.actions import register_person
from lionrock.people.domain import Actor, Role

pytestmark = pytest.mark.django_db
MEMBER, STRANGER = member("harbour-university"), member("delta-institute")
DAY = timedelta(days=1)


@pytest.fixture
def call(world: World) -> Call:
    """A call that closes in ten days."""
    return world.open_call(closes=NOW + 10 * DAY)


def begun(call: Call) -> str:
    return draft_application(actor=OPERATOR, call=call.code, organisation="harbour-university", now=NOW).code


def said(viewer: Actor, after: timedelta = DAY) -> list[tuple[str, object]]:
    return [(str(line.said), line.due and (line.due - NOW.date()).days) for line in waiting(viewer, NOW + after)]


def test_a_draft_waits_until_its_call_closes(call: Call) -> None:
    code = begun(call)
    assert said(MEMBER) == [(f"Finish and submit {code}", 10)]
    assert said(MEMBER, 11 * DAY) == []


def test_a_question_waits_for_its_answer(world: World, call: Call) -> None:
    code = world.submitted(call).code
    assert said(MEMBER) == []
    return_application(actor=OPERATOR, application=code, question="Which?", now=NOW)
    [(sentence, due)] = said(MEMBER)
    assert sentence == f"Answer the office's question on {code} · Weather models"
    assert due is not None
    assert waiting(MEMBER, NOW)[0].address == f"/applications/{code}"


def test_what_is_withdrawn_waits_for_nobody(call: Call) -> None:
    withdraw_application(actor=OPERATOR, application=begun(call), now=NOW)
    assert said(MEMBER) == []


def test_it_waits_for_those_who_write_in_it_and_for_nobody_else(world: World, call: Call) -> None:
    code = begun(call)
    assert said(STRANGER) == said(holder(Role.OFFICE, world.programme)) == []
    register_person(actor=OPERATOR, email="guest@example.org", name="Guest", now=NOW)
    invite_author(actor=OPERATOR, application=code, email="guest@example.org", now=NOW)
    assert len(said(Actor("guest@example.org"))) == 1


def test_many_take_one_query(call: Call) -> None:
    for _ in range(30):
        begun(call)
    with CaptureQueriesContext(connection) as captured:
        assert len(waiting(MEMBER, NOW)) == 20
    assert len(captured) == 1
