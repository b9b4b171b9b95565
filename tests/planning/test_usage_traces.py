"""Lionrock's own usage as a trace, and a sweep as a job of the local site."""

from __future__ import annotations

import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner
from tests.charging.books import PROGRAMME, Books
from tests.metering.world import ACCOUNT
from tests.planning.options import RULEBOOK, option
from tests.usage.world import nodes, ran, read_up_to

from lionrock.charging.models import RecordedRun
from lionrock.kernel.errors import NotFound
from lionrock.kernel.periods import Month
from lionrock.metering.models import Collection
from lionrock.people.domain import Actor, terminal_operator
from lionrock.planning.commands import plan
from lionrock.planning.domain.cleaning import clean
from lionrock.planning.domain.jobs import Estimates, Label
from lionrock.planning.sweeping import collect
from lionrock.planning.traces.reading import read_trace
from lionrock.planning.usage_traces import write_usage

START = datetime(2026, 11, 9, 16, tzinfo=UTC)
NOVEMBER = Month(2026, 11)


@pytest.mark.django_db
def test_runs_of_a_cluster_and_records_of_other_sites_become_a_trace(books: Books, tmp_path: Path) -> None:
    read_up_to()
    nodes("h800", 4, 8)
    ran(START, 3600, account=ACCOUNT, gpus=2)
    ran(START + timedelta(hours=2), 600, account=ACCOUNT, gpus=8)
    ran(START - timedelta(days=30), 600, account=ACCOUNT, gpus=1)
    file = tmp_path / "own.parquet"
    assert write_usage(terminal_operator("t"), PROGRAMME, NOVEMBER, NOVEMBER, file) == 2
    trace = read_trace(file, label=Label.USER)
    assert (list(trace.demand), list(trace.duration)) == ([2, 8], [3600, 600])
    assert trace.submit[0] == 0
    assert len(set(trace.labels)) == 1
    assert ACCOUNT not in trace.labels[0]
    assert len(clean(trace, 32, Estimates.REQUESTED).jobs) == 2
    Collection.objects.all().delete()
    assert RecordedRun.objects.count() == 0
    with pytest.raises(NotFound):
        write_usage(Actor("nobody@example.org"), PROGRAMME, NOVEMBER, NOVEMBER, file)


def test_a_script_does_the_parts_of_a_sweep_as_tasks_or_one_after_another(tmp_path: Path) -> None:
    scenario = option(tmp_path)
    results, file = tmp_path / "kept", tmp_path / "sweep.sh"
    lionrock = f"{sys.executable} -m lionrock"
    made = CliRunner().invoke(
        plan,
        ["array", str(scenario.file), "--seeds", "2", "--parts", "2", "--results", str(results), "--rulebook",
         str(RULEBOOK), "--command", lionrock, "--into", str(file)],
    )  # fmt: skip
    assert made.exit_code == 0, made.output
    assert "--array 0-1" in made.output
    path = {"PATH": "/usr/bin:/bin"}
    subprocess.run(["sh", str(file)], check=True, env=path | {"SLURM_ARRAY_TASK_ID": "1"}, timeout=300)
    assert len(list(results.rglob("seed-*.json"))) == 1
    subprocess.run(["sh", str(file)], check=True, env=path, timeout=300)
    [found] = collect(results, [scenario], 2)
    assert len(found.outcomes) == 2
