"""Scenarios: their files, the jobs and machines that are drawn, and what a run comes to."""

from __future__ import annotations

from array import array
from collections.abc import Sequence
from fractions import Fraction
from itertools import accumulate
from pathlib import Path

import pytest
from tests.planning.options import H20, H800, RULEBOOK, WHOLE, fleet, option, put
from tests.planning.workloads import trace_of

from lionrock.kernel.errors import Invalid
from lionrock.kernel.money import settle
from lionrock.planning.domain import pool
from lionrock.planning.domain.jobs import Jobs
from lionrock.planning.domain.operating import operate
from lionrock.planning.domain.pool import Passes, Policy
from lionrock.planning.scenarios.fleets import arrival_week, groups
from lionrock.planning.scenarios.loads import WEEK, fit, stream
from lionrock.planning.scenarios.measures import Outcome, outcome
from lionrock.planning.scenarios.reading import read_scenario
from lionrock.planning.scenarios.running import Engines, Placed, Run, run
from lionrock.planning.scenarios.values import Scenario


def on_a_pool(jobs: Jobs, capacity: int) -> Sequence[int]:
    return pool.starts(jobs, capacity, Policy.EASY, Passes.EACH_TIME)


easy = Engines(on_a_pool, operate)


def came_to(scenario: Scenario, seed: int = 1) -> Outcome:
    return outcome(run(scenario, seed, easy))


def jobs_of(found: Run) -> set[tuple[int, int]]:
    return {job for each in found.pools for job in zip(each.submit, each.size, strict=True)}


def test_shipped_scenarios_read() -> None:
    files = sorted((RULEBOOK / "scenarios").glob("*.yaml"))
    assert files
    for file in files:
        assert read_scenario(file, RULEBOOK).names.languages == ("en", "zh-hant", "zh-hans"), file


@pytest.mark.parametrize(
    ("was", "becomes", "codes"),
    [
        ("weeks: 3", "weeks: 0", {"planning.scenario.value"}),
        ('share: "0.70"', "share: 0.70", {"rules.yaml.bare_decimal"}),
        ('share: "0.70"', 'share: "1.20"', {"planning.scenario.value"}),
        ("policy: easy", "policy: luck", {"controls.file.word"}),
        (f"accelerator: {H800}", "accelerator: nvidia-h9000", {"controls.chip.unknown"}),
        ("model: few", "model: many", {"planning.scenario.value"}),
        ("up_to: 8", "up_to: 1", {"planning.scenario.value"}),
        ("count: 8", "count: 0", {"planning.scenario.value"}),
        ("source: smelink", "source: nobody", {"rules.source.unknown"}),
        ("charging: pay_per_use", "charging: lease", {"planning.scenario.value"}),
        ("begins: 2026-01-05\nweeks: 3", "begins: soon\nweeks: three", {"rules.shape.date", "rules.shape.whole"}),
        ("bound_by: fp16", "bound_by: fp4", {"planning.scenario.value"}),
    ],
)
def test_every_fault_of_a_file_is_named_with_its_line(tmp_path: Path, was: str, becomes: str, codes: set[str]) -> None:
    assert was in WHOLE
    file = put(tmp_path, "wrong", WHOLE.replace(was, becomes))
    with pytest.raises(Invalid) as wrong:
        read_scenario(file, RULEBOOK)
    assert {fault.code for fault in wrong.value.faults} == codes
    assert all(fault.file and fault.line for fault in wrong.value.faults)


def test_a_file_that_builds_on_itself_is_refused(tmp_path: Path) -> None:
    with pytest.raises(Invalid) as wrong:
        read_scenario(put(tmp_path, "round", "extends: round.yaml\n"), RULEBOOK)
    assert wrong.value.faults[0].code == "planning.scenario.circle"


def test_the_digest_changes_with_any_file_that_a_scenario_rests_on(tmp_path: Path) -> None:
    before = option(tmp_path, "more", weeks="4").digest
    assert option(tmp_path, "more", weeks="4").digest == before
    (tmp_path / "loads" / "few.yaml").write_text((tmp_path / "loads" / "few.yaml").read_text().replace("3600", "3601"))
    assert read_scenario(tmp_path / "more.yaml", RULEBOOK).digest != before


def test_a_fitted_load_keeps_the_work_of_its_trace() -> None:
    rows = [(each, each * 3_000, 100 + each, 1 + each % 2, -1) for each in range(450)]
    model = fit(trace_of(rows))
    week = [row for row in rows if row[1] < 2 * WEEK]
    assert model.weekly == (202, 202)
    assert abs(model.weekly_seconds * 2 - sum(row[2] * row[3] for row in week)) < 1_000
    drawn = stream(model, 1, 0, 2)
    assert list(drawn.submit) == sorted(drawn.submit)
    assert set(drawn.size) == {1, 2}


def test_more_demand_has_all_jobs_of_less(tmp_path: Path) -> None:
    less, more = option(tmp_path), option(
        tmp_path, "more", load='{model: few, levels: [{week: 0, level: "2.50"}], source: planning-own}'
    )  # fmt: skip
    one, other = run(less, 7, easy), run(more, 7, easy)
    assert jobs_of(one) < jobs_of(other)
    assert 2.2 < len(jobs_of(other)) / len(jobs_of(one)) < 2.8


def test_demand_rises_in_a_straight_line_between_two_weeks(tmp_path: Path) -> None:
    levels = '{model: few, levels: [{week: 0, level: "1.00"}, {week: 10, level: "2.00"}], source: planning-own}'
    demand = option(tmp_path, "rising", load=levels).demand
    assert [demand.level(week) for week in (0, 5, 10, 99)] == [1, Fraction(3, 2), 2, 2]


@pytest.mark.parametrize(
    ("share", "times"), [("0.70", Fraction(1)), ("0.90", Fraction(4, 3)), ("0.40", Fraction(1, 2))]
)
def test_demand_answers_what_users_pay_themselves(tmp_path: Path, share: str, times: Fraction) -> None:
    # At 90 % users pay 10 instead of 30: two thirds less, and half of that more demand.
    given = f'{{share: "{share}", usual: "0.70", elasticity: {{value: "0.50", source: planning-own}}, source: smelink}}'
    assert option(tmp_path, "other", subsidy=given).subsidy.response == times


def test_a_delivery_comes_late_or_never_and_with_the_same_luck_elsewhere(tmp_path: Path) -> None:
    licensed = 'id: next, accelerator: {}, count: 8, week: 1, licence: {{granted: "0.50", source: planning-own{}}}'
    late = option(tmp_path, "late", fleet=fleet(licensed.format(H800, ", later_weeks: 30")))
    never = option(tmp_path, "never", fleet=fleet(licensed.format(H800, "")))
    weeks = [arrival_week(late.fleet[0], seed) for seed in range(60)]
    assert set(weeks) == {1, 31}
    assert [arrival_week(never.fleet[0], seed) for seed in range(60)] == [None if week == 31 else 1 for week in weeks]
    refused = weeks.index(31)
    assert groups(never, refused) == ()
    assert came_to(never, refused).left_out > 100, "what nothing can hold is counted"


def test_devices_hold_no_job_before_they_are_there(tmp_path: Path) -> None:
    scenario = option(
        tmp_path,
        "phases",
        fleet=fleet(
            f"id: first, accelerator: {H800}, count: 4, week: 0",
            f"id: next, accelerator: {H800}, count: 8, week: 1, delay_weeks: 1",
        ),
    )
    found = run(scenario, 1, easy)
    [placed] = found.pools
    ends = [start + length for start, length in zip(placed.starts, placed.duration, strict=True)]
    for moment in (WEEK // 2, WEEK, 2 * WEEK - 1):
        rows = zip(placed.starts, ends, placed.size, strict=True)
        assert sum(size for start, end, size in rows if start <= moment < end) <= 4
    wide = [start for start, size in zip(placed.starts, placed.size, strict=True) if size == 8]
    assert min(wide) >= 2 * WEEK, "what needs eight waits for the second delivery"
    assert found.groups[0].device_seconds(scenario.length) == 4 * 3 * WEEK + 8 * WEEK


def test_jobs_run_longer_on_slower_devices_by_the_figure_of_their_class(tmp_path: Path) -> None:
    quick = option(tmp_path, "quick", fleet=fleet(f"id: one, accelerator: {H800}, count: 2000, week: 0"))
    slow = option(tmp_path, "slow", fleet=fleet(f"id: one, accelerator: {H20}, count: 2000, week: 0"))
    here, there = run(quick, 1, easy).pools[0], run(slow, 1, easy).pools[0]
    assert here.size == there.size
    for size, one, other in zip(here.size, here.duration, there.duration, strict=True):
        # 4,000 of 3,350 GB/s where memory binds, 148 of 989.5 where arithmetic does.
        factor = Fraction(3350, 4000) if size == 1 else Fraction("989.5") / 148
        assert other == -(-one * factor // 1)
    wait = came_to(slow).measures["wait"]
    assert wait == 0, "2,000 devices are more than all jobs need"


def test_what_a_run_comes_to_is_worked_out_by_hand(tmp_path: Path) -> None:
    scenario = option(tmp_path)
    found = run(scenario, 1, easy)
    [placed] = found.pools
    for name, column in (
        ("submit", [0, 100, 3 * WEEK - 50]),
        ("duration", [1_000, 5, 100]),
        ("size", [8, 1, 4]),
    ):
        setattr(placed, name, array("q", column))
    placed.starts = [0, 1_000, 3 * WEEK - 50]
    came = outcome(found)
    assert came.measures["wait"] == 300
    assert came.measures["turnaround"] == 300 + Fraction(1_105, 3)
    # 1, (900 + 5) ÷ 10 in place of 5, and 1.
    assert came.measures["slowdown"] == Fraction(1_000 + 90_500 + 1_000, 3_000)
    assert came.measures["jobs_done"] == 2
    assert came.groups[0].used == 8_000 + 5 + 4 * 50
    assert came.measures["utilisation"] == Fraction(8_205, 8 * 3 * WEEK)
    assert came.months[0].charged == settle(Fraction(8_205 * 32_000_000, 8 * 730 * 3_600))
    assert came.months[0].charged == came.measures["fund"] + came.measures["users"]
    assert came.measures["petaflop_hours.fp16"] == Fraction(8_205, 3_600_000) * Fraction("989.5")
    assert came.measures["images_an_hour"] == Fraction(8_205, 504) * Fraction("0.9259") * Fraction("989.5")
    idle = 8 * 3 * WEEK - 8_205
    assert came.measures["energy"] == (8_205 + idle * Fraction("0.2")) * 700 * Fraction("1.6") / 3_600_000
    assert [(row.of, row.size, row.jobs, row.total, row.longest) for row in came.waits] == [
        ("small", 1, 1, 900, 900),
        ("large", 4, 1, 0, 0),
        ("large", 8, 1, 0, 0),
    ]


def test_use_of_a_month_ends_where_the_next_begins(tmp_path: Path) -> None:
    scenario = option(tmp_path, "winter", begins="2026-01-25")
    found = run(scenario, 1, easy)
    came = outcome(found)
    assert [month.month for month in came.months] == ["2026-01", "2026-02"]
    assert [month.capacity for month in came.months] == [8 * 7 * 86_400, 8 * 14 * 86_400]
    assert sum(month.used for month in came.months) == came.groups[0].used


def test_a_lease_is_paid_for_whether_used_or_not_and_holds_its_own_jobs_alone(tmp_path: Path) -> None:
    leased = option(
        tmp_path,
        "leased",
        charging="lease",
        fleet=fleet(f"id: first, accelerator: {H800}, count: 32, week: 0"),
        leases="{lessees: 4, devices: 8, source: planning-own}",
    )
    shared = option(tmp_path, "shared", fleet=fleet(f"id: first, accelerator: {H800}, count: 32, week: 0"))
    one, other = came_to(leased), came_to(shared)
    charged = sum(month.charged for month in one.months)
    assert abs(charged - 32 * leased.length * 32_000_000 // (8 * 730 * 3_600)) <= 1
    assert one.measures["wait"] > other.measures["wait"], "own devices are no help to others"


def test_idle_leased_nodes_are_lent_and_given_back_at_once(tmp_path: Path) -> None:
    machine = fleet(f"id: first, accelerator: {H800}, count: 32, week: 0")
    leases = '{{lessees: 2, devices: 8, share_of_jobs: "0.25", lent: {}, source: planning-own}}'
    kept, lent = (
        option(tmp_path, name, charging="lease", fleet=machine, leases=leases.format(word))
        for name, word in (("kept", "false"), ("lent", "true"))
    )
    one, other = run(kept, 1, easy), run(lent, 1, easy)
    assert [list(pool.starts) for pool in one.pools[:2]] == [list(pool.starts) for pool in other.pools[:2]]
    before, after = outcome(one), outcome(other)
    assert before.jobs == after.jobs
    assert after.measures["wait"] < before.measures["wait"] / 2, "who has no lease waits less"
    assert max(_held(other.pools)) <= 32, "no device is held twice"


def _held(pools: Sequence[Placed]) -> list[int]:
    changes = [
        change
        for placed in pools
        for start, length, size in zip(placed.starts, placed.duration, placed.size, strict=True)
        for change in ((start, size), (start + length, -size))
    ]
    return list(accumulate(size for _, size in sorted(changes)))
