"""What is missing from an application: every gap with its place, on the shipped form and on an invented one."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from tests.applications.filling import something
from tests.calls.world import DECLARED, INVENTED, SHIPPED

from lionrock.applications.domain.answers import Value
from lionrock.applications.domain.asked import Asked, declaration_key, is_owed, must_be_filled
from lionrock.applications.domain.completeness import Filled, completeness
from lionrock.applications.domain.core import read_core, request_from
from lionrock.rules.rulebook import load_rulebook


def asked(folder: Path = SHIPPED, programme: str = "hk-aiss-demo", on: date = date(2026, 3, 2)) -> Asked:
    """Return the form and terms of a programme on a day."""
    rules = load_rulebook(folder).programme(programme)
    form = rules.form_on(on)
    assert form is not None
    return Asked(form, rules.at(on))


CORE: dict[str, Value] = {
    "request.category": "university",
    "request.title.en": "Weather models",
    "request.title.zh-hant": "天氣模型",
    "request.item": "h800-node",
    "request.count": "2",
    "request.months": "3",
    "request.starts": "2026-04-01",
    "request.other-subsidy": "no",
}


def filled(wanted: Asked, projects: tuple[int, ...] = (1,)) -> Filled:
    """Return an application without a gap."""
    entries = {"project": projects}
    answers: dict[str, Value] = dict(CORE) | {declaration_key(each): "yes" for each in DECLARED}
    for slot in wanted.slots(answers, entries):
        if must_be_filled(slot):
            answers.setdefault(slot.key, something(wanted, slot))
    owed = {document.id for document in wanted.documents(answers) if is_owed(document)}
    return Filled(answers, entries, owed)


def gaps(found: Filled, wanted: Asked | None = None) -> list[str]:
    """Return the keys of the gaps."""
    return [gap.key for gap in completeness(wanted or asked(), found).gaps]


def test_a_whole_application_has_no_gap() -> None:
    found = completeness(asked(), filled(asked()))
    assert (found.gaps, found.complete) == ((), True)
    assert found.required == found.filled > 40


def test_an_empty_one_names_everything_in_the_order_of_the_form() -> None:
    found = completeness(asked(), Filled({}, {"project": (1,)}))
    keys = [gap.key for gap in found.gaps]
    assert keys[0] == "request.category"
    assert keys[-1] == "declaration:law"
    assert keys.index("applicant.name.en") < keys.index("project.1.title.en") < keys.index("document:proposal")
    assert found.filled == 0
    assert found.required == len(keys)
    assert all("{" not in str(gap.said) for gap in found.gaps)


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"applicant.employees": None}, ["applicant.employees"]),
        ({"applicant.employees": "  "}, ["applicant.employees"]),
        ({"applicant.employees": "many"}, ["applicant.employees"]),
        ({"applicant.name.zh-hant": None}, ["applicant.name.zh-hant"]),
        ({"applicant.contact-1-name.zh-hant": None}, []),
        ({"applicant.contact-2-email": "nobody"}, ["applicant.contact-2-email"]),
        ({"project.1.title.zh-hant": "字" * 61}, ["project.1.title.zh-hant"]),
        ({"project.1.technology-areas": []}, ["project.1.technology-areas"]),
        ({"declaration:law": "no"}, ["declaration:law"]),
        ({"declaration:law": "perhaps"}, ["declaration:law"]),
        ({"signatory.name": None, "signatory.date": "soon"}, ["signatory.name", "signatory.date"]),
        ({"request.item": "abacus"}, ["request.item"]),
        ({"request.category": "wizard"}, ["request.category"]),
        ({"nowhere.at.all": "never asked"}, []),
    ],
)
def test_each_gap_by_itself(changes: dict[str, Value | None], expected: list[str]) -> None:
    whole = filled(asked())
    answers = {key: value for key, value in ({**whole.answers} | changes).items() if value is not None}
    assert gaps(replace(whole, answers=answers)) == expected


def test_a_gap_tells_where_it_is_and_whether_something_stands_there() -> None:
    whole = filled(asked(), (1, 4))
    answers = {**whole.answers, "project.4.months": "soon"}
    del answers["project.4.deliverables"]
    months, deliverables = completeness(asked(), replace(whole, answers=answers)).gaps
    assert (months.part, months.number, months.answered) == ("project", 4, True)
    assert (deliverables.part, deliverables.number, deliverables.answered) == ("project", 4, False)
    assert len(completeness(asked(), replace(whole, answers=answers)).of_part("project", 4)) == 2
    assert not completeness(asked(), replace(whole, answers=answers)).of_part("project", 1)


@pytest.mark.parametrize(
    ("category", "owed"),
    [
        ("university", ["proposal", "team", "financial-proof"]),
        ("startup", ["proposal", "team", "financial-proof", "registration"]),
        ("enterprise", ["proposal", "team", "financial-proof", "registration"]),
    ],
)
def test_documents_are_owed_by_category(category: str, owed: list[str]) -> None:
    whole = filled(asked())
    found = Filled({**whole.answers, "request.category": category}, whole.entries, ())
    assert gaps(found) == [f"document:{each}" for each in owed]


@pytest.mark.parametrize(("projects", "expected"), [((), ["project"]), (tuple(range(1, 12)), ["project"])])
def test_a_part_is_filled_as_often_as_the_form_says(projects: tuple[int, ...], expected: list[str]) -> None:
    whole = filled(asked(), projects)
    months = {f"project.{number}.months": "1" for number in projects}
    assert gaps(replace(whole, answers={**whole.answers, **months})) == expected


@pytest.mark.parametrize(
    ("cards", "months", "item", "fits"),
    [
        (("16",), ("3",), "h800-node", True),
        (("16",), ("4",), "h800-node", False),
        (("8", "8"), ("3", "3"), "h800-node", True),
        (("8", "9"), ("3", "3"), "h800-node", False),
        (("2",), ("3",), "h800-card", True),
        (("3",), ("3",), "h800-card", False),
        (("900",), ("9",), "cpu-node", True),
    ],
)
def test_the_projects_share_what_is_asked_for(
    cards: tuple[str, ...], months: tuple[str, ...], item: str, fits: bool
) -> None:
    """Two nodes of eight cards for three months are 48 card-months; nothing counts processors in cards."""
    whole = filled(asked(), tuple(range(1, len(cards) + 1)))
    shares = {f"project.{number}.cards": each for number, each in enumerate(cards, 1)}
    shares |= {f"project.{number}.months": each for number, each in enumerate(months, 1)}
    found = completeness(asked(), replace(whole, answers={**whole.answers, **shares, "request.item": item}))
    assert [gap.key for gap in found.gaps] == ([] if fits else ["request.count"])


def test_an_invented_form_asks_otherwise() -> None:
    lagoon = asked(INVENTED, "lagoon")
    answers: dict[str, Value] = {
        "plea.who": "school", "plea.what.zh-hans": "船", "plea.thing": "pod", "plea.things": "2", "plea.moons": "3",
        "plea.from": "2026-03-15", declaration_key("good-faith"): "yes",
    }  # fmt: skip
    assert gaps(Filled(answers, {}), lagoon) == []
    assert gaps(Filled({**answers, "plea.who": "guild"}, {}), lagoon) == ["plea.master"]
    assert gaps(Filled({**answers, "boat.2.colours": ["red", "green", "blue"]}, {"boat": (2,)}), lagoon) == [
        "boat.2.colours"
    ]


def test_what_is_asked_for_is_read_out_of_the_answers() -> None:
    whole = {**filled(asked()).answers, "request.hours": "9", "request.purpose": "One\nline\x07"}
    core = read_core(asked(), whole)
    assert core == {
        "category": "university", "title": "Weather models", "title_zh_hant": "天氣模型", "purpose": "One\nline",
        "item": "h800-node", "count": 2, "months": 3, "hours": 9, "starts": date(2026, 4, 1), "other_subsidy": False,
        "declarations": sorted(DECLARED),
    }  # fmt: skip
    assert request_from(core) is not None


@pytest.mark.parametrize(
    ("key", "value", "column", "expected"),
    [
        ("request.count", "0", "count", None),
        ("request.count", "two", "count", None),
        ("request.months", "121", "months", None),
        ("request.starts", "1999-01-01", "starts", None),
        ("request.item", "abacus", "item", ""),
        ("request.category", "wizard", "category", ""),
        ("request.other-subsidy", "maybe", "other_subsidy", None),
        ("request.title.en", "two\nlines " + "x" * 300, "title", ("two lines " + "x" * 300)[:200]),
        ("request.title.en", "", "title", "天氣模型"),
        ("declaration:law", "no", "declarations", sorted(set(DECLARED) - {"law"})),
    ],
)
def test_what_cannot_be_read_stands_empty_in_the_columns(key: str, value: Value, column: str, expected: object) -> None:
    assert read_core(asked(), {**filled(asked()).answers, key: value})[column] == expected
