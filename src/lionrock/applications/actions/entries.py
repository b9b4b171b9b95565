"""Adding and removing entries of the parts of a form that repeat, such as projects."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.db.models import Max

from lionrock.applications.actions.recording import record_of
from lionrock.applications.models import Application, PartEntry
from lionrock.applications.queries import application_to_write, entries_of, form_of
from lionrock.kernel.errors import Conflict, NotFound
from lionrock.kernel.messages import gettext_noop, message
from lionrock.people.domain import Actor
from lionrock.rules.forms import FormPart


@transaction.atomic
def add_entry(*, actor: Actor, application: str, part: str, now: datetime, after: int | None = None) -> PartEntry:
    """Add an entry to a part that repeats; its number is above all that there ever were.

    `after` is the highest number that the author saw: an entry that is there above it is returned
    instead of another one, so that a form posted twice adds one. Raises `NotFound` for a part that does
    not repeat, `Conflict` when there are as many as the form allows.
    """
    found = application_to_write(actor, application)
    repeated = _repeated(found, part)
    numbers = entries_of(found).get(part, ())
    later = [number for number in numbers if after is not None and number > after]
    if later:
        return found.entries.get(part=part, number=later[0])
    if len(numbers) >= repeated.most:
        template = gettext_noop("“{part}” can be filled {most} times at most. Remove one before you add another.")
        raise Conflict("applications.entry.most", message(template, part=repeated.names, most=repeated.most))
    last = found.entries.filter(part=part).aggregate(last=Max("number"))["last"] or 0
    entry = PartEntry.objects.create(application=found, part=part, number=last + 1)
    record_of("applications.add_entry", found, actor, now, {"part": part, "number": entry.number})
    return entry


@transaction.atomic
def remove_entry(*, actor: Actor, application: str, part: str, number: int, now: datetime) -> PartEntry:
    """Take an entry of a repeated part out; its answers stay on file. What is out already stays out.

    Raises `NotFound` when there never was such an entry, `Conflict` when the form needs it.
    """
    found = application_to_write(actor, application)
    repeated = _repeated(found, part)
    entry = found.entries.filter(part=part, number=number).first()
    if entry is None:
        template = gettext_noop("{application} has no entry {number} of “{part}”.")
        raise NotFound(
            "applications.entry.unknown", message(template, application=application, number=number, part=repeated.names)
        )
    if entry.removed_at is not None:
        return entry
    if len(entries_of(found).get(part, ())) <= repeated.least:
        template = gettext_noop("“{part}” is needed {least} times at least. Add another before you remove this one.")
        raise Conflict("applications.entry.least", message(template, part=repeated.names, least=repeated.least))
    entry.removed_at = now
    entry.save(update_fields=["removed_at"])
    record_of("applications.remove_entry", found, actor, now, {"part": part, "number": number})
    return entry


def _repeated(application: Application, part: str) -> FormPart:
    found = form_of(application).part(part)
    if found is None or not found.repeats:
        template = gettext_noop("The form of {application} has no part “{part}” that can be filled several times.")
        raise NotFound("applications.entry.part", message(template, application=application.code, part=part))
    return found
