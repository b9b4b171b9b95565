"""Assessments: types and operations. Written by docs/reference/client.py; run `make reference`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal, NotRequired, TypeAlias, TypedDict, cast

from lionrock_client.calling import JSON, Part, json_of, keyed, typed, unchanged
from lionrock_client.connection import Asked, path_of
from lionrock_client.documents import Items
from lionrock_client.operations.shared import AssessmentShown


class DeclareInterestsAsked(TypedDict):
    """DeclareInterestsAsked."""

    declared: Declared

    ground: NotRequired[str]

    text: NotRequired[str]


Declared: TypeAlias = "Literal['clear', 'conflict', 'refuse']"
"""What an assessor declares; the verb of the assignment's machine."""


class ReviewTypedAsked(TypedDict):
    """ReviewTypedAsked."""

    text: str

    read: NotRequired[int | None]

    sent: NotRequired[str | None]


class SaveScoresAsked(TypedDict):
    """SaveScoresAsked."""

    typed: dict[str, ReviewTypedAsked]


class ScoresSaved(TypedDict):
    """ScoresSaved."""

    written: list[str]

    stale: dict[str, str]


class AssessmentsPart(Part):
    """The operations below /api/v1/assessments."""

    def list_assessments(self, *, limit: int | None = None, cursor: str | None = None) -> Items[AssessmentShown]:
        """List one's own assessments.

        Scope: `read`.
        """
        asked = Asked("GET", "assessments", query={"limit": limit, "cursor": cursor})
        return self._items(asked)

    def read_assessment(self, number: int) -> AssessmentShown:
        """Show one of one's own assessments.

        Scope: `read`.
        """
        asked = Asked("GET", path_of("assessments/{number}", number=number))
        return cast("AssessmentShown", self._connection.document(asked))

    def declare_interests(
        self,
        number: int,
        body: DeclareInterestsAsked,
        *,
        read: Mapping[str, Any] | str | None = None,
        key: str | None = None,
    ) -> AssessmentShown:
        """Record what an assessor declares about one application: no conflict, a conflict, or "I will not do it".

        Without a conflict the assessor reads it from now on; with one they are shut out of it for good.
        A conflict can be declared as late as after scoring; then the scores no longer count. Only who
        is assigned may do it. The office is told of everything but a clear declaration. Raises `Invalid`
        for a conflict without ground or words, `Refused` for a clear declaration of somebody who is barred.

        Scope: `review`.
        """
        asked = Asked(
            "POST",
            path_of("assessments/{number}/declare", number=number),
            headers=typed(JSON) | keyed(key) | unchanged(read),
            content=json_of(body),
        )
        return cast("AssessmentShown", self._connection.document(asked))

    def save_scores(
        self, number: int, body: SaveScoresAsked, *, read: Mapping[str, Any] | str | None = None, key: str | None = None
    ) -> ScoresSaved:
        """Keep what an assessor has typed, right or wrong, by the key of the box.

        Only who is assigned and has declared may do it. A box that was changed since it was read is left
        as it is and reported; all others are written. Raises `Invalid` for a box that the sheet does not
        have, `Conflict` once the scores are in or while the application is not with the assessors.

        Scope: `review`.
        """
        asked = Asked(
            "POST",
            path_of("assessments/{number}/scores", number=number),
            headers=typed(JSON) | keyed(key) | unchanged(read),
            content=json_of(body),
        )
        return cast("ScoresSaved", self._connection.document(asked))

    def submit_scores(
        self, number: int, *, read: Mapping[str, Any] | str | None = None, key: str | None = None
    ) -> AssessmentShown:
        """Hand in the sheet as it was last saved; from then on only the office can open it again.

        Only who is assigned and has declared may do it. The office is told when the last sheet is in.
        Raises `Invalid` with a fault for every box that is missing or wrong, `Conflict` as `save_scores` does.

        Scope: `review`.
        """
        asked = Asked(
            "POST", path_of("assessments/{number}/submit", number=number), headers=keyed(key) | unchanged(read)
        )
        return cast("AssessmentShown", self._connection.document(asked))
