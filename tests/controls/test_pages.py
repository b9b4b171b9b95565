"""The pages: answers, faults, sources, files; in a few queries, however much is asked."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from html import unescape
from pathlib import Path

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils.html import strip_tags
from pytest_django.fixtures import Settings
from tests.controls.book import RULEBOOK, on_file

from lionrock.people.domain import Role
from lionrock.people.models import Person, RoleGrant
from lionrock.rules.faultlog import FaultLog
from lionrock.rules.sources import load_sources

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 2, 1, tzinfo=UTC)
JOURNEY = "date=2026-02-01&to=HK&from=US&headquarters=HK"
PAGES = {
    f"/controls?chip=nvidia-h200-sxm-141gb&{JOURNEY}": "Presumed|Case by case",
    "/controls/between?chip=nvidia-h20-96gb&until=2026-02-01&to=HK&from=US&headquarters=HK": "unchanged",
    f"/controls/alternatives?{JOURNEY}": "AMD Instinct MI325X",
    "/controls/accelerators": "Moore Threads MTT S4000",
    "/controls/accelerators/nvidia-l4": "https://nvdam.widen.net/s/rvq98gbwsw/l4-datasheet-2595652",
    "/controls/over-time": "14,226",
}


@pytest.fixture
def client(settings: Settings) -> Client:
    settings.LIONROCK_RULEBOOK = RULEBOOK
    person = Person.objects.create(email="compliance@example.org", name="P", created_at=NOW)
    RoleGrant.objects.create(person=person, role=Role.COMPLIANCE.value, programme="hk-aiss-demo", granted_at=NOW)
    signed_in = Client()
    signed_in.force_login(person)
    return signed_in


@pytest.mark.parametrize(("path", "part"), PAGES.items())
def test_a_page_tells_in_a_few_queries(client: Client, path: str, part: str) -> None:
    with CaptureQueriesContext(connection) as asked:
        answer = client.get(path)
    assert answer.status_code == 200
    assert any(each in answer.content.decode() for each in part.split("|"))
    assert len(asked) <= 6


def test_it_says_that_it_is_no_legal_advice_and_leads_to_the_text(client: Client) -> None:
    page = client.get(f"/controls?chip=nvidia-h200-sxm-141gb&{JOURNEY}").content.decode()
    assert "no legal advice" in page
    assert 'href="https://www.govinfo.gov/content/pkg/FR-2026-01-15/html/2026-00789.htm"' in page
    assert 'href="https://nvdam.widen.net/s/nb5zzzsjdf/hpc-datasheet-sc23-h200-datasheet-3002446"' in page


def test_what_is_missing_is_named_and_unknown_is_not_none(client: Client) -> None:
    text = strip_tags(client.get(f"/controls?chip=mthreads-mtt-s4000&{JOURNEY}").content.decode())
    assert "It is not known without: die_area_mm2. Unknown is not none." in text


@pytest.mark.parametrize(
    ("path", "said"),
    [
        ("/controls?chip=nobody&date=2026-02-01&to=XX", "is not in the catalogue"),
        ("/controls?chip=nvidia-l4&date=soon&to=HK", "is not a date"),
        ("/controls?chip=nvidia-l4&date=2019-12-31&to=HK", "the first version of the rules"),
        ("/controls?chip=nvidia-l4&date=2020-01-01&to=HK", "Nothing can be said of HK"),
        ("/controls?to=HK", "Nothing is asked about"),
        ("/controls/between?chip=nvidia-l4&date=2026-01-01&until=soon&to=HK", "is not a date"),
        ("/controls/alternatives?date=2026-02-01&to=XX", "no country code"),
    ],
)
def test_a_question_that_cannot_be_answered_is_told_why(client: Client, path: str, said: str) -> None:
    answer = client.get(path)
    assert answer.status_code == 422
    assert said in answer.content.decode()


def test_the_file_says_the_same_in_the_words_of_the_command(client: Client) -> None:
    answer = client.get(f"/controls.json?chip=nvidia-h200-sxm-141gb&{JOURNEY}").json()
    assert (answer["eccn_para"], answer["authorisation"], answer["review_policy"]) == (
        "3A090.a.1",
        "licence_required",
        "case_by_case",
    )
    assert client.get("/controls.json?chip=nobody&to=HK").status_code == 422
    assert client.get("/controls/accelerators/nobody").status_code == 404


def test_a_rulebook_without_a_story_tells_none(client: Client, settings: Settings, tmp_path: Path) -> None:
    for file in ("sources.yaml", "units.yaml", "accelerators.csv", "controls"):
        (tmp_path / file).symlink_to(RULEBOOK / file)
    (tmp_path / "controls").unlink()
    (tmp_path / "controls").mkdir()
    for file in (RULEBOOK / "controls").glob("*.yaml"):
        if file.name != "story.yaml":
            (tmp_path / "controls" / file.name).symlink_to(file)
    (tmp_path / "programmes").symlink_to(RULEBOOK / "programmes")
    settings.LIONROCK_RULEBOOK = tmp_path
    assert client.get("/controls/over-time").status_code == 404
    assert client.get("/controls/accelerators").status_code == 200


ASKED = (
    f"/controls?chip=mthreads-mtt-s4000&chip2=nvidia-l40&use=military&{JOURNEY}",
    f"/controls?chip=amd-mi325x&{JOURNEY}",
    "/controls?chip=nvidia-h20-96gb&date=2025-04-09&to=SG&from=TW&headquarters=CN",
    *PAGES,
)


SOURCES = load_sources(RULEBOOK / "sources.yaml", FaultLog()).values()


def sources_on_file() -> set[str]:
    """Return the addresses of all sources of the rulebook and of all figures of the catalogue."""
    figures = {address for item in on_file().items.values() for address in item.sources.values()}
    return figures | {source.address for source in SOURCES if source.address}


@pytest.mark.parametrize("path", ASKED)
def test_every_link_of_a_page_leads_somewhere_and_every_figure_to_its_source(client: Client, path: str) -> None:
    page = client.get(path).content.decode()
    ids = set(re.findall(r'\bid="([^"]+)"', page))
    links = {unescape(link) for link in re.findall(r'<a [^>]*href="([^"]+)"', page)}
    outside = {link for link in links if link.startswith("http")}
    assert outside <= sources_on_file()
    assert {link[1:] for link in links if link.startswith("#")} <= ids
    inside = {link for link in links if link.startswith(("/controls", "?"))}
    for link in sorted(inside)[:12]:
        address = link if link.startswith("/") else path.partition("?")[0] + link
        assert client.get(address).status_code == 200, address
    bare = [
        each
        for each in re.findall(r'<ul class="rests-on">(.*?)</ul>', page, re.S)
        for each in re.findall(r"<li>(.*?)</li>", each, re.S)
        if "<a " not in each and not any(source.title in unescape(each) for source in SOURCES if not source.address)
    ]
    assert bare == []


def test_the_quantities_of_an_answer_lead_to_the_first_figures(client: Client) -> None:
    page = client.get(f"/controls?chip=amd-mi325x&{JOURNEY}").content.decode()
    quantities = page.partition('<dl class="quantities">')[2].partition("</dl>")[0]
    shown = re.findall(r'<a href="(https://[^"]+)" rel="external noreferrer">([^<]+)</a>', quantities)
    assert {value for _, value in shown} >= {"2614.9", "1017", "896", "6000"}
    close = page.partition("Lines within five per cent")[2].partition("</table>")[0]
    assert ">21000</a>" in close
