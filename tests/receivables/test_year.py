"""A year of two programmes, three sites and two currencies, accepted by three auditors that share no code with us."""

from __future__ import annotations

import csv
import io
import random
import subprocess
import sys
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from tests.calls.world import holder
from tests.charging.books import MADE, Books, used
from tests.ledger.test_hledger import hledger

from lionrock.charging.actions import adjust, share_fee
from lionrock.kernel.currencies import DECIMALS
from lionrock.kernel.money import Money
from lionrock.kernel.periods import Month
from lionrock.ledger.check import check_books
from lionrock.ledger.domain.beancount_text import account_name as bean_name
from lionrock.ledger.domain.beancount_text import beancount_lines
from lionrock.ledger.domain.hledger_text import account_name as hledger_name
from lionrock.ledger.domain.hledger_text import hledger_lines
from lionrock.ledger.queries import balances, book
from lionrock.people.domain import Role, terminal_operator
from lionrock.receivables.actions import record_payment, reverse_payment, settle_paper
from lionrock.receivables.queries import ageing
from lionrock.sites.actions import register_site
from lionrock.statements.focus.reading import DATASETS, write_focus
from lionrock.statements.models import Document, Settlement

pytestmark = pytest.mark.django_db

PROGRAMMES = {"told": "HKD", "desert": "KWD"}
ACCOUNTS = ("u1", "u2", "u3")
PRICES = {
    "gpu": {"sku": "gpu", "versions": [["2000-01-01", "10.00"], ["2026-06-15", "9.37"]]},
    "rack": {"sku": "rack", "unit": "calendar_month", "versions": [["2000-01-01", "333.33"]]},
}
MONTHS = tuple(f"2026-{number:02d}" for number in range(1, 13))
END = datetime(2027, 2, 1, tzinfo=UTC)


def sites(programme: str) -> tuple[str, ...]:
    """Return the codes of a programme's three sites."""
    return tuple(f"{programme}-{place}" for place in ("north", "south", "east"))


def live(books: Books, seed: int) -> None:
    """Use, correct, adjust, share, close, pay and settle through twelve months."""
    chance = random.Random(seed)
    jobs: list[dict[str, Any]] = []
    for number, month in enumerate(MONTHS):
        taken = [_job(chance, sites(books.programme), f"{month}-{each}", month) for each in range(5)]
        if number and jobs:
            taken.append(_corrected(chance, chance.choice(jobs)))
        books.take(*(used(**job) for job in taken))
        jobs += [job for job in taken if job["revision"] == 1 and job["account"] == "u3"]
        _decide(books, chance, month)
        books.close(month)
        _pay(books, chance, Month.parse(month))


def _job(chance: random.Random, places: tuple[str, ...], job: str, month: str) -> dict[str, Any]:
    start = datetime.fromisoformat(f"{month}-{chance.randrange(1, 20):02d}T00:00+08:00")
    hours = chance.randrange(1, 120)
    quiet = month > "2026-08"  # u3 uses nothing more, so that its corrections are credit notes
    return {
        "job": job, "start": start.isoformat(), "end": (start + timedelta(hours=hours, seconds=7)).isoformat(),
        "site": chance.choice(places), "account": chance.choice(ACCOUNTS[:2] if quiet else ACCOUNTS),
        "devices": chance.choice(({"gpu": 3}, {"gpu": 1}, {"rack": 1})), "revision": 1,
    }  # fmt: skip


def _corrected(chance: random.Random, job: dict[str, Any]) -> dict[str, Any]:
    """Return a later word on a run: it was half as long."""
    start, end = (datetime.fromisoformat(job[edge]) for edge in ("start", "end"))
    return {**job, "end": (start + (end - start) / 2).replace(microsecond=0).isoformat(), "revision": 2}


def _decide(books: Books, chance: random.Random, month: str) -> None:
    given = {"actor": holder(Role.FINANCE, books.programme), "programme": books.programme, "now": END}
    if month in ("2026-03", "2026-10"):
        amount = Money(chance.choice((-12_34, 56_78)), books.currency)
        adjust(
            account="u2", amount=amount, month=Month.parse(month), reason="Goodwill", cause=f"letter {month}",
            site=sites(books.programme)[1], **given,
        )  # type: ignore[arg-type]  # fmt: skip
    if month == "2026-05":
        share_fee(
            amount=Money(100_01, books.currency), weights=dict.fromkeys(sites(books.programme), 1),
            month=Month.parse(month), reason="Line between sites", cause="fee", site=sites(books.programme)[0], **given,
        )  # type: ignore[arg-type]  # fmt: skip


def _pay(books: Books, chance: random.Random, month: Month) -> None:
    """Pay most of what was billed, some of it too much, one in four returned; settle with the scheme and the sites."""
    given: dict[str, Any] = {"actor": holder(Role.FINANCE, books.programme), "now": END}
    on = month.next.first_day + timedelta(days=12)
    for document in Document.objects.filter(programme=books.programme, month=month.first_day, user__gt=0):
        much = chance.choice((document.user, document.user + 1_23, document.user // 2 + 1))
        amount = Money(much, books.currency)
        payer, reference = document.organisation.code, f"{document.number} paid"
        made, _ = record_payment(
            programme=books.programme, organisation=payer, amount=amount, paid_on=on, reference=reference, **given
        )
        if chance.random() < 0.25:
            reverse_payment(payment=made.pk, reason="returned", **given)
    for paper in Settlement.objects.filter(programme=books.programme, month=month.first_day):
        settle_paper(number=paper.number, on=on, reference=f"{paper.number} paid", **given)


@pytest.fixture
def year(settings: Any, tmp_path: Path) -> dict[str, Books]:
    """Two programmes of one rulebook, each with a year of its own."""
    settings.LIONROCK_RULEBOOK = settings.LIONROCK_RULEBOOK  # put back, whatever `Books` does
    made = {}
    for seed, (programme, currency) in enumerate(PROGRAMMES.items()):
        books = Books(tmp_path / "rulebook", currency=currency, prices=dict(PRICES), programme=programme)
        for code in sites(programme):
            register_site(
                actor=terminal_operator("root"), code=code, name=code, programme=programme, driver="local", now=MADE
            )
        for account in ACCOUNTS:
            cap = 5_000_00 if account == "u1" else 10**9
            books.put_award(f"{programme.upper()}-{account.upper()}", account, cap=cap)
        live(books, seed)
        made[programme] = books
    return made


def test_a_year_is_accepted_by_bean_check_hledger_and_the_focus_linter(year: dict[str, Books], tmp_path: Path) -> None:
    assert [fault for check in check_books() for fault in check.faults] == []
    _it_was_a_year_worth_checking()
    for programme, currency in PROGRAMMES.items():
        _beancount(programme, tmp_path)
        _hledger(programme, currency, tmp_path)
        _focus(programme, currency, tmp_path)
        _documents_and_books_agree(programme, currency)


def _it_was_a_year_worth_checking() -> None:
    for programme in PROGRAMMES:
        documents = Document.objects.filter(programme=programme)
        assert {each.kind for each in documents} == {"invoice", "credit note"}
        lines = [line for document in documents for line in document.close.lines.all()]
        assert {line.site for line in lines} == set(sites(programme))
        assert {line.kind for line in lines} >= {"usage", "correction", "adjustment"}
        assert {line.item for line in lines} >= {"gpu", "rack"}


def _beancount(programme: str, folder: Path) -> None:
    text = "".join(f"{line}\n" for line in beancount_lines(book(terminal_operator("root"), programme)))
    assert 'option "tolerance_multiplier" "0"' in text
    file = folder / f"{programme}.beancount"
    file.write_text(text, encoding="utf-8")
    asked = [str(Path(sys.executable).with_name("bean-check")), str(file)]
    ran = subprocess.run(asked, capture_output=True, text=True, check=False)
    assert (ran.returncode, ran.stdout, ran.stderr) == (0, "", "")
    assert bean_name(f"remitted/{sites(programme)[0]}") in text


def _details_and_rows_agree(details: list[dict[str, str]], rows: list[dict[str, str]]) -> None:
    """A line's rows add up to it, and a correction names the document that billed its month before."""
    billed: dict[str, Decimal] = {}
    for row in rows:
        billed[row["InvoiceDetailId"]] = billed.get(row["InvoiceDetailId"], Decimal(0)) + Decimal(row["BilledCost"])
    assert {row["InvoiceDetailId"]: Decimal(row["BilledCost"]) for row in details} == billed
    corrections = {row["InvoiceDetailId"] for row in rows if row["ChargeClass"]}
    others = {row["InvoiceDetailId"] for row in details if row["ReferenceInvoiceId"] != row["InvoiceId"]}
    assert others
    assert others <= corrections


def _hledger(programme: str, currency: str, folder: Path) -> None:
    text = "".join(f"{line}\n" for line in hledger_lines(book(terminal_operator("root"), programme)))
    ran = hledger(text, folder, "check", "--strict")
    assert (ran.returncode, ran.stderr) == (0, "")
    ran = hledger(text, folder, "balance", "--flat", "--empty", "--no-total", "--output-format", "csv")
    theirs = {row["account"]: row["balance"] for row in csv.DictReader(io.StringIO(ran.stdout))}
    for path, amount in balances(programme, "", currency).items():
        number = theirs[hledger_name(path)].partition(" ")[0]
        assert Decimal(number).scaleb(DECIMALS[currency]) == amount, path


def _linted(dataset: str, programme: str, folder: Path) -> list[dict[str, str]]:
    """Return what one dataset says of a programme, accepted by the linter."""
    file = folder / f"{programme} {dataset}.csv"
    with file.open("w", encoding="utf-8", newline="") as out:
        write_focus(dataset, Document.objects.filter(programme=programme), out, datetime(2027, 3, 1, tzinfo=UTC))
    asked = [str(Path(sys.executable).with_name("focus-toolkit")), "validate", "--dataset", dataset, str(file)]
    ran = subprocess.run(asked, capture_output=True, text=True, check=False)
    assert ran.returncode == 0, (dataset, ran.stdout)
    return list(csv.DictReader(file.open(encoding="utf-8")))


def _focus(programme: str, currency: str, folder: Path) -> None:
    told = {dataset: _linted(dataset, programme, folder) for dataset in DATASETS}
    _details_and_rows_agree(told["invoice-detail"], told["cost-and-usage"])
    closed = {(row["BillingPeriodStart"], row["BillingPeriodEnd"]) for row in told["billing-period"]}
    assert {(row["BillingPeriodStart"], row["BillingPeriodEnd"]) for row in told["cost-and-usage"]} == closed
    awards = {row["ContractCommitmentId"] for row in told["contract-commitment"]}
    assert {row["x_AwardId"] for row in told["cost-and-usage"] if row["x_AwardId"]} <= awards
    assert {row["ContractCommitmentLifecycleStatus"] for row in told["contract-commitment"]} >= {"Exhausted", "Active"}
    billed: dict[str, Decimal] = {}
    borne: dict[str, Decimal] = {}
    for row in told["cost-and-usage"]:
        assert row["BillingCurrency"] == currency
        billed[row["InvoiceId"]] = billed.get(row["InvoiceId"], Decimal(0)) + Decimal(row["BilledCost"])
        month = row["BillingPeriodEnd"]
        borne[month] = borne.get(month, Decimal(0)) + Decimal(row["x_SubsidyCost"])
    places = DECIMALS[currency]
    assert {number: int(amount.scaleb(places)) for number, amount in billed.items()} == dict(
        Document.objects.filter(programme=programme).values_list("number", "user")
    )
    claims = Settlement.objects.filter(programme=programme, kind="claim").order_by("month")
    scheme = [int(amount.scaleb(places)) for _, amount in sorted(borne.items())]
    assert [amount for amount in scheme if amount] == [each.amount for each in claims if each.amount]


def _documents_and_books_agree(programme: str, currency: str) -> None:
    found = ageing(terminal_operator("root"), programme, date(2027, 2, 1))
    assert found.without_document == 0
    assert sum(balances(programme, "receivable/scheme", currency).values()) == 0
    earned = {path.split("/")[1]: -amount for path, amount in balances(programme, "revenue", currency).items()}
    paid = {path.split("/")[1]: amount for path, amount in balances(programme, "remitted", currency).items()}
    assert {site: amount for site, amount in earned.items() if amount} == {s: a for s, a in paid.items() if a}
    numbers = Settlement.objects.filter(programme=programme).order_by("number").values_list("number", flat=True)
    for kind in ("CLM", "REM"):
        of_kind = [int(number[-4:]) for number in numbers if f"-{kind}-" in number]
        assert of_kind == list(range(1, len(of_kind) + 1))
