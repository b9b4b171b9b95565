"""`lionrock job`, with real jobs on the local driver."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import click
import pytest
from click.testing import CliRunner, Result
from pytest_django.fixtures import Settings
from tests.jobs.scene import ITEM, MEMBER, NOW, STRANGER, scene

from lionrock.charging.models import RecordedRun
from lionrock.demo.jobs import train
from lionrock.jobs.commands import job
from lionrock.people.actions import grant_role, register_person
from lionrock.people.domain import Role, terminal_operator
from lionrock.sites.drivers.local import LocalDriver
from lionrock.sites.drivers.registry import DRIVERS
from lionrock.terminal.errors import Group

pytestmark = pytest.mark.django_db

CODE = "JOB-2026-0001"
SUBMIT = ["submit", "--award", "AW-2026-0001", "--time-limit", "1m", "--at", "2026-03-02T09:00+08:00"]
Run = Callable[..., Result]


@click.group(cls=Group)
def cli() -> None:
    """What carries the room's commands, as `lionrock` does."""


cli.add_command(job)


@pytest.fixture
def run(tmp_path: Path, settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Run:
    settings.LIONROCK_HOME = tmp_path / "home"
    folder = tmp_path / "work"
    folder.mkdir()
    monkeypatch.chdir(folder)
    scene("local")
    root = terminal_operator("root")
    for actor, organisation in ((MEMBER, "harbour"), (STRANGER, "peak")):
        register_person(actor=root, email=actor.email, name="Somebody", now=NOW)
        grant_role(actor=root, email=actor.email, role=Role.MEMBER, organisation=organisation, now=NOW)
    return lambda *words: CliRunner().invoke(cli, ["job", *words])


def good(result: Result) -> str:
    assert result.exit_code == 0, result.output
    return result.stdout


def test_a_real_job_from_submission_to_charging(run: Run) -> None:
    Path("train.py").write_text(Path(train.__file__).read_text())
    said = good(run(*SUBMIT, "--devices", f"{ITEM}=2", "--as", MEMBER.email, "--", "python", "train.py", "100"))
    assert said == f"{CODE} is submitted to local. It brings train.py.\n"
    assert good(run("wait", CODE, "--limit", "2m")) == f"{CODE} is COMPLETED.\n"
    assert "points told apart" in good(run("log", CODE))
    shown = json.loads(good(run("show", CODE, "--json")))
    assert (shown["state"], shown["exit_code"], shown["command"]) == ("COMPLETED", 0, "python train.py 100")
    assert shown["cpu_milliseconds"] > 0
    assert shown["peak_memory_bytes"] > 1_000_000
    assert (shown["devices"], shown["files"], shown["usage_held_because"]) == ({ITEM: 2}, ["train.py"], None)
    recorded = RecordedRun.objects.get()
    assert (recorded.job, recorded.award, (recorded.end - recorded.start).seconds) == (
        CODE,
        "AW-2026-0001",
        shown["seconds"],
    )


def test_a_job_that_fails_says_why_and_waiting_says_so_too(run: Run) -> None:
    good(run(*SUBMIT, "--", "sh", "-c", "echo oh >&2; exit 3"))
    waited = run("wait", CODE)
    assert (waited.exit_code, "exit code 3" in waited.stdout) == (1, True)
    assert good(run("log", CODE, "--errors")) == "oh\n"
    assert good(run("log", CODE)) == ""
    assert "exit code 3" in good(run("show", CODE))


def test_a_waiting_command_has_its_own_limit(run: Run) -> None:
    good(run(*SUBMIT, "--", "sleep", "30"))
    waited = run("wait", CODE, "--limit", "1s")
    assert waited.exit_code == 6
    assert "still" in waited.output
    assert CODE in good(run("cancel", CODE))
    assert json.loads(run("wait", CODE, "--json").stdout)["state"] == "CANCELLED"
    again = run("cancel", CODE)
    assert (again.exit_code, "CANCELLED" in again.output) == (6, True)


def test_following_a_log_ends_with_the_job_and_misses_nothing(run: Run) -> None:
    good(run(*SUBMIT, "--", "sh", "-c", "for n in 1 2 3; do echo line $n; sleep 0.3; done"))
    assert good(run("log", CODE, "--follow")) == "line 1\nline 2\nline 3\n"


def test_a_log_is_shown_without_its_power_over_the_terminal(run: Run) -> None:
    good(run(*SUBMIT, "--", "python", "-c", r"import os; os.write(1, b'\x1b[2Jhi\xff\r\n' + b'x' * 300000)"))
    run("wait", CODE)
    shown = good(run("log", CODE))
    assert shown == "␛[2Jhi�\n" + "x" * 300000
    assert run("log", CODE, "--raw").stdout_bytes == b"\x1b[2Jhi\xff\r\n" + b"x" * 300000


def test_the_list_shows_jobs_and_only_the_open_ones_when_asked(run: Run) -> None:
    good(run(*SUBMIT, "--name", "Nachtlauf 夜", "--", "true"))
    run("wait", CODE)
    good(run(*SUBMIT, "--", "sleep", "30"))
    table = good(run("list"))
    assert [line.split()[0] for line in table.splitlines()[2:]] == ["JOB-2026-0002", CODE]
    assert "Nachtlauf 夜" in table
    assert [row["code"] for row in json.loads(good(run("list", "--open", "--json")))] == ["JOB-2026-0002"]
    run("cancel", "JOB-2026-0002")
    run("wait", "JOB-2026-0002")


def test_two_jobs_submitted_at_once_run_one_after_the_other(run: Run) -> None:
    for _ in range(2):
        good(run(*SUBMIT, "--", "sleep", "1"))
    shown = []
    for code in (CODE, "JOB-2026-0002"):
        good(run("wait", code, "--limit", "2m"))
        shown.append(json.loads(good(run("show", code, "--json"))))
    assert shown[0]["ended_at"] <= shown[1]["started_at"]


def test_strangers_find_nothing(run: Run) -> None:
    good(run(*SUBMIT, "--", "true"))
    run("wait", CODE)
    for words in (["show", CODE], ["log", CODE], ["cancel", CODE], ["wait", CODE]):
        refused = run(*words, "--as", STRANGER.email)
        assert (refused.exit_code, CODE in refused.output) == (5, True), words
    assert json.loads(good(run("list", "--json", "--as", STRANGER.email))) == []
    assert run(*SUBMIT, "--as", STRANGER.email, "--", "true").exit_code == 5


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (["--time-limit", "soon", "--devices", "gpu", "--file", "absent", "--", "true"], 2, ["soon", "gpu", "absent"]),
        (["--name", "\x1b[2J", "--", "true"], 2, ["\\x1b[2J"]),
        (["--devices", "h800-node=1", "--", "true"], 3, ["1 × h800-node", "4 × cpu-core"]),
        (["--site", "moon", "--", "true"], 2, ["moon", "local"]),
        (["--award", "AW-2026-0099", "--", "true"], 5, ["AW-2026-0099"]),
        (["--time-limit", "100d", "--", "true"], 2, ["86400"]),
        ([], 2, ["ARGV"]),
    ],
)
def test_bad_input_is_a_sentence_and_an_exit_code(run: Run, words: list[str], code: int, said: list[str]) -> None:
    refused = run(*SUBMIT, *words)
    assert refused.exit_code == code, refused.output
    assert [word for word in said if word not in refused.output] == []
    assert "\x1b" not in refused.output
    assert json.loads(good(run("list", "--json"))) == []


def test_a_file_from_elsewhere_comes_under_its_own_name(run: Run, tmp_path: Path) -> None:
    (tmp_path / "words.txt").write_text("from afar\n")
    good(run(*SUBMIT, "--file", str(tmp_path / "words.txt"), "--", "cat", "words.txt"))
    assert good(run("wait", CODE)).startswith(CODE)
    assert good(run("log", CODE)) == "from afar\n"


def test_a_data_file_that_is_no_text_is_refused_by_name(run: Run) -> None:
    Path("weights.bin").write_bytes(b"\xff\x00")
    refused = run(*SUBMIT, "--", "cat", "weights.bin")
    assert (refused.exit_code, "weights.bin" in refused.output) == (2, True)


def test_a_site_that_is_away_is_said_and_the_job_waits(
    run: Run, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    blocked = settings.LIONROCK_HOME / "blocked"
    settings.LIONROCK_HOME.mkdir()
    blocked.write_text("")
    with monkeypatch.context() as away:
        away.setitem(DRIVERS, "local", lambda _home: LocalDriver(blocked))
        assert "cannot be reached now" in good(run(*SUBMIT, "--", "true"))
        listed = run("list", "--json")
        assert "local: " in listed.stderr
        assert json.loads(listed.stdout)[0]["state"] == "PENDING"
    assert good(run("wait", CODE)) == f"{CODE} is COMPLETED.\n"
