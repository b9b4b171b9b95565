"""The same cases once more, this time through the database: import, close, ledger and documents.

A programme states prices for all its sites, and gives each award its share and one item. So cases with
site prices, a scheme's share that changes, a budget, several items, adjustments or fees are not among
them.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from django.db.models import Sum
from tests.charging.books import NO_CAP, PROGRAMME, Books, used
from tests.charging.oracle import utc as instant
from tests.charging.test_cases import CASES

from lionrock.charging.models import ChargeLine, MonthClose
from lionrock.kernel.money import settle
from lionrock.ledger.models import Journal
from lionrock.people.models import Organisation
from lionrock.statements.models import Document

pytestmark = pytest.mark.django_db


def _fits(case: Mapping[str, Any]) -> bool:
    given = case["input"]
    operations = {one["op"] for one in given["timeline"]}
    return (
        operations <= {"ingest", "close", "set_price"}
        and "budget" not in given["scheme"]
        and len(given["scheme"]["share"]) == 1
        and all("site" not in price for price in given["prices"])
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
    assert len(FITTING) >= 75


@pytest.mark.parametrize("case", FITTING, ids=lambda case: str(case["id"]))
def test_closing_gives_what_the_case_expects(case: dict[str, Any], tmp_path: Path) -> None:
    telling = _Telling(case["input"], tmp_path / "rulebook")
    held = telling.tell()
    expected = case["expect"]
    assert [_invoice(close) for close in MonthClose.objects.order_by("month")] == [
        {
            "month": invoice["month"],
            **{part: invoice[part] for part in ("gross", "subsidy", "user")},
            "lines": [{**line, "site": line.get("site", "north").lower()} for line in invoice["lines"]],
            "by_account": invoice["by_account"],
        }
        for invoice in expected["invoices"]
    ]
    left = telling.books.balances("budget/committed")
    assert {award: left.get(award, 0) for award in expected.get("award_left", {})} == expected.get("award_left", {})
    assert telling.ledger() == expected["ledger"]
    if "unpriced_tres_seconds" not in expected:
        assert held >= {str(job) for job in expected.get("quarantined_jobs", [])}


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
            prices={price["sku"]: price for price in given["prices"]},
        )
        self.line = 0
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
            else:
                self.books.close(one["month"])
        return held

    def _record(self, record: Mapping[str, Any]) -> Any:
        self.line += 1
        Organisation.objects.get_or_create(
            code=record["account"], defaults={"name": "A name", "created_at": datetime(2026, 1, 1, tzinfo=UTC)}
        )
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
    found = {
        "kind": line.kind,
        "account": line.account,
        "sku": line.item,
        "site": line.site,
        "gross": line.gross,
        "subsidy": line.subsidy,
        "user": line.user,
        "subsidy_by_award": line.subsidy_by_award,
        "price_from": line.price_label,
        "tres_seconds": settle(Fraction(int(line.seconds_numerator), int(line.seconds_denominator))),
    }
    return found | ({"corrects": f"{line.corrects:%Y-%m}"} if line.corrects else {})
