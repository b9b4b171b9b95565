"""Studies as those who decide read them: the answer first, the evidence below, files of the same, nobody else's."""

from __future__ import annotations

import json

import pytest
from django.db import DatabaseError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils.html import strip_tags
from tests.calls.world import OPERATOR, World
from tests.planning.studies import NOW, PROGRAMME, QUESTION, published, small_answer

from lionrock.audit.models import AuditRecord
from lionrock.kernel.errors import Invalid
from lionrock.people.domain import Role
from lionrock.people.models import Person, RoleGrant
from lionrock.planning.actions import publish_study
from lionrock.planning.models import Study
from lionrock.planning.pages import pdf_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def committee(world: World) -> Client:
    person = Person.objects.create(email="committee@example.org", name="C", created_at=NOW)
    RoleGrant.objects.create(person=person, role=Role.COMMITTEE.value, programme=PROGRAMME, granted_at=NOW)
    client = Client()
    client.force_login(person)
    return client


def text(client: Client, path: str) -> str:
    answer = client.get(path)
    assert answer.status_code == 200, answer.content.decode()
    return " ".join(strip_tags(answer.content.decode()).split())


def test_the_page_says_first_which_is_better_by_how_much_and_how_sure(committee: Client) -> None:
    study = published()
    assert QUESTION in text(committee, "/planning")
    page = text(committee, f"/planning/{study.code}")
    answer = page.index("“With the second phase” is better: waits are")
    assert page.index("“As it is” cannot keep up") > answer
    assert page.index("Side by side") > page.index("95 per cent sure between") > 0
    for part in ("shorter", "better", "Mean wait of a job", "decision of the programme"):
        assert part in page
    assert "2026" in page
    assert "Utilisation is of the device-hours that there were in these 3 weeks" in page


def test_files_say_the_same(committee: Client) -> None:
    study = published()
    data = json.loads(committee.get(f"/planning/{study.code}.json").content)
    assert [option["id"] for option in data["options"]] == ["less", "more"]
    rows = committee.get(f"/planning/{study.code}.csv").content.decode("utf-8-sig")
    assert rows.startswith("option,measure,unit,mean")
    assert committee.get(f"/planning/{study.code}.xls").status_code == 404


def test_the_pdf_is_one_of_every_language(world: World) -> None:
    study = published()
    for language in ("en", "zh-hant"):
        assert pdf_of(study, language).startswith(b"%PDF-")


def test_a_page_takes_no_more_queries_for_more_studies(committee: Client) -> None:
    study = published()
    paths = ("/planning", f"/planning/{study.code}")

    def queries(path: str) -> int:
        with CaptureQueriesContext(connection) as made:
            committee.get(path)
        return len(made)

    before = [queries(path) for path in paths]
    answer = small_answer()
    for number in range(3):
        publish_study(actor=OPERATOR, programme=PROGRAMME, question=f"Q{number}", answer=answer, now=NOW)
    assert [queries(path) for path in paths] == before


def test_a_study_is_recorded_and_stands_for_ever(world: World) -> None:
    study = published()
    assert study.code == "PLAN-2026-0001"
    assert AuditRecord.objects.filter(action="planning.publish_study", subject=study.code).count() == 1
    with pytest.raises(DatabaseError), transaction.atomic():
        Study.objects.update(question="Another?")


@pytest.mark.parametrize("question", ["", "   ", "x" * 201])
def test_a_question_has_a_length(world: World, question: str) -> None:
    with pytest.raises(Invalid):
        published(question=question)


def test_who_works_for_another_programme_sees_no_study(committee: Client) -> None:
    RoleGrant.objects.update(programme="hk-aiss")
    study = published()
    assert QUESTION not in text(committee, "/planning")
    assert committee.get(f"/planning/{study.code}").status_code == 404
