"""Figures and dates as each language writes them."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from django.utils.translation import override

from lionrock.kernel.money import Money, Price
from lionrock.kernel.periods import Month
from lionrock.web import writing

LANGUAGES = ("en", "zh-hant", "zh-hans")
HONG_KONG = ZoneInfo("Asia/Hong_Kong")


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(
    ("minor", "currency", "written"),
    [
        (0, "HKD", "HKD\u00a00.00"),
        (5, "HKD", "HKD\u00a00.05"),
        (-5, "HKD", "HKD\u00a0−0.05"),
        (123456789, "HKD", "HKD\u00a01,234,567.89"),
        (-300000000000, "HKD", "HKD\u00a0−3,000,000,000.00"),
        (123456789, "JPY", "JPY\u00a0123,456,789"),
        (1234567, "KWD", "KWD\u00a01,234.567"),
        (2**80, "HKD", "HKD\u00a012,089,258,196,146,291,747,061.76"),
    ],
)
def test_money_is_grouped_by_three_and_exact_in_every_language(
    language: str, minor: int, currency: str, written: str
) -> None:
    with override(language):
        assert writing.money(Money(minor, currency)) == written


@pytest.mark.parametrize(
    ("value", "written"),
    [
        ("0", "0"),
        ("1234.5", "1,234.5"),
        ("0.935484", "0.935484"),
        ("100", "100"),
        ("1E+3", "1,000"),
        ("-2.50", "−2.5"),
    ],
)
def test_quantities_have_the_decimals_that_they_need(value: str, written: str) -> None:
    assert writing.quantity(Decimal(value)) == written


@pytest.mark.parametrize(
    ("share", "written"), [("0.7", "70%"), ("0.700000", "70%"), ("0.666667", "66.6667%"), ("1", "100%"), ("0", "0%")]
)
def test_shares_are_per_cent(share: str, written: str) -> None:
    assert writing.share(Decimal(share)) == written


@pytest.mark.parametrize(
    ("text", "written"),
    [("320000", "HKD\u00a0320,000.00"), ("54.794521", "HKD\u00a054.794521"), ("0.5", "HKD\u00a00.50")],
)
def test_prices_keep_all_their_decimals(text: str, written: str) -> None:
    assert writing.price(Price.parse(text, "HKD")) == written


@pytest.mark.parametrize(
    ("language", "day", "month", "instant"),
    [
        ("en", "3 March 2026", "March 2026", "1 April 2026, 00:30"),
        ("zh-hant", "2026年3月3日", "2026年3月", "2026年4月1日 00:30"),
        ("zh-hans", "2026年3月3日", "2026年3月", "2026年4月1日 00:30"),
    ],
)
def test_dates_are_written_as_the_language_writes_them(language: str, day: str, month: str, instant: str) -> None:
    with override(language):
        assert writing.day(date(2026, 3, 3)) == day
        assert writing.month(Month(2026, 3)) == month
        assert writing.instant(datetime(2026, 3, 31, 16, 30, tzinfo=UTC), HONG_KONG) == instant


def test_a_span_is_shown_with_its_last_day_not_with_its_open_end() -> None:
    assert writing.last_day(date(2026, 3, 1)) == date(2026, 2, 28)
