"""Traces: relative times, demand by column, waits that were or were not recorded."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import duckdb
import pytest

from lionrock.charging.usage_files import Format, SkipReason, UsageOptions, open_usage_file
from lionrock.kernel.errors import Invalid
from lionrock.kernel.periods import Interval

Reader = Callable[..., Any]
EPOCH = datetime(2026, 3, 1, tzinfo=UTC)
CORES = {"items": {"cpus": "core"}, "epoch": EPOCH}
GPUS = {"items": {"gpus": "gpu"}, "epoch": EPOCH}


def swf(**fields: object) -> str:
    """One line with the fields of the standard by name."""
    named = {
        "job": 1, "submit": 100, "wait": 20, "run": 3600, "cpus": 8, "cpu_time": -1, "memory": -1, "asked": 64,
        "limit": 7200, "asked_memory": -1, "status": 1, "user": 7, "group": 1, "program": -1, "queue": 2,
        "partition": 3, "before": -1, "think": -1,
    }  # fmt: skip
    return " ".join(str(value) for value in (named | fields).values()) + "\n"


def test_swf_counts_processors_allocated_from_submission_plus_wait(read: Reader) -> None:
    result = read("; UnixStartTime: 0\n" + swf(), **CORES)
    (record,) = result.records
    assert (record.start, record.end) == (EPOCH + timedelta(seconds=120), EPOCH + timedelta(seconds=3720))
    assert (record.job, record.account, dict(record.devices), record.state) == ("1", "u7", {"core": 8}, "COMPLETED")
    assert (record.origin.line, result.skipped) == (2, {SkipReason.COMMENT: 1})
    assert [r.account for r in read(swf(), account_column="vc", **CORES).records] == ["q2p3"]


@pytest.mark.parametrize(
    ("fields", "outcome"),
    [
        ({"wait": -1}, "COMPLETED"),
        ({"status": 0}, "FAILED"),
        ({"status": 5}, "CANCELLED"),
        ({"status": -1}, "UNKNOWN"),
        ({"status": 2}, SkipReason.PARTIAL),
        ({"status": 4}, SkipReason.PARTIAL),
        ({"run": 0}, SkipReason.ZERO_LENGTH),
        ({"cpus": 0}, SkipReason.NO_DEVICES),
        ({"cpus": -1}, "demand"),
        ({"run": -1}, "seconds"),
        ({"submit": -3}, "seconds"),
        ({"submit": 10**11}, "seconds"),
        ({"status": 9}, "state"),
        ({"run": "long"}, "not_a_number"),
        ({"cpus": 1.5}, "not_a_number"),
        ({"think": "-1 -1"}, "field_count"),
        ({"think": ""}, "field_count"),
    ],
)
def test_every_line_of_swf_is_a_record_or_says_why_not(read: Reader, fields: dict[str, object], outcome: str) -> None:
    result = read(swf() + swf(**fields) + swf(job=9), **CORES)
    jobs = [record.job for record in result.records]
    assert (jobs[0], jobs[-1]) == ("1", "9")
    if isinstance(outcome, SkipReason):
        assert result.skipped == {outcome: 1}
    elif outcome.isupper():
        assert [record.state for record in result.records] == ["COMPLETED", outcome, "COMPLETED"]
    else:
        assert result.faults == [(2, outcome)]


def test_the_last_line_of_swf_may_lack_its_end(read: Reader) -> None:
    assert len(read((swf() + swf()).rstrip("\n"), **CORES).records) == 2
    assert read((swf() + swf()).rstrip("\n")[:-6], **CORES).faults == [(2, "field_count")]


@pytest.mark.parametrize(
    ("options", "code"),
    [
        ({"items": {"cpus": "core"}, "epoch": None}, "epoch"),
        ({"items": {"cpus": "core"}, "epoch": datetime(2026, 3, 1)}, "epoch"),  # noqa: DTZ001 - the fault
        ({"items": {}, "epoch": EPOCH}, "unit"),
        ({"items": {"gres/gpu": "gpu"}, "epoch": EPOCH}, "unit"),
        ({"items": {"gpus": "gpu"}, "epoch": EPOCH}, "unit"),
        ({**CORES, "account_column": "group"}, "account_column"),
    ],
)
def test_a_trace_needs_its_second_zero_and_a_unit(read: Reader, options: dict[str, Any], code: str) -> None:
    with pytest.raises(Invalid) as refused:
        read(swf(), **options)
    assert [(f.code, f.file) for f in refused.value.faults] == [(f"charging.usage_files.{code}", "usage.txt")]


COLUMNS = {
    "job_id": "1::bigint",
    "user": "'alice'",
    "vc": "'vc1'",
    "submit_time": "100::bigint",
    "duration": "3600::bigint",
    "gpus": "8::integer",
    "cpus": "-1::integer",
    "nodes": "2::integer",
    "state": "'UNKNOWN'",
    "requested_time": "-1::bigint",
    "recorded_wait": "20::bigint",
}


@pytest.fixture
def parquet(tmp_path: Path) -> Callable[..., bytes]:
    """The bytes of a Parquet file of rows that differ from the usual one as said; None drops a column."""

    def made(*rows: dict[str, str | None]) -> bytes:
        path = tmp_path / "made.parquet"
        selects = []
        for row in rows:
            values = {name: value for name, value in {**COLUMNS, **row}.items() if value is not None}
            selects.append("select " + ", ".join(f'{value} as "{name}"' for name, value in values.items()))
        duckdb.sql(f"copy ({' union all '.join(selects)}) to '{path}' (format parquet)")
        return path.read_bytes()

    return made


def test_parquet_rows_become_records(read: Reader, parquet: Callable[..., bytes]) -> None:
    result = read(parquet({}, {"job_id": "2", "recorded_wait": "-1", "state": "'SUCCEEDED'"}), **GPUS)
    one, two = result.records
    assert (result.format, one.job, one.account, one.state) == (Format.PARQUET, "1", "alice", "UNKNOWN")
    assert (one.start, one.end) == (EPOCH + timedelta(seconds=120), EPOCH + timedelta(seconds=3720))
    assert (two.start, two.state, two.origin.line) == (EPOCH + timedelta(seconds=100), "COMPLETED", 2)
    assert dict(one.devices) == {"gpu": 8}


def test_parquet_may_charge_several_units_to_other_accounts(read: Reader, parquet: Callable[..., bytes]) -> None:
    content = parquet({}, {"vc": "'vc2'"})
    more = {"items": {"gpus": "gpu", "nodes": "node"}, "epoch": EPOCH, "account_column": "vc"}
    result = read(content, account_of={"vc1": "lab"}.get, **more)
    assert [(r.account, dict(r.devices)) for r in result.records] == [("lab", {"gpu": 8, "node": 2})]
    assert result.faults == [(2, "account")]


@pytest.mark.parametrize(
    ("row", "outcome"),
    [
        ({"duration": "0::bigint"}, SkipReason.ZERO_LENGTH),
        ({"gpus": "0::integer"}, SkipReason.NO_DEVICES),
        ({"submit_time": "99999999::bigint"}, SkipReason.OUTSIDE_PERIOD),
        ({"gpus": "-1::integer"}, "demand"),
        ({"gpus": "null::integer"}, "demand"),
        ({"duration": "-1::bigint"}, "seconds"),
        ({"duration": "null::bigint"}, "seconds"),
        ({"submit_time": "-1::bigint"}, "seconds"),
        ({"submit_time": "null::bigint"}, "seconds"),
        ({"user": "null::varchar"}, "empty"),
        ({"job_id": "null::bigint"}, "empty"),
        ({"gpu_milli": "460"}, "fraction"),
    ],
    ids=str,
)
def test_every_row_of_parquet_is_a_record_or_says_why_not(
    read: Reader, parquet: Callable[..., bytes], row: dict[str, str], outcome: str
) -> None:
    usual = {"gpu_milli": "1000"} if "gpu_milli" in row else {}
    month = Interval(EPOCH, EPOCH + timedelta(days=31))
    result = read(parquet(usual, {**usual, **row}, {**usual, "job_id": "3"}), period=month, **GPUS)
    assert [record.job for record in result.records] == ["1", "3"]
    if isinstance(outcome, SkipReason):
        assert result.skipped == {outcome: 1}
    else:
        assert result.faults == [(2, outcome)]


def test_a_service_that_was_running_at_the_end_of_a_trace_is_interim(
    read: Reader, parquet: Callable[..., bytes]
) -> None:
    assert [r.interim for r in read(parquet({}, {"state": "'RUNNING'"}), **GPUS).records] == [False, True]


@pytest.mark.parametrize(
    ("row", "field"),
    [
        ({"gpus": None}, "gpus"),
        ({"job_id": None, "duration": None}, "job_id, duration"),
        ({"user": None}, "user"),
        ({"gpus": "0.5::double"}, "gpus"),
        ({"submit_time": "'monday'"}, "submit_time"),
    ],
)
def test_wrong_columns_of_parquet_are_named(
    read: Reader, parquet: Callable[..., bytes], row: dict[str, str | None], field: str
) -> None:
    with pytest.raises(Invalid) as refused:
        read(parquet(row), **GPUS)
    (fault,) = refused.value.faults
    assert (fault.code, fault.file, fault.field) == ("charging.usage_files.columns", "usage.txt", field)


def test_optional_columns_may_be_missing(read: Reader, parquet: Callable[..., bytes]) -> None:
    (record,) = read(parquet({"state": None, "recorded_wait": None}), **GPUS).records
    assert (record.start, record.state) == (EPOCH + timedelta(seconds=100), "UNKNOWN")


def test_a_damaged_parquet_file_is_refused_or_ends_in_a_held_row(
    tmp_path: Path, read: Reader, parquet: Callable[..., bytes]
) -> None:
    whole = parquet({})
    with pytest.raises(Invalid, match="Parquet"):
        read(whole[:-20], **GPUS)
    path = tmp_path / "damaged.parquet"
    path.write_bytes(whole[:4] + b"\xff" * 200 + whole[204:])
    with open_usage_file(path, UsageOptions(site="asc", **GPUS)) as stream:
        outcomes = list(stream)
        assert stream.tally.adds_up
    assert [getattr(outcome, "code", None) for outcome in outcomes] == ["charging.usage_files.cut"]


def test_progress_of_parquet_counts_rows(tmp_path: Path, parquet: Callable[..., bytes]) -> None:
    path = tmp_path / "usage.parquet"
    path.write_bytes(parquet({}, {}, {}))
    with open_usage_file(path, UsageOptions(site="asc", **GPUS)) as stream:
        assert (stream.unit, stream.position, stream.total) == ("rows", 0, 3)
        next(stream)
        assert stream.position == 1
