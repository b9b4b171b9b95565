"""Leases: one record of use for the whole span of an award, billed month by month whether used or not."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from django.db import transaction
from django.db.models import Q, QuerySet

from lionrock.audit.actions import record
from lionrock.awards.domain import pieces
from lionrock.awards.models import Award
from lionrock.awards.queries import award_by_code, end_in_force, versions_of
from lionrock.charging.actions.intake import KnownAccounts, take_in
from lionrock.charging.domain.leases import billed_spans, is_countable
from lionrock.charging.models import LeasePause, RecordedRun
from lionrock.charging.usage_files import Origin, UsageRecord
from lionrock.kernel.errors import Broken, Conflict, Fault, Invalid, collecting
from lionrock.kernel.messages import gettext_noop, message
from lionrock.kernel.periods import Interval, local_date, local_midnight
from lionrock.kernel.texts import check_line
from lionrock.ledger.locks import lock_books
from lionrock.people.domain import Actor, Role
from lionrock.people.policies import require
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
    for number, span, count in _billed(award, zone):
        known = recorded.pop((_job(award.code, number), span.start), None)
        if known is None or (known.end, known.devices) != (span.end, {award.item: count}):
            _take(verb, award, _lease(award, number, span, count, known), actor, now)
    for unwanted in recorded.values():
        if unwanted.start < unwanted.end:
            _take(verb, award, _until(unwanted, unwanted.start), actor, now)


def _billed(award: Award, zone: ZoneInfo) -> Iterator[tuple[int, Interval, int]]:
    """Yield each span of equal count that is billed, with the number of its piece: without pauses, up to the end."""
    paused = LeasePause.objects.filter(award=award.code).values_list("starts", "ends")
    pauses = [Interval(starts.astimezone(UTC), ends.astimezone(UTC)) for starts, ends in paused]
    if award.ended_at is not None:
        over = award.ended_at.astimezone(UTC).replace(microsecond=0)
        pauses.append(Interval(over, max(over, local_midnight(end_in_force(award), zone))))
    for number, piece in enumerate(pieces(versions_of(award)), 1):
        whole = Interval(local_midnight(piece.start, zone), local_midnight(piece.end, zone))
        for span in billed_spans(whole, pauses):
            yield number, span, piece.count


@transaction.atomic
def pause_lease(
    *, actor: Actor, award: str, starts: datetime, ends: datetime, reason: str, cause: str, now: datetime
) -> LeasePause:
    """Leave a span of time of a lease unbilled, because what was leased was not there; takes the role finance.

    What of it lies in closed months is given back by the next close. `cause` is the reference of the decision:
    deciding it twice changes nothing. Raises `NotFound` for an award that is not there for the actor, `Invalid` with
    every fault, `Conflict` when the cause was used for something else.
    """
    found = award_by_code(actor, award)
    require(actor, Role.FINANCE, programme=found.programme)
    _check_pause(found, starts, ends, reason, cause)
    lock_books(found.programme)
    facts = {"award": award, "starts": starts, "ends": ends, "reason": reason}
    first = LeasePause.objects.filter(programme=found.programme, cause=cause).first()
    if first is not None:
        if any(getattr(first, name) != value for name, value in facts.items()):
            said = gettext_noop("{cause} was decided before with other content. Decide under a cause of its own.")
            raise Conflict("charging.pause.cause_taken", message(said, cause=cause))
        return first
    made = LeasePause.objects.create(
        programme=found.programme, cause=cause, decided_by=actor.email, decided_at=now, **facts
    )
    _record_pieces("pause_lease", found, actor, now)
    record(
        "charging.pause_lease",
        award,
        actor=actor.email,
        now=now,
        programme=found.programme,
        organisation=found.organisation.code,
        details={"starts": starts.isoformat(), "ends": ends.isoformat(), "reason": reason, "cause": cause},
    )
    return made


def _check_pause(award: Award, starts: datetime, ends: datetime, reason: str, cause: str) -> None:
    programme = programme_on_file(award.programme)
    faults: list[Fault] = []
    for name, text, longest in (("reason", reason, 300), ("cause", cause, 100)):
        with collecting(faults):
            check_line(text, field=name, longest=longest)
    if award.mode != Mode.LEASE or award.accepted_at is None:
        faults.append(_fault("award", award.code, _NO_LEASE))
    if starts >= ends or starts.microsecond or ends.microsecond:
        faults.append(_fault("to", ends.isoformat(), _NO_SPAN))
    else:
        rule = programme.at(local_date(starts, programme.zone)).proration()
        if not is_countable(Interval(starts, ends), rule, programme.zone):
            faults.append(_fault("to", ends.isoformat(), _UNCOUNTABLE, rule=rule.value))
    if faults:
        raise Invalid("charging.pause.invalid", faults[0].message, faults=faults)


_NO_LEASE = gettext_noop("{value} is no accepted award of a lease. See `lionrock award list`.")
_NO_SPAN = gettext_noop("“{value}” is not after the beginning, or not a whole second. Write when the pause ends.")
_UNCOUNTABLE = gettext_noop(
    "The programme prorates {rule}, so that a pause begins and ends with a whole day, or month, of its zone. "
    "Move its edges, or adjust the charge instead."
)


def _fault(name: str, value: str, template: str, **more: object) -> Fault:
    return Fault(f"charging.pause.{name}", message(template, value=value, **more), field=name, value=value)


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
