"""The same cases once more, this time through the database: import, close, ledger and documents.

An award has its own share and one item. So cases with a scheme's share that changes, a budget or several
items are not among them.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from django.db.models import Sum
from tests.charging.books import FINANCE, MADE, NO_CAP, PROGRAMME, Books, listed_as, used
from tests.charging.oracle import utc as instant
from tests.charging.test_cases import CASES

from lionrock.charging.actions import adjust, share_fee
from lionrock.charging.models import ChargeLine, MonthClose
from lionrock.kernel.money import Money, settle
from lionrock.kernel.periods import Month
from lionrock.ledger.models import Journal
from lionrock.people.models import Organisation
from lionrock.sites.models import Site
from lionrock.sites.queries import home_site
from lionrock.statements.models import Document

pytestmark = pytest.mark.django_db


def _fits(case: Mapping[str, Any]) -> bool:
    given = case["input"]
    operations = {one["op"] for one in given["timeline"]}
    return (
        operations <= {"ingest", "close", "set_price", "adjust", "shared_fee"}
        and "budget" not in given["scheme"]
        and len(given["scheme"]["share"]) == 1
        and len({item for record in _records(given) for item in record["tres"]}) <= 1
        and all("start" in record for record in _records(given))
        and not _is_closed_twice(given)
    )


def _records(given: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    return [record for one in given["timeline"] for record in one.get("records", [])]


def _is_closed_twice(given: Mapping[str, Any]) -> bool:
    closed = [one["month"] for one in given["timeline"] if one["op"] == "close"]
    return len(closed) != len(set(closed))


FITTING = [case for case in CASES if _fits(case)]


def test_most_cases_can_be_told_in_the_books() -> None:
    assert len(FITTING) >= 100


@pytest.mark.parametrize("case", FITTING, ids=lambda case: str(case["id"]))
def test_closing_gives_what_the_case_expects(case: dict[str, Any], tmp_path: Path) -> None:
    telling = _Telling(case["input"], tmp_path / "rulebook")
    held = telling.tell()
    expected = case["expect"]
    assert [_invoice(close) for close in MonthClose.objects.order_by("month")] == [
        {
            "month": invoice["month"],
            **{part: invoice[part] for part in ("gross", "subsidy", "user")},
            "lines": [{**line, "site": line.get("site", _earner(line)).lower()} for line in invoice["lines"]],
            "by_account": invoice["by_account"],
        }
        for invoice in expected["invoices"]
    ]
    left = telling.books.balances("budget/committed")
    assert {award: left.get(award, 0) for award in expected.get("award_left", {})} == expected.get("award_left", {})
    assert telling.ledger() == expected["ledger"]
    if "unpriced_tres_seconds" not in expected:
        assert held >= {str(job) for job in expected.get("quarantined_jobs", [])}


def _earner(line: Mapping[str, Any]) -> str:
    """Return where what has no site in a case is earned: what was decided, by the programme's first site."""
    return "north" if "sku" in line else home_site(PROGRAMME)


class _Telling:
    """A case told through the actions of the product."""

    def __init__(self, given: Mapping[str, Any], folder: Path) -> None:
        self.given = given
        self.zone = given["billing_time_zone"]
        self.books = Books(
            folder,
            currency=given["currency"],
            zone=self.zone,
            proration=given["scheme"].get("proration", "by_second"),
            prices={listed_as(price): price for price in given["prices"]},
        )
        self.line = 0
        for site in self._sites():
            Site.objects.create(
                code=site, name=site, time_zone=self.zone, programme=PROGRAMME, driver="local", created_at=MADE
            )
        for award in given["awards"]:
            self._put(award)

    def _put(self, award: Mapping[str, Any]) -> None:
        cap = NO_CAP if award["cap"] is None else self._minor(award["cap"])
        self.books.put_award(
            award["id"],
            award["account"],
            cap=cap,
            item=self._item_of(award["account"]),
            share=Decimal(award.get("share", self.given["scheme"]["share"][0][1])),
            valid_from=date.fromisoformat(award["valid_from"]),
            valid_to=date.fromisoformat(award["valid_to"]),
        )

    def _item_of(self, account: str) -> str:
        """Return the one item that the account uses."""
        items = [item for record in _records(self.given) if record["account"] == account for item in record["tres"]]
        return items[0] if items else "gpu"

    def _minor(self, amount: str) -> int:
        return int(Decimal(amount).scaleb({"JPY": 0, "KWD": 3}.get(self.given["currency"], 2)))

    def tell(self) -> set[str]:
        """Carry out the timeline; return the jobs that were held."""
        held: set[str] = set()
        for one in self.given["timeline"]:
            if one["op"] == "ingest":
                intake = self.books.take(*(self._record(record) for record in one["records"]))
                held |= {record.job for record, _ in intake.held}
            elif one["op"] == "set_price":
                self.books.set_price(one["price"])
            elif one["op"] in {"adjust", "shared_fee"}:
                self._decide(one)
            else:
                self.books.close(one["month"])
        return held

    def _decide(self, one: Mapping[str, Any]) -> None:
        """Decide an adjustment or a fee; what has no site is earned where all else is."""
        self.line += 1
        given: dict[str, Any] = {
            "actor": FINANCE,
            "programme": PROGRAMME,
            "amount": Money(self._minor(one["amount"]), self.given["currency"]),
            "month": Month.parse(one["month"]),
            "reason": one["reason"],
            "cause": f"decision {self.line}",
            "now": MADE,
        }
        if one["op"] == "adjust":
            self._register(one["account"])
            adjust(account=one["account"], award=one.get("award"), **given)
            return
        if not self._sites():
            for account in one["weights"]:
                self._register(account)
        weights = {name.lower(): weight for name, weight in one["weights"].items()}
        assert share_fee(weights=weights, **given).between_sites == bool(self._sites())

    def _sites(self) -> list[str]:
        """Return the sites that must be on file, because they share a fee."""
        fees = [one["weights"] for one in self.given["timeline"] if one["op"] == "shared_fee"]
        used_at = {str(record["site"]) for record in _records(self.given) if "site" in record}
        sharing = used_at & {name for weights in fees for name in weights}
        parties = {name for weights in fees for name in weights if sharing}
        return ["north", *sorted(name.lower() for name in parties | used_at)] if sharing else []

    def _register(self, account: str) -> None:
        Organisation.objects.get_or_create(code=account, defaults={"name": "A name", "created_at": MADE})

    def _record(self, record: Mapping[str, Any]) -> Any:
        self.line += 1
        self._register(record["account"])
        start, end = (instant(record[name], self.zone).isoformat() for name in ("start", "end"))
        return used(
            str(record["job"]),
            start,
            end,
            line=self.line,
            site=record.get("site", "north").lower(),
            account=record["account"],
            award=record.get("award"),
            devices=record["tres"],
            device_seconds=record.get("tres_seconds", {}),
            state=record.get("state", "COMPLETED"),
            revision=record.get("revision", 1),
            interim="interim_of" in record,
        )

    def ledger(self) -> dict[str, int]:
        """Return the books' side of the answer."""
        return {
            "revenue_credit": -sum(self.books.balances("revenue").values()),
            "scheme_receivable_debit": sum(self.books.balances("receivable/scheme").values()),
            "user_receivable_debit": sum(self.books.balances("receivable/user").values()),
        }


def _invoice(close: MonthClose) -> dict[str, Any]:
    documents = Document.objects.filter(close=close).select_related("organisation")
    assert Journal.objects.filter(programme=PROGRAMME, postings__isnull=True).count() == 0
    assert close.gross == (close.lines.aggregate(Sum("gross"))["gross__sum"] or 0)
    return {
        "month": f"{close.month:%Y-%m}",
        "gross": close.gross,
        "subsidy": close.subsidy,
        "user": close.user,
        "lines": [_line(line) for line in close.lines.order_by("position")],
        "by_account": {
            one.organisation.code: {"gross": one.gross, "subsidy": one.subsidy, "user": one.user, "document": one.kind}
            for one in documents
        },
    }


def _line(line: ChargeLine) -> dict[str, Any]:
    found: dict[str, Any] = {
        "kind": line.kind,
        "account": line.account,
        "site": line.site,
        "gross": line.gross,
        "subsidy": line.subsidy,
        "user": line.user,
        "subsidy_by_award": line.subsidy_by_award,
    }
    if line.item:
        seconds = settle(Fraction(int(line.seconds_numerator), int(line.seconds_denominator)))
        found |= {"sku": line.item, "price_from": line.price_label, "tres_seconds": seconds}
    return found | ({"corrects": f"{line.corrects:%Y-%m}"} if line.corrects else {})
