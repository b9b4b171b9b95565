"""What the actions of this room share: their record, and the state a verb leads to."""

from __future__ import annotations

from datetime import datetime

from lionrock.audit.actions import record
from lionrock.committee.domain import ITEMS, MEETINGS, ItemState, MeetingState
from lionrock.committee.models import AgendaItem, Meeting
from lionrock.kernel.errors import Fault, Invalid
from lionrock.kernel.messages import gettext_noop, message
from lionrock.kernel.states import advance
from lionrock.kernel.texts import check_paragraph
from lionrock.people.domain import Actor


def record_of(action: str, meeting: Meeting, actor: Actor, now: datetime, **details: object) -> None:
    """Append the audit record of something done to a meeting."""
    record(
        f"committee.{action}",
        meeting.code,
        actor=actor.email,
        now=now,
        programme=meeting.programme,
        details=details,
    )


def record_item(action: str, item: AgendaItem, actor: Actor, now: datetime, **details: object) -> None:
    """Append the audit record of something done to an item; its subject is “meeting/application”."""
    record(
        f"committee.{action}",
        f"{item.meeting.code}/{item.application.code}",
        actor=actor.email,
        now=now,
        programme=item.meeting.programme,
        organisation=item.application.organisation.code,
        details=details,
    )


def next_state(meeting: Meeting, verb: str) -> MeetingState:
    """Return the state of a meeting after a verb; raises `Conflict` when it is not its time."""
    return advance(MEETINGS, MeetingState(meeting.state), verb, thing=meeting.code)


def next_item_state(item: AgendaItem, verb: str) -> ItemState:
    """Return the state of an item after a verb; raises `Conflict` when the committee is done with it."""
    return advance(ITEMS, ItemState(item.state), verb, thing=item.application.code)


def check_reason(reason: str) -> str:
    """Return what was written as the reason for something; raises `Invalid` when nothing was."""
    if reason.strip():
        return check_paragraph(reason.strip(), field="reason")
    said = message(gettext_noop("Nobody would know why. Write the reason."))
    raise Invalid("committee.reason", said, faults=[Fault("committee.reason", said, field="reason", value="")])
