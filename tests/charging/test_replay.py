"""Case files that cannot be read, in whole or in part: each fault names file, line, field and value."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from tests.charging.told import told

from lionrock.charging.commands.replay import difference, replay
from lionrock.charging.replay.located import read_located
from lionrock.charging.replay.story import read_stories
from lionrock.kernel.errors import Fault, Invalid

GOOD = """\
cases:
- id: good
  title: An hour
  input:
    currency: HKD
    billing_time_zone: Asia/Hong_Kong
    scheme: {id: S, share: [['1970-01-01', 0.70]]}
    prices:
    - sku: gpu
      versions: [[2026-01-01, 12.00]]
    awards:
    - {id: A1, account: u1, cap: 100.00, valid_from: 2000-01-01, valid_to: 2099-01-01}
    timeline:
    - op: ingest
      records:
      - {job: 1, account: u1, tres: {gpu: 1}, start: '2026-03-10T00:00:00+08:00', end: '2026-03-10T01:00:00+08:00'}
    - {op: close, month: 2026-03}
"""
LINE_OF_THE_SECOND_CASE = GOOD.count("\n")


def _replay(path: Path, *options: str) -> Result:
    return CliRunner().invoke(replay, [str(path), *options])


def _faults(path: Path, text: str) -> list[Fault]:
    path.write_text(text)
    _, faults = read_stories(path)
    return faults


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "cases.yaml"


def test_decimals_and_dates_need_no_quotes(file: Path) -> None:
    file.write_text(GOOD)
    [answer] = json.loads(_replay(file, "--json").output)
    [line] = answer["expect"]["invoices"][0]["lines"]
    assert (line["gross"], line["subsidy"], line["user"], line["price_from"]) == (1200, 840, 360, "2026-01-01")
    assert answer["expect"]["award_left"] == {"A1": 9160}


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("12.00", "12.00"),
        ("0.1", "0.1"),
        ("1e3", "1e3"),
        ("010", "010"),
        ("0x10", "0x10"),
        ("1_000", "1_000"),
        ("20:30", "20:30"),
        ("2026-03-01", "2026-03-01"),
        ("NO", "NO"),
        ("on", "on"),
        (".inf", ".inf"),
        ("-5", -5),
        ("0", 0),
        ("12", 12),
        ("true", True),
        ("~", None),
    ],
)
def test_nothing_is_read_as_more_than_it_says(file: Path, written: str, read: object) -> None:
    file.write_text(f"value: {written}\n")
    found = read_located(file)["value"]
    assert (found, type(found)) == (read, type(read))


@pytest.mark.parametrize(
    ("old", "new", "line", "field", "value"),
    [
        ("currency: HKD", "currency: HKX", 5, "currency", "HKX"),
        ("    currency: HKD\n", "", 5, "currency", "nothing"),
        ("Asia/Hong_Kong", "Asia/Kowloon", 6, "billing_time_zone", "Asia/Kowloon"),
        ("0.70", "1.70", 7, "share", "[['1970-01-01', '1.70']]"),
        ("[['1970-01-01', 0.70]]", "0.70", 7, "share", "0.70"),
        ("sku: gpu", "item: gpu", 9, "sku", "nothing"),
        ("12.00", "-12.00", 10, "versions", "[['2026-01-01', '-12.00']]"),
        ("12.00", "1.0000001", 10, "versions", "[['2026-01-01', '1.0000001']]"),
        ("12.00", "12,00", 10, "versions", "[['2026-01-01', 12, '00']]"),
        ("2026-01-01", "2026-13-01", 10, "versions", "[['2026-13-01', '12.00']]"),
        ("[[2026-01-01, 12.00]]", "12.00", 10, "versions", "12.00"),
        ("cap: 100.00", "cap: 100.001", 12, "cap", "100.001"),
        ("cap: 100.00", "cap: lots", 12, "cap", "lots"),
        ("account: u1, cap", "account: [u1], cap", 12, "account", "['u1']"),
        ("valid_to: 2099-01-01", "valid_to: 2099-02-29", 12, "valid_to", "2099-02-29"),
        ("valid_to: 2099-01-01", "valid_until: 2099-01-01", 12, "valid_to", "nothing"),
        ("op: ingest", "op: digest", 14, "op", "digest"),
        ("- {op: close, month: 2026-03}", "- close", 13, "timeline", "close"),
        ("{gpu: 1}", "{gpu: one}", 16, "tres", "{'gpu': 'one'}"),
        ("{gpu: 1}", "{gpu: 1.5}", 16, "tres", "{'gpu': '1.5'}"),
        ("{gpu: 1}", "gpu", 16, "tres", "gpu"),
        ("job: 1, ", "", 16, "job", "nothing"),
        ("start: '2026-03-10T00:00:00+08:00'", "start: yesterday", 16, "start", "yesterday"),
        ("2026-03-10T00:00:00+08:00", "2026-03-10T25:00:00", 16, "start", "2026-03-10T25:00:00"),
        ("job: 1,", "job: 1, revision: second,", 16, "revision", "second"),
        ("job: 1,", "job: 1, revision: true,", 16, "revision", "True"),
        ("month: 2026-03", "month: 2026-3", 17, "month", "2026-3"),
        (
            "{op: close, month: 2026-03}",
            "{op: adjust, account: u1, amount: 1.005, month: 2026-03}",
            17,
            "amount",
            "1.005",
        ),
        (
            "{op: close, month: 2026-03}",
            "{op: shared_fee, amount: 1.00, weights: {u1: 0}, month: 2026-03}",
            17,
            "weights",
            "{'u1': 0}",
        ),
        (
            "{op: close, month: 2026-03}",
            "{op: shared_fee, amount: 1.00, weights: {u1: 2, u2: -1}, month: 2026-03}",
            17,
            "weights",
            "{'u1': 2, 'u2': -1}",
        ),
    ],
)
def test_a_fault_names_file_line_field_and_value(
    file: Path, old: str, new: str, line: int, field: str, value: str
) -> None:
    assert old in GOOD
    spoilt = GOOD.replace(old, new, 1)
    faults = _faults(file, spoilt)
    assert faults, spoilt
    fault = faults[0]
    assert (fault.file, fault.line) == (str(file), line)
    assert (fault.field, fault.value) == (field, value)
    assert str(fault).startswith(f"{file}:{line}: ")
    assert _replay(file).exit_code != 0


def test_the_other_cases_are_told_all_the_same(file: Path) -> None:
    second = (
        GOOD.removeprefix("cases:\n").replace("id: good", "id: bad").replace("12.00", "twelve").replace("HKD", "EUR")
    )
    file.write_text(GOOD + second)
    stories, faults = read_stories(file)
    assert [story.id for story in stories] == ["good"]
    assert [(fault.line, fault.field) for fault in faults] == [(LINE_OF_THE_SECOND_CASE + 9, "versions")]
    shown = _replay(file, "--json")
    assert [one["id"] for one in json.loads(shown.stdout)] == ["good"]
    assert isinstance(shown.exception, Invalid)
    assert shown.exception.faults == tuple(faults)


def test_every_fault_of_a_case_is_collected(file: Path) -> None:
    spoilt = GOOD
    for old, new in (
        ("id: good", "id: [good]"),
        ("0.70", "70%"),
        ("sku: gpu", "sku: {}"),
        ("12.00", "twelve"),
        ("cap: 100.00", "cap: lots"),
        ("valid_to: 2099-01-01", "valid_to: never"),
        ("{gpu: 1}", "{gpu: one}"),
        ("job: 1", "job: 1, revision: last"),
        ("{op: close, month: 2026-03}\n", "{op: close, month: March}\n    - {op: open}\n"),
    ):
        spoilt = spoilt.replace(old, new)
    assert [(fault.line, fault.field) for fault in sorted(_faults(file, spoilt), key=lambda one: one.line or 0)] == [
        (2, "id"),
        (7, "share"),
        (9, "sku"),
        (10, "versions"),
        (12, "valid_to"),
        (12, "cap"),
        (16, "tres"),
        (16, "revision"),
        (17, "month"),
        (18, "op"),
    ]


@pytest.mark.parametrize(
    ("text", "line", "said"),
    [
        ("cases:\n- id: a\n  id: b\n", 3, "given twice"),
        ("cases:\n- {id: a\n- b: c\n", 3, "expected"),
        ("cases:\n\t- id: a\n", 2, "found character"),
        ("- a\n- b\n", 1, "not a mapping"),
        ("", 1, "not a mapping"),
        ("a: !!python/object:os.system {}\n", 1, "could not determine a constructor"),
        ("a: *nothing\n", 1, "undefined alias"),
        ("title: x\n", 1, "cases"),
        ("cases: 3\n", 1, "not a list"),
        ("cases: [a]\n", 1, "not a mapping"),
    ],
)
def test_a_file_that_is_no_case_file_says_so(file: Path, text: str, line: int, said: str) -> None:
    file.write_text(text)
    raised = _replay(file).exception
    assert isinstance(raised, Invalid)
    assert (raised.faults[0].file, raised.faults[0].line) == (str(file), line)
    assert said in str(raised.faults[0])


def test_a_file_that_is_not_there_or_not_text(tmp_path: Path) -> None:
    (tmp_path / "broken.yaml").write_bytes(b"cases: \xff")
    for name in ("missing.yaml", "broken.yaml"):
        raised = _replay(tmp_path / name).exception
        assert isinstance(raised, Invalid)
        assert raised.exit_code == 2
        assert name in str(raised)


def test_a_wrong_answer_is_shown_and_ends_with_code_1(file: Path) -> None:
    file.write_text(GOOD + "  expect: {invoices: [{month: 2026-03, gross: 1201}]}\n")
    shown = _replay(file)
    assert shown.exit_code == 1
    assert "differs at invoices[0].gross" in shown.output
    assert _replay(file, "--json").exit_code == 0


def test_a_case_without_an_answer_is_told(file: Path) -> None:
    file.write_text(GOOD)
    shown = _replay(file)
    assert (shown.exit_code, "no answer given" in shown.output) == (0, True)


@pytest.mark.parametrize(
    ("expected", "found", "where"),
    [
        ({"a": 1}, {"a": 1}, None),
        ({"a": [{"b": 1}]}, {"a": [{"b": 2}]}, "a[0].b"),
        ({"a": [1]}, {"a": [1, 2]}, "a"),
        ({"a": 1}, {"a": 1, "b": 2}, "b"),
        ({"a": 1, "b": 2}, {"a": 1}, "b"),
        ({"a": {}}, {"a": []}, "a"),
        (1, 2, "the top"),
        ([], [], None),
    ],
)
def test_the_first_difference_is_named(expected: object, found: object, where: str | None) -> None:
    assert difference(expected, found) == where


def test_jobs_are_named_as_the_file_names_them(file: Path) -> None:
    text = GOOD.replace("job: 1,", "job: '007',").replace("end: '2026-03-10T01", "end: '2026-03-09T01")
    file.write_text(text)
    [answer] = json.loads(_replay(file, "--json").output)
    assert answer["expect"]["quarantined_jobs"] == ["007"]


@pytest.mark.parametrize("name", ["time_zone", "site_time_zone", "site_zone", "zone"])
def test_a_record_may_say_its_zone(file: Path, name: str) -> None:
    record = {
        "job": 1,
        "account": "u1",
        "tres": {"gpu": 1},
        name: "Asia/Tokyo",
        "local_start": "2026-03-31T23:30:00",
        "local_end": "2026-04-01T00:30:00",
    }
    case = {
        "currency": "HKD",
        "billing_time_zone": "Asia/Hong_Kong",
        "scheme": {"share": [["1970-01-01", "0"]]},
        "prices": [{"sku": "gpu", "versions": [["2026-01-01", "10.00"]]}],
        "timeline": [{"op": "ingest", "records": [record]}, {"op": "close", "month": "2026-03"}],
    }
    [answer] = told(file, case)
    assert answer["invoices"][0]["gross"] == 1000
