"""Means of independent seeds and the intervals that hold them with 95 % confidence; no binary fraction.

Two options are compared seed by seed, since with one seed both have the same jobs and the same luck (common random
numbers), and the differences are taken as the sample: the paired-t interval (A. M. Law, *Simulation Modeling and
Analysis*, 5th edition, 2015, sections 10.2.1 and 11.2).
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import isqrt
from typing import Final

CONFIDENCE: Final = 95
"""Per cent, two-sided."""

_QUANTILES: Final = (
    12707, 4303, 3183, 2777, 2571, 2447, 2365, 2307, 2263, 2229, 2201, 2179, 2161, 2145, 2132, 2120, 2110, 2101, 2094,
    2086, 2080, 2074, 2069, 2064, 2060, 2056, 2052, 2049, 2046, 2043,
)  # fmt: skip
"""Student's t at 0.975 in thousandths, rounded up, for 1 to 30 degrees of freedom."""
_FURTHER: Final = ((31, 2043), (40, 2022), (60, 2001), (120, 1980), (1_000_000, 1960))
"""From so many degrees on; between two rows the one before holds, so that no interval is too narrow."""
_FINE: Final = 10**9


def quantile(freedom: int) -> Fraction:
    """Return Student's t at 0.975 for so many degrees of freedom, never too small by more than its rounding."""
    if freedom <= len(_QUANTILES):
        return Fraction(_QUANTILES[freedom - 1], 1000)
    return Fraction(_FURTHER[bisect_right([first for first, _ in _FURTHER], freedom) - 1][1], 1000)


@dataclass(frozen=True, slots=True)
class Interval:
    """A mean, and how far to each side of it the truth may lie; None where one seed alone was tried."""

    mean: Fraction
    margin: Fraction | None
    seeds: int

    @property
    def low(self) -> Fraction:
        """The lower end; the mean itself where nothing is known."""
        return self.mean - (self.margin or 0)

    @property
    def high(self) -> Fraction:
        """The upper end."""
        return self.mean + (self.margin or 0)

    @property
    def is_sure(self) -> bool:
        """Tell whether the interval leaves zero out."""
        return self.margin is not None and (self.low > 0 or self.high < 0)


def interval(values: Sequence[Fraction]) -> Interval:
    """Return the mean of one value or more, and its interval."""
    count = len(values)
    mean = sum(values, Fraction(0)) / count
    if count == 1:
        return Interval(mean, None, 1)
    variance = sum(((value - mean) ** 2 for value in values), Fraction(0)) / (count - 1)
    return Interval(mean, root(quantile(count - 1) ** 2 * variance / count), count)


def root(value: Fraction) -> Fraction:
    """Return the square root, rounded up in the ninth decimal; 0 of 0."""
    scaled = value * _FINE**2
    whole = -(-scaled.numerator // scaled.denominator)
    found = isqrt(whole)
    return Fraction(found + (found * found < whole), _FINE)


def difference(one: Sequence[Fraction], other: Sequence[Fraction]) -> Interval:
    """Return by how much the other is more than the one; each pair has a seed in common."""
    return interval([after - before for before, after in zip(one, other, strict=True)])
