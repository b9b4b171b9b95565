"""What a month consists of: the lines that slices make, and the order in which they use up caps."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import pytest
from tests.charging.domain.values import HONG_KONG, SEVENTY, award, book, charge, day, price, run

from lionrock.charging.domain.closing import (
    Adjustment,
    DocumentKind,
    MonthFacts,
    SharedFee,
    close_month,
    document_kind,
    settlement_by_site,
)
from lionrock.charging.domain.lines import Line, LineKind, order_of_use, totals
from lionrock.charging.domain.prices import PriceBook
from lionrock.charging.domain.runs import Run
from lionrock.charging.domain.subsidy import Purse
from lionrock.charging.domain.tariff import Rated, epoch, from_epoch, rate_month
from lionrock.kernel.errors import Broken
from lionrock.kernel.periods import Month

MARCH = Month(2026, 3)
PRICES = PriceBook([price("10.00", day(1, month=1)), price("20.00", day(20)), price("1.00", day(1), item="cpu")])


def _rated(*runs: Run, month: Month = MARCH) -> Rated:
    return rate_month(month, HONG_KONG, PRICES, book(award()), runs)


def _lines(rated: Rated) -> list[tuple[object, ...]]:
    return sorted(
        (key.site, key.item, str(key.price.price.decimal), len(key.terms), int(one.seconds), one.first_use)
        for key, one in rated.lines.items()
    )


@pytest.mark.parametrize(
    ("runs", "lines"),
    [
        ([], []),
        ([run(end=day(10))], []),
        ([run()], [("", "gpu", "10.00", 1, 3600, epoch(day(10)))]),
        ([run(), run(job="2")], [("", "gpu", "10.00", 1, 7200, epoch(day(10)))]),
        ([run(state="NODE_FAIL")], []),
        ([run(site="A"), run(site="B")], [(site, "gpu", "10.00", 1, 3600, epoch(day(10))) for site in "AB"]),
        (
            [run(devices={"gpu": 2, "cpu": 3})],
            [("", "cpu", "1.00", 1, 10800, epoch(day(10))), ("", "gpu", "10.00", 1, 7200, epoch(day(10)))],
        ),
        (
            [run(day(19, 23), day(20, 1))],
            [("", "gpu", "10.00", 1, 3600, epoch(day(19, 23))), ("", "gpu", "20.00", 1, 3600, epoch(day(20)))],
        ),
        (
            [run(day(30, 23), day(31, 1))],
            [("", "gpu", "20.00", 0, 3600, epoch(day(31))), ("", "gpu", "20.00", 1, 3600, epoch(day(30, 23)))],
        ),
        ([run(device_seconds={"gpu": 1800})], [("", "gpu", "10.00", 1, 1800, epoch(day(10)))]),
        ([run(device_seconds={"gpu": 0})], []),
        ([run(day(1, month=1), day(1, month=2))], []),
        ([run(day(31, 15), day(31, 17))], [("", "gpu", "20.00", 0, 3600, epoch(day(31, 15)))]),
    ],
)
def test_slices_that_agree_in_everything_make_one_line(runs: list[Run], lines: list[tuple[object, ...]]) -> None:
    assert _lines(_rated(*runs)) == lines


def test_suspended_time_is_spread_exactly() -> None:
    """One device-second over three seconds, of which two lie before the price changes."""
    third = run(from_epoch(epoch(day(20)) - 2), from_epoch(epoch(day(20)) + 1), device_seconds={"gpu": 1})
    assert sorted(one.seconds for one in _rated(third).lines.values()) == [Fraction(1, 3), Fraction(2, 3)]


@pytest.mark.parametrize(
    ("facts", "seconds", "wholly"),
    [
        ({"devices": {"fpga": 2}}, 7200, True),
        ({"devices": {"fpga": 2, "gpu": 1}}, 7200, False),
        ({"start": day(1, month=1), "end": day(2, month=1), "devices": {"fpga": 1}}, 0, None),
        ({"devices": {"fpga": 2}, "state": "NODE_FAIL"}, 0, None),
    ],
)
def test_what_has_no_price_is_counted_and_named(facts: dict[str, Any], seconds: int, wholly: bool | None) -> None:
    rated = _rated(run(**facts))
    assert rated.unpriced_seconds == seconds
    assert list(rated.unpriced.values()) == ([] if wholly is None else [wholly])


def test_order_of_use_looks_at_time_site_account_award_item_and_price() -> None:
    first, later = day(10), day(11)
    ordered = [
        charge(1, corrects=Month(2026, 1), first_use=later),
        charge(1, corrects=Month(2026, 2), first_use=first),
    ]
    backwards = ordered[::-1]
    assert sorted(backwards, key=order_of_use) == ordered
    ordered = [
        charge(1, first_use=first, site="B", account="u2"),
        charge(1, first_use=later, site="A"),
        charge(1, first_use=later, site="B", account="u1", item="z"),
        charge(1, "A1", first_use=later, site="B", account="u1", item="a"),
        charge(1, "A2", first_use=later, site="B", account="u1", item="a"),
        charge(1, "A2", first_use=later, site="B", account="u1", item="b", price=price("9.00", day(1))),
        charge(1, "A2", first_use=later, site="B", account="u1", item="b", price=price("1.00", day(2))),
        charge(1, first_use=later, site="B", account="u2", item="a"),
    ]
    backwards = ordered[::-1]
    assert sorted(backwards, key=order_of_use) == ordered


def _facts(**facts: Any) -> MonthFacts:
    given: dict[str, Any] = {"month": MARCH, "zone": HONG_KONG, "awards": book(award()), "standing": {}}
    return MonthFacts(**(given | facts))


def test_corrections_come_first_then_use_then_adjustments_then_fees() -> None:
    february = _rated(run(day(10, month=2), day(10, 1, month=2)), month=Month(2026, 2)).lines
    facts = _facts(
        standing={Month(2026, 2): february, MARCH: _rated(run()).lines},
        adjustments=(Adjustment("u1", 500, "why", MARCH),),
        fees=(SharedFee(10, {"u1": 1, "u2": 1}, "network", MARCH),),
    )
    lines = close_month(facts, Purse())
    assert [(line.charge.kind, line.charge.account, line.gross, line.subsidy) for line in lines] == [
        (LineKind.CORRECTION, "u1", 1000, 0),  # before the award began
        (LineKind.USAGE, "u1", 1000, 700),
        (LineKind.ADJUSTMENT, "u1", 500, 350),
        (LineKind.FEE, "u1", 5, 0),
        (LineKind.FEE, "u2", 5, 0),
    ]
    assert [line.charge.corrects for line in lines] == [Month(2026, 2), None, None, None, None]


def test_a_correction_is_the_difference_in_device_time_at_the_lines_own_price() -> None:
    billed, now = _rated(run(day(19, 20), day(20, 2))), _rated(run(day(19, 20), day(19, 23)))
    facts = _facts(month=Month(2026, 4), standing={MARCH: now.lines}, billed={MARCH: billed.lines})
    lines = close_month(facts, Purse(used={"A1": 10**6}))
    assert [(line.gross, line.charge.device_seconds, line.charge.corrects) for line in lines] == [
        (-1000, -3600, MARCH),
        (-4000, -7200, MARCH),
    ]
    same = _facts(month=Month(2026, 4), standing={MARCH: now.lines}, billed={MARCH: now.lines})
    assert close_month(same, Purse()) == []


@pytest.mark.parametrize(
    ("adjusted", "terms"),
    [
        (Adjustment("u1", 1, "", MARCH), ["A1", "A2"]),
        (Adjustment("u1", 1, "", MARCH, "A2"), ["A2"]),
        (Adjustment("u1", 1, "", MARCH, "A9"), []),
        (Adjustment("u2", 1, "", MARCH), []),
        (Adjustment("u1", 1, "", Month(2026, 2)), []),
        (Adjustment("u1", 1, "", Month(2026, 4)), ["A2"]),
    ],
)
def test_an_adjustment_is_split_by_the_awards_of_its_month(adjusted: Adjustment, terms: list[str]) -> None:
    awards = book(award("A1", ends=day(2)), award("A2", starts=day(30), ends=day(30, month=4)))
    [line] = close_month(_facts(awards=awards, adjustments=(adjusted,)), Purse())
    assert [code for code, _ in line.charge.terms] == terms
    assert all(share == SEVENTY for _, share in line.charge.terms)


@pytest.mark.parametrize(
    ("amount", "weights", "shares"),
    [
        (100, {"a": 1, "b": 1, "c": 1}, {"a": 34, "b": 33, "c": 33}),
        (100, {"c": 1, "b": 1, "a": 1}, {"a": 34, "b": 33, "c": 33}),
        (-100, {"a": 1, "b": 1, "c": 1}, {"a": -34, "b": -33, "c": -33}),
        (1, {"a": 1, "b": 2}, {"a": 0, "b": 1}),
        (0, {"a": 1, "b": 2}, {"a": 0, "b": 0}),
        (10, {"a": 0, "b": 3}, {"a": 0, "b": 10}),
    ],
)
def test_a_fee_is_shared_by_largest_remainder(amount: int, weights: dict[str, int], shares: dict[str, int]) -> None:
    assert SharedFee(amount, weights, "", MARCH).shares() == shares


@pytest.mark.parametrize("weights", [{"a": 0}, {"a": -1, "b": 2}])
def test_weights_that_split_nothing_are_a_defect(weights: dict[str, int]) -> None:
    with pytest.raises(Broken):
        SharedFee(1, weights, "", MARCH).shares()


def test_a_fee_between_sites_is_charged_to_nobody() -> None:
    assert close_month(_facts(fees=(SharedFee(10, {"A": 1}, "", MARCH, between_sites=True),)), Purse()) == []


@pytest.mark.parametrize(("user", "kind"), [(1, "invoice"), (0, "invoice"), (-1, "credit note")])
def test_only_a_negative_user_total_is_a_credit_note(user: int, kind: str) -> None:
    assert document_kind([Line(charge(user))]) is DocumentKind(kind)
    assert document_kind([]) is DocumentKind.INVOICE


def test_totals_are_sums_of_what_is_printed_and_sites_are_owed_their_gross() -> None:
    lines = [Line(charge(10, site="A"), {"A1": 7}), Line(charge(-3, site="B"), {"A1": -2}), Line(charge(5))]
    assert totals(lines) == (12, 5, 7)
    assert settlement_by_site(lines) == {"A": 10, "B": -3}
