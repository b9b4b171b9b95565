"""The table of the ASVS names tests that there are, and each item once; and the page of how to report says how."""

from __future__ import annotations

import ast
import csv
from functools import cache
from pathlib import Path

from docs.reference import generate
from tests.tidy.files import ROOT

ITEMS = {1: 70, 2: 183}
"""How many requirements ASVS 5.0.0 has for level 1, and how many more for level 2."""


def _rows() -> list[dict[str, str]]:
    with (generate.FOLDER / "asvs.csv").open(newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


@cache
def _tests_in(file: Path) -> frozenset[str]:
    tree = ast.parse(file.read_text())
    return frozenset(node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef))


def test_every_item_of_both_levels_stands_once() -> None:
    items = [row["item"] for row in _rows()]
    assert len(items) == len(set(items))
    assert {level: sum(row["level"] == str(level) for row in _rows()) for level in ITEMS} == ITEMS


def test_every_test_that_is_named_is_there() -> None:
    for row in _rows():
        file, _, name = row["test"].partition("::")
        if file:
            assert (ROOT / file).is_file(), row
            assert not name or name in _tests_in(ROOT / file), row


def test_what_is_met_says_how_and_nearly_always_by_which_test() -> None:
    rows = _rows()
    assert {row["state"] for row in rows} == {"met", "gap", "not used"}
    assert not [row["item"] for row in rows if not row["how"] or not row["about"]]
    met = [row for row in rows if row["state"] == "met"]
    assert [row["item"] for row in met if not row["test"]] == ["6.2.10", "7.2.3"]


def test_the_page_is_current() -> None:
    assert (generate.FOLDER / "asvs.md").read_text() == generate.asvs(), "behind; run `make reference`"


def test_the_security_page_says_how_and_when() -> None:
    page = (ROOT / "SECURITY.md").read_text()
    for said in ("Report", "days", "make audit", "threat-model.md", "asvs.md"):
        assert said in page
