"""Who may open which page, what lists give away, and what pages are made of."""

from __future__ import annotations

from http import HTTPStatus

import pytest
from django.conf import settings
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from tests.web import scene as making
from tests.web.scene import PROGRAMME, PROJECTS, Scene, set_scene

from lionrock.people.domain import Role
from lionrock.people.models import Person

pytestmark = pytest.mark.django_db


@pytest.fixture
def scene() -> Scene:
    """A small programme in full swing."""
    return set_scene()


@pytest.fixture
def office(client: Client, scene: Scene) -> Client:
    """The programme's office, signed in."""
    client.force_login(scene.office)
    return client


def signed_in(person: Person) -> Client:
    client = Client()
    client.force_login(person)
    return client


def pages_of(award: str, statement: str) -> list[str]:
    return [f"/awards/{award}", f"/statements/{statement}", f"/statements/{statement}.pdf"]


def test_members_see_what_is_their_organisations_and_nothing_else(scene: Scene) -> None:
    theirs, others = scene.awards[0], scene.awards[1]
    of = {paper.organisation.code: paper.number for paper in scene.statements}
    client = signed_in(scene.member)
    for address in pages_of(theirs.code, of["harbour-university"]):
        assert client.get(address).status_code == HTTPStatus.OK, address
    for address in pages_of(others.code, of["peak-robotics"]):
        assert client.get(address).status_code == HTTPStatus.NOT_FOUND, address
    assert client.get(f"/programmes/{PROGRAMME}/fund").status_code == HTTPStatus.NOT_FOUND


def test_what_is_hidden_looks_like_what_does_not_exist(scene: Scene) -> None:
    client = signed_in(scene.stranger)
    hidden = client.get(f"/awards/{scene.awards[0].code}").content.decode()
    missing = client.get("/awards/AW-2025-9999").content.decode()
    assert hidden.replace(scene.awards[0].code, "AW-2025-9999").split("<main")[1] == missing.split("<main")[1]


@pytest.mark.parametrize("query", ["", "?q=language", "?q=harbour", "?q=AW-2025-0001", "?state=active", "?q=%25"])
def test_lists_and_searches_leak_nothing(scene: Scene, query: str) -> None:
    client = signed_in(scene.stranger)
    for address in ("/awards", "/statements"):
        page = client.get(address + query).content.decode().split("<main")[1].split("<table")[-1]
        assert "Harbour University" not in page
        assert PROJECTS[0][0] not in page


def test_somebody_without_any_role_sees_empty_lists(client: Client, scene: Scene) -> None:
    client.force_login(making.person("new@example.org", "New"))
    assert "There are no awards yet" in client.get("/awards").content.decode()
    assert "There are no statements yet" in client.get("/statements").content.decode()


def test_roles_for_another_programme_open_nothing(scene: Scene) -> None:
    other = making.works_for(making.person("far@example.org", "Far"), Role.FINANCE, programme="elsewhere")
    client = signed_in(other)
    for address in (f"/programmes/{PROGRAMME}/fund", *pages_of(scene.awards[0].code, scene.statements[0].number)):
        assert client.get(address).status_code == HTTPStatus.NOT_FOUND


def test_the_start_shows_what_waits(scene: Scene) -> None:
    for person in (scene.office, scene.member, scene.stranger):
        start = signed_in(person).get("/")
        assert start.status_code == 200
        assert "What waits for you" in start.content.decode()


def test_only_those_who_work_for_a_programme_are_offered_its_fund(scene: Scene) -> None:
    for person, offered in ((scene.office, True), (scene.member, False)):
        head = signed_in(person).get("/awards").content.decode().split("</header>")[0]
        assert head.count('href="/funds"') == int(offered)


def test_the_only_fund_is_shown_at_once_and_others_see_none(scene: Scene) -> None:
    assert signed_in(scene.office).get("/funds")["Location"] == f"/programmes/{PROGRAMME}/fund"
    assert "no fund to see" in signed_in(scene.member).get("/funds").content.decode()


def test_the_fund_adds_up_on_its_page(office: Client) -> None:
    page = office.get(f"/programmes/{PROGRAMME}/fund").context["fund"]
    assert page.appropriated == page.free + page.committed + page.spent
    assert page.spent.minor > 0


def test_the_award_page_says_what_was_decided_and_why(office: Client, scene: Scene) -> None:
    page = office.get(f"/awards/{scene.awards[2].code}").content.decode()
    for said in ("90%", "an exceptional rate", "No other group in the city can do this.", "Vetting committee"):
        assert said in page
    assert "1 June 2025" in page
    assert "31 May 2026" in page
    assert "subsidy.exceptional_rate_max" in page


def test_an_award_that_ended_shows_what_it_gave_back_and_why(office: Client, scene: Scene) -> None:
    page = office.get(f"/awards/{scene.awards[1].code}").content.decode()
    assert "Given back to the fund" in page
    assert "moved its training to its own machines" in page


def test_the_statement_page_agrees_with_its_files(office: Client, scene: Scene) -> None:
    number = scene.statements[0].number
    paper = office.get(f"/statements/{number}").context["paper"]
    told = office.get(f"/statements/{number}.json").json()
    assert (told["gross"], told["subsidy"], told["user"]) == (paper.gross.minor, paper.subsidy.minor, paper.user.minor)
    assert office.get(f"/statements/{number}.csv").content.decode().count("\r\n") == len(paper.lines) + 1
    pdf = office.get(f"/statements/{number}.pdf")
    assert pdf.content.startswith(b"%PDF")
    assert number in pdf["Content-Disposition"]
    assert office.get(f"/statements/{number}.exe").status_code == HTTPStatus.NOT_FOUND


def test_looking_writes_nothing_but_what_was_read(office: Client, scene: Scene) -> None:
    lists = ["/", "/awards", "/statements", f"/programmes/{PROGRAMME}/fund", "/nowhere", "/sign-in", "/language"]
    for address in [*lists, *pages_of(scene.awards[0].code, scene.statements[0].number)]:
        for ask in (office.get, office.head, Client().get):
            with CaptureQueriesContext(connection) as captured:
                ask(address)
            wrote = [query["sql"] for query in captured if not query["sql"].lstrip("(").startswith("SELECT")]
            assert all(each.startswith('UPDATE "notices_notice" SET "read_at"') for each in wrote), address


def test_no_cache_keeps_a_page(office: Client, scene: Scene) -> None:
    for address in ("/awards", "/nowhere", *pages_of(scene.awards[0].code, scene.statements[0].number)):
        assert office.get(address)["Cache-Control"] == "private, no-store", address


def queries_for(client: Client, address: str) -> int:
    client.get(address)
    with CaptureQueriesContext(connection) as captured:
        client.get(address)
    return len(captured)


def test_longer_lists_take_no_more_queries(office: Client, scene: Scene) -> None:
    before = {address: queries_for(office, address) for address in ("/awards", "/statements")}
    opened = scene.awards[0].application.call
    for number in range(10, 16):
        place = making.organisation(f"place-{number}", f"Place {number}")
        making.award(number, opened, place, (f"Project {number}", "", ""))
    assert {address: queries_for(office, address) for address in before} == before
    assert max(before.values()) <= 12


def test_long_lists_come_in_pages(office: Client, scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("lionrock.web.listing.ROWS_PER_PAGE", 2)
    first, second = (office.get(f"/awards?state=&page={number}") for number in (1, 2))
    assert len(first.context["rows"]) == 2
    assert len(second.context["rows"]) == 1
    assert "Page 1 of 2" in first.content.decode()
    assert office.get("/awards?page=nonsense").status_code == HTTPStatus.OK
    assert len(office.get("/awards?page=99").context["rows"]) == 1


@pytest.mark.parametrize(
    ("query", "codes"),
    [
        ("", ["AW-2025-0003", "AW-2025-0002", "AW-2025-0001"]),
        ("?state=withdrawn", ["AW-2025-0002"]),
        ("?state=nonsense", ["AW-2025-0003", "AW-2025-0002", "AW-2025-0001"]),
        ("?q=typhoon", ["AW-2025-0003"]),
        ("?q=山頂", ["AW-2025-0002"]),
        ("?q=delta&state=withdrawn", []),
        ("?q=a%00b", []),
        ("?q=%27%3B--", []),
    ],
)
def test_the_list_of_awards_can_be_narrowed(office: Client, query: str, codes: list[str]) -> None:
    rows = office.get(f"/awards{query}").context["rows"]
    assert [row[0].code for row in rows] == codes


def test_names_that_try_to_be_markup_stay_names(office: Client, scene: Scene) -> None:
    hostile = "<script>alert(1)</script>\"'&{{ 7|add:7 }}"
    place = making.organisation("hostile", hostile)
    made = making.award(10, scene.awards[0].application.call, place, (hostile, hostile, hostile), reason=hostile)
    scene.office.name = hostile
    scene.office.save()
    for address in ("/awards", f"/awards/{made.code}", f"/awards?q={hostile}"):
        page = office.get(address).content.decode()
        assert "<script" not in page
        assert "&lt;script&gt;alert(1)&lt;/script&gt;&quot;&#x27;&amp;{{ 7|add:7 }}" in page


@pytest.mark.parametrize("address", ["/sign-in", "/nowhere", "/awards", "/statements", f"/programmes/{PROGRAMME}/fund"])
def test_no_page_may_run_foreign_scripts_or_be_framed(office: Client, address: str) -> None:
    response = office.get(address)
    policy = dict(part.split(" ", 1) for part in response["Content-Security-Policy"].split("; "))
    assert policy["default-src"] == "'none'"
    assert policy["frame-ancestors"] == "'none'"
    assert "unsafe" not in response["Content-Security-Policy"]
    assert policy["script-src"] == "'self'"
    assert response["X-Frame-Options"] == "DENY"


@pytest.mark.parametrize("address", ["/awards", "/awards/AW-2025-0001", f"/programmes/{PROGRAMME}/fund", "/statements"])
def test_pages_hold_nothing_that_the_policy_forbids(office: Client, address: str) -> None:
    page = office.get(address).content.decode()
    for forbidden in ("<script", "<style", " style=", " onclick=", "javascript:", "http://www.w3.org"):
        assert forbidden not in page


@pytest.fixture
def chan() -> Person:
    """Somebody who can sign in by the form."""
    return making.person("chan@example.org", "Chan Tai Man", password="granite over the harbour")


def test_signing_in_leads_on_to_where_one_wanted_to_be(client: Client, chan: Person) -> None:
    wrong = client.post("/sign-in", {"username": "chan@example.org", "password": "wrong"})
    assert "do not belong together" in wrong.content.decode()
    right = client.post(
        "/sign-in", {"username": "CHAN@example.org", "password": "granite over the harbour", "next": "/statements"}
    )
    assert right["Location"] == "/statements"


def test_signing_in_never_leads_to_another_site(client: Client, chan: Person) -> None:
    response = client.post(
        "/sign-in",
        {"username": "chan@example.org", "password": "granite over the harbour", "next": "https://example.org/"},
    )
    assert response["Location"] == "/"


def test_signing_out_takes_a_form_and_ends_it(office: Client) -> None:
    assert office.get("/sign-out").status_code == HTTPStatus.METHOD_NOT_ALLOWED
    assert office.post("/sign-out")["Location"] == "/sign-in"
    assert office.get("/awards").status_code == HTTPStatus.FOUND


def test_somebody_inactive_cannot_sign_in(client: Client, chan: Person) -> None:
    Person.objects.filter(pk=chan.pk).update(is_active=False)
    client.post("/sign-in", {"username": "chan@example.org", "password": "granite over the harbour"})
    assert client.get("/awards").status_code == HTTPStatus.FOUND


def test_the_language_on_file_is_used_until_another_is_chosen(client: Client) -> None:
    making.person("ho@example.org", "Ho", language="zh-hant", password="granite over the harbour")
    sent = {"username": "ho@example.org", "password": "granite over the harbour"}
    client.post("/sign-in", sent)
    assert '<html lang="zh-Hant">' in client.get("/awards").content.decode()
    client.post("/language", {"language": "zh-hans", "next": "/awards"})
    client.post("/sign-out")
    client.post("/sign-in", sent)
    assert '<html lang="zh-Hans">' in client.get("/awards").content.decode()


@pytest.mark.parametrize(("language", "tag"), [("en", "en"), ("zh-hant", "zh-Hant"), ("zh-hans", "zh-Hans")])
def test_choosing_a_language_works_signed_in_or_not_and_comes_back(client: Client, language: str, tag: str) -> None:
    response = client.post("/language", {"language": language, "next": "/sign-in"})
    assert response["Location"] == "/sign-in"
    page = client.get("/sign-in").content.decode()
    assert f'<html lang="{tag}">' in page
    assert page.count("aria-current") == 1


def test_names_come_in_the_language_of_the_page(office: Client) -> None:
    office.cookies[settings.LANGUAGE_COOKIE_NAME] = "zh-hant"
    page = office.get("/awards").content.decode()
    assert "海港大學" in page
    assert PROJECTS[0][1] in page
    assert "2025年3月1日" in page


def test_an_empty_fund_says_how_money_comes_into_it(client: Client) -> None:
    client.force_login(making.works_for(making.person("a@example.org", "A"), Role.FINANCE))
    assert "Nothing has been put into the fund yet" in client.get(f"/programmes/{PROGRAMME}/fund").content.decode()
