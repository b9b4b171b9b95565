"""Every story comes out as written; and a story that is wrong fails."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from tests.scenarios.runner import STORIES, VERBS, Telling, read_story

from lionrock.ledger.check import check_books

pytestmark = pytest.mark.django_db

Choose = Callable[[str], Path]


@pytest.mark.parametrize("path", STORIES, ids=[path.stem for path in STORIES])
def test_it_comes_out_as_told(path: Path, rulebook_of: Choose) -> None:
    story = read_story(path.read_text())
    rulebook_of(story.programme)
    assert not Telling(story).tell()
    assert not [str(fault) for result in check_books() for fault in result.faults]


def test_every_verb_is_used() -> None:
    used = {step.verb for path in STORIES for step in read_story(path.read_text()).steps}
    assert used == set(VERBS)


FUND = """
programme hk-aiss-demo
2026-03-02 finance appropriates 10.00 vote
"""
RIGHT = ("budget/appropriation -10.00 HKD", "budget/free 10.00 HKD")


@pytest.mark.parametrize(
    ("expected", "fault"),
    [
        (RIGHT, None),
        (RIGHT[:1], "not expected ['budget/free 10.00 HKD']"),
        ((*RIGHT, "cash 1.00 HKD"), "missing ['cash 1.00 HKD']"),
        ((RIGHT[0], "budget/free 10.01 HKD"), "missing ['budget/free 10.01 HKD'], not expected ['budget/free 10.00"),
        ((*RIGHT, RIGHT[0]), "missing ['budget/appropriation -10.00 HKD']"),
        (("refused people.role.missing",), "missing ['refused people.role.missing']"),
        ((), "not expected"),
    ],
)
def test_what_comes_out_otherwise_is_named(expected: tuple[str, ...], fault: str | None, rulebook_of: Choose) -> None:
    rulebook_of("hk-aiss-demo")
    faults = Telling(read_story(FUND + "".join(f"    {line}\n" for line in expected))).tell()
    assert (not faults) if fault is None else (len(faults) == 1 and fault in faults[0])


@pytest.mark.parametrize(
    ("line", "complaint"),
    [
        ("2026-03-02 finance dances", "line 2: “dances” is not one of"),
        ("2026-02-30 finance closes 2026-01", "line 2: day is out of range"),
        ("2026-03-02 finance", "line 2: not enough values"),
        ("2026-03-02 office opens 'A call", "line 2: No closing quotation"),
        ("    cash 1.00 HKD", "expects nothing before its first step"),
    ],
)
def test_what_cannot_be_read_is_named(line: str, complaint: str) -> None:
    with pytest.raises(ValueError, match=complaint):
        read_story(f"programme hk-aiss-demo\n{line}\n")


def test_a_story_names_its_programme() -> None:
    with pytest.raises(ValueError, match="begins with `programme ID`"):
        read_story("2026-03-02 finance closes 2026-01\n")
