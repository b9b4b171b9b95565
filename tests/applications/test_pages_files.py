"""Files on the pages of applying: what is attached, what is refused, what is handed out, and to whom."""

from __future__ import annotations

import io
import json
import zipfile
from http import HTTPStatus
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.test import Client
from tests.applications.desk import REQUEST, Desk, sign_in
from tests.applications.filling import pdf
from tests.calls.world import NOW, OPERATOR, World

from lionrock.applications.actions import attach, submit_application
from lionrock.applications.models import Answer, Application, Attachment
from lionrock.people.domain import Role
from lionrock.web import uploads

pytestmark = pytest.mark.django_db
HARBOUR, DELTA, PROGRAMME = "harbour-university", "delta-institute", "hk-aiss-demo"


@pytest.fixture
def desk(world: World, settings: Any, tmp_path: Path) -> Desk:
    """A member of Harbour University, while a call is open."""
    settings.LIONROCK_HOME = tmp_path
    world.open_call()
    return sign_in("chan@example.org", organisation=HARBOUR)


@pytest.fixture
def code(desk: Desk) -> str:
    """An application just begun, of a university."""
    made = desk.begin().code
    desk.save(f"/applications/{made}/form/request", REQUEST)
    return made


def send(desk: Desk, code: str, content: bytes, name: str = "plan.pdf", document: str = "proposal") -> HttpResponse:
    """Attach a file by the page."""
    file = SimpleUploadedFile(name, content, "application/pdf")
    return desk.client.post(f"/applications/{code}/documents", {"document": document, "file": file})  # type: ignore[return-value]


def bomb() -> bytes:
    """Return an archive that looks like a document of Word and unpacks to far more than itself."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr("word/document.xml", b"\0" * 60_000_000)
    return made.getvalue()


def test_what_is_attached_stands_on_the_page_and_comes_back_whole(desk: Desk, code: str) -> None:
    content = pdf(3, "A plan.")
    assert send(desk, code, content).status_code == HTTPStatus.FOUND
    page = desk.client.get(f"/applications/{code}/documents").content.decode()
    assert "plan.pdf" in page
    assert "3 pages" in page
    file = Attachment.objects.get()
    response = desk.client.get(f"/applications/{code}/files/{file.pk}")
    assert b"".join(response) == content  # type: ignore[arg-type]
    assert response["Content-Disposition"] == 'attachment; filename="plan.pdf"'
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Content-Type"] == "application/pdf"
    assert "sandbox" in response["Content-Security-Policy"]


@pytest.mark.parametrize(
    ("content", "name", "said"),
    [
        (b"MZ\x90\x00" + b"\0" * 300, "plan.pdf", "is a program, whatever its name says"),
        (b"", "plan.pdf", "is empty"),
        (b"just text", "plan.pdf", "none of the kinds of file"),
        (pdf(11), "plan.pdf", "has 11 pages"),
        (pdf() + b"%" * 25_000_000, "plan.pdf", "more than 20 MB"),
        (bomb(), "plan.docx", "unpack"),
    ],
    ids=["program", "empty", "text", "pages", "large", "bomb"],
)
def test_what_cannot_be_taken_is_told_beside_its_document(
    desk: Desk, code: str, content: bytes, name: str, said: str
) -> None:
    send(desk, code, pdf(text="Kept."), name="kept.pdf")
    response = send(desk, code, content, name)
    page = response.content.decode()
    assert response.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    section = page.split('id="document:proposal"')[1].split("</section>")[0]
    assert said in section
    assert 'aria-invalid="true"' in section
    assert 'href="#document:proposal"' in page
    assert [file.name for file in Attachment.objects.all()] == ["kept.pdf"]


@pytest.mark.parametrize("posted", [{}, {"document": "proposal"}, {"document": "proposal", "file": ""}])
def test_without_a_file_one_is_told_to_choose_one(desk: Desk, code: str, posted: dict[str, str]) -> None:
    response = desk.client.post(f"/applications/{code}/documents", posted)
    assert response.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    assert "No file was chosen" in response.content.decode()


def test_a_body_that_is_far_too_large_ends_in_a_sentence(
    desk: Desk, code: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(uploads, "LARGEST_BODY", 200_000)
    response = send(desk, code, pdf() + b"%" * 1_000_000)
    assert response.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    assert "so that it was not read" in response.content.decode()
    assert not Attachment.objects.exists()


def test_a_file_sent_twice_is_there_once_and_can_be_removed_twice(desk: Desk, code: str) -> None:
    for _ in range(2):
        send(desk, code, pdf())
    file = Attachment.objects.get()
    for _ in range(2):
        response = desk.client.post(f"/applications/{code}/files/{file.pk}/remove", follow=True)
        assert response.status_code == HTTPStatus.OK
    assert "plan.pdf" not in desk.client.get(f"/applications/{code}/documents").content.decode()


def test_only_documents_of_the_category_are_asked_for(desk: Desk, code: str) -> None:
    asked = {section.document.id for section in desk.client.get(f"/applications/{code}/documents").context["sections"]}
    assert {"proposal", "team"} <= asked
    assert not asked & {"registration", "startup-proof"}
    desk.save(f"/applications/{code}/form/request", {"request.category": "startup"})
    asked = {section.document.id for section in desk.client.get(f"/applications/{code}/documents").context["sections"]}
    assert {"registration", "startup-proof"} <= asked


class TestWhoGetsThem:
    @pytest.fixture
    def file(self, desk: Desk, code: str) -> int:
        send(desk, code, pdf())
        return Attachment.objects.get().pk

    def test_others_get_nothing_of_a_draft(self, desk: Desk, world: World, code: str, file: int) -> None:
        world.put_organisation(DELTA)
        stranger = sign_in("lee@example.org", organisation=DELTA).client
        office = sign_in("wong@example.org", Role.OFFICE, programme=PROGRAMME).client
        for client in (stranger, office):
            assert client.get(f"/applications/{code}/files/{file}").status_code == HTTPStatus.NOT_FOUND
            assert client.post(f"/applications/{code}/files/{file}/remove").status_code == HTTPStatus.NOT_FOUND
        assert Client().get(f"/applications/{code}/files/{file}").status_code == HTTPStatus.FOUND

    def test_a_file_is_of_its_application_alone(self, desk: Desk, code: str, file: int) -> None:
        other = desk.begin().code
        assert desk.client.get(f"/applications/{other}/files/{file}").status_code == HTTPStatus.NOT_FOUND

    def test_the_office_gets_what_was_handed_in(self, desk: Desk, world: World) -> None:
        made = world.drafted(Application.objects.first().call if Application.objects.exists() else world.open_call())
        before = attach(
            actor=OPERATOR,
            application=made.code,
            document="other",
            name="in.pdf",
            content=io.BytesIO(pdf(text="In.")),
            now=NOW,
        )
        submit_application(actor=OPERATOR, application=made.code, now=NOW)
        office = sign_in("wong@example.org", Role.OFFICE, programme=PROGRAMME).client
        assert office.get(f"/applications/{made.code}/files/{before.pk}").status_code == HTTPStatus.OK


class TestAsOneFile:
    @pytest.mark.parametrize(("ending", "begins"), [("pdf", b"%PDF-"), ("json", b"{"), ("zip", b"PK")])
    def test_it_is_handed_out(self, desk: Desk, code: str, ending: str, begins: bytes) -> None:
        send(desk, code, pdf())
        response = desk.client.get(f"/applications/{code}.{ending}")
        assert response.content.startswith(begins)
        assert response["Content-Disposition"] == f'attachment; filename="{code}.{ending}"'

    def test_there_is_no_other_kind(self, desk: Desk, code: str) -> None:
        assert desk.client.get(f"/applications/{code}.exe").status_code == HTTPStatus.NOT_FOUND

    def test_what_was_handed_out_can_be_taken_in_elsewhere(self, desk: Desk, code: str) -> None:
        send(desk, code, pdf())
        whole = desk.client.get(f"/applications/{code}.zip").content
        other = desk.begin().code
        file = SimpleUploadedFile("whole.zip", whole)
        response = desk.client.post(f"/applications/{other}/import", {"file": file})
        assert response.status_code == HTTPStatus.FOUND
        mine, theirs = (
            dict(Answer.objects.filter(application__code=each).values_list("key", "value")) for each in (code, other)
        )
        assert theirs == mine
        assert Application.objects.get(code=other).attachments.get().name == "plan.pdf"

    def test_what_is_wrong_in_it_is_told_with_its_line_and_the_rest_is_taken(self, desk: Desk, code: str) -> None:
        told = b"answers:\n  request:\n    count: many\n    months: 4\n    colour: red\n"
        response = desk.client.post(f"/applications/{code}/import", {"file": SimpleUploadedFile("a.yaml", told)})
        page = response.content.decode()
        assert response.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
        assert "a.yaml:3" in page
        assert "a.yaml:5" in page
        assert Application.objects.get(code=code).months == 4

    def test_texts_that_it_replaces_are_shown(self, desk: Desk, code: str) -> None:
        told = json.dumps({"answers": {"request": {"purpose": "Anew"}}}).encode()
        response = desk.client.post(f"/applications/{code}/import", {"file": SimpleUploadedFile("a.json", told)})
        assert REQUEST["request.purpose"] in response.content.decode()
        assert Answer.objects.get(application__code=code, key="request.purpose").value == "Anew"

    @pytest.mark.parametrize("content", [b"", b"\xff\xfe\x00", b"PK\x03\x04", b"[1, 2]", b"{"])
    def test_what_is_no_such_file_is_refused(self, desk: Desk, code: str, content: bytes) -> None:
        response = desk.client.post(f"/applications/{code}/import", {"file": SimpleUploadedFile("a.json", content)})
        assert response.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
        assert Answer.objects.filter(application__code=code).count() == len(REQUEST)
