"""What this room tells the rooms above it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from lionrock.charging.models import MonthClose
from lionrock.people.domain import Actor


@dataclass(frozen=True, slots=True)
class MonthClosed:
    """A month was closed: its lines stand, and its documents can be issued."""

    close: MonthClose
    actor: Actor
    now: datetime
