"""Metering: types and operations. Written by docs/reference/client.py; run `make reference`."""

from __future__ import annotations

from typing import Any, NotRequired, TypedDict, cast

from lionrock_client.calling import JSON, Part, json_of, keyed, typed
from lionrock_client.connection import Asked, path_of
from lionrock_client.documents import Items
from lionrock_client.operations.shared import Printed, Rows


class CollectAsked(TypedDict):
    """CollectAsked."""

    since: NotRequired[str | None]

    until: NotRequired[str | None]

    batch: NotRequired[int]


class ListedReconciliationShown(TypedDict):
    """ListedReconciliationShown."""

    items: list[ReconciliationShown]

    next: str | None
    """The cursor of the next piece; null behind the last."""


class MeteringCollected(TypedDict):
    """MeteringCollected."""

    site: str

    tally: dict[str, int]


class ReconcileAsked(TypedDict):
    """ReconcileAsked."""

    start: str

    end: str


class ReconciliationShown(TypedDict):
    """A span of a site's time, mostly a day: whether its totals here are those that Slurm itself reports."""

    site: str

    start: str

    end: str

    checked_at: str

    agrees: bool

    reported: Any

    counted: Any

    charged: Any

    differences: Any


class MeteringPart(Part):
    """The operations below /api/v1/metering."""

    def list_metering(self) -> Rows:
        """Tell how far the accounting of each site was read.

        Scope: `read`.
        """
        asked = Asked("GET", "metering")
        return cast("Rows", self._connection.document(asked))

    def read_metering(self, site: str) -> Printed:
        """Tell how far a site's accounting was read.

        Scope: `read`.
        """
        asked = Asked("GET", path_of("metering/{site}", site=site))
        return cast("Printed", self._connection.document(asked))

    def collect(self, site: str, body: CollectAsked, *, key: str | None = None) -> MeteringCollected:
        """Read what ran at a site since it was last read, up to `now`; takes the role cluster_admin.

        With `since` (and `until`) that span is read, again where it was before; nothing is counted twice.
        Each batch is a transaction of its own, and how far was read moves in that of a window's last: whoever
        is killed goes on where that stands. `progress` is told up to when was read, and how many rows.
        Raises `Unavailable` when the cluster is away, `Refused` when its accounting lacks what is counted.

        Scope: `sites`.
        """
        asked = Asked(
            "POST",
            path_of("metering/{site}/collect", site=site),
            headers=typed(JSON) | keyed(key),
            content=json_of(body),
        )
        return cast("MeteringCollected", self._connection.document(asked))

    def reconcile(self, site: str, body: ReconcileAsked, *, key: str | None = None) -> ReconciliationShown:
        """Compare the device-seconds of a span of whole hours with `sreport`; takes the role cluster_admin.

        Where they differ the span is read again first. What differs then is kept, shown, and told to the
        programme's cluster administrators, once. Raises `Invalid` for parts of hours, `Unavailable` when
        the cluster is away.

        Scope: `sites`.
        """
        asked = Asked(
            "POST",
            path_of("metering/{site}/reconcile", site=site),
            headers=typed(JSON) | keyed(key),
            content=json_of(body),
        )
        return cast("ReconciliationShown", self._connection.document(asked))

    def list_reconciliations(
        self, site: str, *, limit: int | None = None, cursor: str | None = None
    ) -> Items[ReconciliationShown]:
        """List the spans of a site in which what was measured, counted and charged was compared.

        Scope: `read`.
        """
        asked = Asked(
            "GET", path_of("metering/{site}/reconciliations", site=site), query={"limit": limit, "cursor": cursor}
        )
        return self._items(asked)
