"""Our own normal form as NDJSON: what it has in common with the CSV, and what only it can get wrong."""

from __future__ import annotations

import gzip
import json
from collections.abc import Callable
from typing import Any

import pytest

from lionrock.charging.usage_files import Format, SkipReason

Reader = Callable[..., Any]
USUAL: dict[str, object] = {
    "job": "j1",
    "account": "lab",
    "start": "2026-03-31T15:30:00Z",
    "end": "2026-03-31T16:30:00Z",
    "devices": {"gpu": 8, "cpu": 16},
}


def line(**fields: object) -> str:
    return json.dumps(USUAL | fields) + "\n"


def test_it_is_the_same_record_as_in_csv(read: Reader) -> None:
    more = {"site": "east", "award": "AW1", "state": "TIMEOUT", "revision": 3, "interim": True, "cluster_key": "k"}
    result = read(line(device_seconds={"gpu": 100}, **more))
    header = ",".join([*USUAL, "device_seconds", *more])
    csv = f"{header}\nj1,lab,{USUAL['start']},{USUAL['end']},gpu=8;cpu=16,gpu=100,east,AW1,TIMEOUT,3,true,k\n"
    [ours], [theirs] = result.records, read(csv).records
    assert result.format is Format.NDJSON
    assert {name: getattr(ours, name) for name in ours.__slots__ if name != "origin"} == {
        name: getattr(theirs, name) for name in theirs.__slots__ if name != "origin"
    }


def test_counts_may_be_text_times_seconds_and_what_is_left_out_null(read: Reader) -> None:
    result = read(gzip.compress(line(job=7, start=1774971000, end=1774974600, devices="gpu=8", award=None).encode()))
    [record] = result.records
    assert (record.job, dict(record.devices), record.award, record.start.isoformat()) == (
        "7", {"gpu": 8}, None, "2026-03-31T15:30:00+00:00",
    )  # fmt: skip


@pytest.mark.parametrize(
    ("text", "outcome"),
    [
        ("", SkipReason.BLANK),
        (line(end="2026-03-31T15:30:00Z").strip(), SkipReason.ZERO_LENGTH),
        (line()[:-9], "json"),
        ("[1]", "json"),
        ("[" * 100_000, "json"),
        ('{"job": "1", "job": "2"}', "json"),
        ('{"job": "1"}', "names"),
        (line(colour="red").strip(), "names"),
        (line(start="yesterday").strip(), "not_a_time"),
        (line(job=1.5).strip(), "kind"),
        (line(account=["lab"]).strip(), "kind"),
        (line(account="\ud800").strip(), "kind"),
        (line(devices={"gpu": 1.5}).strip(), "kind"),
        (line(devices={"gpu": True}).strip(), "kind"),
        (line(devices={"gpu=1;cpu": 2}).strip(), "kind"),
        (line(devices={"gpu": -1}).strip(), "negative"),
        (line(devices={}).strip(), "empty"),
        (line(account=None).strip(), "empty"),
    ],
    ids=range(18),
)
def test_a_wrong_line_is_held_and_spoils_no_other(read: Reader, text: str, outcome: SkipReason | str) -> None:
    result = read(line() + text + "\n" + line(job="j3"))
    assert [record.job for record in result.records] == ["j1", "j3"]
    if isinstance(outcome, SkipReason):
        assert result.skipped == {outcome: 1}
    else:
        assert result.faults == [(2, outcome)]
