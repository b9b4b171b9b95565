"""Our own normal form: what a site without Slurm writes."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from lionrock.charging.usage_files import SkipReason
from lionrock.kernel.errors import Invalid
from lionrock.kernel.periods import Interval

Reader = Callable[..., Any]
HEADER = "site,job,start,end,account,award,devices,device_seconds,state,revision,interim,cluster_key\n"
LINE = "east,j1,2026-03-31T23:30:00+08:00,2026-04-01T00:30:00+08:00,lab,AW1,gpu=8;cpu=16,gpu=100,TIMEOUT,3,true,k\n"
SHORT = "job,account,start,end,devices\n"
USUAL = {
    "job": "j1",
    "account": "lab",
    "start": "2026-03-31T15:30:00Z",
    "end": "2026-03-31T16:30:00Z",
    "devices": "gpu=8",
}


def row(**fields: str) -> str:
    return ",".join((USUAL | fields).values()) + "\n"


def test_every_column_is_read(read: Reader) -> None:
    (record,) = read(HEADER + LINE).records
    assert (record.site, record.job, record.account, record.award) == ("east", "j1", "lab", "AW1")
    assert record.start == datetime(2026, 3, 31, 15, 30, tzinfo=UTC)
    assert record.end == datetime(2026, 3, 31, 16, 30, tzinfo=UTC)
    assert (dict(record.devices), dict(record.device_seconds)) == ({"gpu": 8, "cpu": 16}, {"gpu": 100})
    assert (record.state, record.revision, record.interim, record.cluster_key) == ("TIMEOUT", 3, True, "k")


def test_what_is_left_out_has_its_usual_value(read: Reader) -> None:
    (record,) = read(SHORT + row(), revision=5).records
    assert (record.site, record.award, record.state, record.revision) == ("asc", None, "COMPLETED", 5)
    assert (record.interim, record.cluster_key, dict(record.device_seconds)) == (False, "", {})


def test_a_field_may_stand_in_quotes(read: Reader) -> None:
    assert [r.job for r in read(SHORT + row(job='"a, ""b"""')).records] == ['a, "b"']


@pytest.mark.parametrize(
    ("fields", "outcome"),
    [
        ({"end": "2026-03-31T15:30:00Z"}, SkipReason.ZERO_LENGTH),
        ({"devices": "gpu=0"}, SkipReason.NO_DEVICES),
        ({"start": "2026-02-01T00:00:00Z", "end": "2026-02-02T00:00:00Z"}, SkipReason.OUTSIDE_PERIOD),
        ({"start": "2026-03-31T15:30:00"}, "zone"),
        ({"start": "yesterday"}, "not_a_time"),
        ({"end": "2026-03-31T15:29:59Z"}, "end_before_start"),
        ({"devices": ""}, "empty"),
        ({"devices": "gpu"}, "amounts"),
        ({"devices": "gpu=1;gpu=2"}, "amounts"),
        ({"devices": "gpu=1.5"}, "not_a_number"),
        ({"devices": "gpu=-1"}, "negative"),
        ({"account": " "}, "empty"),
        ({"job": ""}, "empty"),
        ({"job": '"open'}, "csv"),
        ({"job": "a,b"}, "field_count"),
    ],
    ids=str,
)
def test_every_line_is_a_record_or_says_why_not(read: Reader, fields: dict[str, str], outcome: str) -> None:
    march = Interval(datetime(2026, 3, 1, tzinfo=UTC), datetime(2026, 4, 1, tzinfo=UTC))
    result = read(SHORT + row() + row(**fields) + row(job="j3"), period=march)
    assert [record.job for record in result.records] == ["j1", "j3"]
    if isinstance(outcome, SkipReason):
        assert result.skipped == {outcome: 1}
    else:
        assert result.faults == [(3, outcome)]


@pytest.mark.parametrize(
    ("column", "value", "code"),
    [
        ("state", "PAUSED", "state"),
        ("revision", "two", "not_a_number"),
        ("interim", "perhaps", "truth"),
        ("device_seconds", "gpu=28801", "device_seconds"),
        ("device_seconds", "tpu=1", "device_seconds"),
    ],
)
def test_a_wrong_optional_field_holds_the_row(read: Reader, column: str, value: str, code: str) -> None:
    assert read(f"{SHORT.rstrip()},{column}\n{row().rstrip()},{value}\n").faults == [(2, code)]


@pytest.mark.parametrize(("seconds", "less"), [("gpu=0", {"gpu": 0}), ("gpu=28800", {}), ("gpu=28799", {"gpu": 28799})])
def test_device_seconds_count_where_they_are_less(read: Reader, seconds: str, less: dict[str, int]) -> None:
    (record,) = read(f"{SHORT.rstrip()},device_seconds\n{row().rstrip()},{seconds}\n").records
    assert dict(record.device_seconds) == less


def test_local_times_are_of_the_zone_that_is_given(read: Reader) -> None:
    local = row(start="2026-03-31T23:30:00", end="2026-04-01T00:30:00")
    (record,) = read(SHORT + local, time_zone=ZoneInfo("Asia/Hong_Kong")).records
    assert record.start == datetime(2026, 3, 31, 15, 30, tzinfo=UTC)


def test_a_quote_left_open_costs_its_line_only(read: Reader) -> None:
    result = read(SHORT + row(job='"never closed') + "".join(row(job=str(n)) for n in range(50)) + SHORT)
    assert (len(result.records), result.faults) == (50, [(2, "csv")])
    assert result.skipped == {SkipReason.REPEATED_HEADER: 1}


def test_a_last_line_without_end_may_be_cut(read: Reader) -> None:
    assert read(SHORT + row(devices="gpu=16").rstrip("\n")[:-1]).faults == [(2, "unterminated")]


@pytest.mark.parametrize(
    ("header", "fields"),
    [
        ("job,account,start,end", "devices"),
        ("job,start", "account, end, devices"),
        ("job,account,start,end,devices,colour", "colour"),
        ("job,account,start,end,devices,job", "job"),
        ("a,b", "job, account, start, end, devices, a, b"),
    ],
)
def test_wrong_columns_are_named(read: Reader, header: str, fields: str) -> None:
    with pytest.raises(Invalid) as refused:
        read(header + "\n")
    (fault,) = refused.value.faults
    assert (fault.code, fault.field, fault.line) == ("charging.usage_files.columns", fields, 1)
