"""Rates with sparsity given as dense, and figures that contradict each other: recognised and refused.

Many parts do twice as much with sparsity, and data sheets like to print that. A rate at half the bits
is twice the rate at most, without sparsity; and what is given for a chip on file is compared with it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from fractions import Fraction
from typing import Final

from lionrock.controls.domain.figures import BITS, Figure
from lionrock.kernel.errors import Fault
from lionrock.kernel.messages import gettext_noop, message

TWICE: Final = Fraction(2)
_CLOSE: Final = Fraction(2, 100)
SAME: Final = Fraction(1, 100)
"""Figures of one chip from two data sheets differ by rounding; beyond this they contradict each other."""
_PAIRS: Final = (
    (Figure.FP16, Figure.FP8),
    (Figure.FP16, Figure.INT8),
    (Figure.FP8, Figure.FP4),
    (Figure.INT8, Figure.INT4),
)
"""Formats of which the second has half the bits. TF32 is left out: many parts do it at half of their speed."""


def _about(ratio: Fraction, wanted: Fraction) -> bool:
    return abs(ratio - wanted) <= wanted * _CLOSE


def sparse_within(known: Mapping[Figure, Fraction]) -> Iterator[Fault]:
    """Yield a fault for each rate that is four times that at twice the bits: twice by width, twice by sparsity."""
    for wide, narrow in _PAIRS:
        if known.get(wide) and narrow in known and _about(Fraction(known[narrow]) / known[wide], TWICE * 2):
            said = message(
                gettext_noop(
                    "{value} for {field} is four times the rate for {other} ({given}): twice for the width, and twice "
                    "as rates with sparsity are. Give the rate without sparsity."
                ),
                value=_text(known[narrow]),
                field=narrow.value,
                other=wide.value,
                given=_text(known[wide]),
            )
            yield Fault("controls.figure.sparse", said, field=narrow.value, value=_text(known[narrow]))


def against_catalogue(known: Mapping[Figure, Fraction], filed: Mapping[Figure, Fraction], item: str) -> Iterator[Fault]:
    """Yield a fault for each figure that is not that of the catalogue: twice a rate is a sparse one."""
    for figure, value in known.items():
        there = filed.get(figure)
        if not there or _same(value, there):
            continue
        sparse = figure in BITS and _about(value / there, TWICE)
        template = (
            gettext_noop(
                "{value} for {field} is twice what is on file for {item} ({there}), as rates with sparsity are. "
                "Give the rate without sparsity."
            )
            if sparse
            else gettext_noop(
                "{value} for {field} contradicts what is on file for {item} ({there}). Correct one of the two."
            )
        )
        code = "controls.figure.sparse" if sparse else "controls.figure.contradicts"
        said = message(template, value=_text(value), field=figure.value, item=item, there=_text(there))
        yield Fault(code, said, field=figure.value, value=_text(value))


def _same(one: Fraction, other: Fraction) -> bool:
    return abs(one - other) <= other * SAME


def contradiction(field: str, given: Fraction, computed: Fraction) -> Fault | None:
    """Return a fault when a quantity that was stated is not that which the first figures give."""
    if abs(given - computed) <= computed * SAME:
        return None
    said = message(
        gettext_noop(
            "{value} for {field} contradicts the first figures, which give {computed}. Correct one of the two."
        ),
        value=_text(given),
        field=field,
        computed=_text(computed),
    )
    return Fault("controls.figure.contradicts", said, field=field, value=_text(given))


def _text(value: Fraction) -> str:
    whole, rest = divmod(value.numerator * 10000 // value.denominator, 10000)
    return f"{whole}.{rest:04d}".rstrip("0").rstrip(".")
