"""How the subsidy of a line is limited by what is left of its awards and of the fund."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from fractions import Fraction

from lionrock.charging.domain.awards import Terms
from lionrock.charging.domain.lines import Charge, Line
from lionrock.kernel.money import settle


@dataclass(slots=True)
class Purse:
    """What awards and fund may still pay, and what awards have paid, in minor units.

    `left` holds only awards with a cap; `fund_left` is None where the scheme states no limit.
    """

    left: dict[str, int] = field(default_factory=dict)
    used: dict[str, int] = field(default_factory=dict)
    fund_left: int | None = None

    def pay(self, award: str, amount: int) -> None:
        """Take an amount from an award and the fund; a negative amount gives it back."""
        self.used[award] = self.used.get(award, 0) + amount
        if award in self.left:
            self.left[award] -= amount
        if self.fund_left is not None:
            self.fund_left -= amount

    def limit(self, award: str, wanted: int) -> int:
        """Return how much of a wanted amount can be paid, never below zero."""
        limits = [wanted, *([self.left[award]] if award in self.left else [])]
        if self.fund_left is not None:
            limits.append(self.fund_left)
        return max(0, min(limits))


def allot(charges: Iterable[Charge], purse: Purse) -> list[Line]:
    """Split each charge between awards and user, in the order given; the purse is used up by it."""
    lines = []
    for charge in charges:
        paid = _pay(charge.gross, charge.terms, purse) if charge.gross >= 0 else _give_back(charge, purse)
        lines.append(Line(charge, paid))
    return lines


def _pay(gross: int, terms: Terms, purse: Purse) -> Mapping[str, int]:
    """Return what each award pays of a charge.

    Subsidy = min(rounded gross × share, what is left of the award, what is left of the fund)
    (convention 6). What an award cannot pay spills over to the next: the part of the gross that
    the first has not covered is the next one's to share in (convention 8).
    """
    paid: dict[str, int] = {}
    uncovered = Fraction(gross)
    for award, share in terms:
        wanted = settle(uncovered * share)
        amount = purse.limit(award, wanted)
        if amount:
            paid[award] = amount
            purse.pay(award, amount)
            uncovered -= amount / share
        if amount == wanted:
            break
    return paid


def _give_back(charge: Charge, purse: Purse) -> Mapping[str, int]:
    """Return what each award gets back of a negative charge: the mirror of paying it.

    No award gets back more than it has paid in all.
    """
    returned: dict[str, int] = {}
    uncovered = Fraction(-charge.gross)
    for award, share in charge.terms:
        wanted = settle(uncovered * share)
        amount = max(0, min(wanted, purse.used.get(award, 0)))
        if amount:
            returned[award] = -amount
            purse.pay(award, -amount)
            uncovered -= amount / share
        if amount == wanted:
            break
    return returned
