"""Closing months in the books: when it may be, what it posts, and what happens to a closed month: nothing."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from itertools import pairwise
from typing import Any

import pytest
from tests.charging.books import FINANCE, PROGRAMME, Books, shown, used

from lionrock.audit.models import AuditRecord
from lionrock.awards.actions import end_award
from lionrock.charging.actions import close_month
from lionrock.charging.events import MonthClosed
from lionrock.charging.models import ChargeLine, MonthClose
from lionrock.charging.queries import preview
from lionrock.config.reactions import TABLE, install_reactions
from lionrock.kernel import events
from lionrock.kernel.errors import Broken, Conflict, Refused
from lionrock.kernel.periods import Month
from lionrock.ledger.models import Journal
from lionrock.ledger.queries import balance
from lionrock.people.domain import terminal_operator
from lionrock.statements.explaining import explain_line
from lionrock.statements.models import Document
from lionrock.statements.queries import paper_of

MARCH_ENDS = datetime(2026, 3, 31, 16, tzinfo=UTC)
A, B, C = "2026-03-10T00:00:00", "2026-03-10T01:00:00", "2026-03-10T02:00:00"
DEARER = {"sku": "gpu", "versions": [["2000-01-01", "10.00"], ["2026-03-01", "12.00"]]}


def _close(month: str, now: datetime) -> MonthClose:
    return close_month(actor=FINANCE, programme=PROGRAMME, month=Month.parse(month), now=now)


def test_a_month_is_closed_when_it_has_ended_in_the_programmes_zone(books: Books) -> None:
    with pytest.raises(Refused) as raised:
        _close("2026-03", MARCH_ENDS - timedelta(seconds=1))
    assert raised.value.code == "charging.close.not_ended"
    assert "2026-04-01T00:00:00+08:00" in str(raised.value)
    assert not MonthClose.objects.exists()
    assert _close("2026-03", MARCH_ENDS).month == date(2026, 3, 1)


@pytest.mark.parametrize("month", ["2026-02", "2026-03"])
def test_a_closed_month_and_those_before_it_are_not_closed_again(books: Books, month: str) -> None:
    books.take(used("1", A, B))
    books.close("2026-03")
    before = _everything()
    with pytest.raises(Conflict) as raised:
        _close(month, MARCH_ENDS)
    assert raised.value.code == "charging.close.closed_already"
    assert "2026-03" in str(raised.value)
    assert _everything() == before


def _everything() -> tuple[Any, ...]:
    models = (MonthClose, ChargeLine, Document, Journal, AuditRecord)
    return tuple(list(model.objects.order_by("pk").values()) for model in models)


def test_an_empty_month_is_closed_without_documents_and_postings(books: Books) -> None:
    before = Journal.objects.count()
    closed = books.close("2026-03")
    assert (closed.gross, closed.lines.count(), Document.objects.count()) == (0, 0, 0)
    assert Journal.objects.count() == before


def test_a_close_posts_what_it_charges(books: Books) -> None:
    books.take(used("1", A, B, devices={"gpu": 3}))
    before = books.balances("budget")
    closed = books.close("2026-03")
    assert (closed.gross, closed.subsidy, closed.user, closed.currency) == (3000, 2100, 900, "HKD")
    assert books.balances("revenue") == {"north": -3000}
    assert books.balances("receivable") == {"scheme/A1": 2100, "user/u1": 900}
    after = books.balances("budget")
    assert (after["spent/A1"], after["committed/A1"] - before["committed/A1"]) == (2100, -2100)
    assert balance(PROGRAMME, "quota/used/A1/gpu", "seconds:gpu") == 3 * 3600
    accrual = Journal.objects.get(cause="charging.close_month:2026-03")
    assert accrual.at == MARCH_ENDS - timedelta(seconds=1)
    [kept] = AuditRecord.objects.filter(action="charging.close_month")
    assert kept.details == {"lines": 1, "gross": 3000, "subsidy": 2100, "user": 900}


def test_each_account_gets_one_document_numbered_without_gaps(books: Books) -> None:
    books.put_award("A2", "u2")
    books.take(used("1", A, C), used("2", A, B, account="u2"))
    books.close("2026-03")
    books.take(used("1", A, B, revision=2), used("3", "2026-04-02T00:00:00", "2026-04-02T01:00:00", account="u2"))
    books.close("2026-04")
    documents = Document.objects.order_by("month", "number").values_list("number", "organisation__code", "kind", "user")
    assert list(documents) == [
        ("TOLD-INV-2026-0001", "u1", "invoice", 600),
        ("TOLD-INV-2026-0002", "u2", "invoice", 300),
        ("TOLD-CN-2026-0001", "u1", "credit note", -300),
        ("TOLD-INV-2026-0003", "u2", "invoice", 300),
    ]


def test_what_arrives_late_is_a_correction_in_the_next_month_that_names_it(books: Books) -> None:
    books.take(used("1", A, B))
    books.close("2026-03")
    books.take(used("1", A, C, revision=2), used("2", A, B, devices={"gpu": 2}))
    april = books.close("2026-04")
    assert shown(april, "kind", "corrects", "month_of_use", "gross", "seconds_numerator") == [
        ("correction", date(2026, 3, 1), date(2026, 3, 1), 3000, 3 * 3600)
    ]
    may = books.close("2026-05")
    assert shown(may, "kind") == []


def test_a_price_changed_backwards_is_corrected_at_the_price_of_the_time_of_use(books: Books) -> None:
    books.take(used("1", A, B))
    books.close("2026-03")
    books.set_price(DEARER)
    books.take(used("2", "2026-04-02T00:00:00", "2026-04-02T01:00:00"))
    april = books.close("2026-04")
    assert shown(april, "kind", "price_label", "gross", "subsidy") == [
        ("correction", "2000-01-01", -1000, -700),
        ("correction", "2026-03-01", 1200, 840),
        ("usage", "2026-03-01", 1200, 840),
    ]
    assert shown(books.close("2026-05"), "kind") == []


def test_a_site_s_own_price_holds_there_and_corrects_what_was_billed_at_another(books: Books) -> None:
    books.take(used("1", A, B), used("2", A, B, site="south"))
    books.close("2026-03")
    books.set_price({"sku": "gpu", "site": "south", "versions": [["2000-01-01", "30.00"]]})
    april = books.close("2026-04")
    assert shown(april, "kind", "site", "price_site", "gross") == [
        ("correction", "south", None, -1000),
        ("correction", "south", "south", 3000),
    ]
    document = Document.objects.get(close=april)
    paths = {read.path for remark in paper_of(document).notes for read in remark.reads}
    assert {"items.gpu.price", "items.gpu.at_sites.south.price"} <= paths
    position = april.lines.get(price_site="south").position
    reads = [read.path for step in explain_line(document, position).steps for read in step.reads]
    assert "items.gpu.at_sites.south.price" in reads


def test_a_price_changed_backwards_reaches_use_from_before_the_first_close(books: Books) -> None:
    books.take(used("1", A, B))
    april = books.close("2026-04")
    assert shown(april, "kind", "corrects", "gross") == [("correction", date(2026, 3, 1), 1000)]
    books.set_price(DEARER)
    assert shown(books.close("2026-05"), "corrects", "gross") == [(date(2026, 3, 1), -1000), (date(2026, 3, 1), 1200)]


def test_an_award_made_backwards_pays_for_closed_months(books: Books) -> None:
    books.take(used("1", A, B, account="u1"))
    books.put_award("B1", "u2")
    books.take(used("2", A, B, account="u2", award=None, devices={"gpu": 1}))
    books.close("2026-03")
    books.put_award("A0", "u1", valid_from=date(2026, 3, 1), valid_to=date(2026, 4, 1), share=Decimal("0.9"))
    april = books.close("2026-04")
    assert shown(april, "account", "gross", "subsidy_by_award") == [
        ("u1", 1000, {"A0": 900}),
        ("u1", -1000, {"A1": -700}),
    ]


def test_the_cap_is_what_is_left_in_the_ledger(books: Books) -> None:
    books.put_award("A2", "u2", cap=1000)
    for number, month in enumerate(("2026-03", "2026-04", "2026-05"), 1):
        books.take(used(str(number), f"{month}-02T00:00:00", f"{month}-02T01:00:00", account="u2"))
        books.close(month)
    assert list(Document.objects.order_by("month").values_list("subsidy", "user")) == [
        (700, 300),
        (300, 700),
        (0, 1000),
    ]
    assert books.balances("budget/committed").get("A2", 0) == 0
    assert [one["left"] for one in Document.objects.get(month=date(2026, 3, 1)).awards] == [300]
    books.take(used("1", "2026-03-02T00:00:00", "2026-03-02T00:30:00", account="u2", revision=2))
    books.take(used("4", "2026-06-02T00:00:00", "2026-06-02T01:00:00", account="u2"))
    june = books.close("2026-06")
    assert shown(june, "kind", "gross", "subsidy") == [("correction", -500, -350), ("usage", 1000, 350)]


def test_nothing_is_paid_from_an_award_that_was_ended(books: Books) -> None:
    books.put_award("A2", "u2", cap=100_000, valid_from=date(2026, 3, 1), valid_to=date(2026, 4, 1))
    books.take(used("1", A, C, account="u2"))
    books.close("2026-03")
    end_award(actor=terminal_operator("root"), award="A2", now=MARCH_ENDS)
    assert books.balances("budget/committed").get("A2", 0) == 0
    books.take(used("1", A, B, account="u2", revision=2), used("2", A, B, account="u2"))
    april = books.close("2026-04")
    # An hour less and an hour more of one line: nothing to correct.
    assert shown(april, "kind") == []
    books.take(used("2", A, C, account="u2", revision=2))
    may = books.close("2026-05")
    assert shown(may, "kind", "gross", "subsidy") == [("correction", 1000, 0)]
    books.take(used("2", A, B, account="u2", revision=3))
    june = books.close("2026-06")
    assert shown(june, "kind", "gross", "subsidy") == [("correction", -1000, -700)]
    assert books.balances("budget/spent")["A2"] == 700


def test_what_has_no_price_is_named_with_the_close_and_billed_when_it_has_one(books: Books) -> None:
    books.take(used("1", A, B, devices={"fpga": 2}), used("2", A, B))
    march = books.close("2026-03")
    assert march.held == {"2026-03": {"unpriced_device_seconds": 7200, "runs": 1, "jobs": ["north/1"]}}
    assert shown(march, "item", "gross") == [("gpu", 1000)]
    books.set_price({"sku": "fpga", "versions": [["2026-01-01", "1.00"]]})
    april = books.close("2026-04")
    assert april.held == {}
    assert shown(april, "kind", "item", "gross", "corrects") == [("correction", "fpga", 200, date(2026, 3, 1))]


def test_preview_shows_what_the_close_then_does(books: Books) -> None:
    books.take(used("1", A, C))
    books.close("2026-03")
    books.take(used("1", A, B, revision=2), used("2", "2026-04-02T00:00:00", "2026-04-02T01:00:00", devices={"gpu": 7}))
    books.set_price(DEARER)
    before = _everything()
    seen = preview(FINANCE, PROGRAMME, Month(2026, 4))
    assert _everything() == before
    closed = books.close("2026-04")
    assert [(line.gross, line.subsidy, line.user) for line in seen.lines] == shown(closed, "gross", "subsidy", "user")
    assert len(seen.lines) == 3


def test_without_somebody_to_issue_documents_nothing_is_closed(books: Books) -> None:
    books.take(used("1", A, B))
    before = _everything()
    events.install([row for row in TABLE if row.event is not MonthClosed])
    try:
        with pytest.raises(Broken, match="Nothing reacts to MonthClosed"):
            books.close("2026-03")
    finally:
        install_reactions()
    assert _everything() == before


def test_progress_is_told_to_whoever_waits(books: Books, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("lionrock.charging.reckoning.CHUNK", 2)
    books.take(*(used(str(number), A, B) for number in range(5)))
    seen: list[int] = []
    close_month(actor=FINANCE, programme=PROGRAMME, month=Month(2026, 3), now=MARCH_ENDS, progress=seen.append)
    assert seen == [2, 4]


def test_lines_are_positioned_in_the_order_in_which_they_used_up_caps(books: Books) -> None:
    books.put_award("A2", "u2", cap=50)
    books.take(used("2", B, C, account="u2"), used("1", A, B, account="u2", site="south"), used("3", A, B))
    lines = list(books.close("2026-03").lines.order_by("position"))
    assert [line.position for line in lines] == [1, 2, 3]
    assert [(line.site, line.account, line.subsidy) for line in lines] == [
        ("north", "u1", 700),
        ("south", "u2", 50),
        ("north", "u2", 0),
    ]
    assert all(one.first_use <= other.first_use for one, other in pairwise(lines))
