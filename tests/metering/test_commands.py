"""`lionrock metering`, and its pages."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
from click.testing import CliRunner, Result
from django.test import Client
from tests.charging.books import PROGRAMME, Books
from tests.metering.recorded import Recorded, run_row
from tests.metering.world import ACCOUNT, ADMIN, SITE, at

from lionrock.kernel.errors import Unavailable
from lionrock.metering.actions import collect
from lionrock.metering.commands import metering
from lionrock.metering.models import HeldRow, Reconciliation
from lionrock.people.domain import Role
from lionrock.people.models import Person, RoleGrant
from lionrock.sites.models import Site

NOON = 1_795_360_000
AT = ["--at", "2026-11-22T15:10:00Z"]
HOUR = 3600


def run(*words: str) -> Result:
    return CliRunner().invoke(metering, list(words), catch_exceptions=False)


@pytest.fixture
def filled(books: Books, cluster: Recorded) -> Recorded:
    """A run that is charged and one that is held."""
    cluster.rows = [run_row("7", NOON, NOON + 100), run_row("8", NOON, NOON + 50, Partition="night")]
    return cluster


def test_collecting_tells_what_became_of_the_rows(filled: Recorded) -> None:
    said = run("collect", "--site", SITE, *AT, "--json")
    assert said.exit_code == 0
    found = json.loads(said.stdout)
    assert found["site"] == SITE
    assert {name: found["rows"][name] for name in ("rows", "charged", "held")} == {"rows": 2, "charged": 1, "held": 1}
    assert "2 rows, up to 2026-11-22 15:10Z" in said.stderr


def test_status_and_held_tell_how_it_stands(filled: Recorded) -> None:
    run("collect", "--site", SITE, *AT)
    (status,) = json.loads(run("status", "--at", "2026-11-22T16:10:00Z", "--json").stdout)
    assert (status["site"], status["lag"], status["held"]) == (SITE, HOUR, 1)
    (held,) = json.loads(run("held", "--site", SITE, "--json").stdout)
    assert (held["job"], held["code"]) == ("8", "metering.row.pool")
    assert "night" in held["reason"]
    assert json.loads(run("held", "--site", "south", "--json").stdout) == []


def test_a_difference_ends_with_a_status_of_its_own(filled: Recorded) -> None:
    filled.rows = filled.rows[:1]
    span = ["--from", "2026-11-22T15:00:00Z", "--to", "2026-11-22T16:00:00Z"]
    filled.report = f"{ACCOUNT}|ada|gres/gpu:h800|200\n"
    said = run("reconcile", "--site", SITE, *span, "--at", "2026-11-22T19:00:00Z", "--json")
    assert (said.exit_code, json.loads(said.stdout)["agrees"]) == (0, True)
    filled.report = f"{ACCOUNT}|ada|gres/gpu:h800|201\n"
    said = run("reconcile", "--site", SITE, *span, "--at", "2026-11-22T19:00:00Z", "--json")
    assert said.exit_code == 3
    assert json.loads(said.stdout)["differences"][0]["reported"] == 201


@pytest.fixture
def visitor(client: Client) -> Client:
    """Somebody who runs the programme's sites."""
    person = Person.objects.create(email="ops@example.org", name="Ops", created_at=at(NOON))
    RoleGrant.objects.create(person=person, role=Role.CLUSTER_ADMIN.value, programme=PROGRAMME, granted_at=at(NOON))
    client.force_login(person)
    return client


def test_the_page_of_a_site_shows_how_it_stands(filled: Recorded, visitor: Client) -> None:
    collect(actor=ADMIN, site=SITE, now=at(NOON + 200))
    site = Site.objects.get()
    for day, agrees in ((1, True), (2, False)):
        start = at(NOON) - timedelta(days=day)
        differences = [] if agrees else [{"account": "test", "device": "cpu", "reported": 7, "counted": 5}]
        Reconciliation.objects.create(
            site=site,
            start=start,
            end=start + timedelta(days=1),
            checked_at=at(NOON),
            agrees=agrees,
            reported={"cpu": 7},
            counted={"cpu": 7 if agrees else 5},
            differences=differences,
        )
    answer = visitor.get(f"/sites/{SITE}/metering")
    text = answer.content.decode()
    assert answer.status_code == 200
    for words in ("agrees", "differs", "The partition “night” is in no pool", "test · cpu: 7 / 5", "held", "charged"):
        assert words in text


def test_the_page_says_why_a_cluster_cannot_be_read(filled: Recorded, visitor: Client) -> None:
    assert "was never read" in visitor.get(f"/sites/{SITE}/metering").content.decode()
    collect(actor=ADMIN, site=SITE, now=at(NOON + 200))
    filled.away = True
    with pytest.raises(Unavailable):
        run("collect", "--site", SITE, *AT)
    text = visitor.get(f"/sites/{SITE}/metering").content.decode()
    assert "The cluster hill does not answer now." in text
    assert "Nothing is lost" in text


def test_the_only_site_is_shown_at_once(filled: Recorded, visitor: Client) -> None:
    assert visitor.get("/metering").headers["Location"] == f"/sites/{SITE}/metering"
    Site.objects.create(
        code="south", name="South", programme=PROGRAMME, driver="slurm", time_zone="UTC", created_at=at(NOON)
    )
    assert "South" in visitor.get("/metering").content.decode()


def test_what_a_cluster_says_is_shown_as_text(filled: Recorded, visitor: Client) -> None:
    filled.rows = [run_row("<b>7</b>", NOON, NOON + 9, State="<script>")]
    collect(actor=ADMIN, site=SITE, now=at(NOON + 200))
    assert HeldRow.objects.count() == 1
    assert "<script>" not in visitor.get(f"/sites/{SITE}/metering").content.decode().partition("<main")[2]
