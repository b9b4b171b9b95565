"""Every write of the room: one function per verb, one transaction each."""

from lionrock.committee.actions.agenda import add_to_agenda, postpone_item, reorder_agenda
from lionrock.committee.actions.deciding import cast_vote, resolve_item
from lionrock.committee.actions.meetings import (
    cancel_meeting,
    close_meeting,
    note_attendance,
    open_meeting,
    plan_meeting,
)
from lionrock.committee.actions.proposing import adopt_ranking, drop_trial, keep_trial, propose_decision
from lionrock.committee.actions.recusing import recuse_member

__all__ = [
    "add_to_agenda",
    "adopt_ranking",
    "cancel_meeting",
    "cast_vote",
    "close_meeting",
    "drop_trial",
    "keep_trial",
    "note_attendance",
    "open_meeting",
    "plan_meeting",
    "postpone_item",
    "propose_decision",
    "recuse_member",
    "reorder_agenda",
    "resolve_item",
]
