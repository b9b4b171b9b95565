"""Asking a cluster what it has."""

from __future__ import annotations

from lionrock.sites.domain.inventory import Inventory, nodes, partitions, settings
from lionrock.sites.slurm.commands import Slurm

SETTINGS = (
    "AccountingStorageEnforce",
    "AccountingStorageTRES",
    "ClusterName",
    "MinJobAge",
    "PreemptMode",
    "PreemptType",
    "PriorityDecayHalfLife",
    "PriorityType",
    "PriorityUsageResetPeriod",
)


def inventory(slurm: Slurm, *, seconds: int = 60) -> Inventory:
    """Return what the cluster has now; raises `Unavailable` when it does not answer within so many seconds."""
    configured = settings(slurm.run("scontrol", "show", "config", seconds=seconds))
    return Inventory(
        nodes=nodes(slurm.run("scontrol", "-o", "show", "node", seconds=seconds)),
        partitions=partitions(slurm.run("scontrol", "-o", "show", "partition", seconds=seconds)),
        settings={name: configured[name] for name in SETTINGS if name in configured},
        version=slurm.version,
    )
