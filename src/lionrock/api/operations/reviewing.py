"""Assessing: who assesses what, declared interests, scores, moderation, results."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any

from django.db.models import QuerySet

from lionrock.api.declared.answers import facts, printed, shape
from lionrock.api.declared.things import Thing, figures, listed, make
from lionrock.api.domain.tokens import Scope
from lionrock.applications import actions as applying
from lionrock.applications.models import Application
from lionrock.applications.queries import application_by_code
from lionrock.people.domain import Actor
from lionrock.people.models import Person
from lionrock.people.policies import require
from lionrock.review import actions
from lionrock.review.commands import result_data
from lionrock.review.models import AssessorProfile, Assignment
from lionrock.review.queries import (
    READ_SCORES,
    assessment_by_id,
    assessments,
    assignment_by_id,
    assignments,
    results,
    roster,
)

_ASSIGNMENT = shape(
    "AssessmentShown",
    Assignment,
    "number=pk application=application.code state state_since assigned_at due round reopened_because",
)


def _assessment_by_id(viewer: Actor, number: int, **lock: bool) -> Assignment:
    return assessment_by_id(viewer, number, **lock)


def _assignment_by_id(viewer: Actor, number: int, **lock: bool) -> Assignment:
    return assignment_by_id(viewer, number, **lock)


_OWN = Thing(
    path="assessments/{number}",
    scope=Scope.REVIEW,
    shape=_ASSIGNMENT,
    find=_assessment_by_id,
    names={"number": "assignment"},
    reader="read_assessment",
)
"""An assessment of one's own."""
_OWN.listed(
    "list_assessments",
    "List one's own assessments.",
    assessments,
    pages=("review:list",),
    commands=("assessment list",),
)
_OWN.read("read_assessment", "Show one of one's own assessments.", pages=("review:show",))
_OWN.do(actions.declare_interests, "declare", pages=("review:declare",), commands=("assessment declare",))
_OWN.do(
    actions.save_scores,
    "scores",
    answers=facts("ScoresSaved", written=list[str], stale=dict[str, str]),
    pages=("review:autosave", "review:show"),
    commands=("assessment score",),
)
_OWN.do(actions.submit_scores, "submit", pages=("review:show",), commands=("assessment score",))

_RUN = Thing(
    path="assignments/{number}",
    scope=Scope.REVIEW,
    shape=_ASSIGNMENT,
    find=_assignment_by_id,
    names={"number": "assignment"},
)
"""An assessment of a programme that one runs."""
_RUN.listed(
    "list_assignments",
    "List the assessments of the programmes that one runs or decides for; assessors are not named.",
    assignments,
    by={"application": "application__code", "state": "state"},
    pages=("review:assessors",),
    commands=("assessment list",),
)
_RUN.do(actions.reopen_scores, "reopen", pages=("review:reopen",), commands=("assessment reopen",))
make(
    actions.unassign_assessor,
    "assignments/{number}/unassign",
    Scope.REVIEW,
    _ASSIGNMENT,
    given={"number": "assignment"},
    status=HTTPStatus.OK,
    pages=("review:unassign",),
    commands=("assessment unassign",),
)
make(
    actions.assign_assessor,
    "applications/{code}/assessors",
    Scope.REVIEW,
    _ASSIGNMENT,
    given={"code": "application"},
    pages=("review:assessors",),
    commands=("assessment assign",),
)
make(
    actions.describe_assessor,
    "assessors",
    Scope.REVIEW,
    shape(
        "AssessorShown",
        AssessorProfile,
        "assessor=person.email expertise organisation=organisation.code most away_until",
    ),
    status=HTTPStatus.OK,
    pages=("review:profile",),
    commands=("assessment describe",),
)

_CASE = Thing(
    path="applications/{code}",
    scope=Scope.REVIEW,
    shape=shape("ApplicationAssessed", Application, "code state organisation=organisation.code call=call.code"),
    find=application_by_code,
    names={"code": "application"},
)
_CASE.do(actions.moderate_scores, "moderate", pages=("review:moderation",), commands=("assessment moderate",))
_CASE.do(actions.conclude_assessment, "conclude", pages=("review:conclude",), commands=("assessment conclude",))
_CASE.do(applying.reopen_assessment, "reopen-assessment", pages=("review:take_back",))


def _given(viewer: Actor, code: str) -> dict[str, Any]:
    found = application_by_code(viewer, code)
    require(viewer, *READ_SCORES, programme=found.call.programme)
    result = results(viewer, [found]).get(found.pk)
    return {"application": code, "result": result_data(result) if result else None}


figures(
    _given,
    "applications/{code}/assessment",
    name="read_assessment_of",
    said="Show what the assessors of an application gave; who they are only to those who may know.",
    tell=printed,
    pages=("review:moderation", "review:file"),
    commands=("assessment show",),
)


def _roster(viewer: Actor, programme: str) -> QuerySet[Person]:
    return roster(viewer, programme)


listed(
    "programmes/{programme}/assessors",
    "list_assessors",
    "List the assessors of a programme.",
    _roster,
    shape("AssessorOnRoster", Person, "email name most=assessor_profile.most away_until=assessor_profile.away_until"),
    pages=("review:roster",),
)
