"""MailDomains: types and operations. Written by docs/reference/client.py; run `make reference`."""

from __future__ import annotations

from typing import TypedDict, cast

from lionrock_client.calling import JSON, Part, json_of, keyed, typed
from lionrock_client.connection import Asked, path_of
from lionrock_client.documents import Items
from lionrock_client.operations.shared import MailDomainShown


class ChangeDomainAsked(TypedDict):
    """ChangeDomainAsked."""

    lets_in: bool


class ListedMailDomainShown(TypedDict):
    """ListedMailDomainShown."""

    items: list[MailDomainShown]

    next: str | None
    """The cursor of the next piece; null behind the last."""


class MailDomainsPart(Part):
    """The operations below /api/v1/mail-domains."""

    def list_domains(self, *, limit: int | None = None, cursor: str | None = None) -> Items[MailDomainShown]:
        """List the mail domains of the organisations that one looks after.

        Scope: `read`.
        """
        asked = Asked("GET", "mail-domains", query={"limit": limit, "cursor": cursor})
        return self._items(asked)

    def change_domain(self, number: int, body: ChangeDomainAsked, *, key: str | None = None) -> MailDomainShown:
        """Say whether an address of a proven domain is enough to belong, or has to ask; administrators and offices may.

        Raises `NotFound`.

        Scope: `people`.
        """
        asked = Asked(
            "POST",
            path_of("mail-domains/{number}/change", number=number),
            headers=typed(JSON) | keyed(key),
            content=json_of(body),
        )
        return cast("MailDomainShown", self._connection.document(asked))

    def end_domain(self, number: int, *, key: str | None = None) -> MailDomainShown:
        """Give a domain up; who belongs already goes on to. Administrators and offices may. Raises `NotFound`.

        Scope: `people`.
        """
        asked = Asked("POST", path_of("mail-domains/{number}/end", number=number), headers=keyed(key))
        return cast("MailDomainShown", self._connection.document(asked))

    def verify_domain(self, number: int, *, key: str | None = None) -> MailDomainShown:
        """Look for the record of a claim now; administrators and offices may.

        Raises `NotFound` for none of theirs; `Conflict` when it was looked for just now, when the record is not there, or
        when that of another organisation is there, too.

        Scope: `people`.
        """
        asked = Asked("POST", path_of("mail-domains/{number}/verify", number=number), headers=keyed(key))
        return cast("MailDomainShown", self._connection.document(asked))
