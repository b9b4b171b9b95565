"""What each page of assessing shows to whom, what is posted to it, and how often it asks the database."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext
from tests.calls.world import NOW, OPERATOR
from tests.review.board import LATER, Board

from lionrock.applications.models import Application
from lionrock.people.domain import Actor, Role
from lionrock.people.models import Person
from lionrock.review.actions import (
    assign_assessor,
    declare_interests,
)
from lionrock.review.domain import Declared, Ground, boxes
from lionrock.review.models import Assignment, Declaration, Score
from lionrock.review.queries import feedback, results, scheme_for, typed_in

pytestmark = pytest.mark.django_db

TITLE = "Weather models"


def client_of(who: Actor) -> Client:
    client = Client()
    client.force_login(Person.objects.get(email=who.email))
    return client


def main(answer: Any) -> str:
    """Return what stands in the main part of a page."""
    return str(answer.content.decode()).split("<main")[1].split("</main")[0]


# What an assessor sees ----------------------------------------------------------------------------


def test_before_declaring_only_what_is_needed_to_judge_is_shown(board: Board) -> None:
    lam = board.assessor("lam")
    found = board.asked(lam)
    client = client_of(lam)
    for address in ("/assessments", f"/assessments/{found.pk}/declare"):
        page = main(client.get(address))
        assert board.code in page
        assert board.application.organisation.name in page
        assert TITLE not in page
    assert client.get(f"/assessments/{found.pk}")["Location"] == f"/assessments/{found.pk}/declare"
    for address in (f"/applications/{board.code}", f"/applications/{board.code}/moderation"):
        assert client.get(address).status_code == 404
    answer = client.post(f"/assessments/{found.pk}", {"read:alignment.1": "0", "alignment.1": "3"})
    assert TITLE not in answer.content.decode()
    assert not typed_in(found)


def test_after_a_conflict_nothing_of_it_is_shown(board: Board) -> None:
    lam = board.assessor("lam")
    found = board.cleared(lam)
    declare_interests(
        actor=lam, assignment=found.pk, declared=Declared.CONFLICT, ground=Ground.OTHER, text="A rival.", now=NOW
    )
    client = client_of(lam)
    for address in ("/assessments", f"/assessments/{found.pk}"):
        page = main(client.get(address))
        assert TITLE not in page
        assert board.application.organisation.name not in page
    for address in (f"/applications/{board.code}", f"/applications/{board.code}/moderation"):
        assert client.get(address).status_code == 404
    assert board.code not in main(client.get("/applications"))


def test_an_assessor_sees_nothing_of_another_application_or_assessor(board: Board) -> None:
    lam, ng = board.assessor("lam"), board.assessor("ng")
    board.scored(lam)
    theirs = board.scored(ng)
    other = board.world.submitted(board.application.call, title="A secret of others")
    client = client_of(lam)
    for address in ("/assessments", "/applications", f"/applications/{board.code}"):
        page = main(client.get(address))
        assert "A secret of others" not in page
        assert "ng@example.org" not in page
        assert "Told to the applicant" not in page
    for address in (
        f"/assessments/{theirs.pk}",
        f"/assessments/{theirs.pk}/declare",
        f"/applications/{other.code}",
        f"/applications/{board.code}/assessors",
    ):
        assert client.get(address).status_code in (403, 404), address


def test_an_unknown_assessment_looks_like_that_of_another(board: Board) -> None:
    lam, ng = board.assessor("lam"), board.assessor("ng")
    theirs = board.asked(ng)
    client = client_of(lam)
    hidden, missing = (client.get(f"/assessments/{number}") for number in (theirs.pk, 999_999))
    assert main(hidden).replace(str(theirs.pk), "999999") == main(missing)


def test_where_applicants_are_not_named_nothing_tells_who_they_are(unnamed: Board) -> None:
    organisation = unnamed.application.organisation
    organisation.name = "The Glassblowers of Murano"
    organisation.save()
    lam = unnamed.assessor("lam")
    found = unnamed.asked(lam)
    client = client_of(lam)
    before = [client.get("/assessments"), client.get(f"/assessments/{found.pk}/declare")]
    declare_interests(actor=lam, assignment=found.pk, declared=Declared.CLEAR, now=NOW)
    after = [client.get("/assessments"), client.get(f"/assessments/{found.pk}")]
    for page in (main(each) for each in (*before, *after)):
        assert "Murano" not in page
        assert organisation.code not in page
        assert "Master of the guild" not in page
    assert "For what" in main(after[1])
    assert client.get(f"/applications/{unnamed.code}").status_code == 404
    assert "/files/" not in main(after[1])


def test_hints_are_not_shown_where_they_would_tell_who_applies(unnamed: Board) -> None:
    lam = unnamed.assessor("lam")
    first = unnamed.asked(lam)
    declare_interests(
        actor=lam, assignment=first.pk, declared=Declared.CONFLICT, ground=Ground.OTHER, text="I guess.", now=NOW
    )
    other = unnamed.world.submitted(unnamed.application.call)
    Application.objects.filter(pk=other.pk).update(state="eligible")
    found = assign_assessor(actor=OPERATOR, application=other.code, assessor=lam.email, now=NOW)
    assert (
        "before" not in main(client_of(lam).get(f"/assessments/{found.pk}/declare")).split("<form")[0].split("<dl")[1]
    )
    declare_interests(actor=lam, assignment=found.pk, declared=Declared.CLEAR, now=NOW)
    assert [each["tie"] for each in Declaration.objects.get(assignment=found).hints] == ["earlier"]


# What the office, the committee and applicants see ------------------------------------------------


@pytest.mark.parametrize(
    ("role", "names"), [(Role.OFFICE, True), (Role.AUDITOR, True), (Role.COMMITTEE, False), (Role.CHAIR, False)]
)
def test_assessors_are_named_to_those_who_may_know(board: Board, role: Role, names: bool) -> None:
    board.scored(board.assessor("lam"))
    viewer = board.person("viewer", role)
    page = main(client_of(viewer).get(f"/applications/{board.code}/moderation"))
    assert ("Lam" in page) is names
    assert "For the committee alone about alignment." in page
    result = board.result(viewer)
    assert result is not None
    assert (result.given[0].assessor is not None) is names


@pytest.mark.parametrize("role", [Role.FINANCE, Role.CLUSTER_ADMIN, Role.ASSESSOR])
def test_scores_are_not_for_everybody_who_works_for_the_programme(board: Board, role: Role) -> None:
    board.scored(board.assessor("lam"))
    viewer = board.person("viewer", role)
    assert board.result(viewer) is None
    page = client_of(viewer).get(f"/applications/{board.code}").content.decode()
    assert "Told to the applicant" not in page
    assert "60.0" not in page


def test_applicants_read_what_was_meant_for_them_only_once_it_is_decided(board: Board) -> None:
    applicant = board.person("applicant", organisation=board.world.organisation)
    board.scored(board.assessor("lam"))
    board.scored(board.assessor("ng"))
    client = client_of(applicant)
    for state in ("eligible", "assessed"):
        Application.objects.update(state=state)
        page = main(client.get(f"/applications/{board.code}"))
        assert "Told to the applicant" not in page
        assert feedback(applicant, board.reread()) is None
    Application.objects.update(state="declined", decided_at=LATER, decision_reason="Others were better.")
    page = main(client.get(f"/applications/{board.code}"))
    assert "Told to the applicant about alignment." in page
    assert "60.0 of 100" in page
    for hidden in ("For the committee alone", "Lam", "lam@example.org"):
        assert hidden not in page
    assert feedback(board.person("stranger"), board.reread()) is None
    assert client.get(f"/applications/{board.code}/moderation").status_code == 403


def test_results_are_what_the_committee_reads(board: Board) -> None:
    board.scored(board.assessor("lam"), 1)
    board.scored(board.assessor("ng"), 3)
    [result] = results(board.person("chair", Role.CHAIR), [board.application]).values()
    assert (result.score, result.spread, result.assessors, result.still_open) == (40, 40, 2, 0)
    assert set(result.criteria.values()) == {40}
    assert len(result.comments) == 2 * len(result.scheme.measures)
    assert results(board.person("elsewhere"), [board.application]) == {}


@pytest.mark.parametrize(("role", "named"), [(Role.OFFICE, True), (Role.COMMITTEE, False)])
def test_all_assessments_are_handed_out_as_a_file(board: Board, role: Role, named: bool) -> None:
    board.scored(board.assessor("lam"), 4)
    board.asked(board.assessor("ng"))
    client = client_of(board.person("viewer", role))
    address = f"/programmes/{board.world.programme}/assessments"
    told = json.loads(client.get(f"{address}.json").content)
    assert [(each["application"], each["state"], each["total"]) for each in told] == [
        (board.code, "scored", "80.0"),
        (board.code, "invited", None),
    ]
    assert [bool(each["assessor"]) for each in told] == [named, named]
    lines = client.get(f"{address}.csv").content.decode("utf-8-sig").splitlines()
    assert (lines[0].split(",")[0], len(lines)) == ("application", 3)
    assert client.get(f"{address}.xml").status_code == 404


# What is posted -----------------------------------------------------------------------------------


def filled(found: Assignment, mark: str = "3") -> dict[str, str]:
    """Return the fields that a browser posts for a sheet."""
    scheme, held = scheme_for(found.application), typed_in(found)
    texts = {key: mark if key in scheme.keys else "Because." for key in boxes(scheme)}
    versions = {f"read:{key}": str(held[key].version) if key in held else "0" for key in texts}
    return texts | versions


def test_a_wrong_mark_is_told_where_it_stands_and_everything_typed_stays(board: Board) -> None:
    lam = board.assessor("lam")
    found = board.cleared(lam)
    posted = filled(found) | {"alignment.1": "9", "others.comment": "", "go": "submit"}
    answer = client_of(lam).post(f"/assessments/{found.pk}", posted)
    page = main(answer)
    assert answer.status_code == 422
    assert "“9” is no mark" in page
    assert page.count("Because.</textarea>") == 2 * 4 - 1
    assert 'href="#alignment.1"' in page
    assert not Score.objects.exists()


def test_a_sheet_sent_twice_is_handed_in_once_and_says_so(board: Board) -> None:
    lam = board.assessor("lam")
    found = board.cleared(lam)
    client, posted = client_of(lam), filled(found) | {"go": "submit"}
    first = client.post(f"/assessments/{found.pk}", posted, follow=True)
    assert "Your scores are handed in" in first.content.decode()
    again = client.post(f"/assessments/{found.pk}", posted, follow=True)
    assert again.status_code == 200
    assert "is scored" in again.content.decode()
    found.refresh_from_db()
    assert found.round == 1


def test_what_comes_too_late_is_shown_to_be_copied(board: Board) -> None:
    lam = board.assessor("lam")
    found = board.scored(lam)
    posted = filled(found) | {"alignment.comment": "One more thought.", "go": "submit"}
    answer = client_of(lam).post(f"/assessments/{found.pk}", posted)
    assert answer.status_code == 409
    assert "One more thought." in main(answer)


def test_two_windows_are_told_of_each_other(board: Board) -> None:
    lam = board.assessor("lam")
    found = board.cleared(lam)
    client = client_of(lam)
    stale = filled(found)
    client.post(f"/assessments/{found.pk}", {**stale, "alignment.comment": "The first window."})
    answer = client.post(f"/assessments/{found.pk}", {**stale, "alignment.comment": "The second window."})
    page = main(answer)
    assert answer.status_code == 409
    assert "The first window." in page
    assert "The second window.</textarea>" in page
    now_read = dict(re.findall(r'name="(read:[^"]+)" value="(\d+)"', page))
    client.post(f"/assessments/{found.pk}", {**stale, **now_read, "alignment.comment": "The second window."})
    assert typed_in(found)["alignment.comment"].value == "The second window."
    theirs = {**filled(found), "alignment.comment": "Mine.", "theirs": "alignment.comment"}
    client.post(f"/assessments/{found.pk}", theirs)
    assert typed_in(found)["alignment.comment"].value == "The second window."


def send(client: Client, found: Assignment, *changes: dict[str, Any]) -> HttpResponse:
    body = json.dumps({"changes": list(changes)})
    address = f"/assessments/{found.pk}/sheet"
    return client.post(address, body, content_type="application/json")  # type: ignore[return-value]


def test_the_script_saves_and_is_told_what_it_comes_to(board: Board) -> None:
    lam = board.assessor("lam")
    found = board.cleared(lam)
    client = client_of(lam)
    answer = send(client, found, {"key": "others.1", "value": "5", "read": "0", "sent": None})
    told = json.loads(answer.content)
    assert told["answers"] == {"others.1": {"read": "1", "fault": "", "conflict": None}}
    assert "of 100 so far" in told["fragments"]["running"]
    told = json.loads(send(client, found, {"key": "others.1", "value": "7", "read": "1", "sent": None}).content)
    assert "“7” is no mark" in told["answers"]["others.1"]["fault"]
    told = json.loads(send(client, found, {"key": "others.1", "value": "2", "read": "1", "sent": "1"}).content)
    assert told["answers"]["others.1"]["conflict"]["value"] == "7"


@pytest.mark.parametrize(
    "body", ["", "[]", "{", '{"changes": 1}', '{"changes": [{"key": 1}]}', '{"changes": [{"key": "x", "value": "1"}]}']
)
def test_what_no_script_of_ours_sends_is_refused(board: Board, body: str) -> None:
    lam = board.assessor("lam")
    found = board.cleared(lam)
    answer = client_of(lam).post(f"/assessments/{found.pk}/sheet", body, content_type="application/json")
    assert answer.status_code == 422


def test_asking_twice_asks_once_and_says_so(board: Board) -> None:
    office, lam = board.person("office", Role.OFFICE), board.assessor("lam")
    client, address = client_of(office), f"/applications/{board.code}/assessors"
    for said in ("is asked", "assigned to"):
        answer = client.post(address, {"assessor": lam.email, "due": ""}, follow=True)
        assert (answer.status_code, said in main(answer)) == (200, True)
    assert Assignment.objects.count() == 1
    number = Assignment.objects.get().pk
    for said in ("is taken back", "unassigned"):
        answer = client.post(f"/assessments/{number}/unassign", follow=True)
        assert (answer.status_code, said in main(answer)) == (200, True)


@pytest.mark.parametrize(
    ("posted", "status", "said"),
    [
        ({"assessor": "nobody@example.org"}, 422, "is no assessor of"),
        ({"assessor": "lam@example.org", "due": "tomorrow"}, 422, "is no date"),
        ({"assessor": "inside@example.org"}, 409, "Belongs to the organisation that applies"),
    ],
)
def test_what_is_wrong_in_asking_is_told_on_the_page(
    board: Board, posted: dict[str, str], status: int, said: str
) -> None:
    office = board.person("office", Role.OFFICE)
    board.assessor("lam")
    board.assessor("inside", organisation=board.world.organisation)
    answer = client_of(office).post(f"/applications/{board.code}/assessors", posted)
    assert answer.status_code == status
    assert said in main(answer)
    assert not Assignment.objects.exists()


def test_the_office_describes_an_assessor_and_is_told_what_is_wrong(board: Board) -> None:
    office, lam = board.person("office", Role.OFFICE), board.assessor("lam")
    client = client_of(office)
    address = f"/programmes/{board.world.programme}/assessors/{Person.objects.get(email=lam.email).pk}"
    wrong = client.post(address, {"most": "many", "away_until": "soon", "expertise": ["robotics"]})
    assert wrong.status_code == 422
    assert main(wrong).count("field-fault") == 2
    assert 'value="many"' in main(wrong)
    assert client.post(address, {"most": "1001"}).status_code == 422
    assert client.post(address, {"organisation": "nowhere"}).status_code == 422
    right = {"most": "4", "away_until": "2026-05-01", "expertise": ["robotics"], "organisation": "harbour-university"}
    client.post(address, right)
    page = main(client.get(f"/programmes/{board.world.programme}/assessors"))
    assert "Robotics" in page
    assert "1 May 2026" in page


def test_passing_on_twice_says_so_and_it_can_be_taken_back(board: Board) -> None:
    office = board.person("office", Role.OFFICE)
    board.scored(board.assessor("lam"))
    board.scored(board.assessor("ng"))
    client = client_of(office)
    for said in ("with the committee now", "is assessed"):
        answer = client.post(f"/applications/{board.code}/conclude", follow=True)
        assert (answer.status_code, said in main(answer)) == (200, True)
    assert client.post(f"/applications/{board.code}/take-back", {"reason": ""}).status_code == 422
    for said in ("with the assessors again", "nobody can reopen"):
        answer = client.post(f"/applications/{board.code}/take-back", {"reason": "News."}, follow=True)
        assert (answer.status_code, said in main(answer)) == (200, True)


def test_a_sheet_is_given_back_on_its_page(board: Board) -> None:
    office = board.person("office", Role.OFFICE)
    found = board.scored(board.assessor("lam"))
    client, address = client_of(office), f"/assessments/{found.pk}/reopen"
    assert client.post(address, {"reason": " "}).status_code == 422
    for said in ("is open again", "nobody can reopen"):
        answer = client.post(address, {"reason": "Project 2 was left out."}, follow=True)
        assert (answer.status_code, said in main(answer)) == (200, True)
    assert "Project 2 was left out." in main(client_of(board.person("lam")).get(f"/assessments/{found.pk}"))


def test_settling_tells_what_is_missing_and_then_settles(board: Board) -> None:
    chair = board.person("chair", Role.CHAIR)
    board.scored(board.assessor("lam"), 1)
    board.scored(board.assessor("ng"), 5)
    client, address = client_of(chair), f"/applications/{board.code}/moderation"
    for posted, said in (
        ({}, "Choose whether marks are agreed"),
        ({"way": "apart"}, "Write the reason"),
        ({"way": "agreed", "reason": "They met.", "alignment.1": "8"}, "“8” is no mark"),
    ):
        answer = client.post(address, posted)
        assert (answer.status_code, said in main(answer)) == (422, True), said
    answer = client.post(address, {"way": "apart", "reason": "Both stand by it."}, follow=True)
    assert "kept apart" in main(answer)
    again = client.post(address, {"way": "apart", "reason": "Both stand by it."}, follow=True)
    assert (again.status_code, "or that is settled" in main(again)) == (200, True)


# How often the database is asked -----------------------------------------------------------------


def queries(client: Client, address: str) -> int:
    client.get(address)
    with CaptureQueriesContext(connection) as counted:
        answer = client.get(address)
    assert answer.status_code == 200
    return len(counted)


def test_a_list_of_twenty_asks_no_more_than_a_list_of_two(board: Board) -> None:
    lam, office = board.assessor("lam"), board.person("office", Role.OFFICE)
    counts: dict[str, list[int]] = {}
    for number in range(20):
        application = board.world.submitted(board.application.call)
        Application.objects.filter(pk=application.pk).update(state="eligible")
        made = assign_assessor(actor=OPERATOR, application=application.code, assessor=lam.email, now=NOW)
        if number % 2:
            declare_interests(actor=lam, assignment=made.pk, declared=Declared.CLEAR, now=NOW)
        if number % 4 == 3:
            declare_interests(actor=lam, assignment=made.pk, declared=Declared.REFUSE, now=NOW)
        if number in (3, 19):
            for who in (lam, office):
                for address in ("/assessments", "/"):
                    counts.setdefault(f"{who.email} {address}", []).append(queries(client_of(who), address))
    assert {name: few == many for name, (few, many) in counts.items()} == dict.fromkeys(counts, True), counts


def test_more_assessors_ask_no_more_of_the_database(board: Board) -> None:
    office = board.person("office", Role.OFFICE)
    client = client_of(office)
    addresses = ["moderation", "assessors"]
    counts = []
    for number in range(8):
        board.scored(board.assessor(f"a{number}"), number % 6)
        if number in (1, 7):
            counts.append(
                [queries(client, f"/applications/{board.code}/{each}") for each in addresses]
                + [queries(client, f"/programmes/{board.world.programme}/assessors")]
                + [queries(client, f"/applications/{board.code}")]
            )
    assert counts[0] == counts[1]


def test_results_of_many_applications_ask_no_more_than_of_one(board: Board) -> None:
    lam, chair = board.assessor("lam"), board.person("chair", Role.CHAIR)
    board.scored(lam)
    counts = []
    for many in (1, 6):
        while Application.objects.count() < many:
            application = board.world.submitted(board.application.call)
            Application.objects.filter(pk=application.pk).update(state="eligible")
            other = Board(
                board.world, Application.objects.select_related("call", "organisation").get(pk=application.pk)
            )
            other.scored(lam)
        found = list(Application.objects.select_related("call", "organisation"))
        with CaptureQueriesContext(connection) as counted:
            assert len(results(chair, found)) == many
        counts.append(len(counted))
    assert counts[0] == counts[1] <= 5
