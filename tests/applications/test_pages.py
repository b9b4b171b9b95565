"""The pages of applying, without a script: nothing typed is lost, nothing is done twice, nobody else sees it."""

from __future__ import annotations

from http import HTTPStatus
from pathlib import Path
from typing import Any

import pytest
from tests.applications.desk import PROJECT, REQUEST, Desk, sign_in, typed_in
from tests.calls.world import World

from lionrock.applications.models import Application

pytestmark = pytest.mark.django_db
HARBOUR = "harbour-university"


@pytest.fixture
def desk(world: World, settings: Any, tmp_path: Path) -> Desk:
    """A member of Harbour University, while a call is open."""
    settings.LIONROCK_HOME = tmp_path
    world.open_call()
    return sign_in("chan@example.org", organisation=HARBOUR)


@pytest.fixture
def code(desk: Desk) -> str:
    """An application just begun."""
    return desk.begin().code


def test_every_page_opens(desk: Desk, code: str) -> None:
    for page in (
        "",
        "/form/request",
        "/form/applicant",
        "/form/project",
        "/form/project/1",
        "/form/signatory",
        "/documents",
        "/submit",
        "/withdraw",
        "/form/project/1/remove",
    ):
        response = desk.client.get(f"/applications/{code}{page}")
        assert response.status_code == HTTPStatus.OK, page
    assert desk.client.get("/applications").status_code == HTTPStatus.OK


def test_filling(desk: Desk, code: str) -> None:
    desk.fill(code)
