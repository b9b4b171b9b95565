"""Studies: types and operations. Written by docs/reference/client.py; run `make reference`."""

from __future__ import annotations

from typing import Any, TypedDict, cast

from lionrock_client.calling import Part
from lionrock_client.connection import Asked, path_of
from lionrock_client.documents import Items


class ListedStudyShown(TypedDict):
    """ListedStudyShown."""

    items: list[StudyShown]

    next: str | None
    """The cursor of the next piece; null behind the last."""


class StudyShown(TypedDict):
    """The answer to a question, as it was reckoned; a better one is a new study."""

    code: str

    programme: str

    question: str

    answer: Any

    published_at: str

    published_by: str


class StudiesPart(Part):
    """The operations below /api/v1/studies."""

    def list_studies(
        self, *, limit: int | None = None, cursor: str | None = None, programme: str | None = None
    ) -> Items[StudyShown]:
        """List the studies of plans that one may see, the newest first.

        Scope: `read`.
        """
        asked = Asked("GET", "studies", query={"limit": limit, "cursor": cursor, "programme": programme})
        return self._items(asked)

    def read_study(self, code: str) -> StudyShown:
        """Show a study: which option is better, how sure, and all that this rests on.

        Scope: `read`.
        """
        asked = Asked("GET", path_of("studies/{code}", code=code))
        return cast("StudyShown", self._connection.document(asked))
