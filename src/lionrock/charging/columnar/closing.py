"""From device-time to statement lines: amounts, their order, and who pays; independent of `charging.domain`.

Only values are shared with the readable path (`Charge`, `Line`), so that both are shown in one way.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from zoneinfo import ZoneInfo

from lionrock.charging.columnar.axis import RateCard
from lionrock.charging.columnar.lines import LineOf, Total
from lionrock.charging.domain.awards import Terms
from lionrock.charging.domain.closing import Adjustment, SharedFee
from lionrock.charging.domain.lines import Charge, Line, LineKind
from lionrock.charging.domain.prices import PriceVersion
from lionrock.charging.domain.tariff import from_epoch
from lionrock.kernel.currencies import DECIMALS
from lionrock.kernel.periods import Month
from lionrock.kernel.quantities import SECONDS_PER_HOUR, PriceUnit

Lines = Mapping[Month, Mapping[LineOf, Total]]

_MILLION = 10**6


def nearest(numerator: int, denominator: int) -> int:
    """Round a fraction with a positive denominator to an integer, halves away from zero."""
    whole, rest = divmod(abs(numerator), denominator)
    rounded = whole + (2 * rest >= denominator)
    return rounded if numerator >= 0 else -rounded


def gross_of(price: PriceVersion, seconds: Fraction | int, month: Month, zone: ZoneInfo) -> int:
    """Return what device-seconds of one month cost, in minor units, rounded once (conventions 5 and 17)."""
    unit = SECONDS_PER_HOUR if price.unit is PriceUnit.HOUR else month.interval(zone).seconds
    numerator = price.price.millionths * 10 ** DECIMALS[price.price.currency] * seconds.numerator
    return nearest(numerator, _MILLION * unit * seconds.denominator)


@dataclass
class Books:
    """What months closed so far have billed and paid. `left` has only awards with a cap."""

    card: RateCard
    left: dict[str, int] = field(default_factory=dict)
    fund_left: int | None = None
    paid: dict[str, int] = field(default_factory=dict)
    billed: dict[Month, Mapping[LineOf, Total]] = field(default_factory=dict)

    def close(
        self, month: Month, now: Lines, adjustments: Iterable[Adjustment] = (), fees: Iterable[SharedFee] = ()
    ) -> list[Line]:
        """Close a month: `now` has the lines of every month of use up to it as they stand. Returns its lines in order.

        Corrections of closed months, the month's own use, adjustments, fees (conventions 7 and 12).
        """
        charges: list[Charge] = []
        for one in sorted(one for one in {*now, *self.billed} if one < month):
            charges += self._corrections(now.get(one, {}), self.billed.get(one, {}))
        charges += self._charges(LineKind.USAGE, now.get(month, {}).items())
        charges += [self._adjusted(one, month) for one in adjustments]
        charges += [charge for fee in fees for charge in _fee_charges(fee, month)]
        self.billed.update({one: lines for one, lines in now.items() if one <= month})
        self.billed.update({one: {} for one in self.billed if one not in now})
        return [Line(charge, self._split(charge)) for charge in charges]

    def _corrections(self, now: Mapping[LineOf, Total], before: Mapping[LineOf, Total]) -> list[Charge]:
        """Return a charge for each line of a closed month whose device-time is no longer what was billed."""
        found: list[tuple[LineOf, Total]] = []
        for line in dict.fromkeys([*now, *before]):
            stands, was = now.get(line), before.get(line)
            seconds = (stands.seconds if stands else 0) - (was.seconds if was else 0)
            since = stands or was
            if seconds and since:
                found.append((line, Total(seconds, since.first_use)))
        return self._charges(LineKind.CORRECTION, found)

    def _charges(self, kind: LineKind, lines: Iterable[tuple[LineOf, Total]]) -> list[Charge]:
        """Return the charges of lines in the order in which they use up caps."""
        ordered = sorted(lines, key=lambda one: _turn(one[0], one[1].first_use))
        return [self._charge(kind, line, total.seconds, total.first_use) for line, total in ordered]

    def _charge(self, kind: LineKind, line: LineOf, seconds: Fraction | int, first_use: int) -> Charge:
        return Charge(
            kind=kind,
            account=line.account,
            gross=gross_of(line.price, seconds, line.month, self.card.zone),
            terms=line.terms,
            site=line.site,
            item=line.item,
            price=line.price,
            device_seconds=seconds,
            corrects=line.month if kind is LineKind.CORRECTION else None,
            first_use=from_epoch(first_use),
        )

    def _adjusted(self, one: Adjustment, month: Month) -> Charge:
        """Return the charge of an adjustment: the awards that run in any part of its month pay, in order of their end.

        Each pays at its share on the first day that it runs in that month.
        """
        begins, ends = (edge.interval(self.card.zone).start for edge in (one.month, one.month.next))
        awards = self.card.awards
        terms: Terms = ()
        for award in awards.candidates(one.account, None, one.award):
            if award.starts < ends and begins < award.ends and award.starts < award.ends:
                terms += awards.terms_at([award], max(begins, award.starts))
        corrects = one.month if one.month < month else None
        return Charge(
            LineKind.ADJUSTMENT, one.account, one.amount, terms, one.site, corrects=corrects, reason=one.reason
        )

    def _split(self, charge: Charge) -> dict[str, int]:
        """Return what each award pays, and note it: a negative charge is the mirror of a positive one.

        An award pays its share of what those before it have not covered, up to what it and the fund have
        left; it takes back no more than it has paid (conventions 6, 8 and 12).
        """
        sign = -1 if charge.gross < 0 else 1
        bare: Fraction | int = abs(charge.gross)
        found: dict[str, int] = {}
        for award, share in charge.terms:
            wanted = nearest(bare.numerator * share.numerator, bare.denominator * share.denominator)
            limits = self._limits(award) if sign > 0 else [self.paid.get(award, 0)]
            amount = max(0, min([wanted, *limits]))
            if amount:
                found[award] = sign * amount
                bare -= amount / share
                self._note(award, sign * amount)
            if amount == wanted:
                break
        return found

    def _limits(self, award: str) -> Iterator[int]:
        if award in self.left:
            yield self.left[award]
        if self.fund_left is not None:
            yield self.fund_left

    def _note(self, award: str, amount: int) -> None:
        self.paid[award] = self.paid.get(award, 0) + amount
        if award in self.left:
            self.left[award] -= amount
        if self.fund_left is not None:
            self.fund_left -= amount


def _turn(line: LineOf, first_use: int) -> tuple[object, ...]:
    """Return the place of a line in its month: first use, site, account, award, item, price (convention 7)."""
    codes = tuple(code for code, _ in line.terms)
    rank = (first_use, line.site, line.account, codes, line.item)
    return (*rank, line.price.starts, line.price.price.millionths, line.terms)


def _fee_charges(fee: SharedFee, month: Month) -> Iterator[Charge]:
    """Yield the charges of a fee between accounts: floors, then one each to the largest remainders (convention 13)."""
    if fee.between_sites:
        return
    whole = sum(fee.weights.values())
    parts = {name: divmod(abs(fee.amount) * weight, whole) for name, weight in fee.weights.items()}
    left = abs(fee.amount) - sum(part for part, _ in parts.values())
    favoured = sorted(parts, key=lambda name: (-parts[name][1], name))[:left]
    corrects = fee.month if fee.month < month else None
    for name in sorted(parts):
        amount = parts[name][0] + (name in favoured)
        gross = amount if fee.amount >= 0 else -amount
        yield Charge(LineKind.FEE, name, gross, (), fee.site, corrects=corrects, reason=fee.reason)
