"""Ways of assessing, made up for tests of pure decisions."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from lionrock.review.domain import Measure, Point, Scheme
from lionrock.rules.parameters import Anonymity
from lionrock.rules.shape import Names


def measure(name: str, weight: int, points: int = 1, minimum: str | None = None) -> Measure:
    """Return a criterion with so many points."""
    labels = tuple(Point(f"{name}.{number}", Names(f"{name} {number}")) for number in range(1, points + 1))
    return Measure(name, Names(name), weight, labels, None if minimum is None else Decimal(minimum))


def scheme(*measures: Measure, **facts: Any) -> Scheme:
    """Return a scheme of these criteria; without more, marks from 0 to 5, pass mark 60, spread 20, two assessors."""
    given = {
        "scale_max": 5,
        "pass_mark": Decimal(60),
        "spread_max": Decimal(20),
        "assessors": 2,
        "anonymity": Anonymity.NONE,
        "reads": {},
    }
    return Scheme(measures=measures, **(given | facts))


FIT = scheme(measure("fit", 25, 4), measure("need", 20, 3), measure("skill", 30), measure("rest", 25))
"""The shape of the scheme of Hong Kong: four points, three points, and two criteria marked as a whole."""
