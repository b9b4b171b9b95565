"""What is done from time to time, as far as it concerns us."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

PATIENCE: Final = 3
"""A row is late when it has not ended well for so many times its interval, and then some."""
GRACE: Final = timedelta(minutes=10)


@dataclass(frozen=True, slots=True)
class Row:
    """A row as far as it concerns us: its name, and how long after its last start it begins anew."""

    name: str
    every: timedelta

    def is_late(self, last: datetime | None, now: datetime) -> bool:
        """Tell whether it should long have ended well again."""
        return last is None or now - last > PATIENCE * self.every + GRACE


_known: list[Callable[[], Sequence[Row]]] = []


def install_rows(rows: Callable[[], Sequence[Row]]) -> None:
    """Say who knows which rows there are; `config` does when Django starts, since they are of rooms above this one.

    It is asked only when somebody wants to know: their actions take seconds to load, and most commands need none.
    """
    _known[:] = [rows]


def rows_known() -> Sequence[Row]:
    """Return the rows there are."""
    return tuple(row for rows in _known for row in rows())
