"""From what a cluster holds to what it should hold: the changes, in the order in which they are made.

QOS come first, so that no account ever stands without its bounds; then the tree from the root on,
then people, then reservations. Only what stands under the programme's account, or under one that we
once made, is touched.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from lionrock.allocations.domain.changes import (
    Change,
    add_account,
    add_association,
    add_qos,
    add_reservation,
    bar_account,
    bar_association,
    bind_account,
    bind_association,
    delete_reservation,
    limit_account,
    modify_qos,
    modify_reservation,
    move_account,
)
from lionrock.allocations.domain.cluster import Account, ClusterState
from lionrock.allocations.domain.desired import Desired
from lionrock.allocations.domain.naming import award_of, programme_account
from lionrock.kernel.messages import Message, gettext_noop, message


@dataclass(frozen=True, slots=True)
class Plan:
    """What has to be done, in this order, and what cannot be, in plain sentences."""

    changes: tuple[Change, ...]
    notes: tuple[Message, ...] = ()


def plan(
    desired: Desired, actual: ClusterState, *, cluster: str, now: datetime, made: frozenset[str] = frozenset()
) -> Plan:
    """Return how to get from `actual` to `desired`.

    `made` are the accounts that we once made: one of them that was moved away by hand is put back. Any
    other account of a name that we need, outside our tree, is somebody else's, and left alone.
    """
    root = programme_account(desired.programme)
    ours = made | {root}
    wanted = desired.state.accounts
    foreign = [name for name in wanted if name in actual.accounts and not actual.is_under(name, ours)]
    left_alone = frozenset(name for name in wanted if desired.state.is_under(name, foreign))
    changes = (
        *_qos(desired, actual, left_alone),
        *_accounts(desired, actual, cluster, left_alone, ours),
        *_associations(desired, actual, cluster, left_alone, ours),
        *_reservations(desired.state, actual, left_alone, now),
    )
    return Plan(changes, (*desired.notes, *(_taken(name, actual.accounts[name], root) for name in sorted(foreign))))


def _taken(name: str, found: Account, root: str) -> Message:
    return message(
        gettext_noop(
            "The account {account} is somebody else's: it stands under {parent}, not under {root}. Nothing of it is "
            "touched. Rename it on the cluster, or move it under {root}."
        ),
        account=name,
        parent=found.parent or "root",
        root=root,
    )


def _qos(desired: Desired, actual: ClusterState, left_alone: frozenset[str]) -> Iterator[Change]:
    """Yield the changes of QOS: those that others preempt first, as a name must exist before it is named."""
    for name, wanted in sorted(desired.state.qos.items(), key=lambda item: (bool(item[1].preempts), item[0])):
        if name in left_alone:
            continue
        found = actual.qos.get(name)
        if found is None and (name in desired.needed or name in actual.accounts or wanted.requeued):
            yield add_qos(wanted)
        if found is not None and (change := modify_qos(found, wanted)):
            yield change


def _accounts(
    desired: Desired, actual: ClusterState, cluster: str, left_alone: frozenset[str], ours: frozenset[str]
) -> Iterator[Change]:
    for wanted in _from_the_root(desired.state):
        if wanted.name in left_alone:
            continue
        found = actual.accounts.get(wanted.name)
        if found is not None:
            yield from _account(cluster, found, wanted)
        elif _is_needed(wanted.name, desired):
            yield add_account(cluster, wanted)
    for name, found in sorted(actual.accounts.items()):
        unknown = name not in desired.state.accounts and actual.is_under(name, ours)
        if unknown and found.closed is not True:
            yield bar_account(cluster, found, closed=True)


def _is_needed(name: str, desired: Desired) -> bool:
    """Tell whether an account is to be made: it is needed itself, or one below it is."""
    return any(desired.state.is_under(needed, (name,)) for needed in desired.needed)


def _from_the_root(desired: ClusterState) -> list[Account]:
    def depth(account: Account) -> int:
        return 1 + depth(desired.accounts[account.parent]) if account.parent in desired.accounts else 0

    return sorted(desired.accounts.values(), key=lambda account: (depth(account), account.name))


def _account(cluster: str, found: Account, wanted: Account) -> Iterator[Change]:
    if wanted.parent and found.parent != wanted.parent:
        yield move_account(cluster, found, wanted)
    if wanted.qos and (found.qos, found.default_qos) != (wanted.qos, wanted.default_qos):
        yield bind_account(cluster, found, wanted)
    if wanted.qos and found.minutes != wanted.minutes:
        yield limit_account(cluster, found, wanted)
    if found.closed is not wanted.closed:
        yield bar_account(cluster, found, closed=bool(wanted.closed))


def _associations(
    desired: Desired, actual: ClusterState, cluster: str, left_alone: frozenset[str], ours: frozenset[str]
) -> Iterator[Change]:
    for key, wanted in sorted(desired.state.associations.items()):
        found = actual.associations.get(key)
        if wanted.account in left_alone:
            continue
        if found is None:
            if wanted.account in actual.accounts or wanted.account in desired.needed:
                yield add_association(cluster, wanted)
            continue
        if (found.qos, found.default_qos) != (wanted.qos, wanted.default_qos):
            yield bind_association(cluster, found, wanted)
        if found.closed is not False:
            yield bar_association(cluster, found, closed=False)
    for key, found in sorted(actual.associations.items()):
        unknown = key not in desired.state.associations and actual.is_under(found.account, ours)
        if unknown and found.closed is not True:
            yield bar_association(cluster, found, closed=True)


def _reservations(
    desired: ClusterState, actual: ClusterState, left_alone: frozenset[str], now: datetime
) -> Iterator[Change]:
    for name, found in sorted(actual.reservations.items()):
        if name in desired.accounts and award_of(name) and name not in {*desired.reservations, *left_alone}:
            yield delete_reservation(found)
    for name, wanted in sorted(desired.reservations.items()):
        if name in left_alone:
            continue
        here = actual.reservations.get(name)
        change = modify_reservation(here, wanted, now) if here else add_reservation(wanted, now)
        if change:
            yield change
