"""What is wrong is held or refused with its reason, and the rest goes on: by both paths, in the books."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from fractions import Fraction

import pytest
from tests.charging.books import FINANCE, PROGRAMME, Books, shown, used

from lionrock.charging import reckoning
from lionrock.charging.actions import close_month
from lionrock.charging.models import MonthClose, RecordedRun
from lionrock.charging.queries import preview
from lionrock.kernel.errors import Conflict, Invalid
from lionrock.kernel.periods import Month
from lionrock.statements.models import Document

MARCH = Month(2026, 3)
A, B, C = "2026-03-10T00:00:00", "2026-03-10T01:00:00", "2026-03-10T02:00:00"
GAP = [["2026-01-01", "10.00"], ["2026-03-10T01:00:00", None], ["2026-03-10T02:00:00", "20.00"]]


@pytest.fixture(params=[10**6, -1], ids=["run by run", "in parts"])
def books_of_either_path(request: pytest.FixtureRequest, books: Books, monkeypatch: pytest.MonkeyPatch) -> Books:
    monkeypatch.setattr(reckoning, "MANY", request.param)
    return books


def test_all_that_can_be_wrong_with_records_holds_nothing_else_up(books_of_either_path: Books) -> None:
    books = books_of_either_path
    books.set_price({"sku": "tpu", "versions": [["2030-01-01", "5.00"]]})
    books.put_award("A2", "u2", item="tpu")
    good = used("good", A, B)
    contradicting = replace(good, end=good.end.replace(minute=30))
    intake = books.take(
        good,
        contradicting,
        used("backwards", B, A),
        used("unknown item", A, B, devices={"fpga": 2, "gpu": 1}),
        used("award without price", A, C, account="u2", award="A2", devices={"tpu": 3}),
        used("nobody", A, B, account="u9"),
        used("not theirs", A, B, award="A2"),
        good,
    )
    assert {record.job: fault.code for record, fault in intake.held} == {
        "good": "charging.run.contradiction",
        "backwards": "charging.run.end_before_start",
        "nobody": "charging.run.account",
        "not theirs": "charging.run.award",
    }
    assert intake.repeated == 1
    march = books.close("2026-03")
    assert shown(march, "account", "item", "gross", "subsidy") == [("u1", "gpu", 2000, 1400)]
    assert march.held == {
        "2026-03": {
            "unpriced_device_seconds": 2 * 3600 + 3 * 7200,
            "runs": 2,
            "jobs": ["north/award without price", "north/unknown item"],
        }
    }
    assert [document.organisation.code for document in Document.objects.all()] == ["u1"]


def test_what_has_a_price_is_billed_and_what_has_none_is_named_until_it_has(books_of_either_path: Books) -> None:
    """The item is withdrawn in mid run; later it turns out that the list lacked a price."""
    books = books_of_either_path
    books.set_price({"sku": "gpu", "versions": GAP[:2]})
    books.take(used("1", "2026-03-10T00:30:00", "2026-03-10T02:15:00"))
    march = books.close("2026-03")
    assert shown(march, "price_label", "gross") == [("2026-01-01", 500)]
    assert march.held["2026-03"]["unpriced_device_seconds"] == 4500
    books.set_price({"sku": "gpu", "versions": [GAP[0], [GAP[1][0], "15.00"], GAP[2]]})
    april = books.close("2026-04")
    assert shown(april, "kind", "gross", "corrects") == [
        ("correction", 1500, MARCH.first_day),
        ("correction", 500, MARCH.first_day),
    ]
    assert april.held == {}


OVERLAPS = [[["2026-03-01", "10.00"], ["2026-03-01", "12.00"]], [["2026-03-10", "1"], ["2026-03-01", "2"]]]


@pytest.mark.parametrize("versions", [*OVERLAPS, GAP], ids=["same start", "not in order", "a gap"])
def test_a_price_list_that_overlaps_or_has_a_gap_is_refused_with_the_place(
    books: Books, versions: list[list[str | None]]
) -> None:
    books.take(used("1", A, B))
    right = dict(books.prices["gpu"])
    books.set_price({"sku": "gpu", "versions": versions})
    for act in (lambda: preview(FINANCE, PROGRAMME, MARCH), lambda: books.close("2026-03")):
        with pytest.raises(Invalid) as raised:
            act()
        [fault] = raised.value.faults
        assert str(fault.file).endswith("items.yaml")
        assert fault.line
    assert not MonthClose.objects.exists()
    books.set_price(right)
    assert books.close("2026-03").gross == 1000


def test_months_are_closed_in_order_and_a_month_that_was_passed_over_is_corrected(books_of_either_path: Books) -> None:
    books = books_of_either_path
    books.take(used("1", A, B), used("2", "2026-04-10", "2026-04-11"))
    april = books.close("2026-04")
    assert shown(april, "kind", "corrects", "gross") == [("correction", MARCH.first_day, 1000), ("usage", None, 24_000)]
    with pytest.raises(Conflict, match="corrected in the next one"):
        books.close("2026-03")
    with pytest.raises(Conflict):
        close_month(actor=FINANCE, programme=PROGRAMME, month=Month(2026, 4), now=datetime(2026, 6, 1, tzinfo=UTC))


def test_a_correction_is_corrected_and_corrected_again(books_of_either_path: Books) -> None:
    """2 hours, then 1, then 3, then none: each document has the difference, and together they come to nothing."""
    books = books_of_either_path
    books.put_award("A2", "u2", cap=1500)
    ends = {1: C, 2: B, 3: "2026-03-10T03:00:00", 4: A}
    gross = {}
    for revision, end in ends.items():
        books.take(used("1", A, end, account="u2", revision=revision))
        closed = books.close(f"2026-0{2 + revision}")
        gross[revision] = shown(closed, "kind", "gross", "subsidy")
    assert gross == {
        1: [("usage", 2000, 1400)],
        2: [("correction", -1000, -700)],
        3: [("correction", 2000, 800)],  # of the cap of 15.00, 7.00 are paid
        4: [("correction", -3000, -1500)],  # what was paid in all, and no more
    }
    assert books.balances("receivable") == {}
    assert books.balances("revenue") == {}
    assert [document.kind for document in Document.objects.order_by("month")] == [
        "invoice", "credit note", "invoice", "credit note",
    ]  # fmt: skip
    assert RecordedRun.objects.filter(standing=True).get().revision == 4


def test_a_suspended_run_across_months_is_exact_by_both_paths(books_of_either_path: Books) -> None:
    books = books_of_either_path
    books.take(
        used("1", "2026-03-31T23:00:00", "2026-04-01T02:00:00", devices={"gpu": 7}, device_seconds={"gpu": 10_000})
    )
    march, april = books.close("2026-03"), books.close("2026-04")
    parts = [(one.seconds_numerator, one.seconds_denominator) for one in (march.lines.get(), april.lines.get())]
    assert [Fraction(int(above), int(below)) for above, below in parts] == [Fraction(10_000, 3), Fraction(20_000, 3)]
    assert [march.gross, april.gross] == [926, 1852]
