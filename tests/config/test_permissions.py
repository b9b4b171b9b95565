"""Every command and every page × every role × own and other programme or organisation; none is left out.

Commands and pages are found by looking: one without a row here fails. What actions allow is
tabled in tests/people; here the ways to them are tried as people go them.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from django.db import transaction
from django.http import HttpResponse
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse
from pytest_django.fixtures import Settings
from tests.calls.world import NOW, OPERATOR, World
from tests.config.commands import Words, commands
from tests.config.rows import (
    DELTA,
    EVERYBODY,
    HARBOUR,
    OTHER,
    OWN,
    ROLES,
    SEE_ALL,
    SEES,
    VIEWERS,
    CommandRow,
    PageRow,
    Scene,
)
from tests.people.rows import collected

from lionrock.applications.domain import Request
from lionrock.charging.actions import close_month, record_usage
from lionrock.charging.models import HeldRow, UsageImport
from lionrock.charging.usage_files import Origin, UsageRecord
from lionrock.config import cli
from lionrock.jobs.models import Job
from lionrock.kernel.periods import Month, local_instant
from lionrock.people.actions import grant_role, register_person
from lionrock.people.domain import Role
from lionrock.people.models import Person
from lionrock.rules.rulebook import load_rulebook
from lionrock.sites.models import Site
from lionrock.statements.models import Document

pytestmark = pytest.mark.django_db

AT = "2026-03-02T10:00+08:00"
CLOSED_AT = "2026-06-01T09:00+08:00"

DENIED = {4, 5}
"""Exit codes: not allowed, and not there for you."""
HIDDEN = {403, 404}


def _address(viewer: str) -> str:
    return f"{viewer.replace(' ', '-').replace('_', '-')}@example.org"


def _put_viewers() -> None:
    for viewer in sorted(VIEWERS):
        register_person(actor=OPERATOR, email=_address(viewer), name=viewer, now=NOW)
        role, _, elsewhere = viewer.partition(" ")
        if role in ROLES:
            place = {"programme": OTHER if elsewhere else OWN}
        elif role == "member":
            place = {"organisation": DELTA if elsewhere else HARBOUR}
        else:
            continue
        grant_role(actor=OPERATOR, email=_address(viewer), role=Role(role), now=NOW, **place)  # type: ignore[arg-type]


@pytest.fixture
def scene(world: World, tmp_path: Path, settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Scene:
    monkeypatch.chdir(tmp_path)
    settings.LIONROCK_HOME = tmp_path / "home"
    monkeypatch.setattr(cli, "connect", lambda: None)
    world.put_organisation(DELTA)
    _put_viewers()
    world.put_fund("10000000.00")
    call = world.open_call()
    asked = Request("cpu-node", 1, 6, date(2026, 4, 1), 100)
    award = world.decided(world.submitted(call, request=asked))
    assert award is not None
    _use_and_close()
    usage = tmp_path / "may.csv"
    usage.write_text("job,account,start,end,devices\n9,nobody-known,2026-05-02T00:00Z,2026-05-02T01:00Z,cpu-node=1\n")
    imported = UsageImport.objects.create(programme=OWN, digest="0" * 64, name="april.csv", started_at=NOW)
    HeldRow.objects.create(usage_import=imported, line=7, code="x.y", template="It is held.", raw="7")
    jobs = [_job(award, number, state) for number, state in ((1, "COMPLETED"), (2, "PENDING"))]
    return Scene(
        draft_call=world.prepared_call().code,
        open_call=call.code,
        draft=world.drafted(call).code,
        submitted=world.submitted(call).code,
        award=award.code,
        job=jobs[0],
        waiting_job=jobs[1],
        statement=Document.objects.get().number,
        usage=usage,
    )


def _use_and_close() -> None:
    zone = load_rulebook(cli.environment().rulebook).programme(OWN).zone
    first = local_instant(NOW.replace(month=4, day=10, hour=0, tzinfo=None), zone)
    run = UsageRecord(
        site="here", job="1", start=first, end=first.replace(hour=23), account=HARBOUR, award=None,
        devices={"cpu-node": 1}, device_seconds={}, state="COMPLETED", revision=0, interim=False,
        origin=Origin("test", 1), cluster_key="",
    )  # fmt: skip
    record_usage([run], actor=OPERATOR, programme=OWN, now=NOW, source="test")
    close_month(actor=OPERATOR, programme=OWN, month=Month(2026, 4), now=NOW.replace(month=5))


def _job(award: object, number: int, state: str) -> str:
    site = Site.objects.get()
    over = {"started_at": NOW, "ended_at": NOW, "usage_recorded_at": NOW} if state == "COMPLETED" else {}
    return Job.objects.create(
        code=f"JOB-2025-{number:04d}", key=uuid.UUID(int=number), award=award, site=site,
        organisation=award.organisation, submitted_by="somebody@example.org", name="a job", argv=["true"],  # type: ignore[attr-defined]
        devices={"cpu-node": 1}, time_limit_seconds=60, submitted_at=NOW, state=state, **over,
    ).code  # fmt: skip


THE_SITE_REMEMBERS = frozenset({0, 6})
"""A job that one viewer has stopped stays stopped, although the database is made to forget it."""
ANY_OFFICE = {"office", "office elsewhere"}
TO = f"--programme {OWN}"
APPLY = "--category university --title Storms --item cpu-node --count 1 --hours 9 --months 3 --starts 2026-07-01"
COMMANDS: dict[Words, CommandRow] = {
    ("organisation", "add"): CommandRow(ANY_OFFICE, lambda _: "kite-ai --name Kite"),
    ("person", "add"): CommandRow(ANY_OFFICE, lambda _: "new@example.org --name New --password ''"),
    ("person", "grant"): CommandRow({"office"}, lambda _: f"nobody@example.org auditor {TO}"),
    ("call", "create"): CommandRow({"office"}, lambda _: f"{TO} --title Second --opens {AT}"),
    ("call", "open"): CommandRow({"office"}, lambda scene: f"{scene.draft_call} --at {AT}"),
    ("call", "close"): CommandRow({"office"}, lambda scene: scene.open_call),
    ("call", "list"): CommandRow(SEE_ALL, shows=lambda scene: scene.draft_call),
    ("application", "draft"): CommandRow(
        {"member"}, lambda scene: f"{scene.open_call} --organisation {HARBOUR} {APPLY} --at {AT}"
    ),
    ("application", "submit"): CommandRow({"member"}, lambda scene: f"{scene.draft} --at {AT}"),
    ("application", "withdraw"): CommandRow({"member"}, lambda scene: scene.submitted),
    ("application", "list"): CommandRow(SEES, shows=lambda scene: scene.submitted),
    ("application", "show"): CommandRow(SEES, lambda scene: scene.submitted),
    ("award", "decide"): CommandRow(
        {"committee", "chair"}, lambda scene: f"{scene.submitted} approve --decided-by Committee --at {AT}"
    ),
    ("award", "end"): CommandRow(
        {"office", "committee", "chair"}, lambda scene: f"{scene.award} --reason over --at {CLOSED_AT}"
    ),
    ("award", "list"): CommandRow(SEES, shows=lambda scene: scene.award),
    ("award", "show"): CommandRow(SEES, lambda scene: scene.award),
    ("allocation", "list"): CommandRow(SEES, shows=lambda scene: scene.award),
    ("site", "add"): CommandRow({"cluster_admin"}, lambda _: f"there --name There {TO} --driver local"),
    ("site", "list"): CommandRow(EVERYBODY, shows=lambda _: "here"),
    ("job", "submit"): CommandRow(
        {"member"}, lambda scene: f"--award {scene.award} --time-limit 1m --at 2026-04-20T09:00+08:00 -- true"
    ),
    ("job", "cancel"): CommandRow(
        {"member", "cluster_admin"}, lambda scene: scene.waiting_job, ends=THE_SITE_REMEMBERS
    ),
    ("job", "list"): CommandRow(SEES, shows=lambda scene: scene.job),
    ("job", "show"): CommandRow(SEES, lambda scene: scene.job),
    ("job", "log"): CommandRow(SEES, lambda scene: scene.job),
    ("job", "wait"): CommandRow(SEES, lambda scene: scene.job),
    ("usage", "import"): CommandRow({"cluster_admin"}, lambda scene: f"{scene.usage} {TO} --site here"),
    ("usage", "imports"): CommandRow(SEE_ALL, shows=lambda _: "april.csv"),
    ("usage", "held"): CommandRow(SEE_ALL, shows=lambda _: "april.csv"),
    ("charge", "preview"): CommandRow(SEE_ALL, lambda _: f"{TO} --month 2026-05"),
    ("charge", "close"): CommandRow({"finance"}, lambda _: f"{TO} --month 2026-05 --at {CLOSED_AT}"),
    ("charge", "explain"): CommandRow(SEES, lambda scene: f"{scene.statement}/1"),
    ("charge", "closed"): CommandRow(SEE_ALL, shows=lambda _: "2026-04"),
    ("statement", "list"): CommandRow(SEES, shows=lambda scene: scene.statement),
    ("statement", "show"): CommandRow(SEES, lambda scene: scene.statement),
    ("statement", "focus"): CommandRow(SEES, lambda _: TO, shows=lambda scene: scene.statement),
    ("statement", "write"): CommandRow(SEES, lambda scene: f"{scene.statement} --format json"),
    ("ledger", "appropriate"): CommandRow({"finance"}, lambda _: f"{TO} --amount 1.00 --reason more --cause vote-2"),
    ("ledger", "fund"): CommandRow(SEE_ALL, lambda _: TO),
    ("ledger", "show"): CommandRow(SEE_ALL, lambda _: f"budget {TO}"),
    ("ledger", "export"): CommandRow(SEE_ALL, lambda _: TO),
    **collected("COMMANDS"),
}
OF_THE_MACHINE = {
    ("programme", "list"), ("programme", "show"), ("programme", "check"), ("quote",), ("charge", "replay"),
    ("organisation", "list"), ("person", "list"), ("ledger", "check"), ("serve",), ("demo",),
    ("due",), ("mail", "list"), ("mail", "retry"), ("results",),
    ("job", "template", "list"), ("job", "template", "show"),
    ("plan", "replay"), ("plan", "generate"),
    ("controls", "determine"), ("controls", "compare"), ("controls", "alternatives"), ("controls", "catalogue"),
    ("assurance", "items"), ("assurance", "ask"), ("assurance", "tier"),
    ("database", "start"), ("database", "stop"), ("database", "status"), ("database", "migrate"),
}  # fmt: skip
"""For whoever sits at the terminal: these know no other person."""


def test_no_command_is_left_out() -> None:
    assert set(commands()) == set(COMMANDS) | OF_THE_MACHINE


def test_a_command_asks_who_acts_or_is_of_the_machine() -> None:
    for words, command in commands().items():
        asks = any(parameter.name == "acting_as" for parameter in command.params)
        assert asks is (words in COMMANDS), words


def _tried(words: Words, row: CommandRow, scene: Scene, viewer: str | None) -> Result:
    """Call the command as a viewer (None: the terminal's operator), and leave nothing of it behind."""
    acting = ["--as", _address(viewer)] if viewer else []
    given = [part.strip("'") for part in row.words(scene).split()]
    with transaction.atomic():
        result = CliRunner().invoke(cli.main, [*words, *acting, *given])
        transaction.set_rollback(True)
    return result


@pytest.mark.parametrize("words", COMMANDS, ids=" ".join)
def test_a_command_does_it_for_those_who_may_and_for_nobody_else(words: Words, scene: Scene) -> None:
    row = COMMANDS[words]
    for viewer in (None, *sorted(VIEWERS)):
        result, may = _tried(words, row, scene, viewer), viewer is None or viewer in row.may
        if row.shows is not None:
            assert (result.exit_code, row.shows(scene) in result.stdout) == (0, may), (viewer, result.output)
        elif may:
            assert result.exit_code in row.ends, (viewer, result.output)
        else:
            assert result.exit_code in DENIED, (viewer, result.output)
            assert result.stdout == ""


PAGES: dict[str, PageRow] = {
    "ledger:list": PageRow(EVERYBODY),
    "ledger:fund": PageRow(SEE_ALL, lambda _: [OWN]),
    "awards:list": PageRow(SEES, shows=lambda scene: scene.award),
    "awards:show": PageRow(SEES, lambda scene: [scene.award]),
    "statements:list": PageRow(SEES, shows=lambda scene: scene.statement),
    "statements:show": PageRow(SEES, lambda scene: [scene.statement]),
    "statements:file": PageRow(SEES, lambda scene: [scene.statement, "json"]),
    "statements:line": PageRow(SEES, lambda scene: [scene.statement, 1]),
    "statements:line_file": PageRow(SEES, lambda scene: [scene.statement, 1, "json"]),
    **collected("PAGES"),
}
FOR_EVERYBODY = {
    "home": "leads to one of the others",
    "language": "chooses the language of the pages",
    "people:sign_in": "signs in",
    "people:sign_out": "signs out",
    **collected("PAGES_FOR_EVERYBODY"),
}


def _named_pages(resolver: URLResolver, prefix: str = "") -> Iterator[str]:
    for each in resolver.url_patterns:
        if isinstance(each, URLResolver):
            yield from _named_pages(each, f"{prefix}{each.namespace}:" if each.namespace else prefix)
        elif isinstance(each, URLPattern):
            assert each.name, f"{each.pattern} has no name"
            yield prefix + each.name


def test_no_page_is_left_out() -> None:
    assert set(_named_pages(get_resolver())) == set(PAGES) | set(FOR_EVERYBODY)


@pytest.mark.parametrize("name", PAGES)
def test_a_page_opens_for_those_who_may_and_for_nobody_else(name: str, scene: Scene) -> None:
    page = PAGES[name]
    address = reverse(name, args=page.arguments(scene))
    for viewer in sorted(VIEWERS):
        client = Client()
        client.force_login(Person.objects.get(email=_address(viewer)))
        with transaction.atomic():
            answer, may = _asked(client, address, page, scene), viewer in page.may
            transaction.set_rollback(True)
        if page.shows is not None:
            assert (answer.status_code, page.shows(scene) in answer.content.decode()) == (200, may), viewer
        else:
            assert answer.status_code in (page.ends if may else HIDDEN), (viewer, answer.status_code)


def _asked(client: Client, address: str, page: PageRow, scene: Scene) -> HttpResponse:
    if page.posted is None:
        return client.get(address)  # type: ignore[return-value]
    return client.post(address, page.posted(scene))  # type: ignore[return-value]


@pytest.mark.parametrize("name", PAGES)
def test_a_page_asks_strangers_to_sign_in_first(name: str, scene: Scene) -> None:
    address = reverse(name, args=PAGES[name].arguments(scene))
    answer = Client().get(address)
    assert (answer.status_code, answer["Location"]) == (302, f"/sign-in?next={address}")
