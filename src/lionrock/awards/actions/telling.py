"""Whom the steps of an award concern, and what they are told."""

from __future__ import annotations

from datetime import datetime

from lionrock.applications.models import Application
from lionrock.awards.models import Award
from lionrock.awards.projects import people_of
from lionrock.kernel.messages import gettext_noop, message
from lionrock.kernel.money import Money
from lionrock.notices.actions import notify
from lionrock.notices.domain import Subject
from lionrock.people.domain import Role
from lionrock.people.queries import holders_of, members_of


def tell_decided(application: Application, award: Award | None, now: datetime) -> None:
    """Tell the applicants what was decided, and what to do next."""
    to = {application.applicant, *members_of(application.organisation.code)}
    if award is None:
        said = message(
            gettext_noop("{application} was declined. The reason: {reason}"),
            application=application.code,
            reason=application.decision_reason,
        )
        notify(to=to, said=said, about=Subject("application", application.code), now=now, urgent=True)
        return
    said = message(
        gettext_noop("{application} was approved: {award} is offered to you, up to {cap}. Accept it by {last}."),
        application=application.code,
        award=award.code,
        cap=Money(award.cap_minor, award.currency),
        last=award.accept_by,
    )
    notify(to=to, said=said, about=Subject("award", award.code), now=now, urgent=True)


def tell_organisation(award: Award, template: str, now: datetime, **fields: object) -> None:
    """Tell the members of an award's organisation who work on it; `template` has {award} and the other fields."""
    _tell(people_of(award), award, template, now, fields)


def tell_person(person: str, award: Award, template: str, now: datetime, **fields: object) -> None:
    """Tell one of them; `template` has {award} and the other fields."""
    _tell([person], award, template, now, fields)


def tell_office(award: Award, template: str, now: datetime, **fields: object) -> None:
    """Tell the programme's office; `template` has {award} and the other fields."""
    _tell(holders_of(Role.OFFICE, programme=award.programme), award, template, now, fields)


def tell_committee(award: Award, template: str, now: datetime, **fields: object) -> None:
    """Tell those who decide for the programme; `template` has {award} and the other fields."""
    _tell(holders_of(Role.COMMITTEE, Role.CHAIR, programme=award.programme), award, template, now, fields)


def _tell(to: list[str], award: Award, template: str, now: datetime, fields: dict[str, object]) -> None:
    said = message(template, award=award.code, **fields)
    notify(to=to, said=said, about=Subject("award", award.code), now=now, urgent=True)
