"""Sites: types and operations. Written by docs/reference/client.py; run `make reference`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NotRequired, TypedDict, cast

from lionrock_client.calling import JSON, Part, json_of, keyed, typed, unchanged
from lionrock_client.connection import Asked, path_of
from lionrock_client.documents import Items
from lionrock_client.operations.shared import Printed, Rows


class AddLoginAsked(TypedDict):
    """AddLoginAsked."""

    person: str

    username: str


class AddPoolAsked(TypedDict):
    """AddPoolAsked."""

    partition: str

    device: str

    item: str

    devices_per_unit: NotRequired[int]

    name: NotRequired[str]


class ConnectSiteAsked(TypedDict):
    """ConnectSiteAsked."""

    connection: dict[str, Any]


class DiscoverSiteAsked(TypedDict):
    """DiscoverSiteAsked."""

    apply: NotRequired[bool]


class ListedLoginShown(TypedDict):
    """ListedLoginShown."""

    items: list[LoginShown]

    next: str | None
    """The cursor of the next piece; null behind the last."""


class ListedPoolShown(TypedDict):
    """ListedPoolShown."""

    items: list[PoolShown]

    next: str | None
    """The cursor of the next piece; null behind the last."""


class LoginShown(TypedDict):
    """A person's account on a cluster. Who has none runs as the service's own user there."""

    site: str

    person: str

    username: str

    created_at: str


class PoolShown(TypedDict):
    """A partition of a site, and which price item its devices are."""

    site: str

    name: str

    partition: str

    item: str

    device: str

    devices_per_unit: int

    nodes: int

    devices_per_node: int

    measured_at: str | None


class RegisterSiteAsked(TypedDict):
    """RegisterSiteAsked."""

    code: str

    name: str

    programme: str

    driver: str

    time_zone: NotRequired[str]

    name_zh_hant: NotRequired[str]

    name_zh_hans: NotRequired[str]


class SiteDone(TypedDict):
    """SiteDone."""

    changes: list[Any]

    left: list[Any]

    notes: list[str]


class SiteLookedAfter(TypedDict):
    """A place where a programme's jobs run, and the driver that speaks to it."""

    code: str

    name: str

    name_zh_hant: str

    name_zh_hans: str

    time_zone: str

    programme: str

    driver: str

    seen: Any

    seen_at: str | None


class SiteShown(TypedDict):
    """A place where work runs."""

    code: str

    name: str

    programme: str

    driver: str


class Sites(TypedDict):
    """All sites."""

    items: list[SiteShown]


class SitesPart(Part):
    """The operations below /api/v1/sites."""

    def list_sites(self) -> Sites:
        """List the sites where work runs.

        Scope: `read`.
        """
        asked = Asked("GET", "sites")
        return cast("Sites", self._connection.document(asked))

    def register_site(self, body: RegisterSiteAsked, *, key: str | None = None) -> SiteLookedAfter:
        """Put a site on file; without a time zone it takes the programme's. Takes the role cluster_admin.

        Raises `NotFound` for an unknown programme, `Invalid` with every fault of the input, `Conflict`
        when the code is taken.

        Scope: `sites`.
        """
        asked = Asked("POST", "sites", headers=typed(JSON) | keyed(key), content=json_of(body))
        return cast("SiteLookedAfter", self._connection.document(asked))

    def read_site(self, code: str) -> SiteLookedAfter:
        """Show a site that one looks after.

        Scope: `read`.
        """
        asked = Asked("GET", path_of("sites/{code}", code=code))
        return cast("SiteLookedAfter", self._connection.document(asked))

    def connect_site(
        self, code: str, body: ConnectSiteAsked, *, read: Mapping[str, Any] | str | None = None, key: str | None = None
    ) -> SiteLookedAfter:
        """Say how a cluster is reached, in place of what was said before. Takes the role cluster_admin.

        Raises `Invalid` with every fault of the connection (its keys are in `domain/connections.py`).

        Scope: `sites`.
        """
        asked = Asked(
            "POST",
            path_of("sites/{code}/connect", code=code),
            headers=typed(JSON) | keyed(key) | unchanged(read),
            content=json_of(body),
        )
        return cast("SiteLookedAfter", self._connection.document(asked))

    def read_counted_use(self, code: str) -> Rows:
        """Show what a cluster has counted of each award beside what is booked, in device-minutes.

        Scope: `read`.
        """
        asked = Asked("GET", path_of("sites/{code}/counted", code=code))
        return cast("Rows", self._connection.document(asked))

    def discover_site(
        self, code: str, body: DiscoverSiteAsked, *, read: Mapping[str, Any] | str | None = None, key: str | None = None
    ) -> SiteDone:
        """Ask a cluster what it has and note it; with `apply` put pools that are new or changed on file.

        What a pool is sold as is never changed, and a pool that is gone stays on file with no nodes.
        Takes the role cluster_admin. Raises `Unavailable` when the cluster does not answer or is not
        connected.

        Scope: `sites`.
        """
        asked = Asked(
            "POST",
            path_of("sites/{code}/discover", code=code),
            headers=typed(JSON) | keyed(key) | unchanged(read),
            content=json_of(body),
        )
        return cast("SiteDone", self._connection.document(asked))

    def add_login(
        self, code: str, body: AddLoginAsked, *, read: Mapping[str, Any] | str | None = None, key: str | None = None
    ) -> LoginShown:
        """Say which account a person has on a cluster. Takes the role cluster_admin.

        The account must have been made there before: nothing is made on the cluster. Raises `NotFound`
        for a person who is not on file, `Invalid` for a name that no account can have, `Conflict` when
        the person has one there, or somebody else has this one.

        Scope: `sites`.
        """
        asked = Asked(
            "POST",
            path_of("sites/{code}/logins", code=code),
            headers=typed(JSON) | keyed(key) | unchanged(read),
            content=json_of(body),
        )
        return cast("LoginShown", self._connection.document(asked))

    def list_logins(self, code: str, *, limit: int | None = None, cursor: str | None = None) -> Items[LoginShown]:
        """List who has a login at a site.

        Scope: `read`.
        """
        asked = Asked("GET", path_of("sites/{code}/logins", code=code), query={"limit": limit, "cursor": cursor})
        return self._items(asked)

    def read_plan(self, code: str) -> Printed:
        """Tell what a push would change on a cluster, and whether somebody changed it by hand; nothing is changed.

        Scope: `read`.
        """
        asked = Asked("GET", path_of("sites/{code}/plan", code=code))
        return cast("Printed", self._connection.document(asked))

    def add_pool(
        self, code: str, body: AddPoolAsked, *, read: Mapping[str, Any] | str | None = None, key: str | None = None
    ) -> PoolShown:
        """Say as which price item the devices of a partition are sold, or say it anew. Takes the role cluster_admin.

        `device` is the cluster's word with its type (“gres/gpu:h800”, “cpu”), `devices_per_unit` how many
        are one unit of the item. Raises `Invalid` with every fault. How many nodes there are is found by
        `discover_site`.

        Scope: `sites`.
        """
        asked = Asked(
            "POST",
            path_of("sites/{code}/pools", code=code),
            headers=typed(JSON) | keyed(key) | unchanged(read),
            content=json_of(body),
        )
        return cast("PoolShown", self._connection.document(asked))

    def list_pools(self, code: str, *, limit: int | None = None, cursor: str | None = None) -> Items[PoolShown]:
        """List the pools of a site.

        Scope: `read`.
        """
        asked = Asked("GET", path_of("sites/{code}/pools", code=code), query={"limit": limit, "cursor": cursor})
        return self._items(asked)

    def push_site(self, code: str, *, read: Mapping[str, Any] | str | None = None, key: str | None = None) -> SiteDone:
        """Bring a site's cluster to hold what awards give; takes the role cluster_admin or office.

        Raises `NotFound`, `Conflict` while somebody else is at it, `Unavailable` when the cluster is away:
        nothing is lost then, as what it should hold is made anew each time.

        Scope: `sites`.
        """
        asked = Asked("POST", path_of("sites/{code}/push", code=code), headers=keyed(key) | unchanged(read))
        return cast("SiteDone", self._connection.document(asked))
