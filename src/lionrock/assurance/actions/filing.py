"""Putting evidence on file for an item, and taking it out again; files are looked at as those of applications are."""

from __future__ import annotations

from datetime import datetime
from typing import BinaryIO

from django.db import transaction

from lionrock.applications.actions.attaching import check_together, clean_name, most_bytes, with_suffix
from lionrock.applications.files import Arrived, arriving, keep
from lionrock.assurance.actions.answering import require_open
from lionrock.assurance.actions.recording import record_of, today_for
from lionrock.assurance.models import Dossier, Evidence
from lionrock.assurance.queries.dossiers import dossier_by_code, require_writing
from lionrock.assurance.queries.standing import edition_of
from lionrock.kernel.errors import NotFound
from lionrock.kernel.messages import gettext_noop, message
from lionrock.people.domain import Actor
from lionrock.people.programmes import programme_on_file
from lionrock.rules.terms import Terms


def put_on_file(*, actor: Actor, application: str, item: str, name: str, content: BinaryIO, now: datetime) -> Evidence:
    """Put a file on file for an item; the same file for the same item again changes nothing. Its authors may.

    Raises `Invalid` for a file of another kind, too large or spoilt, as for a document of the application.
    """
    dossier = _to_write(actor, application, item)
    with arriving(content, name=clean_name(name), most_bytes=most_bytes(_terms(dossier, now)), now=now) as arrived:
        return _keep(actor, application, item, arrived, now)


@transaction.atomic
def _keep(actor: Actor, application: str, item: str, arrived: Arrived, now: datetime) -> Evidence:
    dossier = _to_write(actor, application, item, lock=True)
    files = dossier.evidence.filter(removed_at=None)
    held = files.filter(item=item, sha256=arrived.sha256).first()
    if held is not None:
        return held
    check_together(files, arrived, _terms(dossier, now))
    keep(arrived)
    made = Evidence.objects.create(
        dossier=dossier, item=item, name=with_suffix(arrived), media_type=arrived.media_type, size=arrived.size,
        pages=arrived.pages, sha256=arrived.sha256, added_by=actor.email, added_at=now,
    )  # fmt: skip
    record_of("put_on_file", dossier, actor, now, {"item": item, "name": made.name, "sha256": made.sha256})
    return made


@transaction.atomic
def take_off_file(*, actor: Actor, application: str, evidence: int, now: datetime) -> Evidence:
    """Take a file out; it stays on file for the rounds that hold it. Twice is as good as once."""
    dossier = dossier_by_code(actor, application, lock=True)
    require_writing(actor, dossier)
    require_open(dossier, questions=False)
    held = dossier.evidence.filter(pk=evidence).first()
    if held is None:
        raise no_such_file(application)
    if held.removed_at is None:
        held.removed_at = now
        held.save(update_fields=["removed_at"])
        record_of("take_off_file", dossier, actor, now, {"item": held.item, "name": held.name, "sha256": held.sha256})
    return held


def no_such_file(application: str) -> NotFound:
    """Return the error for a file that is not there for somebody."""
    template = gettext_noop("{application} has no such file for you.")
    return NotFound("assurance.file.unknown", message(template, application=application))


def _to_write(actor: Actor, application: str, item: str, *, lock: bool = False) -> Dossier:
    dossier = dossier_by_code(actor, application, lock=lock)
    require_writing(actor, dossier)
    require_open(dossier, questions=False)
    require_item(dossier, item)
    return dossier


def require_item(dossier: Dossier, item: str) -> None:
    """Raise `NotFound` unless the item is one of the dossier's editions."""
    if item not in {each.id for each in edition_of(dossier).items}:
        said = message(gettext_noop("“{value}” is no item of review of this dossier."), value=item)
        raise NotFound("assurance.item.unknown", said)


def _terms(dossier: Dossier, now: datetime) -> Terms:
    return programme_on_file(dossier.programme).at(today_for(dossier, now))
