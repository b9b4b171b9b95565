"""First figures of a chip or a memory stack, and the quantities that the rules are written in.

All arithmetic is exact. What is not known is a range: a rate that is missing leaves performance
without an upper bound, and so no test of it is failed for sure.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction
from types import MappingProxyType
from typing import Final


class Figure(StrEnum):
    """A figure that is published or measured; rates are without sparsity, in units of 10^12 a second."""

    FP64 = "fp64"
    TF32 = "tf32"
    FP16 = "fp16"
    FP8 = "fp8"
    INT8 = "int8"
    FP4 = "fp4"
    INT4 = "int4"
    DIE_AREA = "die_area_mm2"
    """Area of all logic dies, memory stacks left out."""
    MEMORY_GB = "memory_gb"
    MEMORY = "memory_gb_s"
    LINK = "link_gb_s"
    """Aggregate of both directions of all links between accelerators."""
    PCIE = "pcie_gb_s"
    POWER = "power_w"
    STACK = "stack_gb_s"
    STACK_AREA = "stack_area_mm2"


BITS: Final = MappingProxyType(
    {
        Figure.FP64: 64,
        Figure.TF32: 32,
        Figure.FP16: 16,
        Figure.FP8: 8,
        Figure.INT8: 8,
        Figure.FP4: 4,
        Figure.INT4: 4,
    }
)
"""Bits of the largest input of a multiplication in each format; TF32 counts as 32 by the usual reading."""


class Rates(StrEnum):
    """Whether the rates that decide are all there."""

    COMPLETE = "complete"
    PARTIAL = "partial"
    NONE = "none"


class Kind(StrEnum):
    """What an item is."""

    IC = "ic"
    HBM = "hbm"


class Quantity(StrEnum):
    """What a rule draws a line on."""

    TPP = "tpp"
    """Total processing performance: the largest of rate × bits over all formats."""
    DENSITY = "density"
    """Performance density: TPP per mm² of logic dies that are not planar."""
    TRANSFER = "transfer"
    """Aggregate transfer rate to anything but memory, in GB/s: the test of 2022."""
    MEMORY = "memory"
    """Bandwidth of all memory of the chip, in GB/s."""
    MEMORY_AND_TRANSFER = "memory_and_transfer"
    STACK_DENSITY = "stack_density"
    """Bandwidth of a memory stack per mm² of it, in GB/s."""


@dataclass(frozen=True, slots=True)
class Figures:
    """What is known of an item; a figure that is missing is not in `known`.

    `nonplanar` tells whether its logic is made with transistors that are not planar; None is unknown.
    """

    known: Mapping[Figure, Fraction]
    rates: Rates
    nonplanar: bool | None
    kind: Kind = Kind.IC


@dataclass(frozen=True, slots=True)
class Measure:
    """A quantity of an item: a range whose `high` of None is unbounded, and what would narrow it.

    `basis` are the figures that it was worked out from, in the order of the formula. `undefined` is a
    density of planar dies, with which no test of density is met.
    """

    quantity: Quantity
    low: Fraction
    high: Fraction | None
    basis: tuple[Figure, ...]
    missing: tuple[str, ...] = ()
    undefined: bool = False

    @property
    def exact(self) -> Fraction | None:
        """The value, where it is known."""
        return self.low if self.low == self.high and not self.undefined else None


def measures(figures: Figures) -> Mapping[Quantity, Measure]:
    """Return every quantity of an item."""
    tpp = _performance(figures)
    transfer = _sum(Quantity.TRANSFER, figures, (Figure.LINK, Figure.PCIE))
    memory = _sum(Quantity.MEMORY, figures, (Figure.MEMORY,))
    both = _sum(Quantity.MEMORY_AND_TRANSFER, figures, (Figure.MEMORY, Figure.LINK, Figure.PCIE))
    found = (tpp, _density(figures, tpp), transfer, memory, both, _stack_density(figures))
    return {measure.quantity: measure for measure in found}


def performances(figures: Figures) -> dict[Figure, Fraction]:
    """Return rate × bits of each format whose rate is known."""
    return {form: figures.known[form] * bits for form, bits in BITS.items() if form in figures.known}


def _performance(figures: Figures) -> Measure:
    """Return TPP, with the first of the formats that reach it as its basis."""
    each = performances(figures)
    low = max(each.values(), default=Fraction(0))
    basis = tuple(form for form, value in each.items() if value == low)[:1]
    if figures.rates is Rates.COMPLETE and each:
        return Measure(Quantity.TPP, low, low, basis)
    return Measure(Quantity.TPP, low, None, basis, ("rates",))


def _density(figures: Figures, tpp: Measure) -> Measure:
    if figures.nonplanar is False:
        return Measure(Quantity.DENSITY, Fraction(0), Fraction(0), (), undefined=True)
    area = figures.known.get(Figure.DIE_AREA)
    lacking = tuple(
        name for name, there in ((Figure.DIE_AREA.value, area), ("nonplanar", figures.nonplanar)) if there is None
    )
    if area is None or figures.nonplanar is None:
        return Measure(Quantity.DENSITY, Fraction(0), None, tpp.basis, (*lacking, *tpp.missing))
    high = None if tpp.high is None else tpp.high / Fraction(area)
    return Measure(Quantity.DENSITY, tpp.low / Fraction(area), high, (*tpp.basis, Figure.DIE_AREA), tpp.missing)


def _sum(quantity: Quantity, figures: Figures, parts: tuple[Figure, ...]) -> Measure:
    there = tuple(part for part in parts if part in figures.known)
    missing = tuple(part.value for part in parts if part not in figures.known)
    low = sum((figures.known[part] for part in there), Fraction(0))
    return Measure(quantity, low, None if missing else low, there, missing)


def _stack_density(figures: Figures) -> Measure:
    parts = (Figure.STACK, Figure.STACK_AREA)
    missing = tuple(part.value for part in parts if part not in figures.known)
    if missing:
        return Measure(Quantity.STACK_DENSITY, Fraction(0), None, (), missing)
    value = Fraction(figures.known[Figure.STACK]) / figures.known[Figure.STACK_AREA]
    return Measure(Quantity.STACK_DENSITY, value, value, parts)
