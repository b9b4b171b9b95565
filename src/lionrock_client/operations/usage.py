"""Usage: types and operations. Written by docs/reference/client.py; run `make reference`."""

from __future__ import annotations

from pathlib import Path
from typing import IO, Any, Literal, TypedDict, cast

from lionrock_client.calling import Part, keyed, typed
from lionrock_client.connection import Asked
from lionrock_client.documents import Items
from lionrock_client.operations.shared import Rows


class HeldShown(TypedDict):
    """A row that could not be taken in: where it stands, in which field what was wrong, and why."""

    file: str

    line: int

    code: str

    field: str | None

    value: str | None

    reason: str

    raw: str


class ImportShown(TypedDict):
    """An import."""

    programme: str

    file: str

    started_at: str

    finished_at: str | None

    rows: int | None

    new: int | None

    repeated: int | None

    held: int | None


class Imported(TypedDict):
    """What became of the rows: new, repeated, held, or passed over for a reason."""

    file: str

    digest: str

    rows: int

    new: int

    repeated: int

    held: int

    skipped: dict[str, int]

    first_held: list[HeldShown]
    """The first 100; all are under /usage/held."""


class ListedHeldShown(TypedDict):
    """ListedHeldShown."""

    items: list[HeldShown]

    next: str | None
    """The cursor of the next piece; null behind the last."""


class ListedImportShown(TypedDict):
    """ListedImportShown."""

    items: list[ImportShown]

    next: str | None
    """The cursor of the next piece; null behind the last."""


class StepsShown(TypedDict):
    """Use against capacity over time, a row for each step of the period and kind of device, in device-seconds."""

    items: list[dict[str, Any]]


class UsageReportShown(TypedDict):
    """Use against capacity, a row for each of what it is added up by, in device-seconds."""

    items: list[dict[str, Any]]


class UsagePart(Part):
    """The operations below /api/v1/usage."""

    def read_efficiency(self, *, first: str | None = None, last: str | None = None) -> Rows:
        """Tell how much of what jobs held they used.

        Scope: `read`.
        """
        asked = Asked("GET", "usage/efficiency", query={"first": first, "last": last})
        return cast("Rows", self._connection.document(asked))

    def list_held(self, *, limit: int | None = None, cursor: str | None = None) -> Items[HeldShown]:
        """List the rows that could not be taken in, with line and reason.

        Scope: `read`.
        """
        asked = Asked("GET", "usage/held", query={"limit": limit, "cursor": cursor})
        return self._items(asked)

    def read_idle(self, *, below: str | None = None) -> Rows:
        """List the awards that used less than a part of what was planned.

        Scope: `read`.
        """
        asked = Asked("GET", "usage/idle", query={"below": below})
        return cast("Rows", self._connection.document(asked))

    def import_usage(
        self,
        file: Path | bytes | IO[bytes],
        *,
        kind: Literal[
            "text/csv",
            "application/x-ndjson",
            "text/plain",
            "application/gzip",
            "application/octet-stream",
            "application/vnd.apache.parquet",
        ],
        programme: str,
        site: str,
        name: str | None = None,
        form: Literal["sacct", "swf", "parquet", "csv", "ndjson"] | None = None,
        items: list[str] | None = None,
        accounts: list[str] | None = None,
        account_column: str | None = None,
        all_accounts: str | None = None,
        epoch: str | None = None,
        month: str | None = None,
        zone: str | None = None,
        revision: int | None = None,
        interim_until: str | None = None,
        whole: bool | None = None,
        key: str | None = None,
    ) -> Imported:
        """Import a file of use: sacct (parsable), Standard Workload Format, Parquet, or our CSV or NDJSON.

        A row that cannot be taken in is held with its reason and the others go on; with `whole` nothing is
        taken in then. All of a file is one transaction: broken off anywhere it has left nothing, and the same
        `Idempotency-Key` again does it, or tells what was done. The same file again changes nothing.

        Scope: `usage`.
        """
        asked = Asked(
            "POST",
            "usage/imports",
            query={
                "programme": programme,
                "site": site,
                "name": name,
                "form": form,
                "items": items,
                "accounts": accounts,
                "account_column": account_column,
                "all_accounts": all_accounts,
                "epoch": epoch,
                "month": month,
                "zone": zone,
                "revision": revision,
                "interim_until": interim_until,
                "whole": whole,
            },
            headers=typed(kind) | keyed(key),
            content=file,
        )
        return cast("Imported", self._connection.document(asked))

    def list_imports(self, *, limit: int | None = None, cursor: str | None = None) -> Items[ImportShown]:
        """List the files that were imported, the newest first.

        Scope: `read`.
        """
        asked = Asked("GET", "usage/imports", query={"limit": limit, "cursor": cursor})
        return self._items(asked)

    def report_usage(
        self,
        *,
        from_: str | None = None,
        to: str | None = None,
        by: Literal["site", "pool", "programme", "category", "award"] | None = None,
        site: str | None = None,
    ) -> UsageReportShown:
        """Tell how much was used of which capacity in a period.

        Scope: `read`.
        """
        asked = Asked("GET", "usage/report", query={"from": from_, "to": to, "by": by, "site": site})
        return cast("UsageReportShown", self._connection.document(asked))

    def report_steps(
        self,
        *,
        from_: str | None = None,
        to: str | None = None,
        by: Literal["site", "pool", "programme", "category", "award"] | None = None,
        site: str | None = None,
    ) -> StepsShown:
        """Tell how much was used in each day or month of a period, by kind of device.

        Scope: `read`.
        """
        asked = Asked("GET", "usage/steps", query={"from": from_, "to": to, "by": by, "site": site})
        return cast("StepsShown", self._connection.document(asked))

    def read_waits(self, *, first: str | None = None, last: str | None = None) -> Rows:
        """Tell how long jobs waited, by what they asked for.

        Scope: `read`.
        """
        asked = Asked("GET", "usage/waits", query={"first": first, "last": last})
        return cast("Rows", self._connection.document(asked))
