"""Importing lists: a version whole, or nothing of it."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Final

from django.db import transaction

from lionrock.audit.actions import record
from lionrock.kernel.errors import Fault, Invalid, Refused
from lionrock.kernel.ids import check_slug
from lionrock.kernel.messages import gettext_noop, message
from lionrock.kernel.texts import check_line
from lionrock.people.domain import Actor
from lionrock.screening.domain.list_files import read_list
from lionrock.screening.domain.parties import Entry
from lionrock.screening.memory import today
from lionrock.screening.models import ListedEntry, ListVersion, ScreeningList
from lionrock.screening.policies import require_compliance

_LEAST_PART: Final = 80
"""Per cent of the version before: a file with fewer entries is taken for cut off unless somebody says otherwise."""
_BATCH: Final = 2_000


@transaction.atomic
def import_list(
    *, actor: Actor, list_code: str, data: bytes, file: str, dated: date, now: datetime, name: str = "",
    smaller: bool = False,
) -> ListVersion:  # fmt: skip
    """Import a file as the next version of a list; all of it, or nothing.

    Takes the role compliance. `dated` is the day of the file as its publisher has it; `smaller` lets a
    file pass that has far fewer entries than the version before. The same file again changes nothing
    and gives the version that it made. Raises `Invalid` with every fault of the file, `Refused` for one
    that is older or far smaller than what is on file.
    """
    require_compliance(actor)
    check_slug(list_code, field="list")
    _check_day(dated, now)
    entries = read_list(data, file)
    held, _ = ScreeningList.objects.get_or_create(
        code=list_code, defaults={"name": check_line(name or list_code, field="name"), "created_at": now}
    )
    held = ScreeningList.objects.select_for_update().get(pk=held.pk)
    latest = held.versions.order_by("-number").first()
    digest = hashlib.sha256(data).hexdigest()
    if latest is not None and latest.sha256 == digest:
        return latest
    if latest is not None:
        _check_follows(latest, dated, len(entries), smaller=smaller)
    version = _write(held, latest, entries, {"dated": dated, "file": file[-255:], "sha256": digest}, actor, now)
    details = {
        "version": version.number, "dated": dated.isoformat(), "sha256": digest, "entries": version.entries,
        "added": version.added, "removed": version.removed, "changed": version.changed,
    }  # fmt: skip
    record("screening.import_list", list_code, actor=actor.email, now=now, details=details)
    return version


def _check_day(dated: date, now: datetime) -> None:
    if dated <= today(now):
        return
    said = message(
        gettext_noop("{value} is still to come: no list can be of that day. Correct {field}."),
        value=dated,
        field="dated",
    )
    raise Invalid(
        "screening.list.day", said, faults=[Fault("screening.list.day", said, field="dated", value=str(dated))]
    )


def _check_follows(latest: ListVersion, dated: date, count: int, *, smaller: bool) -> None:
    if dated < latest.dated:
        raise Refused(
            "screening.list.older",
            message(
                gettext_noop(
                    "The list on file is of {latest}, this one of {dated}. An older list is not put over a newer one."
                ),
                latest=latest.dated,
                dated=dated,
            ),
        )
    if not smaller and count * 100 < latest.entries * _LEAST_PART:
        raise Refused(
            "screening.list.smaller",
            message(
                gettext_noop(
                    "The file has {count} entries, the version before had {before}: it may be cut off between two "
                    "lines. Nothing is imported. Fetch it again, or say that it may be smaller (--smaller)."
                ),
                count=count,
                before=latest.entries,
            ),
        )


def _write(
    held: ScreeningList, latest: ListVersion | None, entries: Sequence[Entry], facts: Mapping[str, object],
    actor: Actor, now: datetime,
) -> ListVersion:  # fmt: skip
    """Write the version, the entries that it has anew, and the end of those that it has no more."""
    standing = dict(held.listed.filter(until__isnull=True).values_list("key", "digest"))
    digests = {entry.key: entry.digest() for entry in entries}
    fresh = [entry for entry in entries if standing.get(entry.key) != digests[entry.key]]
    gone = [key for key in standing if standing[key] != digests.get(key)]
    changed = sum(1 for entry in fresh if entry.key in standing)
    version = ListVersion.objects.create(
        list=held,
        number=latest.number + 1 if latest else 1,
        entries=len(entries),
        added=len(fresh) - changed,
        removed=len(gone) - changed,
        changed=changed,
        imported_at=now,
        imported_by=actor.email,
        **facts,
    )
    held.listed.filter(until__isnull=True, key__in=gone).update(until=version)
    ListedEntry.objects.bulk_create(
        (
            ListedEntry(list=held, key=entry.key, content=entry.content(), digest=digests[entry.key], since=version)
            for entry in fresh
        ),
        batch_size=_BATCH,
    )
    return version
