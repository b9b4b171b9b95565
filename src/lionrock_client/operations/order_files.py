"""OrderFiles: types and operations. Written by docs/reference/client.py; run `make reference`."""

from __future__ import annotations

from pathlib import Path
from typing import IO, cast

from lionrock_client.calling import Part, keyed, typed
from lionrock_client.connection import Asked
from lionrock_client.operations.shared import OrderShown


class OrderFilesPart(Part):
    """The operations below /api/v1/order-files."""

    def import_orders(self, file: Path | bytes | IO[bytes], *, name: str, key: str | None = None) -> OrderShown:
        """Place all orders of a file (CSV), or none of them.

        Takes the role office or compliance. Raises `Invalid` with the faults of all rows.

        Scope: `compliance`.
        """
        asked = Asked("POST", "order-files", query={"name": name}, headers=typed("text/csv") | keyed(key), content=file)
        return cast("OrderShown", self._connection.document(asked))
