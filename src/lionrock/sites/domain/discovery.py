"""Pools out of what a cluster has, and how that differs from what is on file."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from lionrock.kernel.messages import Message, gettext_noop, message
from lionrock.sites.domain.inventory import Inventory, by_partition, typed_devices


@dataclass(frozen=True, slots=True)
class Measured:
    """One kind of device in one partition, as the cluster has it."""

    name: str
    partition: str
    device: str
    nodes: int
    devices_per_node: int


@dataclass(frozen=True, slots=True)
class OnFile:
    """The same as it is on file, and what it is sold as."""

    name: str
    partition: str
    device: str
    nodes: int
    devices_per_node: int
    item: str = ""


class Kind(StrEnum):
    """How what is on file differs from what the cluster has."""

    NEW = "new"
    GONE = "gone"
    CHANGED = "changed"


@dataclass(frozen=True, slots=True)
class Difference:
    """One difference; `on_file` or `measured` is None where there is none of it on that side."""

    kind: Kind
    on_file: OnFile | None
    measured: Measured | None

    @property
    def pool(self) -> str:
        """The name of the pool that it is about."""
        one = self.on_file or self.measured
        return one.name if one else ""


def measured_pools(found: Inventory) -> list[Measured]:
    """Return a pool for each kind of device in each partition, in the order of their names.

    Where a partition has several kinds, the pool's name says which. Nodes of one kind may have
    different numbers of devices; the smallest is what a job can count on everywhere.
    """
    pools = []
    for partition, nodes in sorted(by_partition(found.nodes).items()):
        counts: dict[str, list[int]] = {}
        for node in nodes:
            for device, count in typed_devices(node).items():
                counts.setdefault(device, []).append(count)
        for device, each in sorted(counts.items()):
            name = partition if len(counts) == 1 else f"{partition}-{device.rpartition(':')[2].rpartition('/')[2]}"
            pools.append(Measured(name, partition, device, len(each), min(each)))
    return pools


def differences(on_file: Iterable[OnFile], measured: Iterable[Measured]) -> list[Difference]:
    """Return what is new, gone or of another size; a pool is known by its partition and device."""
    filed = {(pool.partition, pool.device): pool for pool in on_file}
    there = {(pool.partition, pool.device): pool for pool in measured}
    found = []
    for key in sorted(filed.keys() | there.keys()):
        old, new = filed.get(key), there.get(key)
        if old is None:
            found.append(Difference(Kind.NEW, None, new))
        elif new is None:
            if old.nodes:
                found.append(Difference(Kind.GONE, old, None))
        elif (old.nodes, old.devices_per_node) != (new.nodes, new.devices_per_node):
            found.append(Difference(Kind.CHANGED, old, new))
    return found


def remarks(found: Inventory) -> list[Message]:
    """Return what of the cluster's own settings makes limits or metering unsafe, and what to set instead."""
    said = []
    tracked = found.settings.get("AccountingStorageTRES", "").split(",")
    devices = {name for node in found.nodes for name in typed_devices(node) if name != "cpu"}
    for device in sorted(devices):
        if ":" not in device:
            template = gettext_noop(
                "Some nodes name no type for {device}. Give it one in gres.conf (Type=…), or no budget can name it."
            )
            said.append(message(template, device=device))
        elif device not in tracked:
            template = gettext_noop(
                "Accounting does not count {device}, so it cannot be metered. Add it to AccountingStorageTRES."
            )
            said.append(message(template, device=device))
    return said + [message(template, value=value) for template, value in _unsafe(found.settings)]


def _unsafe(settings: Mapping[str, str]) -> list[tuple[str, str]]:
    """Return the settings with which a budget is not kept (slurm.conf(5), resource_limits of Slurm's manual)."""
    enforced = settings.get("AccountingStorageEnforce", "")
    half_life, priority = settings.get("PriorityDecayHalfLife", ""), settings.get("PriorityType", "")
    found = []
    if missing := [word for word in ("associations", "limits", "qos", "safe") if word not in enforced.split(",")]:
        template = gettext_noop("AccountingStorageEnforce lacks {value}: without it a job can start beyond its budget.")
        found.append((template, ",".join(missing)))
    if priority and priority != "priority/multifactor":
        template = gettext_noop("PriorityType is {value}: only priority/multifactor adds up what a budget has used.")
        found.append((template, priority))
    if half_life.strip("0:") not in {"", "0"}:
        template = gettext_noop(
            "PriorityDecayHalfLife is {value}: what was used is forgotten in time, and a budget can be spent twice. "
            "Set it to 0."
        )
        found.append((template, half_life))
    return found
