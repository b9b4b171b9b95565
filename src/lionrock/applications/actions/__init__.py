"""Every write of the room: one function per verb, one transaction each."""

from lionrock.applications.actions.admissions import admit, dismiss, mark_assessed, reopen_assessment, shut_out
from lionrock.applications.actions.answering import Change, Fate, Saved, SavedAnswer, save_answers
from lionrock.applications.actions.attaching import attach, remove_attachment
from lionrock.applications.actions.authors import invite_author, remove_author
from lionrock.applications.actions.drafting import draft_application
from lionrock.applications.actions.entries import add_entry, remove_entry
from lionrock.applications.actions.importing import Brought, import_application
from lionrock.applications.actions.intake import (
    accept_application,
    judge_findings,
    reject_application,
    return_application,
    take_application,
)
from lionrock.applications.actions.letters import write_letter
from lionrock.applications.actions.reminders import remind_applicants, remind_office
from lionrock.applications.actions.submitting import submit_application, withdraw_application

__all__ = [
    "Brought",
    "Change",
    "Fate",
    "Saved",
    "SavedAnswer",
    "accept_application",
    "add_entry",
    "admit",
    "attach",
    "dismiss",
    "draft_application",
    "import_application",
    "invite_author",
    "judge_findings",
    "mark_assessed",
    "reject_application",
    "remind_applicants",
    "remind_office",
    "remove_attachment",
    "remove_author",
    "remove_entry",
    "reopen_assessment",
    "return_application",
    "save_answers",
    "shut_out",
    "submit_application",
    "take_application",
    "withdraw_application",
    "write_letter",
]
