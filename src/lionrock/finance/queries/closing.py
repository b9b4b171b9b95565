"""What a month still needs to be closed, and what came of the last one."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from django.db.models import Count

from lionrock.charging.models import MonthClose
from lionrock.charging.queries import ClosingProgress, closes, closing_under_way, held_rows
from lionrock.charging.reckoning import are_large
from lionrock.kernel.messages import Message, gettext_noop, message
from lionrock.kernel.money import Money
from lionrock.kernel.periods import Month
from lionrock.ledger.queries import fund_overview
from lionrock.metering.queries import Standing, standings
from lionrock.people.domain import Actor
from lionrock.people.programmes import programme_on_file
from lionrock.statements.models import Document


class Ready(StrEnum):
    """How a condition of the close stands: met, in the way of it, or to be known before one closes."""

    MET = "met"
    WAITS = "not_met"
    LOOK = "unknown"


@dataclass(frozen=True, slots=True)
class Condition:
    """One thing that is looked at before a month is closed; `page` is the name of the page where it is mended."""

    ready: Ready
    said: Message
    page: str = ""
    of: str = ""


@dataclass(frozen=True, slots=True)
class Closed:
    """A closed month with what was issued for it."""

    close: MonthClose
    month: Month
    documents: int
    gross: Money
    subsidy: Money
    user: Money


@dataclass(frozen=True, slots=True)
class Cockpit:
    """The close of a programme's next month.

    `month` is the one to be closed, None while nothing was ever used. `is_large` tells that it is rated
    in parts, which takes longer than a page may.
    """

    month: Month | None
    ends: datetime | None
    conditions: tuple[Condition, ...]
    under_way: ClosingProgress | None
    is_large: bool
    closed: tuple[Closed, ...]

    @property
    def may_close(self) -> bool:
        """Tell whether nothing is in the way, and nobody is at it."""
        is_free = self.under_way is None or self.under_way.rests
        return is_free and self.month is not None and all(one.ready is not Ready.WAITS for one in self.conditions)

    def takes_long(self, month: Month) -> bool:
        """Tell whether the close of a month is left to the worker: it is rated in parts, or was begun so."""
        begun = self.under_way is not None and self.under_way.month == month
        return begun or (self.is_large and self.month == month)


def cockpit(viewer: Actor, programme: str, now: datetime) -> Cockpit:
    """Return how the close of a programme stands; raises `NotFound`. A constant number of queries."""
    fund = fund_overview(viewer, programme)
    zone = programme_on_file(programme).zone
    closed = _closed(viewer, programme)
    first = fund.months[0].month if fund.months else None
    month = closed[0].month.next if closed else first
    under_way = next((one for one in closing_under_way(viewer) if one.programme == programme), None)
    if month is None:
        return Cockpit(None, None, (), under_way, is_large=False, closed=closed)
    ends = month.interval(zone).end
    return Cockpit(
        month=month,
        ends=ends,
        conditions=tuple(_conditions(viewer, programme, month, ends, now)),
        under_way=under_way,
        is_large=are_large(programme, [month], zone),
        closed=closed,
    )


_ENDED = gettext_noop("{month} has ended.")
_NOT_ENDED = gettext_noop("{month} has not ended yet. It can be closed from {ends} on.")


def _conditions(viewer: Actor, programme: str, month: Month, ends: datetime, now: datetime) -> Iterator[Condition]:
    over = now >= ends
    ended = message(_ENDED if over else _NOT_ENDED, month=month, ends=month.next.first_day)
    yield Condition(Ready.MET if over else Ready.WAITS, ended)
    for standing in standings(viewer, now):
        if standing.site.programme == programme:
            yield from _metered(standing, month, ends)
    yield _held_in_files(viewer, programme)


_READ = gettext_noop("The accounting of {site} is read beyond the end of {month}.")
_NOT_READ = gettext_noop(
    "The accounting of {site} is not read to the end of {month} yet; what comes after the close is a correction."
)
_HELD = gettext_noop("Rows of the accounting of {site} that are held: {held}. What they used is not in the month.")
_NONE_HELD = gettext_noop("No row of the accounting of {site} is held.")
_DIFFERS = gettext_noop("Days on which the cluster of {site} reports other totals than were counted: {days}.")
_AGREES = gettext_noop("The totals of {site} agree with what its cluster reports.")


def _metered(standing: Standing, month: Month, ends: datetime) -> Iterator[Condition]:
    site = standing.site.code
    read = standing.collection is not None and standing.collection.through >= ends
    yield Condition(
        Ready.MET if read else Ready.LOOK, message(_READ if read else _NOT_READ, site=site, month=month),
        "metering:site", site,
    )  # fmt: skip
    held = message(_HELD, site=site, held=standing.held) if standing.held else message(_NONE_HELD, site=site)
    yield Condition(Ready.LOOK if standing.held else Ready.MET, held, "metering:site", site)
    differs = (
        message(_DIFFERS, site=site, days=standing.differing) if standing.differing else message(_AGREES, site=site)
    )
    yield Condition(Ready.LOOK if standing.differing else Ready.MET, differs, "metering:site", site)


_FILES_HELD = gettext_noop("Rows of imported files that are held: {held}. What they used is not in the month.")
_NO_FILES_HELD = gettext_noop("No row of an imported file is held.")


def _held_in_files(viewer: Actor, programme: str) -> Condition:
    held = held_rows(viewer).filter(usage_import__programme=programme).count()
    if not held:
        return Condition(Ready.MET, message(_NO_FILES_HELD))
    return Condition(Ready.LOOK, message(_FILES_HELD, held=held), "finance_held:show", programme)


def _closed(viewer: Actor, programme: str) -> tuple[Closed, ...]:
    """Return the closed months, the latest first."""
    issued = Document.objects.filter(programme=programme).values("close").annotate(count=Count("pk"))
    counts = {row["close"]: row["count"] for row in issued.order_by()}
    return tuple(
        Closed(
            close=one,
            month=Month.containing(one.month),
            documents=counts.get(one.pk, 0),
            gross=Money(one.gross, one.currency),
            subsidy=Money(one.subsidy, one.currency),
            user=Money(one.user, one.currency),
        )
        for one in closes(viewer).filter(programme=programme).order_by("-month")
    )
