"""Who pays for a run, and for how much of which price item: what programme and site say about it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Final, NamedTuple

from lionrock.charging.usage_files.hold import Hold
from lionrock.charging.usage_files.tres import DeviceCounter
from lionrock.kernel.messages import gettext_noop


class Outcome(StrEnum):
    """What became of a run that the cluster accounts for."""

    CHARGED = "charged"
    """Charging has it."""
    RUNNING = "running"
    """It goes on; charging has what lies before the end of the last month, if anything does."""
    NO_DEVICES = "no devices"
    """It used nothing that is sold."""
    LEASED = "leased"
    """Its award is a lease, which is billed whether or not it is used."""
    OUTSIDE = "outside"
    """Its account is none of the programme's."""
    EMPTY = "empty"
    """It had no length."""
    HELD = "held"
    """It cannot be charged as things stand; the reason is with the held rows."""


OUTCOME_WORDS: Final[Mapping[Outcome, str]] = {
    Outcome.CHARGED: gettext_noop("charged"),
    Outcome.RUNNING: gettext_noop("running"),
    Outcome.NO_DEVICES: gettext_noop("used nothing that is sold"),
    Outcome.LEASED: gettext_noop("on a lease, billed as such"),
    Outcome.OUTSIDE: gettext_noop("outside the programme"),
    Outcome.EMPTY: gettext_noop("of no length"),
    Outcome.HELD: gettext_noop("held"),
}


class Sold(NamedTuple):
    """What a device of a partition is sold as: a price item, of which one is so many devices."""

    item: str
    devices_per_unit: int


class Payer(NamedTuple):
    """The organisation and the award that pay."""

    organisation: str
    award: str


class Used(NamedTuple):
    """Units of a price item held, and the devices of which they are made."""

    item: str
    units: int
    devices: int
    devices_per_unit: int

    def seconds(self, busy: int) -> int:
        """Return the unit-seconds of so many seconds; a part of one counts whole."""
        return -(-self.devices * busy // self.devices_per_unit)


@dataclass(slots=True)
class Terms:
    """What is known of a site when it is read.

    `pools` are per partition what its devices are sold as; `payers` the programme's metered awards by
    account on the cluster, `leases` the accounts of its leases, `elsewhere` those of awards of other
    programmes. `lent` are the accounts under which metered awards borrow idle nodes of leases: what
    devices are sold as to them, which is their award's own item, whatever the partition sells.
    `month_began` is the start of the programme's month: what runs on over it is charged up to there.
    `missing` are keys of runs that the cluster itself knows no more.
    """

    site: str
    source: str
    pools: Mapping[str, Mapping[str, Sold]]
    payers: Mapping[str, Payer]
    leases: frozenset[str]
    elsewhere: frozenset[str]
    month_began: datetime
    missing: frozenset[str] = frozenset()
    lent: Mapping[str, Mapping[str, Sold]] = field(default_factory=dict)
    _counters: dict[tuple[str, str], DeviceCounter] = field(default_factory=dict)
    _used: dict[tuple[str, str, str], tuple[Used, ...]] = field(default_factory=dict)

    def used(self, account: str, partition: str, tres: str) -> tuple[Used, ...]:
        """Return what an allocation is sold as; empty when nothing of it is sold.

        Raises `Hold` for a partition that is in no pool and for devices that nobody has put a price to.
        """
        borrower = account if account in self.lent else ""
        known = self._used.get((borrower, partition, tres))
        if known is None:
            known = self._used[borrower, partition, tres] = self._work_out(borrower, partition, tres)
        return known

    def _work_out(self, borrower: str, partition: str, tres: str) -> tuple[Used, ...]:
        pool = self.lent[borrower] if borrower else self.pools.get(partition)
        if pool is None:
            raise _no_pool(partition)
        place = (borrower, partition)
        counter = self._counters.setdefault(place, DeviceCounter({device: device for device in pool}))
        return tuple(_used(pool[device], device, count) for device, count in counter.count(tres).items())


def _used(sold: Sold, device: str, count: int) -> Used:
    if not sold.item:
        raise _no_item(device)
    return Used(sold.item, -(-count // sold.devices_per_unit), count, sold.devices_per_unit)


def no_award(account: str) -> Hold:
    """Return the hold of a run under the account of an award that is not on file as accepted."""
    return Hold(
        "award",
        gettext_noop(
            "The account “{value}” has the form of an award's, and there is no accepted award of that code. It is "
            "counted and not charged; look for who made the account."
        ),
        field="Account",
        value=account,
    )


def _no_pool(partition: str) -> Hold:
    return Hold(
        "pool",
        gettext_noop(
            "The partition “{value}” is in no pool of the site, so what it costs is not known. Name it with "
            "`lionrock site pool`; the run is then charged by itself."
        ),
        field="Partition",
        value=partition,
    )


def _no_item(device: str) -> Hold:
    return Hold(
        "item",
        gettext_noop(
            "Nobody has said as which price item “{value}” is sold. Say it with `lionrock site pool`; the run is then "
            "charged by itself."
        ),
        field="AllocTRES",
        value=device,
    )
