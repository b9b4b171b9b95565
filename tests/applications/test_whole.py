"""An application as one file: taken away, brought back the same; what is wrong in one is named with its line."""

from __future__ import annotations

import io
import json
import zipfile
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.applications.filling import pdf
from tests.applications.spoilt_files import archive, office
from tests.applications.test_completeness import asked
from tests.calls.world import INVENTED, NOW, SHIPPED, World, holder, member

from lionrock.applications.actions import Brought, Change, attach, draft_application, import_application, save_answers
from lionrock.applications.domain.answers import cannot_keep, is_empty
from lionrock.applications.domain.asked import Asked
from lionrock.applications.domain.whole import as_text, read, written
from lionrock.applications.exports import exported, exported_with_files
from lionrock.applications.models import Application
from lionrock.applications.queries import entries_of, files_of, values_of
from lionrock.intake.actions import return_application
from lionrock.kernel.errors import Conflict, Fault, Invalid, collecting
from lionrock.people.domain import Role
from lionrock.rules.faultlog import FaultLog
from lionrock.rules.forms import FieldKind
from lionrock.rules.yamltree import read_yaml

MEMBER = member("harbour-university")


@pytest.fixture(autouse=True)
def home(settings: Any, tmp_path: Path) -> None:
    """A home of its own."""
    settings.LIONROCK_HOME = tmp_path / "home"


@pytest.fixture
def draft(world: World) -> Application:
    """An application of which nothing is written."""
    return draft_application(actor=MEMBER, call=world.open_call().code, organisation=world.organisation, now=NOW)


def bring(draft: Application, content: bytes | str, name: str = "answers.yaml") -> Brought:
    """Fill an application from a file."""
    file = io.BytesIO(content.encode() if isinstance(content, str) else content)
    return import_application(actor=MEMBER, application=draft.code, file=file, name=name, now=NOW)


# There and back ---------------------------------------------------------------------------------


def same(text: bytes, form: Asked, folder: Path) -> dict[str, Any]:
    """Read a file, put what was read where it belongs, and write it again."""
    path, log = folder / "there.json", FaultLog()
    path.write_bytes(text)
    tree = read_yaml(path, log)
    assert tree is not None
    whole = read(tree, form, log)
    assert not list(log)
    entries = {part: tuple(range(1, count + 1)) for part, count in whole.entries.items()}
    boxes = form.boxes(entries)
    answers = {}
    for typed in whole.answers:
        number = f".{typed.entry}" if typed.entry else ""
        language = f".{typed.language}" if typed.language else ""
        separator = ":" if typed.part == "declaration" else "."
        key = f"{typed.part}{number}{separator}{typed.field}{language}"
        assert key in boxes
        answers[key] = typed.value
    return written(form, answers, entries, ())


@settings(max_examples=80, deadline=None)
@given(data=st.data(), lagoon=st.booleans())
def test_whatever_is_typed_comes_back_the_same(tmp_path_factory: Any, data: st.DataObject, lagoon: bool) -> None:
    form = asked(INVENTED, "lagoon") if lagoon else asked(SHIPPED)
    numbers = tuple(range(1, data.draw(st.integers(1, 3)) + 1))
    entries = {part.id: numbers for part in form.form.parts if part.repeats}
    boxes = list(form.boxes(entries).values())
    answers = {}
    for slot in data.draw(st.lists(st.sampled_from(boxes), max_size=6)):
        chosen = slot.field.kind is FieldKind.CHOICES
        value = data.draw(st.lists(st.text(max_size=9), max_size=3) if chosen else st.text(max_size=30))
        if cannot_keep(slot, value) is None and not (":" in slot.key and is_empty(value)):
            answers[slot.key] = value
    whole = written(form, answers, entries, ())
    assert same(as_text(whole), form, tmp_path_factory.mktemp("whole")) == whole


AWKWARD = [
    "null", "~", "no", "true", "1.10", "2026-04-01", "- a", "a: b", "#", "'", '"', "\\", "\t", "  blanks  ", "{}", "&a",
    "*a", "!tag", "|", ">", "%", "@", "`", "天氣\u3000模型", "😀 \U0001f1ed\U0001f1f0", "\x85\u2028\u2029", "\ufeff",
    "\x7f\x80", "two\r\nlines\n\n", "\x07", "=1+1", "\\ud83d", "x" * 5000,
]  # fmt: skip


def test_awkward_texts_survive_the_whole_way(world: World, draft: Application) -> None:
    keys = [slot.key for slot in asked().boxes({"project": (1, 2)}).values() if slot.field.kind is FieldKind.PARAGRAPH]
    bring(draft, "answers: {project: [{}, {}]}")
    for start in range(0, len(AWKWARD), len(keys)):
        texts = AWKWARD[start : start + len(keys)]
        held = {key: value.version for key, value in answers(draft).items()}
        changes = [Change(key, text, held.get(key, 0)) for key, text in zip(keys, texts, strict=False)]
        assert save_answers(actor=MEMBER, application=draft.code, changes=changes, now=NOW).whole
        taken = exported(MEMBER, draft.code, NOW)
        other = draft_application(actor=MEMBER, call=draft.call.code, organisation=world.organisation, now=NOW)
        bring(other, taken, "application.json")
        assert values_of(other) == values_of(draft)
        assert exported(MEMBER, other.code, NOW) == taken


def answers(draft: Application) -> dict[str, Any]:
    """Return the rows of the answers."""
    return {each.key: each for each in draft.answers.all()}


def test_an_archive_comes_back_with_its_documents(world: World) -> None:
    first = world.drafted(world.open_call())
    for each in files_of(first):
        each.delete()
    for document, name in (("proposal", "計劃.pdf"), ("other", "a.pdf"), ("other", "b.docx")):
        content = io.BytesIO(office() if name.endswith("docx") else pdf(1, name[:1]))
        attach(actor=MEMBER, application=first.code, document=document, name=name, content=content, now=NOW)
    taken = exported_with_files(MEMBER, first.code, NOW)
    second = draft_application(actor=MEMBER, call=first.call.code, organisation=world.organisation, now=NOW)
    brought = bring(second, taken, "application.zip")
    assert (brought.faults, brought.attached) == ((), 3)
    assert exported_with_files(MEMBER, second.code, NOW) == taken
    assert bring(second, taken, "again.zip").saved.whole
    assert files_of(second).count() == 3
    with zipfile.ZipFile(io.BytesIO(taken)) as opened:
        assert sorted(opened.namelist()) == [
            "application.json", "files/1-a.pdf", "files/2-b.docx", "files/3-計劃.pdf",
        ]  # fmt: skip


def test_staff_take_away_what_was_handed_in(world: World) -> None:
    office_ = holder(Role.OFFICE, "hk-aiss-demo")
    found = world.submitted(world.open_call())
    handed_in = exported(office_, found.code, NOW)
    assert handed_in == exported(MEMBER, found.code, NOW)
    return_application(actor=office_, application=found.code, question="Why?", now=NOW)
    bring(found, "answers: {request: {purpose: Because}}")
    assert exported(office_, found.code, NOW) == handed_in
    assert b"Because" in exported(MEMBER, found.code, NOW)


# What is wrong ----------------------------------------------------------------------------------

SPOILT = """\
lionrock: application
answers:
  request:
    category: wizard
    title: {en: Weather, fr: Temps}
    months: 3
    count: [1, 2]
    colour: blue
    other-subsidy: true
    purpose:
  project:
    - {deliverables: A model, technology-areas: [robotics, magic], cards: 1.5}
    - Not a project
    - {deliverables: Another}
  nowhere: {a: b}
declarations: [guide, oath]
documents:
  - {document: proposal, name: plan.pdf, file: files/plan.pdf}
  - just a name
extra: 1
"""


def test_all_that_can_be_read_is_taken_and_the_rest_is_named_with_its_line(draft: Application) -> None:
    brought = bring(draft, SPOILT)
    assert values_of(draft) == {
        "request.category": "wizard",
        "request.title.en": "Weather",
        "request.months": "3",
        "request.other-subsidy": "yes",
        "project.1.deliverables": "A model",
        "project.1.technology-areas": ["robotics", "magic"],
        "project.1.cards": "1.5",
        "project.3.deliverables": "Another",
        "declaration:guide": "yes",
    }
    assert entries_of(draft) == {"project": (1, 2, 3)}
    found = sorted((fault.line, fault.code.removeprefix("applications.")) for fault in brought.faults)
    assert found == [
        (4, "answer.choice"),
        (5, "import.unknown"),
        (7, "import.shape"),
        (8, "import.unknown"),
        (12, "answer.choice"),
        (12, "answer.whole"),
        (13, "import.shape"),
        (15, "import.unknown"),
        (16, "import.unknown"),
        (18, "import.no_file"),
        (19, "import.shape"),
        (20, "import.unknown"),
    ]
    assert {fault.file for fault in brought.faults} == {"answers.yaml"}
    assert all("{" not in str(fault.message).replace("{document: …, name: …, file: …}", "") for fault in brought.faults)


def test_what_stood_there_before_is_handed_back(draft: Application) -> None:
    bring(draft, "answers: {request: {purpose: First, months: 3}}")
    brought = bring(draft, "answers: {request: {purpose: Second, months: 3}}")
    assert (brought.replaced, values_of(draft)["request.purpose"]) == ({"request.purpose": "First"}, "Second")


def test_more_entries_than_the_form_allows_are_a_fault_and_the_rest_is_taken(draft: Application) -> None:
    entries = [{"deliverables": f"Model {number}"} for number in range(1, 13)]
    brought = bring(draft, json.dumps({"answers": {"project": entries}}))
    assert [fault.code for fault in brought.faults] == ["applications.entry.most"]
    assert values_of(draft)["project.10.deliverables"] == "Model 10"
    assert len(values_of(draft)) == 10


def test_a_document_that_is_wrong_does_not_hold_up_the_others(draft: Application) -> None:
    documents = [
        {"document": "proposal", "name": "long.pdf", "file": "a/1"},
        {"document": "team", "name": "team.pdf", "file": "a/2"},
        {"document": "diary", "name": "diary.pdf", "file": "a/2"},
        {"document": "other", "name": "gone.pdf", "file": "a/3"},
    ]
    whole = json.dumps({"answers": {"request": {"months": 3}}, "documents": documents}, indent=1).encode()
    brought = bring(draft, archive({"application.json": whole, "a/1": pdf(11), "a/2": pdf()}), "all.zip")
    assert [fault.code for fault in brought.faults] == [
        "applications.file.pages", "applications.file.document", "applications.import.no_file",
    ]  # fmt: skip
    assert all(fault.line for fault in brought.faults)
    assert [each.document for each in files_of(draft)] == ["team"]
    assert values_of(draft) == {"request.months": "3"}


@pytest.mark.parametrize(
    ("content", "name", "code"),
    [
        (b"", "empty.yaml", "rules.yaml.empty"),
        (b"\xff\xfe\x00", "bytes.yaml", "rules.yaml.unreadable"),
        (b"a" * 2_000_001, "large.yaml", "rules.yaml.unreadable"),
        (b"just words", "words.yaml", "rules.yaml.not_a_mapping"),
        (b"[1, 2]", "list.json", "rules.yaml.not_a_mapping"),
        (b"answers: {", "cut.yaml", "rules.yaml.malformed"),
        (b'{"answers": {"request": ', "cut.json", "rules.yaml.malformed"),
        (b"answers: " + b"{a: " * 50 + b"}" * 50, "deep.yaml", "rules.yaml.malformed"),
        (b"a: &a [x]\nanswers: {request: *a}", "anchor.yaml", "rules.yaml.anchor"),
        (b"answers: !!python/object:os.system x", "tag.yaml", "rules.yaml.tag"),
        (archive({"readme.txt": b"x"}), "other.zip", "applications.file.no_application"),
        (archive({"application.json": b"{}", "big": b"0" * 60_000_000}), "bomb.zip", "applications.file.bomb"),
        (archive({"application.json": b"{}", "../../x": b"x"}), "outside.zip", "applications.file.names"),
        (b"PK\x03\x04 and then nothing", "broken.zip", "applications.file.broken"),
    ],
)
def test_a_file_that_cannot_be_read_changes_nothing(draft: Application, content: bytes, name: str, code: str) -> None:
    with pytest.raises(Invalid) as refused:
        bring(draft, content, name)
    assert code in [fault.code for fault in refused.value.faults]
    assert name in str(refused.value.faults[0])
    assert values_of(draft) == {}


@pytest.mark.parametrize("content", ["{}", "lionrock: application\nprogramme: hk-aiss", '{"answer": {"request": {}}}'])
def test_a_file_without_answers_says_so(draft: Application, content: str) -> None:
    assert "applications.import.nothing" in [fault.code for fault in bring(draft, content).faults]


def test_json_of_other_programs_is_read(draft: Application) -> None:
    text = (
        '\ufeff{\r\n\t"answers":{"request":{"purpose":"\\u5929\\ud83d\\ude00\\/\\t","hours":9,"other-subsidy":false}}}'
    )
    assert bring(draft, text, "theirs.json").faults == ()
    assert values_of(draft) == {"request.purpose": "天😀/\t", "request.hours": "9", "request.other-subsidy": "no"}


def test_nothing_is_brought_into_what_was_handed_in(world: World) -> None:
    found = world.submitted(world.open_call())
    with pytest.raises(Conflict):
        bring(found, "answers: {request: {months: 4}}")


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(content=st.binary(max_size=60) | st.text(max_size=60).map(str.encode))
def test_no_file_is_a_defect(draft: Application, content: bytes) -> None:
    faults: list[Fault] = []
    with collecting(faults):
        faults += bring(draft, content, "some.yaml").faults
    assert all(str(fault) and fault.file for fault in faults)
