"""Every read of the room; each takes the viewer, and lists use the same rule as single objects."""

from lionrock.review.queries.assessments import (
    READ_NAMES,
    READ_SCORES,
    assessment_by_id,
    assessments,
    assignment_by_id,
    assignments,
    scheme_for,
    typed_in,
)
from lionrock.review.queries.candidates import case_of, suggested, ties_of
from lionrock.review.queries.results import Feedback, Given, Result, Said, Settled, Told, covers, feedback, results
from lionrock.review.queries.roster import assessor_of, expertise_in, roster
from lionrock.review.queries.waiting import waiting

__all__ = [
    "READ_NAMES",
    "READ_SCORES",
    "Feedback",
    "Given",
    "Result",
    "Said",
    "Settled",
    "Told",
    "assessment_by_id",
    "assessments",
    "assessor_of",
    "assignment_by_id",
    "assignments",
    "case_of",
    "covers",
    "expertise_in",
    "feedback",
    "results",
    "roster",
    "scheme_for",
    "suggested",
    "ties_of",
    "typed_in",
    "waiting",
]
