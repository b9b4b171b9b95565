"""Figures of groups that show no single applicant: what is too small is put together with something else.

A group is shown by itself when at least `FEWEST` applicants stand behind it. The others are put
together; and since what is missing can be had from the total by taking away the rest, that one
group needs as many applicants too: where it has fewer, the smallest of those shown joins it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from lionrock.kernel.periods import Month

FEWEST: Final = 3
"""So many different applicants stand behind each figure that is published."""

Applicants = frozenset[int | str]


@dataclass(frozen=True, slots=True)
class Part:
    """The figures of one key (a category, an item), and the applicants that stand behind them."""

    key: str
    applicants: Applicants
    figures: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Group:
    """What is published of one key, or of several that are put together."""

    keys: tuple[str, ...]
    applicants: int
    figures: tuple[int, ...]


def may_be_shown(applicants: Applicants) -> bool:
    """Tell whether figures of these applicants may be shown: of so many, or of nobody."""
    return not applicants or len(applicants) >= FEWEST


def together(parts: Sequence[Part]) -> Part:
    """Return the figures of all parts added up; there is at least one part."""
    applicants: Applicants = frozenset().union(*(part.applicants for part in parts))
    figures = tuple(map(sum, zip(*(part.figures for part in parts), strict=True)))
    return Part("", applicants, figures)


def fold(parts: Sequence[Part]) -> tuple[Group, ...]:
    """Return the parts with enough applicants in their order, then the others as one group.

    Nothing at all where even all of them together have too few.
    """
    shown = [part for part in parts if len(part.applicants) >= FEWEST]
    few = [part for part in parts if part not in shown]
    while few and shown and len(together(few).applicants) < FEWEST:
        smallest = min(shown, key=lambda part: (len(part.applicants), part.key))
        shown.remove(smallest)
        few.append(smallest)
    groups = [Group((part.key,), len(part.applicants), part.figures) for part in shown]
    if few and len(together(few).applicants) >= FEWEST:
        whole = together(few)
        groups.append(Group(tuple(sorted(part.key for part in few)), len(whole.applicants), whole.figures))
    return tuple(groups)


@dataclass(frozen=True, slots=True)
class Moved:
    """An amount of one month in minor units, and the applicants that it moved for."""

    amount: int = 0
    applicants: Applicants = frozenset()

    def __add__(self, other: Moved) -> Moved:
        return Moved(self.amount + other.amount, self.applicants | other.applicants)


@dataclass(frozen=True, slots=True)
class Span:
    """Months that are published as one: what moved in them, one entry for each series."""

    first: Month
    last: Month
    moved: tuple[Moved, ...]

    def _with(self, later: Span) -> Span:
        moved = tuple(one + other for one, other in zip(self.moved, later.moved, strict=True))
        return Span(self.first, later.last, moved)

    @property
    def _enough(self) -> bool:
        return all(may_be_shown(each.applicants) for each in self.moved)


def spans(months: Sequence[tuple[Month, tuple[Moved, ...]]]) -> tuple[Span, ...]:
    """Put months together until enough applicants stand behind each figure of each span.

    A series that has too few applicants over all months must be left out before; what is left over
    at the end joins the span before it. Nothing where that cannot be done.
    """
    found: list[Span] = []
    for month, moved in months:
        span = Span(month, month, moved)
        found.append(span if not found or found[-1]._enough else found.pop()._with(span))
    while len(found) > 1 and not found[-1]._enough:
        last = found.pop()
        found.append(found.pop()._with(last))
    return tuple(found) if found and found[-1]._enough else ()
