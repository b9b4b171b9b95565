"""Hits become cases; a case that was settled is opened again only by something new."""

from __future__ import annotations

from datetime import timedelta

import pytest
from tests.calls.world import NOW, OPERATOR, World
from tests.screening.world import FIRST, ROWS, SECOND, case_of, later, put_list

from lionrock.kernel.errors import Conflict, Invalid, NotAllowed, NotFound
from lionrock.kernel.states import advance
from lionrock.people.domain import Actor
from lionrock.people.models import Organisation
from lionrock.screening.actions import (
    agree_to_clear,
    clear_case,
    confirm_case,
    disagree_to_clear,
    escalate_case,
    note_particular,
    screen_due,
)
from lionrock.screening.domain.cases import TRANSITIONS, CaseState
from lionrock.screening.domain.names import Kind
from lionrock.screening.domain.parties import Party
from lionrock.screening.models import Case, Screened
from lionrock.screening.queries.searching import search

pytestmark = pytest.mark.django_db
HARBOUR = "harbour-university"


@pytest.fixture
def found(world: World) -> Case:
    """Return the case of an organisation whose name is on a list."""
    Organisation.objects.filter(code=HARBOUR).update(name="Harbour University")
    put_list()
    screen_due(NOW)
    return case_of(HARBOUR)


def cleared(case: Case) -> Case:
    clear_case(actor=FIRST, case=case.pk, reason="Another university.", now=later(1))
    return agree_to_clear(actor=SECOND, case=case.pk, reason="Seen its register.", now=later(2))


def test_everybody_is_screened_once_and_again_when_a_list_changes(found: Case) -> None:
    assert screen_due(later(1)) == 0
    before = Screened.objects.count()
    put_list(*ROWS, "9,person,Quite Another,,,,,,,,\n")
    assert screen_due(later(2)) == before
    assert found.steps.count() == 1


def test_a_cleared_case_stays_cleared_when_a_list_changes_elsewhere(found: Case) -> None:
    cleared(found)
    put_list(*ROWS, "9,person,Quite Another,,,,,,,,\n")
    screen_due(later(3))
    assert case_of(HARBOUR).state == "cleared"


def test_a_cleared_case_is_opened_by_another_entry_and_by_the_same_one_when_it_says_more(found: Case) -> None:
    cleared(found)
    put_list(*ROWS, "9,organisation,Harbour University Press,,PT,,,,Other List,,\n")
    screen_due(later(3))
    assert case_of(HARBOUR).state == "open"
    cleared(found)
    put_list(ROWS[0].replace("PT,", "ES,", 1), *ROWS[1:])
    screen_due(later(4))
    assert [step.verb for step in found.steps.all()][-1] == "reopen"


def test_a_particular_tells_two_of_the_same_name_apart_or_makes_them_one(found: Case) -> None:
    before = found.score
    note_particular(actor=FIRST, kind="organisation", code=HARBOUR, what="identifier", value="PT 501442600", now=NOW)
    screen_due(later(1))
    assert (before, case_of(HARBOUR).hits.get().match["parts"][-1]["what"]) == (100, "name")
    matches = search(OPERATOR, Party(("Quite Other Name",), identifiers=frozenset({"pt-501442600"})), NOW).matches
    assert [(match.score, match.entry.name, match.parts[-1].what) for match in matches] == [
        (100, "Harbour University", "identifier")
    ]


def test_country_and_kind_move_a_score_and_say_so(found: Case) -> None:
    plain = search(OPERATOR, Party(("Zephyr Quantum Instrument",), Kind.ORGANISATION), NOW).matches[0]
    other = search(OPERATOR, Party(("Zephyr Quantum Instrument",), Kind.PERSON, frozenset({"NL"})), NOW).matches[0]
    assert [part.what for part in other.parts] == ["name", "kind", "country"]
    assert other.score < plain.score


@pytest.mark.parametrize("name", ["X", " ", "王", "x" * 500])
def test_a_name_that_says_too_little_is_refused(found: Case, name: str) -> None:
    with pytest.raises(Invalid, match="too short or too long") as refused:
        search(OPERATOR, Party((name,)), NOW)
    assert refused.value.faults[0].field == "name"


def test_without_a_list_a_search_says_so(world: World) -> None:
    with pytest.raises(Conflict, match="No list is on file"):
        search(OPERATOR, Party(("Anybody",)), NOW)


def test_every_step_needs_a_reason_and_the_right_state(found: Case) -> None:
    with pytest.raises(Invalid, match="Say why"):
        confirm_case(actor=FIRST, case=found.pk, reason="  ", now=NOW)
    with pytest.raises(Conflict):
        agree_to_clear(actor=SECOND, case=found.pk, reason="Nobody has asked.", now=NOW)
    with pytest.raises(NotFound):
        escalate_case(actor=FIRST, case=found.pk + 999, reason="Nowhere.", now=NOW)
    with pytest.raises(NotAllowed):
        escalate_case(actor=Actor("nobody@example.org"), case=found.pk, reason="Mine.", now=NOW)
    assert case_of(HARBOUR).state == "open"


def test_who_does_not_agree_escalates(found: Case) -> None:
    clear_case(actor=FIRST, case=found.pk, reason="Another.", now=NOW)
    disagree_to_clear(actor=SECOND, case=found.pk, reason="The address is the same.", now=later(1))
    assert case_of(HARBOUR).state == "escalated"
    assert [(step.verb, step.actor) for step in found.steps.all()][1:] == [
        ("clear", FIRST.email),
        ("disagree", SECOND.email),
    ]


@pytest.mark.parametrize("state", CaseState)
@pytest.mark.parametrize("verb", ["clear", "agree", "disagree", "escalate", "confirm", "reopen"])
def test_every_verb_in_every_state(state: CaseState, verb: str) -> None:
    if (state, verb) in TRANSITIONS:
        assert advance(TRANSITIONS, state, verb, thing="it") in CaseState
    else:
        with pytest.raises(Conflict):
            advance(TRANSITIONS, state, verb, thing="it")


def test_a_screening_is_dated_by_its_versions_and_rules(found: Case) -> None:
    kept = Screened.objects.filter(code=HARBOUR).get()
    assert (kept.versions, kept.names[0], kept.found) == ({"invented": 1}, "Harbour University", 1)
    assert screen_due(NOW + timedelta(days=1)) == 0
