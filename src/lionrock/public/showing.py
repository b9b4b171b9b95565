"""The annual report as people read it: labels for keys, shares rounded for the eye; page and PDF are made of it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from types import MappingProxyType
from typing import Final

from django.utils.translation import gettext

from lionrock.committee.domain.capacity import devices_of
from lionrock.kernel.messages import Message, gettext_noop, message
from lionrock.kernel.money import Money, settle, to_places
from lionrock.kernel.periods import Month
from lionrock.kernel.quantities import SECONDS_PER_HOUR
from lionrock.public.domain.folding import FEWEST
from lionrock.public.domain.results import Amount, Applied, Awarded, MoneyMonths, Results, Utilisation
from lionrock.rules.shape import Names
from lionrock.web.charts import MonthParts, Part

Label = Names | Message | str
KINDS: Final = MappingProxyType(
    {
        "paper": message(gettext_noop("Papers")),
        "patent": message(gettext_noop("Patents")),
        "model": message(gettext_noop("Models")),
        "dataset": message(gettext_noop("Data sets")),
        "software": message(gettext_noop("Software")),
        "other": message(gettext_noop("Other results")),
    }
)
"""What outcomes are called in the plural, by kind."""


def shown_share(exact: Fraction | None) -> Decimal | None:
    """Return a share with one decimal of a per cent."""
    return None if exact is None else to_places(exact, 3)


@dataclass(frozen=True, slots=True)
class AppliedRow:
    """What became of applications, with the names of the categories; none for all of them."""

    labels: tuple[Label, ...]
    counts: Applied

    @property
    def success(self) -> Decimal | None:
        """The share that was approved of those decided."""
        return shown_share(self.counts.success)


@dataclass(frozen=True, slots=True)
class AwardedRow:
    """Awards, with the names of the categories or items; none for all of them."""

    labels: tuple[Label, ...]
    sums: Awarded

    @property
    def share(self) -> Decimal | None:
        """The scheme's part of the list price."""
        return shown_share(self.sums.share)


@dataclass(frozen=True, slots=True)
class CapacityRow:
    """How much of a kind of device was used, in whole device-hours; `items` are those that consist of it."""

    items: tuple[Label, ...]
    use: Utilisation

    @property
    def available(self) -> int:
        """Device-hours that there were."""
        return settle(Fraction(self.use.available, SECONDS_PER_HOUR))

    @property
    def used(self) -> int | None:
        """Device-hours that were charged; None where that is withheld."""
        return None if self.use.used is None else settle(self.use.used / SECONDS_PER_HOUR)

    @property
    def share(self) -> Decimal | None:
        """What part of it was used."""
        return shown_share(self.use.share)


@dataclass(frozen=True, slots=True)
class OutcomeRow:
    """How many outcomes there are of some kinds."""

    labels: tuple[Label, ...]
    number: int


@dataclass(frozen=True, slots=True)
class MonthsRow:
    """Money of the months that are published as one."""

    money: MoneyMonths
    closed: bool

    @property
    def single(self) -> bool:
        """Whether it is one month."""
        return self.money.first == self.money.last


@dataclass(frozen=True, slots=True)
class Sheet:
    """Everything that page and PDF show of a report."""

    results: Results
    applications: AppliedRow | None
    categories: tuple[AppliedRow, ...]
    awards: AwardedRow | None
    awards_by: tuple[tuple[str, str, tuple[AwardedRow, ...]], ...]
    months: tuple[MonthsRow, ...]
    committed_drawn: tuple[MonthParts, ...]
    spent_drawn: tuple[MonthParts, ...]
    within_pledge: Decimal | None
    capacity: tuple[CapacityRow, ...]
    outcomes: tuple[OutcomeRow, ...]
    fewest: int = FEWEST

    @property
    def releases(self) -> bool:
        """Whether it may be shown what was given back."""
        return any(row.money.released is not None for row in self.months)

    @property
    def sums(self) -> tuple[tuple[str, Amount, str], ...]:
        """The three sums: heading, amount, and what it is."""
        results = self.results
        return (
            (gettext("Asked for"), results.asked, gettext("the scheme's share of all that was handed in")),
            (gettext("Awarded"), results.awarded, gettext("at most, by the awards of the year")),
            (gettext("Used"), results.used, gettext("borne by the scheme in closed months")),
        )


def sheet_of(results: Results) -> Sheet:
    """Return a report with the programme's own names for its keys."""
    categories = {parameter.path.split(".")[1]: parameter.label for parameter in results.programme.family("categories")}
    items: Mapping[str, Label] = {item.id: item.names for item in results.programme.items.values()}
    by = (
        ("by-category", gettext("By category of applicant"), _awarded(results.awards_by_category, categories)),
        ("by-item", gettext("By what was awarded"), _awarded(results.awards_by_item, items)),
    )
    return Sheet(
        results=results,
        applications=AppliedRow((), results.applications) if results.applications else None,
        categories=tuple(AppliedRow(_labels(part.keys, categories), part) for part in results.by_category),
        awards=AwardedRow((), results.awards) if results.awards else None,
        awards_by=by,
        months=tuple(MonthsRow(each, _closed(each.first, results.closed_until)) for each in results.months),
        committed_drawn=_drawn(results.months, "committed"),
        spent_drawn=_drawn(results.months, "spent"),
        within_pledge=shown_share(results.decisions.share),
        capacity=tuple(CapacityRow(_made_of(each.kind, results), each) for each in results.utilisation),
        outcomes=tuple(OutcomeRow(_labels(each.keys, KINDS), each.number) for each in results.outcomes),
    )


def _labels(keys: Iterable[str], names: Mapping[str, Label]) -> tuple[Label, ...]:
    return tuple(names.get(key, key) for key in keys)


def _awarded(parts: Iterable[Awarded], names: Mapping[str, Label]) -> tuple[AwardedRow, ...]:
    return tuple(AwardedRow(_labels(part.keys, names), part) for part in parts)


def _made_of(kind: str, results: Results) -> tuple[Label, ...]:
    return tuple(item.names for item in results.programme.items.values() if kind in devices_of(item))


def _closed(month: Month, until: Month | None) -> bool:
    return until is not None and month <= until


def _drawn(months: Iterable[MoneyMonths], series: str) -> tuple[MonthParts, ...]:
    """Return the columns of one series, so that two of them stand under each other; nothing where it is withheld."""
    label = {"committed": gettext("Committed"), "spent": gettext("Spent")}[series]
    amounts: list[tuple[Month, Money | None]] = [(each.last, getattr(each, series)) for each in months]
    known = [amount for _, amount in amounts if amount is not None]
    if not known:
        return ()
    nothing = Money(0, known[0].currency)
    return tuple(MonthParts(month, (Part(series, label, amount or nothing),)) for month, amount in amounts)
