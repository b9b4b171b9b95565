"""What a cluster says of its own nodes and partitions, read from `scontrol -o show`."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import zip_longest
from typing import Final

_PAIR = re.compile(r"(?:^|\s)([A-Za-z][\w:/()-]*)=")
_GRES = re.compile(r"(\w+)(?::([A-Za-z][\w.-]*))?:(\d+)")
_FREE_TEXT: Final = frozenset({"Reason", "Comment", "Extra"})
_NOTHING: Final = frozenset({"", "(null)", "N/A", "none"})
_OUT: Final = frozenset(
    {"DOWN", "DRAIN", "DRAINED", "DRAINING", "FAIL", "FAILING", "NOT_RESPONDING", "UNKNOWN", "FUTURE"}
)
"""Parts of a node's state in which it takes no jobs (`sinfo`, NODE STATE CODES)."""


@dataclass(frozen=True, slots=True)
class Node:
    """One node: its state in Slurm's words, what it has of each device, and what of it jobs hold."""

    name: str
    state: str
    partitions: tuple[str, ...]
    devices: Mapping[str, int]
    used: Mapping[str, int]
    memory_mb: int = 0
    why: str = ""

    @property
    def is_out(self) -> bool:
        """Tell whether it takes no jobs now: down, drained, or not answering (a star)."""
        return "*" in self.state or bool(_OUT & set(self.state.rstrip("*").split("+")))


@dataclass(frozen=True, slots=True)
class Partition:
    """One partition: its name, state and nodes as listed."""

    name: str
    state: str
    nodes: str


@dataclass(frozen=True, slots=True)
class Inventory:
    """A cluster as it is now; `settings` are those of `scontrol show config` that metering and limits rest on."""

    nodes: tuple[Node, ...]
    partitions: tuple[Partition, ...]
    settings: Mapping[str, str] = field(default_factory=dict)
    version: str = ""


def pairs(line: str) -> dict[str, str]:
    """Return the parts of a line of `scontrol -o`; a key that comes twice counts the first time.

    Free text stands at the end and may look like anything: from its key on, the line is that text.
    """
    found = list(_PAIR.finditer(line))
    parts: dict[str, str] = {}
    for each, following in zip_longest(found, found[1:]):
        if each[1] in _FREE_TEXT:
            return parts | {each[1]: line[each.end() :].strip()}
        end = following.start() if following else len(line)
        parts.setdefault(each[1], line[each.end() : end].strip())
    return parts


def nodes(text: str) -> tuple[Node, ...]:
    """Return the nodes that `scontrol -o show node` printed; lines without a name are passed over."""
    rows = (pairs(line) for line in text.splitlines())
    return tuple(_node(row) for row in rows if row.get("NodeName"))


def _node(row: Mapping[str, str]) -> Node:
    has = _devices(row.get("CfgTRES", ""))
    return Node(
        name=row["NodeName"],
        state=row.get("State", ""),
        partitions=tuple(name for name in row.get("Partitions", "").split(",") if name not in _NOTHING),
        devices=_gres(row.get("Gres", "")) | has | {"cpu": has.get("cpu") or _number(row.get("CPUTot", ""))},
        used=_devices(row.get("AllocTRES", "")),
        memory_mb=_number(row.get("RealMemory", "")),
        why=row.get("Reason", "") if row.get("Reason") not in _NOTHING else "",
    )


def _devices(tres: str) -> dict[str, int]:
    """Return the counted devices of a TRES list: processors and generic resources, not memory and the like."""
    parts = (part.partition("=") for part in tres.split(","))
    return {name: int(count) for name, _, count in parts if (name == "cpu" or "/" in name) and count.isdigit()}


def _gres(text: str) -> dict[str, int]:
    """Return what a node has by its own configuration (“gpu:h800:8(S:0-1)”), tracked in accounting or not."""
    found: dict[str, int] = {}
    for name, kind, count in _GRES.findall(re.sub(r"\([^)]*\)", "", text)):
        device = f"gres/{name}:{kind}" if kind else f"gres/{name}"
        found[device] = found.get(device, 0) + int(count)
    return found


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() else 0


def partitions(text: str) -> tuple[Partition, ...]:
    """Return the partitions that `scontrol -o show partition` printed."""
    rows = (pairs(line) for line in text.splitlines())
    return tuple(
        Partition(row["PartitionName"], row.get("State", ""), row.get("Nodes", ""))
        for row in rows
        if row.get("PartitionName")
    )


def settings(text: str) -> dict[str, str]:
    """Return what `scontrol show config` printed, a setting a line."""
    lines = (line.partition("=") for line in text.splitlines())
    return {name.strip(): value.strip() for name, sign, value in lines if sign}


def typed_devices(node: Node) -> dict[str, int]:
    """Return what of a node is sold: its devices by type, and without any its processors."""
    typed = {name: count for name, count in node.devices.items() if name.startswith("gres/") and ":" in name and count}
    untyped = {name: count for name, count in node.devices.items() if name == "gres/gpu" and count}
    return typed or untyped or {"cpu": node.devices.get("cpu", 0)}


def by_partition(found: Sequence[Node]) -> dict[str, list[Node]]:
    """Return the nodes of each partition; a node may be in several."""
    listed: dict[str, list[Node]] = {}
    for node in found:
        for name in node.partitions:
            listed.setdefault(name, []).append(node)
    return listed
