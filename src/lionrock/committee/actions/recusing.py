"""Keeping members out of items in which they are in conflict."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from lionrock.applications.actions import shut_out
from lionrock.committee.actions.recording import check_reason, next_item_state, next_state, record_item
from lionrock.committee.models import AgendaItem, Meeting, Recusal
from lionrock.committee.queries import MEMBERS, item_of, known_conflicts, meeting_by_code, members_of_committee
from lionrock.kernel.errors import Fault, Invalid
from lionrock.kernel.messages import gettext_noop, message
from lionrock.kernel.texts import check_line
from lionrock.people.domain import Actor, Role
from lionrock.people.policies import require

REASON_LENGTH = 500
BECAUSE_LENGTH = 200
SYSTEM = "system"


def recuse_known(made: Sequence[AgendaItem], meeting: Meeting, now: datetime) -> None:
    """Recuse the members whom the system knows to be in conflict with these new items."""
    conflicts = known_conflicts(made, members_of_committee(meeting.programme))
    for item in made:
        for person, code in conflicts[item.pk].items():
            Recusal.objects.create(item=item, person=person, reason=code, automatic=True, by=SYSTEM, at=now)
            shut_out(item.application, person, because=code, by=SYSTEM, now=now)


@transaction.atomic
def recuse_member(*, actor: Actor, meeting: str, application: str, person: str, reason: str, now: datetime) -> Recusal:
    """Keep a member out of an item: nothing of it is shown to the member any more, and no vote counts.

    Members do it for themselves; the chair or office for any of them. Once is for good. Raises
    `Invalid` without a reason or for who is no member, `Conflict` when the committee is done with it.
    """
    found = meeting_by_code(actor, meeting, lock=True)
    roles = (*MEMBERS, Role.OFFICE) if person == actor.email else (Role.CHAIR, Role.OFFICE)
    require(actor, *roles, programme=found.programme)
    item = item_of(actor, found, application, lock=True)
    next_state(found, "prepare")
    next_item_state(item, "recuse")
    why = check_line(check_reason(reason), field="reason", longest=REASON_LENGTH)
    _check_member(found, person)
    recusal, is_new = Recusal.objects.get_or_create(
        item=item, person=person, defaults={"reason": why, "by": actor.email, "at": now}
    )
    if is_new:
        shut_out(item.application, person, because=why[:BECAUSE_LENGTH], by=actor.email, now=now)
        record_item("recuse_member", item, actor, now, person=person, reason=why)
    return recusal


def _check_member(meeting: Meeting, person: str) -> None:
    if person in {member.email for member in members_of_committee(meeting.programme)}:
        return
    said = message(gettext_noop("“{value}” is no member of this committee. Choose one of its members."), value=person)
    raise Invalid(
        "committee.recusal.stranger",
        said,
        faults=[Fault("committee.recusal.stranger", said, field="person", value=person)],
    )
