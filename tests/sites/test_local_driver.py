"""What the local driver does beyond the contract: real processes, real deaths."""

from __future__ import annotations

import itertools
import os
import signal
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import pytest
from tests.sites.harness import LocalHarness, python, spec, until

from lionrock.kernel.errors import Invalid, Unavailable
from lionrock.sites.drivers.local import LocalDriver
from lionrock.sites.drivers.local_folder import Folder
from lionrock.sites.drivers.local_queue import take_ticket
from lionrock.sites.drivers.processes import carries
from lionrock.sites.drivers.protocol import JobReport, JobSpec, JobState, Reason, Stream

pytestmark = pytest.mark.integration

SLEEP = "import time; print('up', flush=True); time.sleep(600)"
ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def site(tmp_path: Path) -> LocalHarness:
    return LocalHarness(tmp_path / "jobs")


def ended(site: LocalHarness, handle: str) -> JobReport:
    return site.until(handle, lambda report: report.is_over)


def text(site: LocalHarness, handle: str, stream: Stream = Stream.STDOUT) -> str:
    return site.driver.output(handle, stream, offset=0, limit=1 << 20).decode()


def running(site: LocalHarness, job: JobSpec) -> str:
    """Submit a job that says "up", and return its handle once it has."""
    handle = site.driver.submit(job)
    until(lambda: "up" in text(site, handle), f"{handle} is up")
    return handle


def alive(key: str) -> list[int]:
    """Return the processes of a run that are there."""
    numbers = [int(entry.name) for entry in Path("/proc").iterdir() if entry.name.isdigit()]
    return [number for number in numbers if carries(number, key)]


def runner_of(site: LocalHarness, handle: str) -> int:
    begun = site.root / handle / "begun"
    until(begun.exists, f"the runner of {handle}")
    return int(begun.read_text())


# --- deaths ---------------------------------------------------------------------------------------


def test_a_killed_runner_makes_its_job_a_lost_one_and_nothing_of_it_stays(site: LocalHarness) -> None:
    job = python("JOB-1", f"import subprocess, sys; subprocess.run([sys.executable, '-c', {SLEEP!r}])", limit=3000)
    handle = running(site, job)
    assert len(alive(job.key)) == 2
    until((site.root / handle / "heartbeat").exists, "a heartbeat")
    os.kill(runner_of(site, handle), signal.SIGKILL)
    report = ended(site, handle)
    assert (report.state, report.reason, report.exit_code) == (JobState.NODE_FAIL, Reason.SUPERVISOR_LOST, None)
    assert report.started is not None
    assert report.ended is not None
    assert report.ended >= report.started
    assert alive(job.key) == []
    assert site.driver.poll(handle) == report


def test_a_job_dies_with_its_runner_though_nobody_asks(site: LocalHarness) -> None:
    job = python("JOB-1", SLEEP, limit=3000)
    handle = running(site, job)
    os.kill(runner_of(site, handle), signal.SIGKILL)
    until(lambda: alive(job.key) == [], "the end of the job")


def test_the_next_job_runs_after_a_runner_was_killed_without_anybody_asking(site: LocalHarness) -> None:
    first = python("JOB-1", SLEEP, limit=3000)
    handle = running(site, first)
    waiting = site.driver.submit(spec("JOB-2", "echo", "my turn"))
    os.kill(runner_of(site, handle), signal.SIGKILL)
    until(lambda: text(site, waiting) == "my turn\n", "the second job")
    assert alive(first.key) == []
    assert ended(site, handle).state is JobState.NODE_FAIL
    assert ended(site, waiting).state is JobState.COMPLETED


def test_a_runner_killed_while_waiting_leaves_a_job_that_never_started(site: LocalHarness) -> None:
    first = running(site, python("JOB-1", SLEEP, limit=3000))
    waiting = site.driver.submit(spec("JOB-2", "echo", "no"))
    os.kill(runner_of(site, waiting), signal.SIGKILL)
    report = ended(site, waiting)
    assert (report.state, report.started, report.ended) == (JobState.NODE_FAIL, None, None)
    site.driver.cancel(first)
    ended(site, first)
    assert text(site, waiting) == ""


def test_a_runner_killed_after_its_report_leaves_the_report_as_it_is(site: LocalHarness) -> None:
    first = site.driver.submit(spec("JOB-1", "true"))
    report = ended(site, first)
    until(lambda: list((site.root / "queue").iterdir()) == [], "the end of the runner")
    take_ticket(site.root, Folder(site.root / first))
    assert ended(site, site.driver.submit(spec("JOB-2", "true"))).state is JobState.COMPLETED
    assert site.driver.poll(first) == report
    until(lambda: list((site.root / "queue").iterdir()) == [], "an empty line")


def test_a_machine_that_shuts_down_stops_the_job_and_says_so(site: LocalHarness) -> None:
    handle = running(site, python("JOB-1", SLEEP, limit=3000))
    os.kill(runner_of(site, handle), signal.SIGTERM)
    report = ended(site, handle)
    assert (report.state, report.reason, report.detail) == (JobState.NODE_FAIL, Reason.SUPERVISOR_STOPPED, "SIGTERM")
    assert report.cpu_milliseconds is not None


SUBMIT_AND_DIE = """
import os, signal, sys
from pathlib import Path
from lionrock.sites.drivers.local import LocalDriver
from lionrock.sites.drivers.protocol import JobSpec
job = JobSpec("JOB-1", "one-key", ("sh", "-c", "sleep 1; echo done"), 60, {"cpu-core": 1}, {}, "JOB-1")
LocalDriver(Path(sys.argv[1])).submit(job)
os.kill(0, signal.SIGKILL)
"""


def test_a_job_survives_the_death_of_all_that_submitted_it(site: LocalHarness) -> None:
    died = subprocess.run(
        [sys.executable, "-c", SUBMIT_AND_DIE, str(site.root)],
        env={"PYTHONPATH": str(ROOT / "src"), "PATH": os.defpath},
        start_new_session=True,
        check=False,
    )
    assert died.returncode == -signal.SIGKILL
    assert ended(site, "JOB-1").state is JobState.COMPLETED
    assert text(site, "JOB-1") == "done\n"


def test_a_submission_killed_before_the_runner_was_there_goes_on_at_the_next(site: LocalHarness) -> None:
    job = spec("JOB-1", "echo", "late")
    site.root.mkdir()
    Folder(site.root / "JOB-1").lay_down(job)
    handle = site.driver.submit(job)
    assert ended(site, handle).state is JobState.COMPLETED
    assert text(site, handle) == "late\n"


def test_a_job_whose_runner_had_begun_is_never_started_again(site: LocalHarness) -> None:
    job = spec("JOB-1", "echo", "twice")
    site.root.mkdir()
    folder = Folder(site.root / "JOB-1")
    folder.lay_down(job)
    folder.begin()
    assert site.driver.submit(job) == "JOB-1"
    assert site.driver.poll("JOB-1").state is JobState.NODE_FAIL
    assert text(site, "JOB-1") == ""


def test_a_job_submitted_by_many_at_once_runs_once(site: LocalHarness) -> None:
    job = spec("JOB-1", "echo", "ran", files={f"{number}.txt": "text" for number in range(50)})
    with ThreadPoolExecutor(8) as pool:
        handles = set(pool.map(lambda _: site.driver.submit(job), range(8)))
    assert handles == {"JOB-1"}
    assert ended(site, "JOB-1").state is JobState.COMPLETED
    assert text(site, "JOB-1") == "ran\n"
    assert not (site.root / ".JOB-1.new").exists()


# --- stopping -------------------------------------------------------------------------------------


def test_a_job_that_will_not_stop_is_killed_after_the_grace(tmp_path: Path) -> None:
    site = LocalHarness(tmp_path / "jobs", grace_seconds=1)
    stubborn = f"import signal; signal.signal(signal.SIGTERM, signal.SIG_IGN); {SLEEP}"
    handle = running(site, python("JOB-1", stubborn, limit=3000))
    site.driver.cancel(handle)
    report = ended(site, handle)
    assert (report.state, report.exit_code, report.detail) == (JobState.CANCELLED, 137, "SIGKILL")


def test_a_job_may_tidy_up_within_the_grace(site: LocalHarness) -> None:
    tidy = f"import signal, sys; signal.signal(signal.SIGTERM, lambda *_: (print('tidied'), sys.exit(0))); {SLEEP}"
    handle = running(site, python("JOB-1", tidy, limit=3000))
    site.driver.cancel(handle)
    report = ended(site, handle)
    assert (report.state, report.exit_code) == (JobState.CANCELLED, 0)
    assert text(site, handle) == "up\ntidied\n"


def test_what_a_job_left_in_the_background_ends_with_it(site: LocalHarness) -> None:
    daemon = f"import subprocess, sys; subprocess.Popen([sys.executable, '-c', {SLEEP!r}], start_new_session=True)"
    job = python("JOB-1", f"{daemon}; import time; time.sleep(0.5)", limit=3000)
    report = ended(site, site.driver.submit(job))
    assert report.state is JobState.COMPLETED
    assert alive(job.key) == []


def test_a_job_that_fills_the_disk_is_stopped(tmp_path: Path) -> None:
    driver = LocalDriver(tmp_path / "jobs", output_limit_bytes=1_000_000)
    handle = driver.submit(python("JOB-1", "while True: print('x' * 10000)", limit=3000))
    until(lambda: driver.poll(handle).is_over, "the end of the flood")
    report = driver.poll(handle)
    assert (report.state, report.reason) == (JobState.FAILED, Reason.OUTPUT_LIMIT)


# --- what a job gets and gives --------------------------------------------------------------------


def test_the_environment_is_built_and_holds_nothing_of_ours(
    site: LocalHarness, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LIONROCK_SECRET_KEY", "s3cret-of-the-house")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "s3cret-of-the-house")
    job = python("JOB-1", "import os; print(sorted(os.environ)); print(open(f'/proc/{os.getppid()}/environ').read())")
    handle = site.driver.submit(job)
    assert ended(site, handle).state is JobState.COMPLETED
    said = text(site, handle)
    assert "LIONROCK" not in said
    assert "s3cret" not in said
    names = ["HOME", "JOB_CODE", "JOB_DEVICES", "JOB_KEY", "JOB_TIME_LIMIT_SECONDS", "LANG", "PATH", "TZ"]
    assert said.splitlines()[0] == str(names)


def test_a_job_finds_the_files_it_brought_and_its_own_folder(site: LocalHarness) -> None:
    files = {"train.py": "import data.numbers\nprint('香港', data.numbers.N)", "data/numbers.py": "N = 7"}
    handle = site.driver.submit(spec("JOB-1", "python", "train.py", files=files))
    assert ended(site, handle).state is JobState.COMPLETED
    assert text(site, handle) == "香港 7\n"


def test_a_script_can_be_run_by_its_name(site: LocalHarness) -> None:
    handle = site.driver.submit(spec("JOB-1", "./go", files={"go": "#!/bin/sh\necho went"}))
    assert ended(site, handle).state is JobState.COMPLETED
    assert text(site, handle) == "went\n"


@pytest.mark.parametrize("name", ["../outside", "/etc/outside", "a/../../outside", ".", ""])
def test_a_file_cannot_land_outside_the_folder(site: LocalHarness, name: str) -> None:
    with pytest.raises(Invalid) as refused:
        site.driver.submit(spec("JOB-1", "true", files={name: "text"}))
    assert refused.value.code == "sites.local.file_name"
    assert list(site.root.parent.rglob("outside")) == []


@pytest.mark.parametrize(
    ("argv", "exit_code", "word"),
    [
        (("no-such-program",), 127, "no-such-program: No such file or directory"),
        (("/etc",), 126, "/etc: Permission denied"),
        (("echo", "x" * (1 << 20)), 127, "echo: Argument list too long"),
    ],
)
def test_what_cannot_be_started_is_failed_and_says_why(
    site: LocalHarness, argv: tuple[str, ...], exit_code: int, word: str
) -> None:
    report = ended(site, site.driver.submit(spec("JOB-1", *argv)))
    assert (report.state, report.reason, report.exit_code) == (JobState.FAILED, Reason.NOT_STARTED, exit_code)
    assert report.detail == word
    assert report.started == report.ended


def test_a_signal_is_named(site: LocalHarness) -> None:
    report = ended(site, site.driver.submit(spec("JOB-1", "sh", "-c", "kill -SEGV $$")))
    assert (report.state, report.exit_code, report.detail) == (JobState.FAILED, 139, "SIGSEGV")


def test_processor_time_and_memory_are_recorded(site: LocalHarness) -> None:
    burn = "import time; x = bytearray(200_000_000)\nwhile time.process_time() < 0.5: pass"
    report = ended(site, site.driver.submit(python("JOB-1", burn)))
    assert report.cpu_milliseconds is not None
    assert report.peak_memory_bytes is not None
    assert report.cpu_milliseconds >= 500
    assert report.peak_memory_bytes >= 200_000_000


@pytest.mark.parametrize("name", ["; rm -rf ~", "$(reboot)", "\x1b[2J", "名" * 300, "a\nb"])
def test_a_hostile_name_is_only_a_name(site: LocalHarness, name: str) -> None:
    job = replace(spec("JOB-1", "echo", name), name=name)
    handle = site.driver.submit(job)
    assert ended(site, handle).state is JobState.COMPLETED
    assert text(site, handle) == f"{name}\n"
    assert sorted(path.name for path in site.root.iterdir()) == ["JOB-1", "queue", "submit.lock"]


# --- the folder -----------------------------------------------------------------------------------


def test_a_code_left_over_from_another_database_is_no_obstacle(site: LocalHarness) -> None:
    old = site.driver.submit(spec("JOB-1", "echo", "old", key="k1"))
    ended(site, old)
    new_job = spec("JOB-1", "echo", "new", key="k2")
    new = site.driver.submit(new_job)
    assert site.driver.submit(new_job) == new
    ended(site, new)
    assert (old, new) == ("JOB-1", "JOB-1-k2")
    assert (text(site, old), text(site, new)) == ("old\n", "new\n")


def test_a_folder_that_cannot_be_used_is_an_outside_system_that_is_away(tmp_path: Path) -> None:
    (tmp_path / "jobs").write_text("not a folder")
    with pytest.raises(Unavailable) as away:
        LocalDriver(tmp_path / "jobs").submit(spec("JOB-1", "true"))
    assert str(tmp_path / "jobs") in str(away.value)


def test_a_report_that_cannot_be_read_is_said_so(site: LocalHarness) -> None:
    handle = site.driver.submit(spec("JOB-1", "true"))
    ended(site, handle)
    (site.root / handle / "report.json").write_text("{")
    with pytest.raises(Unavailable):
        site.driver.poll(handle)


def test_two_processes_submitting_at_once_run_one_after_the_other(site: LocalHarness) -> None:
    program = SUBMIT_AND_DIE.replace("os.kill(0, signal.SIGKILL)", "").replace("JobSpec", "JobSpec", 1)
    submitters = [
        subprocess.Popen(
            [sys.executable, "-c", program.replace("JOB-1", f"JOB-{n}").replace("one-key", f"key-{n}"), str(site.root)],
            env={"PYTHONPATH": str(ROOT / "src"), "PATH": os.defpath},
        )
        for n in (1, 2, 3)
    ]
    assert [submitter.wait() for submitter in submitters] == [0, 0, 0]
    reports = sorted((ended(site, f"JOB-{n}") for n in (1, 2, 3)), key=lambda report: str(report.started))
    assert [report.state for report in reports] == [JobState.COMPLETED] * 3
    for earlier, later in itertools.pairwise(reports):
        assert earlier.ended is not None
        assert later.started is not None
        assert earlier.ended <= later.started
