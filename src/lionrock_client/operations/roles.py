"""Roles: types and operations. Written by docs/reference/client.py; run `make reference`."""

from __future__ import annotations

from typing import NotRequired, TypedDict, cast

from lionrock_client.calling import JSON, Part, json_of, keyed, typed
from lionrock_client.connection import Asked
from lionrock_client.operations.shared import Done, Role


class GrantRoleAsked(TypedDict):
    """GrantRoleAsked."""

    email: str

    role: Role

    programme: NotRequired[str]

    organisation: NotRequired[str]


class RevokeRoleAsked(TypedDict):
    """RevokeRoleAsked."""

    email: str

    role: Role

    programme: str


class RoleShown(TypedDict):
    """One role of one person, for one programme or one organisation."""

    email: str

    role: str

    programme: str

    organisation: str | None

    granted_at: str


class RolesPart(Part):
    """The operations below /api/v1/roles."""

    def grant_role(self, body: GrantRoleAsked, *, key: str | None = None) -> RoleShown:
        """Give a person a role for one programme, or make them a member or an administrator of one organisation.

        An operator, that programme's owner or its office may do it, but not for themselves, and the office makes no
        owner; membership may be given by any office, and the first member of an organisation is its administrator too.
        Raises `NotFound` for an unknown person, programme or organisation, `Invalid` when the role and the place
        do not fit, `Refused` for duties that one person never has at once, `Conflict` when it is held already.

        Scope: `people`.
        """
        asked = Asked("POST", "roles", headers=typed(JSON) | keyed(key), content=json_of(body))
        return cast("RoleShown", self._connection.document(asked))

    def revoke_role(self, body: RevokeRoleAsked, *, key: str | None = None) -> Done:
        """Take a role for a programme away from somebody; takes the role office.

        Scope: `people`.
        """
        asked = Asked("POST", "roles/revoke", headers=typed(JSON) | keyed(key), content=json_of(body))
        return cast("Done", self._connection.document(asked))
