"""Every write of the room: one function per verb, one transaction each."""

from lionrock.review.actions.assigning import (
    assign_assessor,
    describe_assessor,
    remind_assessors,
    unassign_assessor,
)
from lionrock.review.actions.concluding import conclude_assessment, moderate_scores
from lionrock.review.actions.declaring import declare_interests
from lionrock.review.actions.scoring import Saved, reopen_scores, save_scores, submit_scores

__all__ = [
    "Saved",
    "assign_assessor",
    "conclude_assessment",
    "declare_interests",
    "describe_assessor",
    "moderate_scores",
    "remind_assessors",
    "reopen_scores",
    "save_scores",
    "submit_scores",
    "unassign_assessor",
]
