"""A rule changed in the data changes the answers from its day on and none before, without code."""

from __future__ import annotations

import shutil
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from tests.controls.book import RULEBOOK, asked, on_file, question, words

from lionrock.controls.domain.choosing import Way, best_of, choices, is_sold
from lionrock.controls.domain.comparing import compare
from lionrock.controls.domain.rules import Authorisation
from lionrock.controls.domain.story import tell
from lionrock.controls.reading.book import load_book, read_book
from lionrock.controls.reading.story import load_plot
from lionrock.kernel.errors import Invalid

NEXT_MONTH = """
- id: rule-2026-12
  names: {en: A rule of next month}
  from: 2026-12-23
  source: demonstration
  did: {en: The line falls to 1000.}
  same_as: rule-2026-01
  paragraphs:
    - id: "3A090.a.1"
      of: ic
      all:
        - {quantity: tpp, at_least: "1000"}
"""


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """A copy of the rulebook that may be changed."""
    folder = tmp_path / "rulebook"
    shutil.copytree(RULEBOOK, folder, ignore=shutil.ignore_patterns("programmes"))
    return folder


def add(copy: Path, file: str, text: str) -> None:
    path = copy / file
    path.write_text(path.read_text() + text)


def test_a_new_version_changes_answers_from_its_day_on_and_none_before(copy: Path) -> None:
    add(copy, "controls/versions.yaml", NEXT_MONTH)
    book = load_book(copy)
    assert words(asked("nvidia-t4", "2026-12-22", "HK", book)) == ("not_3A090", "none", "n/a")
    assert words(asked("nvidia-t4", "2026-12-23", "HK", book)) == ("3A090.a.1", "licence_required", "case_by_case")
    since = {
        read.since
        for finding in asked("nvidia-t4", "2026-12-23", "HK", book).findings
        for read in finding.parameters
        if read.path.endswith("a.1.tpp.at_least")
    }
    assert since == {date(2026, 12, 23)}


def test_no_earlier_answer_changes_at_all(copy: Path) -> None:
    days = [version.since + timedelta(days=off) for version in on_file().versions for off in (-1, 0, 1)]
    days = [day for day in days if day >= on_file().versions[0].since] + [date(2026, 12, 22)]
    chips = ("nvidia-t4", "nvidia-h800-sxm5-80gb", "nvidia-rtx-4090", "nvidia-l40", "mthreads-mtt-s4000")
    before = {(chip, day): words(asked(chip, str(day), "CN")) for chip in chips for day in days}
    add(copy, "controls/versions.yaml", NEXT_MONTH)
    book = load_book(copy)
    assert {(chip, day): words(asked(chip, str(day), "CN", book)) for chip, day in before} == before


def test_a_country_that_joins_a_group_is_in_it_from_that_day_on(copy: Path) -> None:
    path = copy / "controls/countries.yaml"
    joined = '  "D:5":\n'
    entry = "    - {from: 2026-12-01, source: demonstration, add: [MY], remove: [HT]}\n"
    head, tail = path.read_text().split("\ncountries:\n")
    assert joined in head
    path.write_text(f"{head}\n{entry}\ncountries:\n{tail}")
    book = load_book(copy)
    answers = [words(asked("nvidia-h100-sxm5-80gb", day, "MY", book))[1:] for day in ("2026-11-30", "2026-12-01")]
    assert answers == [("none", "n/a"), ("licence_required", "presumption_of_denial")]
    left = [words(asked("nvidia-h100-sxm5-80gb", day, "HT", book))[1] for day in ("2026-11-30", "2026-12-01")]
    assert left == ["licence_required", "none"]


def test_a_chip_is_added_by_adding_a_row(copy: Path) -> None:
    row = (copy / "accelerators.csv").read_text().splitlines()[10].split(",")
    row[0] = "acme-one"
    add(copy, "accelerators.csv", ",".join(row) + "\n")
    assert asked("acme-one", "2024-05-01", "SG", load_book(copy)).authorisation is Authorisation.NONE


SPOILT = [
    ("versions.yaml", "quantity: tpp, at_least", "quantity: speed, at_least", "controls.file.word"),
    ("versions.yaml", 'at_least: "4800"', "at_least: 4800", "rules.value.unquoted"),
    ("versions.yaml", "same_as: rule-2022-10", "same_as: rule-2099", "controls.file.same_as"),
    ("versions.yaml", "source: us-fr-88-2821", "source: hearsay", "rules.source.unknown"),
    ("versions.yaml", "to: [CN, MO]", "to: [CN, XX]", "controls.file.place"),
    ("versions.yaml", "- id: rule-2023-01", "- id: rule-2022-10", "controls.file.twice"),
    ("versions.yaml", "authorisation: NAC", "authorisation: maybe", "controls.file.word"),
    ("notices.yaml", "amd-mi308x", "amd-mi309x", "controls.file.chip"),
    ("notices.yaml", "binding_on: 2025-04-09", "binding_on: soon", "rules.shape.date"),
    ("countries.yaml", "add: [AL,", "add: [QQ,", "controls.file.country"),
    ("uses.yaml", "checked_until:", "checked:", "rules.shape.unknown_key"),
    ("../accelerators.csv", "chip_id,vendor", "chip,vendor", "controls.catalogue.column"),
    ("../accelerators.csv", ",312,", ",1e9,", "kernel.money.decimal"),
    ("../accelerators.csv", "989.5,1979,1979", "989.5,3958,1979", "controls.figure.sparse"),
    ("../accelerators.csv", "nvidia-a100-pcie-80gb,", "nvidia-a100-sxm4-80gb,", "controls.catalogue.twice"),
    ("../accelerators.csv", ",complete,", ",nearly,", "controls.catalogue.word"),
]


@pytest.mark.parametrize(("file", "right", "wrong", "code"), SPOILT, ids=[spoilt[2] for spoilt in SPOILT])
def test_a_spoilt_file_is_refused_whole_with_file_and_line(
    copy: Path, file: str, right: str, wrong: str, code: str
) -> None:
    path = copy / "controls" / file
    text = path.read_text()
    assert right in text
    path.write_text(text.replace(right, wrong, 1))
    _, log = read_book(copy)
    assert code in {fault.code for fault in log.faults}
    assert all(fault.file and fault.line for fault in log.faults)
    with pytest.raises(Invalid, match="Nothing of them is used"):
        load_book(copy)


def test_what_changed_between_two_days_and_why() -> None:
    book = on_file()
    found = compare(
        book, question(book, "nvidia-h800-sxm5-80gb", "2023-10-01", "HK"), date(2023, 10, 1), date(2026, 2, 1)
    )
    changed = {
        str(step.on): [cause.id for cause in step.causes if not cause.ended] for step in found.steps if step.changed
    }
    assert changed == {
        "2023-10-23": ["at-once-2023"],
        "2023-11-17": ["rule-2023-11"],
        "2026-01-15": ["rule-2026-01", "duty-2026"],
    }
    assert (words(found.before)[1], words(found.after)[1:]) == ("none", ("licence_required", "case_by_case"))


def test_a_version_that_is_not_enforced_is_no_step() -> None:
    book = on_file()
    found = compare(
        book, question(book, "nvidia-h100-sxm5-80gb", "2025-01-01", "SG"), date(2025, 1, 1), date(2025, 12, 1)
    )
    assert [step.on for step in found.steps if step.changed] == []
    assert "diffusion-2025" not in {cause.id for step in found.steps for cause in step.causes}


def test_what_could_be_bought_instead_stands_the_easiest_first_and_the_fastest_of_each_way() -> None:
    book = on_file()
    found = choices(book, question(book, "nvidia-h100-sxm5-80gb", "2026-02-01", "HK"))
    ways = [list(Way).index(choice.way) for choice in found]
    assert ways == sorted(ways)
    best = {each.way: each.by_rate.item.id for each in best_of(found) if each.by_rate}
    assert best[Way.CASE_BY_CASE] in {"amd-mi300x", "amd-mi325x"}
    assert best[Way.EXCEPTION] == "nvidia-rtx-4090"
    assert not {"google-tpu-v5p", "nvidia-b30a"} & {choice.item.id for choice in found}


def test_a_price_makes_the_best_for_it_known() -> None:
    book = on_file()
    asked_ = question(book, "nvidia-h100-sxm5-80gb", "2024-05-01", "SG")
    found = choices(book, asked_, {"nvidia-l4": Decimal(2500), "nvidia-h100-sxm5-80gb": Decimal(30000)})
    free = next(each for each in best_of(found) if each.way is Way.FREE)
    assert free.by_price is not None
    assert free.by_price.item.id == "nvidia-l4"


@pytest.mark.parametrize(
    ("chip", "day", "sold"),
    [
        ("nvidia-l20", "2023-10-31", False),
        ("nvidia-l20", "2023-11-01", True),
        ("amd-mi308x", "2024-11-30", False),
        ("amd-mi308x", "2024-12-01", True),
    ],
)
def test_an_item_is_sold_from_its_month_on_and_a_year_counts_from_its_end(chip: str, day: str, sold: bool) -> None:
    assert is_sold(on_file().items[chip], date.fromisoformat(day)) is sold


def test_the_story_of_a_centre_by_the_rules_of_four_days() -> None:
    book = on_file()
    story = tell(book, load_plot(RULEBOOK, book))
    told = {
        str(chapter.day.on): (
            words(chapter.answer)[1:],
            {item.id for item in chapter.lost},
            {item.id for item in chapter.won},
        )
        for chapter in story.chapters
    }
    made_for_it = {"nvidia-a800-sxm4-80gb", "nvidia-h800-sxm5-80gb", "nvidia-l40s"}
    again = {"nvidia-a100-sxm4-80gb", "nvidia-h100-sxm5-80gb", "nvidia-h200-sxm-141gb", "amd-mi325x"} | made_for_it
    denied = ("licence_required", "presumption_of_denial")
    assert told == {
        "2022-10-21": (("none", "n/a"), {"nvidia-a100-sxm4-80gb"}, set()),
        "2023-11-17": (denied, made_for_it, set()),
        "2025-04-09": (denied, {"nvidia-h20-96gb"}, set()),
        "2026-01-15": (("licence_required", "case_by_case"), set(), again),
    }
    needed = dict(story.chapters[-1].options)
    assert needed[Way.FREE].item.id == "nvidia-l20"
    assert needed[Way.FREE].needed == -(-1_700_000 * 10 // 1195)
    assert needed[Way.CASE_BY_CASE].needed == 1301
    fastest = [(each.to_be_had.item.id, each.to_be_had.needed) for each in story.periods if each.to_be_had]
    assert fastest == [
        ("nvidia-a100-sxm4-80gb", 5449),
        ("nvidia-h800-sxm5-80gb", 1719),
        ("nvidia-l40", 9393),
        ("nvidia-l40", 9393),
        ("nvidia-l40", 9393),
    ]
