"""Money is exact: what is read, what is rounded, what is split, what is written again."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lionrock.kernel.errors import Broken, Invalid
from lionrock.kernel.money import (
    WHOLE_DIGITS,
    Money,
    Price,
    check_currency,
    parse_decimal,
    parse_share,
    settle,
    split,
    to_places,
)

MINOR = st.integers(-(10**40), 10**40)


@pytest.mark.parametrize(
    ("exact", "settled"),
    [
        (Fraction(1, 2), 1),
        (Fraction(-1, 2), -1),
        (Fraction(3, 2), 2),
        (Fraction(5, 2), 3),
        (Fraction(-5, 2), -3),
        (Fraction(49, 100), 0),
        (Fraction(-49, 100), 0),
        (Fraction(10**30 + 1, 2), (10**30 + 2) // 2),
        (7, 7),
        (-7, -7),
        (0, 0),
    ],
)
def test_halves_are_settled_away_from_zero(exact: Fraction | int, settled: int) -> None:
    assert settle(exact) == settled


@given(st.fractions())
def test_settling_is_off_by_half_a_unit_at_most_and_mirrors(exact: Fraction) -> None:
    assert abs(settle(exact) - exact) <= Fraction(1, 2)
    assert settle(-exact) == -settle(exact)


@pytest.mark.parametrize(
    ("exact", "places", "shown"),
    [(Fraction(2, 3), 2, "0.67"), (Fraction(-5, 1000), 2, "-0.01"), (7, 3, "7.000"), (Fraction(1, 2), 0, "1")],
)
def test_a_number_is_shown_with_so_many_places_rounded_as_money_is(
    exact: Fraction | int, places: int, shown: str
) -> None:
    assert f"{to_places(exact, places):f}" == shown


@given(
    st.integers(-(10**18), 10**18),
    st.dictionaries(st.text(max_size=3), st.integers(0, 10**9), min_size=1).filter(lambda all_: any(all_.values())),
)
def test_the_parts_of_a_split_add_up_and_are_near_their_share(total: int, weights: dict[str, int]) -> None:
    parts = split(total, weights)
    whole = sum(weights.values())
    assert sum(parts.values()) == total
    assert set(parts) == set(weights)
    assert all(abs(parts[key] - Fraction(total * weight, whole)) < 1 for key, weight in weights.items())


def test_the_last_unit_of_a_split_goes_by_remainder_then_by_name() -> None:
    assert split(100, {"a": 1, "b": 1, "c": 1}) == {"a": 34, "b": 33, "c": 33}
    assert split(-100, {"a": 1, "b": 1, "c": 1}) == {"a": -34, "b": -33, "c": -33}
    assert split(10, {"a": 0, "b": 3, "c": 4}) == {"a": 0, "b": 4, "c": 6}


@pytest.mark.parametrize("weights", [{}, {"a": 0}, {"a": 2, "b": -1}])
def test_weights_that_split_nothing_are_a_defect(weights: dict[str, int]) -> None:
    with pytest.raises(Broken):
        split(1, weights)


@given(st.integers(-(10**WHOLE_DIGITS) * 100 + 1, 10**WHOLE_DIGITS * 100 - 1))
def test_an_amount_is_read_back_as_it_was_written(minor: int) -> None:
    assert Money.parse(str(Money(minor, "HKD").decimal), "HKD") == Money(minor, "HKD")


@pytest.mark.parametrize(
    ("text", "currency", "minor"),
    [("1234.50", "HKD", 123450), ("-0.01", "HKD", -1), ("7", "JPY", 7), ("1.234", "KWD", 1234), ("1.2300", "HKD", 123)],
)
def test_an_amount_is_read_in_the_decimals_of_its_currency(text: str, currency: str, minor: int) -> None:
    assert Money.parse(text, currency).minor == minor


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("1.005", "kernel.money.places"),
        ("0." + "0" * 60 + "1", "kernel.money.places"),
        ("1." + "0" * 60 + "1", "kernel.money.places"),
        ("123456789012345678.999", "kernel.money.places"),
        ("12345678901234567890123456789.123", "kernel.money.places"),
        ("1" + "0" * WHOLE_DIGITS, "kernel.money.digits"),
        ("-" + "9" * 5000, "kernel.money.digits"),
        *((text, "kernel.money.decimal") for text in ("", "-", ".", "1,000", "1e9", "NaN", "Infinity", "٣", "½", "+1")),
        *((text, "kernel.money.decimal") for text in ("1 000", "0x10", "1_000", "--1", "1.2.3", "\n1")),
    ],
)
def test_what_is_no_amount_is_named_by_its_fault(text: str, code: str) -> None:
    with pytest.raises(Invalid) as wrong:
        Money.parse(text, "HKD", field="cap")
    (fault,) = wrong.value.faults
    assert (fault.code, fault.field, fault.value) == (code, "cap", text)


@given(MINOR)
def test_an_amount_is_written_exactly_however_large(minor: int) -> None:
    shown = Money(minor, "HKD").decimal
    assert Fraction(shown) == Fraction(minor, 100)
    assert "E" not in str(Money(minor, "HKD"))


@given(MINOR, MINOR)
def test_amounts_of_one_currency_add_and_compare_as_integers(one: int, other: int) -> None:
    a, b = Money(one, "HKD"), Money(other, "HKD")
    negative = -a
    assert (a + b - b, -negative) == (a, a)
    assert (a < b, a <= b) == (one < other, one <= other)


def test_two_currencies_are_never_added() -> None:
    with pytest.raises(Broken):
        Money(1, "HKD") + Money(1, "JPY")
    with pytest.raises(Broken):
        assert Money(1, "HKD") < Money(1, "JPY")


@pytest.mark.parametrize("code", ["hkd", "HK", "XYZ", "", "HKD "])
def test_a_currency_is_one_of_iso_4217(code: str) -> None:
    with pytest.raises(Invalid):
        check_currency(code)


@pytest.mark.parametrize(
    ("text", "shown", "minor"),
    [
        ("54.794521", "54.794521", Fraction(54794521, 10**4)),
        ("320000", "320000.00", Fraction(32000000)),
        ("0.5", "0.50", Fraction(50)),
        ("0", "0.00", Fraction(0)),
        ("999999999999999999.999999", "999999999999999999.999999", Fraction(10**24 - 1, 10**4)),
    ],
)
def test_a_price_keeps_six_decimals_and_shows_no_idle_zeros(text: str, shown: str, minor: Fraction) -> None:
    price = Price.parse(text, "HKD")
    assert (str(price.decimal), price.minor) == (shown, minor)


@pytest.mark.parametrize("text", ["-0.01", "0.0000001", "free"])
def test_what_is_no_price_is_refused(text: str) -> None:
    with pytest.raises(Invalid):
        Price.parse(text, "HKD")


def test_a_share_is_exact_and_from_zero_to_one() -> None:
    assert [parse_share(text) for text in ("0", "0.70", "1", "0.333333")] == [
        0,
        Fraction(7, 10),
        1,
        Fraction(333333, 10**6),
    ]
    for text in ("-0.01", "1.000001", "70%", "0.3333333"):
        with pytest.raises(Invalid):
            parse_share(text)


def test_a_decimal_keeps_its_value() -> None:
    assert parse_decimal("0100.250", places=2, field="hours") == Decimal("100.25")
