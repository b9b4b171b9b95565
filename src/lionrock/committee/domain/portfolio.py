"""The best choice of applications under fund, envelopes and devices: a suggestion, never a decision.

An exact 0/1 knapsack with several limits, in integers: money in minor units, devices per span
between two turns. It maximises the sum of the scores. Of equal sums it takes the one that commits
less, and of those the one that serves the earlier in the committee's order: so there is exactly
one answer. Depth first, the dearest score per money first; a branch is left when not even its
fractional filling beats the best found. After `NODES` branches it stops, and says that its answer
is the best found and how high the best of all can be at most.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from math import lcm
from typing import Final

from lionrock.committee.domain.capacity import turns, use_on
from lionrock.committee.domain.ranking import Means, Row
from lionrock.kernel.money import Money

NODES: Final = 5_000
"""Branches looked at before it gives its best found: well under a second on one core."""


@dataclass(frozen=True, slots=True)
class Portfolio:
    """A choice of applications, in the committee's order, its score and what it commits.

    `proven`: nothing better exists. Otherwise `bound` is a score that no choice exceeds.
    """

    applications: tuple[str, ...]
    score: Fraction
    committed: Money
    proven: bool
    bound: Fraction
    nodes: int


@dataclass(frozen=True, slots=True)
class _Limit:
    """One limit: how much there is of it (nothing, where more is given than there is), and what each row takes."""

    there: int
    takes: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class _Worth:
    """One integer per row that orders choices by score, then by money, then by place in the order."""

    of: tuple[int, ...]
    unit: int
    money: int
    slack: int

    def score_at_most(self, worth: int) -> Fraction:
        """Return the highest score of a choice of no more than that worth."""
        return Fraction((worth + self.slack) // self.money, self.unit)


def best(rows: Sequence[Row], means: Means, *, nodes: int = NODES) -> Portfolio:
    """Return the best choice among the rows that can be chosen at what is tried for them.

    These are wanted, priced and within the limits, have a score, and have passed their assessment.
    `nodes` limits the work.
    """
    kept = [row for row in rows if _can_be_chosen(row)]
    limits = _limits(kept, means)
    worth = _worth(kept)
    fitting = [place for place in range(len(kept)) if all(limit.takes[place] <= limit.there for limit in limits)]
    search = _Search(fitting, worth.of, limits, nodes)
    search.run()
    chosen = [kept[place] for place in sorted(search.chosen)]
    score = _sum_of(chosen)
    return Portfolio(
        applications=tuple(row.application for row in chosen),
        score=score,
        committed=Money(sum(_cost(row) for row in chosen), means.free.currency),
        proven=search.proven,
        bound=score if search.proven else max(score, worth.score_at_most(search.bound)),
        nodes=search.nodes,
    )


def _sum_of(rows: Sequence[Row]) -> Fraction:
    return sum((row.score or Fraction(0) for row in rows), Fraction(0))


def _cost(row: Row) -> int:
    return row.cost.minor if row.cost else 0


def _can_be_chosen(row: Row) -> bool:
    if not row.wanted or not row.passes or row.cost is None or row.faults:
        return False
    return row.score is not None and row.score > 0


def _worth(rows: Sequence[Row]) -> _Worth:
    """Lift scores above all the money, and money above all places, so that a sum compares the three at once."""
    scores = [row.score or Fraction(0) for row in rows]
    places = 1 << len(rows)
    slack = sum(_cost(row) for row in rows) * places
    money = slack + places
    unit = lcm(1, *(score.denominator for score in scores))
    of = tuple(
        int(score * unit) * money - _cost(row) * places + (1 << (len(rows) - 1 - place))
        for place, (score, row) in enumerate(zip(scores, rows, strict=True))
    )
    return _Worth(of, unit, money, slack)


def _limits(rows: Sequence[Row], means: Means) -> list[_Limit]:
    """Return every limit that can bind, the fund first; of spans that the same rows compete for, the fullest alone."""
    money = [_Limit(max(means.free.minor, 0), tuple(_cost(row) for row in rows))]
    for call in sorted({row.call for row in rows} & set(means.envelopes)):
        takes = tuple(_cost(row) if row.call == call else 0 for row in rows)
        money.append(_Limit(max(means.envelopes[call].minor, 0), takes))
    devices: dict[tuple[int, ...], int] = {}
    for kind, day in _spans(rows, means):
        takes = tuple(use_on(row.stays, kind, day) for row in rows)
        there = max(means.capacity[kind] - use_on(means.taken, kind, day), 0)
        devices[takes] = min(there, devices.get(takes, there))
    others = [*money[1:], *(_Limit(there, takes) for takes, there in devices.items())]
    return [money[0], *(limit for limit in others if sum(limit.takes) > limit.there)]


def _spans(rows: Sequence[Row], means: Means) -> list[tuple[str, date]]:
    """Return the first day of each span, by kind, on which a row takes something that is limited."""
    stays = [stay for row in rows for stay in row.stays if stay.kind in means.capacity]
    found = []
    for kind in sorted({stay.kind for stay in stays}):
        own = [stay for stay in stays if stay.kind == kind]
        days = turns([*own, *(stay for stay in means.taken if stay.kind == kind)])
        found += [(kind, day) for day in days if any(stay.covers(day) for stay in own)]
    return found


@dataclass(frozen=True, slots=True)
class _Node:
    """A branch: which row is next, what was chosen, its worth, what is left, and the most it can come to."""

    index: int
    chosen: tuple[int, ...]
    worth: int
    left: tuple[int, ...]
    bound: int


class _Search:
    """Depth first over the rows, the dearest worth per money first."""

    def __init__(self, places: Sequence[int], worth: Sequence[int], limits: Sequence[_Limit], nodes: int) -> None:
        self.order = sorted(places, key=lambda place: (-Fraction(worth[place], max(limits[0].takes[place], 1)), place))
        self.worth = [worth[place] for place in self.order]
        self.takes = [tuple(limit.takes[place] for limit in limits) for place in self.order]
        self.there = tuple(limit.there for limit in limits)
        self.by_ratio = [self._ratio_order(limit) for limit in range(len(limits))]
        self.most = nodes
        self.nodes = 0
        self.chosen: tuple[int, ...] = ()
        self.found = 0
        self.bound = 0
        self.proven = True

    def _ratio_order(self, limit: int) -> list[int]:
        free = [index for index, takes in enumerate(self.takes) if not takes[limit]]
        bound = [index for index, takes in enumerate(self.takes) if takes[limit]]
        return free + sorted(bound, key=lambda index: (-Fraction(self.worth[index], self.takes[index][limit]), index))

    def run(self) -> None:
        """Look until nothing better can be there, or the branches are used up."""
        stack = [_Node(0, (), 0, self.there, self._bound(0, 0, self.there))]
        while stack and self.nodes < self.most:
            node = stack.pop()
            if node.bound <= self.found:
                continue
            self.nodes += 1
            stack += [each for each in self._branches(node) if each.bound > self.found]
        self.bound = max([self.found, *(node.bound for node in stack)])
        self.proven = self.bound == self.found

    def _branches(self, node: _Node) -> list[_Node]:
        """Return the branch without the next row and, above it, the one with it where it fits."""
        if node.index == len(self.order):
            return []
        after, takes = node.index + 1, self.takes[node.index]
        without = _Node(after, node.chosen, node.worth, node.left, self._bound(after, node.worth, node.left))
        left = tuple(there - take for there, take in zip(node.left, takes, strict=True))
        if min(left) < 0:
            return [without]
        worth, chosen = node.worth + self.worth[node.index], (*node.chosen, self.order[node.index])
        if worth > self.found:
            self.found, self.chosen = worth, chosen
        return [without, _Node(after, chosen, worth, left, self._bound(after, worth, left))]

    def _bound(self, index: int, worth: int, left: Sequence[int]) -> int:
        """Return what no filling of the rows from `index` on exceeds: the least over the limits, each alone.

        One that does not beat the best found settles the branch; the others are not asked then.
        """
        least = worth + self._filled(index, 0, left[0])
        for limit, there in enumerate(left[1:], start=1):
            if least <= self.found:
                return least
            least = min(least, worth + self._filled(index, limit, there))
        return least

    def _filled(self, index: int, limit: int, there: int) -> int:
        """Fill one limit with the dearest rows first, the last of them in part (rounded down)."""
        filled = 0
        for each in self.by_ratio[limit]:
            if each < index:
                continue
            take = self.takes[each][limit]
            if take > there:
                return filled + self.worth[each] * there // take
            there -= take
            filled += self.worth[each]
        return filled
