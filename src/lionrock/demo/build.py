"""Builds the demonstration from an empty database, through the same actions that people use."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from fractions import Fraction
from pathlib import Path

from lionrock.calls.actions import create_call, open_call
from lionrock.calls.models import Call
from lionrock.demo.applying import Applying
from lionrock.demo.deciding import Handed, meet, plan_the_next, take_on
from lionrock.demo.stage import Stage, acting
from lionrock.demo.story import Names, Reached
from lionrock.kernel.money import parse_share
from lionrock.ledger.actions import appropriate
from lionrock.people.actions import grant_role, register_organisation, register_person
from lionrock.people.domain import Actor, Role, terminal_operator
from lionrock.sites.actions import register_site

Say = Callable[[str], None]

OPENED_BEFORE = timedelta(days=60)
HANDED_IN_BEFORE = timedelta(days=14)
UNDER_WAY = (Reached.SUBMITTED, Reached.ASSESSING, Reached.ASSESSED)


@dataclass(frozen=True)
class SignIn:
    """How to sign in to the portal when all is built."""

    email: str
    password: str


def build_people(stage: Stage) -> SignIn:
    """Put site, organisations, persons and roles on file, all with one password; return how the operator signs in."""
    story, actor, now = stage.story, terminal_operator("demo"), stage.before(OPENED_BEFORE)
    password = secrets.token_urlsafe(12)
    register_site(
        actor=actor, code=story.site.code, name=story.site.names.en, programme=story.programme, driver="local",
        now=now, time_zone=str(stage.zone), **_chinese(story.site.names),
    )  # fmt: skip
    for organisation in story.organisations:
        register_organisation(
            actor=actor, code=organisation.code, name=organisation.names.en, now=now, **_chinese(organisation.names)
        )
        member = organisation.member
        register_person(actor=actor, email=member.email, name=member.name, now=now, password=password)
        grant_role(actor=actor, email=member.email, role=Role.MEMBER, organisation=organisation.code, now=now)
    for one in story.staff:
        register_person(actor=actor, email=one.email, name=one.name, now=now, password=password)
        grant_role(actor=actor, email=one.email, role=Role(one.role), programme=story.programme, now=now)
    return _register_operator(stage, actor, now, password)


def _register_operator(stage: Stage, actor: Actor, now: datetime, password: str) -> SignIn:
    operator = stage.story.operator
    register_person(actor=actor, email=operator.email, name=operator.name, now=now, password=password)
    for role in operator.roles:
        grant_role(actor=actor, email=operator.email, role=Role(role), programme=stage.story.programme, now=now)
    return SignIn(operator.email, password)


def _chinese(names: Names) -> dict[str, str]:
    return {"name_zh_hant": names.zh_hant, "name_zh_hans": names.zh_hans}


def build_fund_and_call(stage: Stage) -> Call:
    """Appropriate the whole fund as the rulebook states it, and open the call."""
    programme, opened = stage.story.programme, stage.before(OPENED_BEFORE)
    amount = stage.programme.at(opened.date()).fund_total()
    finance = acting(stage, Role.FINANCE)
    appropriate(
        actor=finance,
        programme=programme,
        amount=amount,
        reason="The whole fund of the scheme",
        cause="fund",
        now=opened,
    )
    office = acting(stage, Role.OFFICE)
    names = stage.story.call.names
    call = create_call(
        actor=office, programme=programme, title=names.en, title_zh_hant=names.zh_hant, title_zh_hans=names.zh_hans,
        opens=opened, now=opened,
    )  # fmt: skip
    return open_call(actor=office, call=call.code, now=opened)


def build_awards(stage: Stage, call: Call, say: Say) -> None:
    """Have every application of the story written and handed in, and taken as far as the story says.

    Those that are decided were handed in before the month; the others in the days before now.
    """
    decided = _hand_in(stage, call, stage.before(OPENED_BEFORE - timedelta(days=7)), Reached.DECIDED)
    meet(stage, decided, say)
    recent = stage.now - HANDED_IN_BEFORE
    under_way = [each for reached in UNDER_WAY for each in _hand_in(stage, call, recent, reached)]
    plan_the_next(stage, [each.code for each in under_way if each.told.reached is Reached.ASSESSED], stage.now)
    say(f"under way {len(under_way)} more: with the office, the assessors and the committee")


def _hand_in(stage: Stage, call: Call, now: datetime, reached: Reached) -> list[Handed]:
    applying = Applying(stage, call, now)
    told = [each for each in stage.story.applications if each.reached is reached]
    handed = [Handed(each, applying.apply(each), now) for each in told]
    for number, each in enumerate(handed):
        take_on(stage, each, number)
    return handed


def target(text: str) -> Fraction:
    """Return the utilisation that the story asks for."""
    return parse_share(text, field="utilisation")


def statements_folder(home: Path) -> Path:
    """Return the folder for the statements as PDF, without those of an earlier demonstration."""
    folder = home / "statements"
    folder.mkdir(parents=True, exist_ok=True)
    for earlier in folder.glob("*.pdf"):
        earlier.unlink()
    return folder
