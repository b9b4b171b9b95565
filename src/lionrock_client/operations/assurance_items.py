"""AssuranceItems: types and operations. Written by docs/reference/client.py; run `make reference`."""

from __future__ import annotations

from typing import cast

from lionrock_client.calling import Part
from lionrock_client.connection import Asked
from lionrock_client.operations.shared import Rows


class AssuranceItemsPart(Part):
    """The operations below /api/v1/assurance-items."""

    def list_assurance_items(self) -> Rows:
        """Show the items of responsible AI that hold today, each with its sources.

        Scope: `read`.
        """
        asked = Asked("GET", "assurance-items")
        return cast("Rows", self._connection.document(asked))
