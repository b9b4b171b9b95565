"""What charging needs to know of awards: whose, from when to when, at which share, up to where."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction

Terms = tuple[tuple[str, Fraction], ...]
"""The awards that pay for a slice, in the order in which they serve, each with its share."""


@dataclass(frozen=True, slots=True)
class AwardTerms:
    """An award as charging sees it.

    It runs over [starts, ends) (convention 8). `share` is its own share where it has one,
    otherwise the scheme's holds. `items` limits it to those price items; None means any.
    `cap` is the subsidy it may pay over its life in minor units; None means no limit.
    `planned` says, for an award whose end was varied, from which instant on which end was planned;
    it orders awards that overlap, so that a later change leaves the order of the past as it was.
    """

    code: str
    account: str
    starts: datetime
    ends: datetime
    share: Fraction | None = None
    cap: int | None = None
    items: frozenset[str] | None = None
    planned: tuple[tuple[datetime, datetime], ...] = ()

    def planned_end(self, instant: datetime) -> datetime:
        """Return when the award was to end, as its terms stood at the instant."""
        known = [end for since, end in self.planned if since <= instant]
        return known[-1] if known else self.ends

    def covers(self, item: str | None) -> bool:
        """Tell whether the award pays for the item; an adjustment has none and is covered."""
        return self.items is None or item is None or item in self.items


class ShareSteps:
    """The scheme's share over time: the latest step not after the instant holds."""

    def __init__(self, steps: Iterable[tuple[datetime, Fraction]]) -> None:
        ordered = sorted(steps)
        self.starts: Sequence[datetime] = [start for start, _ in ordered]
        self._shares = [share for _, share in ordered]

    def at(self, instant: datetime) -> Fraction:
        """Return the share at the instant; zero before the first step."""
        index = bisect_right(self.starts, instant)
        return self._shares[index - 1] if index else Fraction(0)


class AwardBook:
    """All awards of a programme together with the scheme's share."""

    def __init__(self, awards: Iterable[AwardTerms], scheme: ShareSteps) -> None:
        self.scheme = scheme
        self.by_code = {award.code: award for award in awards}
        self._by_account: dict[str, list[AwardTerms]] = {}
        for award in sorted(self.by_code.values(), key=lambda award: (award.ends, award.code)):
            self._by_account.setdefault(award.account, []).append(award)

    def candidates(self, account: str, item: str | None, named: str | None) -> list[AwardTerms]:
        """Return the awards that may pay, the one that ends first at the front.

        A record that names an award uses that one alone.
        """
        own = [award for award in self._by_account.get(account, []) if award.covers(item)]
        return own if named is None else [award for award in own if award.code == named]

    def terms_at(self, candidates: Iterable[AwardTerms], instant: datetime) -> Terms:
        """Return who pays at an instant, in order, each with the share in force then."""
        share = self.scheme.at(instant)
        paying = [award for award in candidates if award.starts <= instant < award.ends]
        return tuple(
            (award.code, share if award.share is None else award.share)
            for award in sorted(paying, key=lambda award: (award.planned_end(instant), award.code))
        )

    def accounts(self) -> set[str]:
        """Return the accounts that hold an award."""
        return set(self._by_account)
