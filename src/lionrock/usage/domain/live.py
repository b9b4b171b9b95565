"""A cluster as it is now: nodes by state, what runs and waits, and what of it is in service."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from typing import Any, Final

from lionrock.sites.domain.inventory import Node, by_partition, typed_devices

SEPARATOR: Final = "\x1f"
QUEUE_FORMAT: Final = SEPARATOR.join(("%P", "%T", "%V", "%r"))
"""Partition, state, when it was submitted, and the scheduler's code of why it waits."""
_FIELDS: Final = 4
_WAITING: Final = "PENDING"
_HOLDING: Final = frozenset({"RUNNING", "COMPLETING", "CONFIGURING", "SUSPENDED", "STOPPED", "STAGE_OUT", "SIGNALING"})
"""States in which a job has nodes (`squeue`, JOB STATE CODES)."""


@dataclass(frozen=True, slots=True)
class State:
    """How many nodes are in a state, in the cluster's words; `out` when they take no jobs in it."""

    word: str
    nodes: int
    out: bool


@dataclass(frozen=True, slots=True)
class Place:
    """A partition: its nodes, its devices of one kind, those that jobs hold and those out of service."""

    partition: str
    device: str
    nodes: int
    nodes_out: int
    devices: int
    used: int
    down: int

    @property
    def free(self) -> int:
        """Devices that could be had at once."""
        return max(0, self.devices - self.used - self.down)


@dataclass(frozen=True, slots=True)
class Queue:
    """What runs and waits in a partition; `oldest` is when the job that waits longest was submitted."""

    partition: str
    running: int
    waiting: int
    oldest: datetime | None


@dataclass(frozen=True, slots=True)
class Reason:
    """How many jobs wait for a reason, in the scheduler's code."""

    code: str
    jobs: int


@dataclass(frozen=True, slots=True)
class Out:
    """A node that takes no jobs, and why as whoever took it out has said."""

    name: str
    state: str
    why: str


@dataclass(frozen=True, slots=True)
class Live:
    """All of it. `other` counts jobs in states that are neither waiting nor running; nothing is guessed of them."""

    version: str
    states: tuple[State, ...]
    places: tuple[Place, ...]
    whole: tuple[Place, ...]
    queues: tuple[Queue, ...]
    reasons: tuple[Reason, ...]
    out: tuple[Out, ...]
    other: int = 0

    @property
    def nodes(self) -> int:
        """How many nodes there are."""
        return sum(state.nodes for state in self.states)

    @property
    def running(self) -> int:
        """How many jobs run."""
        return sum(queue.running for queue in self.queues)

    @property
    def waiting(self) -> int:
        """How many jobs wait."""
        return sum(queue.waiting for queue in self.queues)


def live_of(nodes: Sequence[Node], queue: str, version: str) -> Live:
    """Return a cluster as it is, from its nodes and from what `squeue` printed in `QUEUE_FORMAT`."""
    rows = [parts for line in queue.splitlines() if len(parts := line.split(SEPARATOR)) == _FIELDS]
    waiting = [row for row in rows if row[1] == _WAITING]
    reasons = Counter(row[3].partition(",")[0].strip() for row in waiting)
    return Live(
        version=version,
        states=_states(nodes),
        places=tuple(place for name, those in sorted(by_partition(nodes).items()) for place in _places(name, those)),
        whole=tuple(_places("", nodes)),
        queues=_queues(rows),
        reasons=tuple(Reason(code, jobs) for code, jobs in sorted(reasons.items(), key=lambda row: (-row[1], row[0]))),
        out=tuple(Out(node.name, node.state, node.why) for node in nodes if node.is_out),
        other=sum(row[1] != _WAITING and row[1] not in _HOLDING for row in rows),
    )


def _states(nodes: Iterable[Node]) -> tuple[State, ...]:
    counted = Counter((node.state, node.is_out) for node in nodes)
    return tuple(State(word, count, out) for (word, out), count in sorted(counted.items()))


def _places(partition: str, nodes: Sequence[Node]) -> list[Place]:
    """Return a place for each kind of device; what jobs still hold on a node that is taken out is in use, not down."""
    devices = sorted({device for node in nodes for device in typed_devices(node)})
    return [_place(partition, device, [node for node in nodes if device in typed_devices(node)]) for device in devices]


def _place(partition: str, device: str, nodes: Sequence[Node]) -> Place:
    return Place(
        partition=partition,
        device=device,
        nodes=len(nodes),
        nodes_out=sum(node.is_out for node in nodes),
        devices=sum(node.devices[device] for node in nodes),
        used=sum(_held(node, device) for node in nodes),
        down=sum(node.devices[device] - _held(node, device) for node in nodes if node.is_out),
    )


def _held(node: Node, device: str) -> int:
    return min(node.used.get(device, 0), node.devices[device])


def _queues(rows: Iterable[Sequence[str]]) -> tuple[Queue, ...]:
    """Return where something runs or waits; a job that may go to several partitions stands under all their names."""
    found: dict[str, list[Sequence[str]]] = {}
    for row in rows:
        found.setdefault(row[0], []).append(row)
    return tuple(_queue(partition, those) for partition, those in sorted(found.items()))


def _queue(partition: str, rows: Sequence[Sequence[str]]) -> Queue:
    since = [int(row[2]) for row in rows if row[1] == _WAITING and row[2].isascii() and row[2].isdigit()]
    return Queue(
        partition=partition,
        running=sum(row[1] in _HOLDING for row in rows),
        waiting=sum(row[1] == _WAITING for row in rows),
        oldest=datetime.fromtimestamp(min(since), UTC) if since else None,
    )


def kept(live: Live) -> dict[str, Any]:
    """Return it as plain values, to be kept."""
    queues = [asdict(queue) | {"oldest": _text(queue.oldest)} for queue in live.queues]
    return asdict(live) | {"queues": queues}


def read_back(content: Mapping[str, Any]) -> Live:
    """Return it from the plain values."""
    oldest = [{**row, "oldest": _instant(row["oldest"])} for row in content["queues"]]
    return Live(
        version=content["version"],
        states=tuple(State(**row) for row in content["states"]),
        places=tuple(Place(**row) for row in content["places"]),
        whole=tuple(Place(**row) for row in content["whole"]),
        queues=tuple(Queue(**row) for row in oldest),
        reasons=tuple(Reason(**row) for row in content["reasons"]),
        out=tuple(Out(**row) for row in content["out"]),
        other=content["other"],
    )


def _text(instant: datetime | None) -> str | None:
    return instant.isoformat() if instant else None


def _instant(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None
