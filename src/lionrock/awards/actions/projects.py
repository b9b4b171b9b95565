"""The people of an award: its principal investigator, those named to work on it, and nobody but them where wanted."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from django.db import transaction
from django.db.models import Q

from lionrock.awards.actions.recording import record_of
from lionrock.awards.actions.telling import tell_person
from lionrock.awards.models import Award, Project, ProjectMember
from lionrock.awards.projects import investigator_of, named_for, require_names_people
from lionrock.awards.queries import award_by_code
from lionrock.kernel.errors import Conflict, Fault, Invalid, NotFound
from lionrock.kernel.messages import Message, gettext_noop, message
from lionrock.kernel.periods import local_date, local_midnight
from lionrock.people.domain import Actor
from lionrock.people.programmes import programme_on_file
from lionrock.people.queries import members_of


@transaction.atomic
def name_project_member(
    *, actor: Actor, award: str, email: str, first: date, now: datetime, last: date | None = None
) -> ProjectMember:
    """Let a member of the organisation work on an award, from the first day to the last, both included.

    From the first one on, only those named work on it and see it, beside its principal investigator and the
    administrators. The investigator, an administrator or the programme's office may; days are those of the
    programme's zone. Raises `Invalid` for days that do not fit or somebody who is no member, `Conflict` for
    somebody who is named already.
    """
    found = _locked(actor, award)
    zone = programme_on_file(found.programme).zone
    person = _member(found, email)
    faults = _wrong_days(first, last, local_date(now, zone))
    if faults:
        raise Invalid(faults[0].code, faults[0].message, faults=faults)
    if named_for(found, now).filter(person=person).exists():
        said = gettext_noop("{email} is named for {award} already. End that first, to choose other days.")
        raise Conflict("awards.project.named", message(said, email=person, award=award))
    ProjectMember.objects.filter(award=found, person=person, ended_at__isnull=True).update(ended_at=now)
    made = ProjectMember.objects.create(
        award=found,
        person=person,
        begins_at=local_midnight(first, zone),
        ends_at=local_midnight(last + timedelta(days=1), zone) if last else None,
        named_by=actor.email,
        named_at=now,
    )
    _limit(found, now)
    details = {"person": person, "first": first.isoformat(), "last": last.isoformat() if last else None}
    record_of("awards.name_project_member", found, actor, now, details)
    tell_person(person, found, gettext_noop("You are named to work on {award}, from {first} on."), now, first=first)
    return made


@transaction.atomic
def end_project_member(*, actor: Actor, award: str, email: str, now: datetime) -> Award:
    """Let somebody who was named work on an award no longer; their jobs go on, and what they did stays.

    Only those named still work on it, were it nobody but the investigator. The investigator, an administrator or
    the programme's office may. Raises `NotFound` for somebody who is not named.
    """
    found = _locked(actor, award)
    rows = named_for(found, now).filter(person__iexact=email.strip())
    named = rows.first()
    if named is None:
        said = gettext_noop("{email} is not named for {award}. Look who is.")
        raise NotFound("awards.project.not_named", message(said, email=email, award=award))
    rows.update(ended_at=now, ended_by=actor.email)
    record_of("awards.end_project_member", found, actor, now, {"person": named.person})
    tell_person(named.person, found, gettext_noop("You do not work on {award} any more."), now)
    return found


@transaction.atomic
def hand_over_project(*, actor: Actor, award: str, email: str, reason: str, now: datetime) -> Project:
    """Make another member of the organisation the principal investigator of an award, and say why.

    The investigator, an administrator or the programme's office may. Raises `Invalid` for somebody who is no
    member or without a reason; the same person again changes nothing.
    """
    found = _locked(actor, award)
    person = _member(found, email)
    if not reason.strip():
        raise _wrong("reason", message(gettext_noop("The reason is empty. Write why it is handed over.")))
    before = investigator_of(found)
    if before == person:
        return _project(found, now)
    project = _hand_over(found, person, now)
    details = {"before": before, "after": person, "reason": reason.strip()}
    record_of("awards.hand_over_project", found, actor, now, details)
    tell_person(person, found, gettext_noop("You are the principal investigator of {award} now."), now)
    return project


@transaction.atomic
def open_project(*, actor: Actor, award: str, now: datetime) -> Award:
    """Let every member of the organisation work on an award again; who was named is so no longer.

    The investigator, an administrator or the programme's office may. An award that is open stays so.
    """
    found = _locked(actor, award)
    if Project.objects.filter(award=found, limited_at__isnull=False).update(limited_at=None):
        ProjectMember.objects.filter(award=found, ended_at__isnull=True).update(ended_at=now, ended_by=actor.email)
        record_of("awards.open_project", found, actor, now, {})
    return found


def hand_over_of_leaver(*, organisation: str, person: str, colleague: str, reason: str, now: datetime) -> None:
    """Hand the projects of somebody who has left an organisation to the colleague who looks after what is open.

    It follows when somebody leaves, in the same transaction; where nobody is left, the organisation has to say who.
    """
    theirs = Award.objects.filter(organisation__code=organisation)
    named = ProjectMember.objects.filter(award__in=theirs, person=person, ended_at__isnull=True)
    named.update(ended_at=now, ended_by=person)
    led = Q(project__investigator=person) | Q(project__isnull=True, application__applicant=person)
    for award in theirs.filter(led).select_related("organisation", "application") if colleague else ():
        _hand_over(award, colleague, now)
        details = {"before": person, "after": colleague, "reason": reason}
        record_of("awards.hand_over_of_leaver", award, Actor(person), now, details)


def _locked(actor: Actor, award: str) -> Award:
    found = award_by_code(actor, award, lock=True)
    require_names_people(actor, found)
    return found


def _member(award: Award, email: str) -> str:
    """Return the address of a member of the award's organisation as it is on file; raises `Invalid`."""
    known = {each.lower(): each for each in members_of(award.organisation.code)}
    person = known.get(email.strip().lower())
    if person is None:
        said = gettext_noop("“{value}” is the address of no member of {organisation}. Invite them first.")
        raise _wrong("email", message(said, value=email, organisation=award.organisation.code))
    return person


def _wrong_days(first: date, last: date | None, today: date) -> list[Fault]:
    if last is not None and last < first:
        said = message(gettext_noop("The last day lies before the first. Exchange them."))
    elif last is not None and last < today:
        said = message(gettext_noop("The last day is over already. Choose a later one."))
    else:
        return []
    return [Fault("awards.project.last", said, field="last")]


def _wrong(field: str, said: Message) -> Invalid:
    code = f"awards.project.{field}"
    return Invalid(code, said, faults=[Fault(code, said, field=field)])


def _project(award: Award, now: datetime) -> Project:
    """Return the project of an award; the first time, with the investigator that it has by its application."""
    who = investigator_of(award) or award.application.applicant
    return Project.objects.get_or_create(award=award, defaults={"investigator": who, "since": now})[0]


def _limit(award: Award, now: datetime) -> None:
    project = _project(award, now)
    if project.limited_at is None:
        project.limited_at = now
        project.save(update_fields=["limited_at"])


def _hand_over(award: Award, person: str, now: datetime) -> Project:
    project = _project(award, now)
    project.investigator, project.since = person, now
    project.save(update_fields=["investigator", "since"])
    return project
