"""Slurm accounting, trap by trap: each case is a row that a real cluster has written."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from lionrock.charging.usage_files import Format, SkipReason
from lionrock.kernel.errors import Invalid
from lionrock.kernel.periods import Interval

Text = Callable[..., str]
Reader = Callable[..., Any]
GPU_ONLY = "billing=2,cpu=2,gres/gpu=8,mem=2000M,node=1"
CPU_ONLY = "billing=1,cpu=1,mem=1000M,node=1"


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def test_a_finished_job_is_a_record_with_every_field(read: Reader, sacct: Text) -> None:
    result = read(sacct({}))
    (record,) = result.records
    assert result.format is Format.SACCT
    assert (record.site, record.job, record.account, record.award) == ("asc", "3", "lab", None)
    assert record.start == at("2026-11-22T11:48:02")
    assert record.end == at("2026-11-22T12:48:02")
    assert dict(record.devices) == {"gpu-h800": 8}
    assert dict(record.device_seconds) == {}
    assert (record.state, record.revision, record.interim) == ("COMPLETED", 0, False)
    assert record.origin == ("usage.txt", 2)
    assert record.cluster_key == "3@1795348080"


@pytest.mark.parametrize("delimiter", ["|", "\x1f", ";", "~~", "\t"])
def test_any_delimiter_is_told_from_the_header(read: Reader, sacct: Text, delimiter: str) -> None:
    result = read(sacct({}, {"JobName": "a b"}, delimiter=delimiter))
    assert len(result.records) == 2


def test_columns_may_come_in_any_order_and_with_a_closing_delimiter(read: Reader, sacct: Text) -> None:
    columns = ["AllocTRES", "End", "Start", "State", "Account", "JobID"]
    closed = "".join(f"{line}|\n" for line in sacct({}, columns=columns).splitlines())
    result = read(closed)
    assert [record.job for record in result.records] == ["3"]
    assert len(result.notes) == 3


def test_windows_line_ends_and_a_byte_order_mark_do_no_harm(read: Reader, sacct: Text) -> None:
    result = read(
        "\ufeff" + sacct({}, columns=["JobID", "Account", "State", "Start", "End", "AllocTRES"]).replace("\n", "\r\n")
    )
    assert [dict(record.devices) for record in result.records] == [{"gpu-h800": 8}]


@pytest.mark.parametrize(
    ("case", "row", "reason"),
    [
        ("the batch step", {"JobID": "3.batch", "Partition": "", "QOS": ""}, SkipReason.STEP),
        ("a step of srun", {"JobID": "3.0", "User": "", "Partition": ""}, SkipReason.STEP),
        ("the extern step", {"JobID": "3.extern", "Partition": ""}, SkipReason.STEP),
        ("an interactive step without user", {"JobID": "3.interactive", "User": "", "Partition": ""}, SkipReason.STEP),
        ("a step of an array's task", {"JobID": "17_1.batch", "Partition": ""}, SkipReason.STEP),
        ("a step of a heterogeneous job", {"JobID": "23+0.0", "Partition": ""}, SkipReason.STEP),
        (
            "a half-made row of 22.05",
            {"JobName": "allocation", "Partition": "", "QOS": "Unknown", "ReqTRES": "", "End": "1795348082"},
            SkipReason.UNSETTLED,
        ),
        (
            "waiting",
            {"State": "PENDING", "Start": "Unknown", "End": "Unknown", "ElapsedRaw": "0", "AllocTRES": ""},
            SkipReason.WAITING,
        ),
        (
            "the waiting tasks of an array",
            {"JobID": "17_[2-4%1]", "State": "PENDING", "Start": "Unknown", "End": "Unknown", "AllocTRES": ""},
            SkipReason.WAITING,
        ),
        (
            "tasks of an array cancelled while waiting",
            {"JobID": "21_[2-100%1]", "State": "CANCELLED by 0", "Start": "None", "ElapsedRaw": "0", "AllocTRES": ""},
            SkipReason.NEVER_STARTED,
        ),
        (
            "cancelled while waiting, as 22.05 writes it",
            {"State": "CANCELLED by 0", "End": "1795348082", "ElapsedRaw": "0", "AllocTRES": ""},
            SkipReason.NEVER_STARTED,
        ),
        (
            "cancelled again before its second run, with the TRES of the first",
            {"State": "CANCELLED by 0", "Start": "None", "End": "1795348085", "ElapsedRaw": "0"},
            SkipReason.NEVER_STARTED,
        ),
        (
            "refused by sbatch",
            {"State": "FAILED", "Start": "None", "ElapsedRaw": "0", "AllocTRES": ""},
            SkipReason.NEVER_STARTED,
        ),
        (
            "with -T, a job that only waited ends before it starts",
            {"End": "1795348000", "ElapsedRaw": "0", "AllocTRES": ""},
            SkipReason.NEVER_STARTED,
        ),
        ("ended in the second it started", {"End": "1795348082", "ElapsedRaw": "0"}, SkipReason.ZERO_LENGTH),
        ("suspended from start to end", {"ElapsedRaw": "0"}, SkipReason.ZERO_LENGTH),
        ("running", {"State": "RUNNING", "End": "Unknown"}, SkipReason.STILL_RUNNING),
        ("a job without GPUs", {"AllocTRES": CPU_ONLY}, SkipReason.NO_DEVICES),
        ("a job with none of them", {"AllocTRES": "cpu=1,gres/gpu:h800=0,gres/gpu=0"}, SkipReason.NO_DEVICES),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_what_is_in_order_but_no_usage_is_counted_by_reason(
    read: Reader, sacct: Text, case: str, row: dict[str, str], reason: SkipReason
) -> None:
    result = read(sacct({}, row))
    assert (len(result.records), result.held, result.skipped) == (1, [], {reason: 1}), case


@pytest.mark.parametrize(
    ("row", "code", "field", "value"),
    [
        ({"State": "DANCING"}, "state", "State", "DANCING"),
        ({"State": ""}, "state", "State", ""),
        ({"Start": "-5"}, "negative", "Start", "-5"),
        ({"Start": "0"}, "time_range", "Start", "0"),
        ({"End": "1795351682000"}, "time_range", "End", "1795351682000"),
        ({"Start": "0001-01-01T00:00:00+08:00"}, "time_range", "Start", "0001-01-01T00:00:00+08:00"),
        ({"End": "9999-12-31T23:59:59-08:00"}, "time_range", "End", "9999-12-31T23:59:59-08:00"),
        ({"End": "soon"}, "not_a_time", "End", "soon"),
        ({"End": "2026-02-30T00:00:00Z"}, "not_a_time", "End", "2026-02-30T00:00:00Z"),
        ({"End": "2026-11-22"}, "not_a_time", "End", "2026-11-22"),
        ({"End": "INVALID"}, "not_a_time", "End", "INVALID"),
        ({"End": "2026-11-22T12:48:02"}, "zone", "End", "2026-11-22T12:48:02"),
        ({"End": "1795348000"}, "end_before_start", "End", "1795348000"),
        ({"End": "Unknown"}, "no_end", "End", "Unknown"),
        ({"Start": "None"}, "no_start", "Start", "None"),
        ({"State": "RUNNING", "Start": "Unknown", "End": "Unknown"}, "no_start", "Start", "Unknown"),
        ({"ElapsedRaw": "3601"}, "elapsed", "Elapsed", "3601"),
        ({"ElapsedRaw": "-1"}, "negative", "ElapsedRaw", "-1"),
        ({"ElapsedRaw": "1_000"}, "not_a_number", "ElapsedRaw", "1_000"),
        ({"ElapsedRaw": ""}, "not_a_number", "ElapsedRaw", ""),
        ({"Account": ""}, "empty", "Account", ""),
        ({"JobID": ""}, "empty", "JobID", ""),
        ({"AllocTRES": ""}, "no_tres", "AllocTRES", ""),
        ({"AllocTRES": "gres/gpu:h800"}, "tres", "AllocTRES", "gres/gpu:h800"),
        ({"AllocTRES": "gres/gpu=1,gres/gpu=2"}, "tres", "AllocTRES", "gres/gpu=2"),
        ({"AllocTRES": "gres/gpu:h800=1.5,gres/gpu=1"}, "not_a_number", "AllocTRES gres/gpu:h800", "1.5"),
        ({"AllocTRES": "gres/gpu:h800=-1,gres/gpu=1"}, "negative", "AllocTRES gres/gpu:h800", "-1"),
        ({"AllocTRES": "gres/gpu:h100=4,gres/gpu=4"}, "unmapped_tres", "AllocTRES", "gres/gpu:h100"),
        ({"AllocTRES": "gres/gpu:h800=4,gres/gpu=6"}, "unmapped_tres", "AllocTRES", "gres/gpu"),
        ({"AllocTRES": "gres/gpu:h800=4,gres/gpu=2"}, "tres_sum", "AllocTRES", "2"),
        ({"AllocTRES": GPU_ONLY}, "unmapped_tres", "AllocTRES", "gres/gpu"),
        ({"Cluster": "other"}, "cluster", "Cluster", "other"),
    ],
    ids=lambda value: str(value)[:40],
)
def test_what_cannot_be_charged_is_held_and_nothing_else_is_lost(
    read: Reader, sacct: Text, row: dict[str, str], code: str, field: str, value: str
) -> None:
    result = read(sacct({}, row, {"JobID": "4"}))
    assert [record.job for record in result.records] == ["3", "4"]
    assert result.faults == [(3, code)]
    (held,) = result.held
    assert (held.fault.field, held.fault.value) == (field, value)
    assert held.file == "usage.txt"
    assert str(held.fault).startswith("usage.txt:3: ")
    assert field.split(" ", maxsplit=1)[0] in str(held.fault)
    assert held.raw.startswith(f"{ {'JobID': '3', **row}['JobID'] }|")


def test_elapsed_leaves_out_suspension_and_makes_device_seconds(read: Reader, sacct: Text) -> None:
    row = {"ElapsedRaw": "1", "End": "1795348087", "Suspended": "00:00:04", "AllocTRES": "gres/gpu:h20=8,gres/gpu=8"}
    (record,) = read(sacct(row)).records
    assert (record.end - record.start).seconds == 5
    assert (dict(record.devices), dict(record.device_seconds)) == ({"gpu-h20": 8}, {"gpu-h20": 8})


@pytest.mark.parametrize(
    ("elapsed", "seconds"),
    [
        ("01:00:00", {}),
        ("00:30:00", {"gpu-h800": 14400}),
        ("30:00", {"gpu-h800": 14400}),
        ("0-00:00:01", {"gpu-h800": 8}),
    ],
)
def test_elapsed_in_words_does_as_well(read: Reader, sacct: Text, elapsed: str, seconds: dict[str, int]) -> None:
    columns = ["JobID", "Account", "State", "Start", "End", "Elapsed", "AllocTRES"]
    (record,) = read(sacct({"Elapsed": elapsed}, columns=columns)).records
    assert dict(record.device_seconds) == seconds


@pytest.mark.parametrize(("elapsed", "code"), [("an hour", "not_a_length"), ("1-01:00:00", "elapsed")])
def test_an_elapsed_in_words_that_cannot_be_is_held(read: Reader, sacct: Text, elapsed: str, code: str) -> None:
    columns = ["JobID", "Account", "State", "Start", "End", "Elapsed", "AllocTRES"]
    assert read(sacct({"Elapsed": elapsed}, columns=columns)).faults == [(2, code)]


def test_without_an_elapsed_column_the_length_counts_and_a_note_says_so(read: Reader, sacct: Text) -> None:
    result = read(sacct({}, columns=["JobID", "Account", "State", "Start", "End", "AllocTRES", "Partition", "DBIndex"]))
    assert [dict(record.device_seconds) for record in result.records] == [{}]
    assert [record.cluster_key for record in result.records] == ["db:5"]
    assert ["suspended" in str(note) for note in result.notes] == [True]


def test_each_run_of_a_requeued_job_is_its_own_record(read: Reader, sacct: Text) -> None:
    first = {"State": "NODE_FAIL", "End": "1795348090", "ElapsedRaw": "8", "DBIndex": "7149051045243449344"}
    again = {"Submit": "1795348090", "Start": "1795348101", "ElapsedRaw": "3581", "DBIndex": "7149051045251222528"}
    result = read(sacct(first, again))
    assert {(record.site, record.job, record.start) for record in result.records} == {
        ("asc", "3", at("2026-11-22T11:48:02")),
        ("asc", "3", at("2026-11-22T11:48:21")),
    }
    assert [record.cluster_key for record in result.records] == ["3@1795348080", "3@1795348090"]
    assert [record.state for record in result.records] == ["NODE_FAIL", "COMPLETED"]


@pytest.mark.parametrize("job", ["17_4", "23+0", "23+1"])
def test_tasks_and_parts_keep_the_id_that_the_cluster_gives(read: Reader, sacct: Text, job: str) -> None:
    assert [record.job for record in read(sacct({"JobID": job})).records] == [job]


@pytest.mark.parametrize(
    ("tres", "items", "devices"),
    [
        (GPU_ONLY, {"gres/gpu": "gpu"}, {"gpu": 8}),
        ("gres/gpu:h800=8,gres/gpu=8", {"gres/gpu": "gpu"}, {"gpu": 8}),
        ("gres/gpu:h800=8", {"gres/gpu": "gpu"}, {"gpu": 8}),
        ("gres/gpu:h800=4,gres/gpu:h20=2,gres/gpu=6", {"gres/gpu": "gpu"}, {"gpu": 6}),
        ("gres/gpu:h800=4,gres/gpu:h20=2,gres/gpu=6", {"gres/gpu:h800": "a", "gres/gpu:h20": "b"}, {"a": 4, "b": 2}),
        ("gres/gpu:h800=4,gres/gpu:h20=2,gres/gpu=6", {"gres/gpu:h800": "a", "gres/gpu:h20": "a"}, {"a": 6}),
        ("gres/gpu:h800=4,gres/gpu=6", {"gres/gpu:h800": "a", "gres/gpu": "other"}, {"a": 4, "other": 2}),
        ("gres/gpu:a100_3g.20gb=1,gres/gpu=1", {"gres/gpu:a100_3g.20gb": "slice"}, {"slice": 1}),
        ("cpu=16,gres/gpu=1,node=1", {"gres/gpu": "gpu", "cpu": "core"}, {"gpu": 1, "core": 16}),
        ("cpu=16,gres/gpu=1,node=1", {"node": "node"}, {"node": 1}),
    ],
)
def test_a_gpu_is_counted_once(
    read: Reader, sacct: Text, tres: str, items: dict[str, str], devices: dict[str, int]
) -> None:
    (record,) = read(sacct({"AllocTRES": tres}), items=items).records
    assert dict(record.devices) == devices


def test_what_was_allocated_counts_not_what_was_asked(read: Reader, sacct: Text) -> None:
    row = {"ReqTRES": "gres/gpu:h800=64,gres/gpu=64", "AllocTRES": "gres/gpu:h800=2,gres/gpu=2"}
    assert [dict(record.devices) for record in read(sacct(row)).records] == [{"gpu-h800": 2}]


def test_a_file_that_never_names_gpus_is_refused_not_read_as_zero(read: Reader, sacct: Text) -> None:
    waiting = {"State": "PENDING", "Start": "Unknown", "End": "Unknown", "ReqTRES": "cpu=1", "AllocTRES": ""}
    text = sacct(waiting, {"AllocTRES": CPU_ONLY, "ReqTRES": CPU_ONLY})
    with pytest.raises(Invalid) as refused:
        read(text)
    (fault,) = refused.value.faults
    assert (fault.code, fault.file, fault.field) == ("charging.usage_files.tres_absent", "usage.txt", "AllocTRES")
    assert "AccountingStorageTRES" in str(fault)
    assert read(text, gpus_tracked=True).skipped == {SkipReason.WAITING: 1, SkipReason.NO_DEVICES: 1}


def test_a_gpu_job_later_in_the_file_shows_that_gpus_are_tracked(read: Reader, sacct: Text) -> None:
    result = read(sacct({"AllocTRES": CPU_ONLY, "ReqTRES": CPU_ONLY}, {}))
    assert (len(result.records), result.skipped) == (1, {SkipReason.NO_DEVICES: 1})


def test_a_pipe_in_a_name_holds_its_row_alone(read: Reader, sacct: Text) -> None:
    result = read(sacct({}, {"JobID": "33", "JobName": "a|b"}, {"JobID": "34"}, {"JobID": "34.0", "JobName": "x|y"}))
    assert [record.job for record in result.records] == ["3", "34"]
    assert result.faults == [(3, "field_count")]
    assert (result.held[0].fault.value, result.skipped) == ("33", {SkipReason.STEP: 1})
    assert "--delimiter" in str(result.held[0].fault)


def test_with_another_delimiter_a_pipe_in_a_name_is_nothing_special(read: Reader, sacct: Text) -> None:
    result = read(sacct({"JobName": 'a|b, `c` é "'}, delimiter="\x1f"))
    assert (len(result.records), result.held) == (1, [])


def test_a_row_that_is_cut_is_held(read: Reader, sacct: Text) -> None:
    text = sacct({}, {"JobID": "4"})
    result = read(text[: text.rindex("|lab|") + 4])
    assert [record.job for record in result.records] == ["3"]
    assert result.faults == [(3, "field_count")]


def test_a_last_line_without_end_is_held_when_its_last_field_counts(read: Reader, sacct: Text) -> None:
    columns = ["JobID", "Account", "State", "Start", "End", "AllocTRES"]
    cut = sacct({}, {"AllocTRES": "gres/gpu=16,gres/gpu:h800=16"}, columns=columns)[:-2]
    result = read(cut, items={"gres/gpu": "gpu"})
    assert (len(result.records), result.faults) == (1, [(3, "unterminated")])
    result = read(sacct({}, {}, columns=columns).rstrip("\n"))
    assert (len(result.records), result.faults) == (1, [(3, "unterminated")])
    result = read(sacct({}, {}, columns=[*columns, "User"]).rstrip("\n"))
    assert (len(result.records), result.held) == (2, [])


def test_bytes_that_are_not_utf8_hold_their_line_alone(read: Reader, sacct: Text) -> None:
    good, bad = sacct({}).encode(), sacct({"JobName": "NAME"}).encode().split(b"\n")[1].replace(b"NAME", b"caf\xe9")
    result = read(good + bad + b"\n" + good.split(b"\n")[1] + b"\n")
    assert (len(result.records), result.faults) == (2, [(3, "utf8")])
    assert "caf\ufffd" in result.held[0].raw


def test_blank_lines_and_a_header_in_the_middle_are_counted(read: Reader, sacct: Text) -> None:
    result = read(sacct({}) + "\n" + sacct({"JobID": "9"}))
    assert [record.job for record in result.records] == ["3", "9"]
    assert result.skipped == {SkipReason.BLANK: 1, SkipReason.REPEATED_HEADER: 1}
    assert result.records[1].origin.line == 5


def test_a_long_row_is_kept_short(read: Reader, sacct: Text) -> None:
    (held,) = read(sacct({"JobName": "x" * 5000, "State": "y" * 5000})).held
    assert (len(held.raw), len(held.fault.value or "")) == (300, 80)


@pytest.mark.parametrize(
    ("start", "end", "zone", "expected"),
    [
        ("2026-11-22T19:53:26", "2026-11-22T20:53:26", "Asia/Hong_Kong", "2026-11-22T11:53:26"),
        ("2026-11-22T19:53:26", "2026-11-22T20:53:26", "UTC", "2026-11-22T19:53:26"),
        ("2026-11-22T19:53:26+0800", "2026-11-22T20:53:26+0800", None, "2026-11-22T11:53:26"),
        ("2026-11-22T11:53:26Z", "1795352006", None, "2026-11-22T11:53:26"),
    ],
)
def test_times_need_an_offset_or_a_zone(
    read: Reader, sacct: Text, start: str, end: str, zone: str | None, expected: str
) -> None:
    result = read(sacct({"Start": start, "End": end}), time_zone=ZoneInfo(zone) if zone else None)
    assert [(record.start, (record.end - record.start).seconds) for record in result.records] == [(at(expected), 3600)]


def test_the_cluster_key_does_not_depend_on_how_times_are_written(read: Reader, sacct: Text) -> None:
    local = {"Submit": "2026-11-22T19:48:00", "Start": "2026-11-22T19:48:02", "End": "2026-11-22T20:48:02"}
    (one,) = read(sacct(local), time_zone=ZoneInfo("Asia/Hong_Kong")).records
    (other,) = read(sacct({})).records
    assert (one.cluster_key, one.start, one.end) == (other.cluster_key, other.start, other.end)


def test_local_times_without_a_zone_refuse_the_file(read: Reader, sacct: Text) -> None:
    with pytest.raises(Invalid, match="SLURM_TIME_FORMAT") as refused:
        read(sacct({"Start": "2026-11-22T19:53:26", "End": "2026-11-22T20:53:26"}))
    assert [(f.code, f.field) for f in refused.value.faults] == [("charging.usage_files.zone", "Start")]


def test_a_wrong_zone_shows_where_the_clock_is_changed(read: Reader, sacct: Text) -> None:
    # 07:30 to 09:30 UTC; in New York the clock went from 02:00 to 03:00 between the two.
    row = {"Start": "2026-03-08T01:30:00", "End": "2026-03-08T04:30:00", "ElapsedRaw": "10800", "Submit": "1772900000"}
    assert read(sacct(row), time_zone=ZoneInfo("America/New_York")).faults == [(2, "elapsed")]
    assert read(sacct(row), time_zone=ZoneInfo("UTC")).held == []


@pytest.mark.parametrize(
    ("row", "until", "seconds"),
    [
        ({}, "2026-11-22T12:00:00", 718),
        ({}, "2026-12-01T00:00:00", 3600),
        ({"State": "SUSPENDED", "ElapsedRaw": "60"}, "2026-12-01T00:00:00", 60),
        ({"End": "1795348182"}, "2026-12-01T00:00:00", 100),
    ],
)
def test_a_running_job_is_an_interim_record_up_to_what_is_known(
    read: Reader, sacct: Text, row: dict[str, str], until: str, seconds: int
) -> None:
    running = {"State": "RUNNING", "End": "Unknown", **row}
    (record,) = read(sacct(running), interim_until=at(until)).records
    assert (record.interim, (record.end - record.start).seconds, dict(record.device_seconds)) == (True, seconds, {})


def test_a_running_job_that_starts_after_the_instant_waits_for_the_next(read: Reader, sacct: Text) -> None:
    running = {"State": "RUNNING", "End": "Unknown"}
    assert read(sacct(running), interim_until=at("2026-11-01T00:00:00")).skipped == {SkipReason.STILL_RUNNING: 1}


@pytest.mark.parametrize(
    ("start", "end", "wanted"),
    [
        ("2026-11-01T00:00:00", "2026-12-01T00:00:00", True),
        ("2026-11-22T12:48:01", "2026-12-01T00:00:00", True),
        ("2026-11-22T12:48:02", "2026-12-01T00:00:00", False),
        ("2026-11-01T00:00:00", "2026-11-22T11:48:03", True),
        ("2026-11-01T00:00:00", "2026-11-22T11:48:02", False),
    ],
)
def test_only_runs_that_touch_the_period_are_wanted(
    read: Reader, sacct: Text, start: str, end: str, wanted: bool
) -> None:
    result = read(sacct({}), period=Interval(at(start), at(end)))
    assert (len(result.records), result.skipped) == ((1, {}) if wanted else (0, {SkipReason.OUTSIDE_PERIOD: 1}))


def test_several_clusters_go_to_their_sites(read: Reader, sacct: Text) -> None:
    text = sacct({}, {"Cluster": "east"}, {"Cluster": "west"})
    result = read(text, sites={"demo": "one", "east": "two"})
    assert [record.site for record in result.records] == ["one", "two"]
    assert result.faults == [(4, "cluster")]


def test_accounts_awards_and_revisions_are_what_the_caller_says(read: Reader, sacct: Text) -> None:
    text = sacct({"QOS": "AW-1"}, {"QOS": ""}, {"Account": "stranger"})
    result = read(text, account_of={"lab": "Laboratory"}.get, award_column="QOS", revision=7)
    assert [(r.account, r.award, r.revision) for r in result.records] == [
        ("Laboratory", "AW-1", 7),
        ("Laboratory", None, 7),
    ]
    assert result.faults == [(4, "account")]


@pytest.mark.parametrize(
    ("columns", "missing"),
    [
        (["JobID", "Start", "End"], "Account, State, AllocTRES"),
        (["JobIDRaw", "Account", "State", "Start", "End", "AllocTRES"], "JobID"),
        (["JobID", "Account", "State", "Start", "End", "ReqTRES"], "AllocTRES"),
        (["User", "Account"], "JobID, State, Start, End, AllocTRES"),
        (["JobID", "Account", "State", "Start", "End", "AllocTRES", "End"], "End"),
    ],
)
def test_wrong_columns_are_named_with_those_found(read: Reader, sacct: Text, columns: list[str], missing: str) -> None:
    with pytest.raises(Invalid) as refused:
        read(sacct({}, columns=columns))
    (fault,) = refused.value.faults
    assert (fault.code, fault.file, fault.field) == ("charging.usage_files.columns", "usage.txt", missing)
    assert fault.value == ", ".join(columns)


def test_without_items_nothing_could_be_charged(read: Reader, sacct: Text) -> None:
    with pytest.raises(Invalid, match="price item"):
        read(sacct({}), items={})


def test_a_line_without_end_is_one_line_and_those_after_it_keep_their_numbers(read: Reader, sacct: Text) -> None:
    result = read(sacct({}, {"JobName": "x" * 3_000_000, "JobID": "4"}, {"JobID": "5", "State": "DANCING"}))
    assert [record.job for record in result.records] == ["3"]
    assert [row.line for row in result.held] == [3, 4]
