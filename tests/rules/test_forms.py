"""Application forms: versions by date, keys of boxes, inheritance, and the forms of the programmes on file."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from lionrock.kernel.findings import Grade
from lionrock.rules.checking import check_rulebook
from lionrock.rules.forms import ALWAYS_ASKED, ApplicationForm, Core, FieldKind, FormField
from lionrock.rules.programme import Programme
from lionrock.rules.rulebook import Rulebook, load_rulebook
from lionrock.rules.shape import Names

OPENING = date(2026, 2, 1)
SEEN = date(2026, 2, 1)
QUESTIONS = "programmes/lagoon/questions.yaml"
IDENTITY = "id: atoll\nextends: lagoon\nnames: {value: {en: Atoll}, source: board}\n"


def _form(programme: Programme, on: date) -> ApplicationForm:
    form = programme.form_on(on)
    assert form is not None
    return form


def _fields(form: ApplicationForm) -> dict[str, FormField]:
    return {f"{part.id}.{each.id}": each for part in form.parts for each in part.fields}


@pytest.mark.parametrize(
    ("on", "since"),
    [
        (date(2026, 1, 31), None),
        (OPENING, OPENING),
        (date(2026, 12, 31), OPENING),
        (date(2027, 1, 1), date(2027, 1, 1)),
        (date(2099, 1, 1), date(2027, 1, 1)),
    ],
)
def test_a_form_holds_from_its_day_to_the_next(lagoon: Programme, on: date, since: date | None) -> None:
    form = lagoon.form_on(on)
    assert (form.since if form else None) == since


def test_a_part_and_a_field_say_what_is_asked(lagoon: Programme) -> None:
    plea, boat = _form(lagoon, OPENING).parts
    assert (plea.repeats, plea.least, plea.most, plea.citation) == (False, 1, 1, None)
    assert (boat.repeats, boat.least, boat.most) == (True, 0, 3)
    assert boat.citation is not None
    assert boat.citation.source == "gazette"
    what = _fields(_form(lagoon, OPENING))["plea.what"]
    assert (what.languages, what.required_languages) == (("en", "zh-hans"), ("zh-hans",))
    assert (what.longest.words, what.longest.characters) == (8, 12)
    colours = boat.fields[0]
    assert [option.id for option in colours.options] == ["red", "green", "blue"]
    assert (colours.kind, colours.most, colours.required) == (FieldKind.CHOICES, 2, False)


def test_languages_are_all_required_unless_some_are_named(scheme: Programme) -> None:
    fields = _fields(_form(scheme, SEEN))
    assert fields["applicant.name"].required_languages == ("en", "zh-hant")
    assert fields["applicant.contact-1-name"].required_languages == ("en",)


def test_every_box_has_a_key_of_its_own(lagoon: Programme) -> None:
    form = _form(lagoon, OPENING)
    keys = [slot.key for slot in form.slots({"boat": (2, 5)})]
    assert keys == [
        "plea.who",
        "plea.what.en",
        "plea.what.zh-hans",
        "plea.thing",
        "plea.things",
        "plea.moons",
        "plea.from",
        "plea.master",
        "boat.2.colours",
        "boat.5.colours",
    ]
    assert [slot.key for slot in form.slots({})] == keys[:8]


def test_core_fields_are_found_wherever_the_programme_put_them(lagoon: Programme, scheme: Programme) -> None:
    assert _form(lagoon, OPENING).core_key(Core.COUNT) == "plea.things"
    assert _form(lagoon, OPENING).core_key(Core.HOURS) is None
    assert {core: _form(scheme, SEEN).core_key(core) for core in Core} == {
        core: f"request.{core.value.replace('_', '-')}" for core in Core
    }


def test_a_part_is_found_by_its_id(lagoon: Programme) -> None:
    form = _form(lagoon, OPENING)
    assert form.part("boat") is form.parts[1]
    assert form.part("ship") is None


def test_terms_record_which_form_was_read(lagoon: Programme) -> None:
    terms = lagoon.at(date(2026, 3, 1))
    assert terms.application_form() is lagoon.form_on(OPENING)
    read = terms.record("questions")
    assert (read.value, read.since) == ("2026-02-01", OPENING)
    assert read.citation is not None
    assert read.citation.source == "statute"
    assert lagoon.at(date(2026, 1, 31)).application_form() is None


def test_a_call_waits_for_the_form_and_says_where_one_looked(scheme: Programme) -> None:
    unset = {each.path: each for each in scheme.at(date(2026, 1, 31)).needed_to_open()}
    assert str(unset["questions"].label) == "The application form"
    assert unset["questions"].note == "No copy of the form of the first months was found."
    assert unset["questions"].citation is not None
    assert unset["questions"].citation.source == "reading-2026"
    assert "questions" not in {each.path for each in scheme.at(SEEN).needed_to_open()}


def test_a_programme_without_a_form_is_sound_and_cannot_open(copy: Path) -> None:
    (copy / QUESTIONS).unlink()
    assert check_rulebook(copy) == []
    terms = load_rulebook(copy).programme("lagoon").at(OPENING)
    assert terms.programme.form_on(OPENING) is None
    (unset,) = [each for each in terms.needed_to_open() if each.path == "questions"]
    assert (unset.note, unset.citation) == (None, None)
    assert terms.record("questions").since is None


def test_a_form_can_stop_being_known(copy: Path) -> None:
    with (copy / QUESTIONS).open("a") as file:
        file.write("  - {from: 2028-01-01, parts: null, source: gazette, note: The board rewrites it.}\n")
    lagoon = load_rulebook(copy).programme("lagoon")
    assert lagoon.form_on(date(2027, 12, 31)) is not None
    assert lagoon.form_on(date(2028, 1, 1)) is None


def _atoll(copy: Path, questions: str) -> Path:
    folder = copy / "programmes" / "atoll"
    folder.mkdir()
    (folder / "programme.yaml").write_text(IDENTITY)
    if questions:
        (folder / "questions.yaml").write_text(questions)
    return copy


def test_a_form_is_inherited(copy: Path) -> None:
    book = load_rulebook(_atoll(copy, ""))
    assert book.programme("atoll").forms == book.programme("lagoon").forms


def test_an_inherited_form_is_followed_by_a_later_one_with_parts_of_another(copy: Path) -> None:
    book = load_rulebook(
        _atoll(copy, "versions:\n  - {from: 2027-06-01, same_as: 2026-02-01, source: board, note: As at first.}\n")
    )
    atoll = book.programme("atoll")
    later = _form(atoll, date(2027, 6, 1))
    assert later.parts == _form(atoll, OPENING).parts
    assert (later.since, later.citation.source, later.note) == (date(2027, 6, 1), "board", "As at first.")
    assert len(book.programme("lagoon").forms) == 2


@pytest.mark.parametrize("since", ["2026-02-01", "2026-05-01", "2027-01-01"])
def test_an_inherited_form_cannot_be_rewritten(copy: Path, since: str) -> None:
    _atoll(copy, f"versions:\n  - {{from: {since}, same_as: 2026-02-01, source: board}}\n")
    (fault,) = check_rulebook(copy)
    assert (fault.code, fault.line) == ("rules.form.rewritten", 2)
    assert f"{since} would rewrite it: give a date after 2027-01-01." in str(fault.message)


def test_an_unknown_form_is_filled_by_whoever_extends(copy: Path) -> None:
    path = copy / QUESTIONS
    path.write_text(path.read_text().replace("  - from: 2026-02-01\n", "  - from: 2026-03-01\n"))
    text = path.read_text().replace(
        "versions:\n", "versions:\n  - {from: 2026-02-01, parts: null, source: gazette}\n", 1
    )
    path.write_text(text)
    _atoll(copy, "versions:\n  - {from: 2026-02-01, same_as: 2026-03-01, source: board}\n")
    book = load_rulebook(copy)
    assert book.programme("lagoon").form_on(OPENING) is None
    assert _form(book.programme("atoll"), OPENING).citation.source == "board"
    assert _form(book.programme("atoll"), date(2026, 3, 1)).citation.source == "statute"


def test_what_extends_a_broken_form_is_not_blamed_for_it(copy: Path) -> None:
    _atoll(copy, "versions:\n  - {from: 2027-06-01, same_as: 2026-02-01, source: board}\n")
    path = copy / QUESTIONS
    path.write_text(path.read_text().replace("kind: choices", "kind: choicez"))
    assert [(Path(fault.file or "").parent.name, fault.line) for fault in check_rulebook(copy)] == [("lagoon", 36)]


def test_all_faults_of_a_form_come_at_once(copy: Path) -> None:
    path = copy / QUESTIONS
    text = path.read_text().replace("kind: choices", "kind: choicez").replace("core: starts", "core: start")
    path.write_text(text.replace("[guild]", "[guilt]"))
    assert [fault.line for fault in check_rulebook(copy)] == [21, 24, 36, 51]


def test_the_form_of_the_scheme_has_the_parts_that_were_seen(scheme: Programme) -> None:
    form = _form(scheme, SEEN)
    assert [(part.id, part.repeats, part.most) for part in form.parts] == [
        ("request", False, 1),
        ("applicant", False, 1),
        ("project", True, 10),
        ("signatory", False, 1),
    ]
    assert form.citation.source == "form-2026"
    assert form.citation.grade is Grade.SECONDARY
    own = form.parts[0].citation
    assert own is not None
    assert own.grade is Grade.OWN_DECISION


BOTH = ("en", "zh-hant")
FACTS = [
    ("applicant.name", FieldKind.LINE, BOTH, True),
    ("applicant.address", FieldKind.PARAGRAPH, BOTH, True),
    ("applicant.description", FieldKind.PARAGRAPH, BOTH, True),
    ("applicant.employees", FieldKind.WHOLE, (), False),
    ("applicant.rnd-employees", FieldKind.WHOLE, (), False),
    ("applicant.contact-1-name", FieldKind.LINE, BOTH, True),
    ("applicant.contact-2-department", FieldKind.LINE, BOTH, True),
    ("applicant.contact-2-telephone", FieldKind.TELEPHONE, (), True),
    ("applicant.contact-2-email", FieldKind.EMAIL, (), True),
    ("project.title", FieldKind.LINE, BOTH, False),
    ("project.summary", FieldKind.PARAGRAPH, BOTH, False),
    ("project.starts", FieldKind.DATE, (), False),
    ("project.cards", FieldKind.WHOLE, (), False),
    ("project.months", FieldKind.WHOLE, (), False),
    ("project.rnd-staff-local", FieldKind.WHOLE, (), False),
    ("project.rnd-staff-non-local", FieldKind.WHOLE, (), False),
    ("project.deliverables", FieldKind.PARAGRAPH, (), False),
    ("project.patents", FieldKind.WHOLE, (), False),
    ("project.publications", FieldKind.WHOLE, (), False),
    ("project.awards-details", FieldKind.PARAGRAPH, (), False),
    ("project.model-type", FieldKind.LINE, (), False),
    ("project.model-size", FieldKind.LINE, (), False),
    ("project.batch-size", FieldKind.LINE, (), False),
    ("project.precision", FieldKind.LINE, (), False),
    ("project.datasets", FieldKind.PARAGRAPH, (), False),
    ("project.training-inference", FieldKind.PARAGRAPH, (), False),
    ("project.gpu-use", FieldKind.PARAGRAPH, (), False),
    ("project.advantages", FieldKind.PARAGRAPH, (), False),
    ("project.contribution-ai", FieldKind.PARAGRAPH, (), False),
    ("project.contribution-growth", FieldKind.PARAGRAPH, (), False),
    ("project.partnership", FieldKind.PARAGRAPH, (), True),
    ("project.resubmission", FieldKind.FLAG, (), False),
    ("signatory.name", FieldKind.LINE, (), True),
    ("signatory.title", FieldKind.LINE, (), True),
    ("signatory.date", FieldKind.DATE, (), False),
]


@pytest.mark.parametrize(("path", "kind", "languages", "identifies"), FACTS)
def test_a_field_that_was_seen_is_asked(
    scheme: Programme, path: str, kind: FieldKind, languages: tuple[str, ...], identifies: bool
) -> None:
    field = _fields(_form(scheme, SEEN))[path]
    assert (field.kind, field.languages, field.identifies) == (kind, languages, identifies)


def test_the_description_of_the_entity_is_limited_in_both_languages(scheme: Programme) -> None:
    longest = _fields(_form(scheme, SEEN))["applicant.description"].longest
    assert (longest.words, longest.characters) == (250, 400)


@pytest.mark.parametrize(
    ("path", "seen"),
    [
        ("project.technology-areas", ["computer-science", "ict", "robotics"]),
        ("project.industry-sectors", ["construction", "information-technology", "transportation"]),
        ("project.five-year-plan", ["artificial-intelligence", "brain-science"]),
    ],
)
def test_options_are_those_that_were_seen_and_say_that_there_are_more(
    scheme: Programme, path: str, seen: list[str]
) -> None:
    field = _fields(_form(scheme, SEEN))[path]
    assert [option.id for option in field.options] == [*seen, "other"]
    assert "the whole list is not known" in (field.note or "")


def test_what_the_projects_take_is_a_portion_of_the_request(scheme: Programme) -> None:
    project = _form(scheme, SEEN).part("project")
    assert project is not None
    portions = project.portions()
    assert portions is not None
    assert [(each.id, each.unit) for each in portions] == [("cards", "card"), ("months", None)]
    assert all(part.portions() is None for part in _form(scheme, SEEN).parts if part is not project)


@pytest.mark.parametrize("on", [date(2024, 10, 7), date(2025, 6, 1), date(2026, 3, 2), date(2026, 11, 22)])
def test_the_demonstration_asks_the_same_from_its_first_day(scheme: Programme, demo: Programme, on: date) -> None:
    form = _form(demo, on)
    assert form.parts == _form(scheme, SEEN).parts
    assert form.citation.source == ("demonstration" if on < SEEN else "form-2026")


def _texts(form: ApplicationForm) -> list[Names]:
    parts = [each for part in form.parts for each in (part.names, part.help)]
    fields = [each for part in form.parts for field in part.fields for each in (field.names, field.help)]
    options = [option.names for part in form.parts for field in part.fields for option in field.options]
    return [each for each in [*parts, *fields, *options] if each is not None]


@pytest.mark.parametrize("name", ["hk-aiss", "hk-aiss-demo"])
def test_every_text_of_a_form_is_there_in_three_languages(real: Rulebook, name: str) -> None:
    texts = [each for version in real.programme(name).forms if version.form for each in _texts(version.form)]
    assert len(texts) > 80
    assert [each.en for each in texts if each.languages != ("en", "zh-hant", "zh-hans")] == []


@pytest.mark.parametrize("name", ["hk-aiss", "hk-aiss-demo"])
def test_every_form_on_file_asks_what_decisions_rest_on(real: Rulebook, name: str) -> None:
    for version in real.programme(name).forms:
        if version.form:
            assert None not in [version.form.core_key(core) for core in ALWAYS_ASKED]
