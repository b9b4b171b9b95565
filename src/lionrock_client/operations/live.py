"""Live: types and operations. Written by docs/reference/client.py; run `make reference`."""

from __future__ import annotations

from typing import cast

from lionrock_client.calling import Part
from lionrock_client.connection import Asked, path_of
from lionrock_client.operations.shared import Printed, Rows


class LivePart(Part):
    """The operations below /api/v1/live."""

    def list_live(self) -> Rows:
        """List the clusters of the programmes that one works for.

        Scope: `read`.
        """
        asked = Asked("GET", "live")
        return cast("Rows", self._connection.document(asked))

    def read_live(self, code: str) -> Printed:
        """Tell what a cluster is at now, or when it was last seen.

        Scope: `read`.
        """
        asked = Asked("GET", path_of("live/{code}", code=code))
        return cast("Printed", self._connection.document(asked))
