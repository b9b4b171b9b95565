"""Whole stories in plain text: a date, an actor, a verb, and the postings that are expected.

A line is `date | actor | verb and what it is done with | expected`. What is expected is the postings
that the step made, account and amount in the major unit of the programme's currency (quota in
device-seconds), or `refused <code>`, or nothing.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from fractions import Fraction
from pathlib import Path
from typing import Any

from tests.applications.filling import put_all_that_is_missing
from tests.calls.world import World, holder, member

from lionrock.applications.actions import draft_application, submit_application, withdraw_application
from lionrock.applications.domain import Request
from lionrock.awards.actions import accept_offer, decide_application, end_award, release_award
from lionrock.awards.domain import Decision
from lionrock.calls.actions import close_call, create_call, open_call
from lionrock.kernel.errors import LionrockError
from lionrock.kernel.periods import local_midnight
from lionrock.ledger.actions import appropriate
from lionrock.ledger.domain.accounts import number_text
from lionrock.ledger.models import Journal
from lionrock.people.domain import Role
from lionrock.rules.rulebook import load_rulebook

HONG_KONG = """
2026-01-05 | finance   | appropriate 2000000.00             | budget/appropriation -2000000.00, budget/free 2000000.00
2026-01-06 | office    | create call                        |
2026-01-06 | member    | apply 1 3 2026-04-01               | refused calls.call.unknown
2026-01-07 | office    | open call CALL-2026-0001           |
2026-01-08 | member    | apply 1 3 2026-04-01               |
2026-01-08 | member    | apply 2 3 2026-04-01               |
2026-01-08 | member    | apply 1 6 2026-07-01               |
2026-01-09 | member    | apply 13 3 2026-04-01              | refused applications.submit.not_eligible
2026-02-02 | member    | approve APP-2026-0001              | refused people.role.missing
2026-02-02 | stranger  | approve APP-2026-0001              | refused applications.application.unknown
2026-02-02 | committee | approve APP-2026-0001              | budget/committed/AW-2026-0001 672000.00, budget/free -672000.00, quota/granted/AW-2026-0001/h800-node -7862400, quota/remaining/AW-2026-0001/h800-node 7862400
2026-02-02 | committee | approve APP-2026-0003 at 0.9       | refused ledger.fund.exhausted
2026-02-03 | committee | approve APP-2026-0003 at 0.91      | refused rules.quote.exceptional_rate
2026-02-03 | finance   | appropriate 400000.00              | budget/appropriation -400000.00, budget/free 400000.00
2026-02-04 | committee | approve APP-2026-0003 at 0.9       | budget/committed/AW-2026-0002 1728000.00, budget/free -1728000.00, quota/granted/AW-2026-0002/h800-node -15897600, quota/remaining/AW-2026-0002/h800-node 15897600
2026-02-05 | member    | withdraw APP-2026-0002             |
2026-02-05 | committee | approve APP-2026-0002              | refused kernel.states.not_now
2026-02-06 | office    | close call CALL-2026-0001          |
2026-02-07 | member    | apply 1 3 2026-05-01               | refused applications.submit.not_eligible
2026-06-30 | office    | end AW-2026-0001                   | refused awards.end.too_early
2026-07-01 | auditor   | end AW-2026-0001                   | refused people.role.missing
2026-06-30 | office    | release AW-2026-0001               | refused kernel.states.not_now
2026-07-01 | office    | end AW-2026-0001                   |
2026-07-01 | auditor   | release AW-2026-0001               | refused people.role.missing
2026-07-01 | office    | release AW-2026-0001               | budget/committed/AW-2026-0001 -672000.00, budget/free 672000.00
2026-07-01 | office    | release AW-2026-0001               |
2026-07-01 | office    | end AW-2026-0001                   | refused kernel.states.not_now
"""  # noqa: E501

LAGOON = """
2026-02-01 | finance   | appropriate 50.000                 | budget/appropriation -50.000, budget/free 50.000
2026-02-01 | office    | create call                        |
2026-02-01 | office    | open call CALL-2026-0001           |
2026-02-02 | member    | apply 1 3 2026-03-15               | refused applications.submit.not_eligible
2026-02-02 | member    | apply 2 1 2026-06-15               |
2026-02-02 | member    | apply 2 1 2026-10-01               |
2026-06-30 | committee | approve APP-2026-0002              | budget/committed/AW-2026-0001 7.334, budget/free -7.334, quota/granted/AW-2026-0001/pod -2592000, quota/remaining/AW-2026-0001/pod 2592000
2026-07-01 | committee | approve APP-2026-0003              | budget/committed/AW-2026-0002 11.001, budget/free -11.001, quota/granted/AW-2026-0002/pod -5364000, quota/remaining/AW-2026-0002/pod 5364000
2026-11-01 | office    | end AW-2026-0002                   |
2026-11-01 | finance   | release AW-2026-0002               | budget/committed/AW-2026-0002 -11.001, budget/free 11.001
"""  # noqa: E501


class Story:
    """Plays the lines of a story in one world."""

    def __init__(self, world: World, rulebook: Path) -> None:
        self.world = world
        self.zone = load_rulebook(rulebook).programme(world.programme).zone
        roles = (Role.FINANCE, Role.OFFICE, Role.COMMITTEE, Role.AUDITOR)
        self.actors = {role.value: holder(role, world.programme) for role in roles}
        self.actors |= {"member": member(world.organisation), "stranger": member("somebody-else")}
        self.verbs: dict[str, Callable[..., object]] = {
            "appropriate": self.appropriate,
            "create": self.create,
            "open": lambda _, call, **at: open_call(call=call, **at),
            "close": lambda _, call, **at: close_call(call=call, **at),
            "apply": self.apply,
            "withdraw": lambda code, **at: withdraw_application(application=code, **at),
            "approve": self.approve,
            "end": lambda code, **at: end_award(award=code, **at),
            "release": lambda code, **at: release_award(award=code, occasion="2026-12", **at),
        }
        self.call = "CALL-2026-0001"

    def appropriate(self, text: str, **at: Any) -> None:
        amount = self.world.money(text)
        appropriate(programme=self.world.programme, amount=amount, reason="vote", cause=str(at["now"]), **at)

    def create(self, _: str, **at: Any) -> None:
        create_call(programme=self.world.programme, title="A call", opens=at["now"], **at)

    def apply(self, count: str, months: str, starts: str, **at: Any) -> None:
        asked = Request(self.world.request.item, int(count), int(months), date.fromisoformat(starts))
        drafted = draft_application(
            call=self.call,
            organisation=self.world.organisation,
            category=self.world.category,
            title="Weather models",
            request=asked,
            declarations=self.world.declared,
            other_subsidy=False,
            **at,
        )
        put_all_that_is_missing(drafted)
        submit_application(application=drafted.code, **at)

    def approve(self, code: str, _: str = "", share: str = "", **at: Any) -> None:
        given = {"share": Fraction(share), "reason": "first of its kind"} if share else {}
        offer = decide_application(application=code, decision=Decision.APPROVE, decided_by="Committee", **given, **at)
        assert offer is not None
        signed = at | {"actor": self.actors["member"]}
        accept_offer(award=offer.code, signatory="Chan Tai Man", title="Dean", **signed)

    def tell(self, line: str) -> str:
        """Do what a line says, and return what came of it in the words of a line."""
        day, actor, step, _ = (part.strip() for part in line.split("|"))
        verb, *words = step.split()
        at = {"actor": self.actors[actor], "now": local_midnight(date.fromisoformat(day), self.zone)}
        last = Journal.objects.order_by("id").last()
        try:
            self.verbs[verb](*words, **at)
        except LionrockError as error:
            return f"refused {error.code}"
        return self._postings(last.pk if last else 0)

    def _postings(self, after: int) -> str:
        journals = Journal.objects.filter(id__gt=after).order_by("id")
        return ", ".join(
            f"{posting.account.path} {number_text(posting.amount, journal.unit)}"
            for journal in journals
            for posting in journal.postings.order_by("account__path").select_related("account")
        )


def _played(world: World, rulebook: Path, text: str) -> str:
    story = Story(world, rulebook)
    told = []
    for line in text.strip().splitlines():
        head = line.rpartition("|")[0].rstrip()
        told.append(f"{head} | {story.tell(line)}".rstrip())
    return "\n".join(told)


def _squeezed(text: str) -> str:
    return "\n".join(" ".join(line.split()) for line in text.strip().splitlines())


def test_a_year_of_the_demonstration(world: World, settings: Any) -> None:
    assert _squeezed(_played(world, settings.LIONROCK_RULEBOOK, HONG_KONG)) == _squeezed(HONG_KONG)


def test_a_year_of_the_invented_programme(lagoon: World, settings: Any) -> None:
    assert _squeezed(_played(lagoon, settings.LIONROCK_RULEBOOK, LAGOON)) == _squeezed(LAGOON)
