"""Items as somebody describes them: chips of the catalogue by id, and others by their figures."""

from __future__ import annotations

import difflib
from collections.abc import Mapping, Sequence
from dataclasses import replace
from fractions import Fraction
from types import MappingProxyType
from typing import Final

from lionrock.controls.domain.catalogue import Item
from lionrock.controls.domain.figures import BITS, Figure, Figures, Kind, Quantity, Rates, measures
from lionrock.controls.domain.sparsity import against_catalogue, contradiction, sparse_within
from lionrock.controls.reading.catalogue import figure_value
from lionrock.kernel.errors import Fault, Invalid, collecting
from lionrock.kernel.messages import gettext_noop, message
from lionrock.rules.shape import nearest

_STATED: Final = MappingProxyType({Quantity.TPP.value: Quantity.TPP, Quantity.DENSITY.value: Quantity.DENSITY})
"""Quantities that may be stated beside the first figures, and are then checked against them."""
DESCRIBED: Final = "described"


def catalogued(items: Mapping[str, Item], ids: Sequence[str]) -> tuple[Item, ...]:
    """Return the items of these ids; raises `Invalid` with a fault for each that is not in the catalogue."""
    faults = [_unknown(items, name) for name in ids if name.casefold() not in items]
    if faults:
        raise Invalid(faults[0].code, faults[0].message, faults=faults)
    return tuple(items[name.casefold()] for name in ids)


def _unknown(items: Mapping[str, Item], name: str) -> Fault:
    known = _meant(items, name.casefold())
    if known:
        said = message(
            gettext_noop(
                "“{value}” is not in the catalogue. Perhaps you meant: {known}. "
                "Adding a chip is adding a row to accelerators.csv."
            ),
            value=name,
            known=", ".join(known),
        )
    else:
        said = message(
            gettext_noop("“{value}” is not in the catalogue. Adding a chip is adding a row to accelerators.csv."),
            value=name,
        )
    return Fault("controls.chip.unknown", said, field="chip_id", value=name)


def _meant(items: Mapping[str, Item], name: str) -> list[str]:
    """Return up to five ids that are spelt about so, or that have the given text in them."""
    close = difflib.get_close_matches(name, sorted(items), n=3)
    return close or [known for known in sorted(items) if name and name in known][:5]


def with_figures(
    item: Item | None, given: Sequence[tuple[str, str]], *, datacentre: bool | None, nonplanar: bool | None
) -> Item:
    """Return an item described by figures, or one of the catalogue that figures were given for as well.

    Raises `Invalid` with every fault: unknown figures, numbers that are none, rates with sparsity,
    and what contradicts the catalogue or the other figures.
    """
    faults: list[Fault] = []
    known: dict[Figure, Fraction] = {}
    stated: dict[Quantity, Fraction] = {}
    for name, text in given:
        with collecting(faults):
            _put(name, text, known, stated)
    if item is not None:
        faults += against_catalogue(known, item.figures.known, item.id)
        known = {**item.figures.known, **known}
    faults += sparse_within(known)
    figures = _figures(item, known, nonplanar)
    faults += [fault for name, value in stated.items() if (fault := _contradicted(figures, name, value))]
    if faults:
        raise Invalid(faults[0].code, faults[0].message, faults=faults)
    if item is not None:
        return replace(item, figures=figures)
    return Item(DESCRIBED, DESCRIBED, "", None, "", "", datacentre, figures, "", "", {}, frozenset(known), "")


def _put(name: str, text: str, known: dict[Figure, Fraction], stated: dict[Quantity, Fraction]) -> None:
    value = figure_value(text, name)
    there = known.get(Figure(name)) if name in set(Figure) else None
    if there is not None and there != value:
        said = message(gettext_noop("{field} is given twice, and differently. Give it once."), field=name)
        raise Invalid(
            "controls.figure.twice", said, faults=[Fault("controls.figure.twice", said, field=name, value=text)]
        )
    if name in set(Figure):
        known[Figure(name)] = value
    elif name in _STATED:
        stated[_STATED[name]] = value
    else:
        words = [*(figure.value for figure in Figure), *_STATED]
        said = message(
            gettext_noop("“{value}” is no figure. Perhaps you meant: {known}."), value=name, known=nearest(name, words)
        )
        raise Invalid(
            "controls.figure.unknown", said, faults=[Fault("controls.figure.unknown", said, field="figure", value=name)]
        )


def _figures(item: Item | None, known: dict[Figure, Fraction], nonplanar: bool | None) -> Figures:
    kind = Kind.HBM if Figure.STACK in known else Kind.IC
    if item is not None:
        rates = (
            Rates.COMPLETE
            if any(form in known for form in BITS) and item.figures.rates is not Rates.PARTIAL
            else item.figures.rates
        )
        return Figures(MappingProxyType(known), rates, item.figures.nonplanar if nonplanar is None else nonplanar, kind)
    rates = Rates.COMPLETE if any(form in known for form in BITS) else Rates.NONE
    return Figures(MappingProxyType(known), rates, nonplanar, kind)


def _contradicted(figures: Figures, quantity: Quantity, value: Fraction) -> Fault | None:
    computed = measures(figures)[quantity].exact
    return None if computed is None else contradiction(quantity.value, value, computed)
