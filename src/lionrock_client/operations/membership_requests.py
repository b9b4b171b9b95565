"""MembershipRequests: types and operations. Written by docs/reference/client.py; run `make reference`."""

from __future__ import annotations

from typing import TypedDict, cast

from lionrock_client.calling import JSON, Part, json_of, keyed, typed
from lionrock_client.connection import Asked, path_of
from lionrock_client.documents import Items


class AnswerMembershipAsked(TypedDict):
    """AnswerMembershipAsked."""

    granted: bool


class ListedMembershipShown(TypedDict):
    """ListedMembershipShown."""

    items: list[MembershipShown]

    next: str | None
    """The cursor of the next piece; null behind the last."""


class MembershipShown(TypedDict):
    """Somebody on file who asks to belong to an organisation; an administrator of it or an office answers."""

    number: int

    organisation: str

    person: str

    asked_at: str

    granted: bool | None


class MembershipRequestsPart(Part):
    """The operations below /api/v1/membership-requests."""

    def list_membership_requests(
        self, *, limit: int | None = None, cursor: str | None = None
    ) -> Items[MembershipShown]:
        """List who asks to belong to an organisation, as far as one may answer.

        Scope: `read`.
        """
        asked = Asked("GET", "membership-requests", query={"limit": limit, "cursor": cursor})
        return self._items(asked)

    def answer_membership(self, number: int, body: AnswerMembershipAsked, *, key: str | None = None) -> MembershipShown:
        """Let somebody into an organisation, or not; an administrator of it or any programme's office may.

        Answered twice the same way, nothing more happens. Raises `NotFound` for a request that is not
        there for the actor, `Conflict` when it was answered the other way.

        Scope: `people`.
        """
        asked = Asked(
            "POST",
            path_of("membership-requests/{number}/answer", number=number),
            headers=typed(JSON) | keyed(key),
            content=json_of(body),
        )
        return cast("MembershipShown", self._connection.document(asked))
