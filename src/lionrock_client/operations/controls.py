"""Controls: types and operations. Written by docs/reference/client.py; run `make reference`."""

from __future__ import annotations

from pathlib import Path
from typing import IO, Any, Literal, NotRequired, TypedDict, cast

from lionrock_client.calling import JSON, Part, json_of, typed
from lionrock_client.connection import Asked, path_of
from lionrock_client.documents import Download
from lionrock_client.operations.shared import Printed, Rows


class Determined(TypedDict):
    """The determination, as `lionrock controls determine --json` has it, with every source."""

    determination: dict[str, Any]


class ComplianceAsked(TypedDict):
    """What is shipped, when, from where to where, for whom."""

    chips: NotRequired[list[str]]
    """Chips on file; several for a server."""

    figures: NotRequired[dict[str, str]]
    """First figures of a described chip: name to value."""

    planar: NotRequired[bool | None]

    on: NotRequired[str | None]
    """The day of shipment; today without it."""

    destination: str

    exporting_from: NotRequired[str | None]

    headquarters: NotRequired[str | None]
    """Country of the ultimate parent."""

    datacentre: NotRequired[bool | None]
    """Whether it is designed or marketed for data centres."""

    uses: NotRequired[list[str]]

    exporter: NotRequired[str | None]


class ControlsPart(Part):
    """The operations below /api/v1/controls."""

    def list_alternatives(self, *, destination: str, on: str | None = None, exporting_from: str | None = None) -> Rows:
        """Tell what is sold to a destination by a day, the easiest way first.

        Scope: `compliance`.
        """
        asked = Asked(
            "GET",
            "controls/alternatives",
            query={"destination": destination, "on": on, "exporting_from": exporting_from},
        )
        return cast("Rows", self._connection.document(asked))

    def read_comparison(
        self, *, chip: str, destination: str, on: str, until: str, exporting_from: str | None = None
    ) -> Printed:
        """Tell how the answer for an accelerator changed between two days, and what changed it.

        Scope: `compliance`.
        """
        asked = Asked(
            "GET",
            "controls/comparisons",
            query={
                "chip": chip,
                "destination": destination,
                "on": on,
                "until": until,
                "exporting_from": exporting_from,
            },
        )
        return cast("Printed", self._connection.document(asked))

    def determine_controls(self, body: ComplianceAsked) -> Determined:
        """Say which paragraph, which authorisation and which review policy, with every source; nothing is kept.

        Scope: `compliance`.
        """
        asked = Asked("POST", "controls/determinations", headers=typed(JSON), content=json_of(body))
        return cast("Determined", self._connection.document(asked))

    def determine_rows(
        self, file: Path | bytes | IO[bytes], *, kind: Literal["text/csv", "application/x-ndjson"]
    ) -> Download:
        """Answer a file of questions, one a row (CSV or NDJSON): a JSON object a row, with its faults if any.

        Scope: `compliance`.
        """
        asked = Asked("POST", "controls/determinations/rows", headers=typed(kind), content=file)
        return self._connection.file(asked)

    def list_controlled_items(self) -> Rows:
        """List the accelerators of the catalogue.

        Scope: `compliance`.
        """
        asked = Asked("GET", "controls/items")
        return cast("Rows", self._connection.document(asked))

    def read_controlled_item(self, chip: str) -> Printed:
        """Show an accelerator with its figures; what is not published is named as missing.

        Scope: `compliance`.
        """
        asked = Asked("GET", path_of("controls/items/{chip}", chip=chip))
        return cast("Printed", self._connection.document(asked))
