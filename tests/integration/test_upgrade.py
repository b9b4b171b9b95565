"""An installation of the first version, with work in it, brought up to this one: interrupted, by two at once, whole."""

from __future__ import annotations

import json
import time
from pathlib import Path
from typing import Any

import pytest
from tests.integration.home import RUNNING_OUT, Home

pytestmark = pytest.mark.integration

FIRST = (
    "allocations", "applications", "audit", "awards", "calls", "charging", "jobs", "ledger", "people", "sites",
    "statements",
)  # fmt: skip
"""The rooms of the first version, each with the tables of its first migration; the books with their guards."""

PUT = f"""
import json, sys, uuid
from datetime import UTC, date, datetime
import django
from lionrock.config.environment import environment
from lionrock.database import ensure_running
import os
os.environ["DJANGO_SETTINGS_MODULE"] = "lionrock.config.settings"
ensure_running(environment().home, None)
django.setup()
from django.db import connection, transaction
from django.db.migrations.executor import MigrationExecutor
executor = MigrationExecutor(connection)
first = [(room, "0002_guards" if room == "ledger" else "0001_initial") for room in {FIRST!r}]
executor.migrate(first)
apps = MigrationExecutor(connection).loader.project_state(first).apps
NOW = datetime(2026, 3, 2, 2, tzinfo=UTC)
def put(room, model, **given):
    return apps.get_model(room, model).objects.create(**given)
with transaction.atomic():
    place = put("people", "Organisation", code="harbour-university", name="Harbour University", created_at=NOW)
    person = put("people", "Person", email="chan@harbour.example", name="Chan", created_at=NOW)
    put("people", "RoleGrant", person=person, role="member", organisation=place, granted_at=NOW)
    put("people", "RoleGrant", person=person, role="office", programme="hk-aiss-demo", granted_at=NOW)
    call = put("calls", "Call", code="CALL-2026-0001", programme="hk-aiss-demo", title="First", opens=NOW,
        currency="HKD", state="open", created_at=NOW)
    application = put("applications", "Application", code="APP-2026-0001", call=call, organisation=place,
        applicant=person.email, category="university", title="Storms", item="cpu-node", count=1, months=6, hours=100,
        starts=date(2026, 4, 1), state="approved", created_at=NOW, submitted_at=NOW, decided_at=NOW)
    award = put("awards", "Award", code="AW-2026-0001", application=application, programme="hk-aiss-demo",
        organisation=place, item="cpu-node", mode="metered", count=1, hours=100, share="0.7", list_minor=100000,
        cap_minor=70000, currency="HKD", valid_from=date(2026, 4, 1), valid_to=date(2026, 10, 1),
        decided_by="Committee", made_at=NOW, state="active")
    put("allocations", "Allocation", award=award, item="cpu-node", count=1, device_seconds=360000, starts=NOW,
        ends=datetime(2026, 9, 30, 16, tzinfo=UTC), granted_at=NOW)
    site = put("sites", "Site", code="here", name="Here", time_zone="Asia/Hong_Kong", programme="hk-aiss-demo",
        driver="local", created_at=NOW)
    put("jobs", "Job", code="JOB-2026-0001", key=uuid.UUID(int=1), award=award, site=site, organisation=place,
        submitted_by=person.email, name="storm", argv=["true"], devices={{"cpu-node": 1}}, time_limit_seconds=60,
        submitted_at=NOW, state="COMPLETED", started_at=NOW, ended_at=NOW, usage_recorded_at=NOW)
    for number in range(1, 30):
        put("audit", "AuditRecord", action="jobs.submit_job", subject=f"JOB-2026-{{number:04d}}", actor=person.email,
            programme="hk-aiss-demo", organisation=place.code, at=NOW, details={{"number": number}})
    accounts = {{path: put("ledger", "LedgerAccount", programme="hk-aiss-demo", path=path, unit="HKD", floor=floor)
        for path, floor in (("budget/appropriation", None), ("budget/free", 0), ("budget/committed/AW-2026-0001", 0))}}
for cause, out, into, amount in (
    ("vote-1", "budget/appropriation", "budget/free", 900000),
    ("award", "budget/free", "budget/committed/AW-2026-0001", 70000),
):
    with transaction.atomic():
        journal = put("ledger", "Journal", programme="hk-aiss-demo", cause=cause, unit="HKD", memo=cause, at=NOW,
            actor=person.email)
        for path, minor in ((out, -amount), (into, amount)):
            put("ledger", "Posting", journal=journal, account=accounts[path], amount=minor)
raise SystemExit(0)
"""

ADDED = {"people_rolegrant": 1}
"""Rows that an upgrade writes of its own: the first member of an organisation looks after who belongs to it."""

SLOWED = """
import django.db.migrations.executor as executor, time
def slowly(self, *given, _whole=executor.MigrationExecutor.apply_migration, **more):
    done = _whole(self, *given, **more)
    time.sleep(0.2)
    return done
executor.MigrationExecutor.apply_migration = slowly
"""
"""So that there is time to kill it between two migrations."""


@pytest.fixture
def first_version(tmp_path: Path) -> Any:
    home = Home(tmp_path / "home")
    put = home.run(script=PUT)
    assert put.returncode == 0, put.stderr
    yield home
    home.gone()


def _rows(home: Home) -> dict[str, list[dict[str, Any]]]:
    """Return every row of the first version's tables, by table, in order."""
    tables = [name for (name,) in home.query("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")]
    ours = [name for name in tables if name.partition("_")[0] in FIRST]
    found = {name: home.query(f'SELECT to_jsonb(one) FROM "{name}" one') for name in ours}
    return {name: sorted((row for (row,) in rows), key=json.dumps) for name, rows in found.items() if rows}


def _applied(home: Home) -> int:
    return int(home.query("SELECT count(*) FROM django_migrations")[0][0])


def _kill_between_two(home: Home) -> None:
    """Begin an upgrade, and kill it when some of the migrations are in and some are not."""
    before = _applied(home)
    upgrading = home.begin("database", "migrate", script=SLOWED)
    deadline = time.monotonic() + RUNNING_OUT
    while _applied(home) < before + 3:
        assert time.monotonic() < deadline
        assert upgrading.poll() is None
    upgrading.kill()
    upgrading.communicate()
    assert before < _applied(home)


def test_an_upgrade_keeps_every_row_although_it_is_killed_and_two_go_on_at_once(first_version: Home) -> None:
    home = first_version
    with home.kept_up():
        before = _rows(home)
        assert {"audit_auditrecord", "ledger_posting", "awards_award", "jobs_job", "people_person"} <= set(before)
        _kill_between_two(home)
        both = [home.begin("database", "migrate") for _ in range(2)]
        for each in both:
            said, wrong = each.communicate(timeout=RUNNING_OUT)
            assert each.returncode == 0, said + wrong
        once = home.query("SELECT app, name FROM django_migrations GROUP BY app, name HAVING count(*) > 1")
        assert once == []
        after = _rows(home)
        for table, rows in before.items():
            assert len(after[table]) - len(rows) == ADDED.get(table, 0), table
            for row in rows:
                [same] = [each for each in after[table] if _key(each) == _key(row)]
                kept = {name: same[name] for name in row if name in same}
                assert kept == {name: row[name] for name in kept}, table
        books = {each["check"]: each["examined"] for each in json.loads(home.good("ledger", "check", "--json"))}
        assert books["ledger.check.journals"] == 2
        home.good("audit", "seal")
        home.good("audit", "verify")
        assert json.loads(home.good("award", "show", "AW-2026-0001", "--json"))["committed"] == "HKD 700.00"
        assert "No migrations to apply" in home.good("database", "migrate")


def _key(row: dict[str, Any]) -> Any:
    return row.get("id", row.get("account_id"))
