"""What a programme has come to in a year: aggregates alone, each with enough applicants behind it.

Three sums of money stand beside each other: what was asked for, what was awarded, what was used. All
are the scheme's share, all are whole minor units; shares and medians are exact.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import IntEnum
from fractions import Fraction

from lionrock.applications.domain import ApplicationState
from lionrock.applications.domain.pledges import Pledges, Standing, elapsed
from lionrock.intake.domain.timeliness import median
from lionrock.kernel.findings import ParameterRead
from lionrock.kernel.money import Money
from lionrock.kernel.periods import Month
from lionrock.public.domain.folding import (
    FEWEST,
    Applicants,
    Group,
    Moved,
    Part,
    Span,
    fold,
    may_be_shown,
    spans,
    together,
)
from lionrock.public.domain.years import ReportYear
from lionrock.rules.programme import Programme


class Count(IntEnum):
    """Where the counts of applications stand among the figures of a part."""

    RECEIVED = 0
    ELIGIBLE = 1
    INELIGIBLE = 2
    APPROVED = 3
    DECLINED = 4
    WITHDRAWN = 5
    OPEN = 6


class Given(IntEnum):
    """Where the figures of awards stand among those of a part; amounts in minor units."""

    AWARDS = 0
    LIST_PRICE = 1
    AWARDED = 2


@dataclass(frozen=True, slots=True)
class Applied:
    """What became of the applications received: of one key, or of several put together."""

    keys: tuple[str, ...]
    received: int
    eligible: int
    ineligible: int
    approved: int
    declined: int
    withdrawn: int
    open: int

    @property
    def decided(self) -> int:
        """How many came to an end other than by being withdrawn."""
        return self.approved + self.declined + self.ineligible

    @property
    def success(self) -> Fraction | None:
        """How many of those decided were approved, between 0 and 1; None where none is decided."""
        return Fraction(self.approved, self.decided) if self.decided else None


@dataclass(frozen=True, slots=True)
class Awarded:
    """The awards of one key, or of several put together: their list price, and the scheme's part of it."""

    keys: tuple[str, ...]
    awards: int
    list_price: Money
    awarded: Money

    @property
    def share(self) -> Fraction | None:
        """The scheme's part of the list price, over all of them; None where that is nothing."""
        return Fraction(self.awarded.minor, self.list_price.minor) if self.list_price.minor else None


@dataclass(frozen=True, slots=True)
class Amount:
    """One sum; None where too few applicants stand behind it to be shown."""

    amount: Money | None
    applicants: Applicants

    @property
    def withheld(self) -> bool:
        """Whether there is a figure that is not shown."""
        return self.amount is None


@dataclass(frozen=True, slots=True)
class MoneyMonths:
    """What was committed, released and spent in the months that are published as one; None: withheld.

    `spent` is None too where none of the months is closed.
    """

    first: Month
    last: Month
    committed: Money | None
    released: Money | None
    spent: Money | None


@dataclass(frozen=True, slots=True)
class Decisions:
    """How long decisions took that were made in the year; None where too few applicants had one.

    `median` is in working days from the day an application was last handed in; of `pledged`
    decisions, for which the programme pledged a time, `kept` were made within it.
    """

    number: int | None
    median: Decimal | None
    pledged: int | None
    kept: int | None

    @property
    def share(self) -> Fraction | None:
        """The share within the pledge, between 0 and 1; None where nothing was pledged or it is withheld."""
        return Fraction(self.kept or 0, self.pledged) if self.pledged else None


@dataclass(frozen=True, slots=True)
class Utilisation:
    """Device-time of one kind that was charged, against what there was; both in device-seconds.

    `capacity` is the number of devices on the last day of the period, which runs from the first to
    the last closed month of the year. `used` is None where it is withheld.
    """

    kind: str
    first: Month
    last: Month
    capacity: int
    available: int
    used: Fraction | None

    @property
    def share(self) -> Fraction | None:
        """What part of it was used, between 0 and 1; None where it is withheld."""
        return None if self.used is None else Fraction(self.used, self.available)


@dataclass(frozen=True, slots=True)
class Counted:
    """So many outcomes of one kind, or of several put together."""

    keys: tuple[str, ...]
    number: int


@dataclass(frozen=True, slots=True)
class Results:
    """The annual report of a programme, as things stood at `as_of`."""

    programme: Programme
    year: ReportYear
    as_of: datetime
    licence: str | None
    applicants: int
    applications: Applied | None
    by_category: tuple[Applied, ...]
    asked: Amount
    unpriced: int
    awarded: Amount
    used: Amount
    awards: Awarded | None
    awards_by_category: tuple[Awarded, ...]
    awards_by_item: tuple[Awarded, ...]
    months: tuple[MoneyMonths, ...]
    closed_until: Month | None
    decisions: Decisions
    utilisation: tuple[Utilisation, ...]
    outcomes: tuple[Counted, ...]
    reads: tuple[ParameterRead, ...]

    @property
    def empty(self) -> bool:
        """Whether nothing at all has happened in the year."""
        sums = (self.asked, self.awarded, self.used)
        return not self.applicants and not any(each.applicants for each in sums)


# --- applications and awards ---------------------------------------------------------------------


def applied_of(group: Group) -> Applied:
    """Return the counts of a group by name."""
    return Applied(group.keys, *group.figures)


def applied(parts: Sequence[Part]) -> tuple[Applied | None, tuple[Applied, ...]]:
    """Return what became of all applications, and of those of each category, folded.

    The whole is None where too few applicants applied.
    """
    if not parts:
        return Applied((), *(0 for _ in Count)), ()
    whole = together(parts)
    if not may_be_shown(whole.applicants):
        return None, ()
    return Applied((), *whole.figures), tuple(map(applied_of, _told_apart(parts)))


def awarded(parts: Sequence[Part], currency: str) -> tuple[Awarded, ...]:
    """Return what was awarded by key, folded."""
    return tuple(_awarded(group, currency) for group in _told_apart(parts))


def _told_apart(parts: Sequence[Part]) -> tuple[Group, ...]:
    """Return the parts folded; nothing where all of them became one, which the whole says already."""
    groups = fold(parts)
    return () if len(groups) == 1 and len(parts) > 1 else groups


def awarded_in_all(parts: Sequence[Part], currency: str) -> Awarded | None:
    """Return all awards together; None where too few applicants have one."""
    if not parts:
        return _awarded(Group((), 0, tuple(0 for _ in Given)), currency)
    whole = together(parts)
    if not may_be_shown(whole.applicants):
        return None
    return _awarded(Group((), len(whole.applicants), whole.figures), currency)


def _awarded(group: Group, currency: str) -> Awarded:
    number, listed, given = group.figures
    return Awarded(group.keys, number, Money(listed, currency), Money(given, currency))


def amount_of(moved: Moved, currency: str) -> Amount:
    """Return a sum, withheld where too few applicants stand behind it."""
    return Amount(Money(moved.amount, currency) if may_be_shown(moved.applicants) else None, moved.applicants)


def counted(parts: Sequence[Part]) -> tuple[Counted, ...]:
    """Return how many outcomes there are by kind, folded."""
    return tuple(Counted(group.keys, group.figures[0]) for group in fold(parts))


# --- months --------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class MonthMoved:
    """What was committed, given back and spent in one month; `spent` None: not closed."""

    month: Month
    committed: Moved
    released: Moved
    spent: Moved | None


def money_months(months: Sequence[MonthMoved], currency: str) -> tuple[MoneyMonths, ...]:
    """Return what moved by month, months put together where too few applicants stand behind one.

    A series behind which too few stand all year is withheld; nothing is returned where no other moved.
    """
    series = {
        "committed": [each.committed for each in months],
        "released": [each.released for each in months],
        "spent": [each.spent or Moved() for each in months],
    }
    totals = {name: sum(moved, Moved()).applicants for name, moved in series.items()}
    shown = [name for name, applicants in totals.items() if may_be_shown(applicants)]
    if len(shown) < len(totals) and not any(totals[name] for name in shown):
        return ()
    rows = [(each.month, tuple(series[name][place] for name in shown)) for place, each in enumerate(months)]
    closed = {each.month for each in months if each.spent is not None}
    return tuple(_money_months(span, shown, closed, currency) for span in spans(rows))


def _money_months(span: Span, shown: Sequence[str], closed: set[Month], currency: str) -> MoneyMonths:
    amounts = {name: Money(moved.amount, currency) for name, moved in zip(shown, span.moved, strict=True)}
    spent = amounts.get("spent") if any(span.first <= month <= span.last for month in closed) else None
    return MoneyMonths(span.first, span.last, amounts.get("committed"), amounts.get("released"), spent)


# --- time ----------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Decided:
    """So many applications that were handed in on one day and decided on another."""

    since: date
    done: date
    number: int


def decisions(rows: Iterable[Decided], applicants: int, pledges: Pledges) -> Decisions:
    """Return how long decisions took, and how many kept the pledge that was in force when handed in."""
    known = list(rows)
    if 0 < applicants < FEWEST:
        return Decisions(None, None, None, None)
    if not known:
        return Decisions(0, None, 0, 0)
    lengths = [(elapsed(row.since, row.done, pledges.calendar(row.since)), row.number) for row in known]
    judged = [
        (pledge.outcome(row.done), row.number)
        for row in known
        if (pledge := pledges.of(ApplicationState.ASSESSED, row.since))
    ]
    return Decisions(
        number=sum(row.number for row in known),
        median=median(lengths),
        pledged=sum(number for _, number in judged),
        kept=sum(number for outcome, number in judged if outcome is Standing.KEPT),
    )


# --- capacity ------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Use:
    """Device-time of one kind, in device-seconds, and the applicants that used it."""

    seconds: Fraction
    applicants: Applicants


def utilisation(
    capacities: Mapping[Month, Mapping[str, int]], seconds: Mapping[Month, int], used: Mapping[str, Use]
) -> tuple[Utilisation, ...]:
    """Return how much of the capacity was used in the closed months, for each kind that has one in all of them.

    `capacities` are the devices of each kind that were there in each closed month, `seconds` the length
    of each.
    """
    months = sorted(capacities)
    if not months:
        return ()
    kinds = [kind for kind in capacities[months[-1]] if all(capacities[month].get(kind) for month in months)]
    return tuple(
        Utilisation(
            kind=kind,
            first=months[0],
            last=months[-1],
            capacity=capacities[months[-1]][kind],
            available=sum(capacities[month][kind] * seconds[month] for month in months),
            used=_shown(used.get(kind, Use(Fraction(0), frozenset()))),
        )
        for kind in kinds
    )


def _shown(use: Use) -> Fraction | None:
    return use.seconds if may_be_shown(use.applicants) else None
