"""What this room tells the rooms above it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class PaymentMatched:
    """Money that came in was set against what its payer owes."""

    payment: int
    programme: str
    organisation: str
    now: datetime
