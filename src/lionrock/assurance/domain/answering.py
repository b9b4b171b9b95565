"""What follows from answers: which questions are asked, which tests hold, which tier. Unknown never turns into no."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final

from lionrock.assurance.domain.rules import TIER, Edition, Question, Test, Tier, Trigger, When
from lionrock.kernel.findings import Outcome

Answers = Mapping[str, tuple[str, ...]]
"""Options chosen, by question; an empty tuple is the answer "none of these"."""
_OPPOSITE: Final = {Outcome.MET: Outcome.NOT_MET, Outcome.NOT_MET: Outcome.MET, Outcome.UNKNOWN: Outcome.UNKNOWN}


@dataclass(frozen=True, slots=True)
class Ruled:
    """A tier that the review set: the least, or, where two persons lowered it, the one that counts."""

    tier: str
    lowers: bool


@dataclass(frozen=True)
class Sheet:
    """An edition and the answers given so far, with what the review ruled.

    An answer to a question that is not asked is kept and does not count.
    """

    edition: Edition
    answers: Answers
    ruled: Ruled | None = None
    _asked: dict[str, Outcome] = field(default_factory=dict, repr=False, compare=False)

    def asked(self, question: Question) -> Outcome:
        """Tell whether a question is asked; unknown while it depends on others that are open."""
        if question.id not in self._asked:
            self._asked[question.id] = self.holds(question.when)
        return self._asked[question.id]

    def open_questions(self) -> tuple[Question, ...]:
        """Return the questions that are asked and not answered yet."""
        return tuple(
            each for each in self.edition.questions if each.id not in self.answers and self.asked(each) is Outcome.MET
        )

    def later_questions(self) -> tuple[Question, ...]:
        """Return the questions of which it is not known yet whether they are asked."""
        return tuple(each for each in self.edition.questions if self.asked(each) is Outcome.UNKNOWN)

    def counted(self) -> Iterator[tuple[Question, tuple[str, ...]]]:
        """Yield the questions that are asked and answered, with what was chosen."""
        for each in self.edition.questions:
            if each.id in self.answers and self.asked(each) is Outcome.MET:
                yield each, self.answers[each.id]

    def holds(self, when: When) -> Outcome:
        """Tell whether one of the groups holds."""
        return _any(_all(self.test(test) for test in group) for group in when)

    def test(self, test: Test) -> Outcome:
        """Tell whether a test holds."""
        found = self._tiered(test.options) if test.question == TIER else self._chosen(test)
        return _OPPOSITE[found] if test.lacks else found

    def _chosen(self, test: Test) -> Outcome:
        question = next((each for each in self.edition.questions if each.id == test.question), None)
        asked = Outcome.NOT_MET if question is None else self.asked(question)
        if asked is not Outcome.MET:
            return asked
        if test.question not in self.answers:
            return Outcome.UNKNOWN
        return Outcome.MET if test.options & set(self.answers[test.question]) else Outcome.NOT_MET

    def _tiered(self, options: frozenset[str]) -> Outcome:
        low, high = self.tier().rank, self.at_most().rank
        within = {each.id in options for each in self.edition.tiers if low <= each.rank <= high}
        if len(within) > 1:
            return Outcome.UNKNOWN
        return Outcome.MET if within == {True} else Outcome.NOT_MET

    def triggers(self, *outcomes: Outcome) -> tuple[Trigger, ...]:
        """Return the triggers with one of these outcomes."""
        return tuple(each for each in self.edition.triggers if self.holds(each.when) in outcomes)

    def tier(self) -> Tier:
        """Return the tier by the answers given so far: the highest that any triggers, unless ruled otherwise."""
        return self._highest(self.triggers(Outcome.MET))

    def at_most(self) -> Tier:
        """Return the highest tier that answers still open can lead to."""
        return self._highest(self.triggers(Outcome.MET, Outcome.UNKNOWN))

    def _highest(self, triggers: Iterable[Trigger]) -> Tier:
        named = {each.tier for each in triggers}
        first = min(self.edition.tiers, key=lambda tier: tier.rank)
        by_answers = max(
            (each for each in self.edition.tiers if each.id in named), key=lambda each: each.rank, default=first
        )
        ruled = next((each for each in self.edition.tiers if self.ruled and each.id == self.ruled.tier), None)
        if self.ruled is None or ruled is None:
            return by_answers
        return ruled if self.ruled.lowers else max(ruled, by_answers, key=lambda each: each.rank)


def _all(outcomes: Iterable[Outcome]) -> Outcome:
    found = set(outcomes)
    if Outcome.NOT_MET in found:
        return Outcome.NOT_MET
    return Outcome.UNKNOWN if Outcome.UNKNOWN in found else Outcome.MET


def _any(outcomes: Iterable[Outcome]) -> Outcome:
    found = set(outcomes)
    if Outcome.MET in found:
        return Outcome.MET
    return Outcome.UNKNOWN if Outcome.UNKNOWN in found else Outcome.NOT_MET
