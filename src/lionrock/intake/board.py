"""The intake board: every application of a programme that waits for somebody, by state and age.

One grouped query counts everything, however many applications there are: it gives the numbers of each
state, the ages that are drawn, and the days whose pledge is broken by now. Each column then reads one
page of rows.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import cached_property
from itertools import groupby
from typing import Final

from django.core.paginator import Page, Paginator
from django.db.models import Case, Count, F, Q, QuerySet, When
from django.db.models.functions import TruncDate

from lionrock.applications.domain.costs import to_quote
from lionrock.applications.domain.pledges import DUTIES, WAITED_FOR, Clock, Duty, Pledge, Pledges, Standing
from lionrock.applications.domain.requests import ApplicationState
from lionrock.applications.models import Application
from lionrock.applications.progress import clock_of, pledge_of
from lionrock.applications.queries import applications, request_of
from lionrock.intake.domain import ages
from lionrock.intake.domain.ages import Band, Waited
from lionrock.intake.queries import handlers_of, taken_by
from lionrock.kernel.errors import Invalid, NotFound, Refused
from lionrock.kernel.messages import gettext_noop, message
from lionrock.kernel.money import Money
from lionrock.kernel.periods import local_date, local_midnight
from lionrock.people.domain import Actor
from lionrock.people.models import Person
from lionrock.people.programmes import programme_on_file
from lionrock.rules import quotes
from lionrock.rules.items import Item
from lionrock.rules.programme import Programme

ROWS_OF_A_COLUMN: Final = 8
ROWS_OF_ONE_STATE: Final = 30
ENDED: Final = (
    ApplicationState.APPROVED,
    ApplicationState.DECLINED,
    ApplicationState.INELIGIBLE,
    ApplicationState.WITHDRAWN,
)
LATELY: Final = timedelta(days=30)
LATELY_ENDED: Final = "ended"
"""The last column: what was decided or withdrawn in the last days."""
COLUMNS: Final = (*(state.value for state in WAITED_FOR), LATELY_ENDED)


@dataclass(frozen=True, slots=True)
class Wanted:
    """What somebody wants to see of a programme's intake; empty: all. `column` is a state, or `ended`."""

    programme: str
    call: str = ""
    category: str = ""
    text: str = ""
    column: str = ""
    late: bool = False
    mine: bool = False
    latest_first: bool = False


@dataclass(frozen=True, slots=True)
class Day:
    """The applications of one state whose pledge counts from one day."""

    state: ApplicationState
    clock: date
    count: int
    age: int
    pledge: Pledge | None
    late: bool
    soon: bool


@dataclass(frozen=True, slots=True)
class Card:
    """One application on the board, with all that is said of it."""

    application: Application
    item: Item | None
    price: Money | None
    since: date
    age: int
    pledge: Pledge | None
    standing: Standing | None
    left: int
    handler: str

    @property
    def duty(self) -> Duty | None:
        """Who has it, and what is next; None for what has ended."""
        return DUTIES.get(ApplicationState(self.application.state))

    @property
    def too_late(self) -> int:
        """By how many working days its pledge is broken."""
        return max(-self.left, 0)


@dataclass(frozen=True, slots=True)
class Column:
    """One state of the board: what is in it, how old, and the page of it that is shown."""

    name: str
    count: int
    late: int
    soon: int
    oldest: int | None
    bands: tuple[Band, ...]
    page: Page[Application]
    cards: tuple[Card, ...]

    @property
    def parameter(self) -> str:
        """What an address names the page of this column with."""
        return f"page-{self.name}"

    def drawn(self, highest: int) -> tuple[ages.Column, ...]:
        """Return its ages as columns of a picture."""
        return ages.drawn(self.bands, highest)


@dataclass(frozen=True, slots=True)
class Board:
    """The intake of a programme as one viewer sees it."""

    wanted: Wanted
    columns: tuple[Column, ...]

    @property
    def waiting(self) -> int:
        """How many wait for somebody, late or not."""
        return sum(column.count for column in self.columns if column.name != LATELY_ENDED)

    @property
    def late(self) -> int:
        """How many of them are late."""
        return sum(column.late for column in self.columns)

    @property
    def highest(self) -> int:
        """The highest column of the pictures, so that all are drawn to one scale."""
        return max((band.count for column in self.columns for band in column.bands), default=0)


class _Counted(Paginator[Application]):
    """A paginator that has been told how many rows there are."""

    def __init__(self, rows: QuerySet[Application], per_page: int, count: int) -> None:
        super().__init__(rows, per_page)
        self._known = count

    @cached_property
    def count(self) -> int:
        """How many rows there are."""
        return self._known


def require_programme(viewer: Actor, programme: str) -> Programme:
    """Return a programme whose intake the viewer may see; raises `NotFound` for every other."""
    found = programme_on_file(programme)
    if not viewer.sees_programme(programme):
        template = gettext_noop("There is no intake of {programme} for you. Ask its office for a role.")
        raise NotFound("intake.board.unknown", message(template, programme=programme))
    return found


def board(viewer: Actor, wanted: Wanted, now: datetime, pages: Mapping[str, str]) -> Board:
    """Return the board: its columns in the order of the line, each with the page that `pages` names.

    Only the column asked for has rows, where one is. Raises `NotFound` when the programme is not the viewer's.
    """
    desk = Desk(viewer, require_programme(viewer, wanted.programme), now)
    rows = matching(viewer, wanted)
    days = desk.days(rows)
    shown = [wanted.column] if wanted.column else list(COLUMNS)
    read = {name: _page(rows, name, desk, days, wanted, pages) for name in shown}
    cards = desk.cards([row for page in read.values() for row in page.object_list])
    return Board(wanted, tuple(_column(name, days, read[name], cards) for name in shown))


def matching(viewer: Actor, wanted: Wanted) -> QuerySet[Application]:
    """Return the applications handed in to the programme that fit, whatever their state and pledge."""
    rows = applications(viewer).filter(call__programme=wanted.programme, submitted_at__isnull=False)
    if wanted.call:
        rows = rows.filter(call__code=wanted.call)
    if wanted.category:
        rows = rows.filter(category=wanted.category)
    if wanted.mine:
        rows = rows.filter(pk__in=taken_by(viewer).values("application"))
    return rows.filter(_having(wanted.text)) if wanted.text else rows


_SEARCHED: Final = (
    "code",
    "title",
    "title_zh_hant",
    "title_zh_hans",
    "organisation__code",
    "organisation__name",
    "organisation__name_zh_hant",
    "organisation__name_zh_hans",
)


def _having(text: str) -> Q:
    wanted = Q()
    for name in _SEARCHED:
        wanted |= Q(**{f"{name}__icontains": text})
    return wanted


_CLOCKS: Final = {Clock.SINCE: "state_since", Clock.SUBMITTED: "submitted_at"}
_CLOCK: Final = Case(
    *(When(state=state.value, then=F(_CLOCKS[duty.clock])) for state, duty in DUTIES.items()),
    default=F("state_since"),
)


@dataclass
class Desk:
    """What is needed to tell how the applications of one programme stand at an instant."""

    viewer: Actor
    programme: Programme
    now: datetime
    pledges: Pledges = field(init=False)
    _prices: dict[quotes.Request, Money | None] = field(init=False, default_factory=dict)

    def __post_init__(self) -> None:
        self.pledges = Pledges(self.programme)

    @cached_property
    def today(self) -> date:
        """The day in the programme's zone."""
        return local_date(self.now, self.programme.zone)

    def days(self, rows: QuerySet[Application]) -> list[Day]:
        """Count the rows by state and by the day from which their pledge counts (one query)."""
        waiting = Q(state__in=[state.value for state in WAITED_FOR])
        lately = Q(state__in=[state.value for state in ENDED], state_since__gte=self.now - LATELY)
        counted = (
            rows.filter(waiting | lately)
            .order_by()
            .annotate(clock=TruncDate(_CLOCK, tzinfo=self.programme.zone))
            .values_list("state", "clock")
            .annotate(number=Count("pk"))
        )
        return [self._day(ApplicationState(state), clock, number) for state, clock, number in counted]

    def _day(self, state: ApplicationState, clock: date, count: int) -> Day:
        pledge = self.pledges.of(state, clock)
        standing = pledge.standing(self.today) if pledge else None
        age = self.pledges.age(clock, self.today)
        return Day(state, clock, count, age, pledge, standing is Standing.LATE, standing is Standing.DUE_SOON)

    def cards(self, shown: Sequence[Application]) -> dict[int, Card]:
        """Return the cards of the applications shown, by id (two queries, however many)."""
        waiting = [row for row in shown if row.state == ApplicationState.SUBMITTED]
        handlers = handlers_of(waiting) if waiting else {}
        names = _names(handlers.values())
        return {row.pk: self.card(row, names.get(handlers.get(row.pk, ""), "")) for row in shown}

    def card(self, row: Application, handler: str) -> Card:
        """Return all that is said of one application."""
        pledge = pledge_of(row, self.pledges)
        since = local_date(clock_of(row), self.programme.zone)
        return Card(
            application=row,
            item=self.programme.items.get(row.item),
            price=self.list_price(row),
            since=since,
            age=self.pledges.age(since, self.today),
            pledge=pledge,
            standing=pledge.standing(self.today) if pledge else self._decided(row),
            left=pledge.left(self.today) if pledge else 0,
            handler=handler,
        )

    def list_price(self, row: Application) -> Money | None:
        """Return what is asked for at the list price of today; None where no price, or no request, is known.

        Applications that ask for the same are priced once.
        """
        try:
            asked = to_quote(self.programme, request_of(row), row.category, self.today)
        except Invalid:
            return None
        if asked not in self._prices:
            self._prices[asked] = _priced(self.programme, asked)
        return self._prices[asked]

    def _decided(self, row: Application) -> Standing | None:
        """Return whether a decision came in the time pledged for it; None: there is none, or nothing was pledged."""
        if row.decided_at is None or row.submitted_at is None:
            return None
        zone = self.programme.zone
        pledge = self.pledges.of(ApplicationState.ASSESSED, local_date(row.submitted_at, zone))
        return pledge.outcome(local_date(row.decided_at, zone)) if pledge else None


def _priced(programme: Programme, asked: quotes.Request) -> Money | None:
    try:
        return quotes.quote(programme, asked).list_price
    except (Invalid, Refused):
        return None


def _names(addresses: Iterable[str]) -> dict[str, str]:
    wanted = set(addresses)
    if not wanted:
        return {}
    known = dict(Person.objects.filter(email__in=wanted).values_list("email", "name"))
    return {address: known.get(address, address) for address in wanted}


def _page(
    rows: QuerySet[Application],
    name: str,
    desk: Desk,
    days: Sequence[Day],
    wanted: Wanted,
    pages: Mapping[str, str],
) -> Page[Application]:
    found, count = in_column(rows, name, desk, days, late=wanted.late)
    order = _order(name, latest_first=wanted.latest_first)
    per_page = ROWS_OF_ONE_STATE if wanted.column else ROWS_OF_A_COLUMN
    ordered = light(found).order_by(*order)
    return _Counted(ordered, per_page, count).get_page(pages.get(f"page-{name}"))


def light(rows: QuerySet[Application]) -> QuerySet[Application]:
    """Return rows with what a card says of them, and without what is long and not read there."""
    return rows.select_related("organisation", "call").defer("findings", "declarations", "purpose", "decision_reason")


def _order(name: str, *, latest_first: bool) -> tuple[str, str]:
    """Return the order of a column: what falls due first, which is what has waited longest; or the latest first."""
    if name == LATELY_ENDED:
        return "-state_since", "-code"
    clock = _CLOCKS[DUTIES[ApplicationState(name)].clock]
    return (f"-{clock}", "-code") if latest_first else (clock, "code")


def in_column(
    rows: QuerySet[Application], name: str, desk: Desk, days: Sequence[Day], *, late: bool = False
) -> tuple[QuerySet[Application], int]:
    """Return the rows of a column, those that are late alone where asked, and how many they are."""
    of_it = [day for day in days if _belongs(day, name)]
    count = sum(day.count for day in of_it if day.late or not late)
    return rows.filter(_condition(name, desk, of_it, late=late)), count


def selected(viewer: Actor, wanted: Wanted, desk: Desk) -> QuerySet[Application]:
    """Return every application that is wanted, on whatever page: without a column, those of all states."""
    rows = matching(viewer, wanted)
    if not (wanted.column or wanted.late):
        return rows
    days = desk.days(rows) if wanted.late else []
    condition = Q(pk__in=[])
    for name in [wanted.column] if wanted.column else COLUMNS:
        condition |= _condition(name, desk, [day for day in days if _belongs(day, name)], late=wanted.late)
    return rows.filter(condition)


def _condition(name: str, desk: Desk, days: Sequence[Day], *, late: bool) -> Q:
    """Return what puts an application in a column; what has ended is never late any more."""
    if name == LATELY_ENDED:
        ended = Q(state__in=[state.value for state in ENDED], state_since__gte=desk.now - LATELY)
        return Q(pk__in=[]) if late else ended
    return Q(state=name) & _late(name, days, desk) if late else Q(state=name)


def _belongs(day: Day, name: str) -> bool:
    return day.state in ENDED if name == LATELY_ENDED else day.state.value == name


def _late(name: str, days: Iterable[Day], desk: Desk) -> Q:
    """Return the condition that a pledge counts from a day on which it is late by now."""
    clock = _CLOCKS[DUTIES[ApplicationState(name)].clock]
    wanted = Q(pk__in=[])
    for first, last in late_spans(days):
        start, end = (local_midnight(each, desk.programme.zone) for each in (first, last + timedelta(days=1)))
        wanted |= Q(**{f"{clock}__gte": start, f"{clock}__lt": end})
    return wanted


def late_spans(days: Iterable[Day]) -> list[tuple[date, date]]:
    """Return the spans of days, both ends included, whose applications are late: mostly one, up to some day.

    There are several where the programme changed its pledge. Between the days of a span lie only days
    from which nothing counts.
    """
    spans = []
    for late, group in groupby(sorted(days, key=lambda day: day.clock), key=lambda day: day.late):
        run = [day.clock for day in group]
        if late:
            spans.append((run[0], run[-1]))
    return spans


def _column(name: str, days: Sequence[Day], page: Page[Application], cards: Mapping[int, Card]) -> Column:
    of_it = [day for day in days if _belongs(day, name)]
    waited = [] if name == LATELY_ENDED else [Waited(day.age, day.count, day.late) for day in of_it]
    return Column(
        name=name,
        count=sum(day.count for day in of_it),
        late=sum(day.count for day in of_it if day.late),
        soon=sum(day.count for day in of_it if day.soon),
        oldest=max((each.age for each in waited), default=None),
        bands=ages.bands(waited),
        page=page,
        cards=tuple(cards[row.pk] for row in page.object_list),
    )
