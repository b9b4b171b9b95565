"""What a job would cost and when it would start, before it is submitted."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime

from lionrock.awards.models import Award
from lionrock.awards.queries import award_by_code
from lionrock.custody.queries.placing import placement_at
from lionrock.jobs.actions.submitting import check_request, coverage, site_for, spec_of
from lionrock.jobs.costing import planned_run, quota_left, worst_cost
from lionrock.jobs.domain.costs import Cost
from lionrock.jobs.domain.quota import Quota
from lionrock.jobs.domain.requests import JobRequest, asked_for, tasks_of
from lionrock.jobs.models import Job
from lionrock.jobs.queries import driver_of
from lionrock.kernel.errors import Conflict, Invalid, NotAllowed, Refused, Unavailable
from lionrock.kernel.findings import Finding, Outcome
from lionrock.kernel.messages import Message, gettext_noop, message
from lionrock.kernel.periods import local_date
from lionrock.kernel.quantities import device_hours
from lionrock.people.domain import Actor
from lionrock.people.policies import require_member
from lionrock.people.programmes import programme_on_file
from lionrock.rules.items import Mode
from lionrock.sites.models import Site


@dataclass(frozen=True, slots=True)
class Estimate:
    """The worst case, when the job runs for all its time limit; `cost` is None for a leased award.

    `starts` is when it would start by what is known now; where nobody knows, `not_known` may say why.
    """

    award: Award
    site: Site
    cost: Cost | None
    device_seconds: int
    quota: Quota
    findings: tuple[Finding, ...]
    starts: datetime | None
    not_known: Message | None
    keeps_quota: bool

    @property
    def waits_for_quota(self) -> bool:
        """Tell whether the site, which keeps quotas, would let it wait for more of it."""
        return self.keeps_quota and self.device_seconds > self.quota.left

    @property
    def stopping(self) -> tuple[Finding, ...]:
        """What stands against it."""
        return tuple(finding for finding in self.findings if finding.outcome is not Outcome.MET)


def estimate_job(*, actor: Actor, request: JobRequest, now: datetime) -> Estimate:
    """Return what a job would cost and when it would start; nothing is written.

    For members of the award's organisation. Raises as `submit_job` does, but what the award does not
    cover comes as findings.
    """
    award = award_by_code(actor, request.award)
    require_member(actor, award.organisation.code)
    site = site_for(actor, award.programme, request.site)
    offered = driver_of(site).capabilities()
    check_request(actor, request, award, site, offered)
    devices = {item: count * tasks_of(request.array) for item, count in asked_for(request, award.item).items()}
    run = planned_run(award, site.code, devices, now, request.time_limit_seconds)
    quota = quota_left(award, now)
    used = devices.get(award.item, 0) * request.time_limit_seconds
    today = local_date(now, programme_on_file(award.programme).zone)
    lies = placement_at(award, site)
    starts, not_known = _start(actor, request, award, site, offered_accounts=offered.has_accounting)
    return Estimate(
        award=award,
        site=site,
        cost=worst_cost(award, run) if award.mode == Mode.METERED.value else None,
        device_seconds=used,
        quota=quota,
        findings=(*coverage(request, award, today), *([lies] if lies else []), _within_quota(quota, used)),
        starts=starts,
        not_known=not_known,
        keeps_quota=offered.has_accounting,
    )


def _within_quota(quota: Quota, used: int) -> Finding:
    """Return whether what is left of the quota reaches for the whole time limit, as clusters ask, too."""
    return Finding(
        rule="jobs.quota_left",
        outcome=Outcome.MET if used <= quota.left else Outcome.NOT_MET,
        message=message(
            gettext_noop("The job may use up to {used} device-hours; {left} are left of the award's quota."),
            used=device_hours(used),
            left=quota.left_hours,
        ),
        facts={"used": str(used), "left": str(quota.left)},
        remedy=message(gettext_noop("Ask for less time or fewer devices; a cluster that keeps quotas lets it wait.")),
    )


def _start(
    actor: Actor, request: JobRequest, award: Award, site: Site, *, offered_accounts: bool
) -> tuple[datetime | None, Message | None]:
    """Return when the site would start it, or why that is not known."""
    draft = Job(
        code="JOB-0000-0000",
        key=uuid.uuid4(),
        award=award,
        site=site,
        organisation=award.organisation,
        submitted_by=actor.email,
        name=request.called,
        argv=list(request.argv),
        files=dict(request.files),
        devices=asked_for(request, award.item),
        time_limit_seconds=request.time_limit_seconds,
        array=request.array,
        accounted_by_site=offered_accounts,
    )
    try:
        spec = spec_of(draft)
        return (driver_of(site).estimated_start(spec) if spec else None), None
    except (Unavailable, Invalid, Refused, Conflict, NotAllowed) as wrong:
        return None, wrong.message
