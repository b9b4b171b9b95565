"""Where on a cluster a job goes: the partition that sells its item, and how many devices on how many nodes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from lionrock.kernel.errors import Fault, Invalid
from lionrock.kernel.messages import gettext_noop, message


@dataclass(frozen=True, slots=True)
class Offer:
    """What a partition offers: one unit of `item` is `devices_per_unit` of `device`, `devices_per_node` in a node."""

    partition: str
    item: str
    device: str
    devices_per_unit: int
    devices_per_node: int


@dataclass(frozen=True, slots=True)
class Placement:
    """A partition, the devices to ask for on each node, and the number of nodes."""

    partition: str
    gres: Mapping[str, int]
    nodes: int


def place(offers: Sequence[Offer], award: str, item: str, count: int) -> Placement:
    """Return where so many units of an item are: in the first partition that sells it.

    More devices than a node has are spread evenly over as few nodes as that takes. Raises `Invalid`
    when no partition sells the item, or the devices cannot be spread evenly.
    """
    found = next((one for one in offers if one.item == item), None)
    if found is None:
        template = gettext_noop("No partition of the site offers {value}, which {award} is for. Ask who runs the site.")
        raise _invalid("no_pool", item, template, award=award)
    total = count * found.devices_per_unit
    nodes = -(-total // found.devices_per_node) if found.devices_per_node else 1
    if total % nodes:
        template = gettext_noop(
            "{value} of these devices cannot be spread evenly over {nodes} nodes of {per_node}. Ask for a multiple "
            "of {nodes}, or for at most {per_node}."
        )
        raise _invalid("spread", str(total), template, nodes=nodes, per_node=found.devices_per_node)
    return Placement(found.partition, {found.device: total // nodes}, nodes)


def _invalid(code: str, value: str, template: str, **more: object) -> Invalid:
    said = message(template, value=value, **more)
    return Invalid(
        f"jobs.request.{code}", said, faults=[Fault(f"jobs.request.{code}", said, field="devices", value=value)]
    )
