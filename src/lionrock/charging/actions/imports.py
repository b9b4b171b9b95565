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
from lionrock.charging.actions.holding import begin_holding, forget_mended, hold
from lionrock.charging.actions.intake import Intake, KnownAccounts, take_in
from lionrock.charging.models import UsageImport
from lionrock.charging.usage_files import Format, UsageOptions, UsageRecord, UsageStream, open_usage_file
from lionrock.charging.usage_files import HeldRow as HeldInFile
from lionrock.kernel.errors import Broken
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
    begin_holding()
    while batch := list(islice(stream, BATCH)):
        records = [row for row in batch if isinstance(row, UsageRecord)]
        unreadable = [row for row in batch if isinstance(row, HeldInFile)]
        with transaction.atomic():
            intake = take_in(records, programme=usage_import.programme, source=usage_import.name, known=known)
            hold(usage_import, unreadable, intake.held)
        _count(tally, intake, unreadable)
        progress(stream.position, stream.total)
    forget_mended(usage_import)
    return tally


def _count(tally: Counter[str], intake: Intake, unreadable: list[HeldInFile]) -> None:
    tally["new"] += intake.new
    tally["repeated"] += intake.repeated
    tally["held"] += len({id(row) for row, _ in intake.held}) + len(unreadable)


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
