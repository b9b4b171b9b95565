"""The exported books, read by an auditor that shares no code with us: Beancount."""

from __future__ import annotations

import csv
import io
import re
import subprocess
import sys
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from beancount import loader
from beancount.core.account import is_valid
from beancount.core.amount import CURRENCY_RE
from beancount.core.data import Balance, Open, Transaction
from beancount.core.realization import compute_balance, get, realize
from hypothesis import given
from hypothesis import strategies as st
from tests.ledger.books import CLERK, MEMO, NOW, OPERATOR, PROGRAMME, two_months

from lionrock.ledger.actions import post
from lionrock.ledger.domain import Entry, JournalDraft
from lionrock.ledger.domain.accounts import fits
from lionrock.ledger.domain.beancount_text import account_name, beancount_lines, commodity_name
from lionrock.ledger.domain.books import Book
from lionrock.ledger.domain.exports import CSV_COLUMNS, csv_lines, json_data
from lionrock.ledger.domain.journals import PostedJournal
from lionrock.ledger.queries import balances, book

HONG_KONG = ZoneInfo("Asia/Hong_Kong")


def _text(books: Book) -> str:
    return "".join(f"{line}\n" for line in beancount_lines(books))


def _bean_check(text: str, folder: Path) -> subprocess.CompletedProcess[str]:
    """Run the auditor as a program of its own, as a finance officer would."""
    file = folder / "books.beancount"
    file.write_text(text, encoding="utf-8")
    command = Path(sys.executable).with_name("bean-check")
    return subprocess.run([str(command), str(file)], capture_output=True, text=True, check=False)


def _journal(
    number: int, entries: dict[str, int], *, at: datetime = NOW, unit: str = "HKD", memo: str = "m"
) -> PostedJournal:
    legs = tuple(Entry(path, amount) for path, amount in entries.items())
    return PostedJournal(number, f"cause {number}", unit, memo, at, NOW, CLERK, {}, legs)


def _book(*journals: PostedJournal, zone: ZoneInfo = HONG_KONG) -> Book:
    return Book(PROGRAMME, "HKD", zone, journals)


@pytest.fixture
def posted() -> Book:
    return two_months()


@pytest.mark.django_db
def test_the_auditor_accepts_the_books(posted: Book, tmp_path: Path) -> None:
    ran = _bean_check(_text(posted), tmp_path)
    assert (ran.returncode, ran.stdout, ran.stderr) == (0, "", "")


@pytest.mark.django_db
def test_the_auditor_arrives_at_our_balances(posted: Book) -> None:
    entries, errors, options = loader.load_string(_text(posted))
    assert not errors
    assert options["operating_currency"] == ["HKD"]
    ours = balances(PROGRAMME, "", "HKD") | balances(PROGRAMME, "", "seconds:h800-node")
    root = realize(entries)
    for path, amount in ours.items():
        unit = "SEC.H800-NODE" if path.startswith("quota/") else "HKD"
        theirs = compute_balance(get(root, account_name(path))).get_currency_units(unit).number
        assert theirs == (amount if path.startswith("quota/") else Decimal(amount) / 100), path
    assert {entry.account for entry in entries if isinstance(entry, Open)} == {account_name(path) for path in ours}


@pytest.mark.django_db
def test_each_journal_is_one_transaction_with_its_number_and_cause(posted: Book) -> None:
    entries, _, _ = loader.load_string(_text(posted))
    transactions = [entry for entry in entries if isinstance(entry, Transaction)]
    assert [(one.meta["journal"], one.meta["cause"]) for one in transactions] == [
        (str(journal.number), journal.cause) for journal in posted.journals
    ]
    (march,) = [one for one in transactions if one.meta["cause"] == "march"]
    assert march.narration == MEMO
    assert march.meta["details"] == '{"hash": "a\\"b", "lines": 1}'


@pytest.mark.django_db
def test_every_account_is_asserted_at_every_month_s_end_in_the_programme_s_zone(posted: Book) -> None:
    """A balance holds at the start of its day: that of February stands on 1 March, local time."""
    entries, _, _ = loader.load_string(_text(posted))
    free = [
        (entry.date, entry.amount.number)
        for entry in entries
        if isinstance(entry, Balance) and entry.account == "Equity:Budget:Free"
    ]
    assert free == [
        (date(2026, 3, 1), Decimal("300.00")),
        (date(2026, 4, 1), Decimal("199.99")),
        (date(2026, 5, 1), Decimal("199.99")),
        (date(2026, 6, 1), Decimal("689.66")),
    ]
    per_account = [entry.account for entry in entries if isinstance(entry, Balance)]
    assert per_account.count("Equity:Budget:Committed:AW-2026-0002") == 3
    assert per_account.count("Equity:Budget:Appropriation") == 4


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("sound", "faulty"),
    [
        ("  Assets:Receivable:Scheme:AW-2026-0001  210.33 HKD", "  Assets:Receivable:Scheme:AW-2026-0001  210.34 HKD"),
        ("  Assets:Receivable:User:Harbour-university  90.14 HKD\n", ""),
        ("2026-04-01 balance Equity:Budget:Free  199.99 HKD", "2026-04-01 balance Equity:Budget:Free  199.98 HKD"),
        ("2026-04-01 balance Equity:Budget:Free  199.99 HKD", "2026-04-01 balance Equity:Budget:Free  200.00 HKD"),
        (
            "  Equity:Quota:Used:AW-2026-0001:H800-node  4000 SEC",
            "  Equity:Quota:Used:AW-2026-0001:H800-node  4001 SEC",
        ),
        ("open Equity:Budget:Spent:AW-2026-0001", "open Equity:Budget:Spent:AW-2026-0009"),
    ],
    ids=["a cent off", "a leg missing", "balance a cent low", "balance a cent high", "a second off", "not opened"],
)
def test_the_auditor_refuses_a_seeded_fault(posted: Book, tmp_path: Path, sound: str, faulty: str) -> None:
    text = _text(posted)
    assert text.count(sound) == 1
    assert _bean_check(text.replace(sound, faulty), tmp_path).returncode == 1


@pytest.mark.parametrize(
    ("zone", "day", "asserted"),
    [
        ("Asia/Hong_Kong", "2026-03-01", "2026-04-01"),
        ("UTC", "2026-02-28", "2026-03-01"),
        ("America/New_York", "2026-02-28", "2026-03-01"),
    ],
)
def test_days_are_those_of_the_zone(zone: str, day: str, asserted: str) -> None:
    journal = _journal(1, {"budget/free": 1, "budget/appropriation": -1}, at=datetime(2026, 2, 28, 16, tzinfo=UTC))
    text = _text(_book(journal, zone=ZoneInfo(zone)))
    assert f'{day} * "m"' in text
    assert f"{asserted} balance Equity:Budget:Free  0.01 HKD" in text


def test_a_journal_out_of_balance_is_shown_to_the_auditor_as_it_is(tmp_path: Path) -> None:
    wrong = _journal(1, {"budget/free": 100, "budget/appropriation": -99})
    ran = _bean_check(_text(_book(wrong)), tmp_path)
    assert ran.returncode == 1
    assert "Transaction does not balance" in ran.stderr + ran.stdout


def test_empty_books_are_accepted(tmp_path: Path) -> None:
    assert _bean_check(_text(_book()), tmp_path).returncode == 0


# --- names ------------------------------------------------------------------------------------

slugs = st.from_regex(r"[a-z0-9]{1,12}(-[a-z0-9]{1,9}){0,3}", fullmatch=True)
codes = st.from_regex(r"[A-Z]{2,4}-20[0-9]{2}-[0-9]{4,6}", fullmatch=True)
paths = st.one_of(
    st.sampled_from(["budget/appropriation", "budget/free", "cash"]),
    st.builds("budget/committed/{}".format, codes),
    st.builds("budget/spent/{}".format, codes),
    st.builds("receivable/scheme/{}".format, codes),
    st.builds("receivable/user/{}".format, slugs),
    st.builds("revenue/{}".format, slugs),
    st.builds("quota/{}/{}/{}".format, st.sampled_from(["granted", "remaining", "used"]), codes, slugs),
)


@given(paths)
def test_every_account_has_a_name_that_beancount_accepts(path: str) -> None:
    unit = f"seconds:{path.rsplit('/', 1)[1]}" if path.startswith("quota/") else "HKD"
    assert fits(path, unit)
    assert is_valid(account_name(path))


@given(st.sets(paths, max_size=20))
def test_no_two_accounts_share_a_name(some: set[str]) -> None:
    assert len({account_name(path) for path in some}) == len(some)


@pytest.mark.parametrize(
    ("unit", "name"),
    [
        ("HKD", "HKD"),
        ("seconds:h800-node", "SEC.H800-NODE"),
        ("seconds:8", "SEC.8"),
        ("seconds:abcdefghij-1234567-8", "SEC.ABCDEFGHIJ-1234567-8"),
        ("seconds:abcdefghij-1234567-89", "SEC.ABCDEFGHI.86BF74AFEE"),
    ],
)
def test_commodities_are_short_and_stable(unit: str, name: str) -> None:
    assert commodity_name(unit) == name


@given(slugs, slugs)
def test_commodities_are_valid_and_distinct(one: str, other: str) -> None:
    names = [commodity_name(f"seconds:{item}") for item in (one, other)]
    assert all(re.fullmatch(CURRENCY_RE, name) and len(name) <= 24 for name in names)
    assert (names[0] == names[1]) == (one == other)


@given(st.text(st.characters(codec="utf-8", exclude_categories=["Cs", "Cc"]), max_size=40))
def test_any_memo_arrives_whole(memo: str) -> None:
    journal = _journal(1, {"budget/free": 1, "budget/appropriation": -1}, memo=memo)
    entries, errors, _ = loader.load_string(_text(_book(journal)))
    assert not errors
    (transaction,) = [entry for entry in entries if isinstance(entry, Transaction)]
    assert transaction.narration == memo


# --- for machines -----------------------------------------------------------------------------


@pytest.mark.django_db
def test_the_csv_has_a_line_per_posting_and_sums_to_zero(posted: Book) -> None:
    rows = list(csv.DictReader(io.StringIO("\n".join(csv_lines(posted)))))
    assert len(rows) == sum(len(journal.entries) for journal in posted.journals)
    assert list(rows[0]) == list(CSV_COLUMNS)
    for unit in ("HKD", "seconds:h800-node"):
        assert sum(Decimal(row["amount"]) for row in rows if row["unit"] == unit) == 0
        assert sum(int(row["integer_amount"]) for row in rows if row["unit"] == unit) == 0
    first = rows[0]
    assert (first["date"], first["account"], first["amount"]) == ("2026-02-02", "budget/free", "1000.00")
    assert {row["memo"] for row in rows if row["cause"] == "march"} == {MEMO}


@pytest.mark.django_db
def test_the_json_holds_every_journal(posted: Book) -> None:
    data = json_data(posted)
    assert (data["programme"], data["currency"], data["time_zone"]) == (PROGRAMME, "HKD", "Asia/Hong_Kong")
    journals = data["journals"]
    assert isinstance(journals, list)
    assert [one["cause"] for one in journals][-1] == "end"
    assert journals[0]["entries"] == [
        {"account": "budget/free", "amount": 1_000_00},
        {"account": "budget/appropriation", "amount": -1_000_00},
    ]
    assert journals[0]["at"] == "2026-02-02T00:00:00+00:00"


@pytest.mark.django_db
def test_journals_come_in_the_order_in_which_they_hold(posted: Book) -> None:
    late = post(
        JournalDraft(
            PROGRAMME,
            "found later",
            "HKD",
            "",
            datetime(2026, 1, 5, tzinfo=UTC),
            (Entry("cash", 1), Entry("receivable/user/harbour-university", -1)),
        ),
        actor=CLERK,
    )
    again = book(OPERATOR, PROGRAMME)
    assert [journal.number for journal in again.journals] == [late.pk, *(one.number for one in posted.journals)]
    assert not loader.load_string(_text(again))[1]
