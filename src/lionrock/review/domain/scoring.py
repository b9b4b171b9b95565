"""What marks come to: exact shares of 100, how far assessors lie apart, and whether that passes.

Nothing is rounded here; pages round what they show.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from lionrock.kernel.findings import Finding, Outcome
from lionrock.kernel.messages import Message, gettext_noop, message
from lionrock.review.domain.scheme import ASSESSORS, SPREAD, THRESHOLD, Measure, Scheme
from lionrock.rules.parameters import FULL

Marks = Mapping[str, int]
"""Whole marks from 0 to the scale's end, by the key of the point."""


def measured(measure: Measure, marks: Marks, scale_max: int) -> Fraction:
    """Return what a criterion comes to, of 100: the mean of its points on the scale."""
    given = sum(marks[point.key] for point in measure.points)
    return Fraction(given * FULL, len(measure.points) * scale_max)


def by_criterion(scheme: Scheme, marks: Marks) -> dict[str, Fraction]:
    """Return what each criterion comes to, of 100, by its id."""
    return {measure.id: measured(measure, marks, scheme.scale_max) for measure in scheme.measures}


def weighted(scheme: Scheme, criteria: Mapping[str, Fraction]) -> Fraction:
    """Return the total of 100 that the criteria come to by their weights."""
    return sum((criteria[measure.id] * Fraction(measure.weight, FULL) for measure in scheme.measures), Fraction(0))


def total(scheme: Scheme, marks: Marks) -> Fraction:
    """Return the total of 100 of one sheet of marks."""
    return weighted(scheme, by_criterion(scheme, marks))


def so_far(scheme: Scheme, marks: Marks) -> Fraction:
    """Return the total of 100 of a sheet that is not full yet; a point without a mark counts nothing."""
    return total(scheme, {key: marks.get(key, 0) for key in scheme.keys})


def mean(values: Iterable[Fraction]) -> Fraction | None:
    """Return the mean, or None of nothing."""
    known = list(values)
    return sum(known, Fraction(0)) * Fraction(1, len(known)) if known else None


def spread(totals: Sequence[Fraction]) -> Fraction:
    """Return how far the highest and the lowest lie apart, in marks of 100."""
    return max(totals) - min(totals) if totals else Fraction(0)


def lie_apart(scheme: Scheme, totals: Sequence[Fraction]) -> bool:
    """Tell whether somebody has to moderate; where the programme sets no limit, nobody has to."""
    return scheme.spread_max is not None and spread(totals) > scheme.spread_max


@dataclass(frozen=True, slots=True)
class Outturn:
    """What all sheets of one application come to; `score` and the criteria are of 100.

    Where marks were agreed in moderation those count, else the mean of the assessors.
    """

    score: Fraction | None
    criteria: Mapping[str, Fraction]
    totals: tuple[Fraction, ...]
    spread: Fraction
    apart: bool


def outturn(scheme: Scheme, sheets: Sequence[Marks], agreed: Marks | None = None) -> Outturn:
    """Return what the sheets come to; without any, no score."""
    each = [by_criterion(scheme, sheet) for sheet in sheets]
    totals = tuple(weighted(scheme, one) for one in each)
    counted = [by_criterion(scheme, agreed)] if agreed is not None and sheets else each
    means = {measure.id: mean(one[measure.id] for one in counted) for measure in scheme.measures}
    criteria = {key: value for key, value in means.items() if value is not None}
    score = weighted(scheme, criteria) if counted else None
    return Outturn(score, criteria, totals, spread(totals), lie_apart(scheme, totals))


def passing(scheme: Scheme, result: Outturn) -> tuple[Finding, ...]:
    """Return whether the score reaches the pass mark, and each criterion its minimum where it has one."""
    if result.score is None:
        return ()
    floors = [_minimum(scheme, measure, result) for measure in scheme.measures if measure.minimum is not None]
    return (_pass_mark(scheme, result.score), *floors)


def _pass_mark(scheme: Scheme, score: Fraction) -> Finding:
    met = None if scheme.pass_mark is None else score >= scheme.pass_mark
    said = {
        True: gettext_noop("The score of {score} reaches the pass mark of {mark}."),
        False: gettext_noop("The score of {score} does not reach the pass mark of {mark}."),
        None: gettext_noop("The score is {score}; the programme has not set a pass mark."),
    }[met]
    return _finding(scheme, "pass_mark", met, message(said, score=shown(score), mark=scheme.pass_mark), THRESHOLD)


def _minimum(scheme: Scheme, measure: Measure, result: Outturn) -> Finding:
    reached = result.criteria[measure.id]
    met = measure.minimum is not None and reached >= measure.minimum
    said = {
        True: gettext_noop("“{criterion}” has {score} of 100; at least {minimum} are needed."),
        False: gettext_noop("“{criterion}” has only {score} of 100; at least {minimum} are needed."),
    }[met]
    told = message(said, criterion=measure.label, score=shown(reached), minimum=measure.minimum)
    return _finding(scheme, "minimum", met, told, f"criteria.{measure.id}.minimum")


def conclusive(scheme: Scheme, scored: int, still_open: int, *, apart: bool, settled: bool) -> tuple[Finding, ...]:
    """Return what must hold before an application goes to the committee: one finding for each rule.

    `scored` assessors have handed in, `still_open` have not; `apart` tells that they differ by more
    than the programme allows, `settled` that somebody has moderated exactly these scores.
    """
    return (_handed_in(scheme, still_open), _enough(scheme, scored), _moderated(scheme, apart=apart, settled=settled))


def _handed_in(scheme: Scheme, still_open: int) -> Finding:
    said = {
        True: gettext_noop("Every assessor who is assigned has scored."),
        False: gettext_noop("Assessors who have not scored yet: {count}."),
    }[not still_open]
    remedy = message(gettext_noop("Remind them, or take their assignment back."))
    return _finding(scheme, "handed_in", not still_open, message(said, count=still_open), remedy=remedy)


def _enough(scheme: Scheme, scored: int) -> Finding:
    wanted = scheme.assessors
    met = False if scored == 0 else (None if wanted is None else scored >= wanted)
    said = {
        True: gettext_noop("Assessors who have scored: {scored}; the programme wants {wanted}."),
        False: gettext_noop("Assessors who have scored: {scored}; the programme wants {wanted}, and one at the least."),
        None: gettext_noop("Assessors who have scored: {scored}; how many the programme wants is not set."),
    }[met]
    told = message(said, scored=scored, wanted=1 if wanted is None else wanted)
    remedy = message(gettext_noop("Assign more assessors."))
    return _finding(scheme, "assessors", met, told, ASSESSORS, remedy=remedy)


def _moderated(scheme: Scheme, *, apart: bool, settled: bool) -> Finding:
    met = not apart or settled
    limit = scheme.spread_max
    if apart:
        said = {
            True: gettext_noop("The assessors lie more than {limit} marks apart, and somebody has moderated."),
            False: gettext_noop("The assessors lie more than {limit} marks apart, and nobody has moderated yet."),
        }[met]
    elif limit is None:
        said = gettext_noop("From which difference on assessors are moderated is not set; nobody has to.")
    else:
        said = gettext_noop("The assessors lie no more than {limit} marks apart.")
    remedy = message(gettext_noop("Agree on scores, or keep them apart with a reason."))
    known = None if limit is None else met
    return _finding(scheme, "moderated", known, message(said, limit=limit), SPREAD, remedy=remedy)


def shown(value: Fraction) -> str:
    """Return a score with one decimal, half away from zero, for sentences; decisions use the exact one."""
    tenths = (2 * abs(value) * 10 + 1) // 2
    return f"{'-' if value < 0 else ''}{tenths // 10}.{tenths % 10}"


def _finding(
    scheme: Scheme, rule: str, met: bool | None, said: Message, *paths: str, remedy: Message | None = None
) -> Finding:
    outcome = Outcome.UNKNOWN if met is None else (Outcome.MET if met else Outcome.NOT_MET)
    return Finding(f"review.{rule}", outcome, said, {}, scheme.read_of(*paths), remedy if met is False else None)
