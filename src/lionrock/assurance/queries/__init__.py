"""Every read of the room."""

from lionrock.assurance.queries.dossiers import (
    dossier_by_code,
    dossier_of,
    dossiers,
    loaded,
    require_reviewing,
    reviews,
    writes,
)
from lionrock.assurance.queries.holding import choice_for, held_applications, holds_of
from lionrock.assurance.queries.standing import (
    accepted_on,
    answers_of,
    assessed,
    book_now,
    edition_of,
    laid_down,
    sheet_of,
    standing_ruling,
    written_of,
    written_on,
)

__all__ = [
    "accepted_on",
    "answers_of",
    "assessed",
    "book_now",
    "choice_for",
    "dossier_by_code",
    "dossier_of",
    "dossiers",
    "edition_of",
    "held_applications",
    "holds_of",
    "laid_down",
    "loaded",
    "require_reviewing",
    "reviews",
    "sheet_of",
    "standing_ruling",
    "writes",
    "written_of",
    "written_on",
]
