"""The pages of applying, without a script: nothing typed is lost, nothing is done twice, nobody else sees it."""

from __future__ import annotations

from http import HTTPStatus
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from tests.applications.desk import PROJECT, REQUEST, Desk, sign_in, typed_in
from tests.calls.world import NOW, OPERATOR, World

from lionrock.applications.actions import add_entry, draft_application, save_answers
from lionrock.applications.actions.answering import Change
from lionrock.applications.models import Answer, Application
from lionrock.intake.actions import return_application
from lionrock.people.domain import Role

pytestmark = pytest.mark.django_db
HARBOUR, DELTA = "harbour-university", "delta-institute"
PROGRAMME = "hk-aiss-demo"
HOSTILE = "<script>alert(1)</script>\"'&{{ 7|add:7 }}"
PAGES_TO_WRITE = (
    "form/request",
    "form/applicant",
    "form/project",
    "form/project/1",
    "form/project/1/remove",
    "form/signatory",
    "documents",
    "import",
    "submit",
    "withdraw",
)


@pytest.fixture
def desk(world: World, settings: Any, tmp_path: Path) -> Desk:
    """A member of Harbour University, while a call is open."""
    settings.LIONROCK_HOME = tmp_path
    world.open_call()
    return sign_in("chan@example.org", organisation=HARBOUR)


@pytest.fixture
def code(desk: Desk) -> str:
    """An application just begun."""
    return desk.begin().code


def answers(code: str) -> dict[str, Any]:
    return dict(Answer.objects.filter(application__code=code).values_list("key", "value"))


def write(desk: Desk, code: str, key: str, text: str) -> None:
    """Let somebody else's browser save a field."""
    held = Answer.objects.filter(application__code=code, key=key).first()
    change = Change(key, text, held.version if held else 0)
    save_answers(actor=OPERATOR, application=code, changes=[change], now=NOW)


class TestBeginning:
    def test_a_form_sent_twice_begins_one_application_and_says_so(self, desk: Desk) -> None:
        typed = typed_in(desk.client.get("/applications/new"))
        first, second = (desk.client.post("/applications/new", typed, follow=True) for _ in range(2))
        assert Application.objects.count() == 1
        assert "sent twice" not in first.content.decode()
        assert "sent twice" in second.content.decode()

    def test_it_leads_to_the_first_part(self, desk: Desk, code: str) -> None:
        assert desk.client.get(f"/applications/{code}/form")["Location"] == f"/applications/{code}/form/request"

    @pytest.mark.parametrize("posted", [{}, {"call": "CALL-1999-0001"}, {"organisation": DELTA}])
    def test_who_chooses_nothing_that_there_is_is_asked_again(self, desk: Desk, posted: dict[str, str]) -> None:
        response = desk.client.post("/applications/new", posted)
        assert response.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
        assert "Choose one of the calls." in response.content.decode()
        assert not Application.objects.exists()

    def test_who_belongs_to_no_organisation_is_told_whom_to_ask(self, desk: Desk) -> None:
        page = sign_in("new@example.org").client.get("/applications/new").content.decode()
        assert "Ask one of its administrators to invite you" in page

    def test_without_an_open_call_there_is_nothing_to_begin(self, world: World) -> None:
        page = sign_in("chan@example.org", organisation=HARBOUR).client.get("/applications/new").content.decode()
        assert "No call takes applications now" in page


class TestFilling:
    @pytest.mark.parametrize("page", PAGES_TO_WRITE)
    def test_every_page_opens(self, desk: Desk, code: str, page: str) -> None:
        assert desk.client.get(f"/applications/{code}/{page}").status_code == HTTPStatus.OK

    @pytest.mark.parametrize("page", ["form/nothing", "form/project/2", "form/project/2/remove", "form/request/1"])
    def test_a_page_that_the_form_does_not_have_is_not_there(self, desk: Desk, code: str, page: str) -> None:
        assert desk.client.get(f"/applications/{code}/{page}").status_code == HTTPStatus.NOT_FOUND

    def test_what_was_typed_stands_there_again(self, desk: Desk, code: str) -> None:
        address = f"/applications/{code}/form/request"
        assert desk.save(address, REQUEST).status_code == HTTPStatus.FOUND
        shown = typed_in(desk.client.get(address))
        assert {key: shown[key] for key in REQUEST} == REQUEST
        application = Application.objects.get(code=code)
        assert (application.title, application.item, application.count) == ("Weather models", "h800-node", 1)

    def test_line_breaks_come_back_as_they_were(self, desk: Desk, code: str) -> None:
        address = f"/applications/{code}/form/request"
        desk.save(address, {"request.purpose": "\r\n one\r\n\r\ntwo "})
        assert answers(code)["request.purpose"] == "\n one\n\ntwo "
        assert typed_in(desk.client.get(address))["request.purpose"] == "\n one\n\ntwo "
        desk.save(address, {})
        assert Answer.objects.get(key="request.purpose").version == 1

    @pytest.mark.parametrize(
        ("go", "to"), [("after", "form/applicant"), ("", "form/request"), ("before", "form/request")]
    )
    def test_the_buttons_save_and_lead_on(self, desk: Desk, code: str, go: str, to: str) -> None:
        response = desk.save(f"/applications/{code}/form/request", {"request.count": "2"}, go=go)
        assert response["Location"] == f"/applications/{code}/{to}"
        assert answers(code)["request.count"] == "2"

    def test_wrong_answers_are_kept_and_told_beside_their_fields(self, desk: Desk, code: str) -> None:
        wrong = {"request.count": "many", "request.starts": "soon", "request.title.en": "word " * 40}
        response = desk.save(f"/applications/{code}/form/request", REQUEST | wrong, go="after")
        page = response.content.decode()
        assert response.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
        for key, text in wrong.items():
            assert answers(code)[key] == text
            assert f'href="#{key}"' in page
            assert f'id="{key}-fault">' in page
        assert typed_in(response)["request.starts"] == "soon"
        assert page.count('aria-invalid="true"') == len(wrong)
        again = desk.client.get(f"/applications/{code}/form/request").content.decode()
        assert again.count('aria-invalid="true"') == len(wrong)

    def test_what_cannot_even_be_kept_stands_on_the_page_still(self, desk: Desk, code: str) -> None:
        long = "x" * 100_001
        response = desk.save(f"/applications/{code}/form/request", {"request.purpose": long, "request.count": "3"})
        assert response.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
        assert typed_in(response)["request.purpose"] == long
        assert answers(code) == {"request.count": "3"}

    def test_choices_can_be_taken_back(self, desk: Desk, code: str) -> None:
        address, key = f"/applications/{code}/form/project/1", "project.1.technology-areas"
        desk.save(address, {key: ["ict", "robotics"]})
        assert answers(code)[key] == ["ict", "robotics"]
        desk.client.post(address, typed_in(desk.client.get(address)) | {key: []})
        assert answers(code)[key] == []

    def test_markup_stays_text(self, desk: Desk, code: str) -> None:
        desk.save(f"/applications/{code}/form/request", {"request.title.en": HOSTILE, "request.purpose": HOSTILE})
        desk.save(f"/applications/{code}/form/project/1", {"project.1.title.en": HOSTILE})
        for page in ("", "/form/request", "/form/project", "/form/project/1", "/submit", "/form/project/1/remove"):
            shown = desk.client.get(f"/applications/{code}{page}").content.decode()
            assert "<script>alert" not in shown
            assert "&lt;script&gt;alert(1)" in shown

    def test_it_says_what_it_costs(self, desk: Desk, code: str) -> None:
        address = f"/applications/{code}/form/request"
        assert "to see it" in desk.client.get(address).content.decode()
        desk.save(address, REQUEST)
        cost = desk.client.get(address).context["cost"].quote
        assert (cost.list_price.minor, cost.scheme_share.minor, cost.user_share.minor) == (
            96_000_000,
            67_200_000,
            28_800_000,
        )
        desk.save(address, {"request.item": "cpu-node", "request.hours": "10"})
        assert desk.client.get(address).context["cost"].quote.list_price.minor == 16_000


class TestTwoAuthors:
    def test_a_stale_edit_brings_back_both_texts(self, desk: Desk, code: str) -> None:
        address, key = f"/applications/{code}/form/request", "request.purpose"
        opened = typed_in(desk.client.get(address))
        write(desk, code, key, "Theirs, entirely")
        response = desk.client.post(address, opened | {key: "Mine, entirely", "request.count": "4"})
        page = response.content.decode()
        assert response.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
        assert "Theirs, entirely" in page
        assert OPERATOR.email in page
        assert typed_in(response)[key] == "Mine, entirely"
        assert answers(code) == {key: "Theirs, entirely", "request.count": "4"}
        assert desk.client.post(address, typed_in(response)).status_code == HTTPStatus.FOUND
        assert answers(code)[key] == "Mine, entirely"

    def test_theirs_can_be_taken(self, desk: Desk, code: str) -> None:
        address, key = f"/applications/{code}/form/request", "request.purpose"
        opened = typed_in(desk.client.get(address))
        write(desk, code, key, "Theirs")
        clashed = typed_in(desk.client.post(address, opened | {key: "Mine"}))
        assert desk.client.post(address, clashed | {"theirs": key}).status_code == HTTPStatus.FOUND
        assert answers(code)[key] == "Theirs"

    def test_what_was_not_touched_never_overwrites(self, desk: Desk, code: str) -> None:
        address = f"/applications/{code}/form/request"
        opened = typed_in(desk.client.get(address))
        write(desk, code, "request.purpose", "Theirs")
        assert desk.client.post(address, opened | {"request.count": "4"}).status_code == HTTPStatus.FOUND
        assert answers(code) == {"request.purpose": "Theirs", "request.count": "4"}

    def test_a_page_whose_entry_was_removed_gives_the_text_back(self, desk: Desk, code: str) -> None:
        add_entry(actor=OPERATOR, application=code, part="project", now=NOW)
        address = f"/applications/{code}/form/project/2"
        opened = typed_in(desk.client.get(address))
        desk.client.post(f"{address}/remove")
        response = desk.client.post(address, opened | {"project.2.summary.en": "An hour of work"})
        assert response.status_code == HTTPStatus.NOT_FOUND
        assert "An hour of work" in response.content.decode()

    def test_a_page_of_an_application_handed_in_meanwhile_gives_the_text_back(self, desk: Desk, code: str) -> None:
        address = f"/applications/{code}/form/request"
        opened = typed_in(desk.client.get(address))
        desk.client.post(f"/applications/{code}/withdraw")
        response = desk.client.post(address, opened | {"request.purpose": "An hour of work"})
        assert response.status_code == HTTPStatus.CONFLICT
        assert "An hour of work" in response.content.decode()
        assert answers(code) == {}


class TestEntries:
    def test_one_sent_twice_is_added_once(self, desk: Desk, code: str) -> None:
        typed = typed_in(desk.client.get(f"/applications/{code}/form/project")) | {"after": "1"}
        for _ in range(2):
            response = desk.client.post(f"/applications/{code}/form/project/add", typed)
            assert response["Location"] == f"/applications/{code}/form/project/2"
        assert Application.objects.get(code=code).entries.count() == 2

    def test_the_last_one_that_is_needed_stays(self, desk: Desk, code: str) -> None:
        response = desk.client.post(f"/applications/{code}/form/project/1/remove", follow=True)
        assert "is needed 1 times at least" in response.content.decode()
        assert desk.client.get(f"/applications/{code}/form/project/1").status_code == HTTPStatus.OK

    def test_no_more_than_the_form_takes(self, desk: Desk, code: str) -> None:
        for _ in range(9):
            add_entry(actor=OPERATOR, application=code, part="project", now=NOW)
        overview = desk.client.get(f"/applications/{code}/form/project").content.decode()
        assert "as many as the form takes" in overview
        response = desk.client.post(f"/applications/{code}/form/project/add", follow=True)
        assert "10 times at most" in response.content.decode()

    def test_a_removed_one_is_gone_from_every_page(self, desk: Desk, code: str) -> None:
        add_entry(actor=OPERATOR, application=code, part="project", now=NOW)
        desk.save(f"/applications/{code}/form/project/2", {"project.2.title.en": "Glaciers"})
        assert "Glaciers" in desk.client.get(f"/applications/{code}/form/project").content.decode()
        desk.client.post(f"/applications/{code}/form/project/2/remove")
        for page in ("", "/form/project", "/submit"):
            assert "Glaciers" not in desk.client.get(f"/applications/{code}{page}").content.decode()


class TestWhoSeesIt:
    @pytest.fixture
    def stranger(self, desk: Desk, world: World) -> Client:
        world.put_organisation(DELTA)
        return sign_in("lee@example.org", organisation=DELTA).client

    @pytest.fixture
    def office(self, desk: Desk) -> Client:
        return sign_in("wong@example.org", Role.OFFICE, programme=PROGRAMME).client

    @pytest.mark.parametrize("page", ["", *(f"/{page}" for page in PAGES_TO_WRITE), ".pdf", ".json", ".zip"])
    def test_a_draft_is_there_for_nobody_else(self, stranger: Client, office: Client, code: str, page: str) -> None:
        for client in (stranger, office):
            assert client.get(f"/applications/{code}{page}").status_code == HTTPStatus.NOT_FOUND
            assert client.post(f"/applications/{code}{page}").status_code in {404, 405}

    def test_lists_and_searches_leak_nothing(self, desk: Desk, stranger: Client, office: Client, code: str) -> None:
        desk.save(f"/applications/{code}/form/request", {"request.title.en": "Secret storms"})
        for query in ("", "?q=storms", f"?q={code}", "?q=harbour", "?state=draft"):
            for client in (stranger, office):
                assert code not in client.get(f"/applications{query}").content.decode().split("</form>")[-1]
            assert code in desk.client.get(f"/applications{query}").content.decode()

    def test_the_office_sees_what_was_handed_in_and_changes_nothing(
        self, desk: Desk, office: Client, world: World
    ) -> None:
        call = Application.objects.first() or world.submitted(world.open_call())
        address = f"/applications/{call.code}"
        assert office.get(address).status_code == HTTPStatus.OK
        assert "Withdraw" not in office.get(address).content.decode()
        for page in ("form/request", "submit", "withdraw", "documents"):
            assert office.get(f"{address}/{page}").status_code == HTTPStatus.FORBIDDEN
            assert office.post(f"{address}/{page}").status_code == HTTPStatus.FORBIDDEN


def queries(desk: Desk, address: str) -> int:
    desk.client.get(address)
    with CaptureQueriesContext(connection) as captured:
        assert desk.client.get(address).status_code == HTTPStatus.OK
    return len(captured)


def test_more_projects_take_no_more_queries(desk: Desk, code: str) -> None:
    pages = ["", "/form/request", "/form/project", "/form/project/1", "/documents", "/submit"]
    before = {page: queries(desk, f"/applications/{code}{page}") for page in pages}
    for number in range(2, 11):
        add_entry(actor=OPERATOR, application=code, part="project", now=NOW)
        typed = {f"project.{number}.{key}": value for key, value in PROJECT.items()}
        desk.save(f"/applications/{code}/form/project/{number}", typed)
    assert {page: queries(desk, f"/applications/{code}{page}") for page in pages} == before
    assert max(before.values()) <= 22


def test_more_applications_take_no_more_queries(desk: Desk, code: str) -> None:
    before = queries(desk, "/applications")
    call = Application.objects.get(code=code).call.code
    for _ in range(20):
        draft_application(actor=OPERATOR, call=call, organisation=HARBOUR, now=NOW)
    assert queries(desk, "/applications") == before <= 12


def test_looking_writes_nothing(desk: Desk, code: str) -> None:
    for page in ("", *(f"/{page}" for page in PAGES_TO_WRITE), ".pdf", ".json"):
        with CaptureQueriesContext(connection) as captured:
            desk.client.get(f"/applications/{code}{page}")
        assert {query["sql"].lstrip("(").split()[0].upper() for query in captured} <= {"SELECT"}, page


class TestSubmitting:
    def test_each_gap_leads_to_its_field(self, desk: Desk, code: str) -> None:
        page = desk.client.get(f"/applications/{code}/submit").content.decode()
        for place in ("form/request#request.count", "form/project/1#project.1.title.en", "documents#document:proposal"):
            assert f'href="/applications/{code}/{place}"' in page
        assert f'href="/applications/{code}/submit#declaration:guide"' in page

    def test_declarations_are_kept_even_while_it_cannot_be_submitted(self, desk: Desk, code: str) -> None:
        address = f"/applications/{code}/submit"
        typed = typed_in(desk.client.get(address)) | {"declaration:guide": "yes", "submit": "yes"}
        response = desk.client.post(address, typed)
        assert response.status_code >= 400
        assert answers(code)["declaration:guide"] == "yes"
        assert Application.objects.get(code=code).state == "draft"
        assert 'id="declaration:guide" value="yes" data-flag checked' in response.content.decode()

    def test_a_complete_one_is_submitted_once_however_often_it_is_sent(self, desk: Desk, world: World) -> None:
        made = world.drafted(Application.objects.first().call if Application.objects.exists() else world.open_call())
        address = f"/applications/{made.code}/submit"
        typed = typed_in(desk.client.get(address)) | {"submit": "yes"}
        first, second = (desk.client.post(address, typed, follow=True) for _ in range(2))
        assert "It is submitted" in first.content.decode()
        assert "handed in already" in second.content.decode()
        made.refresh_from_db()
        assert (made.state, made.round, made.submissions.count()) == ("submitted", 1, 1)
        assert desk.client.get(address)["Location"] == f"/applications/{made.code}"

    def test_withdrawing_asks_first_and_is_done_once(self, desk: Desk, code: str) -> None:
        address = f"/applications/{code}/withdraw"
        assert "Withdraw this application?" in desk.client.get(address).content.decode()
        assert Application.objects.get(code=code).state == "draft"
        for _ in range(2):
            assert desk.client.post(address, follow=True).status_code == HTTPStatus.OK
        assert Application.objects.get(code=code).state == "withdrawn"

    def test_a_returned_one_shows_the_question_on_top_and_can_be_mended(self, desk: Desk, world: World) -> None:
        made = world.submitted(world.open_call())
        return_application(actor=OPERATOR, application=made.code, question="Which satellites?", now=NOW)
        page = desk.client.get(f"/applications/{made.code}").content.decode()
        assert page.index("Which satellites?") < page.index("Where it stands")
        assert f'href="/applications/{made.code}/form"' in page
        assert desk.save(f"/applications/{made.code}/form/request", {"request.purpose": "Two"}).status_code == 302


class TestAuthors:
    def test_somebody_invited_writes_and_somebody_removed_does_not(self, desk: Desk, code: str) -> None:
        guest = sign_in("guest@example.org")
        address = f"/applications/{code}"
        assert guest.client.get(address).status_code == HTTPStatus.NOT_FOUND
        for _ in range(2):
            desk.client.post(f"{address}/authors", {"email": "guest@example.org"})
        guest.save(f"{address}/form/request", {"request.purpose": "From the guest"})
        assert answers(code)["request.purpose"] == "From the guest"
        assert "Submit the application" not in guest.client.get(f"{address}/submit").content.decode()
        desk.client.post(f"{address}/authors", {"email": "guest@example.org", "remove": "yes"})
        assert guest.client.get(f"{address}/form/request").status_code == HTTPStatus.NOT_FOUND

    def test_an_address_that_nobody_has_is_told_beside_the_field(self, desk: Desk, code: str) -> None:
        response = desk.client.post(f"/applications/{code}/authors", {"email": "nobody@example.org"})
        assert response.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
        assert 'id="email-fault"' in response.content.decode()
        assert 'value="nobody@example.org"' in response.content.decode()
