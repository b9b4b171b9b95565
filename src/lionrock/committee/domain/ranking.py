"""Ranking under the fund and the free capacity: who fits, in the committee's order, and what it leaves."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction

from lionrock.committee.domain.capacity import Room, Shortage, Stay
from lionrock.kernel.errors import Fault
from lionrock.kernel.messages import Message, gettext_noop, message
from lionrock.kernel.money import Money


class Line(StrEnum):
    """What happens at the first application that does not fit."""

    STOP = "stop"
    """The line falls there: nobody below is served, although a smaller one might fit."""
    SKIP = "skip"
    """It is passed over, and those below are served as far as they fit."""


@dataclass(frozen=True, slots=True)
class Row:
    """An application in the order, with what members try for it.

    `cost` is what its approval commits; None where it cannot be priced, and `faults` say why.
    `wanted` False: declined or left open, so that it takes nothing. `passes` False: its assessment
    did not reach what the programme needs, so that no suggestion names it.
    """

    application: str
    call: str
    score: Fraction | None
    cost: Money | None
    stays: tuple[Stay, ...] = ()
    wanted: bool = True
    passes: bool = True
    faults: tuple[Fault, ...] = ()


@dataclass(frozen=True, slots=True)
class Means:
    """What there is to give: free money of the fund, what is left of calls with an envelope, devices.

    A call that `envelopes` does not name is limited by the fund alone, a kind of device that
    `capacity` does not name by nothing. `taken` are the stays of awards that stand.
    """

    free: Money
    envelopes: Mapping[str, Money]
    capacity: Mapping[str, int]
    taken: tuple[Stay, ...] = ()


class Fit(StrEnum):
    """How an application fares."""

    FITS = "fits"
    NOT = "does_not_fit"
    BELOW = "below_the_line"
    """It was not reached: the line fell before it."""
    OUT = "takes_nothing"
    """It is proposed to be declined, or left open."""


@dataclass(frozen=True, slots=True)
class Placed:
    """How a row fares, and what is left after it: of the fund, of its call's envelope, of its devices.

    `devices_left` counts those that are free on the fullest day of its own time; None where the
    capacity is not known. `obstacles` say why it does not fit, each with the field that could help.
    """

    row: Row
    fit: Fit
    fund_left: Money
    envelope_left: Money | None
    devices_left: int | None
    obstacles: tuple[Fault, ...] = ()


@dataclass(frozen=True, slots=True)
class Ranking:
    """The order with its line: `line` is how many rows stand above it; None where all that is wanted fits."""

    rows: tuple[Placed, ...]
    rule: Line
    line: int | None
    committed: Money
    left: Money

    @property
    def served(self) -> tuple[str, ...]:
        """The applications that fit, in order."""
        return tuple(placed.row.application for placed in self.rows if placed.fit is Fit.FITS)

    @property
    def score(self) -> Fraction:
        """The sum of the scores of those that fit."""
        return sum((placed.row.score or Fraction(0) for placed in self.rows if placed.fit is Fit.FITS), Fraction(0))


def rank(rows: Sequence[Row], means: Means, rule: Line) -> Ranking:
    """Go down the order and give to each what it asks, as long as money and devices are there."""
    purse = _Purse(means)
    placed: list[Placed] = []
    line: int | None = None
    for index, row in enumerate(rows):
        stopped = line is not None and rule is Line.STOP
        each = purse.place(row, reached=not stopped)
        if each.fit is Fit.NOT and line is None:
            line = index
        placed.append(each)
    return Ranking(tuple(placed), rule, line, means.free - purse.free, purse.free)


def obstacles(row: Row, means: Means) -> tuple[Fault, ...]:
    """Return why one row alone does not fit into what there is; empty when it does."""
    return tuple(_Purse(means).obstacles(row))


class _Purse:
    """What is left while rows are served."""

    def __init__(self, means: Means) -> None:
        self.free = means.free
        self.envelopes = dict(means.envelopes)
        self.room = Room(means.capacity, means.taken)

    def place(self, row: Row, *, reached: bool) -> Placed:
        """Serve a row where it fits, and say how it fared."""
        if not row.wanted:
            return self._placed(row, Fit.OUT)
        found = tuple(self.obstacles(row))
        if not reached:
            return self._placed(row, Fit.BELOW, found)
        if found or row.cost is None:
            return self._placed(row, Fit.NOT, found)
        self._take(row, row.cost)
        return self._placed(row, Fit.FITS)

    def _take(self, row: Row, cost: Money) -> None:
        self.free -= cost
        if row.call in self.envelopes:
            self.envelopes[row.call] -= cost
        self.room.add(row.stays)

    def _placed(self, row: Row, fit: Fit, found: tuple[Fault, ...] = ()) -> Placed:
        devices = self.room.least_free(row.stays)
        return Placed(row, fit, self.free, self.envelopes.get(row.call), devices, found)

    def obstacles(self, row: Row) -> Iterator[Fault]:
        """Yield all that stands in the way of a row as things stand now."""
        yield from row.faults
        if row.cost is not None:
            yield from self._money(row, row.cost)
        shortage = self.room.shortage(row.stays)
        if shortage is not None:
            yield Fault("committee.capacity", _shortage_said(shortage), field="count")

    def _money(self, row: Row, cost: Money) -> Iterator[Fault]:
        if self.free < cost:
            template = gettext_noop("This commits {cost}; {left} of the fund is left. Give less, or decide it later.")
            yield Fault("committee.fund", message(template, cost=cost, left=self.free), field="count")
        envelope = self.envelopes.get(row.call)
        if envelope is not None and envelope < cost:
            template = gettext_noop("This commits {cost}; {left} is left of the budget of {call}. Give less.")
            said = message(template, cost=cost, left=envelope, call=row.call)
            yield Fault("committee.envelope", said, field="count")


def _shortage_said(shortage: Shortage) -> Message:
    return message(
        gettext_noop(
            "In {month} {free} devices of the kind {kind} are free; this takes {wanted}. Give fewer, or another time."
        ),
        month=shortage.month,
        free=shortage.free,
        kind=shortage.kind,
        wanted=shortage.wanted,
    )


@dataclass(frozen=True, slots=True)
class Difference:
    """What another choice of applications would change: who would come in, and who would fall out."""

    comes_in: tuple[str, ...]
    falls_out: tuple[str, ...]


def difference(order: Iterable[str], other: Iterable[str]) -> Difference:
    """Compare a choice with the committee's own, in the order in which each is given."""
    ours, theirs = list(order), list(other)
    return Difference(
        tuple(each for each in theirs if each not in ours), tuple(each for each in ours if each not in theirs)
    )
