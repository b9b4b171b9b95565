"""The API attacked from its own description: no defect, and no answer that is not described."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from typing import Any

import pytest
import schemathesis
from django.core.handlers.wsgi import WSGIHandler
from django.core.signals import request_finished, request_started
from django.db import close_old_connections, transaction
from hypothesis import HealthCheck, Phase, given, settings, strategies
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)
from tests.api.asking import opening_all
from tests.applications.filling import put_the_bytes
from tests.calls.world import NOW, OPERATOR
from tests.config.rows import HARBOUR, OWN, Scene

from lionrock.api.operations import OPERATIONS
from lionrock.applications.models import Application
from lionrock.people.actions import grant_role, register_person
from lionrock.people.domain import PROGRAMME_ROLES, Role
from lionrock.people.models import RoleGrant

pytestmark = pytest.mark.django_db

CHECKS = (
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
)
BOUNDED = settings(
    max_examples=1,
    deadline=None,
    derandomize=True,
    database=None,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=list(HealthCheck),
)
SLOW = {"read_statement_pdf", "read_settlement_pdf", "read_minutes_pdf", "read_paper", "read_certificate_pdf"}
"""Each PDF takes half a second; who may read it is tried in test_permissions.py."""


@pytest.fixture(autouse=True)
def the_connection_stays() -> Iterator[None]:
    """Keep Django from closing the connection of the test at the end of a request."""
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


@pytest.fixture
def everything() -> str:
    """The token of somebody who holds every role."""
    email = "all@example.org"
    person = register_person(actor=OPERATOR, email=email, name="All", now=NOW)
    for role in sorted(PROGRAMME_ROLES):  # nobody is given all of them: some exclude each other
        RoleGrant.objects.create(person=person, role=role.value, programme=OWN, granted_at=NOW)
    grant_role(actor=OPERATOR, email=email, role=Role.MEMBER, organisation=HARBOUR, now=NOW)
    return opening_all(email)


def _codes(path: str, scene: Scene) -> dict[str, object]:
    """Return what there is at a path."""
    there = {
        "applications": {"code": scene.draft},
        "awards": {"code": scene.award},
        "calls": {"code": scene.open_call},
        "jobs": {"code": scene.waiting_job},
        "job-templates": {"template": "train"},
        "programmes": {"programme": OWN},
        "statements": {"number": scene.statement, "position": 1},
    }
    return there.get(path.split("/")[3], {})


@pytest.fixture
def schema() -> Any:
    """The description as Schemathesis reads it, served by Django without a socket."""
    return schemathesis.openapi.from_wsgi("/api/v1/openapi.json", WSGIHandler())


def test_no_input_makes_a_defect_or_an_answer_that_is_not_described(schema: Any, scene: Scene, everything: str) -> None:
    put_the_bytes(Application.objects.get(code=scene.draft))
    tried, wrong = 0, []
    for found in schema.get_all_operations():
        operation = found.ok()
        if operation.definition.raw["operationId"] in SLOW:
            continue
        for mode in schemathesis.GenerationMode:

            @BOUNDED
            @given(case=operation.as_strategy(generation_mode=mode), there=strategies.booleans())
            def attack(case: Any, there: bool) -> None:
                nonlocal tried
                tried += 1
                if there:
                    real = _codes(case.path, scene)
                    case.path_parameters = {name: real.get(name, value) for name, value in case.path_parameters.items()}
                headers = {"Authorization": f"Bearer {everything}", "Idempotency-Key": str(uuid.uuid4())}
                with transaction.atomic():
                    case.validate_response(case.call(headers=headers), checks=CHECKS)
                    transaction.set_rollback(True)

            try:
                attack()
            except Exception as found_out:  # each names the request that did it
                wrong.append(f"{operation.label}: {found_out}"[:1500])
    assert wrong == []
    assert tried > len(OPERATIONS)


def test_stories_made_of_the_links_meet_no_defect(schema: Any, scene: Scene, everything: str) -> None:
    """Go on from each answer along its links: what was made is read, changed, submitted, cancelled, and ended."""
    machine = schema.as_state_machine()

    class Story(machine):  # type: ignore[misc, valid-type]
        def setup(self) -> None:
            self.undo = transaction.atomic()
            self.undo.__enter__()

        def teardown(self) -> None:
            transaction.set_rollback(True)
            self.undo.__exit__(None, None, None)

        def get_call_kwargs(self, case: Any) -> dict[str, Any]:
            return {"headers": {"Authorization": f"Bearer {everything}", "Idempotency-Key": str(uuid.uuid4())}}

        def validate_response(self, response: Any, case: Any, *_: Any, **__: Any) -> None:
            case.validate_response(response, checks=CHECKS)

    Story.run(settings=settings(BOUNDED, max_examples=8, stateful_step_count=6))
