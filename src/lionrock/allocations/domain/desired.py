"""What a cluster should hold, out of the awards, pools and people as they are at an instant."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
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
    HELD = "held"
    GATED = "gated"
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
    use its nodes while they are idle. `held` says that its holder is blocked while something is checked,
    `gated` that the responsible-AI gate holds it until what binds before the first job is settled.
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
    held: bool = False
    gated: bool = False
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
        if self.suspended:
            return Standing.SUSPENDED
        if self.held:
            return Standing.HELD
        return Standing.GATED if self.gated else Standing.OPEN


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


@dataclass(frozen=True, slots=True)
class Placed:
    """A grant, and the pools of the cluster that offer its item; all count it alike."""

    grant: Grant
    pools: tuple[PoolTerms, ...]

    @property
    def pool(self) -> PoolTerms:
        """The first of them, for what is the same in all."""
        return self.pools[0]

    @property
    def nodes(self) -> int:
        """How many whole nodes a lease fills; 0 where it does not fill them, or is none."""
        if not self.grant.lease or not self.pool.devices_per_node:
            return 0
        nodes, rest = divmod(self.grant.count * self.pool.devices_per_unit, self.pool.devices_per_node)
        return 0 if rest else nodes

    def is_kept(self, now: datetime) -> bool:
        """Tell whether nodes are kept for it, or will be: of a lease until its end, suspended or not."""
        return self.nodes > 0 and self.grant.standing(now) not in OVER

    def lends(self, now: datetime) -> bool:
        """Tell whether its nodes are lent while they are idle."""
        return self.grant.lends and self.is_kept(now)

    def lenders(self, placed: Iterable[Placed], now: datetime) -> list[Placed]:
        """Return whose idle nodes it may use: a metered award that is open, those of its own device."""
        if self.grant.lease or self.grant.standing(now) is not Standing.OPEN:
            return []
        return [other for other in placed if other.lends(now) and other.pool.device == self.pool.device]


def desired_state(programme: str, grants: Iterable[Grant], pools: Sequence[PoolTerms], now: datetime) -> Desired:
    """Return what a cluster should hold at `now`: programme > organisation > award, each award with its QOS.

    An award whose item no pool of the cluster offers has no account there.
    """
    offered = _by_item(pools)
    alike = {item: rows for item, rows in offered.items() if len({_counted(row) for row in rows}) == 1}
    known = sorted((grant for grant in grants if grant.item in offered), key=lambda grant: grant.award)
    placed = [Placed(grant, alike[grant.item]) for grant in known if grant.item in alike]
    accounts = {programme_account(programme): Account(programme_account(programme), "")}
    associations: dict[tuple[str, str, str], Association] = {}
    needed: set[str] = set()
    for each in placed:
        for account, where in _accounts(programme, each, each.lenders(placed, now)):
            accounts[account.name] = account
            needed |= {account.name} if each.grant.standing(now) not in OVER else set()
            associations |= {right.key: right for right in _associations(account, each.grant, where)}
    state = ClusterState(accounts, associations, _all_qos(programme, placed, pools, now), _reservations(placed, now))
    notes = (*_unsound(known, alike), *_mixed(pools), *_by_card(placed, now))
    return Desired(programme, state, frozenset(needed), notes)


def _by_item(pools: Sequence[PoolTerms]) -> dict[str, tuple[PoolTerms, ...]]:
    items = dict.fromkeys(pool.item for pool in pools if pool.item)
    return {item: tuple(pool for pool in pools if pool.item == item) for item in items}


def _counted(pool: PoolTerms) -> tuple[str, int]:
    """Return what the pools of an item must agree on; else no limit could say what it is."""
    return (pool.device, pool.devices_per_unit)


def _accounts(programme: str, placed: Placed, lenders: Sequence[Placed]) -> Iterator[tuple[Account, set[str]]]:
    """Yield the accounts of an award from the root on, each with the partitions in which jobs may run under it."""
    grant = placed.grant
    organisation = organisation_account(programme, grant.organisation)
    own, name = qos_of(grant.award), account_of(grant.award)
    yield Account(organisation, programme_account(programme)), set()
    bounded = Account(name, organisation, frozenset({own}), own, minutes=_minutes(placed))
    yield bounded, {pool.partition for pool in placed.pools}
    if lenders:
        lent = lent_qos(programme)
        borrowing = Account(lent_account_of(grant.award), name, frozenset({lent}), lent)
        yield borrowing, {lender.pool.partition for lender in lenders}


def _associations(account: Account, grant: Grant, partitions: Iterable[str]) -> list[Association]:
    """Return who may submit under an account, and where: each user in each partition."""
    return [
        Association(user, account.name, partition, account.qos, account.default_qos)
        for partition in sorted(partitions)
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


def _minutes(placed: Placed) -> dict[str, int]:
    minutes = device_minutes(placed.grant.device_seconds, placed.pool.devices_per_unit)
    return dict.fromkeys(counted_as(placed.pool.device), minutes)


def _all_qos(programme: str, placed: Sequence[Placed], pools: Sequence[PoolTerms], now: datetime) -> dict[str, Qos]:
    found = {qos_of(each.grant.award): _qos(programme, each, pools, now) for each in placed}
    if any(each.lends(now) for each in placed):
        found[lent_qos(programme)] = Qos(lent_qos(programme), requeued=True)
    return found


def _qos(programme: str, placed: Placed, pools: Sequence[PoolTerms], now: datetime) -> Qos:
    grant, pool = placed.grant, placed.pool
    devices = dict.fromkeys(counted_as(pool.device), grant.count * pool.devices_per_unit)
    return Qos(
        qos_of(grant.award),
        devices=devices | _none_of_others(placed, pools),
        minutes=_minutes(placed),
        closed=grant.standing(now) is not Standing.OPEN,
        preempts=frozenset({lent_qos(programme)}) if placed.lends(now) else frozenset(),
    )


def _none_of_others(placed: Placed, pools: Sequence[PoolTerms]) -> dict[str, int]:
    """Return a limit of none on devices of other types that stand in the same partitions."""
    partitions = {pool.partition for pool in placed.pools}
    others = {pool.device for pool in pools if pool.partition in partitions and pool.device != placed.pool.device}
    return dict.fromkeys((other for other in sorted(others) if ":" in other), 0)


def _reservations(placed: Sequence[Placed], now: datetime) -> dict[str, Reservation]:
    """Return the nodes kept for leases, and whom else they let in."""
    borrowers: dict[str, set[str]] = defaultdict(set)
    for each in placed:
        for lender in each.lenders(placed, now):
            borrowers[lender.grant.award].add(lent_account_of(each.grant.award))
    found = {}
    for each in placed:
        grant, name = each.grant, account_of(each.grant.award)
        if each.is_kept(now):
            accounts = frozenset({name, *borrowers[grant.award]})
            found[name] = Reservation(name, accounts, each.pool.partition, each.nodes, grant.starts, grant.ends)
    return found


def _unsound(grants: Iterable[Grant], alike: Mapping[str, object]) -> list[Message]:
    return [
        message(
            gettext_noop(
                "{item} is offered by pools that count it differently, so no limit can say what it is. Its awards are "
                "left alone on this cluster until all pools of {item} name one device and one number in a unit."
            ),
            item=item,
        )
        for item in sorted({grant.item for grant in grants if grant.item not in alike})
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


def _by_card(placed: Iterable[Placed], now: datetime) -> list[Message]:
    return [
        message(
            gettext_noop(
                "{award} leases {count} of {item}, which do not fill whole nodes. Slurm reserves whole nodes, so its "
                "number is kept as a limit and nothing is set aside for it."
            ),
            award=each.grant.award,
            count=each.grant.count,
            item=each.grant.item,
        )
        for each in placed
        if each.grant.lease and not each.nodes and each.grant.standing(now) not in OVER
    ]
