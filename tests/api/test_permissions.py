"""Every operation of the API × every role × own and other programme or organisation; none is left out.

The tokens of all viewers have all scopes, so that nothing but roles tells them apart.
"""

from __future__ import annotations

import json
import uuid
from http import HTTPMethod

import pytest
from django.db import transaction
from django.http import HttpResponse
from docs.reference import generate
from tests.api.asking import Program, opening_all
from tests.api.permissions import API, put_delivery
from tests.api.rows import ApiRow
from tests.config.rows import VIEWERS, Scene
from tests.config.scene import address_of

from lionrock.api.coverage import coverage
from lionrock.api.operations import OPERATIONS
from lionrock.api.registry import Operation

HIDDEN = {403, 404}


def test_no_operation_is_left_out() -> None:
    assert set(API) == set(OPERATIONS)


def test_each_operation_names_pages_or_commands_that_there_are() -> None:
    assert [each.name for each in OPERATIONS.values() if not (each.pages or each.commands)] == []
    assert coverage(generate.pages_there_are(), generate.commands_there_are()).unknown == ()


def _asked(operation: Operation, row: ApiRow, scene: Scene, program: Program) -> HttpResponse:
    path = operation.path.format(**row.parameters(scene)) + (f"?{row.query}" if row.query else "")
    headers = {"Content_Type": row.content_type}
    if operation.guard is not None and operation.method is not HTTPMethod.POST:
        shown = program.ask("GET", OPERATIONS[operation.guard.shown_by].path.format(**row.parameters(scene)))
        headers["If_Match"] = shown.headers.get("ETag", '"unseen"')
    return program.ask(operation.method.value, path, row.body(scene), **headers)


def _as_it_should(operation: Operation, row: ApiRow, scene: Scene, answer: HttpResponse, may: bool) -> bool:
    if row.shows is not None:
        return (answer.status_code, row.shows(scene) in answer.content.decode()) == (200, may)
    if may:
        return answer.status_code in row.ends
    return answer.status_code in HIDDEN and answer["Content-Type"].startswith("application/problem+json")


@pytest.mark.django_db
def test_an_operation_does_it_for_those_who_may_and_for_nobody_else(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Who may have a PDF is asked before it is made, and making one takes half a second.
    monkeypatch.setattr("lionrock.statements.pages.render_pdf", lambda *_: b"%PDF-")
    programs = {viewer: Program(opening_all(address_of(viewer))) for viewer in sorted(VIEWERS)}
    put_delivery()
    wrong = []
    for name, row in API.items():
        for viewer, program in programs.items():
            with transaction.atomic():
                answer = _asked(OPERATIONS[name], row, scene, program)
                transaction.set_rollback(True)
            if not _as_it_should(OPERATIONS[name], row, scene, answer, viewer in row.may):
                wrong.append((name, viewer, answer.status_code, answer.content[:200]))
    assert wrong == []


@pytest.mark.django_db
def test_a_stranger_learns_nothing_and_is_told_how_to_sign_in(scene: Scene) -> None:
    put_delivery()
    for name, row in API.items():
        operation = OPERATIONS[name]
        path = operation.path.format(**row.parameters(scene))
        for program in (Program(), Program(f"lionrock_p_{uuid.uuid4().hex}{'a' * 8}")):
            answer = program.ask(operation.method.value, path, row.body(scene))
            assert (answer.status_code, json.loads(answer.content)["status"]) == (401, 401), name
            assert answer["WWW-Authenticate"].startswith("Bearer")
