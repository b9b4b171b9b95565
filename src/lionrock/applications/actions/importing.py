"""Filling an application from one file: all that can be read is taken, and the rest is named with its line."""

from __future__ import annotations

import codecs
import io
import tempfile
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import BinaryIO, Final

from django.db import transaction

from lionrock.applications.actions.answering import Change, Fate, Saved, keep_answers
from lionrock.applications.actions.attaching import attach, clean_name
from lionrock.applications.actions.entries import add_entry
from lionrock.applications.domain.answers import Value
from lionrock.applications.domain.asked import DECLARATION, Asked, declaration_key
from lionrock.applications.domain.media import ArchiveLimits, checked_archive, refused
from lionrock.applications.domain.whole import FileInside, Typed, Whole, read
from lionrock.applications.models import Application
from lionrock.applications.queries import answers_of, application_to_write, asked_of, entries_of, files_of
from lionrock.kernel.errors import Conflict, Fault, Invalid
from lionrock.kernel.messages import gettext_noop, message
from lionrock.people.domain import Actor
from lionrock.rules.faultlog import FaultLog
from lionrock.rules.forms import key_of
from lionrock.rules.yamltree import MAX_BYTES, read_yaml

ARCHIVES: Final = ArchiveLimits(entries=200, unpacked_bytes=200_000_000, ratio=100, depth=3)
_NAMES: Final = ("application.json", "application.yaml", "application.yml")
_ZIP: Final = b"PK"
_HARMLESS: Final = "rules.yaml.bare_decimal"
"""A decimal without quotes: the text is taken as it was typed."""


@dataclass(frozen=True, slots=True)
class Brought:
    """What came of a file: how each answer was kept, which texts it replaced, which files, and all that is wrong."""

    saved: Saved
    replaced: Mapping[str, Value]
    attached: int
    faults: tuple[Fault, ...]


def import_application(*, actor: Actor, application: str, file: BinaryIO, name: str, now: datetime) -> Brought:
    """Fill an application from JSON, YAML, or an archive of one of them with the documents beside it.

    All that can be read is taken, right or wrong, over what stood there: those texts are returned. Raises
    `Invalid` when the file as a whole cannot be read, `Conflict` when the application is not with its authors.
    """
    with transaction.atomic():
        asked = asked_of(application_to_write(actor, application), now)
    shown = clean_name(name)
    file.seek(0)
    if file.read(len(_ZIP)) == _ZIP:
        with checked_archive(file, name=shown, limits=ARCHIVES) as archive:
            whole = _read(_text_inside(archive, shown), shown, asked)
            brought = _bring(actor, application, whole, archive, now)
    else:
        file.seek(0)
        brought = _bring(actor, application, _read(file.read(MAX_BYTES + 1), shown, asked), None, now)
    return replace(brought, faults=tuple(replace(fault, file=shown) for fault in brought.faults))


def _text_inside(archive: zipfile.ZipFile, name: str) -> bytes:
    inside = next((each for each in _NAMES if each in archive.namelist()), None)
    if inside is None:
        template = gettext_noop("“{value}” holds no application: it needs a file {known}.")
        raise refused("no_application", template, name, known=" / ".join(_NAMES))
    with archive.open(inside) as opened:
        return opened.read(MAX_BYTES + 1)


def _read(text: bytes, name: str, asked: Asked) -> Whole:
    """Read the text of a file; raises `Invalid` when nothing of it can be."""
    log = FaultLog()
    text = text.removeprefix(codecs.BOM_UTF8)
    is_json = text.lstrip().startswith(b"{")
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / name
        path.write_bytes(text.replace(b"\t", b" ") if is_json else text)
        tree = read_yaml(path, log)
    log.faults = [replace(fault, file=name) for fault in log.faults if fault.code != _HARMLESS]
    if tree is None:
        raise Invalid("applications.import.unreadable", log.faults[0].message, faults=log.faults)
    return read(tree, asked, log)


def _bring(actor: Actor, application: str, whole: Whole, archive: zipfile.ZipFile | None, now: datetime) -> Brought:
    saved, replaced, faults = _answers(actor, application, whole, now)
    attached = 0
    for inside in whole.documents:
        wrong = _attach(actor, application, inside, archive, now)
        faults += [replace(each, line=inside.place.line if inside.place else None) for each in wrong]
        attached += not wrong
    return Brought(saved, replaced, attached, (*whole.log, *faults))


@transaction.atomic
def _answers(
    actor: Actor, application: str, whole: Whole, now: datetime
) -> tuple[Saved, dict[str, Value], list[Fault]]:
    found = application_to_write(actor, application)
    asked, faults = asked_of(found, now), list[Fault]()
    for part, wanted in whole.entries.items():
        faults += _add_entries(actor, found, part, wanted, now)
    entries, held = entries_of(found), answers_of(found)
    keyed = {key: typed for typed in whole.answers if (key := _key(typed, asked, entries)) is not None}
    changes = [Change(key, each.value, held[key].version if key in held else 0) for key, each in keyed.items()]
    before = {key: held[key].value for key in keyed if key in held and held[key].value}
    saved = keep_answers(found, asked, changes, actor, now)
    for each in saved.answers:
        if each.fault is not None:
            faults.append(replace(each.fault, line=keyed[each.key].place.line))
    replaced = {each.key: before[each.key] for each in saved.of(Fate.KEPT) if each.key in before}
    return saved, replaced, faults


def _add_entries(actor: Actor, found: Application, part: str, wanted: int, now: datetime) -> list[Fault]:
    """Add the entries that a file has more than the application; those beyond what the form allows are a fault."""
    while len(entries_of(found).get(part, ())) < wanted:
        try:
            add_entry(actor=actor, application=found.code, part=part, now=now)
        except Conflict as full:
            return [Fault(full.code, full.message, field=part, value=str(wanted))]
    return []


def _key(typed: Typed, asked: Asked, entries: Mapping[str, tuple[int, ...]]) -> str | None:
    """Return the key of the box that an answer of a file is for; None where its entry could not be added."""
    part = asked.form.part(typed.part)
    if part is None or typed.part == DECLARATION:
        return declaration_key(typed.field)
    numbers = entries.get(part.id, ()) if part.repeats else (0,)
    place = typed.entry - 1 if part.repeats else 0
    return key_of(part, typed.field, numbers[place], typed.language) if place < len(numbers) else None


def _attach(
    actor: Actor, application: str, inside: FileInside, archive: zipfile.ZipFile | None, now: datetime
) -> tuple[Fault, ...]:
    """Attach a document that is in the archive; return what is wrong with it."""
    if archive is None or inside.file not in archive.namelist():
        return () if _is_there(actor, application, inside) else (_not_inside(inside),)
    try:
        with archive.open(inside.file) as opened:
            content = io.BytesIO(opened.read())
        attach(
            actor=actor, application=application, document=inside.document, name=inside.name, content=content, now=now
        )
    except Invalid as wrong:
        return wrong.faults
    return ()


@transaction.atomic
def _is_there(actor: Actor, application: str, inside: FileInside) -> bool:
    found = application_to_write(actor, application)
    return files_of(found).filter(document=inside.document, sha256=inside.sha256).exists()


def _not_inside(inside: FileInside) -> Fault:
    said = message(
        gettext_noop("“{value}” is named in the file, but does not lie beside it. Attach it by itself."),
        value=inside.name,
    )
    return Fault("applications.import.no_file", said, field="file", value=inside.name)
