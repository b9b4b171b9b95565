"""Options side by side: each with its means, and by how much it differs from the first, seed by seed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction

from lionrock.kernel.errors import Fault, Invalid
from lionrock.kernel.messages import gettext_noop, message
from lionrock.planning.scenarios.measures import Better, Outcome, measure_kind
from lionrock.planning.scenarios.statistics import Interval, difference, interval
from lionrock.planning.scenarios.values import Scenario


class Verdict(StrEnum):
    """What a difference says of the option, beside the first."""

    BETTER = "better"
    WORSE = "worse"
    MORE = "more"
    LESS = "less"
    NOT_SHOWN = "not_shown"
    UNKNOWN = "unknown"


@dataclass(frozen=True)
class Option:
    """A scenario with what all its seeds came to."""

    scenario: Scenario
    outcomes: tuple[Outcome, ...]
    """By seed, from 1."""

    def values(self, measure: str) -> list[Fraction] | None:
        """Return a measure by seed; None if it is not known of every one."""
        found = [each.measures.get(measure) for each in self.outcomes]
        known = [value for value in found if value is not None]
        return known if known and len(known) == len(found) else None

    def mean(self, measure: str) -> Interval | None:
        """Return a measure over all seeds."""
        values = self.values(measure)
        return None if values is None else interval(values)

    @property
    def keeps_up(self) -> bool:
        """Tell whether the queue stays within what a week brings, so that waits are not those of a growing queue."""
        waiting = self.mean("waiting_at_end")
        jobs = sum(each.jobs for each in self.outcomes)
        weeks = self.scenario.weeks * len(self.outcomes)
        return waiting is None or waiting.mean * weeks < jobs


@dataclass(frozen=True)
class Comparison:
    """Options, the first of which the others are held against, and the measure that says which is better."""

    options: tuple[Option, ...]
    judged_by: str

    @property
    def first(self) -> Option:
        """The option that others are held against."""
        return self.options[0]

    @property
    def measures(self) -> list[str]:
        """The measures that any option has, in the order in which the first reckons them."""
        names = [name for option in self.options for name in option.outcomes[0].measures]
        return [name for name in dict.fromkeys(names) if any(option.values(name) for option in self.options)]

    def difference(self, option: Option, measure: str) -> Interval | None:
        """Return by how much an option is more than the first; None where it is not known."""
        here, there = self.first.values(measure), option.values(measure)
        return None if here is None or there is None else difference(here, there)

    def verdict(self, option: Option, measure: str) -> Verdict:
        """Return what the difference says."""
        found = self.difference(option, measure)
        if found is None:
            return Verdict.UNKNOWN
        if not found.is_sure:
            return Verdict.NOT_SHOWN
        _, better = measure_kind(measure)
        more = found.mean > 0
        if better is Better.NEITHER:
            return Verdict.MORE if more else Verdict.LESS
        return Verdict.BETTER if more == (better is Better.MORE) else Verdict.WORSE


def compare(options: Sequence[Option], judged_by: str) -> Comparison:
    """Put options side by side; raises `Invalid` where seeds or periods differ, for then nothing is paired."""
    first = options[0]
    faults = [
        _fault(gettext_noop("{option} and {first} do not have the same weeks, or the same seeds."), option, first)
        for option in options[1:]
        if option.scenario.weeks != first.scenario.weeks or len(option.outcomes) != len(first.outcomes)
    ]
    if judged_by not in first.outcomes[0].measures:
        said = gettext_noop("“{judged_by}” is no measure of {first}. Take one of: {known}.")
        faults.append(_fault(said, first, first, judged_by=judged_by, known=", ".join(first.outcomes[0].measures)))
    if faults:
        raise Invalid("planning.comparison.unlike", faults[0].message, faults=faults)
    return Comparison(tuple(options), judged_by)


def _fault(template: str, option: Option, first: Option, **more: object) -> Fault:
    said = message(template, option=option.scenario.id, first=first.scenario.id, **more)
    return Fault("planning.comparison.unlike", said, field="judged_by" if more else "weeks")
