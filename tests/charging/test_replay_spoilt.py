"""Whatever stands in the place of any one field of a case: the answer is an answer or a fault, never a crash."""

from __future__ import annotations

import copy
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from click.testing import CliRunner
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from lionrock.charging.commands.replay import replay
from lionrock.kernel.errors import Invalid

CASE: dict[str, Any] = {
    "id": "spoilt",
    "title": "An interim record, two sites, a shared fee and an adjustment",
    "input": {
        "currency": "HKD",
        "billing_time_zone": "Asia/Hong_Kong",
        "scheme": {"id": "S", "share": [["1970-01-01", "0.70"], ["2026-03-10", "0.50"]]},
        "fund": "1000.00",
        "prices": [{"sku": "gpu", "versions": [["2026-01-01", "12.00"]]}],
        "awards": [{"id": "A", "account": "u", "cap": "9.00", "valid_from": "2000-01-01", "valid_to": "2099-01-01"}],
        "timeline": [
            {
                "op": "ingest",
                "records": [
                    {
                        "job": 1,
                        "account": "u",
                        "tres": {"gpu": 1},
                        "start": "2026-03-10T00:00:00+08:00",
                        "end": "2026-03-10T01:00:00+08:00",
                        "interim_of": 2,
                        "state": "COMPLETED",
                    }
                ],
            },
            {"op": "set_price", "price": {"sku": "gpu", "versions": [["2026-03-10", "15.00"]]}},
            {"op": "adjust", "account": "u", "amount": "-1.00", "reason": "goodwill", "month": "2026-03"},
            {"op": "close", "month": "2026-03"},
        ],
    },
}
SPOILT: list[Any] = [
    *(None, "", " ", 0, -1, 2**70, "9" * 400, 1.5, 0.1, "0.123456789", True, [], {}, [[]], [None], {"a": 1}),
    *("nonsense", "2026-13-01", "2026-02-30", "9999-12-31", "0001-01-01", "0000-00", "9999-12", "2026-3"),
    *("2026-03-14T20:00:00", "2026-03-14T20:00:00+99:00", "9999-12-31T23:59:59-14:00", "0001-01-01T00:00:00+14:00"),
    *("-0.5", "1e9", "NaN", "Infinity", float("inf"), float("nan"), "Mars/Base", "٣", "½", "1_000", "+5", [1, 2, 3]),
]


def places(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Yield the path of everything below a value."""
    below = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, part in below:
        yield (*path, key)
        yield from places(part, (*path, key))


PLACES = list(places(CASE["input"]))


def answered(file: Path, case: dict[str, Any]) -> str:
    """Return how a replay of the case ends: "told" or "faults"."""
    file.write_text(yaml.safe_dump({"cases": [case]}))
    ended = CliRunner().invoke(replay, [str(file), "--json"])
    if ended.exception is None:
        return "told"
    if not isinstance(ended.exception, Invalid):
        raise ended.exception
    assert all(fault.file == str(file) and fault.line and fault.field for fault in ended.exception.faults)
    return "faults"


def test_the_case_itself_is_told(tmp_path: Path) -> None:
    assert answered(tmp_path / "case.yaml", CASE) == "told"


@example(place=PLACES.index(("timeline", 0, "records", 0, "interim_of")), spoilt=SPOILT.index([[]]))
@example(place=PLACES.index(("timeline", 0, "records", 0, "job")), spoilt=SPOILT.index([None]))
@example(place=PLACES.index(("prices", 0, "versions", 0, 0)), spoilt=SPOILT.index("0001-01-01"))
@example(place=PLACES.index(("timeline", 0, "records", 0, "end")), spoilt=SPOILT.index("9999-12-31"))
@given(place=st.integers(0, len(PLACES) - 1), spoilt=st.integers(0, len(SPOILT) - 1))
@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_a_spoilt_field_is_an_answer_or_a_fault(tmp_path: Path, place: int, spoilt: int) -> None:
    case = copy.deepcopy(CASE)
    below = case["input"]
    *way, last = PLACES[place]
    for step in way:
        below = below[step]
    below[last] = SPOILT[spoilt]
    assert answered(tmp_path / "case.yaml", case) in {"told", "faults"}


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"cases: " + b"[" * 5000 + b"]" * 5000, "nested too deep"),
        (b"cases: \xff\xfe", "not UTF-8 at byte 7"),
        (b"cases: \x00", "unacceptable character"),
    ],
)
def test_a_file_that_is_no_yaml_is_refused_in_one_line(tmp_path: Path, content: bytes, said: str) -> None:
    file = tmp_path / "case.yaml"
    file.write_bytes(content)
    ended = CliRunner().invoke(replay, [str(file)])
    assert isinstance(ended.exception, Invalid)
    assert said in str(ended.exception)
    assert "\n" not in str(ended.exception)


@pytest.mark.parametrize(("name", "said"), [("nothing.yaml", "No such file"), (".", "Is a directory")])
def test_a_file_that_is_not_there_is_named(tmp_path: Path, name: str, said: str) -> None:
    ended = CliRunner().invoke(replay, [str(tmp_path / name)])
    assert isinstance(ended.exception, Invalid)
    assert said in str(ended.exception)
    assert "Errno" not in str(ended.exception)
