"""A programme that asks the gate, an application in it, and each step of its dossier in a line."""

from __future__ import annotations

import atexit
import shutil
import tempfile
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

from tests.assurance.book import RULEBOOK
from tests.calls.world import NOW, OPERATOR, World, holder, member

from lionrock.applications.actions import Change, Saved
from lionrock.applications.models import Application
from lionrock.assurance import actions
from lionrock.assurance.domain.answering import Answers
from lionrock.assurance.domain.concluding import Conclusion
from lionrock.assurance.domain.rules import Binding
from lionrock.assurance.domain.states import Expertise, Judgement
from lionrock.assurance.models import Condition, Dossier
from lionrock.assurance.queries.dossiers import dossier_by_code
from lionrock.assurance.queries.standing import NONE, assessed, edition_of, written_of
from lionrock.custody.actions import set_place
from lionrock.kernel.findings import Finding
from lionrock.people.actions import grant_role, register_person
from lionrock.people.domain import Actor, Role
from lionrock.people.queries import actor_of

PROGRAMME = "hk-aiss-demo"
CHOSEN = """\
- programme: hk-aiss-demo
  from: 2026-01-01
  profiles: [finance]
  remind_days: 10
  source: assurance-own
"""
AUTHOR = member("harbour-university")
SPAM: Answers = {
    "use": (), "data": (), "reach": ("organisation",), "build": ("trains", "third_party"), "dangerous": ("no",),
    "supervised": ("no",), "declaration": ("yes",),
}  # fmt: skip
CREDIT: Answers = {
    "use": ("credit",), "data": ("personal", "sensitive"), "reach": ("customers",), "build": ("trains", "deployed"),
    "dangerous": ("no",), "supervised": ("hkma",), "volume": ("more",), "zone": ("park",),
}  # fmt: skip


@cache
def rulebook_that_asks() -> Path:
    """Copy the rulebook once a process, with one programme in it that asks the gate."""
    folder = Path(tempfile.mkdtemp())
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    copied = Path(shutil.copytree(RULEBOOK, folder / "rulebook"))
    (copied / "assurance" / "programmes.yaml").write_text(CHOSEN, "utf-8")
    return copied


def person(role: Role, name: str) -> Actor:
    """Put somebody with a role for the programme on file."""
    email = f"{name}@{PROGRAMME}.example"
    found = register_person(actor=OPERATOR, email=email, name=name.title(), now=NOW)
    grant_role(actor=OPERATOR, email=email, role=role, programme=PROGRAMME, now=NOW)
    return actor_of(found)


@dataclass
class Project:
    """An application, its dossier, who concludes its review, and who reviews it."""

    application: Application
    officer: Actor
    reviewer: Actor
    author: Actor = AUTHOR

    @property
    def code(self) -> str:
        return self.application.code

    def dossier(self) -> Dossier:
        return dossier_by_code(OPERATOR, self.code)

    def begin(self) -> None:
        actions.begin_dossier(actor=self.author, application=self.code, now=NOW)

    def write(self, key: str, value: str | list[str], now: datetime = NOW) -> Saved:
        held = written_of(self.dossier()).get(key)
        change = Change(key, value, held.version if held else 0)
        return actions.save_written(actor=self.author, application=self.code, changes=[change], now=now)

    def answer(self, name: str, chosen: tuple[str, ...], now: datetime = NOW) -> Saved:
        """Answer one question: one choice as text, several as a list, none of them by saying so."""
        question = next(each for each in edition_of(self.dossier()).questions if each.id == name)
        return self.write(f"q.{name}", list(chosen or (NONE,)) if question.many else chosen[0], now)

    def answered(self, wanted: Answers) -> int:
        """Begin, and answer one question after the other as long as one is asked; return how many were."""
        self.begin()
        asked = 0
        while following := assessed(self.dossier()).next:
            self.answer(following[0].id, wanted[following[0].id])
            asked += 1
        return asked

    def hand_in(self, now: datetime = NOW) -> Dossier:
        return actions.hand_in(actor=self.author, application=self.code, now=now)

    def reviewed_by(self, *expertises: Expertise) -> None:
        """Have the reviewer asked, and declare no interest, for these expertises (all, where none is named)."""
        for each in expertises or tuple(Expertise):
            asked = actions.ask_reviewer(
                actor=self.officer, application=self.code, person=self.reviewer.email, expertise=each, now=NOW
            )
            actions.declare_interest(actor=self.reviewer, reviewer=asked.pk, conflict=False, text="", now=NOW)

    def opine(self, item: str, judgement: Judgement = Judgement.ENOUGH, text: str = "", now: datetime = NOW) -> None:
        actions.give_opinion(
            actor=self.reviewer, application=self.code, item=item, judgement=judgement, text=text, now=now
        )

    def settle(self, *items: str, now: datetime = NOW) -> None:
        """Put something on file for these items, and have it found to be enough."""
        for item in items:
            self.write(f"item.{item}", f"See the plan for {item}.", now)
            self.opine(item, now=now)

    def open_at(self, point: Binding) -> list[str]:
        """Return the items that are open and bind at a point or before."""
        found = assessed(self.dossier(), accepted=True)
        return [each.item.id for each in found.items if each.state == "open" and each.item.binds.reached_at(point)]

    def conclude(self, conclusion: Conclusion, reason: str = "It is in order.") -> Dossier:
        return actions.conclude(
            actor=self.officer, application=self.code, conclusion=conclusion, reason=reason, now=NOW
        )

    def lay(self, item: str, **changes: Any) -> Condition:
        """Lay down a condition on an item."""
        facts = {
            "owner": self.officer.email, "due": date(2026, 4, 1), "proof": "report", "binds": Binding.BEFORE_FIRST_JOB,
        }  # fmt: skip
        return actions.lay_condition(actor=self.officer, application=self.code, item=item, now=NOW, **(facts | changes))


def project(world: World, *, submitted: bool = True) -> Project:
    """Have an application in a call with money, an officer and a reviewer."""
    world.put_fund("99000000")
    set_place(actor=OPERATOR, programme=PROGRAMME, code="here", name="Here", zone="park", why="The plan.", now=NOW)
    call = world.open_call()
    application = world.submitted(call) if submitted else world.drafted(call)
    return Project(application, person(Role.COMPLIANCE, "officer"), person(Role.ASSESSOR, "reviewer"))


def rules_in(findings: tuple[Finding, ...] | list[Finding]) -> set[str]:
    """Return the rules of findings."""
    return {finding.rule for finding in findings}


__all__ = ["NOW", "OPERATOR", "Project", "holder", "timedelta"]
