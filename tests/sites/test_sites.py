"""Putting sites on file."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest
from click.testing import CliRunner

from lionrock.audit.models import AuditRecord
from lionrock.kernel.errors import Conflict, Invalid, NotAllowed, NotFound
from lionrock.people.domain import Actor, Grant, Role, terminal_operator
from lionrock.sites.actions import register_site
from lionrock.sites.commands import site as site_command
from lionrock.sites.models import Site
from lionrock.sites.queries import site_by_code, sites

NOW = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
OPERATOR = terminal_operator("root")
PROGRAMME = "hk-aiss"

pytestmark = pytest.mark.django_db


def person(role: Role, programme: str) -> Actor:
    return Actor("someone@example.org", frozenset({Grant(role, programme=programme)}))


def add(**changes: object) -> Site:
    facts = {"actor": OPERATOR, "code": "local", "name": "This machine", "programme": PROGRAMME, "driver": "local"}
    return register_site(**(facts | {"now": NOW} | changes))  # type: ignore[arg-type]


def test_a_site_takes_the_zone_of_its_programme_and_the_audit_knows() -> None:
    site = add(name_zh_hant="本機", name_zh_hans="本机")
    assert (site.time_zone, site.driver, str(site)) == ("Asia/Hong_Kong", "local", "local")
    assert list(AuditRecord.objects.values_list("action", "subject", "programme")) == [
        ("sites.register_site", "local", PROGRAMME)
    ]


def test_a_site_may_stand_in_another_zone() -> None:
    assert add(time_zone="Asia/Tokyo").time_zone == "Asia/Tokyo"


def test_all_that_is_wrong_is_said_at_once() -> None:
    with pytest.raises(Invalid) as refused:
        add(code="Not A Slug", name="\x1b[2J", time_zone="Mars/Olympus", driver="teleport")
    assert [fault.field for fault in refused.value.faults] == ["code", "name", "time_zone", "driver"]
    assert "Those that there are: " in str(refused.value.faults[-1])
    assert not Site.objects.exists()


def test_a_code_is_given_once() -> None:
    add()
    with pytest.raises(Conflict):
        add(name="Another")


def test_an_unknown_programme_is_not_found() -> None:
    with pytest.raises(NotFound):
        add(programme="atlantis")


@pytest.mark.parametrize(
    ("actor", "allowed"),
    [
        (OPERATOR, True),
        (person(Role.CLUSTER_ADMIN, PROGRAMME), True),
        (person(Role.CLUSTER_ADMIN, "elsewhere"), False),
        (person(Role.OFFICE, PROGRAMME), False),
        (person(Role.AUDITOR, PROGRAMME), False),
        (Actor("nobody@example.org"), False),
    ],
)
def test_who_may_put_a_site_on_file(actor: Actor, allowed: bool) -> None:
    if allowed:
        assert add(actor=actor)
    else:
        with pytest.raises(NotAllowed):
            add(actor=actor)
    assert Site.objects.exists() == allowed


def test_everybody_sees_which_sites_there_are() -> None:
    site = add()
    viewer = Actor("member@example.org", frozenset({Grant(Role.MEMBER, organisation="harbour")}))
    assert list(sites(viewer)) == [site]
    assert site_by_code(viewer, "local") == site
    with pytest.raises(NotFound):
        site_by_code(viewer, "remote")


def test_from_the_terminal() -> None:
    arguments = ["add", "local", "--name", "This machine", "--programme", PROGRAMME, "--driver", "local"]
    done = CliRunner().invoke(site_command, arguments)
    assert (done.exit_code, done.output) == (0, "local is on file.\n")
    listed = CliRunner().invoke(site_command, ["list", "--json"])
    assert [row["code"] for row in json.loads(listed.output)] == ["local"]
    assert "This machine" in CliRunner().invoke(site_command, ["list"]).output
