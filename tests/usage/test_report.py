"""Use against capacity, from the tables: counted two ways, by whatever one asks for, and for nobody else's eyes."""

from __future__ import annotations

import json
import random
from datetime import date, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from click.testing import CliRunner
from django.db import connection
from django.test.utils import CaptureQueriesContext
from tests.calls.world import holder, member
from tests.charging.books import PROGRAMME, Books, used
from tests.metering.world import ACCOUNT, AWARD, LEASE, LEASED, SITE
from tests.usage.world import GPU, HOUR, NOW, OPERATOR, READ_SINCE, nodes, ran, read_up_to

from lionrock.charging.actions import record_usage
from lionrock.kernel.errors import NotAllowed, NotFound
from lionrock.kernel.periods import Interval
from lionrock.metering.models import MeteredRun
from lionrock.people.domain import Role
from lionrock.sites.models import Site
from lionrock.usage.commands import usage
from lionrock.usage.domain.capacity import Capacity, part
from lionrock.usage.domain.figures import By, Key, Used
from lionrock.usage.domain.periods import Period
from lionrock.usage.models import CapacityReading
from lionrock.usage.queries.utilisation import Asked, Report, utilisation

pytestmark = pytest.mark.django_db

HONG_KONG = ZoneInfo("Asia/Hong_Kong")
PERIOD = Period(date(2026, 11, 2), date(2026, 11, 15), HONG_KONG)
START = PERIOD.span.start
OFFICE = holder(Role.OFFICE, PROGRAMME)


def report(by: By = By.POOL, period: Period = PERIOD, viewer: Any = OFFICE, site: str = "") -> Report:
    return utilisation(viewer, Asked(period, by, site), NOW)


def used_by(found: Report) -> dict[Key, int]:
    return {each.key: each.used.seconds for each in found.figures if each.used.seconds}


def test_use_of_a_pool_is_stated_with_its_capacity(books: Books) -> None:
    read_up_to()
    nodes("h800", 3, 8)
    ran(START, 3600, gpus=4)
    ran(START - HOUR, 2 * 3600, gpus=1)
    ran(PERIOD.span.end - HOUR, 9 * 3600, gpus=2)
    [figure] = [each for each in report().figures if each.key.name == "h800"]
    assert figure.used == Used((4 + 1 + 2) * 3600)
    assert figure.capacity == Capacity(3 * 8 * 14 * 86400)
    assert figure.share is not None
    assert figure.share * 24 * 14 * 24 == 7


def test_a_pool_of_which_nobody_knows_the_size_says_so(books: Books) -> None:
    read_up_to()
    found = report()
    assert [(each.key.name, each.capacity, each.share) for each in found.figures] == [
        ("a100", None, None),
        ("h800", None, None),
    ]


def test_what_runs_is_counted_up_to_where_the_cluster_was_read(books: Books) -> None:
    read_up_to(START + 5 * HOUR)
    ran(START + HOUR, None, gpus=3)
    assert used_by(report()) == {Key(PROGRAMME, SITE, "h800", GPU): 3 * 4 * 3600}


def test_a_period_that_is_not_over_has_capacity_up_to_now(books: Books) -> None:
    read_up_to()
    nodes("h800", 1, 8)
    found = report(period=Period(date(2026, 11, 23), date(2026, 11, 30), HONG_KONG))
    [figure] = [each for each in found.figures if each.key.name == "h800"]
    assert found.counted.end == NOW
    assert figure.capacity == Capacity(8 * 10 * 3600)


def test_what_was_out_of_service_is_no_capacity(books: Books) -> None:
    read_up_to()
    site = Site.objects.get()
    for since, down in ((START + 24 * HOUR, 8), (START + 48 * HOUR, 0)):
        CapacityReading.objects.create(site=site, pool="h800", device=GPU, devices=16, down=down, since=since)
    [figure] = [each for each in report().figures if each.key.name == "h800"]
    assert figure.capacity == Capacity(16 * 14 * 86400, 8 * 86400, 13 * 86400)


@pytest.mark.parametrize("seed", range(2))
def test_use_counted_two_ways_agrees_to_the_second(books: Books, seed: int) -> None:
    """By the database in steps, and run by run: with suspensions, runs that go on, and every length."""
    chance = random.Random(seed)
    read_up_to()
    for _ in range(60):
        start = READ_SINCE + timedelta(seconds=chance.randrange(0, 20 * 86400))
        seconds = chance.choice([0, 1, chance.randrange(1, 86400), chance.randrange(1, 12 * 86400)])
        run = ran(start, chance.choice([None, seconds, seconds, seconds]), gpus=chance.randrange(0, 9))
        MeteredRun.objects.filter(pk=run.pk).update(busy=chance.randrange(0, seconds + 1))
    expected = sum(_by_hand(run, PERIOD.span) for run in MeteredRun.objects.all())
    found = report()
    assert used_by(found) == {Key(PROGRAMME, SITE, "h800", GPU): expected}
    assert sum(bar.used.seconds for bar in found.series[GPU]) == expected
    days = [Period(day, day, HONG_KONG) for day in PERIOD.starts()]
    assert sum(sum(used_by(report(period=day)).values()) for day in days) == expected


def _by_hand(run: MeteredRun, span: Interval) -> int:
    count = int(run.tres.partition(f"{GPU}=")[2].partition(",")[0])
    whole = Interval(run.start, run.end or NOW)
    return count * part(whole.seconds, whole, span)


def test_processors_that_a_suspended_job_gives_back_are_not_used(books: Books) -> None:
    read_up_to()
    Site.objects.get().pools.filter(name="h800").update(device="cpu")
    ran(START - HOUR, 7200, busy=3601)
    assert used_by(report()) == {Key(PROGRAMME, SITE, "h800", "cpu"): 8 * (3601 - 3601 * 3600 // 7200)}


def test_runs_outside_all_pools_are_told_and_not_counted(books: Books) -> None:
    read_up_to()
    ran(START, 3600, partition="debug")
    found = report()
    assert (used_by(found), found.unplaced) == ({}, 3600)


def test_before_a_cluster_was_read_what_charging_has_counts_and_nothing_twice(books: Books) -> None:
    record_usage(
        [used("9", "2026-11-01T00:00", "2026-11-03T00:00", devices={"pod": 1}, award=None)],
        actor=OPERATOR, programme=PROGRAMME, now=NOW, source="test",
    )  # fmt: skip
    pods = Key(PROGRAMME, SITE, "a100", "gres/gpu:a100")
    wide = Period(date(2026, 10, 31), date(2026, 11, 15), HONG_KONG)
    assert used_by(report(period=wide)) == {pods: 2 * 2 * 86400}
    read_up_to(since=READ_SINCE)
    assert used_by(report(period=wide)) == {pods: 2 * 8 * 3600}


def test_a_lease_is_no_use_but_what_runs_on_it_is(books: Books) -> None:
    lease = used(f"lease:{LEASE}", "2026-11-01T00:00", "2026-12-01T00:00", state="LEASE", award=LEASE)
    record_usage([lease], actor=OPERATOR, programme=PROGRAMME, now=NOW, source="test")
    assert used_by(report()) == {}
    read_up_to()
    ran(START, 3600, account=LEASED, gpus=2)
    ran(START, 3600, account=f"{ACCOUNT}.lent", gpus=3)
    [figure] = [each for each in report().figures if each.key.name == "h800"]
    assert figure.used == Used(5 * 3600, 3 * 3600)


@pytest.mark.parametrize(
    ("by", "names"),
    [
        (By.SITE, {(SITE, ""): 6}),
        (By.POOL, {(SITE, "h800"): 6}),
        (By.PROGRAMME, {("", ""): 6}),
        (By.CATEGORY, {("", "startup"): 5, ("", "outside"): 1}),
        (By.AWARD, {("", AWARD): 3, ("", LEASE): 2, ("", ""): 1}),
    ],
)
def test_use_by_whatever_one_asks_for_adds_up_to_the_same(
    books: Books, by: By, names: dict[tuple[str, str], int]
) -> None:
    read_up_to()
    for account, gpus in ((ACCOUNT, 3), (LEASED, 2), ("physics", 1)):
        ran(START, 3600, account=account, gpus=gpus)
    found = {(key.site, key.name): seconds // 3600 for key, seconds in used_by(report(by)).items()}
    assert found == names


def test_an_award_is_measured_by_what_it_gives_in_the_period(books: Books) -> None:
    read_up_to()
    ran(START, 3600, gpus=1)
    found = {each.key.name: each for each in report(By.AWARD).figures}
    assert found[AWARD].capacity == Capacity(14 * 86400)
    assert found[AWARD].share is not None
    assert found[AWARD].share * 14 * 24 == 1
    assert found[LEASE].used == Used()


def test_members_see_their_own_awards_and_nothing_of_the_centre(books: Books) -> None:
    read_up_to()
    nodes("h800", 3, 8)
    books.put_award("AW-2026-0009", "u2")
    for account in (ACCOUNT, LEASED, "aw-2026-0009", "physics"):
        ran(START, 3600, account=account)
    ran(START, 3600, account="physics", partition="debug")
    mine = member("u2")
    found = report(By.AWARD, viewer=mine)
    assert used_by(found) == {Key(PROGRAMME, "", "AW-2026-0009", GPU): 7200}
    assert (found.unplaced, found.series, found.read_to, set(found.awards)) == (0, {}, {}, {"AW-2026-0009"})
    for by in (By.SITE, By.POOL, By.PROGRAMME, By.CATEGORY):
        with pytest.raises(NotAllowed):
            report(by, viewer=mine)
    nobody = report(By.AWARD, viewer=member("u3"))
    assert (nobody.figures, nobody.unplaced) == ((), 0)


def test_who_works_for_another_programme_sees_none_of_it(books: Books) -> None:
    read_up_to()
    nodes("h800", 3, 8)
    ran(START, 3600)
    other = holder(Role.OFFICE, "another")
    for by in By:
        found = report(by, viewer=other)
        assert (found.figures, found.series, found.unplaced, found.read_to) == ((), {}, 0, {})


def test_who_works_for_the_programme_sees_all_of_it(books: Books) -> None:
    read_up_to()
    ran(START, 3600)
    for role in (Role.OFFICE, Role.FINANCE, Role.AUDITOR, Role.CLUSTER_ADMIN):
        assert used_by(report(viewer=holder(role, PROGRAMME)))


def test_a_report_takes_no_more_queries_for_more(books: Books) -> None:
    read_up_to()
    ran(START, 3600)
    counts = []
    for number in range(2):
        with CaptureQueriesContext(
            connection,
        ) as made:
            report(By.AWARD)
        counts.append(len(made))
        for each in range(5):
            books.put_award(f"AW-2027-{number}{each:03d}", f"more{number}{each}")
            ran(START, 3600, account=f"aw-2027-{number}{each:03d}")
    assert counts[0] == counts[1] <= 12


def test_a_site_that_nobody_knows_is_said(books: Books) -> None:
    with pytest.raises(NotFound):
        report(site="nowhere")
    assert used_by(report(site=SITE)) == {}


def _told(words: str) -> Any:
    return CliRunner().invoke(usage, words.split(), catch_exceptions=False)


def test_the_command_prints_json_csv_and_a_table(books: Books) -> None:
    read_up_to()
    nodes("h800", 1, 8)
    ran(START, 3600, gpus=4)
    asked = "report --from 2026-11-02 --to 2026-11-02 --by pool --at 2026-11-23T02:00Z"
    [a100, h800] = json.loads(_told(f"{asked} --json").output)
    assert (a100["capacity_device_seconds"], a100["utilisation"]) == (None, None)
    assert (h800["used_device_seconds"], h800["capacity_device_seconds"]) == (4 * 3600, 8 * 86400)
    assert (h800["utilisation"], h800["from"], h800["to"]) == ("0.0208", "2026-11-02", "2026-11-02")
    csv = _told(f"{asked} --csv").output
    assert csv.splitlines()[2].split(",")[:5] == ["told", "north", "h800", GPU, "14400"]
    table = _told(asked).output
    assert "2026-11-02 to 2026-11-02 (Asia/Hong_Kong), counted until 2026-11-02 16:00Z" in table
    assert "2.08%" in table
    assert "not known" in table


def test_a_name_that_a_spreadsheet_would_run_is_text(books: Books) -> None:
    Site.objects.get().pools.filter(name="h800").update(name="=1+1")
    assert "'=1+1" in _told("report --by pool --csv").output
