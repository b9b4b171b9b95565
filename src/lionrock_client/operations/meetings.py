"""Meetings: types and operations. Written by docs/reference/client.py; run `make reference`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal, NotRequired, TypeAlias, TypedDict, cast

from lionrock_client.calling import JSON, Part, json_of, keyed, typed, unchanged
from lionrock_client.connection import Asked, path_of
from lionrock_client.documents import Download, Items
from lionrock_client.operations.shared import Decision, Printed


class AddToAgendaAsked(TypedDict):
    """AddToAgendaAsked."""

    applications: list[str]


class AdoptRankingAsked(TypedDict):
    """AdoptRankingAsked."""

    proposals: dict[str, CommitteeProposalAsked | None]


class AgendaItemShown(TypedDict):
    """One application on the agenda of one meeting, and what is proposed for it."""

    application: str

    organisation: str

    number: int

    state: str

    end_reason: str

    round: int

    decision: str

    rate: str | None

    count: int | None

    months: int | None

    starts: str | None

    conditions: str

    reason: str

    proposed_by: str

    proposed_at: str | None

    award: str | None

    in_favour: int | None

    against: int | None

    abstained: int | None

    decided: str | None


class CancelMeetingAsked(TypedDict):
    """CancelMeetingAsked."""

    reason: str


class CastVoteAsked(TypedDict):
    """CastVoteAsked."""

    choice: Choice

    on_round: NotRequired[int]


Choice: TypeAlias = "Literal['for', 'against', 'abstain']"
"""What a member can say to a proposal."""


class CommitteeProposalAsked(TypedDict):
    """CommitteeProposalAsked."""

    decision: NotRequired[Decision]

    rate: NotRequired[str | None]

    count: NotRequired[int | None]

    months: NotRequired[int | None]

    starts: NotRequired[str | None]

    conditions: NotRequired[str]

    reason: NotRequired[str]


class KeepTrialAsked(TypedDict):
    """KeepTrialAsked."""

    rule: Line

    rows: list[dict[str, str]]


Line: TypeAlias = "Literal['stop', 'skip']"
"""What happens at the first application that does not fit."""


class ListedAgendaItemShown(TypedDict):
    """ListedAgendaItemShown."""

    items: list[AgendaItemShown]

    next: str | None
    """The cursor of the next piece; null behind the last."""


class ListedMeetingShown(TypedDict):
    """ListedMeetingShown."""

    items: list[MeetingShown]

    next: str | None
    """The cursor of the next piece; null behind the last."""


class MeetingShown(TypedDict):
    """A meeting of the body that decides for a programme."""

    code: str

    programme: str

    title: str

    title_zh_hant: str

    title_zh_hans: str

    when: str

    place: str

    state: str

    opened_at: str | None

    closed_at: str | None

    end_reason: str


class NoteAttendanceAsked(TypedDict):
    """NoteAttendanceAsked."""

    present: list[str]


class OpenMeetingAsked(TypedDict):
    """OpenMeetingAsked."""

    present: list[str]


class PlanMeetingAsked(TypedDict):
    """PlanMeetingAsked."""

    programme: str

    title: str

    when: str

    place: NotRequired[str]

    title_zh_hant: NotRequired[str]

    title_zh_hans: NotRequired[str]


class PostponeItemAsked(TypedDict):
    """PostponeItemAsked."""

    reason: str


class ProposeDecisionAsked(TypedDict):
    """ProposeDecisionAsked."""

    proposal: CommitteeProposalAsked


class RecuseMemberAsked(TypedDict):
    """RecuseMemberAsked."""

    person: str

    reason: str


class ReorderAgendaAsked(TypedDict):
    """ReorderAgendaAsked."""

    order: list[str]


class ResolveItemAsked(TypedDict):
    """ResolveItemAsked."""

    on_round: NotRequired[int]


class VoteShown(TypedDict):
    """What a member said to a proposal; a change of mind is a new row, and the last one counts."""

    application: str

    round: int

    person: str

    choice: str

    at: str


class MeetingsPart(Part):
    """The operations below /api/v1/meetings."""

    def list_meetings(
        self,
        *,
        limit: int | None = None,
        cursor: str | None = None,
        programme: str | None = None,
        state: str | None = None,
    ) -> Items[MeetingShown]:
        """List the meetings that one may see, the newest first.

        Scope: `read`.
        """
        asked = Asked(
            "GET", "meetings", query={"limit": limit, "cursor": cursor, "programme": programme, "state": state}
        )
        return self._items(asked)

    def plan_meeting(self, body: PlanMeetingAsked, *, key: str | None = None) -> MeetingShown:
        """Plan a meeting of a programme's committee, and tell its members.

        Takes the role office or chair. A second plan under the same `key` returns the first. Raises
        `Invalid` for what cannot be a title or a place.

        Scope: `review`.
        """
        asked = Asked("POST", "meetings", headers=typed(JSON) | keyed(key), content=json_of(body))
        return cast("MeetingShown", self._connection.document(asked))

    def read_meeting(self, code: str) -> MeetingShown:
        """Show one meeting.

        Scope: `read`.
        """
        asked = Asked("GET", path_of("meetings/{code}", code=code))
        return cast("MeetingShown", self._connection.document(asked))

    def adopt_ranking(
        self, code: str, body: AdoptRankingAsked, *, read: Mapping[str, Any] | str | None = None, key: str | None = None
    ) -> MeetingShown:
        """Propose an order with what is given to each, by application; all of it or, when one is refused, nothing.

        Takes the role office, committee or chair. The proposals stand in the new order; an error of one
        names its application in the faults. None leaves what stands. The trial of the actor is done with.

        Scope: `review`.
        """
        asked = Asked(
            "POST",
            path_of("meetings/{code}/adopt", code=code),
            headers=typed(JSON) | keyed(key) | unchanged(read),
            content=json_of(body),
        )
        return cast("MeetingShown", self._connection.document(asked))

    def add_to_agenda(
        self, code: str, body: AddToAgendaAsked, *, read: Mapping[str, Any] | str | None = None, key: str | None = None
    ) -> MeetingShown:
        """Put applications on the agenda, at its end; those that are on it already stay where they are.

        Takes the role office or chair. They have been assessed, or their programme knows no assessors.
        Members in conflict, as far as the system knows, are recused at once. Raises `Invalid` with a
        fault for each application that cannot be taken, and then takes none.

        Scope: `review`.
        """
        asked = Asked(
            "POST",
            path_of("meetings/{code}/agenda", code=code),
            headers=typed(JSON) | keyed(key) | unchanged(read),
            content=json_of(body),
        )
        return cast("MeetingShown", self._connection.document(asked))

    def note_attendance(
        self,
        code: str,
        body: NoteAttendanceAsked,
        *,
        read: Mapping[str, Any] | str | None = None,
        key: str | None = None,
    ) -> MeetingShown:
        """Note who is in the room from now on, while a meeting sits: a vote counts while its member is there.

        Takes the role chair or office. Raises as `open_meeting` does.

        Scope: `review`.
        """
        asked = Asked(
            "POST",
            path_of("meetings/{code}/attendance", code=code),
            headers=typed(JSON) | keyed(key) | unchanged(read),
            content=json_of(body),
        )
        return cast("MeetingShown", self._connection.document(asked))

    def cancel_meeting(
        self,
        code: str,
        body: CancelMeetingAsked,
        *,
        read: Mapping[str, Any] | str | None = None,
        key: str | None = None,
    ) -> MeetingShown:
        """Call a planned meeting off, with the reason; what was on its agenda can go on another.

        Takes the role office or chair. Raises `Conflict` when it sits already or is over.

        Scope: `review`.
        """
        asked = Asked(
            "POST",
            path_of("meetings/{code}/cancel", code=code),
            headers=typed(JSON) | keyed(key) | unchanged(read),
            content=json_of(body),
        )
        return cast("MeetingShown", self._connection.document(asked))

    def close_meeting(
        self, code: str, *, read: Mapping[str, Any] | str | None = None, key: str | None = None
    ) -> MeetingShown:
        """Close a meeting: what was not reached is postponed, and the minutes are fixed and sealed.

        Takes the role chair. Raises `Conflict` when it does not sit.

        Scope: `review`.
        """
        asked = Asked("POST", path_of("meetings/{code}/close", code=code), headers=keyed(key) | unchanged(read))
        return cast("MeetingShown", self._connection.document(asked))

    def drop_trial(
        self, code: str, *, read: Mapping[str, Any] | str | None = None, key: str | None = None
    ) -> MeetingShown:
        """Throw away what a member tried, so that the ranking shows what is proposed.

        Takes the role office, committee or chair.

        Scope: `review`.
        """
        asked = Asked("POST", path_of("meetings/{code}/drop-trial", code=code), headers=keyed(key) | unchanged(read))
        return cast("MeetingShown", self._connection.document(asked))

    def list_items(self, code: str, *, limit: int | None = None, cursor: str | None = None) -> Items[AgendaItemShown]:
        """List what is on the agenda of a meeting, as far as one takes part in it.

        Scope: `read`.
        """
        asked = Asked("GET", path_of("meetings/{code}/items", code=code), query={"limit": limit, "cursor": cursor})
        return self._items(asked)

    def read_item(self, code: str, application: str) -> AgendaItemShown:
        """Show one item of an agenda, what is proposed and what was decided.

        Scope: `read`.
        """
        asked = Asked("GET", path_of("meetings/{code}/items/{application}", code=code, application=application))
        return cast("AgendaItemShown", self._connection.document(asked))

    def postpone_item(
        self,
        code: str,
        application: str,
        body: PostponeItemAsked,
        *,
        read: Mapping[str, Any] | str | None = None,
        key: str | None = None,
    ) -> AgendaItemShown:
        """Put an item off, with the reason; its application can go on another agenda.

        Takes the role office or chair. Raises `Conflict` when the committee is done with it.

        Scope: `review`.
        """
        asked = Asked(
            "POST",
            path_of("meetings/{code}/items/{application}/postpone", code=code, application=application),
            headers=typed(JSON) | keyed(key) | unchanged(read),
            content=json_of(body),
        )
        return cast("AgendaItemShown", self._connection.document(asked))

    def propose_decision(
        self,
        code: str,
        application: str,
        body: ProposeDecisionAsked,
        *,
        read: Mapping[str, Any] | str | None = None,
        key: str | None = None,
    ) -> AgendaItemShown:
        """Put a proposal before the committee; another one than before begins a new round of votes.

        Takes the role office, committee or chair; once somebody has voted, only who leads the committee
        on the item. Raises `Invalid` for what is missing or cannot be meant, `Refused` with a fault for
        each limit of the programme that it is beyond, `Conflict` when it is not the time.

        Scope: `review`.
        """
        asked = Asked(
            "POST",
            path_of("meetings/{code}/items/{application}/propose", code=code, application=application),
            headers=typed(JSON) | keyed(key) | unchanged(read),
            content=json_of(body),
        )
        return cast("AgendaItemShown", self._connection.document(asked))

    def recuse_member(
        self,
        code: str,
        application: str,
        body: RecuseMemberAsked,
        *,
        read: Mapping[str, Any] | str | None = None,
        key: str | None = None,
    ) -> AgendaItemShown:
        """Keep a member out of an item: nothing of it is shown to the member any more, and no vote counts.

        Members do it for themselves; the chair or office for any of them. Once is for good. Raises
        `Invalid` without a reason or for who is no member, `Conflict` when the committee is done with it.

        Scope: `review`.
        """
        asked = Asked(
            "POST",
            path_of("meetings/{code}/items/{application}/recuse", code=code, application=application),
            headers=typed(JSON) | keyed(key) | unchanged(read),
            content=json_of(body),
        )
        return cast("AgendaItemShown", self._connection.document(asked))

    def resolve_item(
        self,
        code: str,
        application: str,
        body: ResolveItemAsked,
        *,
        read: Mapping[str, Any] | str | None = None,
        key: str | None = None,
    ) -> AgendaItemShown:
        """Declare that the proposal is carried, and decide the application so, in one transaction.

        Takes whoever leads the committee on the item: the chair, or where each chair in the room is
        recused from it any other member in the room. Raises `Refused` with findings without quorum or
        majority, `Refused` with a fault for each thing that does not hold what is proposed (fund, budget
        of the call, devices, limits), `Conflict` when it is not the time. Nothing is changed then.

        Scope: `review`.
        """
        asked = Asked(
            "POST",
            path_of("meetings/{code}/items/{application}/resolve", code=code, application=application),
            headers=typed(JSON) | keyed(key) | unchanged(read),
            content=json_of(body),
        )
        return cast("AgendaItemShown", self._connection.document(asked))

    def cast_vote(
        self,
        code: str,
        application: str,
        body: CastVoteAsked,
        *,
        read: Mapping[str, Any] | str | None = None,
        key: str | None = None,
    ) -> VoteShown:
        """Vote on what is proposed for an application; the last vote of a member counts.

        Takes the role committee or chair. `on_round` is the proposal that the member has read (0: the
        one that stands). Raises `NotFound` for who is recused, `Conflict` when the meeting does not sit,
        the member is not in the room, or another proposal stands now.

        Scope: `review`.
        """
        asked = Asked(
            "POST",
            path_of("meetings/{code}/items/{application}/vote", code=code, application=application),
            headers=typed(JSON) | keyed(key) | unchanged(read),
            content=json_of(body),
        )
        return cast("VoteShown", self._connection.document(asked))

    def read_minutes(self, code: str) -> Printed:
        """Show the minutes of a meeting, without the items in which one takes no part.

        Scope: `read`.
        """
        asked = Asked("GET", path_of("meetings/{code}/minutes", code=code))
        return cast("Printed", self._connection.document(asked))

    def read_minutes_pdf(self, code: str, *, language: Literal["en", "zh-hant", "zh-hans"] | None = None) -> Download:
        """Hand out the minutes of a meeting as PDF.

        Scope: `read`.
        """
        asked = Asked("GET", path_of("meetings/{code}/minutes/pdf", code=code), query={"language": language})
        return self._connection.file(asked)

    def open_meeting(
        self, code: str, body: OpenMeetingAsked, *, read: Mapping[str, Any] | str | None = None, key: str | None = None
    ) -> MeetingShown:
        """Open a planned meeting with the members who are in the room, by their addresses.

        Takes the role chair. Raises `Invalid` when nobody is, or somebody is no member; `Conflict` when
        it is not planned.

        Scope: `review`.
        """
        asked = Asked(
            "POST",
            path_of("meetings/{code}/open", code=code),
            headers=typed(JSON) | keyed(key) | unchanged(read),
            content=json_of(body),
        )
        return cast("MeetingShown", self._connection.document(asked))

    def reorder_agenda(
        self,
        code: str,
        body: ReorderAgendaAsked,
        *,
        read: Mapping[str, Any] | str | None = None,
        key: str | None = None,
    ) -> MeetingShown:
        """Put the items into this order, by the codes of their applications.

        Takes the role office, committee or chair. What the actor does not see keeps its place. Raises
        `Conflict` when the agenda is not made of these any more.

        Scope: `review`.
        """
        asked = Asked(
            "POST",
            path_of("meetings/{code}/order", code=code),
            headers=typed(JSON) | keyed(key) | unchanged(read),
            content=json_of(body),
        )
        return cast("MeetingShown", self._connection.document(asked))

    def read_ranking(self, code: str) -> Printed:
        """Show who fits the fund and the free devices in the order of the agenda, and the suggestion beside it.

        Scope: `read`.
        """
        asked = Asked("GET", path_of("meetings/{code}/ranking", code=code))
        return cast("Printed", self._connection.document(asked))

    def keep_trial(
        self, code: str, body: KeepTrialAsked, *, read: Mapping[str, Any] | str | None = None, key: str | None = None
    ) -> MeetingShown:
        """Keep what a member tries on the ranking, for that member alone; nothing is proposed by it.

        Takes the role office, committee or chair.

        Scope: `review`.
        """
        asked = Asked(
            "POST",
            path_of("meetings/{code}/trial", code=code),
            headers=typed(JSON) | keyed(key) | unchanged(read),
            content=json_of(body),
        )
        return cast("MeetingShown", self._connection.document(asked))
