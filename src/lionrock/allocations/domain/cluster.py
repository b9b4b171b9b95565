"""What a cluster holds of ours: accounts, QOS, associations and reservations, desired or read.

The words are Slurm's. A TRES is what it counts: "cpu", "gres/gpu", "gres/gpu:h800". A limit that is
not set is absent from a mapping, or None.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

FLAGS: Final = frozenset({"NoDecay", "OverPartQOS"})
"""What makes a QOS a budget: its counted use never fades, and no QOS of a partition hides its limits."""


@dataclass(frozen=True, slots=True)
class Account:
    """A node of the tree. `qos` empty: not ours to say (programme and organisation run nothing).

    `closed`: no job can be submitted under it nor start (GrpSubmitJobs=0, GrpJobs=0); None where it is
    so in part, which is never desired. `minutes` bound whatever runs under it or below it by another QOS:
    on lent nodes. They are ours to say where `qos` is.
    """

    name: str
    parent: str
    qos: frozenset[str] = frozenset()
    default_qos: str = ""
    closed: bool | None = False
    minutes: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Association:
    """The right of a user to submit under an account in a partition; `closed`: not any more."""

    user: str
    account: str
    partition: str
    qos: frozenset[str] = frozenset()
    default_qos: str = ""
    closed: bool | None = False

    @property
    def key(self) -> tuple[str, str, str]:
        """What makes it one: account, user and partition."""
        return (self.account, self.user, self.partition)


@dataclass(frozen=True, slots=True)
class Qos:
    """The bounds of an award: devices at once, device-minutes in all; `closed` as of an account.

    `preempts` are the QOS whose jobs make room for its own; `requeued`: its jobs are what makes room,
    and are put back into the queue then.
    """

    name: str
    devices: Mapping[str, int] = field(default_factory=dict)
    minutes: Mapping[str, int] = field(default_factory=dict)
    closed: bool | None = False
    flags: frozenset[str] = FLAGS
    usage_factor: str = "1"
    preempts: frozenset[str] = frozenset()
    requeued: bool = False


@dataclass(frozen=True, slots=True)
class Reservation:
    """Nodes that only some accounts may use, from `start` up to `end` (UTC)."""

    name: str
    accounts: frozenset[str]
    partition: str
    nodes: int
    start: datetime
    end: datetime


@dataclass(frozen=True, slots=True)
class ClusterState:
    """All of it, by name; associations by account, user and partition."""

    accounts: Mapping[str, Account] = field(default_factory=dict)
    associations: Mapping[tuple[str, str, str], Association] = field(default_factory=dict)
    qos: Mapping[str, Qos] = field(default_factory=dict)
    reservations: Mapping[str, Reservation] = field(default_factory=dict)

    def is_under(self, name: str, ancestors: Collection[str]) -> bool:
        """Tell whether an account is one of those, or stands below one."""
        seen: set[str] = set()
        while name and name not in ancestors and name not in seen:
            seen.add(name)
            name = self.accounts[name].parent if name in self.accounts else ""
        return name in ancestors
