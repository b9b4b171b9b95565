"""Pure decisions beside the scores: states, hints at conflicts, whom to ask, what a sheet says."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from tests.calls.world import INVENTED, SHIPPED
from tests.review.schemes import FIT

from lionrock.kernel.errors import Conflict, Invalid, Refused
from lionrock.kernel.states import advance
from lionrock.review.domain import (
    COMMENT_LENGTH,
    TRANSITIONS,
    AssignmentState,
    Candidate,
    Case,
    Hint,
    Tie,
    Ties,
    boxes,
    check_typed,
    hints,
    is_barred,
    marks_in,
    ranked,
    read_agreed,
    read_sheet,
    scheme_of,
)
from lionrock.rules.parameters import Anonymity
from lionrock.rules.rulebook import load_rulebook

MOVES = """invited clear cleared | invited conflict conflicted | invited refuse refused | invited unassign unassigned
    | cleared conflict conflicted | cleared refuse refused | cleared unassign unassigned | cleared score scored
    | scored conflict conflicted | scored reopen cleared | refused assign invited | unassigned assign invited"""
ALLOWED = {(one, verb): to for one, verb, to in (move.split() for move in MOVES.split("|"))}
VERBS = sorted({verb for _, verb in ALLOWED})


@pytest.mark.parametrize("verb", VERBS)
@pytest.mark.parametrize("state", list(AssignmentState))
def test_every_state_with_every_verb(state: AssignmentState, verb: str) -> None:
    to = ALLOWED.get((state.value, verb))
    if to is not None:
        assert advance(TRANSITIONS, state, verb, thing="it") == to
        return
    with pytest.raises(Conflict):
        advance(TRANSITIONS, state, verb, thing="it")


def test_a_conflict_is_for_good() -> None:
    assert [verb for state, verb in TRANSITIONS if state is AssignmentState.CONFLICTED] == []


CASE = Case(7, "harbour-university", "With the Delta Institute we shall… 三角洲應用數學研究所")
DELTA = {"delta-institute": ("Delta Institute", "三角洲應用數學研究所")}


@pytest.mark.parametrize(
    ("ties", "found", "barred"),
    [
        ({}, [], False),
        ({"organisations": {"harbour-university": ("Harbour University",)}}, [Tie.MEMBER], True),
        ({"organisations": {"kite-ai": ("Kite AI",)}}, [], False),
        ({"organisations": DELTA}, [Tie.PARTNER], False),
        ({"organisations": {"d": ("DELTA INSTITUTE",)}}, [Tie.PARTNER], False),
        ({"organisations": {"we": ("We",)}}, [], False),
        ({"writes_in": frozenset({7})}, [Tie.AUTHOR], True),
        ({"writes_in": frozenset({8})}, [], False),
        ({"shut_out_of": frozenset({7})}, [Tie.SHUT_OUT], True),
        ({"wrote_for": frozenset({"harbour-university"})}, [Tie.COLLEAGUE], False),
        ({"wrote_for": frozenset({"harbour-university"}), "writes_in": frozenset({7})}, [Tie.AUTHOR], True),
        ({"declared_about": frozenset({"harbour-university"})}, [Tie.EARLIER], False),
        ({"declared_about": frozenset({"kite-ai"})}, [], False),
        (
            {"organisations": DELTA, "declared_about": frozenset({"harbour-university"})},
            [Tie.EARLIER, Tie.PARTNER],
            False,
        ),
    ],
)
def test_hints_name_each_tie_and_some_are_bars(ties: dict[str, Any], found: list[Tie], barred: bool) -> None:
    given = hints(Ties(**ties), CASE)
    assert [hint.tie for hint in given] == found
    assert is_barred(given) is barred
    assert all(str(hint.said) for hint in given)


ON = date(2026, 3, 2)


def candidate(email: str, words: str = "", load: int = 0, **facts: Any) -> Candidate:
    given = {"most": None, "away_until": None, "hints": ()}
    return Candidate(email, email, frozenset(words.split()), load, **(given | facts))


BARRED = {"hints": hints(Ties(writes_in=frozenset({7})), CASE)}
HINTED: dict[str, tuple[Hint, ...]] = {"hints": hints(Ties(organisations=DELTA), CASE)}
CANDIDATES = [
    candidate("barred", "robotics", **BARRED),
    candidate("hinted", "robotics", **HINTED),
    candidate("busy", "robotics", 3),
    candidate("ann", "robotics", 1),
    candidate("bob", "robotics vision", 1),
    candidate("stranger", "history", 0),
    candidate("away", "robotics", away_until=date(2026, 3, 3)),
    candidate("back", "robotics", 2, away_until=ON),
    candidate("full", "robotics", 2, most=2),
    candidate("room", "robotics", 2, most=3),
]


def test_the_best_to_ask_stand_first() -> None:
    found = ranked(CANDIDATES, frozenset({"robotics", "vision"}), ON)
    assert [each.candidate.email for each in found] == [
        "bob", "ann", "back", "room", "busy", "stranger", "away", "hinted", "full", "barred",
    ]  # fmt: skip
    assert [each.candidate.email for each in found if each.advised] == [
        "bob", "ann", "back", "room", "busy", "stranger",
    ]  # fmt: skip
    assert found[0].matches == ("robotics", "vision")


def test_the_order_in_which_candidates_come_does_not_matter() -> None:
    words = frozenset({"robotics"})
    assert ranked(CANDIDATES, words, ON) == ranked(CANDIDATES[::-1], words, ON)


def full(**boxes_: str) -> dict[str, str]:
    sheet = dict.fromkeys(FIT.keys, "3") | {f"{each.id}.comment": "Because." for each in FIT.measures}
    return sheet | {key.replace("_", "."): text for key, text in boxes_.items()}


def test_a_full_sheet_is_read() -> None:
    sheet = read_sheet(FIT, full(fit_1=" 5 ", need_confidential=" Between us. "))
    assert sheet.marks == dict.fromkeys(FIT.keys, 3) | {"fit.1": 5}
    assert [(each.criterion, each.for_applicant, each.for_committee) for each in sheet.remarks] == [
        ("fit", "Because.", ""),
        ("need", "Because.", "Between us."),
        ("skill", "Because.", ""),
        ("rest", "Because.", ""),
    ]


@pytest.mark.parametrize("wrong", ["", "6", "-1", "3.0", "+3", "three", "٣", "³", "3 3", "1e1", "99999999999999999999"])
def test_what_is_no_mark_on_the_scale_is_told_where_it_stands(wrong: str) -> None:
    with pytest.raises(Invalid) as raised:
        read_sheet(FIT, full(need_2=wrong))
    [fault] = raised.value.faults
    assert (fault.code, fault.field, fault.value) == ("review.sheet.mark", "need.2", wrong)
    assert "need 2" in str(fault.message)
    assert "from 0 to 5" in str(fault.message)


def test_every_fault_is_told_in_the_order_of_the_page() -> None:
    typed = full(rest_1="7", fit_2="x", fit_comment="  ", skill_confidential="y" * (COMMENT_LENGTH + 1))
    del typed["need.3"]
    with pytest.raises(Invalid) as raised:
        read_sheet(FIT, typed)
    fields = [fault.field for fault in raised.value.faults]
    assert fields == ["fit.2", "fit.comment", "need.3", "skill.confidential", "rest.1"]


def test_marks_are_read_as_far_as_they_can_be() -> None:
    assert marks_in(FIT, {"fit.1": "4", "fit.2": "x", "rest.1": "0", "other": "3"}) == {"fit.1": 4, "rest.1": 0}


def test_anything_can_be_kept_as_typed_in_a_box_that_there_is() -> None:
    check_typed(FIT, dict.fromkeys(boxes(FIT), "neither here\nnor there"))
    with pytest.raises(Invalid) as raised:
        check_typed(FIT, {"fit.9": "3", "fit.1": "a\x00b", "need.comment": "z" * 20_001})
    assert {fault.field for fault in raised.value.faults} == {"fit.9", "fit.1", "need.comment"}


def test_agreed_marks_are_all_needed() -> None:
    agreed = dict.fromkeys(FIT.keys, "2")
    assert read_agreed(FIT, agreed) == dict.fromkeys(FIT.keys, 2)
    with pytest.raises(Invalid) as raised:
        read_agreed(FIT, agreed | {"fit.1": "6", "rest.1": ""})
    assert [fault.field for fault in raised.value.faults] == ["fit.1", "rest.1"]


def test_a_programme_says_how_it_assesses() -> None:
    found = scheme_of(load_rulebook(SHIPPED).programme("hk-aiss-demo").at(ON))
    assert {each.id: each.weight for each in found.measures} == {
        "alignment": 25,
        "compute-need": 20,
        "technical-financial": 30,
        "others": 25,
    }
    assert [point.key for point in found.points][:5] == [*(f"alignment.{n}" for n in range(1, 5)), "compute-need.1"]
    assert found.pass_mark == Decimal(60)
    assert "assessment.scale_max" in found.reads


def test_a_programme_whose_owner_has_not_said_cannot_be_scored_and_each_value_is_named() -> None:
    with pytest.raises(Refused) as raised:
        scheme_of(load_rulebook(SHIPPED).programme("hk-aiss").at(ON))
    named = {finding.parameters[0].path for finding in raised.value.findings}
    assert named == {"criteria.technical-financial.weight", "criteria.others.weight", "assessment.scale_max"}


def test_where_nobody_has_said_who_is_named_assessors_are_not() -> None:
    before = load_rulebook(SHIPPED).programme("hk-aiss-demo")
    without = {path: each for path, each in before.parameters.items() if path != "assessment.anonymity"}
    assert scheme_of(replace(before, parameters=without).at(ON)).anonymity is Anonymity.ASSESSORS_UNNAMED
    assert scheme_of(load_rulebook(INVENTED).programme("lagoon").at(ON)).anonymity is Anonymity.BOTH_UNNAMED
