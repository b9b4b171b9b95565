"""Leases: one record of use for the whole span of an award, billed month by month whether used or not."""

from __future__ import annotations

from datetime import datetime

from django.db.models import Q, QuerySet

from lionrock.audit.actions import record
from lionrock.awards.domain import pieces
from lionrock.awards.models import Award
from lionrock.awards.queries import versions_of
from lionrock.charging.actions.intake import KnownAccounts, take_in
from lionrock.charging.models import RecordedRun
from lionrock.charging.usage_files import Origin, UsageRecord
from lionrock.kernel.errors import Broken
from lionrock.kernel.messages import gettext_noop, message
from lionrock.kernel.periods import Interval, local_midnight
from lionrock.people.domain import Actor
from lionrock.people.programmes import programme_on_file
from lionrock.rules.items import Mode
from lionrock.sites.queries import home_site

LEASE_STATE = "LEASE"


def lease_job(award: str) -> str:
    """Return the job id under which an award's lease is recorded."""
    return f"lease:{award}"


def lease_on_award(*, actor: Actor, award: str, now: datetime) -> None:
    """Record the lease of a lease award; a metered award is charged by what it uses."""
    found = Award.objects.select_related("organisation").get(code=award)
    if found.mode == Mode.LEASE:
        _record_pieces("lease_on_award", found, actor, now)


def lease_on_variation(*, actor: Actor, award: str, now: datetime) -> None:
    """Record the lease of an award as its terms are now: of each span of equal count, a run.

    A run that is another than recorded gets a new revision, and one that is not wanted any more
    ends where it begins. What lies before the variation is recorded as it was.
    """
    found = Award.objects.select_related("organisation").get(code=award)
    if found.mode == Mode.LEASE:
        _record_pieces("lease_on_variation", found, actor, now)


def _record_pieces(verb: str, award: Award, actor: Actor, now: datetime) -> None:
    zone = programme_on_file(award.programme).zone
    recorded = {(run.job, run.start): run for run in _standing(award)}
    for number, piece in enumerate(pieces(versions_of(award)), 1):
        span = Interval(local_midnight(piece.start, zone), local_midnight(piece.end, zone))
        known = recorded.pop((_job(award.code, number), span.start), None)
        if known is None or (known.end, known.devices) != (span.end, {award.item: piece.count}):
            _take(verb, award, _lease(award, number, span, piece.count, known), actor, now)
    for unwanted in recorded.values():
        if unwanted.start < unwanted.end:
            _take(verb, award, _until(unwanted, unwanted.start), actor, now)


def shorten_lease_on_end(*, actor: Actor, award: str, now: datetime) -> None:
    """End the lease of an award that ends before its time: a new revision, up to that second."""
    found = Award.objects.select_related("organisation").get(code=award)
    for lease in _standing(found).filter(end__gt=now):
        ends = max(lease.start, now.replace(microsecond=0))
        _take("shorten_lease_on_end", found, _until(lease, ends), actor, now)


def _standing(award: Award) -> QuerySet[RecordedRun]:
    ours = Q(job=lease_job(award.code)) | Q(job__startswith=f"{lease_job(award.code)}/")
    return RecordedRun.objects.filter(ours, programme=award.programme, standing=True).order_by("start", "job")


def _job(award: str, number: int) -> str:
    return lease_job(award) if number == 1 else f"{lease_job(award)}/{number}"


def _lease(award: Award, number: int, span: Interval, count: int, known: RecordedRun | None) -> UsageRecord:
    """Return the record of one span of a lease; a later one than `known`, where that is on file."""
    job, revision = _job(award.code, number), known.revision + 1 if known else 1
    return UsageRecord(
        site=known.site if known else home_site(award.programme),
        job=job,
        start=span.start,
        end=span.end,
        account=award.organisation.code,
        award=award.code,
        devices={award.item: count},
        device_seconds={},
        state=LEASE_STATE,
        revision=revision,
        interim=False,
        origin=Origin(job, revision),
        cluster_key="",
    )


def _until(lease: RecordedRun, ends: datetime) -> UsageRecord:
    """Return the next revision of a recorded lease, with another end."""
    return UsageRecord(
        site=lease.site,
        job=lease.job,
        start=lease.start,
        end=ends,
        account=lease.account,
        award=lease.award,
        devices=lease.devices,
        device_seconds={},
        state=LEASE_STATE,
        revision=lease.revision + 1,
        interim=False,
        origin=Origin(lease.job, lease.revision + 1),
        cluster_key="",
    )


def _take(verb: str, award: Award, lease: UsageRecord, actor: Actor, now: datetime) -> None:
    known = KnownAccounts.of(award.programme)
    intake = take_in([lease], programme=award.programme, source=f"award {award.code}", known=known)
    if intake.held:
        reasons = "; ".join(str(fault) for _, fault in intake.held)
        said = gettext_noop("The lease of {award} cannot be recorded: {reasons}")
        raise Broken("charging.lease.held", message(said, award=award.code, reasons=reasons))
    record(
        f"charging.{verb}",
        award.code,
        actor=actor.email,
        now=now,
        programme=award.programme,
        organisation=lease.account,
        details={"site": lease.site, "start": lease.start.isoformat(), "end": lease.end.isoformat()},
    )
