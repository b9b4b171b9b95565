"""The terms that a decision gives: share, price, cap and dates, by the rules of the day."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from tests.calls.world import INVENTED, SHIPPED

from lionrock.applications.domain import Request
from lionrock.awards.domain import (
    AwardTerms,
    Decision,
    Ruling,
    award_terms,
    check_envelope,
    check_ruling,
    ending_verb,
)
from lionrock.kernel.errors import Conflict, Invalid, LionrockError, Refused
from lionrock.kernel.money import Money
from lionrock.rules.rulebook import load_rulebook

AISS = (SHIPPED, "hk-aiss-demo", "startup", Request("h800-node", 3, 6, date(2025, 4, 1)), date(2025, 3, 1))
LAGOON = (INVENTED, "lagoon", "guild", Request("pod", 2, 3, date(2026, 3, 15)), date(2026, 3, 1))
APPROVED = Ruling(Decision.APPROVE, "the Committee", "first of its kind")


def _terms(case: tuple[Any, ...], ruling: Ruling = APPROVED, on: date | None = None, **request: Any) -> AwardTerms:
    folder, programme, category, asked, day = case
    rules = load_rulebook(folder).programme(programme)
    return award_terms(rules, replace(asked, **request), category, ruling, on or day)


def hkd(text: str) -> Money:
    return Money.parse(text, "HKD")


def jod(text: str) -> Money:
    return Money.parse(text, "JOD")


@pytest.mark.parametrize(
    ("case", "changes", "share", "exceptional", "list_price", "cap"),
    [
        (AISS, {}, "0.7", False, hkd("5760000.00"), hkd("4032000.00")),
        (AISS, {"share": Fraction("0.9")}, "0.9", True, hkd("5760000.00"), hkd("5184000.00")),
        (AISS, {"share": Fraction("0.7")}, "0.7", False, hkd("5760000.00"), hkd("4032000.00")),
        (AISS, {"share": Fraction("0.5")}, "0.5", False, hkd("5760000.00"), hkd("2880000.00")),
        (AISS, {"cap": hkd("0.01")}, "0.7", False, hkd("5760000.00"), hkd("0.01")),
        # 6 × 10.001 = 60.006 dinars, of which 0.333333 are 20.00198…
        (LAGOON, {}, "0.333333", False, jod("60.006"), jod("20.002")),
        (LAGOON, {"share": Fraction("0.6")}, "0.6", True, jod("60.006"), jod("36.004")),
        (LAGOON, {"cap": jod("100.000")}, "0.333333", False, jod("60.006"), jod("100.000")),
    ],
)
def test_share_price_and_cap(
    case: tuple[Any, ...], changes: dict[str, Any], share: str, exceptional: bool, list_price: Money, cap: Money
) -> None:
    terms = _terms(case, replace(APPROVED, **changes))
    assert (terms.share, terms.exceptional) == (Fraction(share), exceptional)
    assert (terms.list_price, terms.cap) == (list_price, cap)
    assert terms.share_decimal == Decimal(share)


@pytest.mark.parametrize(
    ("on", "share", "unit_price"),
    [
        (date(2026, 3, 29), "0.333333", jod("60.006")),
        (date(2026, 3, 30), "0.333333", jod("66.003")),
        (date(2026, 6, 30), "0.333333", jod("66.003")),
        (date(2026, 7, 1), "0.5", jod("66.003")),
    ],
)
def test_share_and_price_are_those_of_the_day_of_the_decision(on: date, share: str, unit_price: Money) -> None:
    terms = _terms(LAGOON, on=on, starts=date(2026, 8, 1))
    assert (terms.share, terms.list_price) == (Fraction(share), unit_price)


@pytest.mark.parametrize(
    ("starts", "months", "ends"),
    [
        (date(2026, 1, 31), 1, date(2026, 2, 28)),
        (date(2028, 1, 31), 1, date(2028, 2, 29)),
        (date(2026, 11, 15), 3, date(2027, 2, 15)),
        (date(2026, 1, 1), 12, date(2027, 1, 1)),
    ],
)
def test_an_award_runs_up_to_the_same_day_some_months_later(starts: date, months: int, ends: date) -> None:
    terms = _terms(AISS, starts=starts, months=months)
    assert (terms.valid_from, terms.valid_to) == (starts, ends)


@pytest.mark.parametrize(
    ("hours", "list_price"),
    [
        (730, hkd("320000.00")),
        # February and March 2026 have 59 days: 8 × 1416 × 54.794521
        (None, hkd("620712.33")),
    ],
)
def test_metered_awards_are_priced_by_the_hours_of_each_device(hours: int | None, list_price: Money) -> None:
    request = {"item": "h800-gpu", "count": 8, "months": 2, "starts": date(2026, 2, 1), "hours": hours}
    terms = _terms(AISS, on=date(2026, 1, 15), **request)
    assert (terms.mode.value, terms.list_price) == ("metered", list_price)


@pytest.mark.parametrize(
    ("case", "ruling", "on", "kind", "code"),
    [
        (AISS, {"share": Fraction("0.900001")}, None, Refused, "rules.quote.exceptional_rate"),
        (AISS, {"share": Fraction("0.9"), "reason": " "}, None, Invalid, "rules.quote.reason"),
        (AISS, {"share": Fraction("0.9"), "decided_by": ""}, None, Invalid, "rules.quote.decided_by"),
        (AISS, {}, date(2024, 12, 31), Refused, "rules.quote.no_price"),
        (LAGOON, {"share": Fraction("0.61")}, None, Refused, "rules.quote.exceptional_rate"),
        (LAGOON, {"cap": jod("100.001")}, None, Refused, "awards.cap.above_limit"),
        (LAGOON, {}, date(2027, 1, 1), Refused, "rules.quote.no_price"),
    ],
)
def test_what_the_rules_do_not_allow(
    case: tuple[Any, ...], ruling: dict[str, Any], on: date | None, kind: type[LionrockError], code: str
) -> None:
    with pytest.raises(kind) as raised:
        _terms(case, replace(APPROVED, **ruling), on)
    assert raised.value.code == code


def test_an_award_of_nothing_is_refused() -> None:
    request = {"item": "tile-hour", "count": 1, "hours": 1}
    with pytest.raises(Refused) as raised:
        _terms(LAGOON, **request)
    assert raised.value.code == "awards.cap.nothing"


def test_the_terms_keep_what_was_read_each_once_with_its_source() -> None:
    terms = _terms(AISS, replace(APPROVED, share=Fraction("0.9")))
    reads = {read.path: read.value for read in terms.reads}
    assert len(reads) == len(terms.reads)
    assert reads["subsidy.general_rate"] == "0.70"
    assert reads["subsidy.exceptional_rate_max"] == "0.90"
    assert reads["items.h800-node.price"] == "320000.00"
    assert all(read.citation for read in terms.reads)


@pytest.mark.parametrize(
    ("changes", "fields"),
    [
        ({}, []),
        ({"decided_by": " "}, ["decided_by"]),
        ({"share": Fraction(0)}, ["share"]),
        ({"share": Fraction(1)}, []),
        ({"share": Fraction(101, 100)}, ["share"]),
        ({"cap": hkd("0.00")}, ["cap"]),
        ({"cap": jod("1.000")}, ["cap"]),
        ({"decision": Decision.DECLINE}, []),
        ({"decision": Decision.DECLINE, "reason": ""}, ["reason"]),
        ({"decision": Decision.DECLINE, "cap": hkd("1.00")}, ["cap"]),
        (
            {"decision": Decision.DECLINE, "decided_by": "", "reason": "", "share": Fraction(2)},
            ["decided_by", "reason", "share", "share"],
        ),
    ],
)
def test_a_ruling_is_complete_or_every_fault_is_named(changes: dict[str, Any], fields: list[str]) -> None:
    ruling = replace(APPROVED, **changes)
    if not fields:
        assert check_ruling(ruling, "HKD") == ruling
        return
    with pytest.raises(Invalid) as raised:
        check_ruling(ruling, "HKD")
    assert [fault.field for fault in raised.value.faults] == fields


@pytest.mark.parametrize(("given", "fits"), [("0.00", True), ("40.00", True), ("40.01", False), ("100.00", False)])
def test_a_calls_budget_holds_its_awards(given: str, fits: bool) -> None:
    if fits:
        check_envelope("CALL-2026-0001", hkd("100.00"), hkd(given), hkd("60.00"))
        return
    with pytest.raises(Refused) as raised:
        check_envelope("CALL-2026-0001", hkd("100.00"), hkd(given), hkd("60.00"))
    assert raised.value.code == "awards.call.exhausted"


END = datetime(2026, 6, 30, 16, tzinfo=UTC)


@pytest.mark.parametrize(
    ("now", "reason", "verb"),
    [
        (END, "", "end"),
        (END, "tidy up", "end"),
        (END - timedelta(seconds=1), "project given up", "withdraw"),
        (END - timedelta(seconds=1), " ", None),
    ],
)
def test_an_award_ends_at_its_end_and_earlier_only_with_a_reason(now: datetime, reason: str, verb: str | None) -> None:
    if verb is not None:
        assert ending_verb("AW-2026-0001", now, END, reason) == verb
        return
    with pytest.raises(Conflict) as raised:
        ending_verb("AW-2026-0001", now, END, reason)
    assert raised.value.code == "awards.end.too_early"
