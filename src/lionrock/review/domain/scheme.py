"""How a programme has its applications assessed, as its terms say on one day."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from lionrock.kernel.errors import Refused
from lionrock.kernel.findings import Finding, Outcome, ParameterRead
from lionrock.kernel.messages import Message, gettext_noop, message
from lionrock.rules.parameters import FULL, Anonymity
from lionrock.rules.terms import Criterion, Label, Terms


@dataclass(frozen=True, slots=True)
class Point:
    """One thing that an assessor gives a mark for; `key` as in "alignment.2"."""

    key: str
    label: Label


@dataclass(frozen=True, slots=True)
class Measure:
    """A criterion with its weight of 100 and its points; `minimum` is of 100 too (None: there is none)."""

    id: str
    label: Label
    weight: int
    points: tuple[Point, ...]
    minimum: Decimal | None


@dataclass(frozen=True, slots=True)
class Scheme:
    """All that scoring needs to know. None: the owner has not set it.

    Each point is marked from 0 to `scale_max`. `spread_max` is how far, in marks of 100, assessors
    may lie apart before somebody has to moderate; `assessors` how many of them the programme wants.
    Where the owner has not said who is named to whom, assessors are not named: that can still be
    changed, and a name that was shown cannot be taken back.
    """

    measures: tuple[Measure, ...]
    scale_max: int
    pass_mark: Decimal | None
    spread_max: Decimal | None
    assessors: int | None
    anonymity: Anonymity
    reads: Mapping[str, ParameterRead]

    @property
    def points(self) -> Iterator[Point]:
        """All points of all criteria, in the order of the programme's files."""
        return (point for measure in self.measures for point in measure.points)

    @property
    def keys(self) -> tuple[str, ...]:
        """The keys of all points."""
        return tuple(point.key for point in self.points)

    def read_of(self, *paths: str) -> tuple[ParameterRead, ...]:
        """Return the rulebook values of these paths, for a finding."""
        return tuple(self.reads[path] for path in paths if path in self.reads)


THRESHOLD: Final = "assessment.pass_mark"
ASSESSORS: Final = "assessment.assessors"
SCALE_MAX: Final = "assessment.scale_max"
SPREAD: Final = "assessment.moderation_spread"
ANONYMITY: Final = "assessment.anonymity"


def scheme_of(terms: Terms) -> Scheme:
    """Return how the programme assesses on the day of the terms.

    Raises `Refused` with a finding for each value without which nothing can be scored: the scale,
    and the weight of every criterion, which total 100.
    """
    criteria = terms.criteria()
    scale_max = terms.scale_max()
    missing = [f"criteria.{each.id}.weight" for each in criteria if each.weight is None]
    missing += [SCALE_MAX] if scale_max is None else []
    if missing or scale_max is None:
        raise _not_set(terms, missing)
    scheme = Scheme(
        tuple(_measure(each) for each in criteria),
        scale_max,
        _decimal(terms.value(THRESHOLD)),
        terms.moderation_spread(),
        terms.assessors(),
        terms.anonymity() or Anonymity.ASSESSORS_UNNAMED,
        {read.path: read for read in terms.reads},
    )
    _check_weights(scheme, terms)
    return scheme


def _decimal(value: object) -> Decimal | None:
    return value if isinstance(value, Decimal) else None


def _measure(criterion: Criterion) -> Measure:
    """Return the criterion; one for which the programme names no points is marked as a whole."""
    labels: tuple[Label, ...] = criterion.points or (criterion.label,)
    points = tuple(Point(f"{criterion.id}.{number}", label) for number, label in enumerate(labels, start=1))
    return Measure(criterion.id, criterion.label, criterion.weight or 0, points, criterion.minimum)


def _not_set(terms: Terms, missing: list[str]) -> Refused:
    said = message(
        gettext_noop("{programme} has not set {count} values that scoring needs. Its owner must set them first."),
        programme=terms.programme.id,
        count=len(missing),
    )
    findings = [finding for path in missing for finding in terms.not_set(path).findings]
    return Refused("review.scheme.not_set", said, findings=findings)


def _check_weights(scheme: Scheme, terms: Terms) -> None:
    weight = sum(measure.weight for measure in scheme.measures)
    if weight == FULL:
        return
    said = message(
        gettext_noop("The criteria of {programme} weigh {weight} together on {on}, and not 100. Ask its owner."),
        programme=terms.programme.id,
        weight=weight,
        on=terms.on,
    )
    reads = scheme.read_of(*(f"criteria.{measure.id}.weight" for measure in scheme.measures))
    finding = Finding("review.scheme.weights", Outcome.NOT_MET, said, {"weight": str(weight)}, reads)
    raise Refused("review.scheme.weights", said, findings=[finding])


_ANCHORS: Final = (
    gettext_noop("nothing shown"),
    gettext_noop("weak"),
    gettext_noop("fair"),
    gettext_noop("good"),
    gettext_noop("very good"),
    gettext_noop("excellent"),
)


def word_of(value: int, scale_max: int) -> Message | None:
    """Return the word beside a mark where one of six evenly spread words falls on it, else None."""
    place, between = divmod(value * (len(_ANCHORS) - 1), scale_max)
    return None if between else message(_ANCHORS[place])
