"""Lines that rules draw, and tests against them: met, not met, or not known."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction

from lionrock.controls.domain.figures import Measure, Quantity
from lionrock.kernel.findings import ParameterRead


class Side(StrEnum):
    """On which side of a line a test is met; `AT_LEAST` and `UP_TO` count the line itself in."""

    AT_LEAST = "at_least"
    ABOVE = "above"
    BELOW = "below"
    UP_TO = "up_to"


@dataclass(frozen=True, slots=True)
class Test:
    """A quantity against a line; `read` says where the line stands, since when and by which source."""

    __test__ = False  # pytest would take the name for one of its own

    quantity: Quantity
    side: Side
    line: Fraction
    read: ParameterRead

    def met_by(self, measure: Measure) -> bool | None:
        """Tell whether it is met; None when what is known leaves it open."""
        if measure.undefined:
            return False
        return _above(measure, self.line, self.side)


Measures = Mapping[Quantity, Measure]


def _above(measure: Measure, line: Fraction, side: Side) -> bool | None:
    """Return whether both ends of a range are on the side; None when one is and the other is not."""
    ends = {
        _on_side(measure.low, line, side),
        _unbounded(side) if measure.high is None else _on_side(measure.high, line, side),
    }
    return ends.pop() if len(ends) == 1 else None


def _unbounded(side: Side) -> bool:
    return side in (Side.AT_LEAST, Side.ABOVE)


def _on_side(value: Fraction, line: Fraction, side: Side) -> bool:
    match side:
        case Side.AT_LEAST:
            return value >= line
        case Side.ABOVE:
            return value > line
        case Side.BELOW:
            return value < line
        case Side.UP_TO:
            return value <= line


def all_of(answers: Iterable[bool | None]) -> bool | None:
    """Return the three-valued “and”: one no decides, then one that is not known."""
    given = set(answers)
    return False if False in given else None if None in given else True


def any_of(answers: Iterable[bool | None]) -> bool | None:
    """Return the three-valued “or”: one yes decides, then one that is not known."""
    given = set(answers)
    return True if True in given else None if None in given else False


def all_met(tests: Iterable[Test], measured: Measures) -> bool | None:
    """Tell whether an item meets every test."""
    return all_of(test.met_by(measured[test.quantity]) for test in tests)
