"""Taking in records of use: each kept once, the standing one of each run marked, bad ones held.

A batch goes into a temporary table by COPY and from there into the books in three statements, so
that millions of rows cost minutes, not hours. Whatever arrives twice changes nothing.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import lru_cache

from django.db import connection, transaction
from django.db.backends.utils import CursorWrapper

from lionrock.audit.actions import record
from lionrock.awards.models import Award
from lionrock.charging.domain.runs import Run, faults_of
from lionrock.charging.domain.standing import award_not_held, contradiction
from lionrock.charging.usage_files import UsageRecord
from lionrock.charging.usage_files.hold import shortened
from lionrock.kernel.errors import Fault, Invalid
from lionrock.kernel.ids import check_slug
from lionrock.kernel.messages import gettext_noop, message
from lionrock.ledger.locks import lock_books
from lionrock.people.domain import Actor, Role
from lionrock.people.models import Organisation
from lionrock.people.policies import require
from lionrock.sites.models import Site

HeldRecord = tuple[UsageRecord, Fault]

_LONGEST = {"job": 200, "state": 64, "cluster_key": 100, "devices": 1000}
_HIGHEST_REVISION = 2**31 - 1


@dataclass(slots=True)
class Intake:
    """What became of a batch: counts of new and repeated records, and those held with their faults."""

    new: int = 0
    repeated: int = 0
    held: list[HeldRecord] = field(default_factory=list)


@dataclass(frozen=True)
class KnownAccounts:
    """The accounts on file, which account holds which award of the programme, and the programme's sites.

    Without a site on file any site is taken; a programme's own id stands for leases before it has one.
    """

    accounts: frozenset[str]
    holder_of: dict[str, str]
    sites: frozenset[str] = frozenset()

    @classmethod
    def of(cls, programme: str) -> KnownAccounts:
        """Read them once, for many batches."""
        accepted = Award.objects.filter(programme=programme, accepted_at__isnull=False)
        awards = accepted.values_list("code", "organisation__code")
        accounts = frozenset(Organisation.objects.values_list("code", flat=True))
        sites = frozenset(Site.objects.filter(programme=programme).values_list("code", flat=True))
        return cls(accounts, dict(awards), sites | {programme} if sites else sites)

    def faults(self, run: Run) -> list[Fault]:
        """Return why a record cannot be charged to anybody, or is nobody's to charge."""
        if self.sites and run.site not in self.sites:
            return [_site_fault(run)]
        if run.account not in self.accounts:
            return [_account_fault(run)]
        if run.award is not None and self.holder_of.get(run.award) != run.account:
            return [award_not_held(run)]
        return []


def record_usage(rows: Iterable[UsageRecord], *, actor: Actor, programme: str, now: datetime, source: str) -> Intake:
    """Take in records that a driver or a job produced; takes the role cluster_admin.

    Repeats change nothing, so a caller that was interrupted simply calls again.
    """
    require(actor, Role.CLUSTER_ADMIN, programme=programme)
    with transaction.atomic():
        intake = take_in(list(rows), programme=programme, source=source, known=KnownAccounts.of(programme))
        details = {"source": source, "new": intake.new, "repeated": intake.repeated, "held": len(intake.held)}
        if intake.new or intake.held:
            record("charging.record_usage", source, actor=actor.email, now=now, programme=programme, details=details)
    return intake


@transaction.atomic
def take_in(rows: Sequence[UsageRecord], *, programme: str, source: str, known: KnownAccounts) -> Intake:
    """Take in one batch in one transaction, one after another and never during a close."""
    lock_books(programme)
    intake = Intake()
    good: list[UsageRecord] = []
    for row in rows:
        run = run_of(row)
        faults = _misfits(row) or faults_of(run) or known.faults(run)
        if faults:
            intake.held += [(row, fault) for fault in faults]
        else:
            good.append(row)
    if good:
        _store(good, programme, source, intake)
    return intake


def run_of(row: UsageRecord) -> Run:
    """Return the record as charging rates it."""
    return Run(
        site=row.site,
        job=row.job,
        start=row.start,
        end=row.end,
        account=row.account,
        devices=row.devices,
        award=row.award,
        device_seconds=row.device_seconds,
        state=row.state,
        revision=row.revision,
        interim=row.interim,
    )


def _store(rows: Sequence[UsageRecord], programme: str, source: str, intake: Intake) -> None:
    with connection.cursor() as cursor:
        cursor.execute(_CREATE_ARRIVING)
        with cursor.copy(_COPY) as copy:
            for position, row in enumerate(rows):
                copy.write_row(_columns(position, row))
        cursor.execute(_INSERT, {"programme": programme, "source": source})
        new, first = cursor.fetchone() or (0, 0)
        # Where each is the first record of its run, none takes another's place or contradicts it.
        contradicted = _settle(cursor, programme) if first < len(rows) else []
    intake.held += [(rows[position], contradiction(run_of(rows[position]))) for position in contradicted]
    intake.new += new
    intake.repeated += len(rows) - len(contradicted) - new


def _settle(cursor: CursorWrapper, programme: str) -> list[int]:
    """Let the best record of each run stand; return the positions of records that contradict one on file."""
    for statement in (_UNMARK, _MARK, _CONTRADICTIONS):
        cursor.execute(statement, {"programme": programme})
    return [position for (position,) in cursor.fetchall()]


def _columns(position: int, row: UsageRecord) -> tuple[object, ...]:
    return (
        position,
        row.site,
        row.job,
        row.start,
        row.end,
        row.account,
        row.award,
        _json(tuple(sorted(row.devices.items()))),
        _json(tuple(sorted(row.device_seconds.items()))),
        row.state,
        row.revision,
        row.interim,
        row.end if row.interim else None,
        row.origin.line,
        row.cluster_key,
    )


@lru_cache(maxsize=4096)
def _json(counts: tuple[tuple[str, int], ...]) -> str:
    """Return counts as JSON; most records of a cluster have the same few."""
    return json.dumps(dict(counts))


def _misfits(row: UsageRecord) -> list[Fault]:
    """Return what of a record the books cannot keep, so that it is held and stops nothing else."""
    texts = {
        "job": row.job,
        "state": row.state,
        "cluster_key": row.cluster_key,
        "devices": " ".join([*row.devices, *row.device_seconds]),
    }
    wrong = [(name, text) for name, text in texts.items() if len(text) > _LONGEST[name] or "\x00" in text]
    if not _is_slug(row.site):
        wrong.append(("site", row.site))
    if not 0 <= row.revision <= _HIGHEST_REVISION:
        wrong.append(("revision", str(row.revision)))
    return [_misfit(row, name, shortened(text, 80)) for name, text in wrong]


@lru_cache(maxsize=1024)
def _is_slug(text: str) -> bool:
    try:
        return bool(check_slug(text, field="site"))
    except Invalid:
        return False


def _misfit(row: UsageRecord, name: str, value: str) -> Fault:
    said = message(
        gettext_noop(
            "Job {job} has “{value}” as {field}, which cannot be kept: it is too long or holds characters that it "
            "may not. A site is lower-case letters, digits and single hyphens. Correct it and import again."
        ),
        job=shortened(row.job, 80),
        field=name,
        value=value,
    )
    return Fault("charging.run.misfit", said, field=name, value=value)


def _account_fault(run: Run) -> Fault:
    said = message(
        gettext_noop(
            "Job {job} names the account {value}, which is not on file. Register the organisation under that code, "
            "or map the account to one that is on file, and import again."
        ),
        job=run.job,
        value=run.account,
    )
    return Fault("charging.run.account", said, field="account", value=run.account)


def _site_fault(run: Run) -> Fault:
    said = message(
        gettext_noop(
            "Job {job} names the site {value}, which is not one of the programme's. Correct the site, or put it on "
            "file with `lionrock site add`, and import again."
        ),
        job=run.job,
        value=run.site,
    )
    return Fault("charging.run.site", said, field="site", value=run.site)


_CREATE_ARRIVING = """
CREATE TEMPORARY TABLE IF NOT EXISTS arriving (
    position integer, site text, job text, start timestamptz, "end" timestamptz, account text, award text,
    devices jsonb, device_seconds jsonb, state text, revision integer, interim boolean, reaches timestamptz,
    line bigint, cluster_key text
) ON COMMIT DELETE ROWS;
TRUNCATE arriving
"""

_COPY = (
    'COPY arriving (position, site, job, start, "end", account, award, devices, device_seconds, state, revision, '
    "interim, reaches, line, cluster_key) FROM STDIN"
)

# The first of several records with one identity is kept. The first record of a run stands; where there
# are more, none of the new ones does until _UNMARK and _MARK have decided, by the order of `domain.runs.rank`.
_INSERT = """
WITH kept AS (
    INSERT INTO charging_recordedrun (programme, site, job, start, "end", account, award, devices, device_seconds,
        state, revision, interim, reaches, standing, source, line, cluster_key)
    SELECT DISTINCT ON (site, job, start, interim, revision, reaches)
        %(programme)s, site, job, start, "end", account, award, devices, device_seconds,
        state, revision, interim, reaches, records = 1 AND NOT EXISTS (
            SELECT FROM charging_recordedrun known
            WHERE known.programme = %(programme)s AND known.site = arriving.site AND known.job = arriving.job
                AND known.start = arriving.start
        ), %(source)s, line, cluster_key
    FROM (SELECT *, count(*) OVER (PARTITION BY site, job, start) AS records FROM arriving) AS arriving
    ORDER BY site, job, start, interim, revision, reaches, position
    ON CONFLICT (programme, site, job, start, interim, revision, reaches) DO NOTHING
    RETURNING standing
)
SELECT count(*), count(*) FILTER (WHERE standing) FROM kept
"""

# No text from outside is in these: values are parameters, and the tables are literals.
_BEST = """
SELECT DISTINCT ON (run.site, run.job, run.start) run.id, run.site, run.job, run.start
FROM charging_recordedrun run
JOIN (SELECT DISTINCT site, job, start FROM arriving) AS met USING (site, job, start)
WHERE run.programme = %(programme)s
ORDER BY run.site, run.job, run.start, run.interim, run.revision DESC, run.reaches DESC NULLS LAST
"""

_UNMARK = f"""
UPDATE charging_recordedrun run SET standing = false
FROM ({_BEST}) AS best
WHERE run.programme = %(programme)s AND run.site = best.site AND run.job = best.job AND run.start = best.start
    AND run.standing AND run.id <> best.id
"""

_MARK = f"""
UPDATE charging_recordedrun run SET standing = true
FROM ({_BEST}) AS best
WHERE run.id = best.id AND NOT run.standing
"""

_CONTRADICTIONS = """
SELECT arriving.position
FROM arriving
JOIN charging_recordedrun run ON run.programme = %(programme)s AND run.site = arriving.site
    AND run.job = arriving.job AND run.start = arriving.start AND run.interim = arriving.interim
    AND run.revision = arriving.revision AND run.reaches IS NOT DISTINCT FROM arriving.reaches
WHERE (run."end", run.account, run.devices, run.device_seconds, run.state)
        <> (arriving."end", arriving.account, arriving.devices, arriving.device_seconds, arriving.state)
    OR run.award IS DISTINCT FROM arriving.award
ORDER BY arriving.position
"""
