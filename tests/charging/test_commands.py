"""`lionrock usage` and `lionrock charge` as people and scripts meet them."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import click
import pytest
from click.testing import CliRunner, Result
from tests.charging.books import MADE, PROGRAMME, Books, used

from lionrock.charging.commands.charge import charge
from lionrock.charging.commands.usage import usage
from lionrock.charging.models import MonthClose, RecordedRun
from lionrock.people.actions import grant_role, register_person
from lionrock.people.domain import Role, terminal_operator
from lionrock.sites.models import Site
from lionrock.terminal.errors import Group

Run = Callable[..., Result]

CSV = (
    "job,account,start,end,devices\n"
    "1,u1,2026-03-10T00:00:00+08:00,2026-03-10T01:00:00+08:00,gpu=1\n"
    "2,u9,2026-03-10T00:00:00+08:00,2026-03-10T01:00:00+08:00,gpu=1\n"
    "3,u1,2026-03-10T00:00:00+08:00,2026-03-10T01:00:00+08:00,fpga=2\n"
)
FILE_OF_USE = ("usage", "import", "use.csv", "--programme", PROGRAMME, "--site", "north")
CLOSE = ("charge", "close", "--programme", PROGRAMME, "--month", "2026-03")


@click.group(cls=Group)
def cli() -> None:
    """What carries the room's commands, as `lionrock` does."""


cli.add_command(usage)
cli.add_command(charge)


@pytest.fixture
def run(books: Books, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    monkeypatch.chdir(tmp_path)
    Path("use.csv").write_text(CSV)
    Site.objects.create(
        code="north", name="North", time_zone="Asia/Hong_Kong", programme=PROGRAMME, driver="local", created_at=MADE
    )
    return lambda *words: CliRunner().invoke(cli, list(words))


def _good(result: Result) -> str:
    assert result.exit_code == 0, result.output
    return result.stdout


def _json(result: Result) -> Any:
    return json.loads(_good(result))


def test_a_month_from_file_to_closed(run: Run) -> None:
    done = _json(run(*FILE_OF_USE, "--json"))
    assert {name: done[name] for name in ("rows", "new", "repeated", "held")} == {
        "rows": 3, "new": 2, "repeated": 0, "held": 1,
    }  # fmt: skip
    seen = _json(run("charge", "preview", "--programme", PROGRAMME, "--month", "2026-03", "--json"))
    assert (seen["gross"], seen["subsidy"], seen["user"]) == (1000, 700, 300)
    assert seen["held"]["2026-03"]["unpriced_device_seconds"] == 7200
    assert not MonthClose.objects.exists()
    closed = _json(run(*CLOSE, "--json"))
    assert (closed["month"], closed["gross"], closed["currency"]) == ("2026-03", 1000, "HKD")
    assert _json(run("charge", "closed", "--json")) == [closed]


def test_tables_are_for_people(run: Run) -> None:
    said = _good(run(*FILE_OF_USE))
    assert "new" in said
    assert "held" in said
    preview = _good(run("charge", "preview", "--programme", PROGRAMME, "--month", "2026-03"))
    assert "u1" in preview
    assert "HKD 10.00" in _good(run(*CLOSE))
    assert "2026-03" in _good(run("charge", "closed"))
    assert "use.csv" in _good(run("usage", "imports"))


def test_what_is_held_is_named_with_line_and_reason(run: Run) -> None:
    run(*FILE_OF_USE)
    [held] = _json(run("usage", "held", "--json"))
    assert (held["file"], held["line"], held["code"]) == ("use.csv", 3, "charging.run.account")
    assert "u9" in held["reason"]
    assert "u9" in _good(run("usage", "held", "--limit", "1"))


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        ((*FILE_OF_USE[:2], "missing.csv", *FILE_OF_USE[3:]), 2, "missing.csv"),
        ((*FILE_OF_USE[:-1], "North Wing"), 2, "North Wing"),
        ((*FILE_OF_USE[:-1], "south"), 5, "south"),
        ((*FILE_OF_USE, "--account", "u9"), 2, "u9"),
        ((*FILE_OF_USE, "--zone", "Mars/Olympus"), 2, "Mars/Olympus"),
        ((*FILE_OF_USE, "--month", "March"), 2, "March"),
        (("usage", "import", "use.csv", "--programme", "atlantis", "--site", "north"), 5, "atlantis"),
        ((*CLOSE[:-1], "2999-01"), 3, "2999-01"),
        ((*CLOSE[:-1], "March"), 2, "March"),
        ((*CLOSE, "--at", "2026-03-31T23:59:59+08:00"), 3, "cannot be closed"),
        ((*CLOSE, "--as", "clerk@example.org"), 4, "clerk@example.org"),
        ((*FILE_OF_USE, "--as", "clerk@example.org"), 4, "clerk@example.org"),
        (("charge", "preview", "--programme", "atlantis", "--month", "2026-03"), 5, "atlantis"),
    ],
)
def test_what_cannot_be_done_says_so_and_ends_with_its_code(
    run: Run, words: tuple[str, ...], code: int, said: str
) -> None:
    root = terminal_operator("root")
    register_person(actor=root, email="clerk@example.org", name="A clerk", now=MADE)
    grant_role(actor=root, email="clerk@example.org", role=Role.AUDITOR, programme=PROGRAMME, now=MADE)
    result = run(*words)
    assert (result.exit_code, said in result.stderr) == (code, True), result.output
    assert not RecordedRun.objects.exists()
    assert not MonthClose.objects.exists()


def test_closing_twice_is_a_conflict(run: Run, books: Books) -> None:
    books.take(used("1", "2026-03-10T00:00:00", "2026-03-10T01:00:00"))
    _good(run(*CLOSE))
    again = run(*CLOSE)
    assert (again.exit_code, "2026-03" in again.stderr) == (6, True)
    preview = run("charge", "preview", "--programme", PROGRAMME, "--month", "2026-03")
    assert preview.exit_code == 5
