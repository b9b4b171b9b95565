"""Reviewers: types and operations. Written by docs/reference/client.py; run `make reference`."""

from __future__ import annotations

from typing import TypedDict, cast

from lionrock_client.calling import JSON, Part, json_of, keyed, typed
from lionrock_client.connection import Asked, path_of


class DeclareInterestAsked(TypedDict):
    """DeclareInterestAsked."""

    conflict: bool

    text: str


class ReviewerDeclared(TypedDict):
    """Somebody asked to review the items of one expertise, and what they declared of their interests."""

    number: int

    application: str | None

    expertise: str

    state: str

    declared_at: str | None


class ReviewersPart(Part):
    """The operations below /api/v1/reviewers."""

    def declare_interest(self, number: int, body: DeclareInterestAsked, *, key: str | None = None) -> ReviewerDeclared:
        """Declare whether one has an interest in an application; only who was asked may.

        Without one, it is read and reviewed from now on; with one, somebody is shut out of it for good, also when it
        is declared later. Raises `Invalid` for an interest without words.

        Scope: `compliance`.
        """
        asked = Asked(
            "POST",
            path_of("reviewers/{number}/declare", number=number),
            headers=typed(JSON) | keyed(key),
            content=json_of(body),
        )
        return cast("ReviewerDeclared", self._connection.document(asked))
