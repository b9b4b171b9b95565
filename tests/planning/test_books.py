"""A scenario whose machine is what the books of supply had on a day."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date
from fractions import Fraction
from pathlib import Path

import pytest
from click.testing import CliRunner
from tests.calls.world import OPERATOR
from tests.planning.options import H20, H800, RULEBOOK, option
from tests.supply import story
from tests.supply.world import ASCEND, L20, OWN

from lionrock.kernel.errors import Conflict, Invalid, NotAllowed
from lionrock.people.domain import Actor
from lionrock.planning.commands import plan
from lionrock.planning.queries import books_on
from lionrock.planning.scenarios.answers import assumptions
from lionrock.planning.scenarios.books import FOLDER, written
from lionrock.planning.scenarios.fleets import arrival_week, groups
from lionrock.planning.scenarios.values import Books, Delivery, Scenario
from lionrock.planning.showing import sheet_of
from lionrock.planning.sweep_commands import told
from lionrock.planning.sweeping import compared
from lionrock.supply.domain.capacity import Change, Standing

DAY = date(2026, 11, 23)
BEGINS = "2027-01-04"
APPLIED = 'applied: {granted: "0.60", later_weeks: 4, source: planning-own}'
AT_RISK = 'at_risk: {granted: "0.25", source: planning-own}'
WHOLE = f"{APPLIED}, {AT_RISK}, retiring: kept"
SPEEDS = f"{{{ASCEND}: {{value: '0.5', source: planning-own}}, {L20}: {{value: '0.1', source: planning-own}}}}"
CLASSES = f"[{{id: any, names: {{en: Any}}, up_to: 8, bound_by: fp16, source: planning-own, speeds: {SPEEDS}}}]"
RUNS = Change(date(2024, 12, 9), H800, 1315, Standing.CERTAIN)


def resting(folder: Path, *changes: Change, said: str = WHOLE, day: date = DAY, **more: str) -> Scenario:
    """Return a scenario of 24 weeks whose machine is such books."""
    books = folder / FOLDER
    books.mkdir(exist_ok=True)
    (books / "own.yaml").write_text("\n".join(written(Books(OWN, day, changes))) + "\n")
    fleet = "{books: own" + (f", {said}" if said else "") + "}"
    return option(folder, "planned", **({"begins": BEGINS, "weeks": "24", "classes": CLASSES, "fleet": fleet} | more))


def said_of(delivery: Delivery) -> tuple[str, int, int, Fraction | None]:
    licence = delivery.licence
    return delivery.item.id, delivery.count, delivery.week, licence.granted.value if licence else None


@pytest.mark.django_db
def test_a_scenario_rests_on_the_orders_licences_and_equipment_of_a_day(world: None, tmp_path: Path) -> None:
    with pytest.raises(Conflict) as nothing:
        books_on(OPERATOR, OWN, story.NOW)
    assert nothing.value.code == "planning.books.empty"
    orders = story.tell()
    with pytest.raises(NotAllowed):
        books_on(Actor("nobody@example.org"), OWN, story.NOW)
    books = books_on(OPERATOR, OWN, story.NOW)
    assert (books.day, {each.cause for each in books.changes if each.standing is Standing.CERTAIN}) == (DAY, {""})
    scenario = resting(tmp_path, *books.changes)
    assert sorted(said_of(each) for each in scenario.fleet) == sorted(
        [
            (H800, 1315, 0, None),
            (H20, 800, 0, None),
            (H20, 160, 0, None),
            (L20, 4000, 2, None),
            (H20, 640, 4, None),
            (H20, 2400, 8, Fraction(6, 10)),
            (ASCEND, 2000, 13, Fraction(25, 100)),
        ]
    )
    assert {each.id for each in scenario.fleet if each.licence} == {
        f"{orders.applied.code} {H20} applied",
        f"{orders.held.code} {ASCEND} at_risk",
    }
    assert scenario.books is not None
    assert replace(scenario.books, retiring=None, retiring_count=0) == books, "what is written is what is read"
    file = tmp_path / "own.yaml"
    words = ["books", "--programme", OWN, "--at", story.NOW.isoformat(), "--into", str(file)]
    done = CliRunner().invoke(plan, words, catch_exceptions=False)
    assert done.output == f"8 changes, as on {DAY}: {file}\n"
    assert file.read_text() == "\n".join(written(books)) + "\n"


def test_what_is_applied_for_comes_as_probably_as_the_scenario_says(tmp_path: Path) -> None:
    twice = [Change(date(2027, 3, day), H20, 80, Standing.APPLIED, "PO-1") for day in (1, 9)]
    scenario = resting(tmp_path, RUNS, *twice)
    weeks = [tuple(arrival_week(each, seed) for each in scenario.fleet) for seed in range(60)]
    assert set(weeks) == {(0, 8, 10), (0, 12, 14)}, "one licence, the same luck; refused, four weeks later"
    assert 24 < weeks.count((0, 8, 10)) < 48
    assert [group.capacity for group in groups(scenario, 1)] == [1315, 160]


def test_retired_devices_are_taken_from_what_ran_first(tmp_path: Path) -> None:
    newer = Change(date(2026, 2, 1), H800, 100, Standing.CERTAIN)
    before = Change(date(2026, 12, 1), H800, -15, Standing.CERTAIN)
    within = Change(date(2027, 5, 1), H800, -1350, Standing.CERTAIN)
    after = Change(date(2027, 12, 1), H800, -10, Standing.CERTAIN)
    late = Change(date(2027, 6, 16), H800, 8, Standing.LICENSED, "PO-1")
    changes = (RUNS, newer, before, within, after, late)
    assert [each.count for each in resting(tmp_path, *changes).fleet] == [1400]
    gone = resting(tmp_path, *changes, said="retiring: gone")
    assert [each.count for each in gone.fleet] == [50]
    assert [(each.of, each.value) for each in assumptions(gone) if each.kind == "retiring"] == [("1350 ×", "gone")]


def test_what_the_books_hold_and_the_scenario_says_nothing_of_is_a_fault(tmp_path: Path) -> None:
    retires = Change(date(2027, 5, 1), H800, -10, Standing.CERTAIN)
    doubtful = [Change(date(2027, 3, 1), H20, 8, each, "PO-1") for each in (Standing.APPLIED, Standing.AT_RISK)]
    with pytest.raises(Invalid) as wrong:
        resting(tmp_path, RUNS, retires, *doubtful, said="")
    assert [fault.field for fault in wrong.value.faults] == ["fleet.books"] * 3
    assert [fault.message.fields.get("standing") for fault in wrong.value.faults] == [None, "applied", "at_risk"]
    assert resting(tmp_path, RUNS, said="").fleet, "nothing is doubtful, so that nothing has to be said"


def test_a_scenario_whose_books_are_not_on_file_or_hold_nothing_is_refused(tmp_path: Path) -> None:
    with pytest.raises(Invalid) as wrong:
        option(tmp_path, "planned", fleet="{books: other}")
    [fault] = wrong.value.faults
    assert (fault.field, "plan books" in fault.message.template) == ("fleet.books", True)
    with pytest.raises(Invalid):
        resting(tmp_path, said="")
    (tmp_path / FOLDER / "own.yaml").write_text(
        "programme: own\nday: soon\nretires: []\n"
        "comes:\n  - {on: 2024-12-09, accelerator: nvidia-h9000, count: 0, standing: hoped}\n"
    )
    with pytest.raises(Invalid) as wrong:
        option(tmp_path, "planned", fleet="{books: own}")
    codes = {fault.code for fault in wrong.value.faults}
    assert codes == {"rules.shape.date", "controls.file.word", "controls.chip.unknown", "planning.scenario.value"}
    assert {Path(fault.file or "").name for fault in wrong.value.faults} == {"own.yaml"}


def test_an_answer_says_on_which_days_books_it_rests_and_other_books_are_another_scenario(tmp_path: Path) -> None:
    changes = [Change(DAY, H800, count, Standing.CERTAIN) for count in (16, 8)]
    changes.append(Change(date(2027, 1, 11), H800, -8, Standing.CERTAIN))
    before = resting(tmp_path, *changes, weeks="3", said="retiring: gone")
    after = resting(tmp_path, *changes, weeks="3", said="retiring: gone", day=date(2026, 11, 24))
    assert after.digest != before.digest
    kept = tmp_path / "kept"
    found = compared([after.file], RULEBOOK, 2, "wait", results=kept, processes=1, engine="fast")
    assert {json.loads(file.read_text())["digest"] for file in kept.rglob("seed-*.json")} == {after.digest}
    lines = {line.assumption.kind: line for line in sheet_of(found).assumed}
    books = lines["books"].assumption
    assert (books.of, books.value, books.title) == (OWN, "2026-11-24", f"{OWN}, 2026-11-24")
    assert lines["delivery"].assumption.title == books.title
    assert (lines["retiring"].assumption.of, lines["retiring"].value) == ("8 ×", "there for none of them")
    assert f"“Base” rests on the books of supply of {OWN} on 2026-11-24." in list(told(found))
