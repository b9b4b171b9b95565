"""Who is owned by listed parties, alone or together, directly or through others.

Counted as the US Treasury counts: a holder of whom listed parties own the share that the rule names
counts as listed itself, and then with all that it holds; a stake in a holder that does not reach the
share counts for nothing below. Multiplying shares along a chain is another rule, and not this one.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from fractions import Fraction


class Standing(StrEnum):
    """What ownership makes of a party. `UNKNOWN`: a listed owner's share is not known, and may reach."""

    FREE = "free"
    UNKNOWN = "unknown"
    OWNED = "owned"


@dataclass(frozen=True, slots=True)
class Stake:
    """Who owns how much (0 to 1; None: not known) of whom, from a day on until another (not included)."""

    owner: str
    owned: str
    share: Fraction | None
    since: date | None = None
    until: date | None = None

    def holds_on(self, day: date) -> bool:
        """Tell whether the stake is held on that day."""
        return (self.since is None or self.since <= day) and (self.until is None or day < self.until)


@dataclass(frozen=True, slots=True)
class Answer:
    """What ownership makes of a party, the stakes of listed owners that it rests on, and their sum."""

    standing: Standing
    stakes: tuple[Stake, ...] = ()
    together: Fraction = Fraction(0)


def owned_by_listed(
    party: str, stakes: Sequence[Stake], listed: Collection[str], *, share: Fraction, on: date
) -> Answer:
    """Return what its owners make of a party on a day; `listed` are the parties that stand on a list themselves.

    Chains may be of any length and may run in circles.
    """
    held = [stake for stake in stakes if stake.holds_on(on)]
    counted = _counted(held, set(listed), share)
    certain = tuple(
        stake for stake in held if stake.owned == party and stake.owner in counted and stake.share is not None
    )
    together = _sum(certain)
    if together >= share:
        return Answer(Standing.OWNED, certain, together)
    possible = _possible(held, set(listed), share)
    doubtful = tuple(stake for stake in held if stake.owned == party and stake.owner in possible)
    if _most(doubtful, together) >= share and doubtful:
        return Answer(Standing.UNKNOWN, doubtful, together)
    return Answer(Standing.FREE, certain, together)


def standings(stakes: Sequence[Stake], listed: Collection[str], *, share: Fraction, on: date) -> dict[str, Standing]:
    """Return what their owners make of all parties that own or are owned on a day; the listed ones count as owned."""
    held = [stake for stake in stakes if stake.holds_on(on)]
    counted, possible = _counted(held, set(listed), share), _possible(held, set(listed), share)
    parties = dict.fromkeys(name for stake in held for name in (stake.owned, stake.owner))
    return {
        name: Standing.OWNED if name in counted else Standing.UNKNOWN if name in possible else Standing.FREE
        for name in parties
    }


def chain_of(party: str, stakes: Sequence[Stake]) -> list[Stake]:
    """Return the stakes by which a party is owned, directly or through others, the nearest first."""
    found: list[Stake] = []
    reached, nearest = {party}, [party]
    while nearest:
        step = [stake for stake in stakes if stake.owned in nearest]
        found += step
        nearest = [owner for owner in dict.fromkeys(stake.owner for stake in step) if owner not in reached]
        reached |= set(nearest)
    return found


def _counted(held: Sequence[Stake], listed: set[str], share: Fraction) -> set[str]:
    """Return the listed parties and all that count as listed because of them: until nothing is added."""
    return _closure(held, listed, lambda stakes: _sum(stakes) >= share)


def _possible(held: Sequence[Stake], listed: set[str], share: Fraction) -> set[str]:
    """Return those that would count as listed if every share that is not known reached as far as it can."""
    return _closure(held, listed, lambda stakes: _most(stakes, _sum(stakes)) >= share)


def _closure(held: Sequence[Stake], listed: set[str], reaches: Callable[[Sequence[Stake]], bool]) -> set[str]:
    counted = set(listed)
    below: dict[str, list[Stake]] = defaultdict(list)
    for stake in held:
        below[stake.owned].append(stake)
    changed = True
    while changed:
        new = {
            owned
            for owned, stakes in below.items()
            if owned not in counted and reaches([stake for stake in stakes if stake.owner in counted])
        }
        changed = bool(new)
        counted |= new
    return counted


def _sum(stakes: Sequence[Stake]) -> Fraction:
    return sum((stake.share for stake in stakes if stake.share is not None), Fraction(0))


def _most(stakes: Sequence[Stake], known: Fraction) -> Fraction:
    """Return how much the stakes may come to: all that is left, where one of them is not known."""
    if any(stake.share is None for stake in stakes):
        return Fraction(1)
    return max(known, _sum(stakes))
