"""A process of one version while the tables are those of another: it says so, and gives nothing up."""

from __future__ import annotations

from typing import Any, NoReturn

import pytest
from django.db import connection, transaction
from django.utils import timezone
from tests.api.asking import Program, problem, token_for
from tests.config.rows import OWN, Scene
from tests.config.scene import address_of

from lionrock.api import serving, working
from lionrock.api.models import Work

pytestmark = pytest.mark.django_db
PATH = f"programmes/{OWN}/month-so-far?month=2026-05"


def _meet_other_tables(*_: Any) -> NoReturn:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT brought_by_the_next_version FROM people_person")
    raise AssertionError("there is such a column")


def test_an_operation_that_meets_other_tables_says_that_an_upgrade_is_under_way(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    program = Program(token_for(address_of("finance")))
    monkeypatch.setattr(serving, "made", _meet_other_tables)
    answer = program.ask("GET", "me")
    assert (problem(answer), answer["Retry-After"]) == ((503, "api.database.upgrading"), "60")
    monkeypatch.setattr(serving, "asker_of", _meet_other_tables)
    assert problem(program.ask("GET", "me")) == (503, "api.database.upgrading")


def test_what_was_put_off_waits_for_the_process_that_knows_the_tables(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    program = Program(token_for(address_of("finance")))
    assert program.ask("GET", PATH, Prefer="respond-async").status_code == 202
    with monkeypatch.context() as meanwhile:
        meanwhile.setattr(working, "made", _meet_other_tables)
        assert working.do_work(timezone.now()) == 0
    assert Work.objects.get().ended_at is None
    assert working.do_work(timezone.now()) == 1
    assert Work.objects.get().status == 200
