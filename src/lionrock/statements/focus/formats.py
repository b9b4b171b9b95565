"""Amounts, numbers and instants as FOCUS writes them."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal

from lionrock.kernel.currencies import DECIMALS
from lionrock.kernel.money import Money


def amount(minor: int, currency: str) -> str:
    """Return minor units as a decimal number with the currency's places."""
    return f"{Money(minor, currency).decimal:.{DECIMALS[currency]}f}"


def plain(number: Decimal) -> str:
    """Return a number without exponent and without zeros at its end."""
    return f"{number.normalize():f}"


def instant(at: datetime) -> str:
    """Return an instant in UTC, with T and Z."""
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
