"""The Slurm driver where Slurm is harder than the contract: crashes, names, types, arrays, clocks."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from tests.slurm.cluster import Cluster
from tests.slurm.harness import SlurmHarness

from lionrock.kernel.errors import Invalid, NotFound, Refused, Unavailable
from lionrock.sites.drivers.protocol import JobReport, JobState, Reason, Stream
from lionrock.sites.drivers.slurm import SlurmDriver
from lionrock.sites.slurm import scripts
from lionrock.sites.slurm.commands import Slurm


@pytest.fixture
def site(cluster: Cluster, tmp_path: Path) -> Iterator[SlurmHarness]:
    yield SlurmHarness(cluster, tmp_path, partition="cpu")
    cluster.start()


def is_over(report: JobReport) -> bool:
    return report.is_over


def is_running(report: JobReport) -> bool:
    return report.state is JobState.RUNNING


def output(site: SlurmHarness, handle: str, stream: Stream = Stream.STDOUT) -> str:
    return site.driver.output(handle, stream, offset=0, limit=1 << 20).decode()


def submissions(cluster: Cluster, folder: str) -> list[str]:
    said = cluster.run("squeue", "-h", "-t", "all", "-o", "%A|%Z").splitlines()
    return [line for line in said if folder in line]


def test_a_job_gets_the_typed_gpus_that_it_asked_for(site: SlurmHarness) -> None:
    spec = site.runs("JOB-1", "sh", "-c", "echo $CUDA_VISIBLE_DEVICES", partition="h800", gres={"gres/gpu:h800": 3})
    handle = site.driver.submit(spec)
    report = site.until(handle, is_over)
    assert report.state is JobState.COMPLETED
    assert len(output(site, handle).strip().split(",")) == 3
    assert report.nodes[0].startswith("h800-")


@pytest.mark.parametrize("device", ["gres/gpu", "gpu:h800", "gres/gpu:", "gres/gpu:h800,gres/gpu"])
def test_devices_without_a_type_never_reach_the_cluster(site: SlurmHarness, device: str) -> None:
    with pytest.raises(Invalid) as refused:
        site.driver.submit(site.runs("JOB-1", "true", gres={device: 1}))
    assert [fault.field for fault in refused.value.faults] == ["gres"]
    assert device in str(refused.value)


HOSTILE = ["we|ird \"na'me", "line\nbreak\r\n\x1b[2J", "$(touch /tmp/owned) `id`", "測試 зима نص", "--hold", "=;|&\t%j"]


@pytest.mark.parametrize("name", HOSTILE)
def test_a_name_is_only_a_name(site: SlurmHarness, name: str) -> None:
    spec = replace(site.runs("JOB-1", "printf", "%s", name), name=name)
    handle = site.driver.submit(spec)
    assert site.until(handle, is_over).state is JobState.COMPLETED
    assert output(site, handle) == name


def test_files_come_along_and_none_leads_out(site: SlurmHarness) -> None:
    spec = replace(site.runs("JOB-1", "cat", "data/a b.txt"), files={"data/a b.txt": "snow ☃\n"})
    handle = site.driver.submit(spec)
    site.until(handle, is_over)
    assert output(site, handle) == "snow ☃\n"
    for name in ("../x", "/etc/x", "", "a/../../x"):
        with pytest.raises(Invalid):
            site.driver.submit(replace(site.runs("JOB-2", "true"), files={name: ""}))


def test_killed_between_the_cluster_and_our_note_it_runs_once(
    site: SlurmHarness, cluster: Cluster, monkeypatch: pytest.MonkeyPatch
) -> None:
    spec = site.runs("JOB-1", "sh", "-c", "echo once; sleep 1")
    with monkeypatch.context() as dying:
        dying.setattr(SlurmDriver, "_handle_in_queue", lambda *_: (_ for _ in ()).throw(KeyboardInterrupt))
        with pytest.raises(KeyboardInterrupt):
            site.driver.submit(spec)
    handle = SlurmHarness(cluster, site.home, partition="cpu").driver.submit(spec)
    assert site.until(handle, is_over).state is JobState.COMPLETED
    assert output(site, handle) == "once\n"
    assert len(submissions(cluster, spec.key)) == 1


def test_a_submission_that_seemed_lost_and_was_not_runs_nothing_twice(site: SlurmHarness, cluster: Cluster) -> None:
    spec = site.runs("JOB-1", "echo", "once")
    handle = site.driver.submit(spec)
    site.until(handle, is_over)
    folder = site.driver._note(handle).folder
    late = cluster.submit(f"sh -c 'readlink {folder}/claim'", "-p", "cpu")
    cluster.wait(late)
    again = cluster.run(
        "sbatch", "--parsable", "-A", "test", "-p", "cpu", "-D", f"{folder}/run", "-o", f"{folder}/stdout",
        "--open-mode=append", _script(cluster, site, spec), user=spec.user,
    )  # fmt: skip
    cluster.wait(again, "FAILED")
    assert "submitted twice" in output(site, handle)
    assert output(site, handle).count("once") == 1


def _script(cluster: Cluster, site: SlurmHarness, spec: object) -> str:
    handle = site.driver.submit(spec)  # type: ignore[arg-type]
    file = cluster.folder / "shared" / "again.sh"
    file.write_text(scripts.script(spec, site.driver._note(handle).folder))  # type: ignore[arg-type]
    file.chmod(0o755)
    return str(file)


def test_while_the_scheduler_is_away_nothing_is_submitted_and_the_sentence_says_so(
    site: SlurmHarness, cluster: Cluster
) -> None:
    handle = site.driver.submit(site.runs("JOB-1", "true"))
    site.until(handle, is_over)
    waiting = site.runs("JOB-2", "echo", "later")
    cluster.kill("slurmctld")
    with pytest.raises(Unavailable) as away:
        site.driver.submit(waiting)
    assert "does not answer now" in str(away.value)
    assert site.driver.poll(handle).state is JobState.COMPLETED
    cluster.start()
    assert site.until(site.driver.submit(waiting), is_over).state is JobState.COMPLETED


def test_a_job_that_ends_while_accounting_is_away_is_told_when_it_is_back(site: SlurmHarness, cluster: Cluster) -> None:
    handle = site.driver.submit(site.runs("JOB-1", "sleep", "3"))
    site.until(handle, is_running)
    cluster.stop("slurmdbd")
    cluster.until(lambda: site.driver.poll(handle).state_word == "COMPLETED")
    assert site.driver.poll(handle).state is JobState.RUNNING
    cluster.start()
    report = site.until(handle, is_over)
    assert report.state is JobState.COMPLETED
    assert report.started is not None
    assert report.ended is not None
    assert (report.ended - report.started).total_seconds() >= 3


def test_an_array_is_one_job_with_its_tasks(site: SlurmHarness) -> None:
    spec = site.runs("JOB-1", "sh", "-c", "echo task $SLURM_ARRAY_TASK_ID; exit $SLURM_ARRAY_TASK_ID", array="0-2%2")
    handle = site.driver.submit(spec)
    report = site.until(handle, is_over)
    assert (report.state, report.reason) == (JobState.FAILED, Reason.EXIT_CODE)
    assert [(task.index, task.state, task.exit_code) for task in report.tasks] == [
        (0, JobState.COMPLETED, 0),
        (1, JobState.FAILED, 1),
        (2, JobState.FAILED, 2),
    ]
    assert sorted(output(site, handle).splitlines()) == ["task 0", "task 1", "task 2"]
    assert site.driver.poll(handle) == report


def test_a_job_waits_for_another_and_says_why(site: SlurmHarness) -> None:
    first = site.driver.submit(site.runs("JOB-1", "sleep", "600", limit=3600))
    second = site.driver.submit(site.runs("JOB-2", "true", after=(("afterany", first),)))
    report = site.until(second, lambda report: bool(report.waiting_because))
    assert (report.state, report.waiting_because) == (JobState.PENDING, "Dependency")
    site.driver.cancel(first)
    assert site.until(second, is_over).state is JobState.COMPLETED


def test_a_running_job_is_put_back_and_runs_anew_under_its_handle(site: SlurmHarness) -> None:
    handle = site.driver.submit(site.runs("JOB-1", "sh", "-c", "echo run; sleep 4", requeue=True))
    site.until(handle, is_running)
    site.driver.requeue(handle)
    report = site.until(handle, is_over)
    assert (report.state, report.runs) == (JobState.COMPLETED, 2)
    assert output(site, handle).splitlines() == ["run", "run"]


def test_what_the_cluster_refuses_is_refused_with_its_word(site: SlurmHarness) -> None:
    for wrong in ({"partition": "nowhere"}, {"account": "nobody"}, {"qos": "none"}):
        spec = site.runs("JOB-1", "true", **wrong)
        with pytest.raises(Refused) as refused:
            site.driver.submit(spec)
        assert "says no to sbatch" in str(refused.value)
    with pytest.raises(Invalid):
        site.driver.submit(site.runs("JOB-1", "true", partition="--wrap=id"))


def test_output_is_read_as_its_owner_so_a_link_leads_nowhere_else(site: SlurmHarness, cluster: Cluster) -> None:
    handle = site.driver.submit(site.runs("JOB-1", "sh", "-c", "ln -sf /etc/shadow ../stdout"))
    site.until(handle, is_over)
    assert b"root" not in _whatever(site, handle)


def _whatever(site: SlurmHarness, handle: str) -> bytes:
    try:
        return site.driver.output(handle, Stream.STDOUT, offset=0, limit=100)
    except (Refused, NotFound):
        return b""


def test_when_it_would_start_is_known_before_it_is_submitted(site: SlurmHarness) -> None:
    spec = site.runs("JOB-1", "true", partition="h800", gres={"gres/gpu:h800": 8}, nodes=2)
    assert site.driver.estimated_start(spec) is not None
    assert not site.driver.desk.note(spec.key)


def test_slow_wrong_and_missing_programs_are_named(cluster: Cluster, tmp_path: Path) -> None:
    slurm = Slurm(cluster.connection)
    with pytest.raises(Unavailable) as slow:
        slurm.run("sleep", "30", seconds=1)
    assert "within 1 s" in str(slow.value)
    with pytest.raises(Unavailable) as missing:
        slurm.run("no-such-program")
    assert "Install Slurm's client programs" in str(missing.value)
    with pytest.raises(Unavailable):
        list(slurm.lines("sh", "-c", "echo one; sleep 30; true", seconds=1))
    assert list(slurm.lines("printf", "a\\r\\nb\\xe9\\n")) == ["a\r", "b\\xe9"]
    assert slurm.version.startswith("2")
