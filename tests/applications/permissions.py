"""Who may do what with applications, and with what it is tried; see tests/people/rows.py and tests/config/rows.py."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path

from tests.applications.filling import pdf
from tests.config.rows import EVERYBODY, HARBOUR, SEES, CommandRow, PageRow
from tests.config.rows import Scene as CommandScene
from tests.people.rows import ActionRow, Scene

from lionrock.applications.actions import Change
from lionrock.applications.files import place_of
from lionrock.applications.models import Admission, Application, Attachment, PartEntry, Standing

YAML = b"answers: {request: {hours: 9}}"
AT = "2026-03-10T09:00+08:00"


def _submitted(scene: Scene) -> dict[str, object]:
    return {"application": scene.submitted}


def _drafted(scene: Scene) -> dict[str, object]:
    return {"application": scene.draft}


def _attached(scene: Scene) -> dict[str, object]:
    return {**_drafted(scene), "attachment": Attachment.objects.filter(application__code=scene.draft)[0].pk}


def _with_two_projects(scene: Scene) -> dict[str, object]:
    found = Application.objects.get(code=scene.draft)
    PartEntry.objects.get_or_create(application=found, part="project", number=2)
    return {**_drafted(scene), "part": "project", "number": 2}


def _with_an_author(scene: Scene) -> dict[str, object]:
    found = Application.objects.get(code=scene.draft)
    known = {"person": "lee@example.org", "standing": Standing.AUTHOR, "since": found.created_at}
    Admission.objects.get_or_create(application=found, person=known["person"], defaults=known)
    return {**_drafted(scene), "email": "lee@example.org"}


def _a_proposal() -> dict[str, object]:
    return {"document": "proposal", "name": "a.pdf", "content": BytesIO(pdf(text="A plan."))}


def _beside(scene: CommandScene, name: str, content: bytes) -> Path:
    file = scene.usage.with_name(name)
    file.write_bytes(content)
    return file


def _yaml(scene: CommandScene) -> Path:
    return _beside(scene, "a.yaml", YAML)


def _pdf(scene: CommandScene) -> Path:
    return _beside(scene, "a.pdf", pdf(text="A plan."))


def _number_of_a_file(scene: CommandScene) -> int:
    return Attachment.objects.filter(application__code=scene.draft)[0].pk


ACTIONS = {
    "applications.save_answers": ActionRow(
        "member", lambda scene: {**_drafted(scene), "changes": [Change("request.hours", "9", 0)]}
    ),
    "applications.add_entry": ActionRow("member", lambda scene: {**_drafted(scene), "part": "project"}),
    "applications.remove_entry": ActionRow("member", _with_two_projects),
    "applications.invite_author": ActionRow("member", lambda scene: {**_drafted(scene), "email": "chan@example.org"}),
    "applications.remove_author": ActionRow("member", _with_an_author),
    "applications.attach": ActionRow("member", lambda scene: {**_drafted(scene), **_a_proposal()}),
    "applications.remove_attachment": ActionRow("member", _attached),
    "applications.import_application": ActionRow(
        "member",
        lambda scene: {**_drafted(scene), "file": BytesIO(b"answers: {request: {hours: 9}}"), "name": "a.yaml"},
    ),
    "applications.write_letter": ActionRow(
        "office, member", lambda scene: {**_submitted(scene), "text": "When does it begin?"}
    ),
}
ELSEWHERE_RECORDED = {"applications.import_application": "as the actions that it takes: save_answers, attach"}
MEMBER = {"member"}
COMMANDS: dict[tuple[str, ...], CommandRow] = {
    ("application", "fill"): CommandRow(MEMBER, lambda scene: f"{scene.draft} {_yaml(scene)}"),
    ("application", "import"): CommandRow(
        MEMBER, lambda scene: f"{_yaml(scene)} --call {scene.open_call} --organisation {HARBOUR} --at {AT}"
    ),
    ("application", "attach"): CommandRow(MEMBER, lambda scene: f"{scene.draft} proposal {_pdf(scene)}"),
    ("application", "detach"): CommandRow(MEMBER, lambda scene: f"{scene.draft} {_number_of_a_file(scene)}"),
    ("application", "export"): CommandRow(SEES, lambda scene: scene.submitted),
    ("application", "check"): CommandRow(SEES, lambda scene: f"{scene.submitted} --at {AT}"),
    ("application", "invite"): CommandRow(MEMBER, lambda scene: f"{scene.draft} nobody@example.org"),
    ("application", "uninvite"): CommandRow(MEMBER, lambda scene: f"{scene.draft} nobody@example.org"),
    ("application", "remove-entry"): CommandRow(
        MEMBER, lambda scene: f"{scene.draft} project 1", ends=frozenset({0, 6})
    ),
    ("application", "letters"): CommandRow(SEES, lambda scene: scene.submitted),
    ("application", "write"): CommandRow(
        {"office"} | MEMBER, lambda scene: f"{scene.submitted} --text Hello --at {AT}"
    ),
}


def _kept_file(scene: CommandScene) -> int:
    """Put the bytes of a file where they lie, and return its number."""
    held = Attachment.objects.filter(application__code=scene.draft)[0]
    place = place_of(held.sha256)
    place.parent.mkdir(parents=True, exist_ok=True)
    place.write_bytes(pdf())
    return held.pk


NOT_READ = frozenset({422})
PAGES: dict[str, PageRow] = {
    "applications:list": PageRow(SEES, shows=lambda scene: scene.submitted),
    "applications:new": PageRow(EVERYBODY),
    "applications:show": PageRow(SEES, lambda scene: [scene.submitted]),
    "applications:file": PageRow(SEES, lambda scene: [scene.submitted, "json"]),
    "applications:begin": PageRow(MEMBER, lambda scene: [scene.draft]),
    "applications:part": PageRow(MEMBER, lambda scene: [scene.draft, "request"]),
    "applications:entry": PageRow(MEMBER, lambda scene: [scene.draft, "project", "1"]),
    "applications:add_entry": PageRow(MEMBER, lambda scene: [scene.draft, "project"], posted=lambda _: {}),
    "applications:remove_entry": PageRow(MEMBER, lambda scene: [scene.draft, "project", "1"]),
    "applications:answers": PageRow(MEMBER, lambda scene: [scene.draft], posted=lambda _: {}, ends=NOT_READ),
    "applications:documents": PageRow(MEMBER, lambda scene: [scene.draft]),
    "applications:attachment": PageRow(MEMBER, lambda scene: [scene.draft, str(_kept_file(scene))]),
    "applications:remove_document": PageRow(
        MEMBER, lambda scene: [scene.draft, str(_number_of_a_file(scene))], posted=lambda _: {}
    ),
    "applications:import": PageRow(MEMBER, lambda scene: [scene.draft]),
    "applications:submit": PageRow(MEMBER, lambda scene: [scene.draft]),
    "applications:authors": PageRow(
        MEMBER, lambda scene: [scene.draft], posted=lambda _: {"email": "nobody@example.org"}
    ),
    "applications:withdraw": PageRow(MEMBER, lambda scene: [scene.draft]),
    "applications:letters": PageRow(SEES, lambda scene: [scene.submitted]),
}
