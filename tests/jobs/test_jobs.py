"""Submitting, following and cancelling jobs, on a site whose behaviour is written down."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from django.db import DatabaseError, IntegrityError, transaction
from tests.jobs.scene import ITEM, MEMBER, NOW, OPERATOR, PROGRAMME, STRANGER, award, scene, submitted, works_for

from lionrock.audit.models import AuditRecord
from lionrock.awards.models import Award
from lionrock.charging.models import RecordedRun
from lionrock.charging.usage_files.rows import UsageRecord
from lionrock.jobs.actions import cancel_job, following, refresh_jobs
from lionrock.jobs.models import Job
from lionrock.jobs.queries import job_by_code, jobs, output_of, why
from lionrock.kernel.errors import Conflict, Invalid, NotAllowed, NotFound, Refused
from lionrock.people.domain import Actor, Role
from lionrock.sites.drivers.fake import FakeDriver, Plan
from lionrock.sites.drivers.protocol import JobState, Stream
from lionrock.sites.drivers.registry import DRIVERS
from lionrock.sites.models import Site

pytestmark = pytest.mark.django_db

CODE = "JOB-2026-0001"
ENDS = {
    "completed": (Plan(seconds=5), JobState.COMPLETED),
    "failed": (Plan(seconds=5, exit_code=3), JobState.FAILED),
    "timed out": (Plan(seconds=90), JobState.TIMEOUT),
    "lost": (Plan(seconds=5, loses_node=True), JobState.NODE_FAIL),
}


@pytest.fixture
def site(monkeypatch: pytest.MonkeyPatch) -> FakeDriver:
    driver = FakeDriver(NOW + timedelta(microseconds=250_000))
    monkeypatch.setitem(DRIVERS, "fake", lambda _home: driver)
    scene("fake")
    return driver


def refreshed(actor: Actor = OPERATOR) -> Job:
    refresh_jobs(actor=actor, now=NOW)
    return job_by_code(actor, CODE)


def runs() -> list[tuple[str, str, int]]:
    return [(run.job, run.state, (run.end - run.start).seconds) for run in RecordedRun.objects.order_by("job")]


# --- the way of a job -----------------------------------------------------------------------------


def test_a_job_goes_from_submission_to_charging(site: FakeDriver) -> None:
    site.plans[CODE] = Plan(seconds=5, stdout=b"done\n")
    job = submitted("python", "train.py", files={"train.py": "pass"}, devices={ITEM: 2})
    assert (job.code, job.state, job.name, job.submitted_by) == (CODE, "PENDING", "python", MEMBER.email)
    assert refreshed().state == "RUNNING"
    site.tick(60)
    job = refreshed()
    assert (job.state, job.exit_code, why(job)) == ("COMPLETED", 0, None)
    assert job.usage_recorded_at == NOW
    run = RecordedRun.objects.get()
    assert (run.programme, run.site, run.job, run.account, run.award) == (
        PROGRAMME,
        "local",
        CODE,
        "harbour",
        "AW-2026-0001",
    )
    assert (run.start, run.end, run.devices, run.state) == (NOW, NOW + timedelta(seconds=5), {ITEM: 2}, "COMPLETED")
    assert output_of(MEMBER, CODE, Stream.STDOUT, offset=0, limit=100) == b"done\n"


@pytest.mark.parametrize("ending", ENDS)
def test_every_end_is_known_explained_and_recorded(site: FakeDriver, ending: str) -> None:
    site.plans[CODE], state = ENDS[ending]
    submitted()
    site.tick(600)
    job = refreshed()
    assert job.state == state.value
    assert (why(job) is None) == (state is JobState.COMPLETED)
    assert [run[1] for run in runs()] == [state.value]


def test_a_job_seen_only_after_its_end_has_all_its_times(site: FakeDriver) -> None:
    submitted()
    site.tick(1)
    job = refreshed()
    assert (job.started_at, job.ended_at) == (site.now - timedelta(seconds=1), site.now)


def test_the_audit_tells_the_story(site: FakeDriver) -> None:
    submitted()
    refreshed()
    cancel_job(actor=MEMBER, code=CODE, now=NOW)
    story = AuditRecord.objects.filter(subject=CODE).values_list("action", "actor", "details__state")
    assert list(story) == [
        ("jobs.submit_job", MEMBER.email, None),
        ("jobs.refresh_jobs", "local@site", "RUNNING"),
        ("jobs.cancel_job", MEMBER.email, None),
        ("jobs.refresh_jobs", "local@site", "CANCELLED"),
    ]


def test_numbers_go_up(site: FakeDriver) -> None:
    assert [submitted().code for _ in range(3)] == [f"JOB-2026-000{number}" for number in (1, 2, 3)]


def test_the_year_of_a_code_is_the_programmes(site: FakeDriver) -> None:
    late = datetime(2026, 12, 31, 16, 30, tzinfo=UTC)
    call = Award.objects.get(code="AW-2026-0001").application.call
    award(call, "harbour", 3, valid_from=late.date(), valid_to=(late + timedelta(days=30)).date())
    assert submitted(award="AW-2026-0003", now=late).code == "JOB-2027-0001"


# --- refused --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("now", "covered"),
    [
        (datetime(2026, 2, 28, 15, 59, 59, tzinfo=UTC), False),
        (datetime(2026, 2, 28, 16, 0, tzinfo=UTC), True),
        (datetime(2026, 3, 31, 15, 59, 59, tzinfo=UTC), True),
        (datetime(2026, 3, 31, 16, 0, tzinfo=UTC), False),
    ],
)
def test_an_award_covers_its_days_in_the_programmes_zone(site: FakeDriver, now: datetime, covered: bool) -> None:
    if covered:
        assert submitted(now=now)
    else:
        with pytest.raises(Refused) as refused:
            submitted(now=now)
        assert [finding.rule for finding in refused.value.findings] == ["jobs.award_in_force"]
        assert not Job.objects.exists()


def test_an_award_that_ended_covers_nothing(site: FakeDriver) -> None:
    Award.objects.filter(code="AW-2026-0001").update(state="ended", ended_at=NOW)
    with pytest.raises(Refused):
        submitted()


@pytest.mark.parametrize("devices", [{ITEM: 5}, {"h800-node": 1}])
def test_devices_that_were_not_awarded_are_refused(site: FakeDriver, devices: dict[str, int]) -> None:
    with pytest.raises(Refused) as refused:
        submitted(devices=devices)
    assert [finding.rule for finding in refused.value.findings] == ["jobs.devices_awarded"]


def test_all_faults_of_a_request_come_at_once_and_nothing_is_kept(site: FakeDriver) -> None:
    with pytest.raises(Invalid) as refused:
        submitted("a\0b", name="\x1b", time_limit_seconds=3601, devices={ITEM: 0})
    assert [fault.field for fault in refused.value.faults] == ["argv", "name", "devices", "time_limit"]
    assert "3600" in str(refused.value.faults[-1])
    assert not Job.objects.exists()
    assert site.jobs == {}


@pytest.mark.parametrize("named", ["elsewhere", "nowhere"])
def test_a_site_of_another_programme_is_no_site(site: FakeDriver, named: str) -> None:
    Site.objects.create(code="elsewhere", name="E", time_zone="UTC", programme="other", driver="fake", created_at=NOW)
    with pytest.raises(Invalid) as refused:
        submitted(site=named)
    assert "local" in str(refused.value)


def test_of_several_sites_one_must_be_named(site: FakeDriver) -> None:
    Site.objects.create(code="second", name="S", time_zone="UTC", programme=PROGRAMME, driver="fake", created_at=NOW)
    with pytest.raises(Invalid) as refused:
        submitted()
    assert "local, second" in str(refused.value)
    assert submitted(site="second").site.code == "second"


# --- who ------------------------------------------------------------------------------------------

SEES, CANCELS = "sees", "cancels"
WHO = [
    (MEMBER, {SEES, CANCELS}),
    (OPERATOR, {SEES, CANCELS}),
    (works_for(Role.CLUSTER_ADMIN), {SEES, CANCELS}),
    *[(works_for(role), {SEES}) for role in (Role.OFFICE, Role.COMMITTEE, Role.FINANCE, Role.AUDITOR)],
    (STRANGER, set()),
    (works_for(Role.CLUSTER_ADMIN, "elsewhere"), set()),
    (Actor("nobody@example.org"), set()),
]


@pytest.mark.parametrize(("actor", "may"), WHO, ids=[actor.email for actor, _ in WHO])
def test_who_sees_a_job_and_who_stops_it(site: FakeDriver, actor: Actor, may: set[str]) -> None:
    submitted()
    assert [job.code for job in jobs(actor)] == ([CODE] if SEES in may else [])
    asks = [
        lambda: job_by_code(actor, CODE),
        lambda: output_of(actor, CODE, Stream.STDOUT, offset=0, limit=1),
    ]
    for ask in asks:
        if SEES in may:
            ask()
        else:
            with pytest.raises(NotFound):
                ask()
    if CANCELS in may:
        assert cancel_job(actor=actor, code=CODE, now=NOW).state == "CANCELLED"
    else:
        with pytest.raises(NotAllowed if SEES in may else NotFound):
            cancel_job(actor=actor, code=CODE, now=NOW)
        assert refreshed().state == "RUNNING"


@pytest.mark.parametrize(("actor", "may"), WHO, ids=[actor.email for actor, _ in WHO])
def test_who_submits_under_an_award(site: FakeDriver, actor: Actor, may: set[str]) -> None:
    if actor in (MEMBER, OPERATOR):
        assert submitted(actor=actor).submitted_by == actor.email
    else:
        with pytest.raises(NotAllowed if SEES in may else NotFound):
            submitted(actor=actor)
        assert not Job.objects.exists()


def test_a_refresh_asks_only_about_jobs_that_one_sees(site: FakeDriver) -> None:
    submitted()
    site.tick(60)
    assert refresh_jobs(actor=STRANGER, now=NOW).changed == ()
    assert refresh_jobs(actor=MEMBER, now=NOW).changed == (CODE,)


# --- once and for all -----------------------------------------------------------------------------


def test_refreshing_again_changes_nothing(site: FakeDriver) -> None:
    submitted()
    site.tick(60)
    first = refreshed()
    audits = AuditRecord.objects.count()
    assert refresh_jobs(actor=OPERATOR, now=NOW).changed == ()
    assert refreshed().__dict__ | {"_state": None} == first.__dict__ | {"_state": None}
    assert (len(runs()), AuditRecord.objects.count()) == (1, audits)


def test_a_refresh_killed_while_charging_leaves_the_job_open_and_the_next_does_it_all(
    site: FakeDriver, monkeypatch: pytest.MonkeyPatch
) -> None:
    submitted()
    site.tick(60)
    real = following.record_usage

    def killed(*arguments: object, **facts: object) -> None:
        real(*arguments, **facts)  # type: ignore[arg-type]
        raise KeyboardInterrupt

    monkeypatch.setattr(following, "record_usage", killed)
    with pytest.raises(KeyboardInterrupt):
        refresh_jobs(actor=OPERATOR, now=NOW)
    assert (job_by_code(OPERATOR, CODE).state, runs()) == ("PENDING", [])
    monkeypatch.undo()
    monkeypatch.setitem(DRIVERS, "fake", lambda _home: site)
    assert refreshed().state == "COMPLETED"
    assert len(runs()) == 1


def test_what_charging_holds_is_named_and_tried_again(site: FakeDriver, monkeypatch: pytest.MonkeyPatch) -> None:
    submitted()
    site.tick(60)
    real = following.usage_of
    monkeypatch.setattr(following, "usage_of", lambda ended: _without_devices(real(ended)))
    job = refreshed()
    assert (job.state, job.usage_recorded_at) == ("COMPLETED", None)
    assert job.usage_fault["code"] == "charging.run.no_devices"
    assert refresh_jobs(actor=OPERATOR, now=NOW).changed == ()
    monkeypatch.setattr(following, "usage_of", real)
    job = refreshed()
    assert (job.usage_recorded_at, job.usage_fault) == (NOW, None)
    assert len(runs()) == 1


def _without_devices(row: UsageRecord) -> UsageRecord:
    return replace(row, devices={})


def test_a_lease_is_paid_anyway_so_its_jobs_are_not_charged(site: FakeDriver) -> None:
    call = Award.objects.get(code="AW-2026-0001").application.call
    award(call, "harbour", 3, mode="lease")
    submitted(award="AW-2026-0003")
    site.tick(60)
    assert (refreshed().state, runs()) == ("COMPLETED", [])
    assert refresh_jobs(actor=OPERATOR, now=NOW).changed == ()


def test_a_job_that_never_started_used_nothing(site: FakeDriver) -> None:
    site.plans[CODE] = Plan(seconds=60)
    submitted()
    second = submitted()
    assert cancel_job(actor=MEMBER, code=second.code, now=NOW).state == "CANCELLED"
    site.tick(60)
    refreshed()
    assert [run[0] for run in runs()] == [CODE]


# --- a site that is away or has forgotten ---------------------------------------------------------


def test_a_job_waits_for_a_site_that_is_away_and_runs_once(site: FakeDriver) -> None:
    site.away = True
    job = submitted()
    assert (job.state, job.handle) == ("PENDING", "")
    told = refresh_jobs(actor=OPERATOR, now=NOW)
    assert (told.changed, list(told.away)) == ((), ["local"])
    assert output_of(MEMBER, CODE, Stream.STDOUT, offset=0, limit=10) == b""
    site.away = False
    assert refreshed().state == "RUNNING"
    site.tick(60)
    assert refreshed().state == "COMPLETED"
    assert len(site.jobs) == 1


def test_one_site_away_does_not_stop_the_others(site: FakeDriver, monkeypatch: pytest.MonkeyPatch) -> None:
    other = FakeDriver(NOW, away=True)
    monkeypatch.setitem(DRIVERS, "other", lambda _home: other)
    Site.objects.create(code="far", name="F", time_zone="UTC", programme=PROGRAMME, driver="other", created_at=NOW)
    submitted(site="far")
    submitted(site="far")
    near = submitted(site="local")
    told = refresh_jobs(actor=OPERATOR, now=NOW)
    assert (told.changed, list(told.away)) == ((near.code,), ["far"])


def test_a_job_handed_over_but_not_noted_is_not_run_twice(site: FakeDriver) -> None:
    job = submitted()
    Job.objects.filter(pk=job.pk).update(handle="")
    assert refreshed().handle == job.handle
    assert len(site.jobs) == 1


def test_what_the_site_refuses_for_good_is_failed(site: FakeDriver) -> None:
    site.away = True
    job = submitted(argv=("one",))
    site.away = False
    other = submitted(argv=("two",))
    site.jobs[job.key.hex] = site.jobs[other.key.hex]
    job = refreshed()
    assert (job.state, job.reason, job.started_at) == ("FAILED", "not_started", None)
    assert "other content" in str(why(job))


def test_a_job_that_the_site_no_longer_has_is_lost(site: FakeDriver) -> None:
    submitted()
    started = refreshed().started_at
    site.jobs.clear()
    job = refreshed()
    assert (job.state, job.reason, job.started_at, job.ended_at) == ("NODE_FAIL", "folder_lost", started, started)
    assert [run[1:] for run in runs()] == [("NODE_FAIL", 0)]


# --- cancelling -----------------------------------------------------------------------------------


def test_a_running_job_is_cancelled_and_charged_for_what_it_used(site: FakeDriver) -> None:
    site.plans[CODE] = Plan(seconds=60)
    submitted()
    site.tick(7)
    job = cancel_job(actor=MEMBER, code=CODE, now=NOW)
    assert (job.state, job.cancel_requested_at) == ("CANCELLED", NOW)
    assert runs() == [(CODE, "CANCELLED", 7)]


def test_a_job_that_was_not_handed_over_is_cancelled_here(site: FakeDriver) -> None:
    site.away = True
    submitted()
    job = cancel_job(actor=MEMBER, code=CODE, now=NOW)
    assert (job.state, job.reason, job.started_at) == ("CANCELLED", "cancelled", None)
    site.away = False
    refreshed()
    assert site.jobs == {}


@pytest.mark.parametrize("ending", ENDS)
def test_what_is_over_cannot_be_cancelled_even_when_we_did_not_know(site: FakeDriver, ending: str) -> None:
    site.plans[CODE], state = ENDS[ending]
    submitted()
    site.tick(600)
    for _ in range(2):
        with pytest.raises(Conflict) as refused:
            cancel_job(actor=MEMBER, code=CODE, now=NOW)
        assert state.value in str(refused.value)
    assert refreshed().cancel_requested_at is None


def test_a_cancellation_that_was_interrupted_goes_on_at_the_next_refresh(site: FakeDriver) -> None:
    site.plans[CODE] = Plan(seconds=60)
    submitted()
    refreshed()
    site.away = True
    assert cancel_job(actor=MEMBER, code=CODE, now=NOW).state == "RUNNING"
    assert cancel_job(actor=MEMBER, code=CODE, now=NOW + timedelta(hours=1)).cancel_requested_at == NOW
    site.away = False
    assert refreshed().state == "CANCELLED"
    assert AuditRecord.objects.filter(action="jobs.cancel_job").count() == 1


@pytest.mark.parametrize("code", ["JOB-2026-0009", "", "'; DROP TABLE jobs_job; --"])
def test_a_job_that_is_not_there(site: FakeDriver, code: str) -> None:
    for ask in (
        lambda: job_by_code(OPERATOR, code),
        lambda: cancel_job(actor=OPERATOR, code=code, now=NOW),
        lambda: output_of(OPERATOR, code, Stream.STDERR, offset=0, limit=1),
    ):
        with pytest.raises(NotFound):
            ask()


# --- the table ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "change",
    [
        {"state": "SLEEPING"},
        {"state": "RUNNING"},
        {"started_at": NOW},
        {"state": "COMPLETED", "started_at": NOW},
        {"state": "COMPLETED", "started_at": NOW, "ended_at": NOW - timedelta(seconds=1)},
        {"argv": ["other"]},
        {"devices": {ITEM: 99}},
        {"submitted_by": "somebody@else.example"},
        {"time_limit_seconds": 61},
    ],
)
def test_the_database_itself_refuses_what_cannot_be(site: FakeDriver, change: dict[str, object]) -> None:
    submitted()
    with pytest.raises((IntegrityError, DatabaseError)), transaction.atomic():
        Job.objects.filter(code=CODE).update(**change)


def test_jobs_are_never_deleted(site: FakeDriver) -> None:
    submitted()
    with pytest.raises(DatabaseError), transaction.atomic():
        Job.objects.filter(code=CODE).delete()
