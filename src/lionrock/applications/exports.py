"""An application as one file to take away: JSON, or an archive with the documents beside it."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final

from lionrock.applications.domain.whole import FileInside, as_text, written
from lionrock.applications.files import file_of
from lionrock.applications.models import Application, Attachment
from lionrock.applications.queries import (
    application_by_code,
    asked_of,
    attachments_of,
    files_of,
    filled_for,
    last_submission,
    may_write,
)
from lionrock.people.domain import Actor

INSIDE: Final = "application.json"
_SAME_DAY: Final = (1980, 1, 1, 0, 0, 0)
"""The time of every file inside, so that the same application is the same archive."""


def exported(viewer: Actor, application: str, now: datetime) -> bytes:
    """Return an application as JSON: for its authors as it stands, for others as it was handed in last.

    Raises `NotFound` when there is none that this viewer may see.
    """
    found = application_by_code(viewer, application)
    return as_text(_whole(viewer, found, _files(viewer, found), now))


def exported_with_files(viewer: Actor, application: str, now: datetime) -> bytes:
    """Return an application as an archive of its JSON and its documents, as `exported`.

    What assessors are not to know of the applicant is the caller's to leave out. Raises `Unavailable` when
    the content of a document is not on this machine's disk.
    """
    found = application_by_code(viewer, application)
    files = _files(viewer, found)
    whole, made = _whole(viewer, found, files, now), io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(zipfile.ZipInfo(INSIDE, _SAME_DAY), as_text(whole), zipfile.ZIP_DEFLATED)
        for each, inside in zip(files, whole["documents"], strict=True):
            path = file_of(viewer, application, each.pk).path
            archive.writestr(zipfile.ZipInfo(inside["file"], _SAME_DAY), path.read_bytes(), zipfile.ZIP_DEFLATED)
    return made.getvalue()


def _files(viewer: Actor, application: Application) -> Sequence[Attachment]:
    if may_write(viewer, application):
        return list(files_of(application))
    last = last_submission(application)
    ids = [each["id"] for each in last.content["documents"]] if last else []
    return list(attachments_of(viewer, application).filter(pk__in=ids))


def _whole(viewer: Actor, application: Application, files: Sequence[Attachment], now: datetime) -> dict[str, Any]:
    filled = filled_for(viewer, application)
    inside = [
        FileInside(each.document, each.name, f"files/{number}-{each.name}", each.sha256)
        for number, each in enumerate(files, 1)
    ]
    return written(asked_of(application, now), filled.answers, filled.entries, inside)
