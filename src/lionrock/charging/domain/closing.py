"""Closing a month: from what stands and what was billed to the lines of its documents."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from zoneinfo import ZoneInfo

from lionrock.charging.domain.awards import AwardBook, Terms
from lionrock.charging.domain.lines import Charge, Line, LineKind, correction_charges, totals, usage_charges
from lionrock.charging.domain.subsidy import Purse, allot
from lionrock.charging.domain.tariff import Gathered, LineKey
from lionrock.kernel.money import split
from lionrock.kernel.periods import Month


@dataclass(frozen=True, slots=True)
class Adjustment:
    """An amount charged (or, negative, credited) to an account by decision, in minor units.

    `month` is the month that it concerns. It is split like a charge (billing convention "sign").
    """

    account: str
    amount: int
    reason: str
    month: Month
    award: str | None = None
    site: str = ""


@dataclass(frozen=True, slots=True)
class SharedFee:
    """An amount in minor units that accounts or sites share by weight.

    `site` is where an adjustment or a fee is earned; empty where nobody says.
    """

    amount: int
    weights: Mapping[str, int]
    reason: str
    month: Month
    between_sites: bool = False
    site: str = ""

    def shares(self) -> dict[str, int]:
        """Return each one's part, by largest remainder, ties to the smallest id (convention 13)."""
        return split(self.amount, self.weights)


@dataclass(frozen=True, slots=True)
class MonthFacts:
    """All that the lines of a month follow from.

    `standing` and `billed` hold device-time per month of use: as the runs stand now, and as all
    documents so far have billed it. Only earlier months with a difference need be given.
    """

    month: Month
    zone: ZoneInfo
    awards: AwardBook
    standing: Mapping[Month, Mapping[LineKey, Gathered]]
    billed: Mapping[Month, Mapping[LineKey, Gathered]] = field(default_factory=dict)
    adjustments: tuple[Adjustment, ...] = ()
    fees: tuple[SharedFee, ...] = ()


def close_month(facts: MonthFacts, purse: Purse) -> list[Line]:
    """Return the month's lines in order, with the purse used up by them.

    Corrections of closed months come first, by month; then the month's own use in the order of
    first use; then adjustments; then fees, which no award pays.
    """
    charges = [*_corrections(facts), *usage_charges(facts.standing.get(facts.month, {}), facts.zone)]
    charges += [_adjustment_charge(adjustment, facts) for adjustment in facts.adjustments]
    charges += [charge for fee in facts.fees for charge in _fee_charges(fee, facts.month)]
    return allot(charges, purse)


def _corrections(facts: MonthFacts) -> Iterable[Charge]:
    earlier = sorted(month for month in {*facts.standing, *facts.billed} if month < facts.month)
    for month in earlier:
        yield from correction_charges(facts.standing.get(month, {}), facts.billed.get(month, {}), facts.zone)


def _adjustment_charge(adjustment: Adjustment, facts: MonthFacts) -> Charge:
    return Charge(
        kind=LineKind.ADJUSTMENT,
        account=adjustment.account,
        gross=adjustment.amount,
        terms=_terms_in(adjustment, facts),
        site=adjustment.site,
        corrects=adjustment.month if adjustment.month < facts.month else None,
        reason=adjustment.reason,
    )


def _terms_in(adjustment: Adjustment, facts: MonthFacts) -> Terms:
    """Return the awards that run in any part of the adjustment's month, at the share of their first day in it."""
    span = adjustment.month.interval(facts.zone)
    terms: Terms = ()
    for award in facts.awards.candidates(adjustment.account, None, adjustment.award):
        first = max(award.starts, span.start)
        if first < min(award.ends, span.end):
            terms += facts.awards.terms_at([award], first)
    return terms


def _fee_charges(fee: SharedFee, month: Month) -> Iterable[Charge]:
    if fee.between_sites:
        return
    for account, amount in sorted(fee.shares().items()):
        yield Charge(
            kind=LineKind.FEE,
            account=account,
            gross=amount,
            terms=(),
            site=fee.site,
            corrects=fee.month if fee.month < month else None,
            reason=fee.reason,
        )


class DocumentKind(StrEnum):
    """What a month's charges to an account are issued as."""

    INVOICE = "invoice"
    CREDIT_NOTE = "credit note"


def document_kind(lines: Iterable[Line]) -> DocumentKind:
    """Return the kind of document: a negative user total is a credit note (convention 12)."""
    return DocumentKind.CREDIT_NOTE if totals(lines)[2] < 0 else DocumentKind.INVOICE


def settlement_by_site(lines: Iterable[Line]) -> dict[str, int]:
    """Return what each site is owed: the gross of its lines."""
    owed: dict[str, int] = {}
    for line in lines:
        if line.charge.site:
            owed[line.charge.site] = owed.get(line.charge.site, 0) + line.gross
    return owed
