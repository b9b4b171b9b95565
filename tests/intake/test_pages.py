"""The intake board, the office's desk, the files and the service report, as a browser asks for them."""

from __future__ import annotations

import csv
import io
import json
from datetime import date, datetime, timedelta
from http import HTTPStatus
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from tests.calls.world import NOW, OPERATOR, World

from lionrock.applications.actions import mark_assessed, submit_application
from lionrock.applications.models import Admission, Application, Letter, Standing
from lionrock.awards.domain import Decision
from lionrock.intake.actions import (
    accept_application,
    judge_findings,
    reject_application,
    return_application,
    take_application,
)
from lionrock.intake.domain.judging import Judgement
from lionrock.intake.models import Check
from lionrock.intake.waiting import waiting
from lionrock.kernel.findings import Outcome
from lionrock.people.actions import grant_role, register_person
from lionrock.people.domain import Role
from lionrock.people.models import Person
from lionrock.people.queries import actor_of

LAST_DAY = "applications.last_day:calls.closes"
BOARD = "/programmes/hk-aiss-demo/intake"


@pytest.fixture
def today(monkeypatch: pytest.MonkeyPatch) -> Any:
    """Set the clock that the pages read, to NOW unless told otherwise; sessions keep the true one."""

    def put(instant: datetime) -> None:
        for page in ("intake.pages.board", "intake.pages.desk", "config.home"):
            monkeypatch.setattr(f"lionrock.{page}.timezone", SimpleNamespace(now=lambda: instant))

    put(NOW)
    return put


def person(email: str, role: Role, **place: str) -> Person:
    register_person(actor=OPERATOR, email=email, name=email.split("@", maxsplit=1)[0].title(), now=NOW)
    grant_role(actor=OPERATOR, email=email, role=role, now=NOW, **place)
    return Person.objects.get(email=email)


@pytest.fixture
def officer(world: World, today: Any) -> Person:
    return person("office@example.org", Role.OFFICE, programme="hk-aiss-demo")


@pytest.fixture
def office(officer: Person, client: Client) -> Client:
    client.force_login(officer)
    return client


@pytest.fixture
def line(world: World, officer: Person) -> dict[str, Application]:
    """One application in each state, by the state."""
    call, actor = world.open_call(), actor_of(officer)
    made = {}
    for number, state in enumerate(["submitted", "returned", "eligible", "assessed", "declined", "ineligible"]):
        made[state] = world.submitted(call, title=f"Project {number} {state}")
    for state in ("eligible", "assessed"):
        accept_application(actor=actor, application=made[state].code, now=NOW)
    mark_assessed(actor=actor, application=made["assessed"].code, now=NOW)
    return_application(actor=actor, application=made["returned"].code, question="Which?", now=NOW)
    world.decided(made["declined"], Decision.DECLINE, reason="too vague")
    no = [Judgement(LAST_DAY, Outcome.NOT_MET, "It has ended.")]
    reject_application(actor=actor, application=made["ineligible"].code, now=NOW, judgements=no)
    return {state: Application.objects.get(pk=each.pk) for state, each in made.items()}


def columns(client: Client, query: str = "") -> dict[str, list[str]]:
    found = client.get(BOARD + query).context["board"].columns
    return {column.name: [card.application.state for card in column.cards] for column in found}


def test_each_application_stands_in_the_column_of_its_state(office: Client, line: dict[str, Application]) -> None:
    assert columns(office) == {
        "submitted": ["submitted"],
        "returned": ["returned"],
        "eligible": ["eligible"],
        "assessed": ["assessed"],
        "ended": ["ineligible", "declined"],
    }
    page = office.get(BOARD).content.decode()
    assert "4 applications wait for somebody" in page
    assert "<strong>Assessors:</strong> The office assigns assessors, and they score it." in page


def test_a_card_says_what_is_asked_what_it_costs_and_when_it_is_due(
    office: Client, line: dict[str, Application]
) -> None:
    [card] = office.get(BOARD).context["board"].columns[0].cards
    assert (str(card.price), card.age, card.since) == ("HKD 960,000.00", 0, date(2026, 3, 2))
    assert (card.pledge.due, card.standing.value) == (date(2026, 3, 9), "in_time")
    page = office.get(BOARD).content.decode()
    assert "due <time" in page
    assert "1 × " in page


@pytest.mark.parametrize(
    ("days", "late", "soon"),
    [(0, set(), set()), (3, set(), {"submitted"}), (8, {"submitted"}, set()), (15, {"submitted", "returned"}, set())],
)
def test_late_and_soon_are_told_by_working_days(
    office: Client, line: dict[str, Application], today: Any, days: int, late: set[str], soon: set[str]
) -> None:
    today(NOW + timedelta(days=days))
    found = office.get(BOARD).context["board"].columns
    assert {column.name for column in found if column.late} == late
    assert {column.name for column in found if column.soon} == soon
    only = columns(office, "?late=1")
    assert {name for name, states in only.items() if states} == late


def test_what_fell_due_before_the_pledge_was_changed_is_found_too(office: Client, world: World, today: Any) -> None:
    """Late ones on both sides of one that is in time: two spans of days."""
    call = world.open_call()
    for offset in (0, 1, 5, 6):
        each = world.submitted(call, title=f"Day {offset}")
        Application.objects.filter(pk=each.pk).update(state_since=NOW + timedelta(days=offset))
    today(NOW + timedelta(days=9))
    assert len(columns(office, "?late=1")["submitted"]) == 2
    assert office.get(f"{BOARD}?late=1").context["board"].late == 2


@pytest.mark.parametrize(
    ("query", "count"),
    [
        ("?q=project+0", 1),
        ("?q=harbour", 4),
        ("?q=nowhere", 0),
        ("?q=%00", 4),
        ("?q=%25", 0),
        ("?category=university", 4),
        ("?category=startup", 0),
        ("?call=CALL-2026-0001", 4),
        ("?call=CALL-1999-0001", 0),
        ("?state=eligible", 1),
        ("?state=nonsense", 4),
        ("?mine=1", 0),
        ("?sort=latest", 4),
        ("?page-submitted=99&page-returned=x", 4),
    ],
)
def test_the_board_can_be_narrowed(office: Client, line: dict[str, Application], query: str, count: int) -> None:
    found = columns(office, query)
    assert sum(len(states) for name, states in found.items() if name != "ended") == count


def test_the_longest_waiting_stands_first_unless_the_latest_is_asked_for(office: Client, world: World) -> None:
    call = world.open_call()
    for offset in (2, 0, 1):
        each = world.submitted(call, title=f"Day {offset}")
        Application.objects.filter(pk=each.pk).update(state_since=NOW - timedelta(days=offset))
    for query, order in (("", ["Day 2", "Day 1", "Day 0"]), ("?sort=latest", ["Day 0", "Day 1", "Day 2"])):
        cards = office.get(BOARD + query).context["board"].columns[0].cards
        assert [card.application.title for card in cards] == order


def test_who_took_it_in_hand_is_named_and_can_ask_for_it_alone(
    office: Client, officer: Person, line: dict[str, Application]
) -> None:
    code = line["submitted"].code
    for _ in range(2):
        assert office.post(f"/applications/{code}/check/take")["Location"] == f"/applications/{code}/check"
    assert Check.objects.filter(kind="taken").count() == 1
    assert columns(office, "?mine=1") == {
        "submitted": ["submitted"], "returned": [], "eligible": [], "assessed": [], "ended": [],
    }  # fmt: skip
    assert "<strong>Office:</strong>" in office.get(BOARD).content.decode()


def queries_for(client: Client, address: str) -> int:
    client.get(address)
    with CaptureQueriesContext(connection) as captured:
        assert client.get(address).status_code == HTTPStatus.OK
    return len(captured)


def test_more_applications_take_no_more_queries(office: Client, officer: Person, world: World) -> None:
    call = world.open_call()
    first = world.submitted(call)
    take_application(actor=actor_of(officer), application=first.code, now=NOW)
    service, desk = f"{BOARD}/service", f"/applications/{first.code}/check"
    addresses = [BOARD, f"{BOARD}?late=1&mine=1&q=a", f"{BOARD}.json", service, desk, "/"]
    before = {address: queries_for(office, address) for address in addresses}
    for number in range(20):
        world.put_organisation(f"place-{number}")
        each = world.submitted(call, organisation=f"place-{number}")
        take_application(actor=actor_of(officer), application=each.code, now=NOW)
    assert {address: queries_for(office, address) for address in addresses} == before
    assert max(before.values()) <= 25


def test_columns_come_in_pages(office: Client, world: World) -> None:
    call = world.open_call()
    for _ in range(12):
        world.submitted(call)
    assert [len(columns(office, query)["submitted"]) for query in ("", "?page-submitted=2")] == [8, 4]
    assert "page-submitted=2" in office.get(BOARD).content.decode()
    assert len(columns(office, "?state=submitted")["submitted"]) == 12


@pytest.mark.parametrize("address", [BOARD, f"{BOARD}.csv", f"{BOARD}/service", f"{BOARD}/service.json"])
def test_the_intake_is_for_those_who_work_for_the_programme(
    world: World, line: dict[str, Application], client: Client, address: str
) -> None:
    for email, role, place, status in (
        ("audit@example.org", Role.AUDITOR, {"programme": "hk-aiss-demo"}, HTTPStatus.OK),
        ("far@example.org", Role.OFFICE, {"programme": "hk-aiss"}, HTTPStatus.NOT_FOUND),
        ("score@example.org", Role.ASSESSOR, {"programme": "hk-aiss-demo"}, HTTPStatus.NOT_FOUND),
        ("chan@example.org", Role.MEMBER, {"organisation": world.organisation}, HTTPStatus.NOT_FOUND),
    ):
        client.force_login(person(email, role, **place))
        assert client.get(address).status_code == status, email


def test_who_is_shut_out_of_an_application_does_not_find_it_on_the_board(
    office: Client, officer: Person, line: dict[str, Application]
) -> None:
    Admission.objects.create(application=line["submitted"], person=officer.email, standing=Standing.SHUT_OUT, since=NOW)
    assert columns(office)["submitted"] == []
    assert line["submitted"].code not in office.get(f"{BOARD}.csv").content.decode()
    assert office.get(f"/applications/{line['submitted'].code}/check").status_code == HTTPStatus.NOT_FOUND


def test_files_hold_what_the_filters_let_through(office: Client, line: dict[str, Application], today: Any) -> None:
    today(NOW + timedelta(days=15))
    for query, states in (
        ("", ["submitted", "returned", "eligible", "assessed", "declined", "ineligible"]),
        ("?state=ended", ["declined", "ineligible"]),
        ("?state=eligible", ["eligible"]),
        ("?late=1", ["submitted", "returned"]),
        ("?late=1&state=submitted", ["submitted"]),
        ("?late=1&state=ended", []),
    ):
        rows = office.get(f"{BOARD}.json{query}").json()
        assert [row["state"] for row in rows] == states, query
        text = office.get(f"{BOARD}.csv{query}").content.decode()
        assert text.startswith("\ufeff")
        read = list(csv.DictReader(io.StringIO(text.removeprefix("\ufeff"))))
        assert [row["code"] for row in read] == [row["code"] for row in rows]
    assert read == []
    [row] = office.get(f"{BOARD}.json?state=submitted").json()
    assert (row["list_price"], row["currency"], row["pledge_due"], row["standing"], row["holder"]) == (
        "960000.00", "HKD", "2026-03-09", "late", "office",
    )  # fmt: skip


def test_a_file_runs_nothing_in_a_spreadsheet(office: Client, world: World) -> None:
    world.submitted(world.open_call(), title='=HYPERLINK("http://example.org")')
    rows = csv.DictReader(io.StringIO(office.get(f"{BOARD}.csv").content.decode()))
    assert [row["title"] for row in rows] == ['\'=HYPERLINK("http://example.org")']
    assert office.get(f"{BOARD}.exe").status_code == HTTPStatus.NOT_FOUND


def desk(application: Application) -> str:
    return f"/applications/{application.code}/check"


@pytest.fixture
def application(world: World, officer: Person) -> Application:
    return world.submitted(world.open_call())


def posted(choice: str, **more: str) -> dict[str, str]:
    return {"choice": choice, "round": "1"} | more


JUDGED = {f"outcome:{LAST_DAY}": "not_met", f"reason:{LAST_DAY}": "The notice of 27 February."}


@pytest.mark.parametrize(
    ("sent", "state"),
    [
        (posted("accept", note="All there."), "eligible"),
        (posted("return", question="Which institute?"), "returned"),
        (posted("reject", **JUDGED), "ineligible"),
        (posted("judge", **JUDGED), "submitted"),
    ],
)
def test_the_office_decides_by_its_form_and_a_form_sent_twice_decides_once(
    office: Client, application: Application, sent: dict[str, str], state: str
) -> None:
    for _ in range(2):
        answer = office.post(desk(application), sent)
        assert (answer.status_code, answer["Location"]) == (HTTPStatus.FOUND, desk(application))
    application.refresh_from_db()
    assert (application.state, Check.objects.count(), Letter.objects.count()) == (state, 1, int(state == "returned"))
    if state != "submitted":
        assert "Nothing was done a second time." in office.get(desk(application)).content.decode()


def test_what_is_wrong_stands_at_its_field_and_nothing_typed_is_lost(office: Client, application: Application) -> None:
    sent = posted("return", question=" ", note="A note.", **{f"outcome:{LAST_DAY}": "met", f"reason:{LAST_DAY}": ""})
    answer = office.post(desk(application), sent)
    page = answer.content.decode()
    assert answer.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    assert 'href="#question"' in page
    assert 'aria-describedby="question-help question-fault" aria-invalid="true"' in page
    assert "A note.</textarea>" in page
    assert f'name="outcome:{LAST_DAY}" value="met" checked' in page
    missing = office.post(desk(application), posted("accept", **{f"reason:{LAST_DAY}": "Why."}))
    assert missing.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    assert "Choose met or not met" in missing.content.decode()
    nothing = office.post(desk(application), {"round": "1"})
    assert "Nothing is chosen yet" in nothing.content.decode()
    assert Check.objects.count() == 0


def test_a_refusal_is_read_in_the_form(office: Client, application: Application) -> None:
    answer = office.post(desk(application), posted("reject", note="No."))
    assert answer.status_code == HTTPStatus.CONFLICT
    assert "no rule says no" in answer.content.decode()
    assert "No.</textarea>" in answer.content.decode()


def test_a_judgement_is_held_in_the_form_until_another_is_made(
    office: Client, officer: Person, application: Application
) -> None:
    met = Judgement(LAST_DAY, Outcome.MET, "The guide says so.")
    judge_findings(actor=actor_of(officer), application=application.code, now=NOW, judgements=[met])
    page = office.get(desk(application)).content.decode()
    assert f'name="outcome:{LAST_DAY}" value="met" checked' in page
    assert "The guide says so.</textarea>" in page


def test_a_form_that_read_an_earlier_round_decides_nothing(
    office: Client, officer: Person, application: Application
) -> None:
    return_application(actor=actor_of(officer), application=application.code, question="Which?", now=NOW)
    submit_application(actor=OPERATOR, application=application.code, now=NOW)
    answer = office.post(desk(application), posted("accept"))
    assert answer.status_code == HTTPStatus.FOUND
    assert "was handed in again meanwhile" in office.get(desk(application)).content.decode()
    application.refresh_from_db()
    assert application.state == "submitted"


def test_the_desk_shows_what_changed_since_the_round_before(
    office: Client, officer: Person, application: Application
) -> None:
    return_application(actor=actor_of(officer), application=application.code, question="Which?", now=NOW)
    submit_application(actor=OPERATOR, application=application.code, now=NOW)
    page = office.get(desk(application)).content.decode()
    assert "What changed since round 1" in page
    assert "Which?" in page
    assert "round 2" in page


def test_the_desk_shows_a_party_and_an_auditor_everything_but_the_form(
    world: World, application: Application, client: Client
) -> None:
    both = person("both@example.org", Role.OFFICE, programme="hk-aiss-demo")
    grant_role(actor=OPERATOR, email=both.email, role=Role.MEMBER, organisation=world.organisation, now=NOW)
    audit = person("audit@example.org", Role.AUDITOR, programme="hk-aiss-demo")
    for who, said in ((both, "You are a party to this application"), (audit, "Only the office decides here")):
        client.force_login(who)
        page = client.get(desk(application)).content.decode()
        assert said in page
        assert "Record it" not in page
        assert "Take it in hand" not in page
        assert client.post(desk(application), posted("accept")).status_code == HTTPStatus.FORBIDDEN
    application.refresh_from_db()
    assert application.state == "submitted"


def test_applicants_read_the_question_and_the_rules_that_are_not_met(
    world: World, line: dict[str, Application], client: Client
) -> None:
    client.force_login(person("chan@example.org", Role.MEMBER, organisation=world.organisation))
    asked = client.get(f"/applications/{line['returned'].code}").content.decode()
    assert "Which?" in asked
    refused = client.get(f"/applications/{line['ineligible'].code}").content.decode()
    assert "It has ended." in refused
    assert "calls.closes" in refused
    assert desk(line["returned"]) not in asked
    assert client.get(desk(line["returned"])).status_code == HTTPStatus.NOT_FOUND


def test_what_waits_for_the_office_is_said_at_the_start(
    office: Client, officer: Person, line: dict[str, Application], today: Any
) -> None:
    viewer = actor_of(officer)
    [check] = waiting(viewer, NOW)
    assert (check.count, check.due, check.address) == (1, date(2026, 3, 9), f"{BOARD}?state=submitted")
    after = NOW + timedelta(days=15)
    assert [(each.count, each.due) for each in waiting(viewer, after)] == [
        (1, date(2026, 3, 9)),
        (1, date(2026, 3, 16)),
    ]
    today(after)
    page = office.get("/").content.decode()
    assert "not answered in time: 1" in page
    assert waiting(actor_of(person("chan@example.org", Role.MEMBER, organisation="harbour-university")), NOW) == []


def test_the_service_report_counts_each_step_in_its_month(
    office: Client, officer: Person, world: World, today: Any
) -> None:
    actor, call = actor_of(officer), world.open_call()
    for days in (1, 3, 8):
        each = world.submitted(call)
        accept_application(actor=actor, application=each.code, now=NOW + timedelta(days=days))
    mark_assessed(actor=actor, application=each.code, now=NOW + timedelta(days=30))
    world.decided(each, Decision.DECLINE, reason="too vague", now=NOW + timedelta(days=31))
    today(NOW + timedelta(days=40))
    rows = office.get(f"{BOARD}/service.json").json()
    assert [tuple(row.values()) for row in rows] == [
        ("2026-04", "eligible", 1, "16", 16, 1, 1, "1"),
        ("2026-04", "assessed", 1, "23", 23, 1, 1, "1"),
        ("2026-03", "submitted", 3, "3", 6, 3, 2, "0.666"),
    ]
    page = office.get(f"{BOARD}/service").content.decode()
    assert "66.6%" in page
    assert "2 of 3" in page
    text = office.get(f"{BOARD}/service.csv").content.decode()
    assert len(text.splitlines()) == 4
    today(NOW + timedelta(days=500))
    assert json.loads(office.get(f"{BOARD}/service.json").content) == []


def test_who_works_for_one_programme_is_led_to_its_intake(office: Client, officer: Person) -> None:
    assert office.get("/intake")["Location"] == BOARD
    head = office.get(BOARD).content.decode().split("</header>")[0]
    assert 'href="/intake" aria-current="true"' in head
    grant_role(actor=OPERATOR, email=officer.email, role=Role.OFFICE, programme="hk-aiss", now=NOW)
    assert "/programmes/hk-aiss/intake" in office.get("/intake").content.decode()
