"""What jobs cost and what is left, why they wait, how well they use what they hold, where they go."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from fractions import Fraction
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lionrock.charging.domain.awards import AwardBook, AwardTerms, ShareSteps
from lionrock.charging.domain.prices import PriceBook, PriceVersion
from lionrock.charging.domain.runs import Run
from lionrock.jobs.domain.costs import Tariffs, cost_of
from lionrock.jobs.domain.efficiency import Efficiency, efficiency_of
from lionrock.jobs.domain.placing import Offer, Placement, place
from lionrock.jobs.domain.quota import PACE_DAYS, Quota, used_between
from lionrock.jobs.domain.requests import read_after, tasks_of
from lionrock.jobs.domain.tails import tail_of
from lionrock.jobs.domain.waiting import explain_waiting, is_quota
from lionrock.kernel.errors import Invalid
from lionrock.kernel.money import Price
from lionrock.kernel.quantities import PriceUnit

ZONE = ZoneInfo("Asia/Hong_Kong")
START = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
AWARD, ITEM = "AW-2026-0001", "cpu-core"


def tariffs(left: int = 100_000, price: str = "10.00") -> Tariffs:
    """Ten dollars an hour, of which the award bears seven tenths until it has nothing left."""
    first, end = datetime(2026, 1, 1, tzinfo=UTC), datetime(2027, 1, 1, tzinfo=UTC)
    terms = AwardTerms(
        code=AWARD, account="harbour", starts=first, ends=end, share=Fraction(7, 10), items=frozenset({ITEM}),
        planned=((first, end),),
    )  # fmt: skip
    listed = PriceVersion(ITEM, None, first, "2026", Price.parse(price, "HKD"), PriceUnit.HOUR)
    return Tariffs(PriceBook([listed]), AwardBook([terms], ShareSteps(())), ZONE, "HKD", {AWARD: left})


def run(seconds: int, start: datetime = START, count: int = 1, state: str = "COMPLETED", job: str = "1") -> Run:
    end = start + timedelta(seconds=seconds)
    return Run("local", job, start, end, "harbour", {ITEM: count}, award=AWARD, state=state)


# --- cost -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("seconds", "count", "left", "parts"),
    [
        (3600, 1, 100_000, (1000, 700, 300)),
        (3600, 4, 100_000, (4000, 2800, 1200)),
        (3600, 1, 500, (1000, 500, 500)),
        (3600, 1, 0, (1000, 0, 1000)),
        (1, 1, 100_000, (0, 0, 0)),
        (0, 1, 100_000, (0, 0, 0)),
    ],
)
def test_a_cost_is_shared_as_charging_shares_it(
    seconds: int, count: int, left: int, parts: tuple[int, int, int]
) -> None:
    cost = cost_of([run(seconds, count=count)], [], tariffs(left))
    assert (cost.list_price.minor, cost.scheme.minor, cost.own.minor) == parts
    assert cost.runs_short == (parts[0] > 0 and parts[1] == 0)


def test_what_the_award_used_before_in_open_months_is_taken_first() -> None:
    earlier = [run(3600, START - timedelta(days=1), job="0"), run(3600, START - timedelta(days=40), job="00")]
    cost = cost_of([run(3600)], earlier, tariffs(left=1500))
    assert (cost.scheme.minor, cost.own.minor) == (100, 900)


def test_a_job_over_a_months_end_is_rated_in_both() -> None:
    late = datetime(2026, 3, 31, 15, 30, tzinfo=UTC)
    assert cost_of([run(3600, late)], [], tariffs()).list_price.minor == 1000


def test_what_has_no_price_is_said_so() -> None:
    assert not cost_of([run(3600, datetime(2025, 3, 2, tzinfo=UTC))], [], tariffs()).complete


def test_a_machine_that_failed_is_not_billed() -> None:
    assert cost_of([run(3600, state="NODE_FAIL")], [], tariffs()).list_price.minor == 0


@given(st.lists(st.integers(0, 5000), max_size=5), st.integers(0, 9000), st.integers(0, 4000))
def test_a_cost_always_adds_up_and_is_the_difference_that_it_makes(before: list[int], more: int, left: int) -> None:
    earlier = [run(seconds, START - timedelta(hours=2 + 2 * at), job=f"b{at}") for at, seconds in enumerate(before)]
    cost = cost_of([run(more)], earlier, tariffs(left))
    assert cost.scheme.minor + cost.own.minor == cost.list_price.minor
    together, alone = cost_of([*earlier, run(more)], [], tariffs(left)), cost_of(earlier, [], tariffs(left))
    assert together.list_price.minor - alone.list_price.minor == cost.list_price.minor
    assert 0 <= cost.scheme.minor <= left


# --- quota ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("left", "lately", "days", "until"),
    [
        (14 * 3600, 3600, 196, None),
        (14 * 3600, 14 * 3600, 14, date(2026, 3, 16)),
        (3600, 14 * 3600, 1, date(2026, 3, 3)),
        (0, 3600, 0, date(2026, 3, 2)),
        (3600, 0, None, None),
    ],
)
def test_how_long_a_quota_lasts_at_the_present_pace(left: int, lately: int, days: int, until: date | None) -> None:
    quota = Quota(ITEM, 100 * 3600, left, lately, date(2026, 3, 2), date(2026, 6, 1))
    assert (quota.lasts_days, quota.until) == (days, until)


def test_the_bar_of_a_quota_stays_within_its_ends() -> None:
    parts = [Quota(ITEM, granted, left, 0, date(2026, 3, 2), date(2026, 6, 1)).left_hundredths
             for granted, left in ((100, 50), (100, -5), (100, 200), (0, 0))]  # fmt: skip
    assert parts == [50, 0, 100, 0]


def test_use_is_cut_at_the_span_and_suspensions_are_left_out() -> None:
    end = START + timedelta(hours=1)
    halved = Run("local", "2", START, end, "harbour", {ITEM: 2}, device_seconds={ITEM: 3600})
    assert used_between([run(7200, START - timedelta(hours=1), count=3)], ITEM, START, end) == 3 * 3600
    assert used_between([halved], ITEM, START, START + timedelta(minutes=30)) == 1800
    assert used_between([run(3600, state="BOOT_FAIL"), run(0)], ITEM, START, end) == 0
    assert used_between([run(3600)], "other", START, end) == 0
    assert PACE_DAYS == 14


# --- waiting --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("code", "said"),
    [
        ("QOSGrpGRESMinutes", "quota is used up"), ("AssocGrpGRESMinutes", "quota is used up"),
        ("QOSGrpCPUMinutesLimit", "quota is used up"), ("AssocGrpCPURunMinutesLimit", "quota is used up"),
        ("QOSGrpGRES", "hold all devices"), ("QOSGrpNodeLimit", "hold all devices"),
        ("QOSMaxGRESPerUser", "Your own jobs"), ("QOSMaxGRESPerJob", "more than a single job"),
        ("QOSMaxWallDurationPerJobLimit", "more than a single job"), ("QOSMaxJobsPerUserLimit", "As many jobs"),
        ("AssocGrpSubmitJobsLimit", "As many jobs"), ("Priority", "Other jobs go first"), ("Resources", "It is next"),
        ("ReqNodeNotAvail, UnavailableNodes:n1", "out of service"), ("DependencyNeverSatisfied", "never start"),
        ("JobHeldAdmin", "holds this job back"), ("PartitionTimeLimit", "less time"),
    ],
)  # fmt: skip
def test_a_reason_is_said_in_plain_words(code: str, said: str) -> None:
    assert said in str(explain_waiting(code))


def test_a_reason_that_nobody_knows_is_shown_as_it_is() -> None:
    assert "“BrandNew”" in str(explain_waiting("BrandNew"))
    assert explain_waiting("") is None
    assert [code for code in ("QOSGrpGRESMinutes", "QOSGrpGRES", "Priority") if is_quota(code)] == ["QOSGrpGRESMinutes"]


# --- efficiency, placing, reading -----------------------------------------------------------------


@pytest.mark.parametrize(
    ("facts", "known"),
    [
        ((100, 50_000, 1, 10, 20), Efficiency(50, 50, 10, 1)),
        ((100, 900_000, 4, 30, 20), Efficiency(100, 100, 30, 4)),
        ((0, 5, 1, None, 20), Efficiency(None, None, None, 1)),
        ((None, None, None, 10, None), Efficiency(None, None, 10, None)),
    ],
)
def test_efficiency_says_what_is_known_and_no_more(facts: tuple[int | None, ...], known: Efficiency) -> None:
    names = ("elapsed_seconds", "cpu_milliseconds", "cpus", "peak_memory_bytes", "asked_memory_bytes")
    assert efficiency_of(**dict(zip(names, facts, strict=True))) == known


OFFERS = [Offer("h800", "h800-gpu", "gres/gpu:h800", 1, 8), Offer("whole", "node", "gres/gpu:h800", 8, 8)]


@pytest.mark.parametrize(
    ("item", "count", "placed"),
    [
        ("h800-gpu", 1, Placement("h800", {"gres/gpu:h800": 1}, 1)),
        ("h800-gpu", 8, Placement("h800", {"gres/gpu:h800": 8}, 1)),
        ("h800-gpu", 16, Placement("h800", {"gres/gpu:h800": 8}, 2)),
        ("h800-gpu", 10, Placement("h800", {"gres/gpu:h800": 5}, 2)),
        ("node", 2, Placement("whole", {"gres/gpu:h800": 8}, 2)),
    ],
)
def test_a_job_goes_where_its_item_is_sold(item: str, count: int, placed: Placement) -> None:
    assert place(OFFERS, AWARD, item, count) == placed


@pytest.mark.parametrize(("item", "count"), [("h800-gpu", 9), ("a100", 1)])
def test_what_no_partition_can_give_is_refused(item: str, count: int) -> None:
    with pytest.raises(Invalid) as refused:
        place(OFFERS, AWARD, item, count)
    assert refused.value.faults[0].field == "devices"


@pytest.mark.parametrize(("text", "tasks"), [("", 1), ("0-9", 10), ("0-9%2", 10), ("0-9:3", 4), ("1,3,5-6", 4)])
def test_tasks_of_a_range(text: str, tasks: int) -> None:
    assert tasks_of(text) == tasks


@pytest.mark.parametrize("text", ["x", "9-0", "0-9%0", "0-99999", "0-9:0", "0-9%x", "1;2", "-1", "%3"])
def test_what_is_no_range_is_refused(text: str) -> None:
    with pytest.raises(Invalid):
        tasks_of(text)


def test_jobs_to_wait_for() -> None:
    assert read_after(["JOB-2026-0001", "afterany:JOB-2026-0002"]) == (
        ("afterok", "JOB-2026-0001"), ("afterany", "JOB-2026-0002"),
    )  # fmt: skip
    with pytest.raises(Invalid) as refused:
        read_after(["yesterday", "whenever:JOB-2026-0001", "JOB-2026-0003"])
    assert [fault.value for fault in refused.value.faults] == ["yesterday", "whenever:JOB-2026-0001"]


@given(st.binary(max_size=3000), st.integers(1, 400))
def test_a_tail_is_the_end_whatever_the_length(written: bytes, size: int) -> None:
    reads: list[int] = []

    def read(offset: int, limit: int) -> bytes:
        reads.append(limit)
        return written[offset : offset + limit]

    piece, start = tail_of(read, size)
    assert (piece, start) == (written[max(0, len(written) - size) :], max(0, len(written) - size))
    assert len(reads) <= 2 * len(written).bit_length() + 3
