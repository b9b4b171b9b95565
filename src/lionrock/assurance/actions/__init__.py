"""Every write of the room: one function per verb, one transaction each."""

from lionrock.assurance.actions.answering import begin_dossier, save_written
from lionrock.assurance.actions.concluding import agree_to_lower, conclude, reopen_dossier, set_tier
from lionrock.assurance.actions.conditions import (
    answer_proof,
    hand_in_proof,
    lay_condition,
    pass_point,
    remind_conditions,
)
from lionrock.assurance.actions.filing import put_on_file, take_off_file
from lionrock.assurance.actions.handing_in import answer_reviewer, hand_in
from lionrock.assurance.actions.reviewing import ask_applicants, ask_reviewer, declare_interest, give_opinion

__all__ = [
    "agree_to_lower",
    "answer_proof",
    "answer_reviewer",
    "ask_applicants",
    "ask_reviewer",
    "begin_dossier",
    "conclude",
    "declare_interest",
    "give_opinion",
    "hand_in",
    "hand_in_proof",
    "lay_condition",
    "pass_point",
    "put_on_file",
    "remind_conditions",
    "reopen_dossier",
    "save_written",
    "set_tier",
    "take_off_file",
]
