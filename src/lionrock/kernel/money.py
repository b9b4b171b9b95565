"""Money in integer minor units, prices to six decimals, and the one function that rounds."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from fractions import Fraction

from lionrock.kernel.currencies import DECIMALS
from lionrock.kernel.errors import Broken, Fault, Invalid
from lionrock.kernel.messages import gettext_noop, message

PRICE_PLACES = 6
WHOLE_DIGITS = 18
_PRICE_SCALE = 10**PRICE_PLACES


def settle(exact: Fraction | int) -> int:
    """Round an exact amount to an integer, halves away from zero.

    The only rounding of money in Lionrock: 0.5 → 1, -0.5 → -1, 2.5 → 3. The mode is commercial
    rounding, as PostgreSQL's `round(numeric)` does it.
    """
    numerator, denominator = exact.numerator, exact.denominator
    magnitude = (2 * abs(numerator) + denominator) // (2 * denominator)
    return magnitude if numerator >= 0 else -magnitude


def to_places(exact: Fraction | int, places: int) -> Decimal:
    """Return an exact number with so many decimals, rounded as money is: to be shown, never to be reckoned with."""
    return Decimal(settle(exact * 10**places)).scaleb(-places)


def split(total: int, weights: Mapping[str, int]) -> dict[str, int]:
    """Split an integer by weights; the parts always add up to the total.

    Largest remainder (Hare-Niemeyer): each part gets its floor, then one unit each goes to the
    largest remainders, ties to the smallest key. A negative total is split as its positive mirror.

    Raises `Broken` when a weight is negative or none is positive.
    """
    whole = sum(weights.values())
    if whole <= 0 or min(weights.values()) < 0:
        raise Broken(
            "kernel.money.weights",
            message(gettext_noop("These weights cannot split an amount: {weights}."), weights=dict(weights)),
        )
    sign, magnitude = (1, total) if total >= 0 else (-1, -total)
    parts = {key: magnitude * weight // whole for key, weight in weights.items()}
    left = magnitude - sum(parts.values())
    by_remainder = sorted(weights, key=lambda key: (-(magnitude * weights[key] % whole), key))
    for key in by_remainder[:left]:
        parts[key] += 1
    return {key: sign * part for key, part in parts.items()}


def check_currency(code: str) -> str:
    """Return the code when ISO 4217 knows it; raise `Invalid` otherwise."""
    if code not in DECIMALS:
        raise _invalid(
            "kernel.money.currency",
            gettext_noop("“{value}” is not an active ISO 4217 currency code. Write three capitals such as HKD."),
            "currency",
            code,
        )
    return code


def _invalid(code: str, template: str, field: str, value: str, **more: object) -> Invalid:
    said = message(template, value=value, field=field, **more)
    return Invalid(code, said, faults=[Fault(code, said, field=field, value=value)])


def parse_decimal(text: str, *, places: int, field: str) -> Decimal:
    """Read a plain decimal such as "320000.00" with at most `places` decimals.

    No exponent, no thousands separator, no sign other than a leading minus, and no more digits than
    `Decimal` computes with exactly. Raises `Invalid`.
    """
    try:
        value = Decimal(text)
    except InvalidOperation:
        value = Decimal("NaN")
    if not value.is_finite() or not set(text) <= set("-0123456789."):
        raise _invalid(
            "kernel.money.decimal",
            gettext_noop("“{value}” in {field} is not a decimal number. Write it as 1234.50, without separators."),
            field,
            text,
        )
    if (Fraction(value) * 10**places).denominator != 1:
        raise _invalid(
            "kernel.money.places",
            gettext_noop("“{value}” in {field} has more than {places} decimals. Shorten it to {places}."),
            field,
            text,
            places=places,
        )
    if abs(value) >= 10**WHOLE_DIGITS:
        raise _invalid(
            "kernel.money.digits",
            gettext_noop("“{value}” in {field} has more than {digits} digits before the point. Check it."),
            field,
            text,
            digits=WHOLE_DIGITS,
        )
    return value


def _scaled(number: int, places: int) -> Decimal:
    """Return the number with that many decimals; only building from text never rounds."""
    return Decimal(f"{number}E-{places}")


@dataclass(frozen=True, slots=True, order=False)
class Money:
    """An amount in integer minor units of one currency (HKD cents, JPY yen, KWD fils).

    Adding two currencies is a defect and raises `Broken`. There is no division: use `settle` on
    an exact fraction, or `split`.
    """

    minor: int
    currency: str

    @classmethod
    def parse(cls, text: str, currency: str, *, field: str = "amount") -> Money:
        """Read "1234.50" with no more decimals than the currency has; raises `Invalid`."""
        places = DECIMALS[check_currency(currency)]
        value = parse_decimal(text, places=places, field=field)
        return cls(int(value.scaleb(places)), currency)

    @property
    def decimal(self) -> Decimal:
        """The amount in the major unit, with exactly the currency's decimals."""
        return _scaled(self.minor, DECIMALS[self.currency])

    def _same(self, other: Money) -> None:
        if self.currency != other.currency:
            raise Broken(
                "kernel.money.mixed",
                message(
                    gettext_noop("{one} and {other} amounts were about to be added."),
                    one=self.currency,
                    other=other.currency,
                ),
            )

    def __add__(self, other: Money) -> Money:
        self._same(other)
        return Money(self.minor + other.minor, self.currency)

    def __sub__(self, other: Money) -> Money:
        self._same(other)
        return Money(self.minor - other.minor, self.currency)

    def __neg__(self) -> Money:
        return Money(-self.minor, self.currency)

    def __lt__(self, other: Money) -> bool:
        self._same(other)
        return self.minor < other.minor

    def __le__(self, other: Money) -> bool:
        self._same(other)
        return self.minor <= other.minor

    def __str__(self) -> str:
        return f"{self.currency} {self.decimal:,}"


@dataclass(frozen=True, slots=True)
class Price:
    """A price per unit, exact to six decimals of the major unit, kept as integer millionths."""

    millionths: int
    currency: str

    @classmethod
    def parse(cls, text: str, currency: str, *, field: str = "price") -> Price:
        """Read a price of zero or more with at most six decimals; raises `Invalid`."""
        check_currency(currency)
        value = parse_decimal(text, places=PRICE_PLACES, field=field)
        if value < 0:
            raise _invalid(
                "kernel.money.negative_price",
                gettext_noop("“{value}” in {field} is below zero. A price is zero or more."),
                field,
                text,
            )
        return cls(int(value * _PRICE_SCALE), currency)

    @property
    def decimal(self) -> Decimal:
        """The price in the major unit, without trailing zeros beyond the currency's decimals."""
        places = DECIMALS[self.currency]
        value = _scaled(self.millionths, PRICE_PLACES)
        shortened = value.quantize(Decimal(1).scaleb(-places))
        return shortened if shortened == value else value

    @property
    def minor(self) -> Fraction:
        """The exact price in minor units."""
        return Fraction(self.millionths * 10 ** DECIMALS[self.currency], _PRICE_SCALE)

    def __str__(self) -> str:
        return f"{self.currency} {self.decimal:,}"


def parse_share(text: str, *, field: str = "share") -> Fraction:
    """Read a share such as "0.70" as an exact fraction from 0 to 1; raises `Invalid`."""
    value = Fraction(parse_decimal(text, places=PRICE_PLACES, field=field))
    if not 0 <= value <= 1:
        raise _invalid(
            "kernel.money.share",
            gettext_noop("“{value}” in {field} is not a share. Write a number from 0 to 1, such as 0.70."),
            field,
            text,
        )
    return value
