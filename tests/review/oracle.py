"""Scores worked out another way, against which the product's own are held.

Where the product takes the mean of a criterion's points and weighs it, this counts in one pile of
equal parts: every mark is worth weight ÷ points ÷ scale of the whole, brought to one denominator.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from math import lcm

from lionrock.review.domain import Scheme


def total(scheme: Scheme, marks: Mapping[str, int]) -> Fraction:
    """Return the total of 100."""
    parts = lcm(*(len(measure.points) for measure in scheme.measures)) * scheme.scale_max
    pile = 0
    for measure in scheme.measures:
        worth = parts // (len(measure.points) * scheme.scale_max) * measure.weight
        for point in measure.points:
            pile += worth * marks[point.key]
    return Fraction(pile, parts)


def mean_total(scheme: Scheme, sheets: Sequence[Mapping[str, int]]) -> Fraction:
    """Return the mean of the totals, by adding all sheets up first."""
    together = {key: sum(sheet[key] for sheet in sheets) for key in scheme.keys}
    return total(scheme, together) / len(sheets)


def widest(values: Sequence[Fraction]) -> Fraction:
    """Return the widest distance of any two, by looking at each pair."""
    return max((abs(one - other) for one in values for other in values), default=Fraction(0))
