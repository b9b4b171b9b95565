"""Crowds of hostile records: few instants, chosen where things go wrong, so that edges, keys and revisions meet."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from fractions import Fraction
from random import Random
from zoneinfo import ZoneInfo

from tests.charging.stories import STATES, ZONES_AND_MONTHS

from lionrock.charging.columnar.axis import RateCard
from lionrock.charging.domain.awards import AwardBook, AwardTerms, ShareSteps
from lionrock.charging.domain.prices import PriceBook, PriceVersion
from lionrock.charging.domain.runs import Run
from lionrock.kernel.money import Price
from lionrock.kernel.periods import Month
from lionrock.kernel.quantities import PriceUnit
from lionrock.rules.proration import Proration

ACCOUNTS = ("u1", "u2", "u'3")
SITES = ("", "north", "south")
ITEMS = ("gpu", "gpu", "node", "cpu")
CODES = ("A1", "A2", "A3", "A4", "A5")
SHARES = (Fraction(0), Fraction(1, 3), Fraction(1, 2), Fraction(7, 10), Fraction(1))


@dataclass(frozen=True)
class Crowd:
    """Records in order of arrival, what they are rated by, and what awards and fund may pay, month by month."""

    card: RateCard
    months: tuple[Month, ...]
    runs: list[Run]
    left: dict[str, int]
    fund_left: int | None


class Maker:
    """Makes one crowd of a seed: the same for the same seed."""

    def __init__(self, seed: int) -> None:
        self.random = random = Random(seed)
        zone, months = random.choice(ZONES_AND_MONTHS)
        self.zone = ZoneInfo(zone)
        self.months = tuple(map(Month.parse, months))
        self.currency = random.choice(("HKD", "JPY", "KWD"))
        spans = [month.interval(self.zone) for month in self.months]
        edges = [edge for span in spans for edge in (span.start, span.end)]
        length = int((edges[-1] - edges[0]).total_seconds())
        odd = [edges[0] + timedelta(seconds=random.randrange(-90_000, length + 90_000)) for _ in range(5)]
        self.instants = [*edges, *odd]

    def instant(self) -> datetime:
        return self.random.choice(self.instants) + timedelta(seconds=self.random.choice((0, 0, 0, 1, -1, 1800, 3600)))

    def make(self, size: int) -> Crowd:
        random = self.random
        prices = PriceBook(version for place in self._places() for version in self._versions(*place))
        steps = [(self.instants[0] - timedelta(days=999), random.choice(SHARES)), (self.instant(), Fraction(2, 3))]
        awards = [self._award(code) for code in CODES]
        card = RateCard(self.zone, prices, AwardBook(awards, ShareSteps(steps)), random.choice(list(Proration)))
        left = {award.code: award.cap for award in awards if award.cap is not None}
        runs = [run for _ in range(size) for run in self._records()]
        random.shuffle(runs)
        return Crowd(card, self.months, runs, left, random.choice((None, None, 10**7)))

    def _places(self) -> Iterator[tuple[str | None, str]]:
        yield from ((None, "gpu"), (None, "node"))
        for place in (("north", "gpu"), ("south", "node"), ("north", "cpu")):
            if self.random.random() < 0.5:
                yield place

    def _versions(self, site: str | None, item: str) -> Iterator[PriceVersion]:
        unit = PriceUnit.CALENDAR_MONTH if item == "node" else PriceUnit.HOUR
        first = self.random.choice((self.instants[0] - timedelta(days=400), self.instant()))
        for starts in {first, *(self.instant() for _ in range(self.random.randrange(4)))}:
            ends = self.random.choice((None, None, None, starts + timedelta(days=9)))
            price = Price(self.random.choice((18_000_000, self.random.randrange(10**8))), self.currency)
            yield PriceVersion(item, site, starts, starts.isoformat(), price, unit, ends)

    def _award(self, code: str) -> AwardTerms:
        random = self.random
        starts, ends = sorted((self.instant(), self.instant()))
        return AwardTerms(
            code,
            random.choice(ACCOUNTS[:2]),
            random.choice((starts, self.instants[0])),
            ends,
            share=random.choice((None, None, *SHARES)),
            cap=random.choice((None, 1, random.randrange(10**5), random.randrange(10**7))),
            items=random.choice((None, None, frozenset({"gpu"}))),
            planned=random.choice(((), (), ((starts, ends + timedelta(days=3)), (self.instant(), ends)))),
        )

    def _records(self) -> Iterator[Run]:
        """Yield the records of one run: mostly one, now and then several that correct or contradict each other."""
        random = self.random
        start, job, site = self.instant(), str(random.randrange(40)), random.choice(SITES)
        for _ in range(random.choice((1, 1, 1, 2, 3))):
            yield self._record(site, job, start)

    def _record(self, site: str, job: str, start: datetime) -> Run:
        random = self.random
        end = self.instant()
        if end < start and random.random() < 0.8:
            end = start + (start - end)
        items = random.choices(ITEMS, k=random.choice((1, 1, 1, 2, 0 if random.random() < 0.05 else 1)))
        devices = {item: random.choice((1, 3, 8, 8, 1000, 0 if random.random() < 0.05 else 2)) for item in items}
        metered = {}
        for item, count in devices.items():
            if random.random() < 0.3:
                most = count * max(0, int((end - start).total_seconds()))
                metered[item] = random.choice((most, most // 3, random.randrange(most + 1), 0, most + (most % 97 == 0)))
        return Run(
            site,
            job,
            start,
            end,
            random.choice(ACCOUNTS),
            devices,
            award=random.choice((None, None, None, None, *CODES, "A9")),
            device_seconds=metered,
            state=random.choice(("COMPLETED", *STATES, "NODE_FAIL+", "it's odd")),
            revision=random.choice((1, 1, 1, 2)),
            interim=random.random() < 0.15,
        )
