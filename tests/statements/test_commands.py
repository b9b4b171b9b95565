"""`lionrock statement`: what it prints, what it writes, and how it ends."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from pypdf import PdfReader
from tests.calls.world import NOW, OPERATOR
from tests.statements.books import CHAN, HARBOUR, LEE, Books

from lionrock.people.actions import grant_role, register_person
from lionrock.people.domain import Role
from lionrock.statements.commands import statement
from lionrock.terminal.errors import Group

pytestmark = pytest.mark.django_db

INVOICE, NOTE = "HK-AISS-DEMO-INV-2026-0002", "HK-AISS-DEMO-CN-2026-0001"
Run = Callable[..., Result]


@pytest.fixture
def run(books: Books, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    books.invoice_and_credit_note()
    monkeypatch.chdir(tmp_path)
    for actor in (CHAN, LEE):
        register_person(actor=OPERATOR, email=actor.email, name="Somebody", now=NOW)
        (place,) = actor.organisations()
        grant_role(actor=OPERATOR, email=actor.email, role=Role.MEMBER, organisation=place, now=NOW)
    commands = Group("lionrock", commands=[statement])
    return lambda *words: CliRunner().invoke(commands, ["statement", *words])


def good(result: Result) -> str:
    assert result.exit_code == 0, result.output
    return result.stdout


@pytest.mark.parametrize(
    ("words", "listed"),
    [
        ((), 4),
        (("--month", "2026-04"), 2),
        (("--organisation", HARBOUR), 2),
        (("--programme", "hk-aiss"), 0),
        (("--as", CHAN.email), 2),
        (("--as", CHAN.email, "--organisation", "delta-institute"), 0),
    ],
)
def test_lists_hold_what_one_may_see(run: Run, words: tuple[str, ...], listed: int) -> None:
    assert len(json.loads(good(run("list", *words, "--json")))) == listed
    assert len(good(run("list", *words)).splitlines()) == 2 + listed


def test_showing_prints_lines_and_totals(run: Run) -> None:
    shown = good(run("show", NOTE))
    assert "credit_note HK-AISS-DEMO-CN-2026-0001 · =Harbour University · 2026-05 · HKD" in shown
    assert [line.split()[-3:] for line in shown.splitlines()][-1] == ["-480.00", "-336.00", "-144.00"]
    assert json.loads(good(run("show", NOTE, "--json")))["user"] == -14400


@pytest.mark.parametrize("form", ["pdf", "csv", "json"])
def test_a_file_is_written_under_the_number_and_named(run: Run, form: str) -> None:
    assert good(run("write", INVOICE, "--format", form)) == f"{INVOICE}.{form}\n"
    assert INVOICE.encode() in Path(f"{INVOICE}.{form}").read_bytes() or form == "pdf"


def test_a_pdf_goes_where_it_is_asked_to_go_in_the_language_asked(run: Run, tmp_path: Path) -> None:
    target = tmp_path / "in" / "statement.pdf"
    target.parent.mkdir()
    good(run("write", INVOICE, "--language", "zh-hant", "--output", str(target)))
    assert "海港大學" in PdfReader(target).pages[0].extract_text()


def test_a_dash_writes_the_file_to_standard_output(run: Run) -> None:
    data = json.loads(good(run("write", INVOICE, "--format", "json", "--output", "-")))
    assert data["number"] == INVOICE
    assert run("write", INVOICE, "--output", "-").stdout_bytes.startswith(b"%PDF-")
    assert not list(Path().iterdir())


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (("list", "--month", "October"), 2, "October"),
        (("show",), 2, "Missing argument"),
        (("write", INVOICE, "--format", "docx"), 2, "docx"),
        (("show", "NO-SUCH"), 5, "There is no statement NO-SUCH for you"),
        (("show", INVOICE, "--as", LEE.email), 5, f"There is no statement {INVOICE} for you"),
        (("write", INVOICE, "--as", "who@example.org"), 5, "who@example.org"),
        (("write", INVOICE, "--output", "nowhere/statement.pdf"), 7, "nowhere/statement.pdf could not be written"),
    ],
)
def test_what_goes_wrong_ends_with_a_sentence_and_its_code(
    run: Run, words: tuple[str, ...], code: int, said: str
) -> None:
    ended = run(*words)
    assert (ended.exit_code, ended.stdout) == (code, "")
    assert said in ended.stderr
    assert not list(Path().glob("*.*"))


def test_a_full_disk_is_named(run: Run) -> None:
    if not os.access("/dev/full", os.W_OK):
        return
    ended = run("write", INVOICE, "--format", "csv", "--output", "/dev/full")
    assert ended.exit_code == 7
    assert "/dev/full could not be written: No space left on device" in ended.stderr
