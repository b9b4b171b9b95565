"""A billing case as read from its file: prices, awards, and what happens in which order.

The shape is documented in `docs/reference/case-files.md`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction
from pathlib import Path
from zoneinfo import ZoneInfo

from lionrock.charging.domain.awards import AwardTerms
from lionrock.charging.domain.closing import Adjustment, SharedFee
from lionrock.charging.domain.prices import PriceVersion
from lionrock.charging.domain.runs import Run
from lionrock.charging.replay.fields import Fields, amount, instant_in, month, share, text, whole
from lionrock.charging.replay.located import read_located
from lionrock.kernel.errors import Fault
from lionrock.kernel.messages import gettext_noop
from lionrock.kernel.money import Price, check_currency
from lionrock.kernel.periods import Month, zone
from lionrock.kernel.quantities import PriceUnit
from lionrock.rules.proration import Proration


@dataclass(frozen=True, slots=True)
class Ingest:
    """Records arrive, in this order."""

    runs: tuple[Run, ...]


@dataclass(frozen=True, slots=True)
class SetPrice:
    """The versions of an item at a site (None: at all sites) are replaced, also backwards."""

    site: str | None
    item: str
    versions: tuple[PriceVersion, ...]


@dataclass(frozen=True, slots=True)
class Close:
    """A month is closed."""

    month: Month


Operation = Ingest | SetPrice | Close | Adjustment | SharedFee


@dataclass(frozen=True, slots=True)
class Story:
    """One case: the state before, what happens, and the answer where the file holds one."""

    id: str
    title: str
    currency: str
    zone: ZoneInfo
    prices: tuple[SetPrice, ...]
    shares: tuple[tuple[datetime, Fraction], ...]
    budget: int | None
    awards: tuple[AwardTerms, ...]
    proration: Proration
    timeline: tuple[Operation, ...]
    names: dict[str, int | str]
    expect: object


def read_stories(path: Path) -> tuple[list[Story], list[Fault]]:
    """Return the cases of a file that can be told, and every fault of those that cannot.

    Raises `Invalid` when the file as a whole cannot be read.
    """
    faults: list[Fault] = []
    top = Fields(read_located(path), str(path), faults)
    if not top.has("cases"):
        top.fault("cases", "nothing", gettext_noop("{field} is missing. Give the list of cases."))
    stories = []
    for case in top.each("cases"):
        before = len(faults)
        story = _story(case)
        if story is not None and len(faults) == before:
            stories.append(story)
    return stories, faults


def _story(case: Fields) -> Story | None:
    given = case.below("input")
    currency = given.read("currency", lambda value: check_currency(text(value)))
    tz = given.read("billing_time_zone", lambda value: zone(text(value)))
    return _CaseReader(given, currency, tz).story(case) if currency and tz else None


_ZONE_OF_RECORD = ("time_zone", "site_time_zone", "site_zone", "zone")
"""Where a record may say in which zone its local times are; otherwise its site's prices say it."""


class _CaseReader:
    """Reads one case, once currency and zone are known."""

    def __init__(self, given: Fields, currency: str, tz: ZoneInfo) -> None:
        self.given = given
        self.currency = currency
        self.zone = tz
        self.amount = amount(currency)
        self.names: dict[str, int | str] = {}
        self.site_zones: dict[str | None, ZoneInfo] = {None: tz}

    def story(self, case: Fields) -> Story:
        scheme = self.given.below("scheme")
        prices = tuple(self._price(price) for price in self.given.each("prices"))
        return Story(
            id=case.read("id", text),
            title=case.read("title", text, ""),
            currency=self.currency,
            zone=self.zone,
            prices=prices,
            shares=scheme.read("share", self._shares),
            budget=scheme.read("budget", self.amount, None),
            awards=tuple(self._award(award) for award in self.given.each("awards")),
            proration=scheme.read("proration", lambda value: Proration(text(value)), Proration.BY_SECOND),
            timeline=tuple(self._operations(self.given.each("timeline"))),
            names=self.names,
            expect=case.raw("expect"),
        )

    def _shares(self, value: object) -> tuple[tuple[datetime, Fraction], ...]:
        if not isinstance(value, list):
            raise TypeError
        return tuple((instant_in(self.zone)(start), share(step)) for start, step in value)

    def _price(self, price: Fields) -> SetPrice:
        tz = price.read("time_zone", lambda value: zone(text(value)), self.zone)
        site = price.read("site", text, None)
        if price.has("time_zone"):
            self.site_zones[site] = tz
        item = price.read("sku", text)
        unit = price.read("unit", lambda value: PriceUnit(text(value)), PriceUnit.HOUR)

        def versions(value: object) -> tuple[PriceVersion, ...]:
            if not isinstance(value, list):
                raise TypeError
            return tuple(
                PriceVersion(item, site, instant_in(tz)(start), text(start), self._price_amount(step), unit)
                for start, step in value
            )

        return SetPrice(site, item, price.read("versions", versions))

    def _price_amount(self, step: object) -> Price:
        return Price.parse(text(step), self.currency)

    def _award(self, award: Fields) -> AwardTerms:
        day = instant_in(self.zone)
        return AwardTerms(
            code=award.read("id", text),
            account=award.read("account", text),
            starts=award.read("valid_from", day),
            ends=award.read("valid_to", day),
            share=award.read("share", share, None),
            cap=award.read("cap", self.amount, None),
        )

    def _operations(self, timeline: Iterable[Fields]) -> Iterator[Operation]:
        readers: dict[str, Callable[[Fields], Operation]] = {
            "ingest": self._ingest,
            "set_price": lambda fields: self._price(fields.below("price")),
            "adjust": self._adjust,
            "shared_fee": self._shared_fee,
            "close": lambda fields: Close(fields.read("month", month)),
        }
        for one in timeline:
            reader = one.read("op", lambda value: readers[text(value)])
            if reader is not None:
                yield reader(one)

    def _adjust(self, one: Fields) -> Adjustment:
        return Adjustment(
            account=one.read("account", text),
            amount=one.read("amount", self.amount),
            reason=one.read("reason", text, ""),
            month=one.read("month", month),
            award=one.read("award", text, None),
        )

    def _shared_fee(self, one: Fields) -> SharedFee:
        return SharedFee(
            amount=one.read("amount", self.amount),
            weights=one.read("weights", _weights),
            reason=one.read("reason", text, ""),
            month=one.read("month", month),
        )

    def _ingest(self, one: Fields) -> Ingest:
        runs = []
        for record in one.each("records"):
            runs.append(self._run(record))
        return Ingest(tuple(runs))

    def _run(self, record: Fields) -> Run:
        job = record.read("job", text)
        interim_of = record.raw("interim_of")
        if interim_of is not None and not isinstance(interim_of, bool):
            job = record.read("interim_of", text)
        self.names.setdefault(job, record.raw("job") if str(record.raw("job")) == job else interim_of)
        site = record.read("site", text, "")
        return Run(
            site=site,
            job=job,
            start=self._instant(record, "start", site),
            end=self._instant(record, "end", site),
            account=record.read("account", text),
            devices=record.read("tres", _counts),
            award=record.read("award", text, None),
            device_seconds=record.read("tres_seconds", _counts, {}),
            state=record.read("state", text, "COMPLETED"),
            revision=record.read("revision", whole, 1),
            interim=interim_of is not None and interim_of is not False,
        )

    def _instant(self, record: Fields, field: str, site: str) -> datetime:
        local = f"local_{field}"
        if not record.has(field) and record.has(local):
            told = next((name for name in _ZONE_OF_RECORD if record.has(name)), "time_zone")
            default = self.site_zones.get(site, self.site_zones[None])
            tz = record.read(told, lambda value: zone(text(value)), default)
            return record.read(local, instant_in(tz))
        return record.read(field, instant_in(self.zone))


def _counts(value: object) -> dict[str, int]:
    if not isinstance(value, dict):
        raise TypeError
    return {str(item): whole(count) for item, count in value.items()}


def _weights(value: object) -> dict[str, int]:
    weights = _counts(value)
    if not weights or min(weights.values()) < 0 or sum(weights.values()) == 0:
        raise ValueError
    return weights
