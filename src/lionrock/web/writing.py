"""How values are written for people in the language of the page: money, quantities, shares, dates."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

from django.utils.formats import date_format, number_format

from lionrock.kernel.currencies import DECIMALS
from lionrock.kernel.money import Money, Price
from lionrock.kernel.periods import Month

MINUS = "\N{MINUS SIGN}"
NO_BREAK = "\N{NO-BREAK SPACE}"


def digits(value: Decimal, places: int) -> str:
    """Return the figure with exactly that many decimals, grouped, with a real minus sign."""
    written = number_format(abs(value), decimal_pos=places, use_l10n=True, force_grouping=True)
    return f"{MINUS}{written}" if value < 0 else written


def money_digits(amount: Money) -> str:
    """Return the amount without its currency, for columns whose heading names it."""
    return digits(amount.decimal, DECIMALS[amount.currency])


def money(amount: Money) -> str:
    """Return "HKD 1,234.50"; code and figure never part at the end of a line."""
    return f"{amount.currency}{NO_BREAK}{money_digits(amount)}"


def price_digits(value: Price) -> str:
    """Return all decimals that the price has, and no fewer than its currency's."""
    return digits(value.decimal, max(-_exponent(value.decimal), 0))


def price(value: Price) -> str:
    """Return "HKD 54.794521"."""
    return f"{value.currency}{NO_BREAK}{price_digits(value)}"


def quantity(value: Decimal) -> str:
    """Return the quantity with as many decimals as it needs."""
    shortened = value.normalize()
    return digits(value, max(-_exponent(shortened), 0))


def share(value: Decimal) -> str:
    """Return a share between 0 and 1 in per cent, such as "70%" or "66.67%"."""
    return f"{quantity(value * 100)}%"


def day(value: date) -> str:
    """Return the date in full."""
    return date_format(value, "DATE_FORMAT")


def last_day(end: date) -> date:
    """Return the last day of a span that ends before `end`."""
    return end - timedelta(days=1)


def month(value: Month) -> str:
    """Return the month with its year."""
    return date_format(value.first_day, "YEAR_MONTH_FORMAT")


def instant(value: datetime, zone: ZoneInfo) -> str:
    """Return the instant as date and time in that zone, without naming the zone."""
    return date_format(value.astimezone(zone), "DATETIME_FORMAT")


def _exponent(value: Decimal) -> int:
    exponent = value.as_tuple().exponent
    return exponent if isinstance(exponent, int) else 0
