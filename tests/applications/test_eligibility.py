"""Eligibility: every rule of a programme, from both sides, on the real and on an invented rulebook."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from tests.calls.world import DECLARED, INVENTED, SHIPPED

from lionrock.applications.domain import Circumstances, Request, Statements, check_request, eligibility
from lionrock.kernel.errors import Invalid
from lionrock.kernel.findings import Finding, Outcome, overall
from lionrock.rules.rulebook import load_rulebook

CALL = Circumstances("CALL-2026-0001", call_open=True, live_applications=0)
AISS = (
    SHIPPED,
    "hk-aiss-demo",
    date(2026, 3, 1),
    Request("h800-node", 1, 3, date(2026, 4, 1)),
    Statements("university", frozenset(DECLARED), other_subsidy=False),
)
LAGOON = (
    INVENTED,
    "lagoon",
    date(2026, 3, 1),
    Request("pod", 2, 3, date(2026, 3, 15)),
    Statements("guild", frozenset({"good-faith"})),
)


def _found(case: tuple[Any, ...], *, circumstances: Circumstances = CALL, **changes: Any) -> tuple[Finding, ...]:
    folder, programme, on, request, statements = case
    on = changes.pop("on", on)
    of_request = {key: value for key, value in changes.items() if hasattr(request, key)}
    of_statements = {key: value for key, value in changes.items() if key not in of_request}
    terms = load_rulebook(folder).programme(programme).at(on)
    return eligibility(replace(request, **of_request), replace(statements, **of_statements), circumstances, terms)


def _outcomes(findings: tuple[Finding, ...]) -> dict[str, str]:
    """Return rule → outcome; a declaration by its id."""
    return {
        f"{finding.rule}:{finding.facts['declaration']}" if "declaration" in finding.facts else finding.rule: (
            finding.outcome.value
        )
        for finding in findings
    }


def test_the_demonstration_finds_all_of_this() -> None:
    assert _outcomes(_found(AISS)) == {
        "applications.call_open": "met",
        "applications.last_day": "unknown",
        "rules.category": "met",
        "applications.price": "met",
        "applications.hours": "met",
        "rules.charging.mode": "met",
        "rules.request.min_count": "met",
        "rules.request.max_count": "met",
        "rules.request.min_months": "met",
        "rules.request.max_months": "met",
        "applications.exclusive": "met",
        "applications.live_applications": "unknown",
        **{f"applications.declaration:{one}": "met" for one in DECLARED},
    }


def test_the_invented_programme_finds_all_of_this() -> None:
    assert _outcomes(_found(LAGOON)) == {
        "applications.call_open": "met",
        "rules.category": "met",
        "applications.price": "met",
        "applications.hours": "met",
        "rules.charging.mode": "met",
        "rules.request.min_count": "met",
        "rules.request.max_count": "met",
        "rules.request.min_months": "met",
        "rules.request.max_months": "unknown",
        "applications.declaration:good-faith": "met",
    }


@pytest.mark.parametrize(
    ("case", "changes", "rule", "outcome"),
    [
        (AISS, {"category": "hobbyist"}, "applications.category", "not_met"),
        (AISS, {"category": "international"}, "rules.category", "unknown"),
        (AISS, {"item": "abacus"}, "applications.item", "not_met"),
        (AISS, {"on": date(2024, 12, 31)}, "applications.price", "unknown"),
        (AISS, {"on": date(2025, 1, 1)}, "applications.price", "met"),
        (AISS, {"on": date(2024, 10, 6)}, "applications.price", "not_met"),
        (AISS, {"count": 12}, "rules.request.max_count", "met"),
        (AISS, {"count": 13}, "rules.request.max_count", "not_met"),
        (AISS, {"months": 13}, "rules.request.max_months", "not_met"),
        (AISS, {"other_subsidy": True}, "applications.exclusive", "not_met"),
        (AISS, {"other_subsidy": None}, "applications.exclusive", "unknown"),
        (AISS, {"declarations": frozenset(DECLARED) - {"law"}}, "applications.declaration:law", "not_met"),
        (AISS, {"declarations": frozenset(DECLARED) - {"law"}}, "applications.declaration:guide", "met"),
        (AISS, {"hours": 10}, "applications.hours", "not_met"),
        (AISS, {"item": "h800-gpu", "hours": 30 * 24 + 31 * 24 + 30 * 24}, "applications.hours", "met"),
        (AISS, {"item": "h800-gpu", "hours": 30 * 24 + 31 * 24 + 30 * 24 + 1}, "applications.hours", "not_met"),
        (AISS, {"item": "cpu-core"}, "rules.request.unit", "unknown"),
        (LAGOON, {"count": 1}, "rules.request.min_count", "not_met"),
        (LAGOON, {"count": 8}, "rules.request.max_count", "not_met"),
        (LAGOON, {"item": "tile-hour"}, "rules.charging.mode", "not_met"),
        (LAGOON, {"category": "school"}, "rules.category", "unknown"),
        (LAGOON, {"on": date(2026, 12, 31)}, "rules.category", "met"),
        (LAGOON, {"on": date(2027, 1, 1)}, "rules.category", "not_met"),
        (LAGOON, {"on": date(2027, 1, 1)}, "applications.price", "unknown"),
        (LAGOON, {"declarations": frozenset()}, "applications.declaration:good-faith", "not_met"),
    ],
)
def test_each_rule_from_its_other_side(case: tuple[Any, ...], changes: dict[str, Any], rule: str, outcome: str) -> None:
    assert _outcomes(_found(case, **changes))[rule] == outcome


def test_a_shut_call_takes_nothing() -> None:
    findings = _found(AISS, circumstances=replace(CALL, call_open=False))
    assert _outcomes(findings)["applications.call_open"] == "not_met"
    assert overall(findings) is Outcome.NOT_MET


def test_all_that_is_wrong_is_found_at_once() -> None:
    found = _found(AISS, category="hobbyist", count=13, months=13, other_subsidy=True, declarations=frozenset())
    failed = [rule for rule, outcome in _outcomes(found).items() if outcome == "not_met"]
    assert len(failed) == 4 + len(DECLARED)


@pytest.mark.parametrize("case", [AISS, LAGOON], ids=["hk-aiss-demo", "lagoon"])
def test_what_is_not_met_says_what_to_do_and_what_is_met_does_not(case: tuple[Any, ...]) -> None:
    wrong = {"category": "hobbyist", "count": 99, "months": 99, "declarations": frozenset(), "hours": 1}
    for finding in (*_found(case), *_found(case, **wrong)):
        if finding.rule.startswith("applications."):
            assert (finding.remedy is not None) is (finding.outcome is Outcome.NOT_MET), finding
        assert "{" not in str(finding.message)


@pytest.mark.parametrize("case", [AISS, LAGOON], ids=["hk-aiss-demo", "lagoon"])
def test_each_finding_of_the_rulebook_cites_what_it_read(case: tuple[Any, ...]) -> None:
    of_the_rulebook = [
        finding for finding in _found(case) if finding.rule not in {"applications.call_open", "applications.hours"}
    ]
    for finding in of_the_rulebook:
        assert finding.parameters, finding
        assert all(read.citation is not None for read in finding.parameters), finding


@pytest.mark.parametrize(
    ("changes", "fields"),
    [
        ({}, []),
        ({"hours": 1}, []),
        ({"count": 0}, ["count"]),
        ({"count": -1, "months": 0, "hours": 0}, ["count", "months", "hours"]),
        ({"count": 1_000_001, "months": 121, "hours": 89_281}, ["count", "months", "hours"]),
        ({"count": 1_000_000, "months": 120, "hours": 89_280}, []),
    ],
)
def test_numbers_that_cannot_be_meant_are_named_together(changes: dict[str, Any], fields: list[str]) -> None:
    request = replace(AISS[3], **changes)
    if not fields:
        assert check_request(request) == request
        return
    with pytest.raises(Invalid) as raised:
        check_request(request)
    assert [fault.field for fault in raised.value.faults] == fields
