"""What the assessors gave, put together for the committee and the office, and what the applicant is told."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from lionrock.applications.domain import ApplicationState
from lionrock.applications.models import Application
from lionrock.applications.queries import may_write
from lionrock.kernel.findings import Finding
from lionrock.people.domain import Actor
from lionrock.review.domain import (
    OPEN,
    AssignmentState,
    Marks,
    Outturn,
    Scheme,
    by_criterion,
    conclusive,
    outturn,
    passing,
    total,
)
from lionrock.review.models import Assignment, Comment, Moderation, Score
from lionrock.review.queries.assessments import READ_NAMES, assignments, scheme_for
from lionrock.rules.parameters import Anonymity

TOLD = (ApplicationState.APPROVED, ApplicationState.DECLINED)
"""States in which applicants read what was said to them."""


@dataclass(frozen=True, slots=True)
class Said:
    """What one assessor said about one criterion."""

    criterion: str
    for_applicant: str
    for_committee: str


@dataclass(frozen=True, slots=True)
class Given:
    """One assessor's sheet: marks by point, each criterion and the total of 100, and what was said.

    `assessor` is the address where the viewer may know it, else None; `number` counts those who have
    scored from 1, in the order in which they were asked, the same for every viewer.
    """

    assignment: int
    number: int
    assessor: str | None
    name: str | None
    marks: Marks
    criteria: Mapping[str, Fraction]
    total: Fraction
    said: tuple[Said, ...]


@dataclass(frozen=True, slots=True)
class Settled:
    """How somebody settled a difference between assessors; `marks` None: kept apart."""

    reason: str
    by: str
    marks: Marks | None


@dataclass(frozen=True, slots=True)
class Result:
    """What the assessors of one application came to.

    `score`, `criteria` and `spread` are exact and of 100; `score` None: nobody has scored. `assessors`
    have scored, `still_open` have not. `findings` say whether it passes, `checks` whether it can go
    to the committee.
    """

    scheme: Scheme
    score: Fraction | None
    criteria: Mapping[str, Fraction]
    spread: Fraction
    needs_moderation: bool
    assessors: int
    still_open: int
    given: tuple[Given, ...]
    settled: Settled | None
    findings: tuple[Finding, ...]
    checks: tuple[Finding, ...]

    @property
    def comments(self) -> tuple[Said, ...]:
        """All that was said, assessor by assessor."""
        return tuple(said for given in self.given for said in given.said)


def results(viewer: Actor, applications: Iterable[Application]) -> dict[int, Result]:
    """Return what the assessors gave, by the key of the application; a constant number of queries.

    Those who may read scores get them: office, committee, chair and auditor of the programme, except
    where they are shut out. Others get nothing. Raises `Refused` while the owner has not set what
    scoring needs.
    """
    asked = {application.pk: application for application in applications}
    found: defaultdict[int, list[Assignment]] = defaultdict(list)
    for each in assignments(viewer).filter(application__in=asked):
        found[each.application_id].append(each)
    kept = _Kept.read([each for several in found.values() for each in several if each.state == AssignmentState.SCORED])
    return {application: _result(viewer, asked[application], several, kept) for application, several in found.items()}


@dataclass(frozen=True, slots=True)
class _Kept:
    """What is on file for some assignments, of the round that counts."""

    marks: Mapping[int, Marks]
    said: Mapping[int, tuple[Said, ...]]
    moderations: Mapping[int, Moderation]

    @classmethod
    def read(cls, scored: Sequence[Assignment]) -> _Kept:
        rounds = {each.pk: each.round for each in scored}
        marks: defaultdict[int, dict[str, int]] = defaultdict(dict)
        said: defaultdict[int, tuple[Said, ...]] = defaultdict(tuple)
        for score in Score.objects.filter(assignment__in=rounds):
            if score.round == rounds[score.assignment_id]:
                marks[score.assignment_id][score.point] = score.mark
        for one in Comment.objects.filter(assignment__in=rounds):
            if one.round == rounds[one.assignment_id]:
                said[one.assignment_id] += (Said(one.criterion, one.for_applicant, one.for_committee),)
        settled = Moderation.objects.filter(application__in={each.application_id for each in scored})
        return cls(marks, said, {each.application_id: each for each in settled.prefetch_related("marks")})


def _result(viewer: Actor, application: Application, found: Sequence[Assignment], kept: _Kept) -> Result:
    scheme = scheme_for(application)
    names = scheme.anonymity is Anonymity.NONE or viewer.holds(*READ_NAMES, programme=application.call.programme)
    scored = [each for each in found if each.state == AssignmentState.SCORED]
    given = tuple(_given(scheme, number, each, kept, names=names) for number, each in enumerate(scored, start=1))
    settled = _settled(kept.moderations.get(application.pk), scored)
    came = outturn(scheme, [each.marks for each in given], settled.marks if settled else None)
    still_open = sum(each.state in OPEN for each in found)
    checks = conclusive(scheme, len(given), still_open, apart=came.apart, settled=settled is not None)
    return _put_together(scheme, came, given, settled, still_open, checks)


def _put_together(
    scheme: Scheme,
    came: Outturn,
    given: tuple[Given, ...],
    settled: Settled | None,
    still_open: int,
    checks: tuple[Finding, ...],
) -> Result:
    return Result(
        scheme=scheme,
        score=came.score,
        criteria=came.criteria,
        spread=came.spread,
        needs_moderation=came.apart and settled is None,
        assessors=len(given),
        still_open=still_open,
        given=given,
        settled=settled,
        findings=passing(scheme, came),
        checks=checks,
    )


def _given(scheme: Scheme, number: int, each: Assignment, kept: _Kept, *, names: bool) -> Given:
    marks = kept.marks[each.pk]
    address, name = (each.assessor.email, each.assessor.name) if names else (None, None)
    criteria = by_criterion(scheme, marks)
    return Given(each.pk, number, address, name, marks, criteria, total(scheme, marks), kept.said[each.pk])


def covers(scored: Iterable[Assignment]) -> list[str]:
    """Return the sheets as a moderation names them: "assignment:round", in order."""
    return [f"{each.pk}:{each.round}" for each in sorted(scored, key=lambda each: each.pk)]


def _settled(latest: Moderation | None, scored: Sequence[Assignment]) -> Settled | None:
    """Return the latest moderation when it settles exactly these sheets."""
    if latest is None or latest.covers != covers(scored):
        return None
    marks = {each.point: each.mark for each in latest.marks.all()} if latest.agreed else None
    return Settled(latest.reason, latest.moderated_by, marks)


@dataclass(frozen=True, slots=True)
class Feedback:
    """What an applicant is told about one criterion: its mark of 100, and the assessors' words."""

    measure: str
    mark: Fraction
    said: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Told:
    """What applicants read after the decision; nothing in it was meant for the committee alone."""

    scheme: Scheme
    score: Fraction
    criteria: tuple[Feedback, ...]


def feedback(viewer: Actor, application: Application) -> Told | None:
    """Return what the applicants are told, once it is decided; None before, for others, or without scores."""
    if application.state not in TOLD or not may_write(viewer, application):
        return None
    found = list(Assignment.objects.filter(application=application).select_related("assessor"))
    kept = _Kept.read([each for each in found if each.state == AssignmentState.SCORED])
    result = _result(viewer, application, found, kept)
    if result.score is None:
        return None
    told = tuple(_told(result, measure.id) for measure in result.scheme.measures)
    return Told(result.scheme, result.score, told)


def _told(result: Result, criterion: str) -> Feedback:
    said = tuple(each.for_applicant for each in result.comments if each.criterion == criterion)
    return Feedback(criterion, result.criteria[criterion], said)
