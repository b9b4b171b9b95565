"""A committee that can sit: who is who, a meeting, applications, and each step in a line."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta
from fractions import Fraction
from typing import Any

from tests.calls.world import NOW, OPERATOR, World
from tests.review.board import Board

from lionrock.applications.domain import Request
from lionrock.applications.models import Application
from lionrock.calls.models import Call
from lionrock.committee.actions import (
    add_to_agenda,
    cast_vote,
    open_meeting,
    plan_meeting,
    propose_decision,
    resolve_item,
)
from lionrock.committee.domain import Choice, Proposal
from lionrock.committee.models import AgendaItem, Meeting, Resolution
from lionrock.people.actions import grant_role, register_person
from lionrock.people.domain import Actor, Role
from lionrock.people.queries import actor_by_email

MEMBERS = ("ann", "ben", "cho", "dee")
PLACE = {"organisation": "harbour-university"}
ASKED = Request("h800-node", 1, 3, date(2026, 4, 1))
"""One node for three months: HKD 960,000, of which the scheme bears HKD 672,000."""
COST = 672_000_00


def address(name: str) -> str:
    """Return somebody's address."""
    return f"{name}@example.org"


def put_person(name: str, *roles: Role, **place: str) -> Actor:
    """Put somebody on file with roles for a place."""
    register_person(actor=OPERATOR, email=address(name), name=name.title(), now=NOW)
    for role in roles:
        grant_role(actor=OPERATOR, email=address(name), role=role, now=NOW, **place)  # type: ignore[arg-type]
    return actor_by_email(address(name))


def applied(world: World, call: Call, title: str = "Weather models", **facts: Any) -> Application:
    """Submit an application, and pass it on to the committee as its assessors would."""
    place = facts.pop("organisation", world.organisation)
    application = world.submitted(call, title=title, organisation=place, request=facts.pop("request", ASKED))
    Application.objects.filter(pk=application.pk).update(state="assessed", **facts)
    application.refresh_from_db()
    return application


def score(world: World, code: str, mark: int) -> None:
    """Have an assessor give an application one mark of five everywhere; 3 comes to 60 of 100."""
    found = Application.objects.filter(code=code)
    found.update(state="eligible")
    board = Board(world, found.select_related("call", "organisation").get())
    board.scored(board.assessor(f"assessor-of-{code.lower()}"), mark)
    found.update(state="assessed")


@dataclass
class Table:
    """Who sits at the table, and what lies on it."""

    world: World
    call: Call
    meeting: str
    chair: Actor
    office: Actor
    members: dict[str, Actor] = field(default_factory=dict)

    @property
    def everybody(self) -> list[str]:
        """The addresses of the whole committee."""
        return [self.chair.email, *(member.email for member in self.members.values())]

    def application(self, title: str = "Weather models", **facts: Any) -> str:
        """Put an assessed application before the committee's office; return its code."""
        mark = facts.pop("mark", None)
        code = applied(self.world, self.call, title, **facts).code
        if mark is not None:
            score(self.world, code, mark)
        return code

    def agenda(self, *applications: str, meeting: str = "") -> None:
        """Put applications on the agenda."""
        add_to_agenda(actor=self.office, meeting=meeting or self.meeting, applications=applications, now=NOW)

    def item(self, application: str) -> AgendaItem:
        """Return the item as it is on file."""
        return AgendaItem.objects.select_related("meeting").get(
            application__code=application, meeting__code=self.meeting
        )

    def propose(self, application: str, proposal: Proposal | None = None, actor: Actor | None = None) -> AgendaItem:
        """Propose something; an approval as asked where nothing is said."""
        return propose_decision(
            actor=actor or self.chair,
            meeting=self.meeting,
            application=application,
            proposal=proposal or Proposal(),
            now=NOW,
        )

    def open(self, *present: str) -> Meeting:
        """Open the meeting; everybody is there where nobody is named."""
        return open_meeting(
            actor=self.chair,
            meeting=self.meeting,
            present=[address(name) for name in present] or self.everybody,
            now=NOW,
        )

    def vote(self, application: str, **choices: str) -> None:
        """Let members vote: `ann="for"`."""
        actors = {"chair": self.chair, **self.members}
        for name, choice in choices.items():
            cast_vote(actor=actors[name], meeting=self.meeting, application=application, choice=Choice(choice), now=NOW)

    def resolve(self, application: str, actor: Actor | None = None) -> Resolution:
        """Declare the proposal carried."""
        return resolve_item(actor=actor or self.chair, meeting=self.meeting, application=application, now=NOW)

    def carried(self, application: str, proposal: Proposal | None = None) -> Resolution:
        """Propose, vote and declare."""
        self.propose(application, proposal)
        self.vote(application, ann="for", ben="for", cho="for")
        return self.resolve(application)


def set_table(world: World, fund: str = "10000000.00") -> Table:
    """Set the table: a fund, a call, five members of whom one leads, an office, and a planned meeting."""
    world.put_fund(fund)
    own = {"programme": world.programme}
    chair, office = put_person("chair", Role.CHAIR, **own), put_person("office", Role.OFFICE, **own)
    members = {name: put_person(name, Role.COMMITTEE, **own) for name in MEMBERS}
    meeting = plan_meeting(
        actor=office, programme=world.programme, title="First meeting", when=NOW + timedelta(days=7), now=NOW
    )
    return Table(world, world.open_call(), meeting.code, chair, office, members)


def special(rate: str = "0.9", reason: str = "First of its kind.") -> Proposal:
    """Return an approval at an exceptional rate."""
    return Proposal(rate=Fraction(rate), reason=reason)
