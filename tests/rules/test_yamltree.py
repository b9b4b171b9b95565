"""Strict YAML: texts stay as written, and what hides or guesses is refused with its line."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from lionrock.rules.faultlog import FaultLog
from lionrock.rules.yamltree import MAX_DEPTH, Listing, Mapped, Scalar, is_null, read_tree, read_yaml


def _read(tmp_path: Path, text: str | bytes) -> tuple[object, list[tuple[str, int | None]]]:
    path = tmp_path / "file.yaml"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    log = FaultLog()
    return read_tree(path, log), [(fault.code, fault.line) for fault in log]


@pytest.mark.parametrize("written", ["no", "2026-01-01", "0x10", "1:30", "NULL-ish", "010", "null ish"])
def test_a_text_stays_as_written(tmp_path: Path, written: str) -> None:
    tree, faults = _read(tmp_path, f"a: {written}\n")
    assert isinstance(tree, Mapped)
    entry = tree.entries["a"]
    assert isinstance(entry, Scalar)
    assert (entry.text, entry.quoted, faults) == (written, False, [])


@pytest.mark.parametrize(
    ("written", "null"), [("null", True), ("~", True), ("", True), ('"null"', False), ("none", False)]
)
def test_null_is_null_only_when_bare(tmp_path: Path, written: str, null: bool) -> None:
    tree, _ = _read(tmp_path, f"a: {written}\n")
    assert isinstance(tree, Mapped)
    assert is_null(tree.entries["a"]) is null


@pytest.mark.parametrize("number", ["0.7", ".5", "1e3", "1_000", "-2.50", ".inf", "-.inf", ".nan", "7."])
def test_a_bare_decimal_is_a_fault_and_a_quoted_one_is_not(tmp_path: Path, number: str) -> None:
    assert _read(tmp_path, f"x: 1\na: {number}\n")[1] == [("rules.yaml.bare_decimal", 2)]
    assert _read(tmp_path, f'x: 1\na: "{number}"\n')[1] == []


MALFORMED = [
    ("two keys alike", "a: 1\nb: 2\na: 3\n", [("rules.yaml.duplicate_key", 3)]),
    ("two keys alike, deeper", "a:\n  b: 1\n  b: 2\n", [("rules.yaml.duplicate_key", 3)]),
    ("an anchor and its alias", "a: &x 1\nb: *x\n", [("rules.yaml.anchor", 1), ("rules.yaml.anchor", 2)]),
    ("a tag", "a: !!python/object:os.system x\n", [("rules.yaml.tag", 1)]),
    ("an open bracket", "a: [1\nb: 2\n", [("rules.yaml.malformed", 2)]),
    ("a tab", "a:\n\tb: 1\n", [("rules.yaml.malformed", 2)]),
    ("two documents", "a: 1\n---\nb: 2\n", [("rules.yaml.malformed", 2)]),
    ("a control character", "a: 1\nb: \x07\n", [("rules.yaml.malformed", 2)]),
    ("nothing", "", [("rules.yaml.empty", 1)]),
    ("only a comment", "# later\n", [("rules.yaml.empty", 1)]),
    ("nesting without end", "[" * 5000, [("rules.yaml.malformed", 1)]),
]


@pytest.mark.parametrize(("text", "faults"), [row[1:] for row in MALFORMED], ids=[row[0] for row in MALFORMED])
def test_what_is_malformed_is_named_with_its_line(tmp_path: Path, text: str, faults: list[tuple[str, int]]) -> None:
    assert _read(tmp_path, text)[1] == faults


def test_nesting_is_read_up_to_its_limit(tmp_path: Path) -> None:
    assert _read(tmp_path, "[" * MAX_DEPTH + "]" * MAX_DEPTH)[1] == []
    assert _read(tmp_path, "[" * (MAX_DEPTH + 1) + "]" * (MAX_DEPTH + 1))[1] == [("rules.yaml.malformed", 1)]


def test_bytes_that_are_not_utf8_are_named(tmp_path: Path) -> None:
    assert _read(tmp_path, b"a: \xff\n")[1] == [("rules.yaml.unreadable", 1)]


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    log = FaultLog()
    assert read_yaml(tmp_path / "absent.yaml", log) is None
    assert "No such file" in str(log.faults[0])


def test_a_list_where_keys_belong_is_named(tmp_path: Path) -> None:
    (tmp_path / "list.yaml").write_text("\n- a\n- b\n")
    log = FaultLog()
    assert read_yaml(tmp_path / "list.yaml", log) is None
    assert [(fault.code, fault.line) for fault in log] == [("rules.yaml.not_a_mapping", 2)]


def test_every_node_knows_its_line(tmp_path: Path) -> None:
    tree, _ = _read(tmp_path, "a: 1\n\nb:\n  - x\n  - {c: y}\n")
    assert isinstance(tree, Mapped)
    listing = tree.entries["b"]
    assert isinstance(listing, Listing)
    assert [tree.key_places[key].line for key in ("a", "b")] == [1, 3]
    assert [entry.place.line for entry in listing.entries] == [4, 5]


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(text=st.text(alphabet='ab: -[]{}"\n0.7&*!|>#,\t', max_size=60))
def test_whatever_is_written_is_read_or_named(tmp_path: Path, text: str) -> None:
    """No input ends in a traceback: there is a tree, or a fault that says why there is none."""
    path = tmp_path / "any.yaml"
    path.write_text(text)
    log = FaultLog()
    tree = read_tree(path, log)
    assert (tree is None) <= bool(log.faults)
    assert all(fault.line is not None and fault.line >= 1 for fault in log)
