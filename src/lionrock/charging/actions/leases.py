"""Leases: one record of use for the whole span of an award, billed month by month whether used or not."""

from __future__ import annotations

from datetime import datetime

from lionrock.audit.actions import record
from lionrock.awards.models import Award
from lionrock.charging.actions.intake import KnownAccounts, take_in
from lionrock.charging.basis import starts_at
from lionrock.charging.models import RecordedRun
from lionrock.charging.usage_files import Origin, UsageRecord
from lionrock.kernel.errors import Broken
from lionrock.kernel.messages import gettext_noop, message
from lionrock.kernel.periods import local_midnight
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
    if found.mode != Mode.LEASE:
        return
    zone = programme_on_file(found.programme).zone
    _take(
        "lease_on_award",
        found,
        UsageRecord(
            site=home_site(found.programme),
            job=lease_job(award),
            start=starts_at(found, zone),
            end=local_midnight(found.valid_to, zone),
            account=found.organisation.code,
            award=award,
            devices={found.item: found.count},
            device_seconds={},
            state=LEASE_STATE,
            revision=1,
            interim=False,
            origin=Origin(lease_job(award), 1),
            cluster_key="",
        ),
        actor,
        now,
    )


def shorten_lease_on_end(*, actor: Actor, award: str, now: datetime) -> None:
    """End the lease of an award that ends before its time: a new revision, up to that second."""
    found = Award.objects.select_related("organisation").get(code=award)
    lease = RecordedRun.objects.filter(
        programme=found.programme, job=lease_job(award), standing=True, end__gt=now
    ).first()
    if lease is None:
        return
    _take(
        "shorten_lease_on_end",
        found,
        UsageRecord(
            site=lease.site,
            job=lease.job,
            start=lease.start,
            end=max(lease.start, now.replace(microsecond=0)),
            account=lease.account,
            award=lease.award,
            devices=lease.devices,
            device_seconds={},
            state=LEASE_STATE,
            revision=lease.revision + 1,
            interim=False,
            origin=Origin(lease.job, lease.revision + 1),
            cluster_key="",
        ),
        actor,
        now,
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
