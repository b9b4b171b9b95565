"""No state without a next step, and somebody for whom it waits: from the first draft to the last report."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from tests.calls.world import NOW, OPERATOR, World
from tests.review.board import Board, put_board

from lionrock.applications.domain import ApplicationState
from lionrock.applications.pages.steps import next_step
from lionrock.awards.actions import request_variation, suspend_award
from lionrock.awards.domain import Change
from lionrock.config.home import waiting
from lionrock.intake.actions import return_application
from lionrock.people.domain import Role
from lionrock.people.queries import actor_by_email
from lionrock.review.actions import conclude_assessment

pytestmark = pytest.mark.django_db

LONG_AFTER = datetime(2026, 10, 1, 2, tzinfo=UTC)
"""When the first report on an award of April is due."""


def _drafted(board: Board) -> None:
    board.world.drafted(board.world.open_call())


def _submitted(board: Board) -> None:
    board.world.submitted(board.world.open_call())


def _returned(board: Board) -> None:
    code = board.world.submitted(board.world.open_call()).code
    return_application(actor=OPERATOR, application=code, question="Which?", now=NOW)


def _invited(board: Board) -> None:
    board.asked(actor_by_email("lam@example.org"))


def _cleared(board: Board) -> None:
    board.cleared(actor_by_email("lam@example.org"))


def _scored(board: Board) -> None:
    board.scored(actor_by_email("lam@example.org"))
    board.scored(board.assessor("wong"))


def _assessed(board: Board) -> None:
    _scored(board)
    conclude_assessment(actor=OPERATOR, application=board.code, now=NOW)


def _offered(board: Board) -> None:
    board.world.put_fund("10000000.00")
    board.world.decided(board.world.submitted(board.world.open_call()), accept=False)


def _changing(board: Board) -> None:
    board.world.put_fund("10000000.00")
    award = board.world.awarded(board.world.open_call())
    request_variation(actor=OPERATOR, award=award.code, change=Change(contact="Lee"), reason="a new lead", now=NOW)


def _suspended(board: Board) -> None:
    board.world.put_fund("10000000.00")
    award = board.world.awarded(board.world.open_call())
    suspend_award(actor=OPERATOR, award=award.code, reason="overdue", now=NOW)


def _active(board: Board) -> None:
    board.world.put_fund("10000000.00")
    board.world.awarded(board.world.open_call())


STATES: dict[str, tuple[Callable[[Board], None], str, datetime]] = {
    "a draft": (_drafted, "member", NOW),
    "an application handed in": (_submitted, "office", NOW),
    "a question of the office": (_returned, "member", NOW),
    "an application without assessors": (lambda _board: None, "office", NOW),
    "an assessor who was asked": (_invited, "lam", NOW),
    "an assessor who reads": (_cleared, "lam", NOW),
    "scores that are all in": (_scored, "office", NOW),
    "an application that is assessed": (_assessed, "chair", NOW),
    "an offer": (_offered, "member", NOW),
    "a change that is asked for": (_changing, "office", NOW),
    "an award that is suspended": (_suspended, "office", NOW),
    "an award that owes a report": (_active, "member", LONG_AFTER),
}
"""State → how it comes about, for whom it waits, and when."""
AT_FIRST = "an application without assessors"
"""The state in which the board is before anything is done."""


@pytest.mark.parametrize("state", STATES)
def test_what_is_open_waits_for_somebody(world: World, state: str) -> None:
    reach, whose, now = STATES[state]
    board = put_board(world)
    viewers = {
        "member": board.person("ho", organisation=world.organisation),
        "office": board.person("office", Role.OFFICE),
        "chair": board.person("chair", Role.CHAIR),
        "lam": board.assessor("lam"),
    }
    before = set() if state == AT_FIRST else {str(line.said) for line in waiting(viewers[whose], now)}
    reach(board)
    lines = waiting(viewers[whose], now)
    assert {str(line.said) for line in lines} - before
    assert all(line.address.startswith("/") for line in lines)


@pytest.mark.parametrize("state", ApplicationState)
def test_every_state_of_an_application_says_what_comes_next(state: ApplicationState) -> None:
    assert str(next_step(state.value))
