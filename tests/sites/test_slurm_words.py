"""What Slurm's words mean, in the forms that 22.05 and 24.11 print."""

from __future__ import annotations

import subprocess
from datetime import UTC, datetime

import pytest

from lionrock.kernel.errors import Invalid, LionrockError, Refused, Unavailable
from lionrock.sites.drivers.protocol import JobReport, JobSpec, JobState, NotUnderstood, Reason
from lionrock.sites.slurm import reports, scripts
from lionrock.sites.slurm.commands import Slurm, refusal
from lionrock.sites.slurm.records import ACCOUNT_COLUMNS, SEPARATOR, Run, queued, runs
from lionrock.sites.slurm.states import (
    Ending,
    ending,
    instant,
    memory_bytes,
    milliseconds,
    node_names,
    standing,
    tres,
    whole,
)


@pytest.mark.parametrize(
    ("word", "state", "reason"),
    [
        ("PENDING", JobState.PENDING, Reason.NONE),
        ("REQUEUED", JobState.PENDING, Reason.NONE),
        ("CONFIGURING", JobState.PENDING, Reason.NONE),
        ("RUNNING", JobState.RUNNING, Reason.NONE),
        ("SUSPENDED", JobState.RUNNING, Reason.NONE),
        ("COMPLETING", JobState.RUNNING, Reason.NONE),
        ("COMPLETED", JobState.COMPLETED, Reason.NONE),
        ("CANCELLED by 1001", JobState.CANCELLED, Reason.CANCELLED),
        ("CANCELLED+", JobState.CANCELLED, Reason.CANCELLED),
        ("PREEMPTED", JobState.CANCELLED, Reason.PREEMPTED),
        ("OUT_OF_MEMORY", JobState.FAILED, Reason.OUT_OF_MEMORY),
        ("DEADLINE", JobState.TIMEOUT, Reason.DEADLINE),
        ("BOOT_FAIL", JobState.NODE_FAIL, Reason.SUPERVISOR_LOST),
    ],
)
def test_a_state_is_one_of_ours_by_its_first_word(word: str, state: JobState, reason: Reason) -> None:
    assert standing("centre", word) == (state, reason)


@pytest.mark.parametrize("word", ["TELEPORTED", "", "completed", "COMPLETED_MAYBE", "COMPLETED|FAILED"])
def test_a_state_that_nobody_knows_is_not_guessed(word: str) -> None:
    with pytest.raises(NotUnderstood) as puzzled:
        standing("centre", word)
    assert word in str(puzzled.value)


@pytest.mark.parametrize(
    ("word", "code", "cut_short", "expected"),
    [
        ("COMPLETED", "0:0", False, Ending(JobState.COMPLETED, Reason.NONE, 0, "")),
        ("FAILED", "3:0", False, Ending(JobState.FAILED, Reason.EXIT_CODE, 3, "")),
        ("FAILED", "0:9", False, Ending(JobState.FAILED, Reason.SIGNAL, 137, "SIGKILL")),
        ("FAILED", "0:53", False, Ending(JobState.FAILED, Reason.NOT_STARTED, None, "output file")),
        ("TIMEOUT", "0:15", False, Ending(JobState.TIMEOUT, Reason.TIME_LIMIT, 143, "SIGTERM")),
        ("TIMEOUT", "0:0", False, Ending(JobState.TIMEOUT, Reason.TIME_LIMIT, None, "")),
        ("TIMEOUT", "0:0", True, Ending(JobState.TIMEOUT, Reason.BUDGET, None, "")),
        ("CANCELLED by 0", "0:15", False, Ending(JobState.CANCELLED, Reason.CANCELLED, 143, "SIGTERM")),
        ("NODE_FAIL", "", False, Ending(JobState.NODE_FAIL, Reason.SUPERVISOR_LOST, None, "")),
        ("OUT_OF_MEMORY", "0:125", False, Ending(JobState.FAILED, Reason.OUT_OF_MEMORY, 253, "signal 125")),
    ],
)
def test_how_a_run_ended(word: str, code: str, cut_short: bool, expected: Ending) -> None:
    assert ending("centre", word, code, cut_short=cut_short) == expected


@pytest.mark.parametrize("text", ["Unknown", "None", "N/A", "", "0", "-5", "１２３"])
def test_words_for_no_instant_are_none(text: str) -> None:
    assert instant(text) is None


def test_instants_and_numbers() -> None:
    assert instant("1795381585") == datetime(2026, 11, 22, 21, 6, 25, tzinfo=UTC)
    assert (whole("60"), whole("UNLIMITED"), whole("")) == (60, None, None)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("00:00.004", 4),
        ("01:02.5", 62_500),
        ("1:00:00", 3_600_000),
        ("2-03:04:05", 183_845_000),
        ("", None),
        ("x", None),
    ],
)
def test_processor_time(text: str, expected: int | None) -> None:
    assert milliseconds(text) == expected


@pytest.mark.parametrize(
    ("text", "nodes", "cpus", "expected"),
    [
        ("1000M", 1, 1, 1_048_576_000),
        ("1.50T", 1, 1, 1_649_267_441_664),
        ("4Gn", 2, 8, 8 << 30),
        ("500Mc", 2, 8, 4_194_304_000),
        ("0", 1, 1, 0),
        ("", 1, 1, None),
        ("much", 1, 1, None),
    ],
)
def test_memory(text: str, nodes: int, cpus: int, expected: int | None) -> None:
    assert memory_bytes(text, nodes=nodes, cpus=cpus) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("h800-1", ("h800-1",)),
        ("h800-[1-3,7],cpu-1", ("h800-1", "h800-2", "h800-3", "h800-7", "cpu-1")),
        ("n[08-10]", ("n08", "n09", "n10")),
        ("None assigned", ()),
        ("", ()),
    ],
)
def test_lists_of_nodes(text: str, expected: tuple[str, ...]) -> None:
    assert node_names(text) == expected


def test_a_colon_in_a_device_is_part_of_its_name() -> None:
    assert tres("cpu=4,gres/gpu:h800=8,mem=500G") == {"cpu": "4", "gres/gpu:h800": "8", "mem": "500G"}


@pytest.mark.parametrize(
    ("word", "kind", "code"),
    [
        ("squeue: error: Unable to contact slurm controller (connect failure)", Unavailable, "sites.slurm.away"),
        ("sacct: error: Problem talking to the database: Connection refused", Unavailable, "sites.slurm.away"),
        ("sbatch: error: Batch job submission failed: Socket timed out on send/recv", Unavailable, "sites.slurm.away"),
        ("env: ‘sbatch’: No such file or directory", Unavailable, "sites.slurm.not_installed"),
        ("sbatch: error: QOSGrpGRESMinutes", Refused, "sites.slurm.refused"),
        ("", Refused, "sites.slurm.refused"),
    ],
)
def test_away_is_told_from_a_no(word: str, kind: type[LionrockError], code: str) -> None:
    error = refusal("centre", "sbatch", 1, word)
    assert (type(error), error.code) == (kind, code)


def test_whoever_changes_the_user_is_told_the_environment_after() -> None:
    connection = {"conf": "/etc/s.conf", "cluster": "c", "as_user": ["sudo", "-u", "{user}", "--"]}
    words = Slurm(connection)._words("squeue", ["-h"], "ada")
    assert words[:5] == ["sudo", "-u", "ada", "--", "env"]
    assert words[-2:] == ["squeue", "-h"]
    assert {"TZ=UTC", "SLURM_CONF=/etc/s.conf", "SLURM_TIME_FORMAT=%s"} <= set(words)
    assert "SLURM_TIME_FORMAT=%s" not in Slurm(connection)._words("sbatch", [], None)


# -- rows


def row(**facts: str) -> str:
    given = {
        "JobIDRaw": "7", "JobID": "7", "Submit": "1000", "Start": "1010", "End": "1070", "State": "COMPLETED",
        "ExitCode": "0:0", "ElapsedRaw": "60", "TimelimitRaw": "60", "TotalCPU": "00:30.500", "MaxRSS": "",
        "AllocCPUS": "2", "ReqMem": "2000M", "NNodes": "1", "NodeList": "cpu-1", "Partition": "cpu", "User": "ada",
        "WorkDir": "/shared/ada/JOB-1/run",
    } | facts  # fmt: skip
    return SEPARATOR.join(given[name] for name in ACCOUNT_COLUMNS)


def report(*rows: str) -> JobReport:
    return reports.ended_report("centre", runs(rows), {"card": 1})


def test_a_run_and_its_steps_are_one_report() -> None:
    step = row(JobIDRaw="7.batch", JobID="7.batch", Submit="1010", MaxRSS="123456K", Partition="", WorkDir="")
    made = report(row(), step)
    assert (made.state, made.exit_code, made.nodes, made.runs) == (JobState.COMPLETED, 0, ("cpu-1",), 1)
    assert (made.cpu_milliseconds, made.allocated_cpus) == (30_500, 2)
    assert (made.peak_memory_bytes, made.asked_memory_bytes) == (123_456 * 1024, 2000 << 20)


def test_of_several_runs_the_last_one_counts_whatever_order_they_come_in() -> None:
    again = row(Submit="2000", Start="2010", End="2020", State="FAILED", ExitCode="3:0")
    for rows in ((row(State="REQUEUED"), again), (again, row(State="REQUEUED"))):
        made = report(*rows)
        assert (made.state, made.exit_code, made.runs) == (JobState.FAILED, 3, 2)


@pytest.mark.parametrize("start", ["None", "1070", "Unknown"])
def test_what_was_cancelled_waiting_never_started(start: str) -> None:
    made = report(row(State="CANCELLED by 1001", Start=start, NodeList="None assigned", ElapsedRaw="0"))
    assert (made.state, made.started, made.ended, made.exit_code) == (JobState.CANCELLED, None, None, None)


def test_a_half_made_record_is_no_end() -> None:
    early, whole_one = runs([row(Partition="", User="")]), runs([row()])
    assert not reports.has_ended("centre", early[0])
    assert reports.has_ended("centre", whole_one[0])


def test_an_end_without_its_exit_code_is_waited_for() -> None:
    batch = row(JobIDRaw="7.batch", JobID="7.batch", Submit="1010", Partition="", WorkDir="")
    said = {
        "whole": (row(), batch),
        "no step yet": (row(),),
        "no exit code yet": (row(State="FAILED"), batch),
        "no end yet": (row(End="Unknown"), batch),
        "never ran": (row(State="CANCELLED by 1", Start="None", NodeList="None assigned"),),
    }
    complete = {what: reports.is_complete("centre", runs(rows)[0]) for what, rows in said.items()}
    assert [what for what, is_so in complete.items() if is_so] == ["whole", "never ran"]


def test_rows_that_are_none_are_passed_over() -> None:
    assert runs(["", "one|two", row(JobIDRaw="7_[2-4%1]", JobID="7_[2-4%1]"), row() + SEPARATOR + "more"]) == []
    assert queued("slurm_load_jobs error\n\n" + SEPARATOR.join("abcdefghi")) == []


def test_an_array_ends_as_its_worst_task() -> None:
    tasks = [
        row(JobIDRaw="9", JobID="7_0", Start="1000", End="1050"),
        row(JobIDRaw="7", JobID="7_1", Start="1020", End="1090", State="TIMEOUT", ExitCode="0:15", ElapsedRaw="3600"),
    ]
    found: list[Run] = runs(tasks)
    made = reports.array_report("centre", found, {})
    assert (made.state, made.cpu_milliseconds) == (JobState.TIMEOUT, 61_000)
    assert (made.started, made.ended) == (instant("1000"), instant("1090"))
    assert [(task.index, task.state) for task in made.tasks] == [(0, JobState.COMPLETED), (1, JobState.TIMEOUT)]
    assert {run.array for run in found} == {7}


def test_what_waits_says_why_and_when() -> None:
    line = SEPARATOR.join(("7", "7", "N/A", "PENDING", "QOSGrpGRESMinutes", "1000", "5000", "", "/w"))
    made = reports.open_report("centre", queued(line), {})
    assert (made.state, made.waiting_because, made.expected_start) == (
        JobState.PENDING,
        "QOSGrpGRESMinutes",
        instant("5000"),
    )


# -- what sbatch is told


def spec(**more: object) -> JobSpec:
    return JobSpec("JOB-1", "k", ("echo", "it's"), 61, {}, **more)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("more", "field"),
    [
        ({"gres": {"gres/gpu": 1}}, "gres"),
        ({"gres": {"gres/gpu:h800": 0}}, "gres gres/gpu:h800"),
        ({"nodes": 0}, "nodes"),
        ({"partition": "-x"}, "partition"),
        ({"account": "a b"}, "account"),
        ({"user": "Root;"}, "user"),
        ({"array": "0-9 --hold"}, "array"),
        ({"after": (("afterlife", "c/1/2"),)}, "after"),
        ({"after": (("afterok", "other/1/2"),)}, "after"),
    ],
)
def test_what_cannot_be_asked_is_found_before_the_cluster_is(more: dict[str, object], field: str) -> None:
    assert [fault.field for fault in scripts.faults_of(spec(**more), "c")] == [field]
    with pytest.raises(Invalid):
        scripts.check(spec(**more), "c")


def test_the_options_of_sbatch() -> None:
    asked = spec(gres={"gres/gpu:h800": 8}, nodes=2, account="aw-1", after=(("afterok", "c/12/1000"),), array="0-3")
    given = scripts.options(asked, "/shared/ada/JOB-1")
    expected = {
        "--gres=gpu:h800:8",
        "--nodes=2",
        "--time=2",
        "--account=aw-1",
        "--dependency=afterok:12",
        "--array=0-3",
    }
    assert expected | {"--no-requeue", "--chdir=/shared/ada/JOB-1/run"} <= set(given)
    assert not [option for option in given if option.startswith(("--qos", "--partition", "--mem"))]
    assert not scripts.faults_of(asked, "c")


def test_words_of_the_command_stay_words() -> None:
    assert "exec echo 'it'\"'\"'s'" in scripts.script(spec(), "/shared/x")


@pytest.mark.parametrize(
    "word", ["a\rb", "\x1b[2J'x'", "tab\tand \\ and $x `y`\n", "plain", "測\u2028試", "\x01" + "1"]
)
def test_a_quoted_word_comes_back_as_it_was(word: str) -> None:
    script = f"printf %s {scripts.quoted(word)}"
    assert "\r" not in script
    assert subprocess.run(["bash", "-c", script], capture_output=True, check=True).stdout.decode() == word


def test_handles_are_ours_or_none() -> None:
    assert scripts.parse_handle("c/12/1000") == ("c", 12, 1000)
    for other in ("", "c/12", "c/12/1000/", "../12/1000", "c/1 2/1000", "c/12/1000\n"):
        assert scripts.parse_handle(other) is None
