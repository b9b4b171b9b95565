"""Screening: types and operations. Written by docs/reference/client.py; run `make reference`."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import IO, Any, Literal, NotRequired, TypeAlias, TypedDict, cast

from lionrock_client.calling import JSON, Part, json_of, keyed, typed, unchanged
from lionrock_client.connection import Asked, path_of
from lionrock_client.documents import Items
from lionrock_client.operations.shared import Rows


class AgreeToClearAsked(TypedDict):
    """AgreeToClearAsked."""

    reason: str


class CaseShown(TypedDict):
    """Somebody who may be on a list, and how that was settled; one case of each, opened again by a new hit."""

    number: int

    kind: str

    code: str

    name: str

    state: str

    strength: str

    score: int

    asked_by: str

    opened_at: str

    state_since: str

    hits: list[dict[str, Any]]


class ClearCaseAsked(TypedDict):
    """ClearCaseAsked."""

    reason: str


class ConfirmCaseAsked(TypedDict):
    """ConfirmCaseAsked."""

    reason: str


class DisagreeToClearAsked(TypedDict):
    """DisagreeToClearAsked."""

    reason: str


class EndStakeAsked(TypedDict):
    """EndStakeAsked."""

    until: str

    reason: str


class EscalateCaseAsked(TypedDict):
    """EscalateCaseAsked."""

    reason: str


class ListVersionShown(TypedDict):
    """One import of a list: the file's date and digest, how many entries, and what changed since the one before."""

    list: str

    number: int

    dated: str

    file: str

    entries: int

    added: int

    removed: int

    changed: int

    imported_at: str


class ListedCaseShown(TypedDict):
    """ListedCaseShown."""

    items: list[CaseShown]

    next: str | None
    """The cursor of the next piece; null behind the last."""


class ListedListVersionShown(TypedDict):
    """ListedListVersionShown."""

    items: list[ListVersionShown]

    next: str | None
    """The cursor of the next piece; null behind the last."""


class Met(TypedDict):
    """What one name meets on the lists."""

    name: str

    says: str
    """none, review or block."""

    review: int

    block: int

    versions: dict[str, int]

    matches: list[dict[str, Any]]


class NamesAsked(TypedDict):
    """Names to look up, and what is known of all of them."""

    names: list[str]

    kind: NotRequired[NamesKind]

    countries: NotRequired[list[str]]
    """By two letters."""

    identifiers: NotRequired[list[str]]

    addresses: NotRequired[list[str]]


class NoteParticularAsked(TypedDict):
    """NoteParticularAsked."""

    kind: str

    code: str

    what: str

    value: str


class OwnerShown(TypedDict):
    """Somebody outside who owns, or may own, a part of an organisation, alone or through others."""

    code: str

    name: str

    kind: str

    created_at: str


class ParticularShown(TypedDict):
    """Something more that is known of who is screened, and by which matches are told apart."""

    kind: str

    code: str

    what: str

    value: str

    noted_by: str

    noted_at: str


class RecordStakeAsked(TypedDict):
    """RecordStakeAsked."""

    owner: str

    owned: str

    share: str | None

    since: str

    source: str


class RegisterOwnerAsked(TypedDict):
    """RegisterOwnerAsked."""

    code: str

    name: str

    kind: str


class Screened(TypedDict):
    """The answer for each name, in their order."""

    items: list[Met]


class StakeShown(TypedDict):
    """An owner's share (per cent; empty: not known) in an organisation or in another owner, over a time."""

    number: int

    owner: str

    organisation: str | None

    of_owner: str | None

    share: str | None

    since: str

    until: str | None

    source: str


NamesKind: TypeAlias = "Literal['person', 'organisation', 'thing', 'any']"
"""Who or what bears a name; `ANY` where a list does not say."""


class ScreeningPart(Part):
    """The operations below /api/v1/screening."""

    def list_cases(
        self, *, limit: int | None = None, cursor: str | None = None, state: str | None = None, kind_: str | None = None
    ) -> Items[CaseShown]:
        """List the cases of names that may be on a list, the newest first.

        Scope: `read`.
        """
        asked = Asked("GET", "screening/cases", query={"limit": limit, "cursor": cursor, "state": state, "kind": kind_})
        return self._items(asked)

    def read_case(self, number: int) -> CaseShown:
        """Show a case and what it met.

        Scope: `read`.
        """
        asked = Asked("GET", path_of("screening/cases/{number}", number=number))
        return cast("CaseShown", self._connection.document(asked))

    def agree_to_clear(
        self,
        number: int,
        body: AgreeToClearAsked,
        *,
        read: Mapping[str, Any] | str | None = None,
        key: str | None = None,
    ) -> CaseShown:
        """Agree that it is somebody else: the second pair of eyes; what was held goes on in the same transaction.

        Takes the role compliance, and a reason. Raises `Refused` (screening.case.four_eyes) for the person
        who asked for it, `Conflict` when nobody has.

        Scope: `compliance`.
        """
        asked = Asked(
            "POST",
            path_of("screening/cases/{number}/agree", number=number),
            headers=typed(JSON) | keyed(key) | unchanged(read),
            content=json_of(body),
        )
        return cast("CaseShown", self._connection.document(asked))

    def clear_case(
        self, number: int, body: ClearCaseAsked, *, read: Mapping[str, Any] | str | None = None, key: str | None = None
    ) -> CaseShown:
        """Say that it is somebody else: the first pair of eyes. Nothing is released until a second person agrees.

        Takes the role compliance, and a reason.

        Scope: `compliance`.
        """
        asked = Asked(
            "POST",
            path_of("screening/cases/{number}/clear", number=number),
            headers=typed(JSON) | keyed(key) | unchanged(read),
            content=json_of(body),
        )
        return cast("CaseShown", self._connection.document(asked))

    def confirm_case(
        self,
        number: int,
        body: ConfirmCaseAsked,
        *,
        read: Mapping[str, Any] | str | None = None,
        key: str | None = None,
    ) -> CaseShown:
        """Say that it is the party on the list, which stays held; takes the role compliance, and a reason.

        Scope: `compliance`.
        """
        asked = Asked(
            "POST",
            path_of("screening/cases/{number}/confirm", number=number),
            headers=typed(JSON) | keyed(key) | unchanged(read),
            content=json_of(body),
        )
        return cast("CaseShown", self._connection.document(asked))

    def disagree_to_clear(
        self,
        number: int,
        body: DisagreeToClearAsked,
        *,
        read: Mapping[str, Any] | str | None = None,
        key: str | None = None,
    ) -> CaseShown:
        """Say that it is not clear that it is somebody else; the case is escalated.

        Takes the role compliance, and a reason.

        Scope: `compliance`.
        """
        asked = Asked(
            "POST",
            path_of("screening/cases/{number}/disagree", number=number),
            headers=typed(JSON) | keyed(key) | unchanged(read),
            content=json_of(body),
        )
        return cast("CaseShown", self._connection.document(asked))

    def escalate_case(
        self,
        number: int,
        body: EscalateCaseAsked,
        *,
        read: Mapping[str, Any] | str | None = None,
        key: str | None = None,
    ) -> CaseShown:
        """Put a case before whoever decides in hard cases; takes the role compliance, and a reason.

        Scope: `compliance`.
        """
        asked = Asked(
            "POST",
            path_of("screening/cases/{number}/escalate", number=number),
            headers=typed(JSON) | keyed(key) | unchanged(read),
            content=json_of(body),
        )
        return cast("CaseShown", self._connection.document(asked))

    def list_list_versions(
        self, *, limit: int | None = None, cursor: str | None = None, list: str | None = None
    ) -> Items[ListVersionShown]:
        """List the lists with all their versions, the newest first.

        Scope: `read`.
        """
        asked = Asked("GET", "screening/lists", query={"limit": limit, "cursor": cursor, "list": list})
        return self._items(asked)

    def read_list_difference(self, list_code: str, *, earlier: int | None = None, later: int | None = None) -> Rows:
        """Tell which names came, went or changed between two versions of a list (the last two without numbers).

        Scope: `compliance`.
        """
        asked = Asked(
            "GET",
            path_of("screening/lists/{list_code}/difference", list_code=list_code),
            query={"earlier": earlier, "later": later},
        )
        return cast("Rows", self._connection.document(asked))

    def import_list(
        self,
        list: str,
        file: Path | bytes | IO[bytes],
        *,
        kind: Literal["text/csv", "application/json", "application/octet-stream"],
        file_: str,
        dated: str,
        name: str | None = None,
        smaller: bool | None = None,
        key: str | None = None,
    ) -> ListVersionShown:
        """Import a file as the next version of a list; all of it, or nothing.

        Takes the role compliance. `dated` is the day of the file as its publisher has it; `smaller` lets a
        file pass that has far fewer entries than the version before. The same file again changes nothing
        and gives the version that it made. Raises `Invalid` with every fault of the file, `Refused` for one
        that is older or far smaller than what is on file.

        Scope: `compliance`.
        """
        asked = Asked(
            "POST",
            path_of("screening/lists/{list}", list=list),
            query={"file": file_, "dated": dated, "name": name, "smaller": smaller},
            headers=typed(kind) | keyed(key),
            content=file,
        )
        return cast("ListVersionShown", self._connection.document(asked))

    def register_owner(self, body: RegisterOwnerAsked, *, key: str | None = None) -> OwnerShown:
        """Put an owner on file: a `kind` of person or organisation; takes the role compliance.

        Scope: `compliance`.
        """
        asked = Asked("POST", "screening/owners", headers=typed(JSON) | keyed(key), content=json_of(body))
        return cast("OwnerShown", self._connection.document(asked))

    def list_owners(self) -> Rows:
        """Tell who owns whom, with every stake.

        Scope: `compliance`.
        """
        asked = Asked("GET", "screening/owners")
        return cast("Rows", self._connection.document(asked))

    def note_particular(self, body: NoteParticularAsked, *, key: str | None = None) -> ParticularShown:
        """Note something more of who is screened: another name, a country, an address, a number, a birth.

        Takes the role compliance. It is screened with at the next look.

        Scope: `compliance`.
        """
        asked = Asked("POST", "screening/particulars", headers=typed(JSON) | keyed(key), content=json_of(body))
        return cast("ParticularShown", self._connection.document(asked))

    def screen_names(self, body: NamesAsked) -> Screened:
        """Look names up in all lists as they stand; nothing of it is kept.

        Scope: `compliance`.
        """
        asked = Asked("POST", "screening/searches", headers=typed(JSON), content=json_of(body))
        return cast("Screened", self._connection.document(asked))

    def record_stake(self, body: RecordStakeAsked, *, key: str | None = None) -> StakeShown:
        """Record that an owner has a share (per cent; None: not known) of `owned` from a day on, and where that is said.

        `owned` is an organisation's code, or another owner's as "owner:CODE". Takes the role compliance.
        A stake of the same two that still holds ends on that day; a lower share than it takes another person
        than who recorded it (`Refused`, screening.stake.four_eyes), as that may release somebody.

        Scope: `compliance`.
        """
        asked = Asked("POST", "screening/stakes", headers=typed(JSON) | keyed(key), content=json_of(body))
        return cast("StakeShown", self._connection.document(asked))

    def end_stake(self, number: int, body: EndStakeAsked, *, key: str | None = None) -> StakeShown:
        """Say that a stake is held no more from a day on, and why; what was held for it alone goes on at once.

        Takes the role compliance and, as it may release somebody, another person than who recorded it:
        raises `Refused` (screening.stake.four_eyes) otherwise, `Conflict` when it has ended already.

        Scope: `compliance`.
        """
        asked = Asked(
            "POST",
            path_of("screening/stakes/{number}/end", number=number),
            headers=typed(JSON) | keyed(key),
            content=json_of(body),
        )
        return cast("StakeShown", self._connection.document(asked))
