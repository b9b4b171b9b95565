"""What if: other prices, shares and caps in the place of those in force, and what that would change."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from fractions import Fraction

from lionrock.charging.domain.awards import AwardBook, AwardTerms
from lionrock.charging.domain.lines import Line, totals
from lionrock.charging.domain.prices import PriceBook, PriceVersion
from lionrock.kernel.errors import Fault, Invalid
from lionrock.kernel.messages import gettext_noop, message

ALL = ""
"""Stands for all awards in a mapping by award."""


@dataclass(frozen=True)
class Supposition:
    """What is supposed: an item's whole price list, and by award (or for `ALL`) a share, a cap in minor units.

    What is not named stays as it is; what is said of one award goes before what is said of all.
    """

    prices: Mapping[str, tuple[PriceVersion, ...]] = field(default_factory=dict)
    shares: Mapping[str, Fraction] = field(default_factory=dict)
    caps: Mapping[str, int] = field(default_factory=dict)

    def prices_of(self, book: PriceBook) -> PriceBook:
        """Return the price book with the supposed lists in the place of an item's own, at every site."""
        kept = [
            version for (_, item), versions in book.lists().items() if item not in self.prices for version in versions
        ]
        return PriceBook([*kept, *(version for versions in self.prices.values() for version in versions)])

    def awards_of(self, book: AwardBook) -> AwardBook:
        """Return the awards at the supposed shares."""
        return AwardBook([self._award(award) for award in book.by_code.values()], book.scheme)

    def _award(self, award: AwardTerms) -> AwardTerms:
        share = self.shares.get(award.code, self.shares.get(ALL))
        return award if share is None else replace(award, share=share)

    def caps_of(self, caps: Mapping[str, int]) -> dict[str, int]:
        """Return the caps by award as they are supposed."""
        return {award: self.caps.get(award, self.caps.get(ALL, cap)) for award, cap in caps.items()}

    def check(self, awards: AwardBook, items: Iterable[str]) -> None:
        """Check that it says anything, and of awards and items that there are; raises `Invalid` with all faults."""
        known = set(items)
        unknown = sorted({*self.shares, *self.caps} - {ALL} - set(awards.by_code))
        faults = [_fault("award", code, _NO_AWARD) for code in unknown]
        faults += [_fault("item", item, _NO_ITEM) for item in sorted(set(self.prices) - known)]
        if not (self.prices or self.shares or self.caps):
            faults.append(_fault("supposition", "", _NOTHING))
        if faults:
            raise Invalid("charging.what_if.unknown", faults[0].message, faults=faults)


_NO_AWARD = gettext_noop("There is no accepted award {value}. See `lionrock award list`.")
_NO_ITEM = gettext_noop("{value} is not on the price list. See `lionrock programme show`.")
_NOTHING = gettext_noop("Nothing is supposed. Name other prices, another share or another cap.")


def _fault(name: str, value: str, template: str) -> Fault:
    return Fault(f"charging.what_if.{name}", message(template, value=value), field=name, value=value)


@dataclass(frozen=True, slots=True)
class Sums:
    """Gross, subsidy and the users' part, in minor units."""

    gross: int = 0
    subsidy: int = 0
    user: int = 0

    @classmethod
    def of(cls, lines: Iterable[Line]) -> Sums:
        """Add up lines."""
        return cls(*totals(lines))

    def __add__(self, other: Sums) -> Sums:
        return Sums(self.gross + other.gross, self.subsidy + other.subsidy, self.user + other.user)

    def __sub__(self, other: Sums) -> Sums:
        return Sums(self.gross - other.gross, self.subsidy - other.subsidy, self.user - other.user)


@dataclass(frozen=True)
class Comparison:
    """By account: what use comes to as things are, and as they are supposed."""

    currency: str
    as_is: Mapping[str, Sums]
    supposed: Mapping[str, Sums]

    @property
    def accounts(self) -> list[str]:
        """Every account with use, by name."""
        return sorted({*self.as_is, *self.supposed})

    def difference(self, account: str) -> Sums:
        """What would be more of an account, or, below zero, less."""
        return self.supposed.get(account, Sums()) - self.as_is.get(account, Sums())

    @property
    def total_as_is(self) -> Sums:
        """All accounts together, as things are."""
        return sum(self.as_is.values(), Sums())

    @property
    def total_supposed(self) -> Sums:
        """All accounts together, as supposed."""
        return sum(self.supposed.values(), Sums())


def sums_by_account(lines: Iterable[Line]) -> dict[str, Sums]:
    """Return the sums of each account's lines."""
    found: dict[str, Sums] = {}
    for line in lines:
        account = line.charge.account
        found[account] = found.get(account, Sums()) + Sums(line.gross, line.subsidy, line.user)
    return found
