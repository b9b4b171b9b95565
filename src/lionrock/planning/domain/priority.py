"""Who is first in the queue: the multifactor priority of Slurm, in whole numbers.

Slurm's documentation: https://slurm.schedmd.com/priority_multifactor.html for the sum of weighted factors, and
https://slurm.schedmd.com/fair_tree.html for the factor of fair share, with accounts as the leaves of the tree.
Slurm counts in floating point; here a factor is a whole number of 2^-20, so that two engines cannot differ.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal, localcontext
from functools import cmp_to_key

ONE = 1 << 20
"""A factor of 1."""
DECAY_ONE = 1 << 32
"""A decay that leaves all."""
QUALITY_ONE = 1000
DAY = 86_400
MOST = (1 << 32) - 1
"""The largest weight, time or share: as in Slurm, and the kernel counts in 64 bits."""


@dataclass(frozen=True)
class Priority:
    """Weights of the factors, as `PriorityWeight…` in slurm.conf, and what the factors are made of.

    Seconds: `max_age` is the wait from which the age counts in full, `half_life` that of past use, and all is
    reckoned anew every `period`. `shares` are those of the accounts, each above zero.
    """

    age: int = 0
    fair_share: int = 0
    size: int = 0
    quality: int = 0
    shares: Sequence[int] = (1,)
    max_age: int = 7 * DAY
    half_life: int = 7 * DAY
    period: int = 300
    favour_small: bool = False

    def __post_init__(self) -> None:
        if self.max_age < 1 or self.period < 1 or min(self.shares, default=0) < 1:
            raise ValueError("the longest age, the period and all shares are above zero")
        told = (self.age, self.fair_share, self.size, self.quality, self.max_age, self.half_life, self.period)
        if min(told) < 0 or max(*told, *self.shares) > MOST:
            raise ValueError(f"weights, seconds and shares are from 0 to {MOST}")

    def decay(self) -> int:
        """Return what is left of past use after a period, of `DECAY_ONE`; a half-life of 0 forgets nothing."""
        if not self.half_life:
            return DECAY_ONE
        with localcontext() as context:
            context.prec = 40
            halvings = context.divide(Decimal(self.period), Decimal(self.half_life))
            return int(DECAY_ONE * Decimal(2) ** -halvings)


class Standing:
    """The use that each account has had, with older use counting less, and its place in the fair tree.

    At each multiple of the period past use is multiplied by the decay (whole unit-seconds, rounded down), the
    unit-seconds held since the last one are added, and the accounts are ranked.
    """

    def __init__(self, priority: Priority, first: int) -> None:
        self.priority = priority
        self.decay = priority.decay()
        count = len(priority.shares)
        self.use, self.held, self.recent = [0] * count, [0] * count, [0] * count
        self.since = [first] * count
        self.tick = first // priority.period * priority.period
        """The last second at which all was reckoned."""
        self.factors = fair_tree(priority.shares, self.use)

    def change(self, account: int, units: int, now: int) -> None:
        """Let an account hold more units from now on, or fewer."""
        self.recent[account] += self.held[account] * (now - self.since[account])
        self.since[account] = now
        self.held[account] += units

    def catch_up(self, now: int) -> bool:
        """Reckon all that was due up to now; tell whether anything was."""
        before = self.tick
        while self.tick + self.priority.period <= now:
            self.tick += self.priority.period
            for account in range(len(self.use)):
                self.change(account, 0, self.tick)
                self.use[account] = self.use[account] * self.decay // DECAY_ONE + self.recent[account]
                self.recent[account] = 0
        if self.tick == before:
            return False
        self.factors = fair_tree(self.priority.shares, self.use)
        return True

    def of(self, account: int, submit: int, demand: int, quality: int, capacity: int) -> int:
        """Return the priority of a job that waits, as Slurm had it at the last reckoning.

        Who was submitted since has no age yet.
        """
        weights = self.priority
        waited = min(max(self.tick - submit, 0), weights.max_age)
        small = capacity - demand if weights.favour_small else demand
        total = weights.age * (waited * ONE // weights.max_age)
        total += weights.fair_share * self.factors[account]
        total += weights.size * (small * ONE // capacity)
        total += weights.quality * (quality * ONE // QUALITY_ONE)
        return total // ONE


def fair_tree(shares: Sequence[int], use: Sequence[int]) -> list[int]:
    """Return the factor of each account: its rank by shares ÷ use, of all, in units of `ONE`.

    The first of n has n/n; who ties with the one before has the same; no use at all is the best.
    """

    def compare(one: int, other: int) -> int:
        return shares[other] * use[one] - shares[one] * use[other]

    count = len(shares)
    factors = [0] * count
    before = None
    for passed, account in enumerate(sorted(range(count), key=cmp_to_key(compare))):
        tied = before is not None and compare(before, account) == 0
        factors[account] = factors[before] if tied and before is not None else (count - passed) * ONE // count
        before = account
    return factors
