"""Organisations that were on file before there were administrators: who belonged first looks after them."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.management import call_command
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from tests.calls.world import NOW, OPERATOR

from lionrock.people.actions import register_organisation
from lionrock.people.models import Organisation, Person, RoleGrant

pytestmark = pytest.mark.django_db


def _move(target: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    MigrationExecutor(connection).migrate([("people", target)])


def _member(place: Organisation, name: str, days: int, *, active: bool = True) -> None:
    person = Person.objects.create(email=f"{name}@example.org", name=name, created_at=NOW, is_active=active)
    RoleGrant.objects.create(person=person, role="member", organisation=place, granted_at=NOW + timedelta(days=days))


def _administrators() -> set[tuple[str, str]]:
    rows = RoleGrant.objects.filter(role="organisation_admin")
    return set(rows.values_list("person__email", "organisation__code"))


def test_the_first_who_is_still_there_looks_after_each_and_the_way_back_is_open() -> None:
    kite, peak, _empty = (
        register_organisation(actor=OPERATOR, code=code, name=code, now=NOW) for code in ("kite", "peak", "empty")
    )
    _member(kite, "gone", 0, active=False)
    for name, days in (("lee", 1), ("chan", 1), ("ng", 2)):
        _member(kite, name, days)
    _member(peak, "ho", 5)
    _move("0007_deputies")
    assert RoleGrant.objects.count() == 5
    _move("0008_belonging")
    wanted = {("lee@example.org", "kite"), ("chan@example.org", "kite"), ("ho@example.org", "peak")}
    assert _administrators() == wanted
    _move("0007_deputies")
    assert _administrators() == set()
    _move("0008_belonging")
    assert _administrators() == wanted


def test_no_migration_is_missing() -> None:
    call_command("makemigrations", "people", check=True, dry_run=True, verbosity=0)
