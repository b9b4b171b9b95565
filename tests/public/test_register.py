"""The public register: who is in it, what is shown of the assessment, what is withheld and counted; no person in it."""

from __future__ import annotations

import csv
import io
import json
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from tests.calls.world import NOW, OPERATOR, World

from lionrock.assurance.models import Condition, Dossier, Written
from lionrock.awards.models import Award
from lionrock.kernel.errors import Conflict, Invalid
from lionrock.public.actions import show_again, withhold_project
from lionrock.public.queries.register import listed, projects
from lionrock.public.register_exports import FIELDS

pytestmark = pytest.mark.django_db

OWN = "hk-aiss-demo"
BASE = f"/programmes/{OWN}/register"


@pytest.fixture
def award(world: World) -> Award:
    world.put_fund("10000000.00")
    return world.awarded(world.open_call())


def assess(award: Award) -> None:
    """Put a dossier on file: high tier by health, a person in the loop, one condition."""
    dossier = Dossier.objects.create(
        application=award.application, programme=OWN, profiles=[], asked_on=NOW.date(), state="conditional",
        state_since=NOW, tier="high", at_most="high", oversight="in_the_loop", begun_at=NOW, begun_by="ada@example.org",
    )  # fmt: skip
    Written.objects.create(dossier=dossier, key="q.use", value=["health"], version=1, by="ada@example.org", at=NOW)
    Condition.objects.create(
        dossier=dossier, number=1, item="RA-14", owner="ada@example.org", due=NOW.date() + timedelta(days=9),
        proof="The secret report.", binds="before_first_job", laid_by="ho@example.org", laid_at=NOW,
    )  # fmt: skip


def test_a_project_is_listed_with_tier_uses_and_conditions_and_without_a_person(award: Award, client: Client) -> None:
    assess(award)
    page = client.get(f"{BASE}/{award.code}").content.decode()
    for shown in ("Weather models", "A name", "High", "Supports diagnosis or treatment", "RA-14"):
        assert shown in page
    for path in (f"{BASE}/{award.code}", BASE, f"{BASE}.csv", f"{BASE}.json"):
        said = client.get(path).content.decode()
        assert "@example.org" not in said
        assert "secret report" not in said
        assert "Chan Tai Man" not in said


def test_open_data_have_every_field_in_csv_and_json(award: Award, client: Client) -> None:
    assess(award)
    answer = client.get(f"{BASE}.csv")
    [row] = csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig")))
    assert list(row) == list(FIELDS)
    assert (row["id"], row["tier"], row["review"], row["uses"]) == (award.code, "high", "conditional", "health")
    assert row["conditions"] == "RA-14/before_first_job/open"
    assert answer["Access-Control-Allow-Origin"] == "*"
    data = json.loads(client.get(f"{BASE}.json").content)
    assert (data["count"], data["withheld"], set(data["projects"][0])) == (1, {}, set(FIELDS))
    assert data["projects"][0]["tier"]["names"]["zh-hant"] == "高"
    assert client.get(f"{BASE}.xml").status_code == 404
    assert client.get(f"{BASE}/AW-1999-0001").status_code == 404


def test_what_is_withheld_says_why_and_is_counted(award: Award, client: Client) -> None:
    with pytest.raises(Invalid) as refused:
        withhold_project(actor=OPERATOR, award=award.code, ground="shy", why=" ", now=NOW)
    assert {fault.field for fault in refused.value.faults} == {"ground", "why"}
    withhold_project(actor=OPERATOR, award=award.code, ground="trade_secret", why="Their letter.", now=NOW)
    with pytest.raises(Conflict):
        withhold_project(actor=OPERATOR, award=award.code, ground="law", why="Again.", now=NOW)
    for path in (BASE, f"{BASE}/{award.code}", f"{BASE}.csv", f"{BASE}.json"):
        said = client.get(path).content.decode()
        assert "Weather models" not in said
        assert "Their letter" not in said
    assert "It would give away a trade secret: 1" in client.get(BASE).content.decode()
    assert json.loads(client.get(f"{BASE}.json").content)["withheld"] == {"trade_secret": 1}
    show_again(actor=OPERATOR, award=award.code, now=NOW)
    assert "Weather models" in client.get(BASE).content.decode()
    with pytest.raises(Conflict):
        show_again(actor=OPERATOR, award=award.code, now=NOW)


def test_offers_that_nobody_accepted_are_not_in_it(world: World, client: Client) -> None:
    world.put_fund("10000000.00")
    world.decided(world.submitted(world.open_call()), accept=False)
    assert "No project has been given computing power yet." in client.get(BASE).content.decode()


def test_more_projects_take_no_more_queries(world: World) -> None:
    world.put_fund("10000000.00")
    call = world.open_call()
    counts = []
    for _ in range(2):
        assess(world.awarded(call))
        with CaptureQueriesContext(connection) as seen:
            found = list(projects(listed(OWN)))
        counts.append(len(seen))
    assert (len(found), counts[0]) == (2, counts[1])
