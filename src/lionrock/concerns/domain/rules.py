"""Kinds, severities and deadlines as the rulebook has them; by when something is due, and when it is escalated."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from lionrock.kernel.findings import Citation
from lionrock.kernel.periods import local_date, local_midnight
from lionrock.rules.calendar import due_after
from lionrock.rules.shape import Names

STEPS: tuple[str, ...] = ("take_up", "tell", "close")
"""What a deadline can be for: a verb of the state table."""


@dataclass(frozen=True, slots=True)
class Deadline:
    """By when a step has to be taken: in so many hours, or by the end of so many working days."""

    step: str
    hours: int | None
    working_days: int | None
    citation: Citation

    def due(self, received: datetime, zone: ZoneInfo, calendar: str | None) -> datetime:
        """Return the instant until which it is in time; days are those of the zone and of its calendar."""
        if self.hours is not None:
            return received + timedelta(hours=self.hours)
        last = due_after(local_date(received, zone), self.working_days or 0, calendar)
        return local_midnight(last + timedelta(days=1), zone)


@dataclass(frozen=True, slots=True)
class Severity:
    """How grave something is; `rank` counts from the gravest."""

    id: str
    rank: int
    names: Names
    deadlines: tuple[Deadline, ...]


@dataclass(frozen=True, slots=True)
class Kind:
    """What may have happened, and how grave that is taken to be until somebody has looked."""

    id: str
    names: Names
    severity: str
    citation: Citation


@dataclass(frozen=True, slots=True)
class Change:
    """A question on a project after its award, and the items of review that a yes opens again."""

    id: str
    names: Names
    items: tuple[str, ...]
    citation: Citation


@dataclass(frozen=True, slots=True)
class ConcernRules:
    """All that the rulebook says; after a missed deadline somebody is told every `every_hours`."""

    severities: Mapping[str, Severity]
    kinds: Mapping[str, Kind]
    changes: Mapping[str, Change]
    every_hours: int
    escalation: Citation


@dataclass(frozen=True, slots=True)
class Owed:
    """A step that a concern has to take by an instant; `done` is when it was taken, None while it was not."""

    step: str
    due: datetime
    done: datetime | None
    citation: Citation

    def late(self, now: datetime) -> bool:
        """Tell whether it is late, or was."""
        return (self.done or now) > self.due

    def escalations(self, now: datetime, every_hours: int) -> int:
        """Return how many times it should have been escalated by now; none for what is done or not due yet."""
        if self.done is not None or now <= self.due:
            return 0
        return 1 + (now - self.due) // timedelta(hours=every_hours)


def owed(
    severity: Severity, received: datetime, done: Mapping[str, datetime | None], zone: ZoneInfo, calendar: str | None
) -> tuple[Owed, ...]:
    """Return the steps of a concern with their instants, by its severity and by what was done."""
    return tuple(
        Owed(each.step, each.due(received, zone, calendar), done.get(each.step), each.citation)
        for each in severity.deadlines
    )


def reopened_items(changes: Iterable[Change]) -> tuple[str, ...]:
    """Return the items of review that these changes open again, each once, in order."""
    return tuple(sorted({item for change in changes for item in change.items}))
