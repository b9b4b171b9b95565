"""Quotes: list price, split, findings, refusals."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lionrock.kernel.errors import Invalid, Refused
from lionrock.kernel.findings import Finding, Outcome
from lionrock.kernel.money import Money
from lionrock.rules.programme import Programme
from lionrock.rules.quotes import Exceptional, Quote, Request, quote

ON = date(2025, 3, 1)
ASKED = Request(category="startup", item="h800-node", count=3, months=6, on=ON)
EXCEPTIONAL = Exceptional(Fraction(9, 10), "first of its kind", "the Committee")


def _finding(answer: Quote, rule: str) -> Finding:
    (found,) = [finding for finding in answer.findings if finding.rule == rule]
    return found


def test_three_nodes_for_six_months(scheme: Programme) -> None:
    answer = quote(scheme, ASKED)
    assert answer.list_price == Money(576000000, "HKD")
    assert answer.scheme_share == Money(403200000, "HKD")
    assert answer.user_share == Money(172800000, "HKD")


def test_a_quote_names_what_it_read_and_the_sources(scheme: Programme) -> None:
    answer = quote(scheme, ASKED)
    reads = {read.path: (read.value, read.since) for read in answer.reads}
    assert reads["items.h800-node.price"] == ("320000.00", date(2025, 1, 1))
    assert reads["subsidy.general_rate"] == ("0.70", date(2024, 10, 7))
    assert {"public-notes-2025", "smelink"} <= {source.source for source in answer.sources}
    assert len(answer.sources) == len({source.source for source in answer.sources})


def test_limits_that_are_not_met_are_findings_with_a_remedy(scheme: Programme) -> None:
    answer = quote(scheme, replace(ASKED, count=13, months=2))
    largest, shortest = _finding(answer, "rules.request.max_count"), _finding(answer, "rules.request.min_months")
    assert (largest.outcome, shortest.outcome) == (Outcome.NOT_MET, Outcome.NOT_MET)
    assert str(largest.remedy) == "Ask for 12 (node) or less."
    assert str(shortest.remedy) == "Ask for 3 (month) or more."
    assert largest.facts["asked"] == "13"
    assert [(read.path, read.value) for read in largest.parameters] == [("request.max_count", "12")]
    assert _finding(answer, "rules.request.min_count").remedy is None


def test_what_the_owner_has_not_set_stays_unknown(scheme: Programme) -> None:
    answer = quote(scheme, replace(ASKED, on=date(2026, 2, 1), category="international"))
    unknown = {finding.rule for finding in answer.findings if finding.outcome is Outcome.UNKNOWN}
    assert unknown >= {"rules.category", "rules.charging.mode", "rules.request.min_count", "rules.subsidy.award_cap"}


def test_nodes_are_counted_as_cards_where_limits_are_in_cards(demo: Programme) -> None:
    on = date(2026, 2, 1)
    assert _finding(quote(demo, replace(ASKED, on=on, count=12)), "rules.request.max_count").outcome is Outcome.MET
    found = _finding(quote(demo, replace(ASKED, on=on, count=13)), "rules.request.max_count")
    assert (found.outcome, found.facts["asked"], found.facts["limit"]) == (Outcome.NOT_MET, "104", "96")


def test_the_cap_of_an_award_is_looked_at(lagoon: Programme) -> None:
    asked = Request(category="guild", item="pod", count=7, months=3, on=date(2026, 7, 1))
    assert _finding(quote(lagoon, asked), "rules.subsidy.award_cap").outcome is Outcome.NOT_MET
    assert _finding(quote(lagoon, replace(asked, count=1)), "rules.subsidy.award_cap").outcome is Outcome.MET


def test_metered_items_are_quoted_by_the_hour(demo: Programme) -> None:
    asked = Request(category="startup", item="h800-gpu", count=3, hours=Decimal("1.5"), on=ON)
    answer = quote(demo, asked)
    assert answer.list_price == Money(24658, "HKD")  # 4.5 × 54.794521 = 246.5753445
    assert answer.scheme_share == Money(17261, "HKD")  # 172.606
    assert answer.user_share == Money(7397, "HKD")


@pytest.mark.parametrize(
    ("change", "fields"),
    [
        ({"category": "hobbyist"}, ["category"]),
        ({"item": "h900"}, ["item"]),
        ({"count": 0}, ["count"]),
        ({"months": -1}, ["months"]),
        ({"months": None}, ["months"]),
        ({"hours": Decimal(1)}, ["months"]),
        ({"category": "x", "item": "y", "count": -1}, ["category", "item", "count"]),
        ({"exceptional": Exceptional(Fraction(9, 10), None, "the Committee")}, ["reason"]),
        ({"exceptional": Exceptional(Fraction(9, 10), "unique", " ")}, ["decided_by"]),
        ({"exceptional": Exceptional(Fraction(9, 10), None, None), "count": 0}, ["count", "reason", "decided_by"]),
    ],
)
def test_a_request_that_makes_no_sense_names_every_field(
    scheme: Programme, change: dict[str, Any], fields: list[str]
) -> None:
    with pytest.raises(Invalid) as invalid:
        quote(scheme, replace(ASKED, **change))
    assert [fault.field for fault in invalid.value.faults] == fields


def test_a_metered_item_wants_hours(demo: Programme) -> None:
    with pytest.raises(Invalid, match=r"h800-gpu is metered by the hour. Give hours, and no months."):
        quote(demo, replace(ASKED, item="h800-gpu"))


def test_the_exceptional_rate_is_kept_with_reason_and_body(scheme: Programme) -> None:
    answer = quote(scheme, replace(ASKED, exceptional=EXCEPTIONAL))
    assert (answer.scheme_share, answer.user_share) == (Money(518400000, "HKD"), Money(57600000, "HKD"))
    found = _finding(answer, "rules.quote.exceptional_rate")
    assert found.outcome is Outcome.MET
    assert found.facts == {"rate": "0.90", "reason": "first of its kind", "decided_by": "the Committee"}
    assert {read.path for read in found.parameters} == {"subsidy.exceptional_rate_max", "bodies.decides"}


def test_a_rate_above_the_exceptional_one_is_refused(scheme: Programme) -> None:
    with pytest.raises(Refused) as refused:
        quote(scheme, replace(ASKED, exceptional=replace(EXCEPTIONAL, rate=Fraction(901, 1000))))
    (found,) = refused.value.findings
    assert found.outcome is Outcome.NOT_MET
    assert str(found.remedy) == "Ask for 0.90 or less."


def test_while_no_exceptional_rate_is_set_none_is_granted(lagoon: Programme) -> None:
    asked = Request(category="guild", item="tile-hour", count=1, hours=Decimal(1), on=date(2026, 2, 1))
    unset = replace(lagoon.parameters["subsidy.exceptional_rate_max"], values=())
    without = replace(lagoon, parameters={**lagoon.parameters, unset.path: unset})
    with pytest.raises(Refused, match=r"\(subsidy\.exceptional_rate_max\)"):
        quote(without, replace(asked, exceptional=EXCEPTIONAL))


@pytest.mark.parametrize(
    ("on", "sentence"),
    [
        (date(2024, 12, 31), "hk-aiss has no price of h800-node on 2024-12-31; the next one starts 2025-01-01."),
        (date(2020, 1, 1), "hk-aiss has no price of h800-node on 2020-01-01; the next one starts 2025-01-01."),
    ],
)
def test_a_day_without_a_price_is_unknown_and_names_the_next(scheme: Programme, on: date, sentence: str) -> None:
    with pytest.raises(Refused) as refused:
        quote(scheme, replace(ASKED, on=on))
    assert str(refused.value) == sentence
    assert refused.value.findings[0].outcome is Outcome.UNKNOWN


def test_a_withdrawn_item_has_no_price_after_its_end(lagoon: Programme) -> None:
    asked = Request(category="guild", item="pod", count=2, months=1, on=date(2027, 1, 1))
    with pytest.raises(Refused, match=r"lagoon has no price of pod on 2027-01-01, and none after it."):
        quote(lagoon, asked)


COUNTS, MONTHS = st.integers(1, 500), st.integers(1, 60)


@settings(max_examples=100)
@given(
    count=COUNTS, months=MONTHS, millionths=st.integers(0, 600000), on=st.dates(date(2026, 2, 1), date(2026, 12, 31))
)
def test_shares_add_up_and_are_never_negative(
    lagoon: Programme, count: int, months: int, millionths: int, on: date
) -> None:
    rate = Exceptional(Fraction(millionths, 1000000), "law", None)
    for exceptional in (None, rate):
        asked = Request(category="guild", item="pod", count=count, months=months, on=on, exceptional=exceptional)
        answer = quote(lagoon, asked)
        assert answer.scheme_share + answer.user_share == answer.list_price
        assert min(answer.scheme_share.minor, answer.user_share.minor) >= 0
        assert abs(answer.scheme_share.minor - answer.list_price.minor * answer.rate) <= Fraction(1, 2)


@settings(max_examples=50)
@given(count=COUNTS, months=MONTHS)
def test_asking_for_more_never_costs_less(scheme: Programme, count: int, months: int) -> None:
    one = quote(scheme, replace(ASKED, count=count, months=months))
    more = quote(scheme, replace(ASKED, count=count + 1, months=months))
    assert one.list_price < more.list_price
    assert one.user_share <= more.user_share
