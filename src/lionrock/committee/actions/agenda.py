"""What a meeting deals with, in which order, and what is put off."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.db import IntegrityError, transaction

from lionrock.applications.domain import ApplicationState
from lionrock.applications.models import Application
from lionrock.applications.queries import application_by_code
from lionrock.committee.actions.recording import check_reason, next_item_state, next_state, record_item, record_of
from lionrock.committee.actions.recusing import recuse_known
from lionrock.committee.models import AgendaItem, Meeting
from lionrock.committee.queries import item_of, items, meeting_by_code, open_item_of
from lionrock.kernel.errors import Conflict, Fault, Invalid, NotFound
from lionrock.kernel.messages import Message, gettext_noop, message
from lionrock.people.domain import Actor, Role
from lionrock.people.policies import require
from lionrock.people.programmes import programme_on_file

NEEDED_BY_NONE = frozenset({ApplicationState.SUBMITTED, ApplicationState.ELIGIBLE})
"""States from which an application goes to a committee that decides without assessors."""


@transaction.atomic
def add_to_agenda(*, actor: Actor, meeting: str, applications: Sequence[str], now: datetime) -> list[AgendaItem]:
    """Put applications on the agenda, at its end; those that are on it already stay where they are.

    Takes the role office or chair. They have been assessed, or their programme knows no assessors.
    Members in conflict, as far as the system knows, are recused at once. Raises `Invalid` with a
    fault for each application that cannot be taken, and then takes none.
    """
    found = meeting_by_code(actor, meeting, lock=True)
    require(actor, Role.OFFICE, Role.CHAIR, programme=found.programme)
    next_state(found, "prepare")
    taken, faults = [], []
    for code in dict.fromkeys(applications):
        try:
            taken.append(_taken(actor, found, code))
        except (Conflict, NotFound) as no:
            faults.append(Fault(no.code, no.message, field="applications", value=code))
    if faults or not applications:
        raise _invalid(faults)
    made = [_added(found, application, now) for application in taken if application is not None]
    recuse_known(made, found, now)
    if made:
        record_of("add_to_agenda", found, actor, now, applications=[item.application.code for item in made])
    return made


def _invalid(faults: list[Fault]) -> Invalid:
    if not faults:
        said = message(gettext_noop("No application is named. Choose those that the meeting is to deal with."))
        faults = [Fault("committee.agenda.none", said, field="applications", value="")]
    return Invalid("committee.agenda", faults[0].message, faults=faults)


def _taken(actor: Actor, meeting: Meeting, code: str) -> Application | None:
    """Return the application when it can be taken, None when it is there; raises `Conflict` or `NotFound`."""
    application = application_by_code(actor, code, lock=True)
    elsewhere = open_item_of(code)
    if elsewhere is not None and elsewhere.meeting_id == meeting.pk:
        return None
    if elsewhere is not None:
        template = gettext_noop("{application} is undecided on the agenda of {meeting}. Postpone it there first.")
        raise _no("elsewhere", message(template, application=code, meeting=elsewhere.meeting.code))
    if application.call.programme != meeting.programme:
        template = gettext_noop("{application} belongs to {programme}, for which this committee does not decide.")
        raise _no("programme", message(template, application=code, programme=application.call.programme))
    if meeting.items.filter(application=application).exists():
        template = gettext_noop("{meeting} has dealt with {application} already. Put it on another agenda.")
        raise _no("dealt_with", message(template, meeting=meeting.code, application=code))
    _check_ready(application)
    return application


def _check_ready(application: Application) -> None:
    state = ApplicationState(application.state)
    no_assessors = "assessment.assessors" not in programme_on_file(application.call.programme).parameters
    if state is ApplicationState.ASSESSED or (no_assessors and state in NEEDED_BY_NONE):
        return
    template = gettext_noop("{application} is {state}. It comes to the committee when it has been assessed.")
    raise _no("not_ready", message(template, application=application.code, state=state.value))


def _no(reason: str, said: Message) -> Conflict:
    return Conflict(f"committee.agenda.{reason}", said)


def _added(meeting: Meeting, application: Application, now: datetime) -> AgendaItem:
    try:
        with transaction.atomic():
            return AgendaItem.objects.create(
                meeting=meeting, application=application, number=_last_number(meeting) + 1, state_since=now
            )
    except IntegrityError as meanwhile:
        template = gettext_noop("{application} was put on another agenda meanwhile. Load the page again.")
        raise _no("meanwhile", message(template, application=application.code)) from meanwhile


def _last_number(meeting: Meeting) -> int:
    return meeting.items.order_by("-number").values_list("number", flat=True).first() or 0


@transaction.atomic
def reorder_agenda(*, actor: Actor, meeting: str, order: Sequence[str], now: datetime) -> Meeting:
    """Put the items into this order, by the codes of their applications.

    Takes the role office, committee or chair. What the actor does not see keeps its place. Raises
    `Conflict` when the agenda is not made of these any more.
    """
    found = meeting_by_code(actor, meeting, lock=True)
    require(actor, Role.OFFICE, Role.CHAIR, Role.COMMITTEE, programme=found.programme)
    next_state(found, "prepare")
    seen = {item.application.code: item for item in items(actor, found)}
    if sorted(seen) != sorted(order):
        template = gettext_noop("The agenda of {meeting} has changed meanwhile. Load the page again, then order it.")
        raise Conflict("committee.agenda.changed", message(template, meeting=meeting))
    if list(seen) != list(order):
        _renumber([item.number for item in seen.values()], [seen[code] for code in order])
        record_of("reorder_agenda", found, actor, now, order=list(order))
    return found


def _renumber(numbers: Sequence[int], ordered: Sequence[AgendaItem]) -> None:
    for number, item in zip(numbers, ordered, strict=True):
        item.number = number
    AgendaItem.objects.bulk_update(ordered, ["number"])


@transaction.atomic
def postpone_item(*, actor: Actor, meeting: str, application: str, reason: str, now: datetime) -> AgendaItem:
    """Put an item off, with the reason; its application can go on another agenda.

    Takes the role office or chair. Raises `Conflict` when the committee is done with it.
    """
    found = meeting_by_code(actor, meeting, lock=True)
    require(actor, Role.OFFICE, Role.CHAIR, programme=found.programme)
    item = item_of(actor, found, application, lock=True)
    next_state(found, "prepare")
    item.state = next_item_state(item, "postpone").value
    item.state_since, item.end_reason = now, check_reason(reason)
    item.save(update_fields=["state", "state_since", "end_reason"])
    record_item("postpone_item", item, actor, now, reason=reason)
    return item
