"""Calls in the portal: listed, prepared, opened and closed by the office."""

from __future__ import annotations

from datetime import UTC, datetime
from http import HTTPStatus

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from tests.calls.world import NOW, OPERATOR, World

from lionrock.audit.models import AuditRecord
from lionrock.calls.models import Call
from lionrock.people.actions import grant_role, register_person
from lionrock.people.domain import Role
from lionrock.people.models import Person

OURS = "/programmes/hk-aiss-demo/calls"
TYPED = {
    "title": "Second call",
    "title_zh_hant": "第二輪",
    "title_zh_hans": "第二轮",
    "opens": "2026-10-01T09:00",
    "closes": "2026-11-01T18:00",
    "budget": "1500000.50",
}


def person(email: str, role: Role, programme: str = "hk-aiss-demo") -> Person:
    register_person(actor=OPERATOR, email=email, name="Somebody", now=NOW)
    grant_role(actor=OPERATOR, email=email, role=role, programme=programme, now=NOW)
    return Person.objects.get(email=email)


@pytest.fixture
def office(world: World, client: Client) -> Client:
    client.force_login(person("office@example.org", Role.OFFICE))
    return client


def test_a_call_is_prepared_as_it_was_typed_in_the_zone_of_the_programme(office: Client) -> None:
    answer = office.post(f"{OURS}/new", TYPED)
    made = Call.objects.get()
    assert answer["Location"] == f"/calls/{made.code}"
    assert (made.title, made.title_zh_hant, made.title_zh_hans, made.state) == (
        "Second call", "第二輪", "第二轮", "draft",
    )  # fmt: skip
    assert (made.opens, made.closes) == (
        datetime(2026, 10, 1, 1, 0, tzinfo=UTC),
        datetime(2026, 11, 1, 10, 0, tzinfo=UTC),
    )
    assert (made.budget_minor, made.currency, made.programme) == (150000050, "HKD", "hk-aiss-demo")


def test_a_form_that_comes_twice_prepares_one_call_and_says_so(office: Client) -> None:
    first, second = (office.post(f"{OURS}/new", TYPED, follow=True) for _ in range(2))
    assert first.redirect_chain == second.redirect_chain
    assert "is prepared." in first.content.decode()
    assert "was prepared already. Nothing was made twice." in second.content.decode()
    assert (Call.objects.count(), AuditRecord.objects.filter(action="calls.create_call").count()) == (1, 1)
    office.post(f"{OURS}/new", TYPED | {"title": "Third call"})
    assert sorted(Call.objects.values_list("code", flat=True)) == sorted(
        [Call.objects.get(title="Second call").code, Call.objects.get(title="Third call").code]
    )
    assert Call.objects.count() == 2


def test_a_call_may_be_without_end_and_budget(office: Client) -> None:
    office.post(f"{OURS}/new", {"title": "Rolling", "opens": "2026-10-01T09:00"})
    made = Call.objects.get()
    assert (made.closes, made.budget_minor) == (None, None)
    page = office.get(f"/calls/{made.code}").content.decode()
    assert "It has no last day." in page
    assert "Only the fund is the limit." in page


@pytest.mark.parametrize(
    ("changes", "fields"),
    [
        ({"title": ""}, ["title"]),
        ({"opens": ""}, ["opens"]),
        ({"opens": "tomorrow", "title": " "}, ["title", "opens"]),
        ({"opens": "2026-10-01T09:00+08:00"}, ["opens"]),
        ({"opens": "0001-01-01T00:00"}, ["opens"]),
        ({"closes": "2026-13-01T00:00", "budget": "much"}, ["closes", "budget"]),
        ({"closes": "2026-10-01T09:00"}, ["closes"]),
        ({"budget": "-1"}, ["budget"]),
        ({"title": "x" * 201}, ["title"]),
    ],
)
def test_what_is_wrong_stands_at_its_field_and_nothing_typed_is_lost(
    office: Client, changes: dict[str, str], fields: list[str]
) -> None:
    answer = office.post(f"{OURS}/new", TYPED | changes)
    page = answer.content.decode()
    assert answer.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    for field in fields:
        assert f'href="#{field}"' in page
        assert f'id="{field}-fault"' in page
    assert page.count('aria-invalid="true"') == len(fields)
    assert 'value="第二輪"' in page
    assert not Call.objects.exists()


def test_a_call_that_is_opened_and_closed_says_so_and_does_each_once(office: Client, world: World) -> None:
    code = world.prepared_call().code
    assert "every value that a call needs is set" in office.get(f"/calls/{code}").content.decode()
    for verb, state, said in (("open", "open", "is open."), ("close", "closed", "is closed.")):
        assert said in office.post(f"/calls/{code}/{verb}", follow=True).content.decode()
        again = office.post(f"/calls/{code}/{verb}", follow=True).content.decode()
        assert f"nobody can {verb} it now" in again
        assert Call.objects.get().state == state
    assert AuditRecord.objects.filter(action__in=["calls.open_call", "calls.close_call"]).count() == 2


def test_a_call_that_refuses_to_open_names_each_value_with_its_source(world: World, client: Client) -> None:
    client.force_login(person("far@example.org", Role.OFFICE, "hk-aiss"))
    call = world.prepared_call(programme="hk-aiss")
    before = client.get(f"/calls/{call.code}").content.decode()
    answer = client.post(f"/calls/{call.code}/open")
    after = answer.content.decode()
    assert answer.status_code == HTTPStatus.CONFLICT
    assert "cannot open" in after
    for page in (before, after):
        assert "request.max_months" in page
        assert "not set by the programme" in page
    call.refresh_from_db()
    assert call.state == "draft"


@pytest.mark.parametrize("role", [Role.AUDITOR, Role.COMMITTEE])
def test_others_of_the_programme_look_and_do_nothing(world: World, client: Client, role: Role) -> None:
    client.force_login(person("other@example.org", role))
    code = world.prepared_call().code
    assert code in client.get(OURS).content.decode()
    page = client.get(f"/calls/{code}").content.decode()
    assert "Open this call" not in page
    for address in (f"{OURS}/new", f"/calls/{code}/open", f"/calls/{code}/close"):
        assert client.post(address, TYPED).status_code == HTTPStatus.FORBIDDEN
    assert Call.objects.get().state == "draft"


def test_calls_of_another_programme_are_not_there(office: Client, world: World) -> None:
    theirs = world.prepared_call(programme="hk-aiss").code
    for address in (f"/calls/{theirs}", "/programmes/hk-aiss/calls", "/programmes/hk-aiss/calls/new"):
        assert office.get(address).status_code == HTTPStatus.NOT_FOUND, address


def test_the_list_takes_as_many_queries_for_twenty_calls_as_for_two(office: Client, world: World) -> None:
    def queries() -> int:
        office.get(OURS)
        with CaptureQueriesContext(connection) as captured:
            office.get(OURS)
        return len(captured)

    for _ in range(2):
        world.prepared_call()
    before = queries()
    for number in range(18):
        world.prepared_call(title=f"Call {number}")
    assert (queries(), len(office.get(OURS).context["rows"])) == (before, 20)
