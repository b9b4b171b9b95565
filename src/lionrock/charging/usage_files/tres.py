"""Devices out of Slurm's AllocTRES, such as "billing=2,cpu=2,gres/gpu:h800=2,gres/gpu=2,mem=2000M"."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from lionrock.charging.usage_files.fields import whole
from lionrock.charging.usage_files.hold import Hold
from lionrock.kernel.messages import gettext_noop

_GPU: Final = "gres/gpu"
_TYPED: Final = "gres/gpu:"
_REMEMBERED: Final = 10_000


class DeviceCounter:
    """Counts the devices of an allocation by price item.

    Slurm reports each GPU twice, as gres/gpu and as gres/gpu:TYPE; each is counted once. Where a type
    is mapped, types count, and gres/gpu only for GPUs that have no type; where gres/gpu alone is
    mapped, the total counts. A GPU that no item covers holds the row: it is never free by omission.
    """

    def __init__(self, items: Mapping[str, str]) -> None:
        self._items = dict(items)
        self._typed = any(name.startswith(_TYPED) for name in items)
        self._known: dict[str, Mapping[str, int]] = {}

    def count(self, tres: str) -> Mapping[str, int]:
        """Return price item → count of an AllocTRES text; empty when it has none that is charged."""
        counted = self._known.get(tres)
        if counted is None:
            if len(self._known) >= _REMEMBERED:
                self._known.clear()
            counted = self._known[tres] = MappingProxyType(self._count(_amounts(tres)))
        return counted

    def _count(self, amounts: Mapping[str, str]) -> dict[str, int]:
        devices: dict[str, int] = {}
        for name, number in self._wanted(amounts).items():
            if number:
                item = self._items.get(name)
                if item is None:
                    raise _unmapped(name, number)
                devices[item] = devices.get(item, 0) + number
        return devices

    def _wanted(self, amounts: Mapping[str, str]) -> dict[str, int]:
        wanted = {
            name: whole(amounts[name], f"AllocTRES {name}")
            for name in self._items
            if name in amounts and not name.startswith(_GPU)
        }
        types = {name: whole(text, f"AllocTRES {name}") for name, text in amounts.items() if name.startswith(_TYPED)}
        of_types = sum(types.values())
        total = whole(amounts[_GPU], f"AllocTRES {_GPU}") if _GPU in amounts else of_types
        if of_types > total:
            raise _contradiction(of_types, total)
        if not self._counts_gpus:
            return wanted
        return wanted | (types | {_GPU: total - of_types} if self._typed else {_GPU: total})

    @property
    def _counts_gpus(self) -> bool:
        return self._typed or _GPU in self._items


def _amounts(tres: str) -> dict[str, str]:
    amounts: dict[str, str] = {}
    for part in tres.split(","):
        name, equals, amount = part.rpartition("=")
        if not equals or not name or name in amounts:
            raise Hold(
                "tres",
                gettext_noop(
                    "{field} has the part “{value}”, which is not name=count, or is there twice. The line may be "
                    "cut or shifted: fetch it again with sacct."
                ),
                field="AllocTRES",
                value=part,
            )
        amounts[name] = amount
    return amounts


def _unmapped(name: str, number: int) -> Hold:
    return Hold(
        "unmapped_tres",
        gettext_noop(
            "{field} has {count} of {value}, for which no price item was named. Name the item of {value} in the "
            "import, and import again."
        ),
        field="AllocTRES",
        value=name,
        count=number,
    )


def _contradiction(of_types: int, total: int) -> Hold:
    return Hold(
        "tres_sum",
        gettext_noop("{field} names {of_types} GPUs by type but {value} in all. Ask the cluster which is right."),
        field="AllocTRES",
        value=str(total),
        of_types=of_types,
    )
