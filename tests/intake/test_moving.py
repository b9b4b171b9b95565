"""The checks of a database made before the desk was a room of its own: they stay, and stay guarded."""

from __future__ import annotations

import pytest
from django.core.management import call_command
from django.db import DatabaseError, connection, transaction
from django.db.migrations.executor import MigrationExecutor
from tests.calls.world import NOW, OPERATOR, World

from lionrock.intake.actions import take_application
from lionrock.intake.models import Check

pytestmark = pytest.mark.django_db

BEFORE = [("intake", None), ("applications", "0004_what_a_draft_may_lack")]
AFTER = [("intake", "0001_the_office_checks")]
GUARDS = "SELECT tgname FROM pg_trigger WHERE tgrelid = 'applications_check'::regclass AND NOT tgisinternal"


def _move(*targets: tuple[str, str | None]) -> None:
    for target in targets:
        MigrationExecutor(connection).migrate([target])


def _guards() -> set[str]:
    with connection.cursor() as cursor:
        cursor.execute(GUARDS)
        return {name.rsplit("_", 1)[0] for (name,) in cursor.fetchall()}


def test_what_the_office_did_before_the_move_is_there_after_it_and_stands(world: World) -> None:
    code = world.submitted(world.open_call()).code
    check = take_application(actor=OPERATOR, application=code, now=NOW)
    _move(*BEFORE)
    old = MigrationExecutor(connection).loader.project_state(BEFORE[1]).apps.get_model("applications", "Check")
    assert old.objects.get().pk == check.pk
    _move(*AFTER)
    assert Check.objects.get().pk == check.pk
    assert _guards() == {"pgtrigger_checks_stand", "pgtrigger_never_emptied"}
    with pytest.raises(DatabaseError, match="Cannot update or delete"), transaction.atomic():
        Check.objects.update(by="somebody@example.org")


def test_no_migration_is_missing() -> None:
    call_command("makemigrations", "intake", "applications", check=True, dry_run=True, verbosity=0)
