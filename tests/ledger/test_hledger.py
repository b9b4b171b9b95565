"""The exported books, read by a second auditor that shares no code with us nor with the first: hledger."""

from __future__ import annotations

import csv
import io
import re
import subprocess
from decimal import Decimal
from pathlib import Path

import pytest
from tests.ledger.books import PROGRAMME, two_months

from lionrock.ledger.domain.books import Book
from lionrock.ledger.domain.hledger_text import account_name, commodity_name, hledger_lines
from lionrock.ledger.queries import balances

pytestmark = pytest.mark.django_db


@pytest.fixture
def posted() -> Book:
    return two_months()


def hledger(text: str, folder: Path, *asked: str) -> subprocess.CompletedProcess[str]:
    file = folder / "books.journal"
    file.write_text(text, encoding="utf-8")
    command, environment = ["hledger", "--file", str(file), *asked], {"LANG": "C.UTF-8", "PATH": "/usr/bin"}
    return subprocess.run(command, capture_output=True, text=True, check=False, env=environment)


def text_of(one: Book) -> str:
    return "".join(f"{line}\n" for line in hledger_lines(one))


def test_the_auditor_accepts_the_books(posted: Book, tmp_path: Path) -> None:
    ran = hledger(text_of(posted), tmp_path, "check", "--strict", "parseable")
    assert (ran.returncode, ran.stderr) == (0, "")


def test_the_auditor_arrives_at_our_balances(posted: Book, tmp_path: Path) -> None:
    ran = hledger(text_of(posted), tmp_path, "balance", "--flat", "--empty", "--no-total", "--output-format", "csv")
    theirs = {row["account"]: row["balance"] for row in csv.DictReader(io.StringIO(ran.stdout))}
    ours = balances(PROGRAMME, "", "HKD") | balances(PROGRAMME, "", "seconds:h800-node")
    assert set(theirs) == {account_name(path) for path in ours}
    for path, amount in ours.items():
        unit, scale = ("seconds:h800-node", 1) if path.startswith("quota/") else ("HKD", 100)
        number, _, commodity = theirs[account_name(path)].partition(" ")
        assert Decimal(number) * scale == amount, path
        assert commodity in ({""} if not amount else {commodity_name(unit)})


@pytest.mark.parametrize(
    ("was", "is_"),
    [
        (r"210\.33 HKD", "210.34 HKD"),
        (r"= 199\.99 HKD", "= 199.98 HKD"),
        (r"equity:budget:free  ", "equity:budget:fre  "),
    ],
    ids=["a posting", "a month's end", "a name"],
)
def test_the_auditor_refuses_books_that_were_tampered_with(posted: Book, tmp_path: Path, was: str, is_: str) -> None:
    spoilt, times = re.subn(was, is_, text_of(posted), count=1)
    assert times == 1
    assert hledger(spoilt, tmp_path, "check", "--strict").returncode != 0


def test_an_empty_book_is_a_book(tmp_path: Path, posted: Book) -> None:
    empty = Book(posted.programme, posted.currency, posted.zone, ())
    assert hledger(text_of(empty), tmp_path, "check").returncode == 0
