"""Closes: types and operations. Written by docs/reference/client.py; run `make reference`."""

from __future__ import annotations

from typing import cast

from lionrock_client.calling import Part
from lionrock_client.connection import Asked
from lionrock_client.operations.shared import Rows


class ClosesPart(Part):
    """The operations below /api/v1/closes."""

    def list_closes_under_way(self) -> Rows:
        """Tell how far the closes of large months are.

        Scope: `read`.
        """
        asked = Asked("GET", "closes/under-way")
        return cast("Rows", self._connection.document(asked))
