"""Every write of the room: one function per verb, one transaction each."""

from lionrock.applications.actions.admissions import admit, dismiss, mark_assessed, reopen_assessment, shut_out
from lionrock.applications.actions.answering import Change, Fate, Saved, SavedAnswer, save_answers
from lionrock.applications.actions.attaching import attach, remove_attachment
from lionrock.applications.actions.authors import invite_author, remove_author
from lionrock.applications.actions.drafting import draft_application
from lionrock.applications.actions.entries import add_entry, remove_entry
from lionrock.applications.actions.importing import Brought, import_application
from lionrock.applications.actions.letters import write_letter
from lionrock.applications.actions.submitting import submit_application, withdraw_application

__all__ = [
    "Brought",
    "Change",
    "Fate",
    "Saved",
    "SavedAnswer",
    "add_entry",
    "admit",
    "attach",
    "dismiss",
    "draft_application",
    "import_application",
    "invite_author",
    "mark_assessed",
    "remove_attachment",
    "remove_author",
    "remove_entry",
    "reopen_assessment",
    "save_answers",
    "shut_out",
    "submit_application",
    "withdraw_application",
    "write_letter",
]
