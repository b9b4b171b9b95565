"""How well jobs used the processors and the memory that they held."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from lionrock.people.domain import Actor
from lionrock.usage.domain.capacity import share_of
from lionrock.usage.domain.periods import Period
from lionrock.usage.queries.scope import scope_of
from lionrock.usage.reading import Efficient, efficiencies


@dataclass(frozen=True, slots=True)
class Held:
    """An award's jobs at a site, and which share of what they held they used; None: not known."""

    of: Efficient

    @property
    def processors(self) -> Fraction | None:
        """Processor time used ÷ held, of the jobs of which it is known."""
        return share_of(self.of.cpu_used, self.of.cpu_held)

    @property
    def memory(self) -> Fraction | None:
        """Peak memory ÷ memory asked for, each job weighted by its time, of the jobs of which it is known."""
        return share_of(self.of.memory_used, self.of.memory_held)


def efficiency(viewer: Actor, period: Period) -> list[Held]:
    """Return how well what ended in a period used what it held, by site and award; no site says it of GPUs."""
    return [Held(row) for row in efficiencies(period.span, scope_of(viewer))]
