"""Assessors: types and operations. Written by docs/reference/client.py; run `make reference`."""

from __future__ import annotations

from typing import Any, NotRequired, TypedDict, cast

from lionrock_client.calling import JSON, Part, json_of, keyed, typed
from lionrock_client.connection import Asked


class AssessorShown(TypedDict):
    """What the office needs to know of an assessor in order to ask the right one."""

    assessor: str | None

    expertise: Any

    organisation: str | None

    most: int | None

    away_until: str | None


class DescribeAssessorAsked(TypedDict):
    """DescribeAssessorAsked."""

    assessor: str

    expertise: NotRequired[list[str]]

    organisation: NotRequired[str]

    most: NotRequired[int | None]

    away_until: NotRequired[str | None]


class AssessorsPart(Part):
    """The operations below /api/v1/assessors."""

    def describe_assessor(self, body: DescribeAssessorAsked, *, key: str | None = None) -> AssessorShown:
        """Keep what the office needs to know of an assessor: subjects, where they work, how many at once, absence.

        Takes the role office of a programme whose assessor it is. Raises `Invalid` for what cannot be,
        `NotFound` for an unknown organisation.

        Scope: `review`.
        """
        asked = Asked("POST", "assessors", headers=typed(JSON) | keyed(key), content=json_of(body))
        return cast("AssessorShown", self._connection.document(asked))
