"""Which drivers there are, by the name that a site is registered with."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from lionrock.kernel.errors import Fault, Invalid
from lionrock.kernel.messages import gettext_noop, message
from lionrock.sites.drivers.local import LocalDriver
from lionrock.sites.drivers.protocol import Driver
from lionrock.sites.drivers.slurm import SlurmDriver


@dataclass(frozen=True, slots=True)
class Place:
    """Where a driver works: the installation's home, and how the site is reached (`Site.connection`)."""

    home: Path
    connection: Mapping[str, object] = field(default_factory=dict)


DRIVERS: Final[dict[str, Callable[[Place], Driver]]] = {
    "local": lambda place: LocalDriver(place.home / "jobs"),
    "slurm": lambda place: SlurmDriver(place.home, place.connection),
}
"""Name → what makes the driver for a place."""


def driver_named(name: str, home: Path, connection: Mapping[str, object] | None = None) -> Driver:
    """Return the driver of that name; raises `Invalid` naming those that there are."""
    if name not in DRIVERS:
        said = message(
            gettext_noop("There is no driver “{value}”. Those that there are: {known}."),
            value=name,
            known=", ".join(sorted(DRIVERS)),
        )
        raise Invalid(
            "sites.driver.unknown", said, faults=[Fault("sites.driver.unknown", said, field="driver", value=name)]
        )
    return DRIVERS[name](Place(home, connection or {}))
