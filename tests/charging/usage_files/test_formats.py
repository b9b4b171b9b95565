"""Which format a file has, and files that are none."""

from __future__ import annotations

import gzip
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from lionrock.charging.usage_files import SKIP_WORDS, Format, SkipReason, UsageOptions, open_usage_file
from lionrock.kernel.errors import Invalid

Reader = Callable[..., Any]
Text = Callable[..., str]
SWF = "; Version: 2\n  1 0 10 3600 8 -1 -1 8 7200 -1 1 3 1 -1 1 -1 -1 -1\n"
CSV = "job,account,start,end,devices\n1,lab,2026-03-01T00:00:00Z,2026-03-01T01:00:00Z,gpu=8\n"


def options(**more: Any) -> dict[str, Any]:
    return {"items": {"cpus": "core"}, "epoch": datetime(2026, 3, 1, tzinfo=UTC), **more}


def test_the_content_tells_the_format_not_the_name(read: Reader, sacct: Text) -> None:
    assert read(sacct({}), "a.csv").format is Format.SACCT
    assert read(SWF, "a.psv", **options()).format is Format.SWF
    assert read(SWF.partition("\n")[2], "a.psv", **options()).format is Format.SWF
    assert read(CSV, "a.swf").format is Format.CSV


@pytest.mark.parametrize("form", [Format.SACCT, Format.SWF, Format.CSV])
def test_text_may_be_packed(read: Reader, sacct: Text, form: Format) -> None:
    text = {Format.SACCT: sacct({}), Format.SWF: SWF, Format.CSV: CSV}[form]
    more = options() if form is Format.SWF else {}
    result = read(gzip.compress(text.encode()), "a.gz", **more)
    assert (result.format, len(result.records)) == (form, 1)


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "empty_file"),
        (b"sacct: error: slurm_persist_conn_open: Connection refused\n", "format"),
        (b"hello\n", "format"),
        (b"\x00\x01\x02\xff\xfe", "format"),
        (b"\x1f\x8b", "damaged"),
        (gzip.compress(b"JobID|State\n", mtime=0)[:12], "damaged"),
        (b"PAR1 is not enough", "parquet"),
        (b"a,b,c\n1,2,3\n", "columns"),
    ],
)
def test_a_file_that_is_none_of_them_is_refused_by_name(read: Reader, content: bytes, code: str) -> None:
    with pytest.raises(Invalid) as refused:
        read(content, **options())
    (fault,) = refused.value.faults
    assert (fault.code, fault.file) == (f"charging.usage_files.{code}", "usage.txt")
    assert "usage.txt" in str(fault.message)


def test_a_file_that_is_not_there_is_refused_by_its_path(tmp_path: Path) -> None:
    for path in (tmp_path / "missing.psv", tmp_path):
        with pytest.raises(Invalid) as refused:
            open_usage_file(path, UsageOptions(site="asc"))
        assert [fault.file for fault in refused.value.faults] == [str(path)]


def test_the_caller_can_say_the_format(read: Reader, sacct: Text) -> None:
    with pytest.raises(Invalid) as refused:
        read(sacct({}), form=Format.CSV)
    assert refused.value.code == "charging.usage_files.columns"
    with pytest.raises(Invalid) as refused:
        read(sacct({}), form=Format.PARQUET, items={"gpus": "gpu"}, epoch=datetime(2026, 3, 1, tzinfo=UTC))
    assert refused.value.code == "charging.usage_files.parquet"


def test_a_header_alone_is_a_file_without_rows(read: Reader, sacct: Text) -> None:
    result = read(sacct())
    assert (result.records, result.held, result.tally.rows_read) == ([], [], 0)


@pytest.mark.parametrize("share", [0.5, 0.9, 0.99])
def test_packed_data_that_breaks_off_keeps_what_came_before(read: Reader, sacct: Text, share: float) -> None:
    rows = [
        {"JobID": str(number), "End": str(1795348082 + number * 37 % 9999), "ElapsedRaw": "0"} for number in range(3000)
    ]
    whole = gzip.compress(sacct({}, {"AllocTRES": "gres/gpu=1,gres/gpu:h800=1"}, *rows).encode())
    result = read(whole[: int(len(whole) * share)], "a.gz")
    assert len(result.records) == 2
    assert result.faults == [(result.tally.rows_read + 1, "cut")]
    assert 100 < result.skipped[SkipReason.ZERO_LENGTH] < 3000


def test_progress_goes_from_nothing_to_everything(tmp_path: Path, sacct: Text) -> None:
    path = tmp_path / "usage.psv"
    path.write_text(sacct(*({"JobID": str(number)} for number in range(2000))))
    seen = []
    with open_usage_file(path, UsageOptions(site="asc", items={"gres/gpu": "gpu"})) as stream:
        for _ in stream:
            seen.append(stream.position)
        assert (stream.unit, stream.total) == ("bytes", path.stat().st_size)
    assert seen == sorted(seen)
    assert 0 < seen[0] < seen[-1] == path.stat().st_size
    assert stream.position == stream.total


def test_every_reason_has_words() -> None:
    assert set(SKIP_WORDS) == set(SkipReason)
