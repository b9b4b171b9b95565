"""What waits for somebody: one line with its deadline and the page where it is done.

Each room says what waits for a viewer (`queries.waiting`); `config/home.py` puts the lines together.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from lionrock.kernel.messages import Message


@dataclass(frozen=True, slots=True)
class Waiting:
    """One thing to do: what, where, since when, until when; `count` for a line that stands for several."""

    said: Message
    address: str
    since: datetime | None = None
    due: date | None = None
    count: int = 1
