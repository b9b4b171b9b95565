"""Assignments: types and operations. Written by docs/reference/client.py; run `make reference`."""

from __future__ import annotations

from typing import NotRequired, TypedDict, cast

from lionrock_client.calling import JSON, Part, json_of, keyed, typed
from lionrock_client.connection import Asked, path_of
from lionrock_client.documents import Items
from lionrock_client.operations.shared import AssessmentShown


class ReopenScoresAsked(TypedDict):
    """ReopenScoresAsked."""

    reason: str


class UnassignAssessorAsked(TypedDict):
    """UnassignAssessorAsked."""

    reason: NotRequired[str]


class AssignmentsPart(Part):
    """The operations below /api/v1/assignments."""

    def list_assignments(
        self,
        *,
        limit: int | None = None,
        cursor: str | None = None,
        application: str | None = None,
        state: str | None = None,
    ) -> Items[AssessmentShown]:
        """List the assessments of the programmes that one runs or decides for; assessors are not named.

        Scope: `read`.
        """
        asked = Asked(
            "GET", "assignments", query={"limit": limit, "cursor": cursor, "application": application, "state": state}
        )
        return self._items(asked)

    def reopen_scores(self, number: int, body: ReopenScoresAsked, *, key: str | None = None) -> AssessmentShown:
        """Give a sheet back to its assessor, with the reason; what was handed in stays on file beside the next.

        Takes the role office. Raises `Conflict` when the scores are not in, or the application has gone
        to the committee, `Invalid` without a reason.

        Scope: `review`.
        """
        asked = Asked(
            "POST",
            path_of("assignments/{number}/reopen", number=number),
            headers=typed(JSON) | keyed(key),
            content=json_of(body),
        )
        return cast("AssessmentShown", self._connection.document(asked))

    def unassign_assessor(self, number: int, body: UnassignAssessorAsked, *, key: str | None = None) -> AssessmentShown:
        """Take an assignment back whose scores are not in; the assessor is told, and sees no more of it.

        Takes the role office. Raises `Conflict` once the scores are in: reopen them first.

        Scope: `review`.
        """
        asked = Asked(
            "POST",
            path_of("assignments/{number}/unassign", number=number),
            headers=typed(JSON) | keyed(key),
            content=json_of(body),
        )
        return cast("AssessmentShown", self._connection.document(asked))
