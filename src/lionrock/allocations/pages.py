"""What an award's page shows of its allocations."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from zoneinfo import ZoneInfo

from lionrock.allocations.domain import AllocationState
from lionrock.allocations.models import Allocation
from lionrock.allocations.queries import allocations
from lionrock.awards.models import Award
from lionrock.kernel.quantities import SECONDS_PER_HOUR
from lionrock.ledger.domain.accounts import quota_remaining, quota_unit
from lionrock.ledger.queries import balance
from lionrock.people.domain import Actor
from lionrock.people.programmes import programme_on_file
from lionrock.rules.items import Item
from lionrock.web.panels import Panel

_HUNDREDTH = Decimal("0.01")


@dataclass(frozen=True, slots=True)
class Quota:
    """An allocation with its item; hours are device-hours to two decimals, for reading only."""

    allocation: Allocation
    item: Item
    granted: Decimal
    left: Decimal


def panel(viewer: Actor, award: Award) -> Panel:
    """Return the allocations under an award, with what is left of each quota."""
    programme = programme_on_file(award.programme)
    found = allocations(viewer).filter(award=award).exclude(state=AllocationState.REPLACED.value)
    rows = [_quota(each, award, programme.item(each.item)) for each in found]
    zone: ZoneInfo = programme.zone
    return Panel("allocations/panel.html", {"rows": rows, "zone": zone})


def _quota(allocation: Allocation, award: Award, item: Item) -> Quota:
    account = quota_remaining(award.code, allocation.item)
    left = balance(award.programme, account, quota_unit(allocation.item))
    return Quota(allocation, item, device_hours(allocation.device_seconds), device_hours(left))


def device_hours(seconds: int) -> Decimal:
    """Return device-seconds as device-hours to two decimals, cut and not rounded up."""
    return Decimal(seconds * 100 // SECONDS_PER_HOUR) * _HUNDREDTH
