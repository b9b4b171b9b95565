"""Asking a Slurm cluster what it holds, and changing one thing of it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Protocol

from lionrock.allocations.domain.changes import Change
from lionrock.allocations.domain.cluster import ClusterState
from lionrock.allocations.domain.reading import (
    ASSOCIATION_COLUMNS,
    QOS_COLUMNS,
    parse_associations,
    parse_config,
    parse_qos,
    parse_reservations,
    parse_use,
)
from lionrock.kernel.errors import LionrockError, Unavailable


class Programs(Protocol):
    """What runs Slurm's programs: `sites.slurm.commands.Slurm`, or what stands in for it in tests."""

    @property
    def cluster(self) -> str:
        """The cluster's name in its accounting."""
        ...

    def run(
        self, program: str, *arguments: str, user: str | None = None, text: str | None = None, seconds: int = 60
    ) -> str:
        """Return what a program printed; raises `Unavailable` and `Refused`."""
        ...


@dataclass(frozen=True, slots=True)
class Look:
    """What a cluster was found to hold.

    `use` are the device-minutes that it has counted, by QOS. Accounting and scheduling are two
    daemons: where the second one is away, `scheduler_away` says so, and all that only it knows is missing:
    reservations, use and the cluster's configuration.
    """

    state: ClusterState
    use: dict[str, dict[str, int]]
    config: dict[str, str] = field(default_factory=dict)
    scheduler_away: LionrockError | None = None


def look_at(slurm: Programs) -> Look:
    """Ask a cluster what it holds; raises `Unavailable` when its accounting is away or not understood."""
    said = slurm.run(
        "sacctmgr", "-n", "-P", "show", "assoc", *_of(slurm.cluster), f"format={','.join(ASSOCIATION_COLUMNS)}"
    )
    accounts, associations = parse_associations(said)
    qos = parse_qos(slurm.run("sacctmgr", "-n", "-P", "show", "qos", f"format={','.join(QOS_COLUMNS)}"))
    try:
        reservations = parse_reservations(slurm.run("scontrol", "-o", "show", "reservation"))
        use = parse_use(slurm.run("scontrol", "-o", "show", "assoc_mgr", "flags=qos"))
        config = parse_config(slurm.run("scontrol", "show", "config"))
    except Unavailable as away:
        return Look(ClusterState(accounts, associations, qos), {}, scheduler_away=away)
    return Look(ClusterState(accounts, associations, qos, reservations), use, config)


def _of(cluster: str) -> tuple[str, ...]:
    return (f"cluster={cluster}",) if cluster else ()


def make(slurm: Programs, change: Change) -> None:
    """Make one change; that it was made before is no failure. Raises `Refused` and `Unavailable`."""
    slurm.run(change.program, *change.arguments)
