"""Asking assessors, taking that back, reminding them, and keeping what is known of them."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime, timedelta
from typing import Final

from django.db import transaction

from lionrock.applications.actions import dismiss
from lionrock.applications.domain import ApplicationState
from lionrock.applications.models import Application
from lionrock.applications.queries import application_by_code
from lionrock.audit.actions import record
from lionrock.kernel.errors import Conflict, Fault, Invalid, NotAllowed, Refused
from lionrock.kernel.findings import Finding, Outcome
from lionrock.kernel.ids import check_slug
from lionrock.kernel.messages import gettext_noop, message
from lionrock.kernel.periods import local_date
from lionrock.kernel.states import advance
from lionrock.notices.actions import notify
from lionrock.notices.domain import Subject
from lionrock.people.domain import Actor, Role
from lionrock.people.models import Person, RoleGrant
from lionrock.people.policies import require
from lionrock.people.programmes import programme_on_file
from lionrock.people.queries import organisation_by_code
from lionrock.review.actions.recording import move, record_of
from lionrock.review.domain import COUNTS, OPEN, TRANSITIONS, AssignmentState, hints, is_barred
from lionrock.review.models import AssessorProfile, Assignment
from lionrock.review.queries import assignment_by_id, case_of, scheme_for, ties_of
from lionrock.rules.calendar import due_after


@transaction.atomic
def assign_assessor(
    *, actor: Actor, application: str, assessor: str, now: datetime, due: date | None = None
) -> Assignment:
    """Ask an assessor of the programme to score an application; who is asked is told.

    Takes the role office. Without `due` the programme's pledge says until when. Raises `Conflict`
    when the application is not with the assessors or the person is assigned already, `Invalid` for
    somebody who is no assessor of the programme, `Refused` for somebody who is barred, or while the
    programme lacks a value without which nothing can be scored.
    """
    found = application_by_code(actor, application, lock=True)
    require(actor, Role.OFFICE, programme=found.call.programme)
    require_assessing(found)
    scheme_for(found)
    person = _assessor(assessor, found.call.programme)
    _refuse_the_barred(person, found)
    kept = Assignment.objects.select_for_update().filter(application=found, assessor=person).first()
    if kept is not None and kept.state in COUNTS:
        raise _assigned_already(found, person)
    due = due or _pledged(found, now)
    fresh = {"assigned_by": actor.email, "assigned_at": now, "due": due, "reminded_at": None}
    if kept is None:
        kept = Assignment.objects.create(application=found, assessor=person, state_since=now, **fresh)
    else:
        state = advance(TRANSITIONS, AssignmentState(kept.state), "assign", thing=_named(found, person))
        move(kept, state.value, now, **fresh)
    record_of("review.assign_assessor", found, actor, now, {"assessor": person.email, "due": _iso(due)})
    said = message(
        gettext_noop("You are asked to assess {application}. Declare your interests first."), application=found.code
    )
    notify(to=[person.email], said=said, about=Subject("assessment", str(kept.pk)), now=now)
    return kept


def require_assessing(application: Application) -> None:
    """Raise `Conflict` unless the application is with the assessors."""
    if application.state == ApplicationState.ELIGIBLE:
        return
    said = message(
        gettext_noop("{application} is {state}. It can be assessed only while it is with the assessors."),
        application=application.code,
        state=application.state,
    )
    raise Conflict("review.application.not_now", said)


def _assessor(email: str, programme: str) -> Person:
    grants = RoleGrant.objects.filter(role=Role.ASSESSOR.value, programme=programme)
    person = Person.objects.filter(email__iexact=email, is_active=True, role_grants__in=grants).first()
    if person is not None:
        return person
    said = message(
        gettext_noop("“{value}” is no assessor of {programme}. Give that person the role first, or ask another."),
        value=email,
        programme=programme,
    )
    fault = Fault("review.assessor.unknown", said, field="assessor", value=email)
    raise Invalid("review.assessor.unknown", said, faults=[fault])


def _refuse_the_barred(person: Person, application: Application) -> None:
    found = hints(ties_of([person])[person.pk], case_of(application))
    if not is_barred(found):
        return
    said = message(
        gettext_noop("{assessor} cannot assess {application} because of a conflict of interest. Ask another."),
        assessor=person.email,
        application=application.code,
    )
    findings = [Finding(f"review.tie.{hint.tie.value}", Outcome.NOT_MET, hint.said) for hint in found if hint.bars]
    raise Refused("review.assign.conflict", said, findings=findings)


def _assigned_already(application: Application, person: Person) -> Conflict:
    said = message(
        gettext_noop("{assessor} is assigned to {application} already. Nothing was changed."),
        assessor=person.email,
        application=application.code,
    )
    return Conflict("review.assign.already", said)


def _named(application: Application, person: Person) -> str:
    return f"{application.code} / {person.email}"


def _pledged(application: Application, now: datetime) -> date | None:
    """Return the last day that the programme pledges, counted in working days from today; None: no pledge."""
    rules = programme_on_file(application.call.programme)
    today = local_date(now, rules.zone)
    terms = rules.at(today)
    days = terms.assessment_days()
    return None if days is None else due_after(today, days, terms.calendar())


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None


@transaction.atomic
def unassign_assessor(*, actor: Actor, assignment: int, now: datetime, reason: str = "") -> Assignment:
    """Take an assignment back whose scores are not in; the assessor is told, and sees no more of it.

    Takes the role office. Raises `Conflict` once the scores are in: reopen them first.
    """
    found = assignment_by_id(actor, assignment, lock=True)
    require(actor, Role.OFFICE, programme=found.application.call.programme)
    thing = _named(found.application, found.assessor)
    state = advance(TRANSITIONS, AssignmentState(found.state), "unassign", thing=thing)
    move(found, state.value, now)
    because = reason or "taken back by the office"
    dismiss(found.application, found.assessor.email, because=because, by=actor.email, now=now)
    details: dict[str, object] = {"assessor": found.assessor.email, "reason": reason}
    record_of("review.unassign_assessor", found.application, actor, now, details)
    said = message(
        gettext_noop("You need not assess {application} any more. Thank you."), application=found.application.code
    )
    notify(to=[found.assessor.email], said=said, about=Subject("assessment", str(found.pk)), now=now)
    return found


REMIND: Final = timedelta(days=2)
"""So long before the last day an assessor is reminded, once."""


@transaction.atomic
def remind_assessors(now: datetime) -> int:
    """Remind, once each, the assessors whose scores are due within two days or overdue; return how many."""
    states = [state.value for state in OPEN]
    asked = Assignment.objects.select_for_update(of=("self",)).filter(
        state__in=states,
        reminded_at__isnull=True,
        due__lte=(now + REMIND).date(),
        application__state=ApplicationState.ELIGIBLE.value,
    )
    found = list(asked.select_related("application", "assessor").order_by("pk"))
    for each in found:
        said = message(
            gettext_noop("The scores of {application} are due on {due}."),
            application=each.application.code,
            due=each.due,
        )
        notify(to=[each.assessor.email], said=said, about=Subject("assessment", str(each.pk)), now=now)
        each.reminded_at = now
    Assignment.objects.bulk_update(found, ["reminded_at"])
    return len(found)


MOST: Final = 1000
"""More open assignments than this cannot be meant."""


@transaction.atomic
def describe_assessor(
    *,
    actor: Actor,
    assessor: str,
    now: datetime,
    expertise: Collection[str] = (),
    organisation: str = "",
    most: int | None = None,
    away_until: date | None = None,
) -> AssessorProfile:
    """Keep what the office needs to know of an assessor: subjects, where they work, how many at once, absence.

    Takes the role office of a programme whose assessor it is. Raises `Invalid` for what cannot be,
    `NotFound` for an unknown organisation.
    """
    programmes = actor.programmes(Role.OFFICE)
    grants = RoleGrant.objects.filter(role=Role.ASSESSOR.value)
    grants = grants if actor.operator else grants.filter(programme__in=programmes)
    person = Person.objects.filter(email__iexact=assessor, role_grants__in=grants).first()
    if person is None:
        raise NotAllowed(
            "review.assessor.not_yours",
            message(
                gettext_noop("{email} runs no programme that {assessor} assesses for. Ask that programme's office."),
                email=actor.email,
                assessor=assessor,
            ),
        )
    words = sorted({check_slug(word, field="expertise") for word in expertise})
    _check_most(most)
    place = organisation_by_code(organisation) if organisation else None
    values = {"expertise": words, "organisation": place, "most": most, "away_until": away_until}
    profile, _ = AssessorProfile.objects.update_or_create(person=person, defaults=values)
    details = {"expertise": words, "organisation": organisation, "most": most, "away_until": _iso(away_until)}
    record("review.describe_assessor", person.email, actor=actor.email, now=now, details=details)
    return profile


def _check_most(most: int | None) -> None:
    if most is None or 0 <= most <= MOST:
        return
    said = message(
        gettext_noop("“{value}” open assignments cannot be meant. Write a number from 0 to {largest}."),
        value=most,
        largest=MOST,
    )
    raise Invalid(
        "review.assessor.most", said, faults=[Fault("review.assessor.most", said, field="most", value=str(most))]
    )
