"""Which price is in force, and what device-time costs at it."""

from __future__ import annotations

from datetime import datetime, timedelta
from fractions import Fraction
from zoneinfo import ZoneInfo

import pytest
from tests.charging.domain.values import HONG_KONG, day, price

from lionrock.charging.domain.prices import PriceBook
from lionrock.kernel.periods import Month
from lionrock.kernel.quantities import PriceUnit

SECOND = timedelta(seconds=1)
BOOK = PriceBook([price("20.00", day(10)), price("10.00", day(5)), price("7.00", day(20), site="A")])


@pytest.mark.parametrize(
    ("site", "instant", "found"),
    [
        ("", day(5) - SECOND, None),
        ("", day(5), "10.00"),
        ("", day(10) - SECOND, "10.00"),
        ("", day(10), "20.00"),
        ("B", day(30), "20.00"),
        ("A", day(20), "7.00"),
        ("A", day(10), None),  # its own list, which begins later
    ],
)
def test_the_price_is_the_latest_version_not_after_the_instant(site: str, instant: datetime, found: str | None) -> None:
    version = BOOK.at(site, "gpu", instant)
    assert (str(version.price.decimal) if version else None) == found


def test_an_item_can_be_withdrawn_and_come_back() -> None:
    book = PriceBook([price("10.00", day(1), ends=day(10)), price("20.00", day(20))])
    assert [book.at("", "gpu", instant) is None for instant in (day(9), day(10), day(19), day(20))] == [
        False, True, True, False,
    ]  # fmt: skip
    assert book.changes("", "gpu") == {day(1), day(10), day(20)}


def test_replacing_versions_leaves_other_sites_and_items_alone() -> None:
    book = PriceBook([price("10.00"), price("11.00", site="A"), price("12.00", item="cpu")])
    book.replace(None, "gpu", [price("30.00", day(2)), price("15.00", day(1))])
    found = {(site, item): book.at(site, item, day(3)) for site, item in (("", "gpu"), ("A", "gpu"), ("", "cpu"))}
    assert [str(version.price.decimal) for version in found.values() if version] == ["30.00", "11.00", "12.00"]
    assert book.at("", "nothing", day(3)) is None


@pytest.mark.parametrize(
    ("text", "unit", "seconds", "month", "gross"),
    [
        ("10.00", PriceUnit.HOUR, 3600, Month(2026, 3), 1000),
        ("18.00", PriceUnit.HOUR, 1, Month(2026, 3), 1),  # half a cent
        ("18.00", PriceUnit.HOUR, -1, Month(2026, 3), -1),
        ("17.99", PriceUnit.HOUR, 1, Month(2026, 3), 0),
        ("18.00", PriceUnit.HOUR, Fraction(1, 2), Month(2026, 3), 0),
        ("0.000001", PriceUnit.HOUR, 3600 * 5000, Month(2026, 3), 1),
        ("31.00", PriceUnit.CALENDAR_MONTH, 86400, Month(2026, 3), 100),
        ("28.00", PriceUnit.CALENDAR_MONTH, 86400, Month(2026, 2), 100),
        ("29.00", PriceUnit.CALENDAR_MONTH, 86400, Month(2028, 2), 100),
    ],
)
def test_device_time_is_priced_exactly_and_rounded_once(
    text: str, unit: PriceUnit, seconds: int | Fraction, month: Month, gross: int
) -> None:
    assert price(text, unit=unit).gross(seconds, month, HONG_KONG) == gross


@pytest.mark.parametrize(
    ("zone", "month", "hours"),
    [
        ("Asia/Hong_Kong", Month(2026, 3), 744),
        ("Europe/London", Month(2026, 3), 743),
        ("Europe/London", Month(2026, 10), 745),
        ("Asia/Hong_Kong", Month(2028, 2), 696),
    ],
)
def test_a_month_is_as_long_as_it_is(zone: str, month: Month, hours: int) -> None:
    assert price(unit=PriceUnit.CALENDAR_MONTH).unit_seconds(month, ZoneInfo(zone)) == hours * 3600
    assert price().unit_seconds(month, ZoneInfo(zone)) == 3600


@pytest.mark.parametrize(
    ("change", "same"),
    [
        ({"label": "another way to write it"}, True),
        ({"site": "A"}, True),
        ({"ends": day(20)}, True),
        ({"starts": day(2)}, False),
        ({"unit": PriceUnit.CALENDAR_MONTH}, False),
        ({"item": "cpu"}, False),
    ],
)
def test_what_makes_two_versions_one_price(change: dict[str, object], same: bool) -> None:
    start = change.pop("starts", day(1))
    assert isinstance(start, datetime)
    assert (price("10.00", start, **change) == price("10.00")) is same
    assert price("10.01") != price("10.00")
