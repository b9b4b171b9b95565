"""A month ends while a job runs on a real cluster, by a clock of the cluster's own."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from tests.charging.books import Books
from tests.metering.world import ADMIN, AWARD, SITE, put_site
from tests.slurm.cluster import Cluster, why_not
from tests.slurm.layout import Group
from tests.slurm.metered import give_account, going_on, read, submit, whole

from lionrock.charging.models import ChargeLine, MonthClose, RecordedRun
from lionrock.metering.actions import reconcile
from lionrock.statements.explaining import explain_line
from lionrock.statements.models import Document

pytestmark = pytest.mark.django_db(transaction=True)

FEBRUARY = datetime(2027, 1, 31, 16, tzinfo=UTC)
MARCH = datetime(2027, 2, 28, 16, tzinfo=UTC)
APRIL = datetime(2027, 3, 31, 16, tzinfo=UTC)
"""When these months begin in Hong Kong, where the programme is; in UTC, where the cluster is, they do not."""
CARDS = 2


@pytest.fixture
def cluster(books: Books) -> Iterator[Cluster]:
    """A cluster that takes it to be five minutes before the end of February, with the award's account on it."""
    if reason := why_not():
        pytest.fail(reason, pytrace=False)
    kinds = (Group("h800", 1, 8), Group("a100", 1, 8))
    made = Cluster.make(name="months", at=MARCH - timedelta(minutes=5), groups=kinds)
    try:
        put_site(made.connection, created_at=made.clock.now)
        give_account(made)
        yield made
    finally:
        made.purge()


def test_a_job_over_a_month_s_end_is_billed_in_both_months(books: Books, cluster: Cluster) -> None:
    signal = cluster.folder / "shared" / "end"
    job = submit(cluster, f"until [ -e {signal} ]; do sleep 0.2; done")
    going_on(cluster, job)
    assert not RecordedRun.objects.exists()

    cluster.clock.put(MARCH - timedelta(seconds=1))
    cluster.until(lambda: cluster.clock.now > MARCH + timedelta(seconds=2), "March")
    read(cluster)
    first = RecordedRun.objects.get(job=job)
    assert (first.state, first.interim, first.end) == ("RUNNING", True, MARCH)
    february = books.close("2027-02")

    signal.touch()
    whole(cluster, job)
    run = RecordedRun.objects.get(job=job, standing=True)
    assert (run.state, run.interim, run.start) == ("COMPLETED", False, first.start)
    assert run.end > MARCH
    cluster.clock.put(APRIL + timedelta(minutes=1))
    march = books.close("2027-03")

    before, after = seconds(MARCH - run.start), seconds(run.end - MARCH)
    assert [billed(february, run), billed(march, run)] == [CARDS * before, CARDS * after]
    cluster.run("sacctmgr", "-i", "rollup")
    assert [in_sreport(cluster, FEBRUARY, MARCH), in_sreport(cluster, MARCH, APRIL)] == [CARDS * before, CARDS * after]


def seconds(length: timedelta) -> int:
    return int(length.total_seconds())


def billed(close: MonthClose, run: RecordedRun) -> int:
    """Return the GPU-seconds of a month's only line, which explains itself by its part of the run and nothing else."""
    line = ChargeLine.objects.get(close=close)
    assert (line.kind, line.month_of_use, line.item, [*line.subsidy_by_award]) == ("usage", close.month, "gpu", [AWARD])
    told = explain_line(Document.objects.get(close=close), 1)
    month = told.month.interval(told.zone)
    assert told.agrees
    [part] = told.runs
    assert (part.job, part.start, part.end) == (run.job, max(run.start, month.start), min(run.end, month.end))
    assert line.seconds_denominator == 1
    return int(line.seconds_numerator)


def in_sreport(cluster: Cluster, start: datetime, end: datetime) -> int:
    """Return the GPU-seconds that Slurm itself reports of a whole month; ours are the same."""
    done = reconcile(actor=ADMIN, site=SITE, now=cluster.clock.now, start=start, end=end)
    assert (done.agrees, done.differences) == (True, [])
    return int(done.reported["gres/gpu:h800"])
