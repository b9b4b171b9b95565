"""Sending files with an application, and taking them out again."""

from __future__ import annotations

import unicodedata
from datetime import datetime
from pathlib import PurePosixPath
from typing import Any, BinaryIO, Final

from django.db import transaction
from django.db.models import QuerySet, Sum

from lionrock.applications.actions.recording import record_of
from lionrock.applications.domain.media import FileKind, refused
from lionrock.applications.files import Arrived, arriving, keep
from lionrock.applications.models import Attachment
from lionrock.applications.queries import application_to_write, asked_of, files_of
from lionrock.kernel.errors import Fault, Invalid, NotFound
from lionrock.kernel.messages import gettext_noop, message
from lionrock.people.domain import Actor
from lionrock.rules.terms import Document, Terms

MEGABYTE: Final = 1 << 20
MEGABYTES_WHERE_NONE_ARE_SET: Final = 100
MOST_FILES: Final = 60
NAME_LENGTH: Final = 150
_SUFFIXES: Final = {kind: {f".{kind.value}"} for kind in FileKind} | {FileKind.JPEG: {".jpeg", ".jpg"}}


def attach(*, actor: Actor, application: str, document: str, name: str, content: BinaryIO, now: datetime) -> Attachment:
    """Send a file with an application, for one of the documents that the programme asks for.

    Taken in whole or not at all; the same file for the same document again changes nothing. Raises
    `Invalid` for a document that is not asked for, and for a file that is not of a kind taken for it, too
    large (by itself or with the others), of too many pages, or refused by `files.arriving`; `Conflict`
    when the application is not with its authors.
    """
    with transaction.atomic():
        found = application_to_write(actor, application)
    terms = asked_of(found, now).terms
    asked = document_by_id(terms, document)
    shown = clean_name(name)
    with arriving(content, name=shown, most_bytes=most_bytes(terms), now=now) as arrived:
        _check_kind(arrived, asked)
        return _keep(actor, application, asked, arrived, now)


@transaction.atomic
def _keep(actor: Actor, application: str, document: Document, arrived: Arrived, now: datetime) -> Attachment:
    found = application_to_write(actor, application)
    held = files_of(found).filter(document=document.id, sha256=arrived.sha256).first()
    if held is not None:
        return held
    check_together(files_of(found), arrived, asked_of(found, now).terms)
    keep(arrived)
    attachment = Attachment.objects.create(
        application=found, document=document.id, name=with_suffix(arrived), media_type=arrived.media_type,
        size=arrived.size, pages=arrived.pages, sha256=arrived.sha256, added_by=actor.email, added_at=now,
    )  # fmt: skip
    details: dict[str, object] = {"document": document.id, "name": attachment.name, "sha256": arrived.sha256}
    record_of("applications.attach", found, actor, now, details)
    return attachment


@transaction.atomic
def remove_attachment(*, actor: Actor, application: str, attachment: int, now: datetime) -> Attachment:
    """Take a file out of an application; it stays on file for the rounds that hold it. Twice is as good as once.

    Raises `NotFound` when the application never had it, `Conflict` when it is not with its authors.
    """
    found = application_to_write(actor, application)
    held = found.attachments.filter(pk=attachment).first()
    if held is None:
        template = gettext_noop("{application} has no such file for you.")
        raise NotFound("applications.file.unknown", message(template, application=application))
    if held.removed_at is None:
        held.removed_at = now
        held.save(update_fields=["removed_at"])
        details: dict[str, object] = {"document": held.document, "name": held.name, "sha256": held.sha256}
        record_of("applications.remove_attachment", found, actor, now, details)
    return held


def document_by_id(terms: Terms, document: str) -> Document:
    """Return a document that the programme knows; raises `Invalid` naming those that it does."""
    known = {each.id: each for each in terms.documents()}
    if document in known:
        return known[document]
    said = message(
        gettext_noop("“{value}” is no document of this programme. Those that it asks for: {known}."),
        value=document,
        known=", ".join(known) or "–",
    )
    fault = Fault("applications.file.document", said, field="document", value=document)
    raise Invalid(fault.code, said, faults=[fault])


def most_bytes(terms: Terms) -> int:
    """Return how many bytes all files of an application may have together, and so each of them."""
    return (terms.files_megabytes_max() or MEGABYTES_WHERE_NONE_ARE_SET) * MEGABYTE


def clean_name(name: str) -> str:
    """Return the name of a file as it can be shown and handed out: its last part, in printable characters."""
    last = PurePosixPath(unicodedata.normalize("NFC", name).replace("\\", "/")).name
    kept = "".join(each for each in last if each.isprintable() and each not in '<>:"|?*').strip(". ")
    stem, dot, suffix = kept.rpartition(".")
    return f"{stem[: NAME_LENGTH - 10]}{dot}{suffix[:9]}" if dot else kept[:NAME_LENGTH] or "file"


def with_suffix(arrived: Arrived) -> str:
    """Return the name with a suffix that tells what the content is."""
    suffixes = _SUFFIXES[arrived.kind]
    fits = PurePosixPath(arrived.name).suffix.lower() in suffixes
    return arrived.name if fits else f"{arrived.name}.{arrived.kind.value}"


def _check_kind(arrived: Arrived, document: Document) -> None:
    taken = [each.value for each in document.media]
    if taken and arrived.kind.value not in taken:
        template = gettext_noop("“{value}” is a {kind}; for “{document}” these are taken: {taken}.")
        more = {"kind": arrived.kind.value.upper(), "document": document.label, "taken": ", ".join(taken).upper()}
        raise refused("kind", template, arrived.name, **more)
    if document.pages_max is not None and arrived.pages is not None and arrived.pages > document.pages_max:
        template = gettext_noop("“{value}” has {pages} pages; “{document}” may have {most}. Shorten it.")
        most = document.pages_max
        raise refused("pages", template, arrived.name, pages=arrived.pages, document=document.label, most=most)


def check_together(files: QuerySet[Any], arrived: Arrived, terms: Terms) -> None:
    """Check that a file fits beside those that are there, by number and size; raises `Invalid`."""
    if files.count() >= MOST_FILES:
        template = gettext_noop("“{value}” would be file {count}; {most} are taken. Put several into one.")
        raise refused("many", template, arrived.name, count=MOST_FILES + 1, most=MOST_FILES)
    used, most = files.aggregate(sum=Sum("size"))["sum"] or 0, most_bytes(terms)
    if used + arrived.size > most:
        template = gettext_noop(
            "With “{value}” the files would have {size} MB together; {most} are allowed. "
            "Make some smaller, or remove one."
        )
        raise refused(
            "large_together", template, arrived.name, size=-(-(used + arrived.size) // MEGABYTE), most=most // MEGABYTE
        )
