"""Builds the demonstration from an empty database, through the same actions that people use."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from fractions import Fraction
from pathlib import Path

from lionrock.awards.actions import accept_offer, decide_application
from lionrock.awards.domain import Decision
from lionrock.calls.actions import create_call, open_call
from lionrock.calls.models import Call
from lionrock.demo.applying import Applying
from lionrock.demo.stage import Stage
from lionrock.demo.story import Application, Names
from lionrock.kernel.money import parse_share
from lionrock.ledger.actions import appropriate
from lionrock.people.actions import grant_role, register_organisation, register_person
from lionrock.people.domain import Actor, Role, terminal_operator
from lionrock.people.queries import actor_by_email
from lionrock.sites.actions import register_site

Say = Callable[[str], None]

OPENED_BEFORE = timedelta(days=60)
DECIDED_BEFORE = timedelta(days=20)


@dataclass(frozen=True)
class SignIn:
    """How to sign in to the portal when all is built."""

    email: str
    password: str


def build_people(stage: Stage) -> SignIn:
    """Put site, organisations, persons and roles on file; return how the operator signs in."""
    story, actor, now = stage.story, terminal_operator("demo"), stage.before(OPENED_BEFORE)
    register_site(
        actor=actor, code=story.site.code, name=story.site.names.en, programme=story.programme, driver="local",
        now=now, time_zone=str(stage.zone), **_chinese(story.site.names),
    )  # fmt: skip
    for organisation in story.organisations:
        register_organisation(
            actor=actor, code=organisation.code, name=organisation.names.en, now=now, **_chinese(organisation.names)
        )
        member = organisation.member
        register_person(actor=actor, email=member.email, name=member.name, now=now)
        grant_role(actor=actor, email=member.email, role=Role.MEMBER, organisation=organisation.code, now=now)
    for one in story.staff:
        register_person(actor=actor, email=one.email, name=one.name, now=now)
        grant_role(actor=actor, email=one.email, role=Role(one.role), programme=story.programme, now=now)
    return _register_operator(stage, actor, now)


def _register_operator(stage: Stage, actor: Actor, now: datetime) -> SignIn:
    operator = stage.story.operator
    password = secrets.token_urlsafe(12)
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


def acting(stage: Stage, role: Role) -> Actor:
    """Return the member of staff who holds a role."""
    return actor_by_email(next(one.email for one in stage.story.staff if one.role == role.value))


def build_awards(stage: Stage, call: Call, say: Say) -> None:
    """Have every application of the story written, submitted and decided."""
    applying = Applying(stage, call, stage.before(OPENED_BEFORE - timedelta(days=7)))
    for application in stage.story.applications:
        code = applying.apply(application)
        say(_decide(stage, application, code))


def _decide(stage: Stage, application: Application, code: str) -> str:
    exceptional = application.exceptional
    award = decide_application(
        actor=acting(stage, Role.COMMITTEE),
        application=code,
        decision=Decision.DECLINE if application.declined else Decision.APPROVE,
        decided_by=stage.story.decided_by,
        reason=application.declined or (exceptional.reason if exceptional else ""),
        share=parse_share(exceptional.share) if exceptional else None,
        now=stage.before(DECIDED_BEFORE),
    )
    if award is not None:
        _accept(stage, application, award.code)
    title = f"{application.organisation}: {application.names.en}"
    return f"declined  {title}" if application.declined else f"awarded   {title} ({award})"


def _accept(stage: Stage, application: Application, award: str) -> None:
    member = next(one.member for one in stage.story.organisations if one.code == application.organisation)
    accept_offer(
        actor=actor_by_email(member.email),
        award=award,
        signatory=member.name,
        title=stage.story.signs_as,
        now=stage.before(DECIDED_BEFORE - timedelta(days=3)),
    )


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
