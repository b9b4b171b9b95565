"""The pages of applying: the list, the form, its documents, the last step, and the application as it is read."""

from lionrock.applications.pages.autosaving import answers
from lionrock.applications.pages.documents import attachment, documents, remove_document
from lionrock.applications.pages.entries import add_entry, remove_entry
from lionrock.applications.pages.filling import begin, part
from lionrock.applications.pages.listing import index, new
from lionrock.applications.pages.showing import Decided, Event, MakePanel, show
from lionrock.applications.pages.submitting import authors, submit, withdraw
from lionrock.applications.pages.whole import bring, file

__all__ = [
    "Decided",
    "Event",
    "MakePanel",
    "add_entry",
    "answers",
    "attachment",
    "authors",
    "begin",
    "bring",
    "documents",
    "file",
    "index",
    "new",
    "part",
    "remove_document",
    "remove_entry",
    "show",
    "submit",
    "withdraw",
]
