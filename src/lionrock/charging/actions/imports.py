"""Importing a usage file: streamed, resumable, idempotent, with every row accounted for."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Callable, Mapping
from datetime import datetime
from itertools import islice
from pathlib import Path

from django.db import transaction

from lionrock.audit.actions import record
from lionrock.charging.actions.intake import HeldRecord, Intake, KnownAccounts, take_in
from lionrock.charging.models import HeldRow, UsageImport
from lionrock.charging.usage_files import Format, UsageOptions, UsageRecord, UsageStream, open_usage_file
from lionrock.charging.usage_files import HeldRow as HeldInFile
from lionrock.kernel.errors import Broken, Fault
from lionrock.kernel.messages import gettext_noop, message
from lionrock.people.domain import Actor, Role
from lionrock.people.policies import require

BATCH = 20_000
"""Rows in one transaction: what a kill loses at most, and reads again at the next try."""


def _unwatched(_done: int, _total: int) -> None:
    """Nobody watches the progress."""


def import_usage_file(
    path: Path,
    options: UsageOptions,
    *,
    actor: Actor,
    programme: str,
    now: datetime,
    told: Mapping[str, str],
    form: Format | None = None,
    progress: Callable[[int, int], None] = _unwatched,
) -> UsageImport:
    """Take in a usage file; takes the role cluster_admin.

    `told` is how the options were given, in words; it is kept with the import. Rows that cannot be
    taken in are held with their reason, and everything else goes on. Importing the same file again
    changes nothing, and after an interruption completes it. Raises `Invalid` when the file as a
    whole cannot be read.
    """
    require(actor, Role.CLUSTER_ADMIN, programme=programme)
    with open_usage_file(path, options, format=form) as stream:
        usage_import = _begin(path, programme, told, now)
        tally = _take_all(stream, usage_import, progress)
        return _finish(usage_import, stream, tally, actor=actor, now=now)


def _begin(path: Path, programme: str, told: Mapping[str, str], now: datetime) -> UsageImport:
    with path.open("rb") as content:
        digest = hashlib.file_digest(content, "sha256").hexdigest()
    usage_import, _ = UsageImport.objects.get_or_create(
        programme=programme,
        digest=digest,
        options=dict(told),
        defaults={"name": path.name, "started_at": now},
    )
    return usage_import


def _take_all(stream: UsageStream, usage_import: UsageImport, progress: Callable[[int, int], None]) -> Counter[str]:
    known = KnownAccounts.of(usage_import.programme)
    tally: Counter[str] = Counter()
    still_held: set[tuple[int, str]] = set()
    while batch := list(islice(stream, BATCH)):
        records = [row for row in batch if isinstance(row, UsageRecord)]
        unreadable = [row for row in batch if isinstance(row, HeldInFile)]
        with transaction.atomic():
            intake = take_in(records, programme=usage_import.programme, source=usage_import.name, known=known)
            held = [_held_in_file(usage_import, row) for row in unreadable]
            held += [_held_record(usage_import, row) for row in intake.held]
            HeldRow.objects.bulk_create(held, ignore_conflicts=True)
        still_held.update((row.line, row.code) for row in held)
        _count(tally, intake, unreadable)
        progress(stream.position, stream.total)
    _forget_mended(usage_import, still_held)
    return tally


def _count(tally: Counter[str], intake: Intake, unreadable: list[HeldInFile]) -> None:
    tally["new"] += intake.new
    tally["repeated"] += intake.repeated
    tally["held"] += len({id(row) for row, _ in intake.held}) + len(unreadable)


def _held_in_file(usage_import: UsageImport, row: HeldInFile) -> HeldRow:
    return _held(usage_import, row.line, row.fault, row.raw)


def _held_record(usage_import: UsageImport, held: HeldRecord) -> HeldRow:
    row, fault = held
    raw = f"{row.job} {row.account} {row.start.isoformat()} {row.end.isoformat()} {dict(row.devices)} {row.state}"
    return _held(usage_import, row.origin.line, fault, raw)


def _held(usage_import: UsageImport, line: int, fault: Fault, raw: str) -> HeldRow:
    return HeldRow(
        usage_import=usage_import,
        line=line,
        code=fault.code,
        template=fault.message.template,
        fields={name: _storable(str(value)) for name, value in fault.message.fields.items()},
        raw=_storable(raw),
    )


def _storable(text: str) -> str:
    """Return text as the database takes it: it knows no NUL."""
    return text.replace("\x00", "�")


def _forget_mended(usage_import: UsageImport, still_held: set[tuple[int, str]]) -> None:
    """Remove rows that an earlier try held and this one took in, because an account is now on file."""
    mended = [row.pk for row in usage_import.held_rows.all() if (row.line, row.code) not in still_held]
    HeldRow.objects.filter(pk__in=mended).delete()


@transaction.atomic
def _finish(
    usage_import: UsageImport, stream: UsageStream, tally: Counter[str], *, actor: Actor, now: datetime
) -> UsageImport:
    skipped = {reason.value: count for reason, count in sorted(stream.tally.skipped.items())}
    counts = {"rows": stream.tally.rows_read, **{name: tally[name] for name in ("new", "repeated", "held")}}
    if counts["rows"] != counts["new"] + counts["repeated"] + counts["held"] + sum(skipped.values()):
        raise Broken(
            "charging.import.rows_lost",
            message(
                gettext_noop("Rows of {name} are unaccounted for: {counts}."), name=usage_import.name, counts=counts
            ),
        )
    changed = usage_import.finished_at is None or counts["new"] or counts["held"] != usage_import.tally["held"]
    usage_import.tally = {**counts, "skipped": skipped}
    if changed:
        usage_import.finished_at = now
        record(
            "charging.import_usage_file",
            usage_import.name,
            actor=actor.email,
            now=now,
            programme=usage_import.programme,
            details={"digest": usage_import.digest, **usage_import.tally},
        )
        usage_import.save(update_fields=["tally", "finished_at"])
    return usage_import
