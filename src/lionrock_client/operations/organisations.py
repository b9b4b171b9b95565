"""Organisations: types and operations. Written by docs/reference/client.py; run `make reference`."""

from __future__ import annotations

from typing import NotRequired, TypedDict, cast

from lionrock_client.calling import JSON, Part, json_of, keyed, typed
from lionrock_client.connection import Asked, path_of
from lionrock_client.documents import Items
from lionrock_client.operations.shared import Done, MailDomainShown, Printed


class ClaimDomainAsked(TypedDict):
    """ClaimDomainAsked."""

    domain: str


class EndAdministratorAsked(TypedDict):
    """EndAdministratorAsked."""

    email: str


class InviteColleagueAsked(TypedDict):
    """InviteColleagueAsked."""

    email: str

    language: NotRequired[str]

    administrator: NotRequired[bool]


class LeaveOrganisationAsked(TypedDict):
    """LeaveOrganisationAsked."""

    email: str

    colleague: NotRequired[str]

    reason: NotRequired[str]


class Left(TypedDict):
    """Left."""

    done: bool


class ListedOrganisationShown(TypedDict):
    """ListedOrganisationShown."""

    items: list[OrganisationShown]

    next: str | None
    """The cursor of the next piece; null behind the last."""


class NameAdministratorAsked(TypedDict):
    """NameAdministratorAsked."""

    email: str


class OrganisationShown(TypedDict):
    """A university, institute, firm or public body; `code` is its account name on clusters too."""

    code: str

    name: str

    name_zh_hant: str

    name_zh_hans: str


class RegisterOrganisationAsked(TypedDict):
    """RegisterOrganisationAsked."""

    code: str

    name: str

    name_zh_hant: NotRequired[str]

    name_zh_hans: NotRequired[str]


class OrganisationsPart(Part):
    """The operations below /api/v1/organisations."""

    def register_organisation(self, body: RegisterOrganisationAsked, *, key: str | None = None) -> OrganisationShown:
        """Put an organisation on file under its code, which is its account name on clusters too.

        Raises `Invalid` for a code that is not a slug or a name that is none, `Conflict` when the code is taken.

        Scope: `people`.
        """
        asked = Asked("POST", "organisations", headers=typed(JSON) | keyed(key), content=json_of(body))
        return cast("OrganisationShown", self._connection.document(asked))

    def list_organisations(self, *, limit: int | None = None, cursor: str | None = None) -> Items[OrganisationShown]:
        """List the organisations whose people one may see.

        Scope: `read`.
        """
        asked = Asked("GET", "organisations", query={"limit": limit, "cursor": cursor})
        return self._items(asked)

    def read_organisation(self, code: str) -> Printed:
        """Show an organisation and who belongs to it.

        Scope: `read`.
        """
        asked = Asked("GET", path_of("organisations/{code}", code=code))
        return cast("Printed", self._connection.document(asked))

    def name_administrator(self, organisation: str, body: NameAdministratorAsked, *, key: str | None = None) -> Done:
        """Let a member look after who belongs to an organisation.

        Scope: `people`.
        """
        asked = Asked(
            "POST",
            path_of("organisations/{organisation}/administrators", organisation=organisation),
            headers=typed(JSON) | keyed(key),
            content=json_of(body),
        )
        return cast("Done", self._connection.document(asked))

    def end_administrator(self, organisation: str, body: EndAdministratorAsked, *, key: str | None = None) -> Done:
        """Let an administrator of an organisation be a plain member again.

        Scope: `people`.
        """
        asked = Asked(
            "POST",
            path_of("organisations/{organisation}/administrators/end", organisation=organisation),
            headers=typed(JSON) | keyed(key),
            content=json_of(body),
        )
        return cast("Done", self._connection.document(asked))

    def claim_domain(self, organisation: str, body: ClaimDomainAsked, *, key: str | None = None) -> MailDomainShown:
        """Say that a mail domain is an organisation's; a record in DNS has to prove it. Administrators and offices may.

        Claimed twice, once; others may claim it too, and who proves it has it. Raises `Invalid` for what is no
        organisation's own domain, `Refused` for too many.

        Scope: `people`.
        """
        asked = Asked(
            "POST",
            path_of("organisations/{organisation}/domains", organisation=organisation),
            headers=typed(JSON) | keyed(key),
            content=json_of(body),
        )
        return cast("MailDomainShown", self._connection.document(asked))

    def invite_colleague(self, organisation: str, body: InviteColleagueAsked, *, key: str | None = None) -> Done:
        """Invite somebody by e-mail to join an organisation that one looks after.

        Scope: `people`.
        """
        asked = Asked(
            "POST",
            path_of("organisations/{organisation}/invitations", organisation=organisation),
            headers=typed(JSON) | keyed(key),
            content=json_of(body),
        )
        return cast("Done", self._connection.document(asked))

    def leave_organisation(self, organisation: str, body: LeaveOrganisationAsked, *, key: str | None = None) -> Left:
        """Let somebody belong to an organisation no longer: oneself, or anybody by an administrator or an office.

        `colleague`, another member, looks after what is open; the last member leaves with a `reason` instead.

        Scope: `people`.
        """
        asked = Asked(
            "POST",
            path_of("organisations/{organisation}/leave", organisation=organisation),
            headers=typed(JSON) | keyed(key),
            content=json_of(body),
        )
        return cast("Left", self._connection.document(asked))
