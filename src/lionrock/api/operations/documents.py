"""What belongs to an application besides its boxes: entries of parts that repeat, and files."""

from __future__ import annotations

from datetime import datetime
from http import HTTPMethod, HTTPStatus
from pathlib import Path

from pydantic import BaseModel, Field

from lionrock.api.calls import Call, File, Given, Nothing
from lionrock.api.cursors import Listed, Piece, piece_of
from lionrock.api.domain.tokens import Scope
from lionrock.api.registry import Effect, operation
from lionrock.api.shapes import Code
from lionrock.applications.actions import add_entry, attach, remove_attachment, remove_entry
from lionrock.applications.files import file_of
from lionrock.applications.models import Attachment
from lionrock.applications.queries import application_by_code, attachments_of

_PATH = "applications/{code}"
_LARGEST = 2**31 - 1


class PartAsked(Given):
    """A part of the form that repeats."""

    part: Code
    after: int | None = Field(None, ge=0, le=_LARGEST, description="The highest number that was read there.")


class EntryShown(BaseModel):
    """An entry of a part that repeats; its boxes are named part.number.box."""

    part: str
    number: int
    removed_at: datetime | None


class FileShown(BaseModel):
    """A file of an application."""

    number: int
    document: str = Field(description="The document that it is, of those that the programme asks for.")
    name: str
    media_type: str
    size: int
    pages: int | None
    sha256: str
    added_by: str
    added_at: datetime
    removed_at: datetime | None


class FileSent(Given):
    """Which document the file is, and what it is called."""

    document: Code
    name: str = Field(min_length=1, max_length=200)


def _file_shown(each: Attachment) -> FileShown:
    kept = {name: getattr(each, name) for name in FileShown.model_fields if name != "number"}
    return FileShown(number=each.pk, **kept)


@operation(
    HTTPMethod.POST,
    f"{_PATH}/entries",
    Scope.APPLICATIONS,
    effect=Effect.TOGETHER,
    status=HTTPStatus.CREATED,
    pages=("applications:add_entry",),
)
def add_entry_(call: Call[Nothing, PartAsked], code: str) -> EntryShown:
    """Add an entry to a part of the form that repeats, such as a project."""
    asked = call.body
    made = add_entry(actor=call.actor, application=code, part=asked.part, after=asked.after, now=call.now)
    return EntryShown(part=made.part, number=made.number, removed_at=made.removed_at)


@operation(
    HTTPMethod.POST,
    f"{_PATH}/entries/{{part}}/{{number}}/remove",
    Scope.APPLICATIONS,
    effect=Effect.TOGETHER,
    pages=("applications:remove_entry",),
    commands=("application remove-entry",),
)
def remove_entry_(call: Call[Nothing, Nothing], code: str, part: str, number: int) -> EntryShown:
    """Take an entry out; its answers stay on file."""
    found = remove_entry(actor=call.actor, application=code, part=part, number=number, now=call.now)
    return EntryShown(part=found.part, number=found.number, removed_at=found.removed_at)


@operation(HTTPMethod.GET, f"{_PATH}/files", Scope.READ, pages=("applications:documents", "applications:show"))
def list_files(call: Call[Piece, Nothing], code: str) -> Listed[FileShown]:
    """List the files of an application that one may see; removed ones are among them."""
    found = attachments_of(call.actor, application_by_code(call.actor, code))
    return piece_of(found, call.query, _file_shown)


@operation(
    HTTPMethod.POST,
    f"{_PATH}/files",
    Scope.APPLICATIONS,
    effect=Effect.APART,
    status=HTTPStatus.CREATED,
    takes=("application/octet-stream", "application/pdf", "image/png", "image/jpeg", "text/csv"),
    pages=("applications:documents",),
    commands=("application attach",),
)
def attach_file(call: Call[FileSent, Path], code: str) -> FileShown:
    """Send a file for one of the documents that the programme asks for; what it is, its content says."""
    asked = call.query
    with call.body.open("rb") as content:
        kept = attach(
            actor=call.actor,
            application=code,
            document=asked.document,
            name=asked.name,
            content=content,
            now=call.now,
        )
    return _file_shown(kept)


@operation(
    HTTPMethod.GET,
    f"{_PATH}/files/{{file}}",
    Scope.READ,
    produces=("application/octet-stream",),
    pages=("applications:attachment",),
)
def read_file(call: Call[Nothing, Nothing], code: str, file: int) -> File:
    """Hand out a file, as bytes."""
    found = file_of(call.actor, code, file)
    return File(found.path.read_bytes(), "application/octet-stream", found.attachment.name)


@operation(
    HTTPMethod.POST,
    f"{_PATH}/files/{{file}}/remove",
    Scope.APPLICATIONS,
    effect=Effect.TOGETHER,
    pages=("applications:remove_document",),
    commands=("application detach",),
)
def remove_file(call: Call[Nothing, Nothing], code: str, file: int) -> FileShown:
    """Take a file out of an application; it stays on file for the rounds that hold it."""
    return _file_shown(remove_attachment(actor=call.actor, application=code, attachment=file, now=call.now))
