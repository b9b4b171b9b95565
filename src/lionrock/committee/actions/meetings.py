"""Planning a meeting, opening and closing it, and who is in the room."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from django.db import transaction

from lionrock.calls.numbering import next_code
from lionrock.committee.actions.recording import check_reason, next_state, record_of
from lionrock.committee.domain import ItemState, seal
from lionrock.committee.minutes_content import minutes_content
from lionrock.committee.models import Attendance, Meeting, Minutes
from lionrock.committee.queries import meeting_by_code, members_of_committee
from lionrock.kernel.errors import Fault, Invalid
from lionrock.kernel.messages import gettext_noop, message
from lionrock.kernel.periods import local_date
from lionrock.kernel.texts import check_lines
from lionrock.notices.actions import notify
from lionrock.notices.domain import Subject
from lionrock.people.domain import Actor, Role
from lionrock.people.policies import require
from lionrock.people.programmes import programme_on_file


@transaction.atomic
def plan_meeting(
    *,
    actor: Actor,
    programme: str,
    title: str,
    when: datetime,
    now: datetime,
    place: str = "",
    title_zh_hant: str = "",
    title_zh_hans: str = "",
    key: UUID | None = None,
) -> Meeting:
    """Plan a meeting of a programme's committee, and tell its members.

    Takes the role office or chair. A second plan under the same `key` returns the first. Raises
    `Invalid` for what cannot be a title or a place.
    """
    require(actor, Role.OFFICE, Role.CHAIR, programme=programme)
    check_lines({"title": title}, {"title_zh_hant": title_zh_hant, "title_zh_hans": title_zh_hans, "place": place})
    first = Meeting.objects.filter(key=key).first() if key else None
    if first is not None:
        return first
    meeting = Meeting.objects.create(
        code=next_code("MTG", local_date(now, programme_on_file(programme).zone).year),
        key=key,
        programme=programme,
        title=title,
        title_zh_hant=title_zh_hant,
        title_zh_hans=title_zh_hans,
        when=when,
        place=place,
        state_since=now,
        created_by=actor.email,
        created_at=now,
    )
    record_of("plan_meeting", meeting, actor, now, title=title, when=when.isoformat(), place=place)
    _tell_members(
        meeting,
        gettext_noop("{meeting} is planned for {when}. Read its agenda, and say where you are in conflict."),
        now,
    )
    return meeting


def _tell_members(meeting: Meeting, template: str, now: datetime) -> None:
    when = meeting.when.astimezone(programme_on_file(meeting.programme).zone)
    to = [member.email for member in members_of_committee(meeting.programme)]
    notify(
        to=to, said=message(template, meeting=meeting.code, when=when), about=Subject("meeting", meeting.code), now=now
    )


@transaction.atomic
def cancel_meeting(*, actor: Actor, meeting: str, reason: str, now: datetime) -> Meeting:
    """Call a planned meeting off, with the reason; what was on its agenda can go on another.

    Takes the role office or chair. Raises `Conflict` when it sits already or is over.
    """
    found = meeting_by_code(actor, meeting, lock=True)
    require(actor, Role.OFFICE, Role.CHAIR, programme=found.programme)
    state = next_state(found, "cancel")
    found.state, found.state_since, found.end_reason = state.value, now, check_reason(reason)
    found.save(update_fields=["state", "state_since", "end_reason"])
    _postpone_what_is_open(found, now)
    record_of("cancel_meeting", found, actor, now, reason=reason)
    _tell_members(found, gettext_noop("{meeting}, planned for {when}, does not take place."), now)
    return found


def _postpone_what_is_open(meeting: Meeting, now: datetime) -> int:
    still_open = meeting.items.filter(state=ItemState.OPEN.value)
    return still_open.update(state=ItemState.POSTPONED.value, state_since=now)


@transaction.atomic
def open_meeting(*, actor: Actor, meeting: str, present: Collection[str], now: datetime) -> Meeting:
    """Open a planned meeting with the members who are in the room, by their addresses.

    Takes the role chair. Raises `Invalid` when nobody is, or somebody is no member; `Conflict` when
    it is not planned.
    """
    found = meeting_by_code(actor, meeting, lock=True)
    require(actor, Role.CHAIR, programme=found.programme)
    found.state = next_state(found, "open").value
    found.state_since = found.opened_at = now
    found.save(update_fields=["state", "state_since", "opened_at"])
    _attend(found, present, now)
    record_of("open_meeting", found, actor, now, present=sorted(present))
    return found


@transaction.atomic
def note_attendance(*, actor: Actor, meeting: str, present: Collection[str], now: datetime) -> Meeting:
    """Note who is in the room from now on, while a meeting sits: a vote counts while its member is there.

    Takes the role chair or office. Raises as `open_meeting` does.
    """
    found = meeting_by_code(actor, meeting, lock=True)
    require(actor, Role.CHAIR, Role.OFFICE, programme=found.programme)
    next_state(found, "sit")
    _attend(found, present, now)
    record_of("note_attendance", found, actor, now, present=sorted(present))
    return found


def _attend(meeting: Meeting, present: Collection[str], now: datetime) -> None:
    members = {member.email: member for member in members_of_committee(meeting.programme)}
    _check_present(present, members)
    before = {each.person: each for each in meeting.attendances.all()}
    for email, member in members.items():
        there = email in present
        if email not in before:
            Attendance.objects.create(meeting=meeting, person=email, name=member.name, present=there, since=now)
        elif before[email].present is not there:
            meeting.attendances.filter(person=email).update(present=there, since=now)


def _check_present(present: Collection[str], members: Collection[str]) -> None:
    faults = []
    if not present:
        said = message(gettext_noop("Nobody is in the room. Name the members who are."))
        faults.append(Fault("committee.attendance.nobody", said, field="present", value=""))
    for stranger in sorted(set(present) - set(members)):
        said = message(
            gettext_noop("{value} is no member of this committee, and so cannot attend for it."), value=stranger
        )
        faults.append(Fault("committee.attendance.stranger", said, field="present", value=stranger))
    if faults:
        raise Invalid("committee.attendance", faults[0].message, faults=faults)


@transaction.atomic
def close_meeting(*, actor: Actor, meeting: str, now: datetime) -> Minutes:
    """Close a meeting: what was not reached is postponed, and the minutes are fixed and sealed.

    Takes the role chair. Raises `Conflict` when it does not sit.
    """
    found = meeting_by_code(actor, meeting, lock=True)
    require(actor, Role.CHAIR, programme=found.programme)
    state = next_state(found, "close")
    not_reached = _postpone_what_is_open(found, now)
    found.state, found.state_since, found.closed_at = state.value, now, now
    found.save(update_fields=["state", "state_since", "closed_at"])
    content = minutes_content(found)
    made = Minutes.objects.create(
        meeting=found, content=content, sha256=seal(content), fixed_by=actor.email, fixed_at=now
    )
    record_of("close_meeting", found, actor, now, sha256=made.sha256, not_reached=not_reached)
    _tell_members(found, gettext_noop("{meeting} is closed, and its minutes are fixed."), now)
    return made
