"""The answer that is kept and shown: a comparison in rounded numbers, with all that it rests on.

Verdicts are decided on exact numbers before this; here everything is rounded once, to be read.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from decimal import Decimal
from fractions import Fraction
from math import ceil
from typing import Any, Final

from lionrock.kernel.findings import Citation
from lionrock.kernel.money import Money, to_places
from lionrock.planning.scenarios.comparing import Comparison, Option, Verdict
from lionrock.planning.scenarios.measures import MEASURES, GroupUse, MonthUse, Waits
from lionrock.planning.scenarios.statistics import CONFIDENCE, Interval
from lionrock.planning.scenarios.values import Books, Scenario, Stated
from lionrock.rules.shape import Names

_PLACES: Final = 6


@dataclass(frozen=True, slots=True)
class Figure:
    """A mean over all seeds, and how far from it the truth may be to each side; None where nobody can say."""

    mean: Decimal
    margin: Decimal | None

    @property
    def low(self) -> Decimal:
        """The lower end of the interval."""
        return self.mean - (self.margin or 0)

    @property
    def high(self) -> Decimal:
        """The upper end."""
        return self.mean + (self.margin or 0)


@dataclass(frozen=True, slots=True)
class WaitRow:
    """Waits of the jobs of a class and size, in seconds, as means over the seeds."""

    of: str
    size: int
    jobs: Decimal
    mean: Decimal
    median: Decimal
    ninetieth: Decimal


@dataclass(frozen=True, slots=True)
class GroupRow:
    """A kind of device: device-hours used, and those of its capacity in the period."""

    accelerator: str
    name: str
    used: Decimal
    capacity: Decimal
    for_images: int | None
    """Devices that the aimed-at images an hour need, all of them at work all the time; None where nobody can say."""


@dataclass(frozen=True, slots=True)
class MonthRow:
    """A month: device-hours, and minor units."""

    month: str
    used: Decimal
    capacity: Decimal
    charged: Decimal
    fund: Decimal


@dataclass(frozen=True, slots=True)
class Assumption:
    """What an option rests on: its kind, of what, how much, on whose word and of which grade."""

    kind: str
    of: str
    value: str
    title: str
    publisher: str
    address: str | None
    grade: str


@dataclass(frozen=True, slots=True)
class OptionAnswer:
    """One option; `differences` and `verdicts` are beside the first option, and empty for it."""

    id: str
    digest: str
    names: Names
    about: Names
    keeps_up: bool
    jobs: Decimal
    left_out: Decimal
    measures: Mapping[str, Figure | None]
    differences: Mapping[str, Figure | None]
    verdicts: Mapping[str, str]
    waits: tuple[WaitRow, ...]
    groups: tuple[GroupRow, ...]
    months: tuple[MonthRow, ...]
    assumptions: tuple[Assumption, ...]

    def judged(self, measure: str) -> Verdict:
        """Return what is said of a measure, beside the first option."""
        return Verdict(self.verdicts.get(measure, Verdict.UNKNOWN))


@dataclass(frozen=True, slots=True)
class Answer:
    """Everything that a page, a PDF or a file says."""

    judged_by: str
    seeds: int
    weeks: int
    begins: str
    confidence: int
    currency: str
    fund: int | None
    """Minor units of the whole fund."""
    aim: int | None
    """Images an hour that are wanted."""
    classes: Mapping[str, Names]
    options: tuple[OptionAnswer, ...]

    @property
    def first(self) -> OptionAnswer:
        """The option that the others are held against."""
        return self.options[0]

    @property
    def measures(self) -> list[str]:
        """The measures in the order in which they are read: what decides first, then as they are listed."""
        listed, classes = list(MEASURES), list(self.classes)

        def place(name: str) -> tuple[bool, int, int, str]:
            head, _, rest = name.partition(".")
            at = listed.index(head) if head in listed else len(listed)
            return name != self.judged_by, at, classes.index(rest) if rest in classes else -1, name

        return sorted(self.first.measures, key=place)


def answer(found: Comparison) -> Answer:
    """Return the answer of a comparison."""
    scenario = found.first.scenario
    classes = {each.id: each.names for option in found.options for each in option.scenario.classes}
    return Answer(
        judged_by=found.judged_by,
        seeds=len(found.first.outcomes),
        weeks=scenario.weeks,
        begins=scenario.begins.isoformat(),
        confidence=CONFIDENCE,
        currency=scenario.price.currency,
        fund=scenario.subsidy.fund,
        aim=scenario.images.aim if scenario.images else None,
        classes=classes,
        options=tuple(_option(found, option) for option in found.options),
    )


def _option(found: Comparison, option: Option) -> OptionAnswer:
    scenario, others = option.scenario, () if option is found.first else found.measures
    outcomes = option.outcomes
    return OptionAnswer(
        id=scenario.id,
        digest=scenario.digest,
        names=scenario.names,
        about=scenario.about,
        keeps_up=option.keeps_up,
        jobs=_mean([each.jobs for each in outcomes]),
        left_out=_mean([each.left_out for each in outcomes]),
        measures={name: _figure(option.mean(name)) for name in found.measures},
        differences={name: _figure(found.difference(option, name)) for name in others},
        verdicts={name: found.verdict(option, name).value for name in others},
        waits=tuple(_waits([each.waits for each in outcomes])),
        groups=tuple(_groups(scenario, [each.groups for each in outcomes])),
        months=tuple(_months([each.months for each in outcomes])),
        assumptions=tuple(assumptions(scenario)),
    )


def _figure(found: Interval | None) -> Figure | None:
    if found is None:
        return None
    return Figure(_rounded(found.mean), None if found.margin is None else _rounded(found.margin))


def _rounded(value: Fraction | int) -> Decimal:
    return to_places(value, _PLACES)


def _mean(values: Sequence[int]) -> Decimal:
    return _rounded(Fraction(sum(values), len(values)))


def _waits(seeds: Sequence[Sequence[Waits]]) -> Iterator[WaitRow]:
    found: dict[tuple[str, int], list[Waits]] = {}
    for rows in seeds:
        for row in rows:
            found.setdefault((row.of, row.size), []).append(row)
    for (of, size), same in found.items():
        jobs = sum(row.jobs for row in same)
        yield WaitRow(
            of,
            size,
            _rounded(Fraction(jobs, len(seeds))),
            _rounded(Fraction(sum(row.total for row in same), jobs)),
            _mean([row.median for row in same]),
            _mean([row.ninetieth for row in same]),
        )


def _groups(scenario: Scenario, seeds: Sequence[Sequence[GroupUse]]) -> Iterator[GroupRow]:
    """Yield the kinds of devices; where one never came with a seed, nothing of it was there."""
    for item in {delivery.item.id: delivery.item for delivery in scenario.fleet}.values():
        same = [row for rows in seeds for row in rows if row.accelerator == item.id]
        yield GroupRow(
            item.id,
            f"{item.vendor} {item.name}",
            _hours(sum(row.used for row in same), len(seeds)),
            _hours(sum(row.capacity for row in same), len(seeds)),
            _devices_for(scenario, scenario.image_rate(item)),
        )


def _devices_for(scenario: Scenario, rate: Fraction | None) -> int | None:
    if scenario.images is None or scenario.images.aim is None or not rate:
        return None
    return ceil(scenario.images.aim / (rate * 3600))


def _hours(seconds: int, seeds: int) -> Decimal:
    return _rounded(Fraction(seconds, 3600 * seeds))


def _months(seeds: Sequence[Sequence[MonthUse]]) -> Iterator[MonthRow]:
    for same in zip(*seeds, strict=True):
        yield MonthRow(
            same[0].month,
            _hours(sum(row.used for row in same), len(same)),
            _hours(sum(row.capacity for row in same), len(same)),
            _mean([row.charged for row in same]),
            _mean([row.fund for row in same]),
        )


def assumptions(scenario: Scenario) -> Iterator[Assumption]:
    """Yield everything that a scenario rests on."""
    levels = " → ".join(f"{_text(level)} ({week})" for week, level in scenario.demand.levels)
    yield _assumed("load", scenario.demand.model.id, levels, scenario.demand.citation)
    for each in scenario.classes:
        yield _assumed("class", each.id, each.bound_by.value, each.citation)
        for name, speed in each.speeds.items():
            yield _stated("speed", f"{each.id}, {name}", speed)
    if scenario.books:
        yield from _from_books(scenario.books, scenario.fleet[0].citation)
    for delivery in scenario.fleet:
        of = f"{delivery.count} × {delivery.item.vendor} {delivery.item.name}"
        yield _assumed("delivery", of, str(delivery.week), delivery.citation)
        if delivery.delay_weeks:
            yield _assumed("delay", of, str(delivery.delay_weeks), delivery.citation)
        if delivery.licence:
            yield _stated("licence", of, delivery.licence.granted)
    price = Money(scenario.price.node_month, scenario.price.currency)
    yield _assumed("price", f"{scenario.price.devices} ×", str(price), scenario.price.citation)
    yield _stated("subsidy", "", scenario.subsidy.share)
    if scenario.subsidy.share.value != scenario.subsidy.usual:
        yield _stated("elasticity", "", scenario.subsidy.elasticity)
    if scenario.leases:
        of = f"{scenario.leases.lessees} × {scenario.leases.devices}"
        yield _assumed("leases", of, "", scenario.leases.citation)
    yield _stated("idle", "", scenario.energy.idle)
    yield _stated("pue", "", scenario.energy.pue)
    for name, watts in scenario.energy.powers.items():
        yield _stated("power", name, watts)
    if scenario.images and scenario.images.per_teraflops:
        yield _stated("images", "", scenario.images.per_teraflops)
    for name, rate in (scenario.images.rates if scenario.images else {}).items():
        yield _stated("image_rate", name, rate)


def _from_books(books: Books, cited: Citation | None) -> Iterator[Assumption]:
    yield _assumed("books", books.programme, books.day.isoformat(), cited)
    if books.retiring_count and books.retiring:
        yield _assumed("retiring", f"{books.retiring_count} ×", books.retiring.value, cited)


def _stated(kind: str, of: str, stated: Stated) -> Assumption:
    return _assumed(kind, of, _text(stated.value), stated.citation)


def _text(value: Fraction) -> str:
    return f"{to_places(value, 4).normalize():f}"


def _assumed(kind: str, of: str, value: str, cited: Citation | None) -> Assumption:
    if cited is None:
        return Assumption(kind, of, value, "", "", None, "")
    return Assumption(kind, of, value, cited.title, cited.publisher, cited.address, cited.grade.value)


def to_data(found: Answer) -> dict[str, Any]:
    """Return an answer as JSON has it, decimals as text."""
    return asdict(found)


def from_data(data: Mapping[str, Any]) -> Answer:
    """Return an answer out of JSON that `to_data` made."""
    classes = {name: Names(**names) for name, names in data["classes"].items()}
    options = tuple(_option_of(each) for each in data["options"])
    return Answer(**{**data, "classes": classes, "options": options})


def _option_of(data: Mapping[str, Any]) -> OptionAnswer:
    return OptionAnswer(
        **{
            **data,
            "names": Names(**data["names"]),
            "about": Names(**data["about"]),
            "jobs": Decimal(data["jobs"]),
            "left_out": Decimal(data["left_out"]),
            "measures": {name: _figure_of(each) for name, each in data["measures"].items()},
            "differences": {name: _figure_of(each) for name, each in data["differences"].items()},
            "waits": tuple(WaitRow(**_decimals(each, "jobs mean median ninetieth")) for each in data["waits"]),
            "groups": tuple(GroupRow(**_decimals(each, "used capacity")) for each in data["groups"]),
            "months": tuple(MonthRow(**_decimals(each, "used capacity charged fund")) for each in data["months"]),
            "assumptions": tuple(Assumption(**each) for each in data["assumptions"]),
        }
    )


def _figure_of(data: Mapping[str, Any] | None) -> Figure | None:
    if data is None:
        return None
    return Figure(Decimal(data["mean"]), None if data["margin"] is None else Decimal(data["margin"]))


def _decimals(data: Mapping[str, Any], names: str) -> dict[str, Any]:
    return {**data, **{name: Decimal(data[name]) for name in names.split()}}
