"""Handing in: whole or not at all, word for word, round by round; and what changed between two rounds."""

from __future__ import annotations

import io
import threading
from contextlib import closing
from datetime import timedelta
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction
from tests.applications.filling import pdf
from tests.calls.world import NOW, OPERATOR, World, holder, member

from lionrock.applications.actions import (
    Change,
    attach,
    draft_application,
    remove_attachment,
    save_answers,
    submit_application,
    withdraw_application,
)
from lionrock.applications.domain.rounds import Changed, canonical, changes_between, digest
from lionrock.applications.models import Application, Submission
from lionrock.applications.queries import answers_of, files_of, filled_for, last_submission
from lionrock.calls.actions import close_call
from lionrock.intake.actions import return_application
from lionrock.kernel.errors import Conflict, Invalid, LionrockError
from lionrock.notices.models import Notice
from lionrock.people.actions import grant_role, register_person
from lionrock.people.domain import Role

MEMBER = member("harbour-university")
OFFICE = holder(Role.OFFICE, "hk-aiss-demo")
LATER = NOW + timedelta(days=3)


def changed(draft: Application, key: str, value: str, now: Any = NOW) -> None:
    """Change one answer."""
    held = answers_of(draft).get(key)
    changes = [Change(key, value, held.version if held else 0)]
    assert save_answers(actor=MEMBER, application=draft.code, changes=changes, now=now).whole


def test_an_empty_application_is_refused_with_a_fault_for_each_gap(world: World) -> None:
    draft = draft_application(actor=MEMBER, call=world.open_call().code, organisation=world.organisation, now=NOW)
    with pytest.raises(Invalid) as refused:
        submit_application(actor=MEMBER, application=draft.code, now=NOW)
    assert refused.value.code == "applications.submit.incomplete"
    fields = [fault.field for fault in refused.value.faults]
    assert len(fields) == len(set(fields)) > 40
    assert {"request.item", "project.1.cards", "document:proposal", "declaration:law"} <= set(fields)
    draft.refresh_from_db()
    assert (draft.state, draft.round) == ("draft", 0)
    assert not Submission.objects.exists()


def test_what_is_handed_in_is_kept_word_for_word(world: World) -> None:
    draft = world.drafted(world.open_call())
    changed(draft, "request.purpose", "天氣 & sea\nstate")
    submit_application(actor=MEMBER, application=draft.code, now=NOW)
    kept = Submission.objects.get()
    content = kept.content
    assert (kept.round, kept.submitted_by, kept.submitted_at) == (1, MEMBER.email, NOW)
    assert kept.sha256 == digest(content)
    assert content["answers"]["request.purpose"] == "天氣 & sea\nstate"
    assert content["answers"]["declaration:law"] == "yes"
    assert content["entries"] == {"project": [1]}
    assert [each["document"] for each in content["documents"]] == ["financial-proof", "proposal", "team"]
    assert content["findings"] == Application.objects.get().findings
    assert (content["form"], content["programme"], content["organisation"]) == (
        "2026-02-01", "hk-aiss-demo", "harbour-university",
    )  # fmt: skip


@pytest.mark.parametrize("how", ["update", "delete"])
def test_the_database_lets_nobody_rewrite_it(world: World, how: str) -> None:
    world.submitted(world.open_call())
    kept = Submission.objects.all()
    with pytest.raises(DatabaseError, match="Cannot update or delete"), transaction.atomic():
        kept.update(sha256="0" * 64) if how == "update" else kept.delete()


def test_handing_in_twice_is_said_and_sends_nothing_twice(world: World) -> None:
    found = world.submitted(world.open_call())
    with pytest.raises(Conflict, match="was handed in already") as refused:
        submit_application(actor=MEMBER, application=found.code, now=LATER)
    assert refused.value.code == "applications.submit.already"
    assert Submission.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_pressed_twice_at_once_it_is_handed_in_once(world: World) -> None:
    draft = world.drafted(world.open_call())
    told: list[str] = []
    together = threading.Barrier(2)

    def press() -> None:
        with closing(connection):
            together.wait(30)
            try:
                submit_application(actor=MEMBER, application=draft.code, now=NOW)
                told.append("handed in")
            except LionrockError as error:
                told.append(error.code)

    threads = [threading.Thread(target=press) for _ in range(2)]
    for each in threads:
        each.start()
    for each in threads:
        each.join(60)
    assert sorted(told) == ["applications.submit.already", "handed in"]
    assert Submission.objects.count() == 1


def test_what_was_returned_is_handed_in_again_although_the_call_has_closed(world: World) -> None:
    call = world.open_call()
    found = world.submitted(call)
    return_application(actor=OFFICE, application=found.code, question="How many people?", now=NOW)
    close_call(actor=OPERATOR, call=call.code, now=LATER)
    changed(found, "applicant.employees", "2100", LATER)
    again = submit_application(actor=MEMBER, application=found.code, now=LATER)
    assert (again.state, again.round, again.submitted_at, again.state_since) == ("submitted", 2, LATER, LATER)
    first, second = Submission.objects.all()
    (change,) = changes_between(first.content, second.content)
    assert (change.key, change.after) == ("applicant.employees", "2100")


def test_others_read_what_was_handed_in_and_authors_what_they_are_at(world: World) -> None:
    found = world.submitted(world.open_call())
    return_application(actor=OFFICE, application=found.code, question="How many people?", now=NOW)
    changed(found, "applicant.employees", "2100")
    assert filled_for(MEMBER, found).answers["applicant.employees"] == "2100"
    assert filled_for(OFFICE, found).answers["applicant.employees"] != "2100"
    last = last_submission(found)
    assert last is not None
    assert filled_for(OFFICE, found).entries == {"project": (1,)}
    withdraw_application(actor=MEMBER, application=found.code, now=LATER)


def test_changes_between_rounds_name_answers_and_documents(world: World) -> None:
    found = world.submitted(world.open_call())
    return_application(actor=OFFICE, application=found.code, question="A better plan?", now=NOW)
    changed(found, "request.purpose", "Weather")
    changed(found, "request.hours", "")
    held = files_of(found).get(document="proposal")
    remove_attachment(actor=MEMBER, application=found.code, attachment=held.pk, now=NOW)
    for document, name in (("proposal", "better.pdf"), ("other", "map.pdf")):
        content = io.BytesIO(pdf(2, name))
        attach(actor=MEMBER, application=found.code, document=document, name=name, content=content, now=NOW)
    submit_application(actor=MEMBER, application=found.code, now=LATER)
    first, second = Submission.objects.all()
    assert changes_between(first.content, second.content) == (
        Changed("request.purpose", "Some words", "Weather"),
        Changed("document:other", None, ["map.pdf"]),
        Changed("document:proposal", ["proposal.pdf"], ["better.pdf"]),
    )
    assert changes_between(second.content, second.content) == ()


def test_one_spelling_whatever_the_order() -> None:
    assert canonical({"b": [1, "天"], "a": None}) == '{"a":null,"b":[1,"天"]}'.encode()
    assert digest({"a": 1, "b": 2}) == digest({"b": 2, "a": 1}) != digest({"a": 1, "b": "2"})


def test_the_office_is_told(world: World) -> None:
    register_person(actor=OPERATOR, email="office@example.org", name="Chan", now=NOW)
    grant_role(actor=OPERATOR, email="office@example.org", role=Role.OFFICE, programme="hk-aiss-demo", now=NOW)
    found = world.submitted(world.open_call())
    withdraw_application(actor=MEMBER, application=found.code, now=LATER)
    told = [notice.said["template"] for notice in Notice.objects.order_by("id")]
    assert told == [
        "{application} was handed in by {organisation}.",
        "{application} was withdrawn by {organisation}.",
    ]


def test_nobody_is_told_of_a_draft_that_is_thrown_away(world: World) -> None:
    draft = world.drafted(world.open_call())
    withdraw_application(actor=MEMBER, application=draft.code, now=NOW)
    assert not Notice.objects.exists()
