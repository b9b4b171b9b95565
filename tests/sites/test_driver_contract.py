"""What every driver promises, the real one and the fake alike."""

from __future__ import annotations

import itertools
from dataclasses import replace
from pathlib import Path

import pytest
from tests.sites.harness import DEVICES, FakeHarness, Harness, LocalHarness

from lionrock.kernel.errors import Conflict, Invalid, NotFound
from lionrock.sites.drivers.protocol import OPEN_STATES, JobReport, JobState, Reason, Stream


@pytest.fixture(params=["local", "fake"])
def site(request: pytest.FixtureRequest, tmp_path: Path) -> Harness:
    return LocalHarness(tmp_path / "jobs") if request.param == "local" else FakeHarness()


def is_over(report: JobReport) -> bool:
    return report.is_over


def is_running(report: JobReport) -> bool:
    return report.state is JobState.RUNNING


def output(site: Harness, handle: str) -> bytes:
    return site.driver.output(handle, Stream.STDOUT, offset=0, limit=1 << 20)


def test_a_job_that_works_is_completed_with_what_it_used(site: Harness) -> None:
    handle = site.driver.submit(site.job("JOB-1", seconds=1, stdout=b"hello\n"))
    report = site.until(handle, is_over)
    assert (report.state, report.exit_code, report.reason) == (JobState.COMPLETED, 0, Reason.NONE)
    assert report.devices == DEVICES
    assert report.started is not None
    assert report.ended is not None
    assert (report.ended - report.started).total_seconds() >= 1
    assert report.cpu_milliseconds is not None
    assert output(site, handle) == b"hello\n"


def test_a_job_that_says_no_is_failed_with_its_exit_code(site: Harness) -> None:
    report = site.until(site.driver.submit(site.job("JOB-1", exit_code=3)), is_over)
    assert (report.state, report.exit_code, report.reason) == (JobState.FAILED, 3, Reason.EXIT_CODE)


def test_a_job_that_runs_too_long_is_stopped_at_its_limit(site: Harness) -> None:
    report = site.until(site.driver.submit(site.job("JOB-1", seconds=600, limit=1)), is_over)
    assert (report.state, report.reason) == (JobState.TIMEOUT, Reason.TIME_LIMIT)
    assert report.started is not None
    assert report.ended is not None
    assert (report.ended - report.started).total_seconds() >= 1


def test_a_running_job_can_be_cancelled_and_what_it_used_is_known(site: Harness) -> None:
    handle = site.driver.submit(site.job("JOB-1", seconds=600, limit=3000))
    running = site.until(handle, is_running)
    assert running.ended is None
    site.driver.cancel(handle)
    report = site.until(handle, is_over)
    assert (report.state, report.reason) == (JobState.CANCELLED, Reason.CANCELLED)
    assert report.started == running.started
    assert report.ended is not None


def test_a_waiting_job_can_be_cancelled_and_never_starts(site: Harness) -> None:
    first = site.driver.submit(site.job("JOB-1", seconds=600, limit=3000))
    site.until(first, is_running)
    second = site.driver.submit(site.job("JOB-2", stdout=b"I ran"))
    assert site.driver.poll(second).state is JobState.PENDING
    site.driver.cancel(second)
    report = site.until(second, is_over)
    assert (report.state, report.started, report.ended) == (JobState.CANCELLED, None, None)
    assert output(site, second) == b""
    assert site.driver.poll(first).state is JobState.RUNNING
    site.driver.cancel(first)
    site.until(first, is_over)


def test_jobs_run_one_after_the_other_in_the_order_they_were_taken(site: Harness) -> None:
    handles = [site.driver.submit(site.job(f"JOB-{number}", seconds=1)) for number in (3, 1, 2)]
    reports = [site.until(handle, is_over) for handle in handles]
    assert [report.state for report in reports] == [JobState.COMPLETED] * 3
    for earlier, later in itertools.pairwise(reports):
        assert earlier.ended is not None
        assert later.started is not None
        assert earlier.ended <= later.started


def test_how_many_it_runs_at_once_is_what_it_says_of_itself(site: Harness) -> None:
    """Without accounting of its own it is one; a cluster runs as many as there is room for."""
    capabilities = site.driver.capabilities()
    assert capabilities.runs_at_once == (0 if capabilities.has_accounting else 1)


def test_submitting_again_gives_the_same_job(site: Harness) -> None:
    spec = site.job("JOB-1", stdout=b"once\n")
    handle = site.driver.submit(spec)
    assert site.driver.submit(spec) == handle
    first = site.until(handle, is_over)
    assert site.driver.submit(spec) == handle
    assert site.driver.poll(handle) == first
    assert output(site, handle) == b"once\n"


def test_other_content_under_the_same_key_is_refused(site: Harness) -> None:
    spec = site.job("JOB-1")
    site.driver.submit(spec)
    with pytest.raises(Conflict) as refused:
        site.driver.submit(replace(spec, argv=("something", "else")))
    assert refused.value.code == "sites.driver.key_taken"


@pytest.mark.parametrize("limit", [-5, 0, 10**9])
def test_a_time_limit_that_cannot_be_kept_is_refused(site: Harness, limit: int) -> None:
    with pytest.raises(Invalid) as refused:
        site.driver.submit(site.job("JOB-1", limit=limit))
    assert str(limit) in str(refused.value)


@pytest.mark.parametrize("argv", [(), ("echo", "a\0b")])
def test_a_command_that_cannot_be_is_refused(site: Harness, argv: tuple[str, ...]) -> None:
    with pytest.raises(Invalid) as refused:
        site.driver.submit(replace(site.job("JOB-1"), argv=argv))
    assert refused.value.code == "sites.driver.argv"


@pytest.mark.parametrize("handle", ["", "JOB-9", "../JOB-1", ".", "a/b", "\0"])
def test_a_handle_that_was_never_given_is_not_found(site: Harness, handle: str) -> None:
    for ask in (
        lambda: site.driver.poll(handle),
        lambda: site.driver.cancel(handle),
        lambda: site.driver.requeue(handle),
        lambda: site.driver.estimated_start(handle),
        lambda: site.driver.output(handle, Stream.STDERR, offset=0, limit=1),
    ):
        with pytest.raises(NotFound):
            ask()


def test_cancelling_what_is_over_changes_nothing(site: Harness) -> None:
    handle = site.driver.submit(site.job("JOB-1"))
    before = site.until(handle, is_over)
    site.driver.cancel(handle)
    assert site.driver.poll(handle) == before
    assert before.state not in OPEN_STATES


def test_output_is_handed_out_in_pieces(site: Harness) -> None:
    written = bytes(range(256)) * 4
    handle = site.driver.submit(site.job("JOB-1", stdout=written))
    site.until(handle, is_over)
    pieces = [site.driver.output(handle, Stream.STDOUT, offset=at, limit=100) for at in range(0, 1100, 100)]
    assert b"".join(pieces) == written
    assert site.driver.output(handle, Stream.STDOUT, offset=5000, limit=100) == b""
    assert site.driver.output(handle, Stream.STDERR, offset=0, limit=100) == b""


def test_what_it_does_not_offer_it_refuses(site: Harness) -> None:
    offered = site.driver.capabilities()
    handle = site.driver.submit(site.job("JOB-1"))
    for spec, taken in (
        (replace(site.job("JOB-2"), array="0-1"), offered.arrays),
        (replace(site.job("JOB-3"), after=(("afterok", handle),)), offered.dependencies),
    ):
        if taken:
            assert site.until(site.driver.submit(spec), is_over).state is JobState.COMPLETED
        else:
            with pytest.raises(Invalid) as refused:
                site.driver.submit(spec)
            assert refused.value.code == "sites.driver.scheduler"


def test_a_job_is_run_again_or_refused_in_words(site: Harness) -> None:
    handle = site.driver.submit(replace(site.job("JOB-1"), requeue=True))
    site.until(handle, is_over)
    if site.driver.capabilities().requeue:
        site.driver.requeue(handle)
        assert site.until(handle, is_over).runs == 2
    else:
        with pytest.raises(Conflict) as refused:
            site.driver.requeue(handle)
        assert refused.value.code == "sites.driver.cannot_run_again"


def test_when_a_job_would_start_is_an_instant_or_unknown(site: Harness) -> None:
    spec = site.job("JOB-1")
    start = site.driver.estimated_start(spec)
    assert start is None or start.tzinfo is not None
    with pytest.raises(Invalid):
        site.driver.estimated_start(replace(spec, argv=()))
