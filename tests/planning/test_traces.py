"""Traces are read as they stand, in the order of the file, from text, gzip and Parquet."""

from __future__ import annotations

import gzip
from pathlib import Path

import duckdb
import pytest

from lionrock.kernel.errors import Invalid, LionrockError, NotFound
from lionrock.planning.domain.jobs import Label, Trace, Unit
from lionrock.planning.traces.reading import read_trace

HEADER = "; Computer: a machine of this test\n;   MaxProcs: 8\n\n"
LINE = "{job} {submit} 5 {run} {allocated} -1 -1 {asked} {requested} -1 {status} 3 1 -1 2 4 -1 -1\n"


def _line(
    job: int, submit: int, run: int, allocated: int, *, asked: int = -1, requested: int = -1, status: int = 1
) -> str:
    return LINE.format(
        job=job, submit=submit, run=run, allocated=allocated, asked=asked, requested=requested, status=status
    )


SWF = HEADER + _line(1, 0, 10, 4, requested=20) + "  " + _line(7, 3, -1, -1, asked=2) + _line(2, 3, 9, 8, asked=6)
ROWS = [(1, 0, 10, 4, 20), (7, 3, -1, 2, -1), (2, 3, 9, 8, -1)]


def _rows(trace: Trace) -> list[tuple[int, ...]]:
    return list(zip(trace.ids, trace.submit, trace.duration, trace.demand, trace.requested, strict=True))


def _written(folder: Path, content: str | bytes) -> Path:
    path = folder / "trace"
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


@pytest.mark.parametrize("content", [SWF, gzip.compress(SWF.encode()), SWF.replace("\n", "\r\n"), SWF.rstrip("\n")])
def test_a_file_in_the_standard_workload_format(tmp_path: Path, content: str | bytes) -> None:
    trace = read_trace(_written(tmp_path, content), label=Label.CLUSTER)
    assert _rows(trace) == ROWS
    assert trace.labels == ["q2p4"] * 3
    assert read_trace(_written(tmp_path, content), label=Label.USER).labels == ["u3"] * 3
    assert trace.unit is Unit.CPUS


def test_processors_asked_for_count_only_where_none_are_said_to_be_allocated(tmp_path: Path) -> None:
    content = _line(1, 0, 1, -1, asked=3) + _line(2, 0, 1, 0, asked=3) + _line(3, 0, 1, 5, asked=3)
    assert list(read_trace(_written(tmp_path, content)).demand) == [3, 0, 5]


@pytest.mark.parametrize(
    ("status", "jobs", "parts"), [(0, 1, 0), (1, 1, 0), (5, 1, 0), (-1, 1, 0), (2, 0, 1), (4, 0, 1)]
)
def test_bursts_of_a_job_are_no_jobs_of_their_own(tmp_path: Path, status: int, jobs: int, parts: int) -> None:
    trace = read_trace(_written(tmp_path, _line(1, 0, 1, 1, status=status)))
    assert (len(trace), trace.parts) == (jobs, parts)


@pytest.mark.parametrize(
    "wrong",
    ["1 2 3\n", _line(1, 0, 1, 1).replace("-1 -1\n", "-1\n"), "job " * 18, "1.5 " * 18, f"{1 << 63} " * 18, "\xff\n"],
)
def test_each_line_of_another_format_is_named(tmp_path: Path, wrong: str) -> None:
    with pytest.raises(Invalid) as refused:
        read_trace(_written(tmp_path, SWF + wrong.rstrip("\n") + "\n" + SWF + wrong))
    assert [(fault.file, fault.line) for fault in refused.value.faults] == [("trace", 7), ("trace", 14)]


def test_a_file_cut_in_its_gzip_data_is_refused(tmp_path: Path) -> None:
    assert _code(_written(tmp_path, gzip.compress(SWF.encode())[:-9])) == "planning.trace.damaged"


def test_the_standard_workload_format_counts_processors_only(tmp_path: Path) -> None:
    assert _code(_written(tmp_path, SWF), Unit.GPUS) == "planning.trace.unit"


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(NotFound, match="No such file"):
        read_trace(tmp_path / "none.swf")


def _code(path: Path, unit: Unit | None = None, *, label: Label | None = None) -> str:
    with pytest.raises(LionrockError) as refused:
        read_trace(path, unit, label=label)
    return refused.value.code


def _parquet(folder: Path, columns: str, rows: str) -> Path:
    path = folder / "trace.parquet"
    duckdb.sql(f"SELECT * FROM (VALUES {rows}) AS t({columns})").write_parquet(str(path))
    return path


COLUMNS = "job_id, submit_time, duration, gpus, cpus, nodes, requested_time, requested_cpus, vc"


def test_a_file_in_parquet(tmp_path: Path) -> None:
    path = _parquet(tmp_path, COLUMNS, "(1, 0, 10, 4, 8, -1, 20, 9, 'a'), (7, 3, 9, -1, -1, -1, -1, 6, null)")
    assert _rows(read_trace(path, Unit.GPUS)) == [(1, 0, 10, 4, 20), (7, 3, 9, -1, -1)]
    assert _rows(read_trace(path, Unit.CPUS)) == [(1, 0, 10, 8, 20), (7, 3, 9, 6, -1)]
    assert list(read_trace(path, Unit.NODES).demand) == [-1, -1]
    assert read_trace(path, label=Label.CLUSTER).labels == ["a", ""]


@pytest.mark.parametrize(
    ("demands", "unit"),
    [("1, 1, 1", Unit.GPUS), ("0, 1, -1", Unit.CPUS), ("-1, -1, 2", Unit.NODES), ("0, 0, 0", Unit.GPUS)],
)
def test_without_a_unit_it_is_the_first_that_jobs_ask_for(tmp_path: Path, demands: str, unit: Unit) -> None:
    path = _parquet(tmp_path, "job_id, submit_time, duration, gpus, cpus, nodes", f"(1, 0, 10, {demands})")
    assert read_trace(path).unit is unit


def test_what_is_not_known_in_parquet_is_not_zero(tmp_path: Path) -> None:
    path = _parquet(tmp_path, "job_id, submit_time, duration, gpus", "(1, null, 10, 2), (2, 5, null, null)")
    assert _rows(read_trace(path)) == [(1, -1, 10, 2, -1), (2, 5, -1, -1, -1)]


def test_columns_that_are_missing_or_of_another_type_are_all_named(tmp_path: Path) -> None:
    path = _parquet(tmp_path, "job_id, duration, gpus", "('one', 10, 2)")
    with pytest.raises(Invalid) as refused:
        read_trace(path, Unit.CPUS, label=Label.CLUSTER)
    assert [fault.field for fault in refused.value.faults] == ["submit_time", "cpus", "vc", "job_id"]


def test_a_damaged_parquet_file_is_refused(tmp_path: Path) -> None:
    assert _code(_written(tmp_path, b"PAR1 and no more")) == "planning.trace.damaged"
