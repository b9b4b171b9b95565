"""Quantities out of first figures: the worked checks of the rule, ranges where figures are missing, sparsity."""

from __future__ import annotations

from fractions import Fraction
from types import MappingProxyType

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.controls.book import on_file

from lionrock.controls.domain.figures import BITS, Figure, Figures, Kind, Quantity, Rates, measures
from lionrock.controls.domain.lines import Side, Test, all_of, any_of
from lionrock.controls.domain.sparsity import sparse_within
from lionrock.controls.reading.described import with_figures
from lionrock.kernel.errors import Invalid
from lionrock.kernel.findings import ParameterRead

POSITIVE = st.integers(10, 1_000_000).map(lambda hundredths: Fraction(hundredths, 100))


def figures(*, rates: Rates = Rates.COMPLETE, nonplanar: bool | None = True, **known: str) -> Figures:
    return Figures(MappingProxyType({Figure(name): Fraction(text) for name, text in known.items()}), rates, nonplanar)


@pytest.mark.parametrize(
    ("given_", "tpp", "density"),
    [
        ({"int8": "600", "die_area_mm2": "814"}, "4800", "4800/814"),
        ({"fp16": "300", "die_area_mm2": "814"}, "4800", "4800/814"),
        ({"fp16": "1835", "fp8": "1835"}, "29360", None),
        ({"tf32": "156", "fp16": "312", "int4": "1248", "die_area_mm2": "826"}, "4992", "4992/826"),
        ({"fp4": "14000", "fp8": "4500", "fp16": "2250"}, "56000", None),
        ({"fp64": "45.3", "fp16": "181", "die_area_mm2": "724"}, "2899.2", "2899.2/724"),
    ],
)
def test_performance_is_the_largest_rate_times_its_bits(given_: dict[str, str], tpp: str, density: str | None) -> None:
    found = measures(figures(**given_))
    assert found[Quantity.TPP].exact == Fraction(tpp)
    if density is None:
        assert found[Quantity.DENSITY].missing == ("die_area_mm2",)
    else:
        above, _, below = density.partition("/")
        assert found[Quantity.DENSITY].exact == Fraction(above) / Fraction(below)


def test_the_density_of_planar_dies_is_not_defined_and_meets_nothing() -> None:
    density = measures(figures(fp16="1000", die_area_mm2="100", nonplanar=False))[Quantity.DENSITY]
    assert density.undefined
    assert density.exact is None
    for side in Side:
        assert Test(Quantity.DENSITY, side, Fraction(1), ParameterRead("x", "1", None, None)).met_by(density) is False


def test_how_the_logic_is_made_has_to_be_known() -> None:
    density = measures(figures(fp16="1000", die_area_mm2="100", nonplanar=None))[Quantity.DENSITY]
    assert (density.exact, density.missing) == (None, ("nonplanar",))


def test_what_transfers_is_added_up_and_a_part_is_a_floor() -> None:
    whole = measures(figures(link_gb_s="600", pcie_gb_s="64"))[Quantity.TRANSFER]
    part = measures(figures(link_gb_s="1280"))[Quantity.TRANSFER]
    assert whole.exact == 664
    assert (part.low, part.high, part.missing) == (1280, None, ("pcie_gb_s",))


def test_the_density_of_a_stack() -> None:
    stack = Figures(
        MappingProxyType({Figure.STACK: Fraction("819.2"), Figure.STACK_AREA: Fraction(110)}),
        Rates.NONE,
        None,
        Kind.HBM,
    )
    assert measures(stack)[Quantity.STACK_DENSITY].exact == Fraction(8192, 1100)


@settings(max_examples=80, deadline=None)
@given(st.dictionaries(st.sampled_from(sorted(BITS)), POSITIVE, min_size=1), POSITIVE)
def test_a_missing_rate_never_lowers_what_is_possible(known: dict[Figure, Fraction], line: Fraction) -> None:
    """Whoever knows only a part of the rates is told yes or “not known”, never a no that the whole would belie."""
    whole = measures(Figures(known, Rates.COMPLETE, True))[Quantity.TPP]
    part = measures(Figures(dict(list(known.items())[:1]), Rates.PARTIAL, True))[Quantity.TPP]
    test = Test(Quantity.TPP, Side.AT_LEAST, line, ParameterRead("x", None, None, None))
    assert test.met_by(part) in {None, test.met_by(whole)}
    assert part.low <= whole.low


@settings(max_examples=80, deadline=None)
@given(st.lists(st.sampled_from([True, False, None]), max_size=4))
def test_three_answers_follow_the_laws_of_two(answers: list[bool | None]) -> None:
    negated = [None if answer is None else not answer for answer in answers]
    both, one = all_of(answers), any_of(negated)
    assert both is (None if one is None else not one)
    if None not in answers:
        assert both is all(answers)


def test_no_figure_on_file_has_sparsity_in_it() -> None:
    assert [item.id for item in on_file().items.values() if list(sparse_within(item.figures.known))] == []


FAULTS = [
    ("", {"fp16": "989.5", "fp8": "3958"}, ["controls.figure.sparse"]),
    ("nvidia-h100-sxm5-80gb", {"fp16": "1979"}, ["controls.figure.sparse"]),
    ("nvidia-h100-sxm5-80gb", {"fp16": "1100"}, ["controls.figure.contradicts"]),
    ("nvidia-h100-sxm5-80gb", {"die_area_mm2": "826"}, ["controls.figure.contradicts"]),
    ("nvidia-h100-sxm5-80gb", {"tpp": "31664"}, ["controls.figure.contradicts"]),
    ("nvidia-l40", {"density": "4.75", "tpp": "2896"}, []),
    ("nvidia-h100-sxm5-80gb", {"fp16": "989"}, []),
    ("", {"fp61": "100"}, ["controls.figure.unknown"]),
    ("", {"fp16": "fast"}, ["kernel.money.decimal"]),
    ("", {"fp16": "-3", "fp8": "x"}, ["controls.figure.negative", "kernel.money.decimal"]),
]


@pytest.mark.parametrize(("chip", "pairs", "codes"), FAULTS)
def test_sparse_contradictory_and_unknown_figures_are_refused(
    chip: str, pairs: dict[str, str], codes: list[str]
) -> None:
    item = on_file().items[chip] if chip else None
    try:
        with_figures(item, list(pairs.items()), datacentre=True, nonplanar=True)
        found: list[str] = []
    except Invalid as wrong:
        found = [fault.code for fault in wrong.faults]
    assert found == codes


def test_one_figure_given_twice_and_differently_is_refused() -> None:
    with pytest.raises(Invalid) as wrong:
        with_figures(None, [("fp16", "100"), ("fp16", "200")], datacentre=True, nonplanar=True)
    assert wrong.value.code == "controls.figure.twice"
