"""Slurm's accounting as a trace."""

from __future__ import annotations

from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from click.testing import CliRunner

from lionrock.config.cli import main
from lionrock.kernel.errors import Invalid
from lionrock.planning.domain.jobs import Label, Trace, Unit
from lionrock.planning.traces.reading import read_trace

SAMPLES = sorted((Path(__file__).parents[3] / "shared" / "slurm" / "samples").glob("*/*-dups.psv"))
HEADER = "JobIDRaw|Partition|State|Submit|ElapsedRaw|TimelimitRaw|AllocTRES\n"
ROWS = (
    "7|a|COMPLETED|2026-03-01T00:00:00Z|60|10|billing=4,cpu=4,gres/gpu:h800=2,gres/gpu=2,node=1\n"
    "7.batch||COMPLETED|2026-03-01T00:00:00Z|60||cpu=4,gres/gpu=2,node=1\n"
    "8|b|CANCELLED by 7|1772323201|0|UNLIMITED|\n"
    "9|a|RUNNING|2026-03-01T08:00:02+08:00|99|5|cpu=8,node=2\n"
)
SECOND = 1_772_323_200
"""Of the first submission, since 1970."""


def _read(folder: Path, rows: str, unit: Unit | None = None, zone: ZoneInfo | None = None) -> Trace:
    path = folder / "sacct.psv"
    path.write_text(HEADER + rows)
    return read_trace(path, unit, label=Label.CLUSTER, zone=zone)


def _rows(trace: Trace) -> list[tuple[int, ...]]:
    return list(zip(trace.ids, trace.submit, trace.duration, trace.demand, trace.requested, strict=True))


@pytest.mark.parametrize(
    ("unit", "demands"), [(None, [2, 0, 0]), (Unit.GPUS, [2, 0, 0]), (Unit.CPUS, [4, 0, 8]), (Unit.NODES, [1, 0, 2])]
)
def test_jobs_hold_what_was_allocated_and_steps_are_parts(
    tmp_path: Path, unit: Unit | None, demands: list[int]
) -> None:
    trace = _read(tmp_path, ROWS, unit)
    assert list(trace.demand) == demands
    assert list(trace.ids) == [7, 8, 9]
    assert trace.parts == 1
    assert trace.labels == ["a", "b", "a"]


def test_times_are_seconds_since_1970_and_what_still_runs_has_no_length(tmp_path: Path) -> None:
    trace = _read(tmp_path, ROWS)
    assert list(trace.submit) == [SECOND, SECOND + 1, SECOND + 2]
    assert list(trace.duration) == [60, 0, -1]
    assert list(trace.requested) == [600, -1, 300]


def test_local_times_need_their_zone(tmp_path: Path) -> None:
    row = "7|a|COMPLETED|2026-03-01T08:00:00|60|10|cpu=4\n"
    assert list(_read(tmp_path, row, zone=ZoneInfo("Asia/Hong_Kong")).submit) == [SECOND]
    with pytest.raises(Invalid) as refused:
        _read(tmp_path, row * 2)
    assert [(fault.line, fault.field) for fault in refused.value.faults] == [(2, "Submit"), (3, "Submit")]


@pytest.mark.parametrize(
    ("row", "field"),
    [
        ("x|a|COMPLETED|1772323200|60|10|cpu=4", "JobIDRaw"),
        ("7|a|COMPLETED|soon|60|10|cpu=4", "Submit"),
        ("7|a|COMPLETED|1772323200|long|10|cpu=4", "ElapsedRaw"),
        ("7|a|COMPLETED|1772323200|60|10|cpu=many", "AllocTRES cpu"),
        ("7|a", "ElapsedRaw"),
    ],
)
def test_each_row_that_cannot_be_read_is_named(tmp_path: Path, row: str, field: str) -> None:
    with pytest.raises(Invalid) as refused:
        _read(tmp_path, ROWS + row + "\n", Unit.CPUS)
    assert [(fault.line, fault.field) for fault in refused.value.faults] == [(6, field)]


def test_columns_that_are_missing_are_all_named(tmp_path: Path) -> None:
    path = tmp_path / "sacct.psv"
    path.write_text("JobIDRaw|Submit|State\n")
    with pytest.raises(Invalid) as refused:
        read_trace(path, label=Label.CLUSTER)
    assert [fault.field for fault in refused.value.faults] == ["ElapsedRaw", "AllocTRES", "Partition"]


def test_a_zone_that_is_none_is_refused(tmp_path: Path) -> None:
    words = ["plan", "replay", str(tmp_path), "--capacity", "1", "--policy", "easy", "--time-zone", "Nowhere/None"]
    assert CliRunner().invoke(main, words).exit_code == 2


@pytest.mark.parametrize("path", SAMPLES, ids=lambda path: f"{path.parent.name}/{path.stem}")
def test_what_slurm_wrote_is_read(path: Path) -> None:
    trace = read_trace(path, zone=ZoneInfo("UTC"))
    assert len(trace) + trace.parts == len(path.read_text().splitlines()) - 1
