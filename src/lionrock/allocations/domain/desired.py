"""What a cluster should hold, out of the awards, pools and people as they are at an instant."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final

from lionrock.allocations.domain.cluster import Account, Association, ClusterState, Qos, Reservation
from lionrock.allocations.domain.naming import (
    account_of,
    lent_account_of,
    lent_qos,
    organisation_account,
    programme_account,
    qos_of,
)
from lionrock.kernel.messages import Message, gettext_noop, message

SECONDS_PER_MINUTE: Final = 60


class Standing(StrEnum):
    """Whether jobs can be submitted under an award on a cluster, and why not."""

    OPEN = "open"
    NOT_BEGUN = "not begun"
    OVER = "over"
    SUSPENDED = "suspended"
    CLOSED = "closed"


OVER: Final = (Standing.OVER, Standing.CLOSED)


@dataclass(frozen=True, slots=True)
class PoolTerms:
    """A partition whose devices are sold as `item`; one unit of it is `devices_per_unit` of them."""

    partition: str
    item: str
    device: str
    devices_per_unit: int
    devices_per_node: int = 0


@dataclass(frozen=True, slots=True)
class Grant:
    """What an award gives at an instant: `count` units at once, `device_seconds` of units over its life.

    `users` are the accounts on the cluster that may submit. `lends` says that its holder lets others
    use its nodes while they are idle.
    """

    award: str
    organisation: str
    item: str
    count: int
    device_seconds: int
    starts: datetime
    ends: datetime
    lease: bool = False
    suspended: bool = False
    closed: bool = False
    users: frozenset[str] = frozenset()
    lends: bool = False

    def standing(self, now: datetime) -> Standing:
        """Tell whether it can be used at an instant."""
        if self.closed:
            return Standing.CLOSED
        if now < self.starts:
            return Standing.NOT_BEGUN
        if now >= self.ends:
            return Standing.OVER
        return Standing.SUSPENDED if self.suspended else Standing.OPEN


@dataclass(frozen=True, slots=True)
class Desired:
    """What a cluster should hold, and what cannot be had there, or only in part, in plain sentences.

    `needed` are the accounts that are made where they are missing; the others belong to awards that
    are over, and are kept as they are where they exist.
    """

    programme: str
    state: ClusterState
    needed: frozenset[str] = frozenset()
    notes: tuple[Message, ...] = ()


def desired_state(programme: str, grants: Iterable[Grant], pools: Sequence[PoolTerms], now: datetime) -> Desired:
    """Return what a cluster should hold at `now`: programme > organisation > award, each award with its QOS.

    An award whose item no pool of the cluster offers has no account there.
    """
    offered = _by_item(pools)
    placed = [(grant, offered[grant.item]) for grant in sorted(grants, key=lambda each: each.award)
              if grant.item in offered]  # fmt: skip
    sound = [(grant, rows) for grant, rows in placed if _counts_alike(rows)]
    lending = any(_is_lent(grant, rows, now) for grant, rows in sound)
    accounts = {programme_account(programme): Account(programme_account(programme), "")}
    qos: dict[str, Qos] = {}
    associations: dict[tuple[str, str, str], Association] = {}
    needed: set[str] = set()
    if sound and lending:
        qos[lent_qos(programme)] = Qos(lent_qos(programme), requeued=True)
    for grant, rows in sound:
        for account in _accounts(programme, grant, rows[0], lending and _borrows(grant, now)):
            accounts[account.name] = account
            needed |= {account.name} if grant.standing(now) not in OVER else set()
            associations |= {each.key: each for each in _associations(account, grant, rows)}
        qos[qos_of(grant.award)] = _qos(programme, grant, rows, pools, now, lends=_is_lent(grant, rows, now))
    reservations = _reservations(sound, now)
    notes = [*_unsound(placed), *_mixed(pools), *_by_card(sound, now)]
    state = ClusterState(accounts, associations, qos, reservations)
    return Desired(programme, state, frozenset(needed), tuple(notes))


def _by_item(pools: Sequence[PoolTerms]) -> Mapping[str, list[PoolTerms]]:
    found: dict[str, list[PoolTerms]] = defaultdict(list)
    for pool in pools:
        if pool.item:
            found[pool.item].append(pool)
    return found


def _counts_alike(pools: Sequence[PoolTerms]) -> bool:
    """Tell whether the pools of an item agree on what is counted; else no limit could say what it is."""
    return len({(pool.device, pool.devices_per_unit) for pool in pools}) == 1


def _is_lent(grant: Grant, pools: Sequence[PoolTerms], now: datetime) -> bool:
    return grant.lends and grant.lease and now < grant.ends and not grant.closed and _nodes(grant, pools[0]) > 0


def _borrows(grant: Grant, now: datetime) -> bool:
    """Tell whether an award may use what others lend: a metered one that is open."""
    return not grant.lease and grant.standing(now) is Standing.OPEN


def _accounts(programme: str, grant: Grant, pool: PoolTerms, borrows: bool) -> list[Account]:
    organisation = organisation_account(programme, grant.organisation)
    own, name = qos_of(grant.award), account_of(grant.award)
    found = [
        Account(organisation, programme_account(programme)),
        Account(name, organisation, frozenset({own}), own, minutes=_minutes(grant, pool)),
    ]
    if borrows:
        lent = lent_qos(programme)
        found.append(Account(lent_account_of(grant.award), name, frozenset({lent}), lent))
    return found


def _associations(account: Account, grant: Grant, pools: Sequence[PoolTerms]) -> list[Association]:
    """Return who may submit under an account, and where: each user in each partition of the item."""
    if not account.qos:
        return []
    return [
        Association(user, account.name, pool.partition, account.qos, account.default_qos)
        for pool in pools
        for user in sorted(grant.users)
    ]


def counted_as(device: str) -> tuple[str, ...]:
    """Return the TRES under which Slurm counts a device: a GPU of a type is counted as a GPU too.

    A job that asks for GPUs without a type is checked only against the limit on "gres/gpu", so a typed
    limit alone would let it through: both are set, alike.
    """
    kind = device.partition(":")[0]
    return (device,) if kind == device else (device, kind)


def device_minutes(device_seconds: int, devices_per_unit: int) -> int:
    """Return the device-minutes in so many seconds of a unit, rounded DOWN: a limit never exceeds its quota."""
    return device_seconds * devices_per_unit // SECONDS_PER_MINUTE


def _minutes(grant: Grant, pool: PoolTerms) -> dict[str, int]:
    return dict.fromkeys(counted_as(pool.device), device_minutes(grant.device_seconds, pool.devices_per_unit))


def _qos(
    programme: str, grant: Grant, rows: Sequence[PoolTerms], pools: Sequence[PoolTerms], now: datetime, *, lends: bool
) -> Qos:
    pool = rows[0]
    counted = counted_as(pool.device)
    return Qos(
        qos_of(grant.award),
        devices=dict.fromkeys(counted, grant.count * pool.devices_per_unit) | _none_of_others(rows, pools),
        minutes=_minutes(grant, pool),
        closed=grant.standing(now) is not Standing.OPEN,
        preempts=frozenset({lent_qos(programme)}) if lends else frozenset(),
    )


def _none_of_others(rows: Sequence[PoolTerms], pools: Sequence[PoolTerms]) -> dict[str, int]:
    """Return a limit of none on devices of other types that stand in the same partitions."""
    partitions, device = {pool.partition for pool in rows}, rows[0].device
    others = {pool.device for pool in pools if pool.partition in partitions and pool.device != device}
    return {other: 0 for other in sorted(others) if ":" in other}


def _nodes(grant: Grant, pool: PoolTerms) -> int:
    """Return how many whole nodes a lease fills; 0 where it does not fill them."""
    if not pool.devices_per_node:
        return 0
    nodes, rest = divmod(grant.count * pool.devices_per_unit, pool.devices_per_node)
    return 0 if rest else nodes


def _reservations(placed: Sequence[tuple[Grant, Sequence[PoolTerms]]], now: datetime) -> dict[str, Reservation]:
    """Return the nodes kept for leases; suspended or not, for a lease is billed all the same."""
    lenders = any(_is_lent(grant, rows, now) for grant, rows in placed)
    borrowers = frozenset(
        lent_account_of(grant.award) for grant, _ in placed if lenders and _borrows(grant, now)
    )  # fmt: skip
    found = {}
    for grant, rows in placed:
        nodes = _nodes(grant, rows[0])
        if grant.lease and nodes and not grant.closed and now < grant.ends:
            name = account_of(grant.award)
            accounts = frozenset({name}) | (borrowers if _is_lent(grant, rows, now) else frozenset())
            found[name] = Reservation(name, accounts, rows[0].partition, nodes, grant.starts, grant.ends)
    return found


def _unsound(placed: Iterable[tuple[Grant, Sequence[PoolTerms]]]) -> list[Message]:
    items = sorted({grant.item for grant, rows in placed if not _counts_alike(rows)})
    return [
        message(
            gettext_noop(
                "{item} is offered by pools that count it differently, so no limit can say what it is. Its awards are "
                "left alone on this cluster until all pools of {item} name one device and one number in a unit."
            ),
            item=item,
        )
        for item in items
    ]


def _mixed(pools: Sequence[PoolTerms]) -> list[Message]:
    devices: dict[str, set[str]] = defaultdict(set)
    for pool in pools:
        if ":" in pool.device:
            devices[pool.partition].add(pool.device)
    return [
        message(
            gettext_noop(
                "Partition {partition} has devices of several types ({devices}). A job there that names no type is "
                "bounded in number, not in type. Give each type a partition of its own."
            ),
            partition=partition,
            devices=", ".join(sorted(found)),
        )
        for partition, found in sorted(devices.items())
        if len(found) > 1
    ]


def _by_card(placed: Iterable[tuple[Grant, Sequence[PoolTerms]]], now: datetime) -> list[Message]:
    return [
        message(
            gettext_noop(
                "{award} leases {count} of {item}, which do not fill whole nodes. Slurm reserves whole nodes, so its "
                "number is kept as a limit and nothing is set aside for it."
            ),
            award=grant.award,
            count=grant.count,
            item=grant.item,
        )
        for grant, rows in placed
        if grant.lease and not grant.closed and now < grant.ends and not _nodes(grant, rows[0])
    ]
