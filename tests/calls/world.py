"""What the tests of the line share: who acts, in which programme, and each step in a line.

Two programmes: the demonstration of the shipped rulebook (HKD, Hong Kong, one award-cap unset), and
the invented Lagoon Fund of tests/rulebook (JOD with three decimals, Paris with its summer time).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from tests.applications.filling import put_all_that_is_missing

from lionrock.applications.actions import draft_application, submit_application
from lionrock.applications.domain import Request
from lionrock.applications.models import Application
from lionrock.awards.actions import accept_offer, decide_application
from lionrock.awards.domain import Decision
from lionrock.awards.models import Award
from lionrock.calls.actions import create_call, open_call
from lionrock.calls.models import Call
from lionrock.kernel.money import Money
from lionrock.ledger.actions import appropriate
from lionrock.people.actions import register_organisation
from lionrock.people.domain import ORGANISATION_ROLES, Actor, Grant, Role
from lionrock.people.models import Organisation
from lionrock.sites.actions import register_site
from lionrock.sites.models import Site

ROOT = Path(__file__).resolve().parents[2]
SHIPPED = ROOT / "rulebook"
INVENTED = ROOT / "tests" / "rulebook"
OPERATOR = Actor("root@terminal", operator=True)
NOW = datetime(2026, 3, 2, 2, 0, tzinfo=UTC)
DECLARED = ("guide", "accuracy", "consent", "no-other-subsidy", "confidentiality", "law")


def holder(role: Role, programme: str) -> Actor:
    """Return somebody with one role for one programme."""
    return Actor(f"{role.value}@{programme}.example", frozenset({Grant(role, programme=programme)}))


def member(organisation: str) -> Actor:
    """Return a member of one organisation."""
    return Actor(f"member@{organisation}.example", frozenset({Grant(Role.MEMBER, organisation=organisation)}))


def administrator(organisation: str) -> Actor:
    """Return a member who looks after who belongs to an organisation."""
    held = {Grant(role, organisation=organisation) for role in ORGANISATION_ROLES}
    return Actor(f"administrator@{organisation}.example", frozenset(held))


@dataclass
class World:
    """One programme with an organisation, and the line's steps with what most tests do not care about."""

    programme: str = "hk-aiss-demo"
    currency: str = "HKD"
    category: str = "university"
    request: Request = field(default_factory=lambda: Request("h800-node", 1, 3, date(2026, 4, 1)))
    declared: tuple[str, ...] = DECLARED
    organisation: str = "harbour-university"
    now: datetime = NOW

    def money(self, text: str) -> Money:
        """Read an amount in the programme's currency."""
        return Money.parse(text, self.currency)

    def put_organisation(self, code: str | None = None) -> Organisation:
        """Put an organisation on file."""
        return register_organisation(actor=OPERATOR, code=code or self.organisation, name="A name", now=self.now)

    def put_site(self) -> Site:
        """Put the programme's site on file, where its leases stand."""
        return register_site(
            actor=OPERATOR, code="here", name="Here", programme=self.programme, driver="local", now=self.now
        )

    def put_fund(self, text: str, cause: str = "vote") -> None:
        """Have money appropriated."""
        appropriate(
            actor=OPERATOR,
            programme=self.programme,
            amount=self.money(text),
            reason="vote",
            cause=cause,
            now=self.now,
        )

    def prepared_call(self, **facts: Any) -> Call:
        """Prepare a call."""
        given = {"actor": OPERATOR, "programme": self.programme, "title": "A call", "opens": self.now, "now": self.now}
        return create_call(**(given | facts))

    def open_call(self, **facts: Any) -> Call:
        """Prepare and open a call."""
        return open_call(actor=OPERATOR, call=self.prepared_call(**facts).code, now=self.now)

    def drafted(self, call: Call, **facts: Any) -> Application:
        """Draft an application that the rules like, complete by its form."""
        given = {
            "actor": OPERATOR,
            "call": call.code,
            "organisation": self.organisation,
            "category": self.category,
            "title": "Weather models",
            "request": self.request,
            "declarations": self.declared,
            "other_subsidy": False,
            "now": self.now,
        }
        return put_all_that_is_missing(draft_application(**(given | facts)))

    def submitted(self, call: Call, **facts: Any) -> Application:
        """Draft and submit an application."""
        drafted = self.drafted(call, **facts)
        return submit_application(actor=OPERATOR, application=drafted.code, now=self.now)

    def decided(
        self, application: Application, decision: Decision = Decision.APPROVE, *, accept: bool = True, **facts: Any
    ) -> Award | None:
        """Decide an application, and accept the offer that comes of it."""
        given = {"actor": OPERATOR, "decided_by": "the Committee", "reason": "", "now": self.now}
        offer = decide_application(application=application.code, decision=decision, **(given | facts))
        return self.accepted(offer, now=facts.get("now", self.now)) if offer and accept else offer

    def accepted(self, offer: Award, **facts: Any) -> Award:
        """Accept an offer."""
        given = {"actor": OPERATOR, "signatory": "Chan Tai Man", "title": "Vice-President", "now": self.now}
        return accept_offer(award=offer.code, **(given | facts))

    def awarded(self, call: Call, **facts: Any) -> Award:
        """Submit an application and approve it."""
        award = self.decided(self.submitted(call), **facts)
        assert award is not None
        return award


def lagoon() -> World:
    """Return the invented programme: other currency, zone, rates, units and limits."""
    return World(
        programme="lagoon",
        currency="JOD",
        category="guild",
        request=Request("pod", 2, 3, date(2026, 3, 15)),
        declared=("good-faith",),
        organisation="glass-guild",
    )
