"""The pages of the gate: a self-assessment with and without the script, a review, conditions, and what each shows."""

from __future__ import annotations

import json
from http import HTTPStatus

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from pytest_django import DjangoAssertNumQueries
from tests.assurance.project import CREDIT, SPAM, Project
from tests.calls.world import NOW, OPERATOR

from lionrock.assurance.domain.rules import Binding
from lionrock.assurance.queries.standing import assessed, written_of
from lionrock.people.actions import grant_role, register_person
from lionrock.people.domain import Actor, Role
from lionrock.people.models import Person
from lionrock.people.queries import actor_of

pytestmark = pytest.mark.django_db


def signed_in(person: Actor) -> Client:
    client = Client()
    client.force_login(Person.objects.get(email=person.email))
    return client


@pytest.fixture
def applicant(study: Project) -> Client:
    email = "applicant@harbour.example"
    found = register_person(actor=OPERATOR, email=email, name="Applicant", now=NOW)
    grant_role(actor=OPERATOR, email=email, role=Role.MEMBER, organisation="harbour-university", now=NOW)
    study.author = actor_of(found)
    return signed_in(study.author)


def address(study: Project, rest: str = "") -> str:
    return f"/applications/{study.code}/responsible-ai{rest}"


def boxes(client: Client, study: Project) -> dict[str, str]:
    """Return the marks of the versions that the page of questions was made with, by key."""
    shown = client.get(address(study, "/questions")).content.decode()
    parts = shown.split('name="read:')[1:]
    return {part.partition('"')[0]: part.partition('value="')[2].partition('"')[0] for part in parts}


def test_a_harmless_project_passes_by_its_pages_alone(study: Project, applicant: Client) -> None:
    assert "Begin the self-assessment" in applicant.get(f"/applications/{study.code}").content.decode()
    assert applicant.post(address(study, "/begin")).status_code == HTTPStatus.FOUND
    asked = set()
    for _ in range(3):
        reads = boxes(applicant, study)
        asked |= set(reads)
        chosen = {key: SPAM[key.removeprefix("q.")] or ["none"] for key in reads}
        posted = {f"read:{key}": read for key, read in reads.items()} | {k: list(v) for k, v in chosen.items()}
        answer = applicant.post(address(study, "/questions"), posted | {"go": "after"})
        assert answer.status_code == HTTPStatus.FOUND
        if answer["Location"] == address(study):
            break
    assert len(asked) < 10
    assert "Ready to be handed in" in applicant.get(address(study)).content.decode()
    applicant.post(address(study, "/hand-in"))
    shown = applicant.get(address(study)).content.decode()
    assert "Passed by its declaration" in shown
    assert "items do not apply" in shown


def test_the_script_saves_as_one_chooses_and_is_told_the_tier_and_what_contradicts(
    study: Project, applicant: Client
) -> None:
    study.begin()

    def send(key: str, value: object) -> dict[str, object]:
        read = boxes(applicant, study)[key]
        body = json.dumps({"changes": [{"key": key, "value": value, "read": read, "sent": None}], "here": "x"})
        answer = applicant.post(address(study, "/answers"), body, content_type="application/json")
        assert answer.status_code == HTTPStatus.OK
        told: dict[str, object] = answer.json()
        return told

    told = send("q.use", ["credit"])
    assert "It decides on credit" in str(told["fragments"])
    assert "It would be lower" in str(told["fragments"])
    told = send("q.data", ["sensitive"])
    assert "contradicts another answer" in str(told["answers"])
    page = applicant.get(address(study, "/questions")).content.decode()
    assert "Of how many people?" in page
    assert "contradicts another answer" in page
    assert applicant.post(address(study, "/hand-in")).status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    assert written_of(study.dossier())["q.data"].value == ["sensitive"]


def test_an_item_names_its_sources_and_takes_words_and_files(study: Project, applicant: Client) -> None:
    study.answered(CREDIT)
    page = address(study, "/items/RA-17")
    shown = applicant.get(page).content.decode()
    assert "High-level Principles" in shown
    assert "MEASURE 1.3" in shown
    read = f"0.{'x' * 16}"
    posted = {"read:item.RA-17": read, "item.RA-17": "Dr Lee validates."}
    assert applicant.post(page, posted).status_code == HTTPStatus.FOUND
    assert "Dr Lee validates." in applicant.get(page).content.decode()
    assert applicant.post(page, posted | {"item.RA-17": "Nobody."}).status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    wrong = applicant.post(page, {"do": "attach", "file": SimpleUploadedFile("run.exe", b"MZ and more")})
    assert wrong.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    assert "Dr Lee validates." in wrong.content.decode()
    assert not study.dossier().evidence.exists()


def test_a_review_by_its_pages(study: Project, applicant: Client) -> None:
    study.answered(CREDIT)
    study.hand_in()
    officer, reviewer = signed_in(study.officer), signed_in(study.reviewer)
    assert "Credit" in officer.get("/").content.decode() or study.code in officer.get("/").content.decode()
    asked = {"person": study.reviewer.email, "expertise": "governance"}
    assert officer.post(address(study, "/reviewer"), asked).status_code == HTTPStatus.FOUND
    assert reviewer.get(address(study)).status_code == HTTPStatus.NOT_FOUND
    number = study.dossier().reviewers.get().pk
    declared = reviewer.post(f"/responsible-ai/reviewers/{number}", {"conflict": "clear", "text": ""})
    assert declared.status_code == HTTPStatus.FOUND
    item = address(study, "/items/RA-01")
    assert "Your opinion" in reviewer.get(item).content.decode()
    opinion = {"do": "opinion", "judgement": "not_enough", "reason": ""}
    assert reviewer.post(item, opinion).status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    assert reviewer.post(item, opinion | {"reason": "Name the post."}).status_code == HTTPStatus.FOUND
    shown = applicant.get(item).content.decode()
    assert "Name the post." in shown
    assert study.reviewer.email not in shown
    refused = officer.post(address(study, "/conclude"), {"conclusion": "pass", "reason": "Fine."})
    assert refused.status_code == HTTPStatus.CONFLICT
    assert "RA-01 is open" in refused.content.decode()
    assert officer.post(address(study, "/ask"), {"item": "", "reason": "Which bank?"}).status_code == HTTPStatus.FOUND
    (question,) = study.dossier().asked.all()
    reply = {"asked": str(question.pk), "text": "Ours."}
    assert applicant.post(address(study, "/reply"), reply).status_code == HTTPStatus.FOUND
    assert "Which bank?" in applicant.get(address(study)).content.decode()
    assert applicant.get(address(study, "/conclude")).status_code == HTTPStatus.FORBIDDEN


def test_a_condition_by_its_pages(study: Project, applicant: Client) -> None:
    study.answered(CREDIT)
    study.hand_in()
    officer = signed_in(study.officer)
    laid = {"item": "RA-17", "proof": "", "owner": "", "due": "soon", "binds": "before_first_job", "milestone": ""}
    assert officer.post(address(study, "/condition"), laid).status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    laid |= {"proof": "Report", "owner": study.author.email, "due": "2099-12-31"}
    assert officer.post(address(study, "/condition"), laid).status_code == HTTPStatus.FOUND
    page = address(study, "/conditions/1")
    assert "Report" in officer.get("/responsible-ai/conditions").content.decode()
    assert "is to be met" in applicant.get("/").content.decode()
    assert applicant.post(page, {"text": ""}).status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    assert applicant.post(page, {"text": "It is on file."}).status_code == HTTPStatus.FOUND
    assert officer.post(page, {"answer": "accept", "reason": "Read."}).status_code == HTTPStatus.FOUND
    assert study.dossier().conditions.get().met_on is not None


def test_lists_take_no_more_queries_for_more(
    study: Project, applicant: Client, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    study.answered(CREDIT)
    study.hand_in()
    study.reviewed_by()
    study.settle(*study.open_at(Binding.BEFORE_AWARD))
    officer = signed_in(study.officer)
    with django_assert_max_num_queries(30):
        officer.get(address(study))
    with django_assert_max_num_queries(12):
        officer.get("/responsible-ai")
    with django_assert_max_num_queries(12):
        officer.get("/responsible-ai/conditions")


def test_the_catalogue_names_every_item_of_every_edition_with_its_sources(study: Project, applicant: Client) -> None:
    study.begin()
    shown = applicant.get("/responsible-ai/items").content.decode()
    assert all(each.item.id in shown for each in assessed(study.dossier()).items)
    one = applicant.get("/responsible-ai/items/RA-04").content.decode()
    assert one.count("Looked at by") == 2
    assert applicant.get("/responsible-ai/items/RA-99").status_code == HTTPStatus.NOT_FOUND
