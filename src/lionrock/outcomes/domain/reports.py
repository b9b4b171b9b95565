"""Which reports an award owes, for which time, until when; and when somebody is reminded."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from types import MappingProxyType
from typing import Final

from lionrock.kernel.periods import add_months

FINAL: Final = "final"
"""Which report is the final one; the others are numbered from 1."""
REMIND_BEFORE: Final = timedelta(days=14)
REMIND_AGAIN: Final = timedelta(days=14)


class ReportState(StrEnum):
    """Where a report stands; one that nobody has begun is `DUE`."""

    DUE = "due"
    DRAFT = "draft"
    SUBMITTED = "submitted"
    """With the office."""
    RETURNED = "returned"
    """Back with the team, which is asked for something."""
    ACCEPTED = "accepted"


TRANSITIONS: Final[Mapping[tuple[ReportState, str], ReportState]] = MappingProxyType(
    {
        (ReportState.DUE, "save"): ReportState.DRAFT,
        (ReportState.DRAFT, "save"): ReportState.DRAFT,
        (ReportState.DRAFT, "submit"): ReportState.SUBMITTED,
        (ReportState.RETURNED, "save"): ReportState.RETURNED,
        (ReportState.RETURNED, "submit"): ReportState.SUBMITTED,
        (ReportState.SUBMITTED, "return"): ReportState.RETURNED,
        (ReportState.SUBMITTED, "accept"): ReportState.ACCEPTED,
    }
)
WITH_THE_TEAM: Final = (ReportState.DUE, ReportState.DRAFT, ReportState.RETURNED)


@dataclass(frozen=True, slots=True)
class Owed:
    """A report that an award owes, on the time [covers_from, covers_to), at the latest on `due`."""

    which: str
    covers_from: date
    covers_to: date
    due: date


def owed(start: date, end: date, *, interval_months: int | None, final_days: int | None) -> tuple[Owed, ...]:
    """Return the reports of an award in force from `start` up to, not including, `end`.

    A progress report is due on the day on which each interval from the first day on has passed, as
    long as the award runs on after it; the final report `final_days` after the end. None: the
    programme owes no such report, for its owner has set no value.
    """
    found = list(_progress(start, end, interval_months)) if interval_months else []
    if final_days is not None:
        found.append(Owed(FINAL, start, end, end + timedelta(days=final_days)))
    return tuple(found)


def _progress(start: date, end: date, months: int) -> list[Owed]:
    found, number = [], 1
    while add_months(start, number * months) < end:
        begun, upto = add_months(start, (number - 1) * months), add_months(start, number * months)
        found.append(Owed(str(number), begun, upto, upto))
        number += 1
    return found


def reminders_due(report: Owed, on: date) -> int:
    """Return how many times a team should have been reminded of a report by that day.

    Once two weeks before it is due; after the day it was due, and every two weeks from then on.
    """
    if on <= report.due:
        return int(on >= report.due - REMIND_BEFORE)
    late = on - report.due - timedelta(days=1)
    return 2 + late // REMIND_AGAIN
