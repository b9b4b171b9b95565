"""A sweep as a job of a site: the script of `plan array`, submitted as `lionrock job submit` is told to."""

from __future__ import annotations

import json
import shlex
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import click
import pytest
from click.testing import CliRunner
from pytest_django.fixtures import Settings
from tests.jobs.scene import scene
from tests.planning.options import H800, RULEBOOK, fleet, option

from lionrock.jobs.commands import job
from lionrock.kernel.errors import Invalid
from lionrock.planning.commands import plan

SWEPT = ["--seeds", "2", "--rulebook", str(RULEBOOK)]
AT = ["--at", "2026-03-02T09:00+08:00"]


@click.group()
def lionrock() -> None:
    """What carries the commands of both rooms."""


lionrock.add_command(plan)
lionrock.add_command(job)


def said(*words: str) -> str:
    done = CliRunner().invoke(lionrock, words, catch_exceptions=False)
    assert done.exit_code == 0, done.output
    return done.stdout


def contents(folder: Path) -> dict[str, bytes]:
    return {str(file.relative_to(folder)): file.read_bytes() for file in folder.rglob("*.json")}


def without_the_array(words: Sequence[str]) -> list[str]:
    at = words.index("--array")
    return [*words[:at], *words[at + 2 :]]


def test_a_task_of_an_array_does_its_part_alone(tmp_path: Path) -> None:
    file = option(tmp_path).file
    results, sweep = tmp_path / "kept", tmp_path / "sweep.sh"
    command = ["--command", f"{sys.executable} -m lionrock"]
    told = said("plan", "array", str(file), *SWEPT, "--parts", "2", "--results", str(results), *command,
                "--into", str(sweep))  # fmt: skip
    assert "--array 0-1" in told
    task = {"PATH": "/usr/bin:/bin", "SLURM_ARRAY_TASK_ID": "1"}
    subprocess.run(["sh", str(sweep)], check=True, env=task, timeout=300)
    assert [each.name for each in results.rglob("*.json")] == ["seed-0001.json"]


@pytest.mark.django_db
def test_a_sweep_that_a_site_does_comes_to_what_one_here_comes_to(
    tmp_path: Path, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.LIONROCK_HOME = tmp_path / "home"
    monkeypatch.chdir(tmp_path)
    award = scene("local").harbour.code
    larger = fleet(f"id: first, accelerator: {H800}, count: 24, week: 0")
    files = [str(option(tmp_path, "many", fleet=larger).file), str(option(tmp_path).file)]
    told = said("plan", "array", *files, *SWEPT, "--parts", "2", "--results", "there", "--into", "sweep.sh")
    [name, *words] = shlex.split(told.replace("AWARD", award))
    assert name == "lionrock"
    submit = [*words[:2], *AT, *words[2:]]
    with pytest.raises(Invalid) as refused:
        said(*submit)
    assert [fault.code for fault in refused.value.faults] == ["jobs.request.no_arrays"], "the local driver has none"
    assert "It brings sweep.sh." in said(*without_the_array(submit))
    assert said("job", "wait", "JOB-2026-0001", "--limit", "5m") == "JOB-2026-0001 is COMPLETED.\n"
    collected = json.loads(said("plan", "collect", *files, *SWEPT, "--results", "there", "--json"))
    assert collected == [{"scenario": "many", "seeds": 2}, {"scenario": "base", "seeds": 2}]
    said("plan", "scenario", *files, *SWEPT, "--results", "here", "--processes", "1")
    assert contents(tmp_path / "there") == contents(tmp_path / "here")
