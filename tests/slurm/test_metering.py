"""From a job on a real cluster to its charge: every case that the running version can produce."""

from __future__ import annotations

import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from tests.charging.books import Books
from tests.metering.world import ACCOUNT, ADMIN, AWARD, LEASED, SITE, put_site
from tests.slurm.cluster import Cluster
from tests.slurm.layout import Group
from tests.slurm.metered import give_account, going_on, read, submit, whole

from lionrock.charging.models import ChargeLine, RecordedRun
from lionrock.kernel.errors import Unavailable
from lionrock.kernel.periods import Month
from lionrock.metering.actions import reconcile
from lionrock.metering.models import Collection, MeteredRun
from lionrock.sites.models import Site

pytestmark = pytest.mark.django_db(transaction=True)

HOUR = timedelta(hours=1)


@pytest.fixture(scope="module")
def cluster() -> Iterator[Cluster]:
    """A cluster of their own: what others ran, and whose accounts they removed meanwhile, is in no total."""
    made = Cluster.make(name="metered")
    yield made
    made.purge()


@pytest.fixture(autouse=True)
def site(books: Books, cluster: Cluster) -> None:
    """The cluster, and on it the award's account."""
    put_site(cluster.connection, created_at=datetime.now(UTC))
    give_account(cluster)


def agrees_with_sreport(cluster: Cluster) -> None:
    """Have Slurm add up this hour, which is not over, and the one before, and compare each.

    sreport takes an end that is to come for the hour's beginning, and a span of less than an hour for one hour.
    """
    now = datetime.now(UTC)
    this = now.replace(minute=0, second=0, microsecond=0)
    for start in (this - HOUR, this):
        assert differences(cluster, start, now) == []


def differences(cluster: Cluster, start: datetime, now: datetime) -> list[dict[str, object]]:
    """Return how the hour differs, once what Slurm's daemons still hold back has had time to arrive."""
    found: list[dict[str, object]] = []
    for _ in range(15):
        cluster.run("sacctmgr", "-i", "rollup", *(f"{at:%Y-%m-%dT%H:%M:%S}" for at in (start, start + HOUR)))
        done = reconcile(actor=ADMIN, site=SITE, now=now, start=start, end=start + HOUR)
        found = done.differences
        if done.agrees:
            break
        time.sleep(1)
    return found


def test_a_requeued_job_is_two_runs(cluster: Cluster) -> None:
    job = submit(cluster, "sleep 12", "--requeue")
    going_on(cluster, job)
    cluster.run("scontrol", "requeue", job)
    whole(cluster, job)
    runs = MeteredRun.objects.filter(job=job).order_by("start")
    assert [run.state for run in runs] == ["REQUEUED", "COMPLETED"]
    assert RecordedRun.objects.filter(job=job, standing=True).count() == 2
    agrees_with_sreport(cluster)


def test_what_a_failed_node_broke_off_is_not_billed(cluster: Cluster) -> None:
    job = submit(cluster, "sleep 20", "--no-requeue", "-w", "h800-2")
    going_on(cluster, job)
    cluster.run("scontrol", "update", "nodename=h800-2", "state=down", "reason=test")
    whole(cluster, job)
    cluster.attempt("scontrol", "update", "nodename=h800-2", "state=resume")
    record = RecordedRun.objects.get(job=job)
    assert record.state == "NODE_FAIL"
    agrees_with_sreport(cluster)


def test_tasks_and_parts_are_runs_of_their_own(cluster: Cluster) -> None:
    array = submit(cluster, "sleep 1", "-a", "1-3%2")
    het = cluster.run(
        "sbatch", "--parsable", "-A", ACCOUNT, "-D", "/tmp", "-o", "/dev/null", "-p", "h800", "--gres=gpu:h800:1",
        "--wrap", "sleep 2", ":", "-A", ACCOUNT, "-p", "a100", "--gres=gpu:a100:4", user=cluster.users[0],
    )  # fmt: skip
    whole(cluster, array, het)
    tasks = RecordedRun.objects.filter(job__startswith=f"{array}_", standing=True)
    cluster.until(lambda: bool(read(cluster)) and tasks.count() == 3, "three tasks in the books")
    assert {run.job for run in tasks} == {f"{array}_1", f"{array}_2", f"{array}_3"}
    assert all(run.devices == {"gpu": 2} for run in tasks)
    assert RecordedRun.objects.get(job=f"{het}+0", standing=True).devices == {"gpu": 1}
    assert RecordedRun.objects.get(job=f"{het}+1", standing=True).devices == {"pod": 2}
    agrees_with_sreport(cluster)


def test_time_suspended_is_not_charged(cluster: Cluster) -> None:
    job = submit(cluster, "sleep 12")
    going_on(cluster, job)
    cluster.run("scontrol", "suspend", job)
    cluster.until(lambda: bool(read(cluster)) and MeteredRun.objects.get(job=job).state == "SUSPENDED", "suspended")
    time.sleep(2)
    cluster.run("scontrol", "resume", job)
    whole(cluster, job)
    run, record = MeteredRun.objects.get(job=job), RecordedRun.objects.get(job=job, standing=True)
    assert run.end is not None
    assert run.busy < (run.end - run.start).seconds
    assert record.device_seconds == {"gpu": 2 * run.busy}
    agrees_with_sreport(cluster)


def test_what_never_ran_is_no_run(cluster: Cluster) -> None:
    held = submit(cluster, "sleep 1", "--hold")
    cluster.run("scancel", held)
    ran = submit(cluster, "true")
    whole(cluster, ran)
    assert not MeteredRun.objects.filter(key__startswith=f"{held}@").exists()


def test_while_the_accounting_is_away_nothing_is_lost(cluster: Cluster) -> None:
    read(cluster)
    through = Collection.objects.get().through
    cluster.stop("slurmdbd")
    job = submit(cluster, "sleep 1")
    with pytest.raises(Unavailable):
        read(cluster)
    state = Collection.objects.get()
    assert state.through == through
    assert state.failure["code"] == "sites.slurm.away"
    cluster.wait(job, "COMPLETED")
    cluster.start()
    whole(cluster, job)
    assert Collection.objects.get().failure == {}
    assert RecordedRun.objects.get(job=job).state == "COMPLETED"
    agrees_with_sreport(cluster)


def test_what_the_killed_controller_had_written_down_is_one_run(cluster: Cluster) -> None:
    job = submit(cluster, "sleep 20")
    going_on(cluster, job)
    cluster.wait_until_saved()
    cluster.kill("slurmctld")
    read(cluster)
    cluster.start()
    whole(cluster, job)
    run, record = MeteredRun.objects.get(job=job), RecordedRun.objects.get(job=job, standing=True)
    assert run.state == record.state == "COMPLETED"
    assert run.busy >= 20
    assert (record.start, record.end) == (run.start, run.end)
    agrees_with_sreport(cluster)


def test_what_the_killed_controller_forgot_is_what_the_accounting_says(cluster: Cluster) -> None:
    """It writes down every five seconds: after the crash the job is held as before, though it ran, and runs again."""
    job = submit(cluster, "sleep 3", "--hold")
    cluster.wait_until_saved()
    cluster.run("scontrol", "release", job)
    cluster.wait(job, "RUNNING")
    read(cluster)
    cluster.kill("slurmctld")
    cluster.start()

    def looked_after() -> bool:
        """Let go what is held again, and bring back a node that was given a job twice, as an administrator does."""
        cluster.attempt("scontrol", "release", job)
        cluster.attempt("scontrol", "update", "nodename=h800-[1-2]", "state=resume")
        time.sleep(1)
        return cluster.state(job) == "COMPLETED"

    cluster.until(looked_after, f"{job} ended")
    whole(cluster, job)
    table = f"slurm_acct.{cluster.name}_job_table"
    in_slurm = cluster.sql(
        f"SELECT time_start, time_end FROM {table} WHERE id_job = {job} AND time_end > time_start ORDER BY time_start"
    )
    records = RecordedRun.objects.filter(job=job, standing=True).order_by("start")
    ours = [f"{run.start.timestamp():.0f}\t{run.end.timestamp():.0f}" for run in records if run.end > run.start]
    assert ours == in_slurm.splitlines()
    agrees_with_sreport(cluster)


def test_what_is_ended_before_its_time_is_charged_for_what_it_ran(cluster: Cluster) -> None:
    """One job goes over its limit, another makes room for one that comes first."""
    late = submit(cluster, "sleep 600")
    cluster.wait(late, "RUNNING")
    # A limit is of minutes; the end that follows from it can be moved, and is looked at every half a minute.
    cluster.run("scontrol", "update", f"jobid={late}", "endtime=now+2")
    pushed, pusher = preempted(cluster)
    assert cluster.wait(late) == "TIMEOUT"
    whole(cluster, late, pushed, pusher)
    timed_out = RecordedRun.objects.get(job=late, standing=True)
    made_room = RecordedRun.objects.get(job=pushed, standing=True)
    assert (timed_out.state, timed_out.award) == ("TIMEOUT", AWARD)
    assert (made_room.state, made_room.award) == ("PREEMPTED", AWARD)
    assert made_room.devices == {"pod": 4}
    assert MeteredRun.objects.get(job=pusher).outcome == "leased"
    assert not RecordedRun.objects.filter(job=pusher).exists()
    agrees_with_sreport(cluster)


def preempted(cluster: Cluster) -> tuple[str, str]:
    """Let a job of the award make room for one of the lease; return both."""
    cluster.attempt("sacctmgr", "-i", "add", "account", LEASED)
    cluster.attempt("sacctmgr", "-i", "add", "user", cluster.users[0], f"account={LEASED}")
    cluster.attempt("sacctmgr", "-i", "add", "qos", "second")
    cluster.attempt("sacctmgr", "-i", "add", "qos", "first", "preempt=second")
    cluster.attempt("sacctmgr", "-i", "modify", "account", f"name={ACCOUNT},{LEASED}", "set", "qos+=first,second")
    whole_node = ("-p", "a100", "-w", "a100-1", "--gres=gpu:a100:8", "-t", "10")
    pushed = cluster.submit("sleep 600", *whole_node, "-q", "second", account=ACCOUNT)
    going_on(cluster, pushed)
    pusher = cluster.submit("sleep 2", *whole_node, "-q", "first", account=LEASED)
    cluster.wait(pusher, "COMPLETED")
    cluster.run("scancel", pushed)
    return pushed, pusher


def test_a_number_that_is_given_again_is_another_job(books: Books) -> None:
    """A controller that has lost its state begins again with the first number."""
    made = Cluster.make(name="again", groups=(Group("h800", 1, 8), Group("a100", 1, 8)))
    try:
        Site.objects.filter(code=SITE).update(connection=made.connection)
        give_account(made)
        first = submit(made, "sleep 1")
        whole(made, first)
        made.stop("slurmctld")
        for state in (made.folder / "ctld").glob("job_state*"):
            state.unlink()
        made.start()
        again = submit(made, "sleep 2")
        assert again == first
        whole(made, again)
        made.until(lambda: bool(read(made)) and MeteredRun.objects.filter(job=first).count() == 2, "both in the books")
        runs = RecordedRun.objects.filter(job=first, standing=True).order_by("start")
        assert [run.device_seconds or run.devices["gpu"] for run in runs] == [2, 2]
        assert len({run.cluster_key for run in runs}) == 2
        agrees_with_sreport(made)
    finally:
        made.purge()


def test_from_the_job_to_the_charge(books: Books, cluster: Cluster) -> None:
    job = submit(cluster, "sleep 3")
    whole(cluster, job)
    run = MeteredRun.objects.get(job=job)
    month = Month.of(run.start, ZoneInfo(books.zone))
    closed = books.close(str(month))
    line = ChargeLine.objects.get(close=closed, item="gpu")
    expected = sum(gpu_seconds(record) for record in RecordedRun.objects.filter(standing=True, devices__has_key="gpu"))
    assert line.seconds_numerator == expected * line.seconds_denominator
    assert line.gross == round(expected * 1000 / 3600)
    assert set(line.subsidy_by_award) <= {AWARD}


def gpu_seconds(record: RecordedRun) -> int:
    if record.state == "NODE_FAIL":
        return 0
    return int(record.device_seconds.get("gpu", record.devices["gpu"] * (record.end - record.start).seconds))
