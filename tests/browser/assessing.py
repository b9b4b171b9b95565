"""People around one application that is being assessed, all with the same password."""

from __future__ import annotations

from tests.calls.world import NOW, OPERATOR, World
from tests.review.board import Board, put_board

from lionrock.applications.models import Answer
from lionrock.people.actions import grant_role, register_person
from lionrock.people.domain import Role
from lionrock.people.models import Person
from lionrock.people.queries import actor_by_email
from lionrock.review.actions import describe_assessor

ASSESSORS = {"lam": "Lam Ka Yan", "ng": "Ng Chi Keung", "wong": "Wong Siu Ming", "harbour": "Ho Wai Man"}


def put_people(password: str) -> Board:
    """Put an application before the assessors: two asked already, one who could be, one who is barred."""
    world = World()
    world.put_organisation()
    world.put_site()
    board = put_board(world)
    board.organisation("delta-institute", "Delta Institute", "三角洲研究所")
    for short, name in ASSESSORS.items():
        _person(board, short, name, Role.ASSESSOR, password)
    _person(board, "office", "Chan Tai Man", Role.OFFICE, password)
    for short, facts in {
        "lam": {"expertise": ["computer-science", "robotics"], "most": 5},
        "ng": {"organisation": "delta-institute"},
        "wong": {"expertise": ["university"]},
        "harbour": {"organisation": world.organisation, "expertise": ["robotics"]},
    }.items():
        describe_assessor(actor=OPERATOR, assessor=f"{short}@example.org", now=NOW, **facts)  # type: ignore[arg-type]
    _name_a_partner(board)
    for short in ("lam", "ng"):
        board.asked(actor_by_email(f"{short}@example.org"))
    return board


def _person(board: Board, short: str, name: str, role: Role, password: str) -> Person:
    email = f"{short}@example.org"
    made = register_person(actor=OPERATOR, email=email, name=name, password=password, now=NOW)
    grant_role(actor=OPERATOR, email=email, role=role, programme=board.world.programme, now=NOW)
    return made


def _name_a_partner(board: Board) -> None:
    """Have the application name a partner, in its longest answer."""
    answers = [each for each in Answer.objects.filter(application=board.application) if isinstance(each.value, str)]
    longest = max(answers, key=lambda each: len(each.value))
    longest.value = f"{longest.value} The models are trained together with Delta Institute."
    longest.save()


def score_apart(board: Board) -> None:
    """Have two assessors hand in scores that lie far apart."""
    for short, mark in (("lam", 1), ("wong", 5)):
        who = actor_by_email(f"{short}@example.org")
        if short == "wong":
            board.asked(who)
        found = board.declared(who)
        board.typed(who, found, mark, alignment_1="3")
        board.handed_in(who, found)
