"""The pages: each table with its period, each in a few queries, nobody else's figures, and files of the same."""

from __future__ import annotations

import csv
import io
import json
from datetime import UTC, datetime
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils.html import strip_tags
from tests.charging.books import PROGRAMME, Books
from tests.metering.world import ACCOUNT, AWARD, SITE
from tests.usage.cluster import Cluster, node, queued
from tests.usage.world import NOW, nodes, ran, read_up_to

from lionrock.people.domain import Role
from lionrock.people.models import Organisation, Person, RoleGrant
from lionrock.sites.models import Site

pytestmark = pytest.mark.django_db

START = datetime(2026, 11, 9, 16, tzinfo=UTC)
PAGES = ("/use", "/use/waits", "/use/idle", "/use/efficiency")
FILES = ("/use.csv", "/use.json", "/use/over-time.csv", "/use/waits.json", "/use/idle.csv", "/use/efficiency.json")


@pytest.fixture
def centre(books: Books, monkeypatch: pytest.MonkeyPatch) -> Cluster:
    """A cluster in use by two organisations and by a secret project of somebody else."""
    monkeypatch.setattr("django.utils.timezone.now", lambda: NOW)
    made = Cluster()
    monkeypatch.setattr("lionrock.usage.actions.slurm_of", lambda _site: made)
    read_up_to()
    nodes("h800", 4, 8)
    books.put_award("AW-2026-0009", "u2")
    for account, gpus in ((ACCOUNT, 1), ("aw-2026-0009", 2), ("secret", 4)):
        ran(START, 3600, account=account, gpus=gpus)
    return made


def signed_in(role: Role, *, programme: str = "", organisation: str = "") -> Client:
    place = Organisation.objects.get(code=organisation) if organisation else None
    person = Person.objects.create(email=f"{role}{organisation}@example.org", name="P", created_at=NOW)
    RoleGrant.objects.create(person=person, role=role.value, programme=programme, organisation=place, granted_at=NOW)
    client = Client()
    client.force_login(person)
    return client


@pytest.fixture
def office(centre: Cluster) -> Client:
    return signed_in(Role.OFFICE, programme=PROGRAMME)


@pytest.fixture
def member(centre: Cluster) -> Client:
    return signed_in(Role.MEMBER, organisation="u2")


def text(client: Client, path: str) -> str:
    answer = client.get(path)
    assert answer.status_code == 200, answer.content.decode()
    return answer.content.decode()


def test_every_page_says_its_period_and_its_capacity(office: Client) -> None:
    page = text(office, "/use?from=2026-11-10&to=2026-11-10")
    assert "10 November 2026" in page
    shown = " ".join(strip_tags(page).split())
    assert "h800 North GPU h800 7 768 not known 0.91%" in shown
    assert "<svg viewBox" in page
    assert "chart-capacity" in page
    for path in PAGES:
        assert "2026" in text(office, path)


def test_what_nobody_knows_is_written_so(office: Client) -> None:
    Site.objects.get().pools.update(nodes=0)
    page = text(office, "/use")
    assert "not known" in page
    assert "Capacity: not known" in page


def test_members_find_nothing_of_anybody_else(member: Client) -> None:
    for path in (*PAGES, *FILES):
        found = text(member, path)
        assert AWARD not in found, path
        assert "secret" not in found, path


def test_members_cannot_ask_for_the_whole_centre(member: Client) -> None:
    for query in ("by=site", "by=pool", "by=programme", "by=category", f"by=pool&site={SITE}"):
        for path in ("/use", "/use.csv", "/use/over-time.json"):
            assert member.get(f"{path}?{query}").status_code == 403, query


def test_a_member_sees_the_own_figure(member: Client) -> None:
    [row] = json.loads(member.get("/use.json").content)
    assert (row["name"], row["used_device_seconds"]) == ("AW-2026-0009", 7200)


def test_files_have_the_figures_of_the_page_and_their_period(office: Client) -> None:
    asked = "?from=2026-11-10&to=2026-11-10&by=category"
    rows = list(csv.DictReader(io.StringIO(office.get(f"/use.csv{asked}").content.decode("utf-8-sig"))))
    found = {row["name"]: (row["used_device_seconds"], row["capacity_device_seconds"]) for row in rows}
    capacity = str(4 * 8 * 86400)
    assert found == {"startup": (str(3 * 3600), capacity), "outside": (str(4 * 3600), capacity)}
    assert {(row["from"], row["to"]) for row in rows} == {("2026-11-10", "2026-11-10")}
    steps = json.loads(office.get("/use/over-time.json?from=2026-11-10&to=2026-11-11").content)
    used = [row["used_device_seconds"] for row in steps if row["device"] == "gres/gpu:h800"]
    assert used == [7 * 3600, 0]


NO_PERIODS = (
    "from=2026-11-10&to=2026-11-01",
    "from=2027-01-01",
    "from=0001-01-01&to=9999-12-31",
    "from=%00&to=%27%3B--",
    "from=2026-02-30",
)


def test_a_period_that_is_none_is_said_to_be(office: Client) -> None:
    for path in ("/use", "/use.csv", "/use/waits", "/use/efficiency"):
        for query in NO_PERIODS:
            answer = office.get(f"{path}?{query}")
            assert answer.status_code == 422, (path, query)
            assert "Traceback" not in answer.content.decode()


STRANGE = {
    "/use?site=nowhere": 404,
    "/use?site=%00": 200,
    "/use?site=%27%20OR%201%3D1": 404,
    "/use?by=everything": 200,
    "/use.xlsx": 404,
    "/use/waits.pdf": 404,
    "/use/idle?part=-1": 200,
    "/use/clusters/nowhere": 404,
}


def test_strange_questions_have_plain_answers(office: Client) -> None:
    assert {path: office.get(path).status_code for path in STRANGE} == STRANGE


def test_names_that_try_to_be_markup_stay_names(office: Client) -> None:
    Site.objects.update(name="<script>alert(1)</script>")
    Site.objects.get().pools.filter(name="h800").update(name='"><b>')
    page = text(office, "/use")
    assert "<script>alert" not in page
    assert "<b>" not in page


def test_a_page_takes_no_more_queries_for_more(office: Client, books: Books) -> None:
    paths = (*PAGES, f"/use/clusters/{SITE}")
    before = {path: queries(office, path) for path in paths}
    for each in range(4):
        books.put_award(f"AW-2027-000{each}", f"more{each}")
        ran(START, 3600, account=f"aw-2027-000{each}")
    assert {path: queries(office, path) for path in paths} == before
    assert max(before.values()) <= 24


def queries(client: Client, path: str) -> int:
    """Return how many queries a page takes when it is opened again."""
    text(client, path)
    with CaptureQueriesContext(connection) as made:
        text(client, path)
    return len(made)


def test_a_cluster_is_shown_with_what_waits_and_why(office: Client) -> None:
    answer = office.get(reverse("usage_live:list"))
    assert answer.headers["Location"] == f"/use/clusters/{SITE}"
    page = text(office, f"/use/clusters/{SITE}")
    for part in ("1 job runs", "1 waits", "fan broken", "IDLE+DRAIN", "Resources", "until enough devices are free"):
        assert part in page


def test_what_a_cluster_says_is_shown_and_never_run(office: Client, centre: Cluster) -> None:
    centre.nodes = node("<b>n1</b>", "DOWN", reason='<script>alert("fan")</script>')
    centre.queue = (
        queued("<i>h800</i>", "PENDING", because="<u>Odd</u>") + "no such line\n" + queued("a", "RUNNING", "x")
    )
    page = text(office, f"/use/clusters/{SITE}")
    for mark in ("<script>alert", "<b>n1", "<i>h800", "<u>Odd"):
        assert mark not in page
    assert "&lt;script&gt;alert" in page
    assert "1 job runs" in page


def test_one_site_alone_can_be_asked_for(office: Client) -> None:
    Site.objects.create(
        code="other", name="Other", time_zone="Asia/Hong_Kong", programme=PROGRAMME, driver="local", created_at=NOW
    )
    assert [row["site"] for row in json.loads(office.get("/use.json?by=site&site=other").content)] == []
    assert json.loads(office.get("/use.json?by=award&site=other").content) == []
    assert '<option value="other" selected>' in text(office, "/use?site=other")
    assert f'<option value="{SITE}">' in text(office, "/use?site=other")


def test_a_cluster_that_is_away_is_a_page_and_no_error(office: Client, centre: Cluster) -> None:
    centre.away = True
    page = text(office, f"/use/clusters/{SITE}")
    assert "does not answer now" in page
    assert "never answered" in page


def test_what_a_cluster_is_at_is_not_for_members(member: Client, centre: Cluster) -> None:
    for path in ("/use/clusters", f"/use/clusters/{SITE}"):
        assert member.get(path).status_code == 403
    assert centre.asked == 0


def test_nothing_of_use_is_public(centre: Cluster) -> None:
    for path in (*PAGES, *FILES, "/use/clusters"):
        answer: Any = Client().get(path)
        assert answer.status_code == 302
        assert answer.headers["Location"].startswith("/sign-in")


def test_an_answer_is_kept_by_no_cache(office: Client) -> None:
    for path in FILES:
        assert office.get(path).headers["Cache-Control"] == "private, no-store"
