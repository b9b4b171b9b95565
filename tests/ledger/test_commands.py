"""`lionrock ledger …`: what it prints, and with what it ends."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from tests.ledger.books import NOW, PROGRAMME, commit, fund, guards_off, sql

from lionrock.ledger.commands import ledger
from lionrock.ledger.models import Journal
from lionrock.people.domain import Role
from lionrock.people.models import Person, RoleGrant
from lionrock.terminal.errors import Group

pytestmark = pytest.mark.django_db


def _run(*arguments: str) -> Result:
    return CliRunner().invoke(Group(commands={"ledger": ledger}), ["ledger", *arguments])


def _person(email: str, role: Role) -> str:
    person = Person.objects.create(email=email, name=email, created_at=NOW)
    RoleGrant.objects.create(person=person, role=role.value, programme=PROGRAMME, granted_at=NOW)
    return email


@pytest.fixture
def books() -> None:
    fund(1_000_00)
    commit("AW-2026-0001", 700_00)


@pytest.mark.usefixtures("books")
def test_check_of_sound_books_ends_with_0() -> None:
    result = _run("check")
    assert result.exit_code == 0
    assert "Every journal has at least two postings and sums to zero" in result.stdout
    assert result.stderr == ""


@pytest.mark.usefixtures("books")
def test_check_of_wrong_books_names_every_fault_and_ends_with_70() -> None:
    with guards_off():
        sql("update ledger_posting set amount = amount + 1 where amount = 70000")
    result = _run("check")
    assert result.exit_code == 70
    assert "(awards.AW-2026-0001) has 2 postings that sum to 1." in result.stderr
    assert "The books are wrong in 3 places." in result.stderr
    assert "(ledger.check.failed)" in result.stderr
    as_json = _run("check", "--json")
    assert as_json.exit_code == 70
    faults = {row["check"]: len(row["faults"]) for row in json.loads(as_json.stdout)}
    assert faults == {
        "ledger.check.guards": 0,
        "ledger.check.orphans": 0,
        "ledger.check.journals": 1,
        "ledger.check.units": 0,
        "ledger.check.balances": 1,
        "ledger.check.floors": 0,
        "ledger.check.identities": 1,
    }


@pytest.mark.usefixtures("books")
@pytest.mark.parametrize(
    ("form", "first"),
    [
        ("beancount", 'option "title" "Lionrock: hk-aiss"'),
        ("journal-csv", "journal,date,at,recorded_at,cause,memo,actor,account,unit,amount,integer_amount"),
        ("json", "{"),
    ],
)
def test_export_writes_the_same_to_the_terminal_and_to_a_file(form: str, first: str, tmp_path: Path) -> None:
    printed = _run("export", "--programme", PROGRAMME, "--format", form)
    file = tmp_path / "books"
    written = _run("export", "--programme", PROGRAMME, "--format", form, "--output", str(file))
    assert (printed.exit_code, written.exit_code) == (0, 0)
    assert printed.stdout.splitlines()[0] == first
    assert file.read_text(encoding="utf-8") == printed.stdout
    assert written.stdout == f"{file} is written.\n"


@pytest.mark.usefixtures("books")
def test_export_is_beancount_unless_told_otherwise() -> None:
    assert 'option "tolerance_multiplier" "0"' in _run("export", "--programme", PROGRAMME).stdout.splitlines()


def test_export_to_where_nothing_can_be_written_says_so(tmp_path: Path) -> None:
    result = _run("export", "--programme", PROGRAMME, "--output", str(tmp_path / "no" / "such" / "place"))
    assert result.exit_code == 7
    assert f"{os.strerror(2)}. Choose another place with --output." in result.stderr


def test_export_of_an_unknown_programme_ends_with_5() -> None:
    result = _run("export", "--programme", "elsewhere")
    assert result.exit_code == 5
    assert "There is no programme “elsewhere”" in result.stderr


@pytest.mark.usefixtures("books")
def test_export_for_somebody_without_a_role_ends_with_5() -> None:
    Person.objects.create(email="chan@example.org", name="Chan", created_at=NOW)
    result = _run("export", "--programme", PROGRAMME, "--as", "chan@example.org")
    assert result.exit_code == 5
    assert "chan@example.org has no books of hk-aiss to see" in result.stderr


@pytest.mark.usefixtures("books")
def test_show_lists_accounts_at_and_below_a_path() -> None:
    every = _run("show", "--programme", PROGRAMME)
    assert [line.split()[0] for line in every.stdout.splitlines()[2:]] == [
        "budget/appropriation",
        "budget/committed/AW-2026-0001",
        "budget/free",
    ]
    one = _run("show", "budget/free", "--programme", PROGRAMME)
    assert one.stdout.splitlines()[2].split() == ["budget/free", "1000.00", "700.00", "300.00", "HKD"]
    as_json = json.loads(_run("show", "budget/free", "--programme", PROGRAMME, "--json").stdout)
    assert as_json == [
        {"account": "budget/free", "unit": "HKD", "debit": 1_000_00, "credit": 700_00, "balance": 300_00}
    ]


@pytest.mark.usefixtures("books")
def test_fund_shows_each_month_and_now() -> None:
    lines = _run("fund", "--programme", PROGRAMME).stdout.splitlines()
    assert lines[0] == "hk-aiss, in HKD"
    assert [line.split() for line in lines[4:]] == [
        ["2026-03", "1,000.00", "700.00", "0.00", "300.00"],
        ["now", "1,000.00", "700.00", "0.00", "300.00"],
    ]
    as_json = json.loads(_run("fund", "--programme", PROGRAMME, "--json").stdout)
    assert as_json["months"] == [
        {"month": "2026-03", "appropriated": 1_000_00, "committed": 700_00, "spent": 0, "free": 300_00}
    ]
    assert (as_json["currency"], as_json["free"]) == ("HKD", 300_00)


APPROPRIATE = ("appropriate", "--programme", PROGRAMME, "--reason", "Vote", "--cause", "vote-1")


def test_appropriate_books_once_under_the_instant_given() -> None:
    for _ in range(2):
        result = _run(*APPROPRIATE, "--amount", "3000000000.00", "--at", "2026-04-01T00:00+08:00")
        assert result.exit_code == 0
    journal = Journal.objects.get()
    assert result.stdout == f"Journal {journal.pk}. Free in the fund: HKD 3,000,000,000.00.\n"
    assert journal.at.isoformat() == "2026-03-31T16:00:00+00:00"
    assert journal.actor.endswith("@terminal")


@pytest.mark.parametrize(
    ("amount", "says"),
    [
        ("1.005", "“1.005” in amount has more than 2 decimals"),
        ("1,000", "“1,000” in amount is not a decimal number"),
        ("1e9", "“1e9” in amount is not a decimal number"),
        ("0", "“HKD 0.00” is not an amount that can be booked"),
        ("9" * 30, "more than 18 digits before the point"),
    ],
)
def test_appropriate_refuses_a_malformed_amount_with_2(amount: str, says: str) -> None:
    result = _run(*APPROPRIATE, "--amount", amount)
    assert result.exit_code == 2
    assert says in result.stderr
    assert not Journal.objects.exists()


@pytest.mark.parametrize(("role", "code"), [(Role.FINANCE, 0), (Role.AUDITOR, 4), (Role.OFFICE, 4)])
def test_appropriate_takes_the_role_finance(role: Role, code: int) -> None:
    result = _run(*APPROPRIATE, "--amount", "5.00", "--as", _person("a@example.org", role))
    assert result.exit_code == code


@pytest.mark.usefixtures("books")
def test_taking_out_more_than_is_free_ends_with_3() -> None:
    result = _run(*APPROPRIATE, "--amount", "-300.01")
    assert result.exit_code == 3
    assert "holds HKD 300.00 free, and HKD 300.01 was asked" in result.stderr


@pytest.mark.usefixtures("books")
def test_another_amount_under_a_booked_cause_ends_with_6() -> None:
    _run(*APPROPRIATE, "--amount", "5.00")
    assert _run(*APPROPRIATE, "--amount", "6.00").exit_code == 6


@pytest.mark.django_db
def test_before_the_first_money_the_books_say_how_they_begin() -> None:
    result = _run("fund")
    assert result.exit_code == 5
    assert "There are no books yet" in result.stderr
    assert "`lionrock ledger appropriate`" in result.stderr
