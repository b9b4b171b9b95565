"""Hostile stories at random: few instants, chosen where things go wrong, so that edges often meet."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from hypothesis import strategies as st
from tests.charging.oracle import month_edges

ACCOUNTS = ("u1", "u2")
SITES = (None, "A", "B")
ITEMS = ("gpu", "node")
ZONES_AND_MONTHS = (
    ("Asia/Hong_Kong", ("2026-01", "2026-02", "2026-03")),
    ("Asia/Hong_Kong", ("2028-01", "2028-02", "2028-03")),  # a leap day
    ("Europe/London", ("2026-03", "2026-04", "2026-05")),  # an hour is lost
    ("Europe/London", ("2026-09", "2026-10", "2026-11")),  # an hour is won
    ("America/New_York", ("2026-10", "2026-11", "2026-12")),  # it is won within a day of the month's end
    ("Australia/Lord_Howe", ("2026-03", "2026-04", "2026-05")),  # half an hour is won
    ("America/Sao_Paulo", ("2018-10", "2018-11", "2018-12")),  # a day without midnight
)
STATES = ("COMPLETED", "FAILED", "CANCELLED by 1001", "TIMEOUT", "OUT_OF_MEMORY", "NODE_FAIL", "BOOT_FAIL")

Draw = Callable[[st.SearchStrategy[Any]], Any]


@dataclass
class _Scene:
    """Where a story happens: its zone, its three months and the few instants that it uses."""

    draw: Draw
    zone: str
    months: Sequence[str]
    instants: list[datetime]
    digits: int

    def pick(self, *choices: Any) -> Any:
        return self.draw(st.sampled_from(choices))

    def instant(self) -> datetime:
        jitter = self.pick(0, 0, 0, 1, -1, 1800, 3600)
        found: datetime = self.pick(*self.instants) + timedelta(seconds=jitter)
        return found

    def text(self, instant: datetime) -> str:
        return self.pick(instant, instant.astimezone(UTC)).isoformat()

    def local(self) -> str:
        """Return a date or a local date-time without offset, in a gap of the clock now and then."""
        return str(self.instant().replace(tzinfo=None).isoformat())

    def day(self) -> str:
        return str(self.instant().date())

    def decimal(self, whole: int, digits: int) -> str:
        number = self.draw(st.integers(0, whole * 10**digits))
        return f"{number // 10**digits}.{number % 10**digits:0{digits}d}" if digits else str(number)

    def price(self, site: str | None, item: str) -> dict[str, Any]:
        first = self.pick("1970-01-01", "1970-01-01", self.local())
        starts = [first, *(self.pick(self.local(), self.day()) for _ in range(self.pick(0, 1, 2)))]
        versions = {start: self.decimal(20, self.pick(0, self.digits, 6)) for start in starts}
        price: dict[str, Any] = {"sku": item, "versions": [list(version) for version in versions.items()]}
        if item == "node":
            price["unit"] = "calendar_month"
        if site:
            price |= {"site": site, "time_zone": self.pick(self.zone, "Asia/Tokyo", "America/Los_Angeles")}
        return price

    def award(self, number: int) -> dict[str, Any]:
        first, last = sorted([self.pick("2000-01-01", self.day()), self.pick("2099-01-01", self.day())])
        award: dict[str, Any] = {
            "id": f"A{number}",
            "account": self.pick(*ACCOUNTS),
            "cap": self.pick(None, self.decimal(30, self.digits), self.decimal(2000, self.digits)),
            "valid_from": first,
            "valid_to": last,
        }
        return award | self.pick({}, {}, {"share": self.decimal(1, 2)})

    def record(self) -> dict[str, Any]:
        start, end = self.instant(), self.instant()
        if end < start and self.pick(True, True, False):
            start, end = end, start
        items = self.pick(("gpu",), ("gpu",), ("node",), ("gpu", "node"))
        record: dict[str, Any] = {
            "job": self.pick(1, 2, 3),
            "account": self.pick(*ACCOUNTS),
            "tres": {item: self.pick(1, 3, 8) for item in items},
            "start": self.text(start),
            "end": self.text(end),
            "state": self.pick(*STATES),
            "revision": self.pick(1, 1, 2, 3),
        }
        for name, value in (
            ("site", self.pick(*SITES)),
            ("award", self.pick(None, None, None, "A1", "A2", "A9")),
            ("interim_of", self.pick(None, None, None, True)),
        ):
            if value is not None:
                record[name] = value
        if self.pick(True, False, False):
            record["tres_seconds"] = {"gpu": self.draw(st.integers(0, 10_000))}
        return record


@st.composite
def scenes(draw: Draw) -> _Scene:
    """Draw a zone, three of its months and some instants in and around them."""
    zone, months = draw(st.sampled_from(ZONES_AND_MONTHS))
    edges = sorted({edge for month in months for edge in month_edges(month, zone)})
    span = int((edges[-1] - edges[0]).total_seconds())
    odd = draw(st.lists(st.integers(-100_000, span + 100_000), min_size=2, max_size=5))
    return _Scene(draw, zone, months, [*edges, *(edges[0] + timedelta(seconds=offset) for offset in odd)], 2)


@st.composite
def records(draw: Draw, scene: _Scene, size: int = 8) -> list[dict[str, Any]]:
    """Draw records, of which some are of one run."""
    return [scene.record() for _ in range(draw(st.integers(1, size)))]


@st.composite
def stories(draw: Draw, *, plain: bool = False) -> dict[str, Any]:
    """Draw the input of a case. A `plain` one takes in all its records at once and then closes its months."""
    scene: _Scene = draw(scenes())
    currency, scene.digits = draw(st.sampled_from([("HKD", 2), ("JPY", 0), ("KWD", 3)]))
    shares = {"1970-01-01": scene.decimal(1, 2)} | {scene.day(): scene.decimal(1, 2) for _ in range(scene.pick(0, 1))}
    scheme: dict[str, Any] = {"id": "S", "share": [list(step) for step in shares.items()]}
    if scene.pick(True, False, False):
        scheme["budget"] = scene.decimal(3000, scene.digits)
    scheme |= scene.pick({}, {}, {"proration": "by_day"}, {"proration": "whole_months"})
    own = draw(st.lists(st.sampled_from([("A", "gpu"), ("B", "gpu"), ("A", "node")]), unique=True))
    return {
        "currency": currency,
        "billing_time_zone": scene.zone,
        "scheme": scheme,
        "prices": [scene.price(None, "gpu"), scene.price(None, "node"), *(scene.price(*one) for one in own)],
        "awards": [scene.award(number) for number in range(1, 1 + draw(st.integers(0, 4)))],
        "timeline": _plain_timeline(draw, scene) if plain else _timeline(draw, scene),
    }


def _plain_timeline(draw: Draw, scene: _Scene) -> list[dict[str, Any]]:
    return [{"op": "ingest", "records": draw(records(scene))}, *({"op": "close", "month": one} for one in scene.months)]


def _timeline(draw: Draw, scene: _Scene) -> list[dict[str, Any]]:
    timeline: list[dict[str, Any]] = []
    for month in scene.months:
        for _ in range(draw(st.integers(1, 3))):
            timeline.append(_happening(draw, scene))
        timeline.append({"op": "close", "month": month})
    return timeline


def _happening(draw: Draw, scene: _Scene) -> dict[str, Any]:
    kind = scene.pick("ingest", "ingest", "ingest", "set_price", "adjust", "fee of accounts", "fee of sites")
    month = scene.pick(*scene.months)
    amount = scene.pick("", "-") + scene.decimal(50, scene.digits)
    if kind == "ingest":
        return {"op": "ingest", "records": draw(records(scene, 4))}
    if kind == "set_price":
        return {"op": "set_price", "price": scene.price(scene.pick(None, None, "A"), scene.pick(*ITEMS))}
    if kind == "adjust":
        named = scene.pick({}, {"award": "A1"})
        account = scene.pick(*ACCOUNTS)
        return {"op": "adjust", "account": account, "amount": amount, "reason": "why", "month": month, **named}
    names = ("A", "B", "C") if kind == "fee of sites" else ACCOUNTS
    weights = {name: draw(st.integers(0, 5)) for name in names} | {names[0]: 1}
    return {"op": "shared_fee", "amount": amount, "weights": weights, "reason": "why", "month": month}
