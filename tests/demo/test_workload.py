"""The synthetic month: repeatable, within the machine, like the published model and real clusters."""

from __future__ import annotations

import itertools
from collections import Counter
from datetime import datetime, timedelta
from fractions import Fraction
from pathlib import Path
from random import Random
from statistics import fmean, quantiles
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lionrock.charging.usage_files import SkipReason, UsageOptions, UsageRecord, open_usage_file
from lionrock.demo.workload import (
    GPU_CLUSTER,
    LUBLIN_FEITELSON_BATCH,
    AccountMix,
    WorkloadJob,
    generate_month,
    write_sacct,
)
from lionrock.demo.workload.model import day_weights, draw_arrivals, draw_runtime, draw_size
from lionrock.kernel.periods import Month, zone

HONG_KONG = zone("Asia/Hong_Kong")
MARCH = Month(2026, 3)
MIX = (AccountMix("lab-a", ("ann", "bo", "chi"), 3), AccountMix("lab-b", ("dee",), 1))


def month(**more: Any) -> list[WorkloadJob]:
    facts = {
        "seed": 1,
        "month": MARCH,
        "zone": HONG_KONG,
        "accounts": MIX,
        "gpus_total": 512,
        "target_utilisation": Fraction(7, 10),
    }
    return list(generate_month(**(facts | more)))


@pytest.fixture(scope="module")
def march() -> list[WorkloadJob]:
    return month()


def seconds(job: WorkloadJob) -> int:
    return round((job.end - job.start).total_seconds())


def most_in_use(jobs: list[WorkloadJob]) -> int:
    """The largest number of GPUs in use at any instant; one that ends gives way to one that starts."""
    changes = sorted([(job.end, -job.gpus) for job in jobs] + [(job.start, job.gpus) for job in jobs])
    in_use = most = 0
    for _, gpus in changes:
        in_use += gpus
        most = max(most, in_use)
    assert in_use == 0
    return most


def test_the_same_seed_gives_the_same_month_and_another_one_another() -> None:
    small = {"gpus_total": 32}
    assert month(**small) == month(**small)
    assert month(**small) != month(seed=2, **small)


@settings(max_examples=30, deadline=None)
@given(
    seed=st.integers(0, 10**6),
    gpus=st.sampled_from([1, 8, 24, 64, 100]),
    asked=st.fractions(Fraction(1, 20), Fraction(1)),
)
def test_no_more_gpus_are_in_use_than_there_are_and_nobody_overtakes(seed: int, gpus: int, asked: Fraction) -> None:
    jobs = month(seed=seed, gpus_total=gpus, target_utilisation=asked)
    assert most_in_use(jobs) <= gpus
    span = MARCH.interval(HONG_KONG)
    assert all(job.submit <= job.start < job.end and job.gpus >= 1 for job in jobs)
    assert all(span.holds(job.submit) for job in jobs if job.state != "COMPLETED")
    assert [job.start for job in jobs] == sorted(job.start for job in jobs)
    assert [job.submit for job in jobs] == sorted(job.submit for job in jobs)


def test_as_much_is_asked_for_as_was_wanted_and_most_of_it_is_used_in_the_month(march: list[WorkloadJob]) -> None:
    span = MARCH.interval(HONG_KONG)
    whole = 512 * span.seconds
    last_runs = {job.job_id: job for job in march}
    asked = sum(job.gpus * seconds(job) for job in last_runs.values())
    used = sum(
        job.gpus * round((min(job.end, span.end) - job.start).total_seconds()) for job in march if job.start < span.end
    )
    assert 0.70 <= asked / whole < 0.71
    assert 0.64 < used / whole < 0.71
    assert 5_000 < len(march) < 50_000


@pytest.mark.parametrize(
    ("share", "low", "high"),
    [(0.10, 61, 1342), (0.25, 115, 3814), (0.5, 1144, 10537), (0.75, 2932, 16319), (0.99, 150_000, 300_000)],
)
def test_run_times_lie_between_those_of_two_real_clusters(
    march: list[WorkloadJob], share: float, low: int, high: int
) -> None:
    hundredths = quantiles([seconds(job) for job in march], n=100)
    assert low < hundredths[round(share * 100) - 1] < high


def test_sizes_are_those_of_a_gpu_cluster(march: list[WorkloadJob]) -> None:
    sizes = Counter(job.gpus for job in march)
    assert 1.3 < fmean(job.gpus for job in march) < 2.2
    assert 0.82 < sizes[1] / len(march) < 0.94
    assert max(sizes) == 64
    odd = sum(count for size, count in sizes.items() if size & (size - 1))
    assert 0 < odd / len(march) < 0.01


def test_larger_jobs_run_longer(march: list[WorkloadJob]) -> None:
    median = {size: quantiles([seconds(job) for job in march if job.gpus == size], n=2)[0] for size in (1, 8, 16)}
    assert median[1] < median[8] < median[16]


def test_outcomes_have_the_published_shares(march: list[WorkloadJob]) -> None:
    jobs = {job.job_id for job in march}
    states = Counter(job.state for job in march if job.submit and job.state != "COMPLETED")
    unsuccessful = states["FAILED"] + states["TIMEOUT"] + states["NODE_FAIL"]
    assert states["CANCELLED"] / len(jobs) == pytest.approx(0.135, abs=0.015)
    assert unsuccessful / len(jobs) == pytest.approx(0.172, abs=0.015)
    gpu_time = sum(job.gpus * seconds(job) for job in march)
    killed = sum(job.gpus * seconds(job) for job in march if job.state == "CANCELLED")
    assert killed / gpu_time == pytest.approx(0.377, abs=0.08)


def test_a_job_whose_node_failed_runs_again_under_its_id(march: list[WorkloadJob]) -> None:
    failed = {job.job_id: job for job in march if job.state == "NODE_FAIL"}
    again = {job.job_id: job for job in march if job.job_id in failed and job.state != "NODE_FAIL"}
    assert len(failed) == len(again) > 20
    assert all(again[job_id].submit == first.end for job_id, first in failed.items())
    assert all(again[job_id].state == "COMPLETED" for job_id in failed)
    others = Counter(job.job_id for job in march if job.job_id not in failed)
    assert set(others.values()) == {1}


def test_accounts_share_the_jobs_by_weight_and_the_first_users_are_busiest(march: list[WorkloadJob]) -> None:
    accounts = Counter(job.account for job in march)
    users = Counter(job.user for job in march if job.account == "lab-a")
    assert accounts["lab-a"] / len(march) == pytest.approx(0.75, abs=0.02)
    assert users["ann"] > users["bo"] > users["chi"] > 0
    assert {job.user for job in march if job.account == "lab-b"} == {"dee"}


def test_the_day_of_the_model_is_quiet_before_dawn_and_busy_after_noon(march: list[WorkloadJob]) -> None:
    weights = day_weights(GPU_CLUSTER)
    assert fmean(weights) == pytest.approx(1)
    assert weights.index(max(weights)) in range(24, 29)
    assert weights.index(min(weights)) in range(8, 13)
    hours = Counter(job.submit.astimezone(HONG_KONG).hour for job in march)
    assert sum(hours[hour] for hour in range(11, 17)) > 2 * sum(hours[hour] for hour in range(6))


def test_arrivals_are_in_order_within_the_time_and_come_in_bursts() -> None:
    arrivals = list(draw_arrivals(Random(5), GPU_CLUSTER, 4000, 30 * 86400))
    assert len(arrivals) == 4000
    assert arrivals == sorted(arrivals)
    assert arrivals[0] >= 0
    assert 28 * 86400 < arrivals[-1] < 30 * 86400
    gaps = [after - before for before, after in itertools.pairwise(arrivals)]
    assert quantiles(gaps, n=2)[0] < fmean(gaps) / 4


def test_the_published_values_give_the_published_workload() -> None:
    random = Random(11)
    sizes = [draw_size(random, LUBLIN_FEITELSON_BATCH) for _ in range(20_000)]
    assert sizes.count(1) / 20_000 == pytest.approx(0.2927, abs=0.01)
    assert sum(size & (size - 1) == 0 for size in sizes) / 20_000 == pytest.approx(0.97, abs=0.02)
    assert 100 < max(sizes) <= 128
    runtimes = [draw_runtime(random, LUBLIN_FEITELSON_BATCH, 4) for _ in range(20_000)]
    assert sum(runtime.long for runtime in runtimes) / 20_000 == pytest.approx(1 + 0.003 * 4 - 0.6986, abs=0.01)
    assert max(runtime.seconds for runtime in runtimes) <= 162_755
    assert min(runtime.seconds for runtime in runtimes) >= 1


def test_what_is_written_is_what_the_importer_reads(march: list[WorkloadJob], tmp_path: Path) -> None:
    path = tmp_path / "march.psv"
    assert write_sacct(march, path) == len(march)
    with open_usage_file(path, UsageOptions(site="demo", items={"gres/gpu:h800": "gpu-h800"})) as stream:
        records = [outcome for outcome in stream if isinstance(outcome, UsageRecord)]
    assert (stream.tally.records, stream.tally.held, dict(stream.tally.skipped)) == (len(march), 0, {})
    wrote = [(str(job.job_id), job.start, job.end, job.account, job.gpus, job.state) for job in march]
    assert wrote == [(r.job, r.start, r.end, r.account, r.devices["gpu-h800"], r.state) for r in records]
    assert len({(record.site, record.job, record.start) for record in records}) == len(march)
    assert len({record.cluster_key for record in records}) == len(march)


def read_at(jobs: list[WorkloadJob], asked: datetime, path: Path) -> tuple[list[UsageRecord], dict[SkipReason, int]]:
    write_sacct(jobs, path, asked_at=asked, delimiter="\x1f", gpu_type="h20")
    options = UsageOptions(site="demo", items={"gres/gpu:h20": "gpu"}, interim_until=asked)
    with open_usage_file(path, options) as stream:
        records = [outcome for outcome in stream if isinstance(outcome, UsageRecord)]
    return records, dict(stream.tally.skipped)


def test_asked_during_the_month_sacct_shows_running_and_waiting_jobs(tmp_path: Path) -> None:
    jobs = month(gpus_total=64, target_utilisation=Fraction(1))
    waiting_at = next(job.submit for job in jobs if job.start - job.submit > timedelta(hours=1)) + timedelta(minutes=30)
    records, skipped = read_at(jobs, waiting_at, tmp_path / "now.txt")
    assert skipped[SkipReason.WAITING] == sum(job.submit < waiting_at <= job.start for job in jobs)
    running = [record for record in records if record.interim]
    assert len(running) == sum(job.start < waiting_at < job.end for job in jobs) > 0
    assert all(record.end == waiting_at for record in running)
    assert most_in_use([job for job in jobs if job.start < waiting_at < job.end]) <= 64
