"""Where orders, holds, shipments and authorisations stand, and what can be done from there."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType
from typing import Final


class OrderState(StrEnum):
    """Where an order stands. Held is a state: the order is kept, and goes on when nothing holds it."""

    HELD = "held"
    OPEN = "open"
    DONE = "done"
    """Everything that was ordered has come."""
    CANCELLED = "cancelled"


ORDER_STEPS: Final[Mapping[tuple[OrderState, str], OrderState]] = MappingProxyType(
    {
        (OrderState.OPEN, "hold"): OrderState.HELD,
        (OrderState.HELD, "free"): OrderState.OPEN,
        (OrderState.OPEN, "finish"): OrderState.DONE,
        (OrderState.OPEN, "cancel"): OrderState.CANCELLED,
        (OrderState.HELD, "cancel"): OrderState.CANCELLED,
    }
)
RUNNING: Final = (OrderState.HELD, OrderState.OPEN)
"""Something is still to come, and rules and lists are still asked."""


class HoldState(StrEnum):
    """Where one reason to hold an order stands."""

    STANDING = "standing"
    ASKED = "asked"
    """One person asks to release it; a second has to agree."""
    RELEASED = "released"
    """Two persons have released it; it holds again when what it rests on changes."""
    LIFTED = "lifted"
    """What it rested on is gone."""


HOLD_STEPS: Final[Mapping[tuple[HoldState, str], HoldState]] = MappingProxyType(
    {
        (HoldState.STANDING, "ask"): HoldState.ASKED,
        (HoldState.ASKED, "agree"): HoldState.RELEASED,
        (HoldState.ASKED, "refuse"): HoldState.STANDING,
        (HoldState.STANDING, "lift"): HoldState.LIFTED,
        (HoldState.ASKED, "lift"): HoldState.LIFTED,
        (HoldState.RELEASED, "lift"): HoldState.LIFTED,
    }
)
HOLDING: Final = (HoldState.STANDING, HoldState.ASKED)


class ShipmentState(StrEnum):
    """Where a shipment stands; that it is late is told by its day."""

    WAITING = "waiting"
    """Announced while its order is held; it may go when that is free."""
    ON_THE_WAY = "on_the_way"
    ARRIVED = "arrived"
    LOST = "lost"
    CANCELLED = "cancelled"


SHIPMENT_STEPS: Final[Mapping[tuple[ShipmentState, str], ShipmentState]] = MappingProxyType(
    {
        (ShipmentState.WAITING, "free"): ShipmentState.ON_THE_WAY,
        (ShipmentState.WAITING, "cancel"): ShipmentState.CANCELLED,
        (ShipmentState.WAITING, "arrive"): ShipmentState.ARRIVED,
        (ShipmentState.WAITING, "lose"): ShipmentState.LOST,
        (ShipmentState.ON_THE_WAY, "arrive"): ShipmentState.ARRIVED,
        (ShipmentState.ON_THE_WAY, "lose"): ShipmentState.LOST,
    }
)
DRAWN: Final = (ShipmentState.ON_THE_WAY, ShipmentState.ARRIVED, ShipmentState.LOST)
"""What has left draws its authorisation down, whatever became of it."""


class AuthorisationState(StrEnum):
    """Where a licence, or the use of an exception, stands; that it has expired is told by its day."""

    APPLIED = "applied"
    GRANTED = "granted"
    DENIED = "denied"
    WITHDRAWN = "withdrawn"


AUTHORISATION_STEPS: Final[Mapping[tuple[AuthorisationState, str], AuthorisationState]] = MappingProxyType(
    {
        (AuthorisationState.APPLIED, "grant"): AuthorisationState.GRANTED,
        (AuthorisationState.APPLIED, "deny"): AuthorisationState.DENIED,
        (AuthorisationState.APPLIED, "withdraw"): AuthorisationState.WITHDRAWN,
        (AuthorisationState.GRANTED, "withdraw"): AuthorisationState.WITHDRAWN,
    }
)


class Kind(StrEnum):
    """What authorises: a licence, or an exception of which somebody was notified."""

    LICENCE = "licence"
    NAC = "exception_nac"
    ACA = "exception_aca"
