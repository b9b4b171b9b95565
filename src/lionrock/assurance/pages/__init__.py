"""Pages of the gate: the self-assessment, a dossier, its items and conditions, the reviewers' desk, the catalogue."""

from lionrock.assurance.pages.acting import act, begin, condition, declare
from lionrock.assurance.pages.items import catalogue, catalogue_item, evidence, item, remove
from lionrock.assurance.pages.lists import conditions, index
from lionrock.assurance.pages.questions import answers, questions
from lionrock.assurance.pages.showing import panel, show

__all__ = [
    "act",
    "answers",
    "begin",
    "catalogue",
    "catalogue_item",
    "condition",
    "conditions",
    "declare",
    "evidence",
    "index",
    "item",
    "panel",
    "questions",
    "remove",
    "show",
]
