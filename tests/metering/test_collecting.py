"""Reading again and again, in parts, while things break: nothing is lost and nothing is counted twice."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from tests.charging.books import PROGRAMME, Books
from tests.metering.recorded import Recorded, run_row
from tests.metering.world import ACCOUNT, ADMIN, AWARD, LEASED, SITE, at

from lionrock.charging.models import RecordedRun
from lionrock.kernel.errors import Invalid, NotAllowed, NotFound, Refused, Unavailable
from lionrock.metering.actions import collect, collect_due
from lionrock.metering.actions.collecting import Collected
from lionrock.metering.models import Collection, HeldRow, MeteredRun
from lionrock.people.domain import Actor
from lionrock.sites.models import Pool, Site

NOON = 1_795_360_000
DAY = 86_400


def read(now: int, **span: object) -> Collected:
    return collect(actor=ADMIN, site=SITE, now=at(now), **span)  # type: ignore[arg-type]


def standing() -> list[tuple[object, ...]]:
    """Return what stands in charging: job, start and length in seconds, who pays."""
    rows = RecordedRun.objects.filter(standing=True).order_by("job", "start")
    return [
        (row.job, int(row.start.timestamp()), int((row.end - row.start).total_seconds()), row.award, row.interim)
        for row in rows
    ]


def test_reading_again_changes_nothing(books: Books, cluster: Recorded) -> None:
    cluster.rows = [run_row("7", NOON, NOON + 100), run_row("8_1", NOON + 5, None)]
    assert read(NOON + 200).tally["charged"] == 1
    before = standing()
    again = read(NOON + 201)
    assert (again.tally["known"], again.tally["charged"]) == (1, 0)
    assert standing() == before == [("7", NOON, 100, AWARD, False)]


def test_a_running_job_is_charged_when_it_ends(books: Books, cluster: Recorded) -> None:
    cluster.rows = [run_row("7", NOON, None)]
    read(NOON + 60)
    assert standing() == []
    cluster.rows = [run_row("7", NOON, NOON + 90)]
    read(NOON + 120)
    assert standing() == [("7", NOON, 90, AWARD, False)]


def test_what_ended_long_ago_and_was_not_met_is_asked_for_by_its_number(books: Books, cluster: Recorded) -> None:
    cluster.rows = [run_row("7", NOON, None)]
    read(NOON + 60)
    read(NOON + DAY)
    cluster.rows = [run_row("7", NOON, NOON + 90)]
    read(NOON + 2 * DAY)
    assert standing() == [("7", NOON, 90, AWARD, False)]
    assert any("--jobs=7" in words for words in cluster.asked)


def test_over_a_months_end_the_beginning_is_charged_first(books: Books, cluster: Recorded) -> None:
    midnight = 1_796_054_400  # 1 December 2026 in Hong Kong
    cluster.rows = [run_row("7", midnight - 600, None, ElapsedRaw=900)]
    read(midnight + 300)
    assert standing() == [("7", midnight - 600, 600, AWARD, True)]
    cluster.rows = [run_row("7", midnight - 600, midnight + 1000)]
    read(midnight + 1200)
    assert standing() == [("7", midnight - 600, 1600, AWARD, False)]


def test_other_accounts_are_counted_and_not_charged(books: Books, cluster: Recorded) -> None:
    accounts = ("test", LEASED, ACCOUNT)
    cluster.rows = [run_row(str(7 + n), NOON, NOON + 9, Account=account) for n, account in enumerate(accounts)]
    tally = read(NOON + 60).tally
    assert (tally["outside"], tally["leased"], tally["charged"]) == (1, 1, 1)
    assert [row[0] for row in standing()] == ["9"]


def test_clocks_that_differ_lose_nothing_and_count_nothing_twice(books: Books, cluster: Recorded) -> None:
    ahead, behind = 20 * 60, -40 * 60
    for skew in (ahead, behind):
        start = NOON + skew
        cluster.rows.append(run_row(f"{NOON + skew}", start, None, ElapsedRaw=5))
        read(NOON + 5)
        cluster.rows[-1] = run_row(f"{NOON + skew}", start, start + 60)
        for later in (61, 120, 30 * 60):
            read(NOON + later)
    assert standing() == [(f"{start}", start, 60, AWARD, False) for start in (NOON + behind, NOON + ahead)]
    assert not HeldRow.objects.exists()


def test_what_borrows_the_nodes_of_a_lease_is_charged_as_its_own_item(books: Books, cluster: Recorded) -> None:
    site = Site.objects.get(code=SITE)
    Pool.objects.create(
        site=site, name="leases", partition="leases", item="pod", device="gres/gpu:h800", devices_per_unit=8,
        created_at=at(NOON),
    )  # fmt: skip
    accounts = (f"{ACCOUNT}.lent", LEASED)
    cluster.rows = [
        run_row(str(7 + n), NOON, NOON + 9, Account=account, Partition="leases") for n, account in enumerate(accounts)
    ]
    tally = read(NOON + 60).tally
    assert (tally["charged"], tally["leased"]) == (1, 1)
    record = RecordedRun.objects.get(standing=True)
    assert (record.job, record.award, record.devices) == ("7", AWARD, {"gpu": 2})


def test_what_is_held_is_charged_when_its_pool_comes_on_file(books: Books, cluster: Recorded) -> None:
    cluster.rows = [run_row("7", NOON, NOON + 100, Partition="night")]
    read(NOON + 200)
    assert HeldRow.objects.get().code == "metering.row.pool"
    assert standing() == []
    site = Collection.objects.get().site
    Pool.objects.create(
        site=site, name="night", partition="night", item="gpu", device="gres/gpu:h800", created_at=at(NOON)
    )
    read(NOON + 3 * DAY)
    assert not HeldRow.objects.exists()
    assert standing() == [("7", NOON, 100, AWARD, False)]


def test_an_unknown_state_is_held_until_it_is_another(books: Books, cluster: Recorded) -> None:
    cluster.rows = [run_row("7", NOON, NOON + 100, State="DREAMING")]
    assert read(NOON + 200).tally["held"] == 1
    held = HeldRow.objects.get()
    assert (held.job, held.code, held.fields["value"]) == ("7", "metering.row.state", "DREAMING")
    cluster.rows = [run_row("7", NOON, NOON + 100)]
    read(NOON + 3 * DAY)
    assert not HeldRow.objects.exists()
    assert len(standing()) == 1


def test_a_line_of_no_job_is_held_until_its_window_has_it_no_more(books: Books, cluster: Recorded) -> None:
    cluster.rows = [("7", "only a part"), run_row("8", NOON, NOON + 100)]
    read(NOON + 200)
    assert HeldRow.objects.get().code == "metering.row.field_count"
    assert len(standing()) == 1
    cluster.rows = cluster.rows[1:]
    read(NOON + 300, since=at(NOON - DAY))
    assert not HeldRow.objects.exists()


def test_a_half_made_row_is_held_only_when_it_stays_so(books: Books, cluster: Recorded) -> None:
    cluster.rows = [run_row("7", NOON, NOON + 1, Partition="", QOS="Unknown")]
    read(NOON + 30)
    assert not HeldRow.objects.exists()
    read(NOON + 700)
    assert HeldRow.objects.get().code == "metering.row.unsettled"
    cluster.rows = [run_row("7", NOON, NOON + 1)]
    read(NOON + 800)
    assert not HeldRow.objects.exists()
    assert len(standing()) == 1


def test_a_run_that_the_controller_forgot_is_held_and_not_charged(books: Books, cluster: Recorded) -> None:
    cluster.rows = [run_row("7", NOON, None, ElapsedRaw=DAY), run_row("8", NOON, None)]
    cluster.known_to_controller = [("8", NOON), ("7", NOON + 5)]
    read(NOON + 60)
    assert not HeldRow.objects.exists()
    read(NOON + 900)
    assert [row.job for row in HeldRow.objects.filter(code="metering.run.runaway")] == ["7"]
    read(1_796_054_400 + 60)
    assert [row[0] for row in standing()] == ["8"]
    cluster.rows = [run_row("7", NOON, NOON, ElapsedRaw=0, AllocTRES="cpu=1,gres/gpu:h800=1,gres/gpu=1")]
    read(1_796_054_400 + 120)
    assert not HeldRow.objects.filter(job="7").exists()


def test_while_the_cluster_is_away_what_was_read_stands(books: Books, cluster: Recorded) -> None:
    cluster.rows = [run_row("7", NOON, NOON + 100)]
    read(NOON + 200)
    through = Collection.objects.get().through
    cluster.away = True
    with pytest.raises(Unavailable):
        read(NOON + 300)
    state = Collection.objects.get()
    assert (state.through, state.failing_since) == (through, at(NOON + 300))
    assert state.failure["code"] == "sites.slurm.away"
    cluster.away = False
    read(NOON + 400)
    state = Collection.objects.get()
    assert (state.through, state.failing_since, state.failure) == (at(NOON + 400), None, {})


def test_an_answer_that_breaks_off_is_read_again(books: Books, cluster: Recorded) -> None:
    cluster.rows = [run_row(str(7 + n), NOON + n, NOON + 100 + n) for n in range(10)]
    cluster.breaks_after = 5
    began = Collection.objects.count()
    with pytest.raises(Unavailable):
        read(NOON + 200, batch=2)
    assert began == 0
    assert Collection.objects.get().through < at(NOON)
    cluster.away, cluster.breaks_after = False, None
    read(NOON + 300, batch=3)
    assert len(standing()) == MeteredRun.objects.count() == 10


def test_days_of_absence_are_caught_up_with_in_bounded_windows(books: Books, cluster: Recorded) -> None:
    read(NOON)
    cluster.rows = [run_row(str(7 + n), NOON + n * DAY, NOON + n * DAY + 50) for n in range(6)]
    cluster.asked.clear()
    told: list[object] = []
    collect(actor=ADMIN, site=SITE, now=at(NOON + 6 * DAY), progress=lambda through, rows: told.append((through, rows)))
    assert len(standing()) == 6
    assert len(told) == sum("--starttime" in " ".join(words) for words in cluster.asked) == 7


def test_a_span_beyond_a_gap_leaves_the_gap_to_be_read(books: Books, cluster: Recorded) -> None:
    read(NOON)
    read(NOON + 9 * DAY, since=at(NOON + 5 * DAY), until=at(NOON + 6 * DAY))
    assert Collection.objects.get().through == at(NOON)


def test_what_was_closed_is_corrected_by_charging(books: Books, cluster: Recorded) -> None:
    march = 1_796_054_400 - 20 * DAY
    cluster.rows = [run_row("7", march, march + 3600)]
    read(march + 4000)
    books.close("2026-11")
    cluster.rows.append(run_row("8", march, march + 7200))
    read(1_796_054_400 + 5 * DAY, since=at(march - 10), until=at(march + DAY))
    closed = books.close("2026-12")
    (line,) = closed.lines.all()
    assert str(line.corrects) == "2026-11-01"
    assert line.gross == 2 * 2 * 1000


def test_a_cluster_that_lacks_what_is_counted_is_refused(books: Books, cluster: Recorded) -> None:
    cluster.tracked = "cpu|\n"
    with pytest.raises(Refused, match="AccountingStorageTRES"):
        read(NOON)
    assert Collection.objects.get().failure["code"] == "metering.sacct.untracked"


def test_who_runs_no_sites_cannot_collect(books: Books, cluster: Recorded) -> None:
    with pytest.raises(NotAllowed):
        collect(actor=Actor("chan@harbour.example"), site=SITE, now=at(NOON))
    with pytest.raises(NotFound):
        collect(actor=ADMIN, site="south", now=at(NOON))
    with pytest.raises(Invalid):
        read(NOON, since=at(NOON), until=at(NOON - 1))


def test_what_is_due_reads_every_site_and_survives_one_that_is_away(books: Books, cluster: Recorded) -> None:
    cluster.rows = [run_row("7", NOON, NOON + 100)]
    assert collect_due(at(NOON + 200)) == 1
    assert collect_due(at(NOON + 300)) == 0
    cluster.away = True
    assert collect_due(at(NOON + 400)) == 0


def test_a_collector_of_old_takes_nothing_back(books: Books, cluster: Recorded) -> None:
    cluster.rows = [run_row("7", NOON, NOON + 100)]
    read(NOON + 200)
    cluster.rows = [run_row("7", NOON, None)]
    read(NOON + 50)
    assert standing() == [("7", NOON, 100, AWARD, False)]


def test_the_books_are_the_programmes_own(books: Books, cluster: Recorded) -> None:
    cluster.rows = [run_row("7", NOON, NOON + 100)]
    read(NOON + 200)
    record = RecordedRun.objects.get()
    assert (record.programme, record.site, record.source) == (PROGRAMME, SITE, "sacct hill")
    assert record.cluster_key == f"7@{NOON}"
    assert connection.in_atomic_block
    assert timedelta(seconds=100) == record.end - record.start
