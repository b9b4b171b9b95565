"""Filings: types and operations. Written by docs/reference/client.py; run `make reference`."""

from __future__ import annotations

from typing import TypedDict, cast

from lionrock_client.calling import JSON, Part, json_of, keyed, typed
from lionrock_client.connection import Asked, path_of


class FilingShown(TypedDict):
    """What a transfer has to be followed by, by when, and when it was done under which reference."""

    number: int

    transfer: int

    duty: str

    due: str

    done_on: str | None

    reference: str

    done_by: str


class RecordFilingAsked(TypedDict):
    """RecordFilingAsked."""

    done_on: str

    reference: str


class FilingsPart(Part):
    """The operations below /api/v1/filings."""

    def record_filing(self, number: int, body: RecordFilingAsked, *, key: str | None = None) -> FilingShown:
        """Note that something was filed, on which day and under which reference; takes the role compliance.

        Raises `Invalid` for a day to come, `Conflict` when it was noted before.

        Scope: `compliance`.
        """
        asked = Asked(
            "POST",
            path_of("filings/{number}/record", number=number),
            headers=typed(JSON) | keyed(key),
            content=json_of(body),
        )
        return cast("FilingShown", self._connection.document(asked))
