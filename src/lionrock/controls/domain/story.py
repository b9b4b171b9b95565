"""A centre over time: what it holds, what it plans, and what the rules of each day leave it to choose from."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction
from typing import Final

from lionrock.controls.domain.answers import Determination, Question
from lionrock.controls.domain.catalogue import Item
from lionrock.controls.domain.choosing import MAIN_RATE, Choice, Way, choices, is_sold, way_of
from lionrock.controls.domain.comparing import Cause, events
from lionrock.controls.domain.determining import determine
from lionrock.controls.domain.figures import Figure
from lionrock.controls.domain.rules import Book
from lionrock.kernel.findings import Citation
from lionrock.rules.shape import Names

PER_PETAFLOP = 1000
"""10^12 operations a second in a petaflop."""


@dataclass(frozen=True, slots=True)
class Day:
    """A day to look at, and the names of what happened on it."""

    on: date
    names: Names


@dataclass(frozen=True, slots=True)
class Plot:
    """What a story is told of: petaflops held of an item and planned, the journey, the days, the items to follow."""

    id: str
    names: Names
    destination: str
    exporting_from: str
    headquarters: str
    held: Item
    held_petaflops: int
    goal_petaflops: int
    first: date
    last: date
    days: tuple[Day, ...]
    items: tuple[Item, ...]
    counted: Names
    citations: tuple[Citation, ...]

    def asked(self, item: Item, on: date) -> Question:
        """Return the question about an item on a day."""
        return Question((item,), on, self.destination, self.exporting_from, self.headquarters)

    @property
    def gap(self) -> Fraction:
        """What is missing, in 10^12 operations a second."""
        return Fraction((self.goal_petaflops - self.held_petaflops) * PER_PETAFLOP)


@dataclass(frozen=True, slots=True)
class Span:
    """From a day up to another, the answer for an item stays the same; None before it is sold."""

    since: date
    until: date
    answer: Determination | None
    way: Way | None


@dataclass(frozen=True, slots=True)
class Lane:
    """An item over time."""

    item: Item
    spans: tuple[Span, ...]

    def way(self, on: date) -> Way | None:
        """Return how far it can be counted on, on a day; None before it is sold."""
        return next((span.way for span in self.spans if span.since <= on < span.until), None)

    def ways(self, since: date, until: date) -> frozenset[Way]:
        """Return every way that it could be counted on from a day up to another."""
        return frozenset(span.way for span in self.spans if span.since < until and span.until > since and span.way)


@dataclass(frozen=True, slots=True)
class Option:
    """An item that a way leaves, and how many of it close the gap."""

    item: Item
    needed: int
    megawatts: Fraction | None


@dataclass(frozen=True, slots=True)
class Chapter:
    """A day of a story: what began, what became of the item that is held, what was lost and won, what is left.

    `lost` were to be had at some time since the day before it in the story, and `won` become possible.
    """

    day: Day
    causes: tuple[Cause, ...]
    answer: Determination
    options: tuple[tuple[Way, Option], ...]
    lost: tuple[Item, ...]
    won: tuple[Item, ...]


@dataclass(frozen=True, slots=True)
class Period:
    """From one day of a story to the next: the fastest that could be had at some time in it; `day` None before all."""

    day: Day | None
    since: date
    until: date
    to_be_had: Option | None
    case_by_case: Option | None


@dataclass(frozen=True, slots=True)
class Story:
    """A plot as the rules tell it."""

    plot: Plot
    lanes: tuple[Lane, ...]
    chapters: tuple[Chapter, ...]
    periods: tuple[Period, ...]


TO_BE_HAD: Final = frozenset({Way.FREE, Way.EXCEPTION, Way.LIKELY})
POSSIBLE: Final = TO_BE_HAD | {Way.CASE_BY_CASE}


def tell(book: Book, plot: Plot) -> Story:
    """Tell a plot by the rules on file."""
    lanes = tuple(Lane(item, tuple(_spans(book, plot, item))) for item in plot.items)
    starts = [plot.first, *(day.on for day in plot.days)]
    chapters = (_chapter(book, plot, lanes, day, since) for day, since in zip(plot.days, starts, strict=False))
    return Story(plot, lanes, tuple(chapters), tuple(_periods(plot, lanes)))


def _spans(book: Book, plot: Plot, item: Item) -> Iterator[Span]:
    """Yield the spans of an item, joined where the way stays the same."""
    starts = sorted({plot.first, *(day for day, _ in events(book, plot.first, plot.last)), *_launch(item, plot)})
    kept: Span | None = None
    for since, until in zip(starts, [*starts[1:], plot.last], strict=True):
        answer = determine(book, plot.asked(item, since)) if is_sold(item, since) else None
        span = Span(since, until, answer, way_of(answer) if answer else None)
        if kept and kept.way is span.way:
            kept = Span(kept.since, until, kept.answer, kept.way)
            continue
        if kept:
            yield kept
        kept = span
    if kept:
        yield kept


def _launch(item: Item, plot: Plot) -> list[date]:
    """Return the first day on which an item counts as sold, when that lies within the story."""
    if not item.launch:
        return []
    month = item.launch if len(item.launch) > len("2024") else f"{item.launch}-12"
    first = date.fromisoformat(f"{month}-01")
    return [first] if plot.first < first < plot.last else []


def _chapter(book: Book, plot: Plot, lanes: tuple[Lane, ...], day: Day, since: date) -> Chapter:
    eve = day.on - timedelta(days=1)
    causes = [cause for _, found in events(book, eve, day.on) for cause in found]
    return Chapter(
        day=day,
        causes=tuple(causes),
        answer=determine(book, plot.asked(plot.held, day.on)),
        options=tuple(_options(plot, choices(book, plot.asked(plot.held, day.on)))),
        lost=tuple(lane.item for lane in lanes if _lost(lane.ways(since, day.on), lane.way(day.on))),
        won=tuple(lane.item for lane in lanes if _won(lane.way(eve), lane.way(day.on))),
    )


def _lost(before: frozenset[Way], now: Way | None) -> bool:
    return bool(before & TO_BE_HAD) and now is not None and now not in TO_BE_HAD


def _won(eve: Way | None, now: Way | None) -> bool:
    return eve is not None and eve not in POSSIBLE and now in POSSIBLE


def _options(plot: Plot, found: list[Choice]) -> Iterator[tuple[Way, Option]]:
    """Yield for each way the item of the story with the highest rate, how many close the gap, and their power."""
    told: set[Way] = set()
    followed = {item.id for item in plot.items}
    for choice in found:
        if choice.rate and choice.way not in told and choice.item.id in followed:
            told.add(choice.way)
            yield choice.way, _option(plot, choice.item)


def _option(plot: Plot, item: Item) -> Option:
    rate, power = Fraction(item.figures.known[MAIN_RATE]), item.figures.known.get(Figure.POWER)
    needed = -(-plot.gap // rate)
    return Option(item, needed, None if power is None else power * needed / Fraction(10**6))


def _periods(plot: Plot, lanes: tuple[Lane, ...]) -> Iterator[Period]:
    starts = [plot.first, *(day.on for day in plot.days)]
    named = [None, *plot.days]
    for day, since, until in zip(named, starts, [*starts[1:], plot.last], strict=True):
        yield Period(
            day=day,
            since=since,
            until=until,
            to_be_had=_fastest(plot, lanes, since, until, TO_BE_HAD),
            case_by_case=_fastest(plot, lanes, since, until, frozenset({Way.CASE_BY_CASE})),
        )


def _fastest(plot: Plot, lanes: tuple[Lane, ...], since: date, until: date, ways: frozenset[Way]) -> Option | None:
    """Return the fastest item that could be had in these ways at some time from a day up to another."""
    found = [lane.item for lane in lanes if lane.ways(since, until) & ways and MAIN_RATE in lane.item.figures.known]
    fastest = max(found, key=lambda item: item.figures.known[MAIN_RATE], default=None)
    return None if fastest is None else _option(plot, fastest)
