"""Committees: their meetings, agendas, rankings, votes and minutes."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet

from lionrock.api.calls import Call, Nothing
from lionrock.api.declared.answers import printed, shape
from lionrock.api.declared.things import Thing, figures, handed_out
from lionrock.api.domain.tokens import Scope
from lionrock.api.shapes import InLanguage
from lionrock.committee import actions
from lionrock.committee.board import board_of
from lionrock.committee.exports import ranking_json
from lionrock.committee.models import AgendaItem, Meeting, Vote
from lionrock.committee.protocols import protocol_of, protocol_pdf
from lionrock.committee.queries import item_of, items, meeting_by_code, meetings
from lionrock.people.domain import Actor

_MEETING = Thing(
    path="meetings/{code}",
    scope=Scope.REVIEW,
    shape=shape(
        "MeetingShown",
        Meeting,
        "code programme title title_zh_hant title_zh_hans when place state opened_at closed_at end_reason",
    ),
    find=meeting_by_code,
    names={"code": "meeting"},
    reader="read_meeting",
)
_MEETING.listed(
    "list_meetings",
    "List the meetings that one may see, the newest first.",
    meetings,
    by={"programme": "programme", "state": "state"},
    pages=("committee:index", "committee:list"),
    commands=("meeting list",),
)
_MEETING.read("read_meeting", "Show one meeting.", pages=("committee:show",))
_MEETING.make(actions.plan_meeting, pages=("committee:list",), commands=("meeting plan",))
for _action, _verb, _commands in (
    (actions.open_meeting, "open", ("meeting open",)),
    (actions.note_attendance, "attendance", ("meeting open",)),
    (actions.reorder_agenda, "order", ("meeting agenda",)),
    (actions.cancel_meeting, "cancel", ("meeting close",)),
):
    _MEETING.do(_action, _verb, pages=("committee:show",), commands=_commands)
_MEETING.do(actions.add_to_agenda, "agenda", pages=("committee:show",), commands=("meeting agenda",))
_MEETING.do(actions.adopt_ranking, "adopt", pages=("committee:ranking",), commands=("meeting propose",))
_MEETING.do(actions.keep_trial, "trial", pages=("committee:ranking",))
_MEETING.do(actions.drop_trial, "drop-trial", pages=("committee:ranking",))
_MEETING.do(actions.close_meeting, "close", pages=("committee:show",), commands=("meeting close",))


def _items(viewer: Actor, code: str) -> QuerySet[AgendaItem]:
    return items(viewer, meeting_by_code(viewer, code))


def _item(viewer: Actor, code: str, application: str, **_lock: bool) -> AgendaItem:
    return item_of(viewer, meeting_by_code(viewer, code), application)


_ITEM = Thing(
    path="meetings/{code}/items/{application}",
    scope=Scope.REVIEW,
    shape=shape(
        "AgendaItemShown",
        AgendaItem,
        "application=application.code organisation=application.organisation.code number state end_reason round "
        "decision rate count months starts conditions reason proposed_by proposed_at award=resolution.award "
        "in_favour=resolution.in_favour against=resolution.against abstained=resolution.abstained "
        "decided=resolution.decision",
    ),
    find=_item,
    names={"code": "meeting", "application": "application"},
    reader="read_item",
)
_ITEM.listed(
    "list_items",
    "List what is on the agenda of a meeting, as far as one takes part in it.",
    _items,
    pages=("committee:show",),
    commands=("meeting agenda",),
)
_ITEM.read("read_item", "Show one item of an agenda, what is proposed and what was decided.", pages=("committee:item",))
_ITEM.do(actions.propose_decision, "propose", pages=("committee:item",), commands=("meeting propose",))
_ITEM.do(actions.postpone_item, "postpone", pages=("committee:item",), commands=("meeting postpone",))
_ITEM.do(actions.recuse_member, "recuse", pages=("committee:item",), commands=("meeting recuse",))
_ITEM.do(actions.resolve_item, "resolve", pages=("committee:item",), commands=("meeting resolve",))
_ITEM.do(
    actions.cast_vote,
    "vote",
    answers=shape("VoteShown", Vote, "application=item.application.code round person choice at"),
    pages=("committee:item",),
    commands=("meeting vote",),
)


def _ranking(viewer: Actor, code: str, now: Any) -> dict[str, Any]:
    return ranking_json(board_of(viewer, meeting_by_code(viewer, code), now))


figures(
    _ranking,
    "meetings/{code}/ranking",
    name="read_ranking",
    said="Show who fits the fund and the free devices in the order of the agenda, and the suggestion beside it.",
    pages=("committee:ranking", "committee:ranking_file"),
    commands=("meeting ranking",),
)


def _minutes(viewer: Actor, code: str) -> dict[str, Any]:
    found = protocol_of(viewer, meeting_by_code(viewer, code))
    return {**found.kept, "sha256": found.sha256}


figures(
    _minutes,
    "meetings/{code}/minutes",
    name="read_minutes",
    said="Show the minutes of a meeting, without the items in which one takes no part.",
    tell=printed,
    pages=("committee:minutes",),
    commands=("meeting minutes",),
)


def _minutes_pdf(call: Call[InLanguage, Nothing], code: str) -> bytes:
    found = protocol_of(call.actor, meeting_by_code(call.actor, code))
    return protocol_pdf(found, call.query.language)


handed_out(
    "read_minutes_pdf",
    "Hand out the minutes of a meeting as PDF.",
    "meetings/{code}/minutes/pdf",
    _minutes_pdf,
    "application/pdf",
    query=InLanguage,
    pages=("committee:minutes_pdf",),
    commands=("meeting minutes",),
)
