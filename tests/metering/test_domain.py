"""What rows say, what readings change, which windows are asked for, and when totals agree."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from tests.metering.recorded import run_row

from lionrock.charging.usage_files.rows import SkipReason
from lionrock.kernel.errors import Invalid, Refused, Unavailable
from lionrock.kernel.periods import Interval
from lionrock.metering.domain.columns import DELIMITER, NEEDED, check_columns, check_tracked, places
from lionrock.metering.domain.rows import Outcome as RowOutcome
from lionrock.metering.domain.rows import Passed, Reader, Reading, Unreadable
from lionrock.metering.domain.runs import Judged, Kept, is_news, judge
from lionrock.metering.domain.terms import Outcome, Payer, Sold, Terms
from lionrock.metering.domain.totals import add_up, check_hours, compare, days_to_compare, read_report
from lionrock.metering.domain.windows import LONGEST, OVERLAP, windows

NOON = 1_795_360_000
HOUR = 3600


def at(seconds: int) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)


def row(*, columns: tuple[str, ...] = NEEDED, **facts: Any) -> RowOutcome:
    """Read a row that is in order but for these facts."""
    given = run_row("7", NOON, NOON + 100, **facts)
    named = dict(zip(NEEDED, given, strict=True))
    reader = Reader(places(DELIMITER.join(columns), "hill"), len(columns), "hill", at(NOON + HOUR))
    return reader.read(DELIMITER.join(named.get(name, "new") for name in columns))


def reading(start: int = NOON, end: int | None = NOON + 100, **facts: Any) -> Reading:
    reader = Reader(dict(zip(NEEDED, range(len(NEEDED)), strict=True)), len(NEEDED), "hill", at(NOON + HOUR))
    found = reader.read(DELIMITER.join(run_row("7", start, end, **{"Submit": NOON - 5} | facts)))
    assert isinstance(found, Reading)
    return found


def terms(**facts: Any) -> Terms:
    given: dict[str, Any] = {
        "site": "north",
        "source": "sacct hill",
        "pools": {
            "h800": {"gres/gpu:h800": Sold("gpu", 1)},
            "pods": {"gres/gpu:h800": Sold("pod", 8)},
            "new": {"gres/gpu:h800": Sold("", 1)},
        },
        "payers": {"aw-2026-0001": Payer("u1", "AW-2026-0001")},
        "leases": frozenset({"aw-2026-0002"}),
        "elsewhere": frozenset({"aw-2026-0003"}),
        "month_began": at(NOON + 50),
    }
    return Terms(**(given | facts))


@pytest.mark.parametrize(
    ("facts", "code"),
    [
        ({"State": "DREAMING"}, "state"),
        ({"State": "COMPLETED", "End": "Unknown"}, "no_end"),
        ({"Start": "Unknown"}, "no_start"),
        ({"Cluster": "dale"}, "cluster"),
        ({"ElapsedRaw": "soon"}, "not_a_number"),
        ({"ElapsedRaw": "101"}, "elapsed"),
        ({"Start": "yesterday"}, "not_a_time"),
        ({"AllocTRES": ""}, "empty"),
        ({"Account": f"a{DELIMITER}b"}, "field_count"),
    ],
)
def test_what_cannot_be_read_is_held_with_its_reason(facts: dict[str, Any], code: str) -> None:
    found = row(**facts)
    assert isinstance(found, Unreadable)
    assert found.fault.code == f"charging.usage_files.{code}"
    assert found.raw


@pytest.mark.parametrize(
    ("facts", "why"),
    [
        ({"State": "PENDING", "Start": "Unknown", "End": "Unknown"}, SkipReason.WAITING),
        ({"Partition": ""}, SkipReason.UNSETTLED),
        ({"QOS": "Unknown"}, SkipReason.UNSETTLED),
        ({"State": "CANCELLED by 5", "Start": "None", "ElapsedRaw": "0", "AllocTRES": ""}, SkipReason.NEVER_STARTED),
        ({"State": "FAILED", "ElapsedRaw": "0", "AllocTRES": ""}, SkipReason.NEVER_STARTED),
        ({"State": "RUNNING", "End": "Unknown", "ElapsedRaw": "0"}, SkipReason.STILL_RUNNING),
    ],
)
def test_what_is_no_run_yet_is_passed_over(facts: dict[str, Any], why: SkipReason) -> None:
    found = row(**facts)
    assert isinstance(found, Passed)
    assert found.why is why


def test_new_columns_in_any_order_do_no_harm() -> None:
    found, plain = row(columns=("Licences", *reversed(NEEDED), "Planned")), row()
    assert isinstance(found, Reading)
    assert isinstance(plain, Reading)
    assert found._replace(digest="") == plain._replace(digest="")


def test_a_long_database_number_stays_exact() -> None:
    found = row(DBIndex=7149051045071188992)
    assert isinstance(found, Reading)
    assert found.row == "7149051045071188992"


def test_a_cluster_without_the_needed_columns_is_not_counted() -> None:
    with pytest.raises(Refused, match="ElapsedRaw"):
        check_columns([name for name in NEEDED if name != "ElapsedRaw"], "hill")
    with pytest.raises(Refused, match="AllocTRES"):
        places("JobID" + DELIMITER + "Start", "hill")
    check_columns([*NEEDED, "Planned"], "hill")


def test_a_cluster_that_counts_no_gpus_is_not_counted_as_idle() -> None:
    with pytest.raises(Refused, match="gres/gpu:h800"):
        check_tracked(["gres/gpu:h800", "cpu"], ["cpu", "mem"], "hill")


def judged(old: Kept | None, new: Reading, **facts: Any) -> Judged:
    return judge(old, new, terms(**facts), 0)


def test_a_finished_run_is_told_once() -> None:
    first = judged(None, reading())
    (record,) = first.records
    assert (record.job, record.start, record.end, record.devices) == ("7", at(NOON), at(NOON + 100), {"gpu": 2})
    assert (record.account, record.award, record.interim, record.revision) == ("u1", "AW-2026-0001", False, 0)
    assert first.kept.outcome is Outcome.CHARGED
    assert not is_news(first.kept, reading())


def test_what_runs_over_a_months_end_is_told_up_to_there_and_then_whole() -> None:
    running = judged(None, reading(end=None, busy=80))
    (interim,) = running.records
    assert (interim.interim, interim.end) == (True, at(NOON + 50))
    assert judged(running.kept, reading(end=None, busy=90)).records == ()
    (final,) = judged(running.kept, reading()).records
    assert (final.interim, final.end, final.start) == (False, at(NOON + 100), at(NOON))


def test_what_runs_within_the_month_is_told_when_it_ends() -> None:
    running = judged(None, reading(end=None), month_began=at(NOON - HOUR))
    assert running.records == ()
    assert running.kept.outcome is Outcome.RUNNING
    assert len(judged(running.kept, reading()).records) == 1


def test_what_the_cluster_knows_no_more_is_not_told() -> None:
    new = reading(end=None)
    assert judged(None, new, missing=frozenset({new.key})).records == ()


def test_an_end_is_not_taken_back_by_an_older_answer() -> None:
    ended = judged(None, reading()).kept
    assert not is_news(ended, reading(end=None))


def test_an_end_that_is_corrected_is_a_higher_revision() -> None:
    first = judged(None, reading()).kept
    corrected = reading(end=NOON + 40)
    assert is_news(first, corrected)
    (record,) = judged(first, corrected).records
    assert (record.revision, record.end) == (1, at(NOON + 40))


def test_a_run_that_turns_out_to_have_no_length_is_taken_back() -> None:
    running = judged(None, reading(end=None, busy=80)).kept
    mended = judged(running, reading(end=NOON, busy=0))
    (record,) = mended.records
    assert (record.interim, record.start, record.end, record.revision) == (False, at(NOON), at(NOON), 1)
    assert mended.kept.outcome is Outcome.EMPTY
    assert judged(mended.kept, reading(end=NOON, busy=0)).records == ()


def test_a_start_that_moves_takes_the_earlier_run_back() -> None:
    running = judged(None, reading(end=None, busy=80)).kept
    moved = reading(NOON + 10, NOON + 100)
    back, new = judged(running, moved).records
    assert (back.start, back.end, back.interim) == (at(NOON), at(NOON), False)
    assert (new.start, new.end) == (at(NOON + 10), at(NOON + 100))


def test_an_account_that_changes_is_told_anew() -> None:
    first = judged(None, reading()).kept
    (back,) = judged(first, reading(Account="test")).records
    assert (back.end, back.revision) == (at(NOON), 1)


def test_what_runs_on_lent_nodes_is_charged_as_the_borrowers_own_item() -> None:
    pools = {"leases": {"gres/gpu:h800": Sold("node", 8)}}
    payers = {name: Payer("u1", "AW-2026-0001") for name in ("aw-2026-0001", "aw-2026-0001.lent")}
    given = {"pools": pools, "payers": payers, "lent": {"aw-2026-0001.lent": {"gres/gpu:h800": Sold("gpu", 1)}}}
    borrowed = judged(None, reading(Account="aw-2026-0001.lent", Partition="leases"), **given)
    own = judged(None, reading(Partition="leases"), **given)
    assert [record.devices for record in (*borrowed.records, *own.records)] == [{"gpu": 2}, {"node": 1}]
    assert borrowed.records[0].award == "AW-2026-0001"


def test_time_suspended_is_left_out() -> None:
    (record,) = judged(None, reading(busy=30)).records
    assert record.device_seconds == {"gpu": 60}


def test_a_part_of_a_node_is_that_part_of_its_seconds() -> None:
    (record,) = judged(None, reading(Partition="pods")).records
    assert record.devices == {"pod": 1}
    assert record.device_seconds == {"pod": 25}


@pytest.mark.parametrize(
    ("account", "outcome"),
    [
        ("test", Outcome.OUTSIDE),
        ("aw-2026-0002", Outcome.LEASED),
        ("aw-2026-0003", Outcome.OUTSIDE),
        ("aw-2026-0009", Outcome.HELD),
        ("AW-2026-0009", Outcome.HELD),
    ],
)
def test_only_metered_awards_of_the_programme_are_charged(account: str, outcome: Outcome) -> None:
    found = judged(None, reading(Account=account))
    assert found.kept.outcome is outcome
    assert found.records == ()
    assert (found.fault is not None) == (outcome is Outcome.HELD)


@pytest.mark.parametrize(
    ("facts", "code"),
    [
        ({"Partition": "night"}, "pool"),
        ({"Partition": "new"}, "item"),
        ({"AllocTRES": "cpu=1,gres/gpu:h20=1,gres/gpu=1"}, "unmapped_tres"),
        ({"AllocTRES": "cpu=1,gres/gpu:h800=4,gres/gpu=2"}, "tres_sum"),
    ],
)
def test_what_has_no_price_is_held_and_judged_again(facts: dict[str, Any], code: str) -> None:
    new = reading(**facts)
    found = judged(None, new)
    assert found.fault is not None
    assert found.fault.code.endswith(code)
    assert is_news(found.kept, new)


def test_processors_alone_in_a_partition_of_cards_cost_nothing() -> None:
    assert judged(None, reading(AllocTRES="cpu=4,mem=1G")).kept.outcome is Outcome.NO_DEVICES


def test_windows_overlap_what_was_read_and_reach_up_to_now() -> None:
    through, now = at(NOON), at(NOON + 60)
    (only,) = windows(through, now)
    assert only == Interval(through - OVERLAP, now)


def test_days_of_absence_are_read_day_by_day() -> None:
    spans = list(windows(at(NOON), at(NOON) + timedelta(days=3)))
    assert len(spans) == 4
    assert all(span.end - span.start <= LONGEST for span in spans)
    assert all(before.end == after.start for before, after in pairwise(spans))


def test_a_clock_that_was_put_back_still_has_a_window() -> None:
    (only,) = windows(at(NOON + HOUR), at(NOON))
    assert only == Interval(at(NOON) - OVERLAP, at(NOON))


def test_totals_of_parents_are_not_added_up() -> None:
    said = "root||gres/gpu:h800|30\nu||gres/gpu:h800|30\nu|ada|gres/gpu:h800|10\nu|ben|gres/gpu:h800|20\nu|ben|cpu|0\n"
    assert read_report(said, "hill") == {("u", "gres/gpu:h800"): 30}


def test_what_a_lease_keeps_idle_is_no_difference() -> None:
    """Slurm 22.05 wrote this of a reservation of one node for the account `test`, and a job of three seconds."""
    said = "root||cpu|225731\nroot||gres/gpu:h800|6\ntest||cpu|225731\ntest||gres/gpu:h800|6\n"
    said += "test|lr-ada|gres/gpu:h800|6\ntest|lr-ada|cpu|3\n"
    counted = add_up([("test", "cpu=1,gres/gpu:h800=2", 3, 3)], ["cpu", "gres/gpu:h800"])
    assert compare(read_report(said, "hill"), counted) == []


@pytest.mark.parametrize("line", ["u|ada|cpu", "u|ada|cpu|many", "sreport: nothing"])
def test_a_report_of_another_form_is_not_guessed_at(line: str) -> None:
    with pytest.raises(Unavailable, match="form"):
        read_report(line, "hill")


def test_totals_are_compared_to_the_second() -> None:
    runs = [("u", "cpu=2,gres/gpu:h800=3,mem=5G", 8, 10), ("u", "cpu=1", 9, 9)]
    counted = add_up(runs, ["cpu", "gres/gpu:h800"])
    assert counted == {("u", "cpu"): 25, ("u", "gres/gpu:h800"): 30}
    assert compare(counted, counted) == []
    (found,) = compare({("u", "cpu"): 25, ("u", "gres/gpu:h800"): 31}, counted)
    assert (found.device, found.reported, found.counted) == ("gres/gpu:h800", 31, 30)


def test_parts_of_hours_cannot_be_compared() -> None:
    whole = NOON - NOON % HOUR
    check_hours(Interval(at(whole), at(whole + HOUR)))
    for start, end in ((whole, whole + 60), (whole + 1, whole + HOUR), (whole, whole)):
        with pytest.raises(Invalid):
            check_hours(Interval(at(start), at(end)))


def test_a_day_is_compared_when_it_is_over_and_read() -> None:
    zone = ZoneInfo("Asia/Hong_Kong")
    day = datetime(2026, 3, 1, 16, tzinfo=UTC)  # midnight in Hong Kong
    end = day + timedelta(days=1)
    after = end + timedelta(hours=2)
    assert days_to_compare(day, after, after, zone) == [Interval(day, end)]
    assert days_to_compare(day, after, after - timedelta(seconds=1), zone) == []
    assert days_to_compare(day, end - timedelta(seconds=1), after, zone) == []
    assert days_to_compare(day + timedelta(hours=1), after, after, zone) == []
