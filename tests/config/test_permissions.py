"""Every command and every page × every role × own and other programme or organisation; none is left out.

Commands and pages are found by looking: one without a row here fails. What actions allow is
tabled in tests/people; here the ways to them are tried as people go them.
"""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from click.testing import CliRunner, Result
from django.db import transaction
from django.http import HttpResponse
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse
from tests.config.commands import Words, commands
from tests.config.rows import (
    EVERYBODY,
    HARBOUR,
    OWN,
    SEE_ALL,
    SEES,
    VIEWERS,
    CommandRow,
    PageRow,
    Scene,
    allows,
)
from tests.config.scene import address_of
from tests.people.rows import collected

from lionrock.config import cli
from lionrock.people.models import Person

pytestmark = pytest.mark.django_db

AT = "2026-03-02T10:00+08:00"
CLOSED_AT = "2026-06-01T09:00+08:00"

DENIED = {4, 5}
"""Exit codes: not allowed, and not there for you."""
HIDDEN = {403, 404}


THE_SITE_REMEMBERS = frozenset({0, 6})
"""A job that one viewer has stopped stays stopped, although the database is made to forget it."""
ANY_OFFICE = {"office", "office elsewhere"}
TO = f"--programme {OWN}"
APPLY = "--category university --title Storms --item cpu-node --count 1 --hours 9 --months 3 --starts 2026-07-01"
COMMANDS: dict[Words, CommandRow] = {
    ("organisation", "add"): CommandRow(ANY_OFFICE, lambda _: "kite-ai --name Kite"),
    ("person", "add"): CommandRow(ANY_OFFICE, lambda _: "new@example.org --name New --password ''"),
    ("person", "grant"): CommandRow({"office", "programme_owner"}, lambda _: f"nobody@example.org auditor {TO}"),
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
    ("organisation", "list"), ("person", "list"), ("ledger", "check"), ("serve",), ("web",), ("worker",),
    ("doctor",), ("demo",),
    ("backup", "make"), ("backup", "archive"), ("backup", "list"), ("backup", "verify"), ("backup", "restore"),
    ("backup", "drill"), ("audit", "verify"), ("audit", "anchor"), ("audit", "seal"),
    ("token", "issue"), ("webhook", "register"), ("due",), ("mail", "list"), ("mail", "retry"), ("results",),
    ("register", "list"),
    ("job", "template", "list"), ("job", "template", "show"),
    ("plan", "replay"), ("plan", "generate"), ("plan", "fit"), ("plan", "scenario"), ("plan", "compare"),
    ("plan", "collect"), ("plan", "array"),
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
    acting = ["--as", address_of(viewer)] if viewer else []
    given = [part.strip("'") for part in row.words(scene).split()]
    with transaction.atomic():
        result = CliRunner().invoke(cli.main, [*words, *acting, *given])
        transaction.set_rollback(True)
    return result


@pytest.mark.parametrize("words", COMMANDS, ids=" ".join)
def test_a_command_does_it_for_those_who_may_and_for_nobody_else(words: Words, scene: Scene) -> None:
    row = COMMANDS[words]
    for viewer in (None, *sorted(VIEWERS)):
        result, may = _tried(words, row, scene, viewer), viewer is None or allows(row.may, viewer)
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
    client = Client()  # one for all: a new one looks through every static file first
    for viewer in sorted(VIEWERS):
        client.cookies.clear()
        client.force_login(Person.objects.get(email=address_of(viewer)))
        with transaction.atomic():
            answer, may = _asked(client, address, page, scene), allows(page.may, viewer)
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
