"""The rules of screening as dated values: thresholds, and the rule of ownership."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from fractions import Fraction
from typing import Protocol, TypeVar

from lionrock.kernel.errors import Fault, Invalid
from lionrock.kernel.findings import Citation, ParameterRead
from lionrock.kernel.messages import gettext_noop, message
from lionrock.rules.shape import Names
from lionrock.screening.domain.chinese import Spelling


class Strength(StrEnum):
    """How much a match says. `REVIEW` holds what is new until somebody has looked; `BLOCK` what runs already, too."""

    NONE = "none"
    REVIEW = "review"
    BLOCK = "block"


@dataclass(frozen=True, slots=True)
class Thresholds:
    """From which scores (of 100) on a match is reviewed, and blocks, from a day on."""

    since: date
    review: int
    block: int
    citation: Citation

    def strength(self, score: int) -> Strength:
        """Return how much a match of that score says."""
        if score >= self.block:
            return Strength.BLOCK
        return Strength.REVIEW if score >= self.review else Strength.NONE

    def reads(self) -> tuple[ParameterRead, ...]:
        """Return what was read, for the explanation of a match."""
        return tuple(
            ParameterRead(f"screening.thresholds.{name}", str(value), self.since, self.citation)
            for name, value in (("review", self.review), ("block", self.block))
        )


@dataclass(frozen=True, slots=True)
class OwnershipRule:
    """From a day on: a party of which listed ones own at least `share` (0 to 1) together counts as listed.

    `lists` are the short names of the lists whose parties count. Not `in_force` is on file and decides nothing.
    """

    since: date
    in_force: bool
    share: Fraction
    lists: frozenset[str]
    citation: Citation

    def read(self) -> ParameterRead:
        """Return what was read, for the explanation of an answer."""
        said = f"{self.share * 100}% · {', '.join(sorted(self.lists))}" if self.in_force else "false"
        return ParameterRead("screening.ownership", said, self.since, self.citation)


class _Dated(Protocol):
    @property
    def since(self) -> date: ...


Version = TypeVar("Version", bound=_Dated)


@dataclass(frozen=True, slots=True)
class ScreeningRules:
    """All that the rulebook says of screening."""

    thresholds: tuple[Thresholds, ...]
    ownership: tuple[OwnershipRule, ...]
    lists: Mapping[str, Names]
    spelling: Spelling

    def thresholds_on(self, day: date) -> Thresholds:
        """Return the thresholds of a day; raises `Invalid` before the first."""
        return _on(self.thresholds, day)

    def ownership_on(self, day: date) -> OwnershipRule | None:
        """Return the rule of ownership of a day; None before the first."""
        return next((rule for rule in reversed(self.ownership) if rule.since <= day), None)


def _on(versions: Sequence[Version], day: date) -> Version:
    found = [version for version in versions if version.since <= day]
    if found:
        return found[-1]
    said = message(
        gettext_noop(
            "The rulebook has no thresholds of screening for {value}. Add a version to {field} that begins before."
        ),
        field="screening/rules.yaml",
        value=day,
    )
    fault = Fault("screening.rules.too_early", said, field="thresholds", value=str(day))
    raise Invalid("screening.rules.too_early", said, faults=[fault])
