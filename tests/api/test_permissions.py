"""Every operation of the API × every role × own and other programme or organisation; none is left out.

The tokens of all viewers have all scopes, so that nothing but roles tells them apart.
"""

from __future__ import annotations

import json
import uuid
from dataclasses import dataclass
from http import HTTPMethod
from typing import Any
from urllib.parse import quote

import pytest
from django.db import transaction
from django.http import HttpResponse
from django.test import Client
from docs.reference import generate
from pytest_django.plugin import DjangoDbBlocker
from tests.api.asking import Program, opening_all
from tests.api.permissions import put_delivery
from tests.api.rows import ApiRow
from tests.api.tabled import API
from tests.calls.world import NOW, OPERATOR
from tests.config.rows import VIEWERS, Scene, allows
from tests.config.scene import address_of

from lionrock.api.coverage import coverage
from lionrock.api.operations import OPERATIONS
from lionrock.api.registry import Operation
from lionrock.people.actions import register_person

HIDDEN = {403, 404}
PDFS = (
    "lionrock.statements.pages.render_pdf",
    "lionrock.statements.settlement_pages.render_pdf",
    "lionrock.awards.papers.pdf_of",
    "lionrock.api.operations.committee.protocol_pdf",
    "lionrock.api.operations.projects.certificate_pdf_of",
)


def test_no_operation_is_left_out() -> None:
    assert set(API) == set(OPERATIONS)


def test_each_operation_names_pages_or_commands_and_each_of_those_has_one_or_a_reason() -> None:
    assert [each.name for each in OPERATIONS.values() if not (each.pages or each.commands or each.alone)] == []
    found = coverage(generate.pages_there_are(), generate.commands_there_are())
    assert (found.pages_without, found.commands_without) == ((), ())
    assert (found.unknown, found.twice) == ((), ())


@dataclass(frozen=True)
class _Asked:
    """A request, made once for all who try it."""

    operation: Operation
    path: str
    body: Any
    shown_by: str
    content_type: str

    @classmethod
    def of(cls, operation: Operation, row: ApiRow, scene: Scene) -> _Asked:
        given, body, query = row.asked(scene)
        parameters = {name: quote(str(value), safe="") for name, value in given.items()}
        path = operation.path.format(**parameters) + (f"?{query}" if query else "")
        guard = operation.guard if operation.method is not HTTPMethod.POST else None
        shown_by = OPERATIONS[guard.shown_by].path.format(**parameters) if guard else ""
        return cls(operation, path, body, shown_by, row.content_type)

    def by(self, program: Program) -> HttpResponse:
        headers = {"Content_Type": self.content_type}
        if self.shown_by:
            headers["If_Match"] = program.ask("GET", self.shown_by).headers.get("ETag", '"unseen"')
        return program.ask(self.operation.method.value, self.path, self.body, **headers)


def _as_it_should(row: ApiRow, scene: Scene, answer: HttpResponse, may: bool) -> bool:
    if row.shows is not None:
        return (answer.status_code, row.shows(scene) in answer.content.decode()) == (200, may)
    if may:
        return answer.status_code in row.ends
    return answer.status_code in HIDDEN and answer["Content-Type"].startswith("application/problem+json")


PARTS = sorted({each.path.partition("/")[0] for each in OPERATIONS.values()})


@pytest.fixture(scope="module")
def programs(scene_on_file: Any, django_db_blocker: DjangoDbBlocker) -> dict[str, Program]:
    """A program of each viewer, and somebody whom the rows of actions name; on file once for all tests."""
    with django_db_blocker.unblock():
        register_person(actor=OPERATOR, email="chan@example.org", name="Chan", now=NOW)
        made = {viewer: Program(opening_all(address_of(viewer)), Client()) for viewer in sorted(VIEWERS)}
        put_delivery()
    return made


@pytest.mark.django_db
@pytest.mark.parametrize("part", PARTS)
def test_an_operation_does_it_for_those_who_may_and_for_nobody_else(
    part: str, scene: Scene, programs: dict[str, Program], monkeypatch: pytest.MonkeyPatch
) -> None:
    # Who may have a PDF is asked before it is made, and making one takes half a second.
    for maker in PDFS:
        monkeypatch.setattr(maker, lambda *_: b"%PDF-")
    wrong = []
    for name, row in API.items():
        if OPERATIONS[name].path.partition("/")[0] != part:
            continue
        with transaction.atomic():
            asked = _Asked.of(OPERATIONS[name], row, scene)
            for viewer, program in programs.items():
                with transaction.atomic():
                    answer = asked.by(program)
                    if not _as_it_should(row, scene, answer, allows(row.may, viewer)):
                        wrong.append((name, viewer, answer.status_code, answer.content[:150]))
                    transaction.set_rollback(True)
            transaction.set_rollback(True)
    assert not wrong, "\n".join(map(str, wrong))


@pytest.mark.django_db
def test_a_stranger_learns_nothing_and_is_told_how_to_sign_in(scene: Scene, programs: dict[str, Program]) -> None:
    assert programs
    strangers = (Program(client=Client()), Program(f"lionrock_p_{uuid.uuid4().hex}{'a' * 8}", Client()))
    for name, row in API.items():
        with transaction.atomic():
            asked = _Asked.of(OPERATIONS[name], row, scene)
            for program in strangers:
                answer = asked.by(program)
                assert (answer.status_code, json.loads(answer.content)["status"]) == (401, 401), name
                assert answer["WWW-Authenticate"].startswith("Bearer")
            transaction.set_rollback(True)
