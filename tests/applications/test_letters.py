"""Correspondence: who writes and reads, each letter once, the other side told, nothing removed."""

from __future__ import annotations

from http import HTTPStatus

import pytest
from django.db import connection
from django.db.utils import DatabaseError
from django.test import Client
from django.test.utils import CaptureQueriesContext
from tests.calls.world import NOW, OPERATOR, World, holder, member

from lionrock.applications.actions import write_letter
from lionrock.applications.actions.letters import LONGEST_LETTER
from lionrock.applications.models import Admission, Application, Letter, Standing
from lionrock.audit.models import AuditRecord
from lionrock.intake.actions import return_application
from lionrock.kernel.errors import Conflict, Invalid, NotAllowed, NotFound
from lionrock.notices.models import Notice
from lionrock.people.actions import grant_role, register_person
from lionrock.people.domain import Actor, Role
from lionrock.people.models import Person
from lionrock.people.queries import actor_by_email

pytestmark = pytest.mark.django_db
PROGRAMME, ORGANISATION = "hk-aiss-demo", "harbour-university"
MEMBER, OFFICE = member(ORGANISATION), holder(Role.OFFICE, PROGRAMME)


@pytest.fixture
def code(world: World) -> str:
    return world.submitted(world.open_call()).code


def put(email: str, role: Role, **place: str) -> Person:
    person = register_person(actor=OPERATOR, email=email, name=email.split("@", maxsplit=1)[0].title(), now=NOW)
    grant_role(actor=OPERATOR, email=email, role=role, now=NOW, **place)
    return person


def wrote(actor: Actor, code: str, text: str = "When may we begin?") -> Letter:
    return write_letter(actor=actor, application=code, text=text, now=NOW)


def admit(person: str, code: str, standing: Standing) -> None:

    Admission.objects.create(
        application=Application.objects.get(code=code), person=person, standing=standing, since=NOW
    )


def test_both_sides_write_in_one_thread_and_the_other_side_is_told(code: str) -> None:
    for email, role, place in (
        ("chan@harbour.example", Role.MEMBER, {"organisation": ORGANISATION}),
        ("wong@scheme.example", Role.OFFICE, {"programme": PROGRAMME}),
        ("ho@scheme.example", Role.OFFICE, {"programme": PROGRAMME}),
        ("fong@scheme.example", Role.COMMITTEE, {"programme": PROGRAMME}),
    ):
        put(email, role, **place)
    chan, wong = actor_by_email("chan@harbour.example"), actor_by_email("wong@scheme.example")
    wrote(chan, code)
    told = Notice.objects.values_list("person__email", "kind", "code").order_by("person__email")
    assert list(told.all()) == [("ho@scheme.example", "letters", code), ("wong@scheme.example", "letters", code)]
    Notice.objects.all().delete()
    wrote(wong, code, "On the first of April.\n\nBring your plan.")
    assert list(told.all()) == [("chan@harbour.example", "letters", code)]
    thread = Letter.objects.values_list("author", "from_applicant", "kind", "text")
    assert list(thread) == [
        ("chan@harbour.example", True, "message", "When may we begin?"),
        ("wong@scheme.example", False, "message", "On the first of April.\n\nBring your plan."),
    ]
    assert AuditRecord.objects.filter(action="applications.write_letter", subject=code).count() == 2


@pytest.mark.parametrize(
    ("who", "error"),
    [
        (holder(Role.COMMITTEE, PROGRAMME), NotAllowed),
        (holder(Role.CHAIR, PROGRAMME), NotAllowed),
        (holder(Role.AUDITOR, PROGRAMME), NotAllowed),
        (holder(Role.ASSESSOR, PROGRAMME), NotFound),
        (holder(Role.OFFICE, "hk-aiss"), NotFound),
        (member("delta-institute"), NotFound),
    ],
)
def test_nobody_else_writes(code: str, who: Actor, error: type[Exception]) -> None:
    with pytest.raises(error):
        wrote(who, code)
    assert not Letter.objects.exists()


def test_an_invited_author_writes_and_an_assessor_who_reads_the_application_sees_no_letter(code: str) -> None:
    admit("guest@elsewhere.example", code, Standing.AUTHOR)
    admit("expert@elsewhere.example", code, Standing.READER)
    assert wrote(Actor("guest@elsewhere.example"), code).from_applicant
    with pytest.raises(NotAllowed):
        wrote(Actor("expert@elsewhere.example"), code)
    expert = register_person(actor=OPERATOR, email="expert@elsewhere.example", name="Expert", now=NOW)
    client = Client()
    client.force_login(expert)
    assert client.get(f"/applications/{code}").status_code == HTTPStatus.OK
    assert "When may we begin?" not in client.get(f"/applications/{code}").content.decode()
    assert client.get(f"/applications/{code}/letters").status_code == HTTPStatus.NOT_FOUND
    assert client.post(f"/applications/{code}/letters", {"text": "Hello"}).status_code == HTTPStatus.NOT_FOUND


def test_who_is_shut_out_reads_and_writes_nothing(code: str) -> None:
    admit(OFFICE.email, code, Standing.SHUT_OUT)
    with pytest.raises(NotFound):
        wrote(OFFICE, code)


def test_the_same_words_sent_again_right_after_are_the_same_letter(code: str) -> None:
    put("ho@scheme.example", Role.OFFICE, programme=PROGRAMME)
    first = wrote(MEMBER, code)
    assert wrote(MEMBER, code, " When may we begin?\r\n") == first
    assert Notice.objects.count() == 1
    wrote(OFFICE, code, "Soon.")
    assert wrote(MEMBER, code) != first
    assert Letter.objects.count() == 3


@pytest.mark.parametrize(
    ("text", "error"),
    [
        ("", "applications.letter.empty"),
        (" \n\t ", "applications.letter.empty"),
        ("x" * (LONGEST_LETTER + 1), "kernel.texts.long"),
        ("a bell \x07 rings", "kernel.texts.character"),
    ],
)
def test_what_cannot_be_a_letter_is_told_at_its_box_and_kept_there(code: str, text: str, error: str) -> None:
    with pytest.raises(Invalid) as wrong:
        wrote(MEMBER, code, text)
    assert [(fault.code, fault.field) for fault in wrong.value.faults] == [(error, "text")]
    chan = put("chan@harbour.example", Role.MEMBER, organisation=ORGANISATION)
    client = Client()
    client.force_login(chan)
    answer = client.post(f"/applications/{code}/letters", {"text": text})
    page = answer.content.decode()
    assert answer.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    assert 'aria-describedby="text-help text-fault"' in page
    assert text in page


def test_line_ends_of_windows_count_once(code: str) -> None:
    assert len(wrote(MEMBER, code, "a\r\n" * (LONGEST_LETTER // 2)).text) == LONGEST_LETTER - 1


def test_a_draft_has_no_correspondence_since_the_office_does_not_see_it(world: World) -> None:
    draft = world.drafted(world.open_call()).code
    with pytest.raises(Conflict):
        wrote(MEMBER, draft)
    with pytest.raises(NotFound):
        wrote(OFFICE, draft)


def test_a_letter_while_the_office_waits_for_an_answer_is_an_answer(code: str) -> None:
    return_application(actor=OFFICE, application=code, question="Which institute?", now=NOW)
    assert wrote(MEMBER, code, "The one by the harbour.").kind == "answer"
    assert wrote(OFFICE, code, "Thank you.").kind == "message"
    assert list(Letter.objects.values_list("kind", flat=True)) == ["question", "answer", "message"]


def test_what_was_written_stands(code: str) -> None:
    letter = wrote(MEMBER, code)
    with pytest.raises(DatabaseError):
        letter.delete()


def test_an_office_of_the_applying_organisation_writes_for_the_applicant(code: str) -> None:
    both = Actor(OFFICE.email, OFFICE.grants | MEMBER.grants)
    assert wrote(both, code).from_applicant


def test_by_page_each_side_sees_whose_words_they_are_and_nothing_is_markup(code: str) -> None:
    chan = put("chan@harbour.example", Role.MEMBER, organisation=ORGANISATION)
    client = Client()
    client.force_login(chan)
    answer = client.post(f"/applications/{code}/letters", {"text": "<b>One</b>\n\nTwo"}, follow=True)
    page = answer.content.decode()
    assert "&lt;b&gt;One&lt;/b&gt;</p>" in page
    assert "letter-own" in page
    assert "Chan" in page
    client.post(f"/applications/{code}/letters", {"text": "<b>One</b>\n\nTwo"})
    assert Letter.objects.count() == 1
    wong = put("wong@scheme.example", Role.OFFICE, programme=PROGRAMME)
    client.force_login(wong)
    assert "letter-own" not in client.get(f"/applications/{code}/letters").content.decode()
    assert f"/applications/{code}/letters" in client.get(f"/applications/{code}").content.decode()


def test_a_long_thread_takes_no_more_queries(code: str) -> None:
    chan = put("chan@harbour.example", Role.MEMBER, organisation=ORGANISATION)
    client = Client()
    client.force_login(chan)
    counts = []
    for start in (0, 20):
        for number in range(start, start + 20 if start else 1):
            wrote(MEMBER if number % 2 else OFFICE, code, f"Letter {number}")
        client.get(f"/applications/{code}/letters")
        with CaptureQueriesContext(connection) as captured:
            client.get(f"/applications/{code}/letters")
        counts.append(len(captured))
    assert counts[0] == counts[1]
