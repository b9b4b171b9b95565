"""A study as its page and its PDF show it: sentences, charts, and a table for each of them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction
from itertools import accumulate
from typing import Final

from lionrock.kernel.currencies import DECIMALS
from lionrock.kernel.messages import Message, gettext_noop, message
from lionrock.kernel.money import to_places
from lionrock.kernel.periods import Month
from lionrock.planning import drawing
from lionrock.planning.scenarios.answers import Answer, Assumption, OptionAnswer, WaitRow
from lionrock.planning.scenarios.comparing import Verdict
from lionrock.planning.scenarios.measures import Unit, measure_kind
from lionrock.planning.wording import amount, duration, interval_of, measure_name, said, warning
from lionrock.rules.shape import Names

_HOUR: Final = 3600
_MILLION: Final = 1_000_000
VERDICTS: Final = {
    Verdict.BETTER: (gettext_noop("better"), "good"),
    Verdict.WORSE: (gettext_noop("worse"), "bad"),
    Verdict.MORE: (gettext_noop("more"), "plain"),
    Verdict.LESS: (gettext_noop("less"), "plain"),
    Verdict.NOT_SHOWN: (gettext_noop("no difference shown"), "plain"),
    Verdict.UNKNOWN: (gettext_noop("not known"), "plain"),
}
KINDS: Final = {
    "load": gettext_noop("Load, and its level from a week on"),
    "class": gettext_noop("What the speed of these jobs goes with"),
    "speed": gettext_noop("Speed, the reference device being 1"),
    "books": gettext_noop("Books of supply, and their day"),
    "retiring": gettext_noop("Devices that retire within these weeks"),
    "delivery": gettext_noop("Devices, and the week in which they come"),
    "delay": gettext_noop("Weeks of delay"),
    "licence": gettext_noop("Probability that a licence is granted"),
    "price": gettext_noop("List price of a node for a month"),
    "subsidy": gettext_noop("Share of the list price that the fund pays"),
    "elasticity": gettext_noop("Change of demand for a change of what users pay"),
    "leases": gettext_noop("Leases, and devices of each"),
    "idle": gettext_noop("Power when idle, of that at work"),
    "pue": gettext_noop("Energy of the building, of that of its devices"),
    "power": gettext_noop("Watts of a device"),
    "images": gettext_noop("Images a second for 10¹² operations a second"),
    "image_rate": gettext_noop("Images a second of a device"),
}
WORDS: Final = {
    "memory_gb_s": gettext_noop("memory bandwidth"),
    "kept": gettext_noop("there for all of them"),
    "gone": gettext_noop("there for none of them"),
}
"""Values that are words, in those that people use."""


@dataclass(frozen=True, slots=True)
class Cell:
    """A value of an option, the interval around it, and what it says beside the first option."""

    value: Message | None
    within: Message | None
    verdict: str
    tone: str
    by: Message | None


@dataclass(frozen=True, slots=True)
class Row:
    """A measure of all options."""

    name: Message
    cells: tuple[Cell, ...]
    decides: bool


@dataclass(frozen=True, slots=True)
class WaitLine:
    """Waits of a class and size: of each option the mean, the median and what nine of ten do not exceed."""

    of: Names
    size: int
    cells: tuple[tuple[Message, Message, Message] | None, ...]


@dataclass(frozen=True, slots=True)
class MonthLine:
    """A month of each option: use, capacity and their ratio, and what the fund has paid since the beginning."""

    month: Month
    cells: tuple[tuple[Decimal, Decimal, Decimal | None, Decimal], ...]


@dataclass(frozen=True, slots=True)
class GroupLine:
    """A kind of device of an option, in the period."""

    option: Names
    accelerator: str
    used: Decimal
    capacity: Decimal
    share: Decimal | None
    for_images: int | None


@dataclass(frozen=True, slots=True)
class AssumedLine:
    """What all options, or some, rest on."""

    kind: str
    assumption: Assumption
    value: str
    options: tuple[Names, ...]


@dataclass(frozen=True, slots=True)
class Sheet:
    """All that is shown."""

    answer: Answer
    begins: date
    sentences: tuple[Message, ...]
    warnings: tuple[Message, ...]
    names: tuple[Names, ...]
    decides: Message
    bars: drawing.Bars | None
    bar_labels: tuple[tuple[Names, Message, int], ...]
    bar_unit: Message
    rows: tuple[Row, ...]
    waits: tuple[WaitLine, ...]
    months: tuple[MonthLine, ...]
    spending: drawing.Lines | None
    groups: tuple[GroupLine, ...]
    assumed: tuple[AssumedLine, ...]
    fund: Message | None

    @property
    def keys(self) -> list[tuple[Names, str]]:
        """The options with the dashes of their lines."""
        return list(zip(self.names, (drawing.DASHES * 9)[: len(self.names)], strict=True))

    @property
    def month_names(self) -> list[tuple[int, Month]]:
        """The names below the lines, where there is room for them."""
        return [(x, self.months[at].month) for x, at in self.spending.labels] if self.spending else []


def sheet_of(answer: Answer) -> Sheet:
    """Return what a page shows of an answer."""
    unit, factor = _axis(answer)
    values = [_scaled(option, answer.judged_by, factor) for option in answer.options]
    drawn = drawing.bars(values)
    labels = zip(answer.options, drawn.bars if drawn else (), strict=False)
    months = tuple(_months(answer))
    paid = [[line.cells[at][3] / _MILLION for line in months] for at in range(len(answer.options))]
    return Sheet(
        answer=answer,
        begins=date.fromisoformat(answer.begins),
        sentences=tuple(said(answer, option) for option in answer.options[1:]),
        warnings=tuple(found for option in answer.options if (found := warning(option))),
        names=tuple(option.names for option in answer.options),
        decides=measure_name(answer.judged_by, answer),
        bars=drawn,
        bar_labels=tuple((option.names, _value(answer, option, answer.judged_by), bar.y) for option, bar in labels),
        bar_unit=unit,
        rows=tuple(_row(answer, name) for name in answer.measures),
        waits=tuple(_waits(answer)),
        months=months,
        spending=drawing.lines(paid),
        groups=tuple(_groups(answer)),
        assumed=tuple(_assumed(answer)),
        fund=_fund(answer),
    )


def _axis(answer: Answer) -> tuple[Message, Fraction]:
    """Return in which unit the bars are drawn, and what a value is multiplied by for it."""
    unit, _ = measure_kind(answer.judged_by)
    known = [figure.mean for option in answer.options if (figure := option.measures.get(answer.judged_by))]
    highest = max(known, default=Decimal(0))
    if unit is Unit.SECONDS and highest > 3 * 24 * _HOUR:
        return message(gettext_noop("days")), Fraction(1, 24 * _HOUR)
    if unit is Unit.SECONDS and highest > 2 * _HOUR:
        return message(gettext_noop("hours")), Fraction(1, _HOUR)
    if unit is Unit.SECONDS:
        return message(gettext_noop("minutes")), Fraction(1, 60)
    if unit is Unit.MONEY:
        said_unit = message(gettext_noop("{currency}"), currency=answer.currency)
        return said_unit, Fraction(1, 10 ** DECIMALS[answer.currency])
    return measure_name(answer.judged_by, answer), Fraction(1)


def _scaled(option: OptionAnswer, measure: str, factor: Fraction) -> tuple[Decimal, Decimal | None]:
    figure = option.measures.get(measure)
    if figure is None:
        return Decimal(0), None
    margin = None if figure.margin is None else to_places(Fraction(figure.margin) * factor, 3)
    return to_places(Fraction(figure.mean) * factor, 3), margin


def _value(answer: Answer, option: OptionAnswer, measure: str) -> Message:
    figure = option.measures.get(measure)
    return message(gettext_noop("not known")) if figure is None else amount(measure, figure.mean, answer)


def _row(answer: Answer, name: str) -> Row:
    cells = tuple(_cell(answer, option, name) for option in answer.options)
    return Row(measure_name(name, answer), cells, name == answer.judged_by)


def _cell(answer: Answer, option: OptionAnswer, name: str) -> Cell:
    figure, differs = option.measures.get(name), option.differences.get(name)
    if figure is None:
        return Cell(None, None, "", "plain", None)
    within = interval_of(name, figure, answer)
    if option is answer.first:
        return Cell(amount(name, figure.mean, answer), within, "", "plain", None)
    verdict = option.judged(name)
    text, tone = VERDICTS[verdict]
    by = None
    if differs is not None and verdict not in {Verdict.NOT_SHOWN, Verdict.UNKNOWN}:
        by = amount(name, abs(differs.mean), answer)
    return Cell(amount(name, figure.mean, answer), within, text, tone, by)


def _waits(answer: Answer) -> Iterator[WaitLine]:
    kinds = dict.fromkeys((row.of, row.size) for option in answer.options for row in option.waits)
    found = [{(row.of, row.size): row for row in option.waits} for option in answer.options]
    for of, size in kinds:
        rows = [each.get((of, size)) for each in found]
        yield WaitLine(answer.classes[of], size, tuple(_three(row) if row else None for row in rows))


def _three(row: WaitRow) -> tuple[Message, Message, Message]:
    return duration(row.mean), duration(row.median), duration(row.ninetieth)


def _months(answer: Answer) -> Iterator[MonthLine]:
    whole = 10 ** DECIMALS[answer.currency]
    paid = [list(accumulate(row.fund for row in option.months)) for option in answer.options]
    for at, same in enumerate(zip(*(option.months for option in answer.options), strict=True)):
        cells = tuple(
            (to_places(Fraction(row.used), 0), to_places(Fraction(row.capacity), 0), _share(row.used, row.capacity),
             to_places(Fraction(sums[at]) / whole, 0))
            for row, sums in zip(same, paid, strict=True)
        )  # fmt: skip
        yield MonthLine(Month.parse(same[0].month), cells)


def _share(used: Decimal, capacity: Decimal) -> Decimal | None:
    return to_places(Fraction(used) / Fraction(capacity), 3) if capacity else None


def _groups(answer: Answer) -> Iterator[GroupLine]:
    for option in answer.options:
        for row in option.groups:
            used, capacity = (to_places(Fraction(each), 0) for each in (row.used, row.capacity))
            share = _share(row.used, row.capacity)
            yield GroupLine(option.names, row.name, used, capacity, share, row.for_images)


def _assumed(answer: Answer) -> Iterator[AssumedLine]:
    found: dict[Assumption, list[Names]] = {}
    for option in answer.options:
        for each in option.assumptions:
            found.setdefault(each, []).append(option.names)
    for assumption, names in found.items():
        shared = () if len(names) == len(answer.options) else tuple(names)
        yield AssumedLine(KINDS[assumption.kind], assumption, WORDS.get(assumption.value, assumption.value), shared)


def _fund(answer: Answer) -> Message | None:
    """Return the size of the fund in words, if there is one."""
    if answer.fund is None:
        return None
    return message(
        gettext_noop("The whole fund is {currency} {number}."),
        currency=answer.currency,
        number=to_places(Fraction(answer.fund, 10 ** DECIMALS[answer.currency]), 0),
    )
