"""Which drivers there are, by the name that a site is registered with."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Final

from lionrock.kernel.errors import Fault, Invalid
from lionrock.kernel.messages import gettext_noop, message
from lionrock.sites.drivers.local import LocalDriver
from lionrock.sites.drivers.protocol import Driver

DRIVERS: Final[dict[str, Callable[[Path], Driver]]] = {"local": lambda home: LocalDriver(home / "jobs")}
"""Name → what makes the driver from the installation's home."""


def driver_named(name: str, home: Path) -> Driver:
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
    return DRIVERS[name](home)
