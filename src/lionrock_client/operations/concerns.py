"""Concerns: types and operations. Written by docs/reference/client.py; run `make reference`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypedDict, cast

from lionrock_client.calling import JSON, Part, json_of, keyed, typed, unchanged
from lionrock_client.connection import Asked, path_of
from lionrock_client.documents import Items


class AssignConcernAsked(TypedDict):
    """AssignConcernAsked."""

    person: str


class CloseConcernAsked(TypedDict):
    """CloseConcernAsked."""

    measures: str


class ConcernNoteShown(TypedDict):
    """Something written of a concern; `author` is empty for its sender, `shown` whether the sender reads it."""

    concern: str

    author: str

    said: str

    shown: bool

    at: str


class ConcernPersonShown(TypedDict):
    """Somebody who sees a concern because it was assigned to them, or who never does because it concerns them."""

    concern: str

    email: str

    part: str

    at: str


class ConcernShown(TypedDict):
    """Something that went wrong, or may have; `raised_by` is empty where the sender did not say who they are."""

    code: str

    programme: str

    award: str | None

    kind: str

    severity: str

    title: str

    said: str

    received_at: str

    state: str

    owner: str

    taken_up_at: str | None

    told_at: str | None

    closed_at: str | None

    measures: str

    deadlines: list[dict[str, Any]]


class ListedConcernShown(TypedDict):
    """ListedConcernShown."""

    items: list[ConcernShown]

    next: str | None
    """The cursor of the next piece; null behind the last."""


class NameConcernedAsked(TypedDict):
    """NameConcernedAsked."""

    person: str


class NoteConcernAsked(TypedDict):
    """NoteConcernAsked."""

    said: str

    shown: bool


class ReopenConcernAsked(TypedDict):
    """ReopenConcernAsked."""

    reason: str


class SetAsideConcernAsked(TypedDict):
    """SetAsideConcernAsked."""

    reason: str


class TakeUpConcernAsked(TypedDict):
    """TakeUpConcernAsked."""

    severity: str

    owner: str

    reason: str


class TellOfConcernAsked(TypedDict):
    """TellOfConcernAsked."""

    reason: str


class ConcernsPart(Part):
    """The operations below /api/v1/concerns."""

    def list_concerns(
        self,
        *,
        limit: int | None = None,
        cursor: str | None = None,
        programme: str | None = None,
        state: str | None = None,
    ) -> Items[ConcernShown]:
        """List the concerns that one may see, the newest first; who raised them is named nowhere.

        Scope: `read`.
        """
        asked = Asked(
            "GET", "concerns", query={"limit": limit, "cursor": cursor, "programme": programme, "state": state}
        )
        return self._items(asked)

    def read_concern(self, code: str) -> ConcernShown:
        """Show a concern with its deadlines.

        Scope: `read`.
        """
        asked = Asked("GET", path_of("concerns/{code}", code=code))
        return cast("ConcernShown", self._connection.document(asked))

    def assign_concern(
        self,
        code: str,
        body: AssignConcernAsked,
        *,
        read: Mapping[str, Any] | str | None = None,
        key: str | None = None,
    ) -> ConcernPersonShown:
        """Let somebody on file see a concern and write on it; takes the role compliance.

        Raises `NotFound` for somebody who is not on file, `Refused` for one whom it concerns, `Conflict` when they see it.

        Scope: `projects`.
        """
        asked = Asked(
            "POST",
            path_of("concerns/{code}/assign", code=code),
            headers=typed(JSON) | keyed(key) | unchanged(read),
            content=json_of(body),
        )
        return cast("ConcernPersonShown", self._connection.document(asked))

    def close_concern(
        self, code: str, body: CloseConcernAsked, *, read: Mapping[str, Any] | str | None = None, key: str | None = None
    ) -> ConcernShown:
        """Close a concern with the measures that were taken, which its sender reads; takes the role compliance.

        Scope: `projects`.
        """
        asked = Asked(
            "POST",
            path_of("concerns/{code}/close", code=code),
            headers=typed(JSON) | keyed(key) | unchanged(read),
            content=json_of(body),
        )
        return cast("ConcernShown", self._connection.document(asked))

    def name_concerned(
        self,
        code: str,
        body: NameConcernedAsked,
        *,
        read: Mapping[str, Any] | str | None = None,
        key: str | None = None,
    ) -> ConcernPersonShown:
        """Say whom a concern is about: they never see it, whatever their role. Takes the role compliance.

        Raises `Refused` for its owner and for whoever it was assigned to: give it to somebody else in a concern of its own.

        Scope: `projects`.
        """
        asked = Asked(
            "POST",
            path_of("concerns/{code}/concerned", code=code),
            headers=typed(JSON) | keyed(key) | unchanged(read),
            content=json_of(body),
        )
        return cast("ConcernPersonShown", self._connection.document(asked))

    def note_concern(
        self, code: str, body: NoteConcernAsked, *, read: Mapping[str, Any] | str | None = None, key: str | None = None
    ) -> ConcernNoteShown:
        """Write a note on a concern; `shown`: its sender reads it. For compliance and those whom it was assigned to.

        Scope: `projects`.
        """
        asked = Asked(
            "POST",
            path_of("concerns/{code}/notes", code=code),
            headers=typed(JSON) | keyed(key) | unchanged(read),
            content=json_of(body),
        )
        return cast("ConcernNoteShown", self._connection.document(asked))

    def reopen_concern(
        self,
        code: str,
        body: ReopenConcernAsked,
        *,
        read: Mapping[str, Any] | str | None = None,
        key: str | None = None,
    ) -> ConcernShown:
        """Open a concern again; its deadlines stand as they did. Takes the role compliance.

        Scope: `projects`.
        """
        asked = Asked(
            "POST",
            path_of("concerns/{code}/reopen", code=code),
            headers=typed(JSON) | keyed(key) | unchanged(read),
            content=json_of(body),
        )
        return cast("ConcernShown", self._connection.document(asked))

    def set_aside_concern(
        self,
        code: str,
        body: SetAsideConcernAsked,
        *,
        read: Mapping[str, Any] | str | None = None,
        key: str | None = None,
    ) -> ConcernShown:
        """Say that there is nothing in a concern, and why, which its sender reads; takes the role compliance.

        Scope: `projects`.
        """
        asked = Asked(
            "POST",
            path_of("concerns/{code}/set-aside", code=code),
            headers=typed(JSON) | keyed(key) | unchanged(read),
            content=json_of(body),
        )
        return cast("ConcernShown", self._connection.document(asked))

    def take_up_concern(
        self,
        code: str,
        body: TakeUpConcernAsked,
        *,
        read: Mapping[str, Any] | str | None = None,
        key: str | None = None,
    ) -> ConcernShown:
        """Say who answers for a concern and how grave it is, with the reason; its deadlines follow from that.

        Takes the role compliance. Raises `Invalid` for an unknown severity, `NotFound` for an owner who is not on file,
        `Refused` for one whom it concerns.

        Scope: `projects`.
        """
        asked = Asked(
            "POST",
            path_of("concerns/{code}/take-up", code=code),
            headers=typed(JSON) | keyed(key) | unchanged(read),
            content=json_of(body),
        )
        return cast("ConcernShown", self._connection.document(asked))

    def tell_of_concern(
        self,
        code: str,
        body: TellOfConcernAsked,
        *,
        read: Mapping[str, Any] | str | None = None,
        key: str | None = None,
    ) -> ConcernShown:
        """Note that those who have to be told were told: `reason` says who, when and how. Takes the role compliance.

        Scope: `projects`.
        """
        asked = Asked(
            "POST",
            path_of("concerns/{code}/tell", code=code),
            headers=typed(JSON) | keyed(key) | unchanged(read),
            content=json_of(body),
        )
        return cast("ConcernShown", self._connection.document(asked))
