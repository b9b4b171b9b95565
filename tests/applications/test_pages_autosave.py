"""What the form's script sends: saved as the buttons save it, with both texts where two authors clash."""

from __future__ import annotations

import json
from http import HTTPStatus
from pathlib import Path
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client
from tests.applications.desk import REQUEST, Desk, sign_in, typed_in
from tests.calls.world import NOW, OPERATOR, World

from lionrock.applications.actions import Change, save_answers
from lionrock.applications.models import Answer

pytestmark = pytest.mark.django_db
KEY = "request.purpose"
UNREAD = "0.12ae32cb1ec02d01"


@pytest.fixture
def desk(world: World, settings: Any, tmp_path: Path) -> Desk:
    """A member of Harbour University, while a call is open."""
    settings.LIONROCK_HOME = tmp_path
    world.open_call()
    return sign_in("chan@example.org", organisation="harbour-university")


@pytest.fixture
def code(desk: Desk) -> str:
    """An application just begun."""
    return desk.begin().code


def send(client: Client, code: str, *changes: dict[str, object]) -> HttpResponse:
    """Send changes as the script does."""
    body = json.dumps({"changes": changes, "here": f"/applications/{code}/form/request"})
    return client.post(f"/applications/{code}/answers", body, content_type="application/json")  # type: ignore[return-value]


def read(desk: Desk, code: str, key: str = KEY) -> str:
    """Return the mark of the version that the page shows."""
    return str(typed_in(desk.client.get(f"/applications/{code}/form/request"))[f"read:{key}"])


def kept(key: str = KEY) -> object:
    return Answer.objects.get(key=key).value


def test_a_field_is_saved_and_the_next_saving_goes_on_from_there(desk: Desk, code: str) -> None:
    told = send(desk.client, code, {"key": KEY, "value": "One", "read": read(desk, code)}).json()["answers"][KEY]
    assert told["fault"] == ""
    assert told["conflict"] is None
    again = send(desk.client, code, {"key": KEY, "value": "One two", "read": told["read"]}).json()["answers"][KEY]
    assert (kept(), again["conflict"]) == ("One two", None)
    assert again["read"] == read(desk, code)


def test_what_is_wrong_is_kept_and_said(desk: Desk, code: str) -> None:
    key = "request.count"
    told = send(desk.client, code, {"key": key, "value": "many", "read": read(desk, code, key)}).json()
    assert "is not a whole number" in told["answers"][key]["fault"]
    assert kept(key) == "many"


def test_the_same_again_is_no_clash_whatever_was_read(desk: Desk, code: str) -> None:
    change = {"key": KEY, "value": "One", "read": read(desk, code)}
    first, second = (send(desk.client, code, change).json()["answers"][KEY] for _ in range(2))
    assert first == second


def test_both_texts_come_back_when_somebody_else_wrote(desk: Desk, code: str) -> None:
    before = read(desk, code)
    save_answers(actor=OPERATOR, application=code, changes=[Change(KEY, "Theirs", 0)], now=NOW)
    told = send(desk.client, code, {"key": KEY, "value": "Mine", "read": before}).json()["answers"][KEY]["conflict"]
    assert (told["value"], told["shown"]) == ("Theirs", "Theirs")
    assert OPERATOR.email in told["said"]
    assert kept() == "Theirs"
    chosen = send(desk.client, code, {"key": KEY, "value": "Mine", "read": told["read"]}).json()["answers"][KEY]
    assert (kept(), chosen["conflict"]) == ("Mine", None)


def test_a_saving_whose_answer_was_lost_is_no_clash_with_oneself(desk: Desk, code: str) -> None:
    before = read(desk, code)
    send(desk.client, code, {"key": KEY, "value": "One", "read": before})
    told = send(desk.client, code, {"key": KEY, "value": "One two", "read": before, "sent": "One"}).json()
    assert told["answers"][KEY]["conflict"] is None
    assert kept() == "One two"


def test_the_cost_and_the_gaps_follow(desk: Desk, code: str) -> None:
    marks = typed_in(desk.client.get(f"/applications/{code}/form/request"))
    changes = [{"key": key, "value": value, "read": marks[f"read:{key}"]} for key, value in REQUEST.items()]
    fragments = send(desk.client, code, *changes).json()["fragments"]
    assert "960,000.00" in fragments["cost"]
    assert 'aria-current="page"' in fragments["steps"]
    assert "complete" in fragments["steps"].split("</li>")[0]


def test_what_has_no_place_is_told_and_the_rest_is_saved(desk: Desk, code: str) -> None:
    changes = [{"key": key, "value": "x", "read": UNREAD} for key in ("project.7.summary.en", "nothing", KEY)]
    told = send(desk.client, code, *changes).json()["answers"]
    assert "has no place in this application" in told["nothing"]["fault"]
    assert kept() == "x"
    assert Answer.objects.count() == 1


@pytest.mark.parametrize(
    "body",
    [
        "",
        "[]",
        "{}",
        "null",
        '{"changes": {}}',
        '{"changes": [1]}',
        '{"changes": [{"key": 1, "value": "", "read": ""}]}',
        '{"changes": [{"key": "request.count", "value": 3, "read": ""}]}',
        '{"changes": [{"key": "request.count", "value": [[]], "read": ""}]}',
        "\ud800".encode("utf-16", "surrogatepass").decode("latin-1"),
    ],
)
def test_what_no_script_of_ours_sends_is_refused(desk: Desk, code: str, body: str) -> None:
    response = desk.client.post(f"/applications/{code}/answers", body, content_type="application/json")
    assert response.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    assert not Answer.objects.exists()


@pytest.mark.parametrize("mark", ["", ".", "-1.x", "1e9.x", "٣.x", "9" * 400])
def test_a_mark_that_is_none_counts_as_unread(desk: Desk, code: str, mark: str) -> None:
    send(desk.client, code, {"key": KEY, "value": "One", "read": mark})
    assert Answer.objects.filter(key=KEY, value="One").count() <= 1


def test_it_asks_for_the_token_that_keeps_other_sites_out(desk: Desk, code: str) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(desk.person)
    assert send(client, code, {"key": KEY, "value": "One", "read": UNREAD}).status_code == HTTPStatus.FORBIDDEN
    assert not Answer.objects.exists()


def test_nobody_else_saves_anything(desk: Desk, code: str, world: World) -> None:
    world.put_organisation("delta-institute")
    stranger = sign_in("lee@example.org", organisation="delta-institute")
    response = send(stranger.client, code, {"key": KEY, "value": "One", "read": UNREAD})
    assert response.status_code == HTTPStatus.NOT_FOUND
    assert not Answer.objects.exists()


def test_nothing_is_saved_in_what_is_no_longer_with_its_authors(desk: Desk, code: str) -> None:
    before = read(desk, code)
    desk.client.post(f"/applications/{code}/withdraw")
    assert send(desk.client, code, {"key": KEY, "value": "One", "read": before}).status_code == HTTPStatus.CONFLICT
