"""Invitations: types and operations. Written by docs/reference/client.py; run `make reference`."""

from __future__ import annotations

from typing import TypedDict, cast

from lionrock_client.calling import Part, keyed
from lionrock_client.connection import Asked, path_of
from lionrock_client.documents import Items


class InvitationShown(TypedDict):
    """Somebody who has asked for an account, or was invited, and has not yet come through the link sent."""

    number: int

    organisation: str | None

    email: str

    as_administrator: bool

    invited_by: str

    asked_at: str

    sent_at: str | None

    expires_at: str


class ListedInvitationShown(TypedDict):
    """ListedInvitationShown."""

    items: list[InvitationShown]

    next: str | None
    """The cursor of the next piece; null behind the last."""


class InvitationsPart(Part):
    """The operations below /api/v1/invitations."""

    def list_invitations(self, *, limit: int | None = None, cursor: str | None = None) -> Items[InvitationShown]:
        """List the invitations that wait, of the organisations that one looks after.

        Scope: `read`.
        """
        asked = Asked("GET", "invitations", query={"limit": limit, "cursor": cursor})
        return self._items(asked)

    def resend_invitation(self, number: int, *, key: str | None = None) -> InvitationShown:
        """Send an invitation again, with a new link; the one before counts no more. Administrators and offices may.

        Raises `NotFound` for none that waits, `Conflict` when it has just been sent.

        Scope: `people`.
        """
        asked = Asked("POST", path_of("invitations/{number}/resend", number=number), headers=keyed(key))
        return cast("InvitationShown", self._connection.document(asked))

    def take_back_invitation(self, number: int, *, key: str | None = None) -> InvitationShown:
        """Take an invitation back: its link leads nowhere from now on. Administrators and offices may.

        Raises `NotFound` for none that waits.

        Scope: `people`.
        """
        asked = Asked("POST", path_of("invitations/{number}/take-back", number=number), headers=keyed(key))
        return cast("InvitationShown", self._connection.document(asked))
