"""Importing lists, screening against them, deciding cases, and what is known of parties."""

from lionrock.screening.actions.cases import (
    agree_to_clear,
    clear_case,
    confirm_case,
    disagree_to_clear,
    escalate_case,
)
from lionrock.screening.actions.lists import import_list
from lionrock.screening.actions.owners import end_stake, note_particular, record_stake, register_owner
from lionrock.screening.actions.screening import screen_due, screen_party

__all__ = [
    "agree_to_clear",
    "clear_case",
    "confirm_case",
    "disagree_to_clear",
    "end_stake",
    "escalate_case",
    "import_list",
    "note_particular",
    "record_stake",
    "register_owner",
    "screen_due",
    "screen_party",
]
