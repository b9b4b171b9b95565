"""What this room tells the rooms above it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Recorded:
    """Something was done and is on record: what, to what, under which programme and organisation."""

    action: str
    subject: str
    programme: str
    organisation: str
    details: Mapping[str, object]
    now: datetime
