"""How the story's applications are checked, assessed and decided: as the portal's users do it, one after the other."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from lionrock.applications.queries import application_by_code
from lionrock.awards.actions import accept_offer
from lionrock.awards.domain import Decision
from lionrock.awards.models import Award
from lionrock.committee.actions import (
    add_to_agenda,
    cast_vote,
    close_meeting,
    open_meeting,
    plan_meeting,
    propose_decision,
    resolve_item,
)
from lionrock.committee.domain import Choice
from lionrock.committee.domain.proposals import Proposal
from lionrock.demo.stage import Stage, acting, everybody_with
from lionrock.demo.story import Application, Reached
from lionrock.intake.actions import accept_application
from lionrock.kernel.money import parse_share
from lionrock.people.domain import Role
from lionrock.people.queries import actor_by_email
from lionrock.review.actions import (
    assign_assessor,
    conclude_assessment,
    declare_interests,
    save_scores,
    submit_scores,
)
from lionrock.review.domain.sheets import Typed, open_key
from lionrock.review.domain.states import Declared
from lionrock.review.queries import scheme_for

Say = Callable[[str], None]

ASSESSORS_EACH = 2
CHECKED_AFTER = timedelta(days=2)
ASSESSED_AFTER = timedelta(days=12)
MEETS_AFTER = timedelta(days=30)
ACCEPTED_AFTER = timedelta(days=3)


@dataclass(frozen=True)
class Handed:
    """An application as told, and the code and instant under which it was handed in."""

    told: Application
    code: str
    at: datetime


def take_on(stage: Stage, handed: Handed, number: int) -> None:
    """Carry an application from the office's desk to the committee, as far as the story lets it come."""
    if handed.told.reached is Reached.SUBMITTED:
        return
    office = acting(stage, Role.OFFICE)
    accept_application(actor=office, application=handed.code, now=handed.at + CHECKED_AFTER)
    asked = everybody_with(stage, Role.ASSESSOR)
    for place in range(ASSESSORS_EACH):
        _assess(stage, handed, asked[(number + place) % len(asked)], place)
    if handed.told.reached is not Reached.ASSESSING:
        conclude_assessment(actor=office, application=handed.code, now=handed.at + ASSESSED_AFTER)


def _assess(stage: Stage, handed: Handed, assessor: str, place: int) -> None:
    """Ask an assessor, who declares and scores; where the story stops at assessing, the last one has not answered."""
    office, now = acting(stage, Role.OFFICE), handed.at + CHECKED_AFTER
    asked = assign_assessor(actor=office, application=handed.code, assessor=assessor, now=now)
    if handed.told.reached is Reached.ASSESSING and place == ASSESSORS_EACH - 1:
        return
    who, scored = actor_by_email(assessor), handed.at + ASSESSED_AFTER
    declare_interests(actor=who, assignment=asked.pk, declared=Declared.CLEAR, now=scored)
    scheme = scheme_for(application_by_code(office, handed.code))
    typed = {key: Typed(str(handed.told.marks[place])) for key in scheme.keys}
    typed |= {open_key(measure): Typed(handed.told.comment) for measure in scheme.measures}
    save_scores(actor=who, assignment=asked.pk, typed=typed, now=scored)
    submit_scores(actor=who, assignment=asked.pk, now=scored)


def meet(stage: Stage, handed: list[Handed], say: Say) -> None:
    """Have the committee decide in one meeting, in the order of the story, and the applicants accept."""
    chair, now = acting(stage, Role.CHAIR), max(one.at for one in handed) + MEETS_AFTER
    meeting = _plan(stage, "first", now - timedelta(days=7), now)
    add_to_agenda(actor=chair, meeting=meeting, applications=[one.code for one in handed], now=now)
    present = [*everybody_with(stage, Role.CHAIR), *everybody_with(stage, Role.COMMITTEE)]
    open_meeting(actor=chair, meeting=meeting, present=present, now=now)
    for one in handed:
        _decide(stage, meeting, one, present, now)
        say(_told(stage, one, now))
    close_meeting(actor=chair, meeting=meeting, now=now)


def plan_the_next(stage: Stage, codes: list[str], now: datetime) -> None:
    """Put what is assessed by now on the agenda of a meeting next week."""
    meeting = _plan(stage, "next", now, now + timedelta(days=7))
    add_to_agenda(actor=acting(stage, Role.OFFICE), meeting=meeting, applications=codes, now=now)


def _plan(stage: Stage, which: str, now: datetime, when: datetime) -> str:
    names = stage.story.meetings[which]
    return plan_meeting(
        actor=acting(stage, Role.OFFICE), programme=stage.story.programme, title=names.en,
        title_zh_hant=names.zh_hant, title_zh_hans=names.zh_hans, when=when, now=now,
    ).code  # fmt: skip


def _decide(stage: Stage, meeting: str, handed: Handed, present: list[str], now: datetime) -> None:
    chair = acting(stage, Role.CHAIR)
    propose_decision(actor=chair, meeting=meeting, application=handed.code, proposal=_proposal(handed.told), now=now)
    for address in present:
        cast_vote(actor=actor_by_email(address), meeting=meeting, application=handed.code, choice=Choice.FOR, now=now)
    resolve_item(actor=chair, meeting=meeting, application=handed.code, now=now)


def _proposal(told: Application) -> Proposal:
    if told.declined:
        return Proposal(Decision.DECLINE, reason=told.declined)
    if told.exceptional:
        return Proposal(rate=parse_share(told.exceptional.share), reason=told.exceptional.reason)
    return Proposal()


def _told(stage: Stage, handed: Handed, now: datetime) -> str:
    """Have the applicant accept what is offered, and say what was decided."""
    title = f"{handed.told.organisation}: {handed.told.names.en}"
    award = Award.objects.filter(application__code=handed.code).first()
    if award is None:
        return f"declined  {title}"
    member = next(one.member for one in stage.story.organisations if one.code == handed.told.organisation)
    accept_offer(
        actor=actor_by_email(member.email), award=award.code, signatory=member.name, title=stage.story.signs_as,
        now=now + ACCEPTED_AFTER,
    )  # fmt: skip
    return f"awarded   {title} ({award})"
