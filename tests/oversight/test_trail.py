"""The trail of a programme: looked up, told in words, handed out so that others can verify it, seen by few."""

from __future__ import annotations

import csv
import io
import json
import re
import subprocess
import sys
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from tests.calls.world import NOW, OPERATOR, World

from lionrock.audit.actions import record
from lionrock.audit.anchors import make_anchor
from lionrock.audit.models import AuditRecord
from lionrock.audit.sealing import seal_due
from lionrock.oversight.queries import Asked, records
from lionrock.oversight.telling import in_words, told
from lionrock.people.domain import Role
from lionrock.people.models import Person, RoleGrant

pytestmark = pytest.mark.django_db
PROGRAMME, OTHER = "hk-aiss-demo", "hk-aiss"
GUIDE = Path(__file__).parents[2] / "docs" / "how-to" / "check-an-audit-export.md"


def _say(subject: str, *, programme: str = PROGRAMME, actor: str = "chan@example.org", **facts: Any) -> AuditRecord:
    action = facts.pop("action", "awards.decide_application")
    record(action, subject, actor=actor, now=NOW, programme=programme, **facts)
    return AuditRecord.objects.latest("id")


@pytest.fixture
def auditor() -> Client:
    person = Person.objects.create(email="auditor@example.org", name="A", created_at=NOW)
    RoleGrant.objects.create(person=person, role=Role.AUDITOR.value, programme=PROGRAMME, granted_at=NOW)
    client = Client()
    client.force_login(person)
    return client


@pytest.fixture
def three() -> list[AuditRecord]:
    return [
        _say("APP-2026-0001", details={"from": "submitted", "to": "awarded", "share": 0.5}),
        _say("AW-2026-0001", action="awards.accept_offer", actor="lee@example.org", on_behalf_of="wong@example.org"),
        _say("AW-2026-0002", organisation="delta", reason="The board asked", action="awards.release_award"),
    ]


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        (Asked(), [2, 1, 0]),
        (Asked(who="Wong@example.org"), [1]),
        (Asked(action="awards.accept"), [1]),
        (Asked(subject="AW-"), [2, 1]),
        (Asked(organisation="delta"), [2]),
        (Asked(text="BOARD"), [2]),
        (Asked(text="awarded"), [0]),
        (Asked(first=date(2026, 3, 2), last=date(2026, 3, 2)), [2, 1, 0]),
        (Asked(first=date(2026, 3, 3)), []),
        (Asked(last=date(2026, 3, 1)), []),
    ],
)
def test_records_are_found_by_whatever_one_asks_for(three: list[AuditRecord], asked: Asked, found: list[int]) -> None:
    _say("ELSEWHERE", programme=OTHER)
    assert [each.pk for each in records(OPERATOR, PROGRAMME, asked)] == [three[place].pk for place in found]


def test_a_record_is_told_in_words_with_before_and_after_and_a_link(three: list[AuditRecord]) -> None:
    first = told(three[0])
    assert (first.action, first.before, first.after) == ("Decide application", "submitted", "awarded")
    assert (first.address, first.details) == ("/applications/APP-2026-0001", [("share", "0.5")])
    assert told(_say("thing")).address == ""
    assert in_words("ledger.lock_period") == "Lock period"


def test_the_page_shows_pages_of_fifty_by_a_cursor_and_asks_the_same_however_many(auditor: Client) -> None:
    numbers = [_say(f"AW-2026-{number:04d}").pk for number in range(120)]
    seen, address = [], f"/programmes/{PROGRAMME}/audit?subject=AW-"
    asked = []
    while address:
        with CaptureQueriesContext(connection) as queries:
            context = auditor.get(address).context
        asked.append(len(queries))
        seen += [each.record.pk for each in context["rows"]]
        older = context["older"]
        address = f"/programmes/{PROGRAMME}/audit?subject=AW-&before={older}" if older else ""
    assert seen == numbers[::-1]
    assert len(asked) == 3
    assert len(set(asked)) == 1


def test_one_record_shows_its_seal(auditor: Client, three: list[AuditRecord]) -> None:
    address = f"/programmes/{PROGRAMME}/audit/{three[2].pk}"
    assert "not sealed yet" in auditor.get(address).content.decode()
    seal_due(NOW)
    page = auditor.get(address)
    assert page.context["chain"] in page.content.decode()
    assert "The board asked" in page.content.decode()


def test_a_record_of_another_programme_is_not_there(auditor: Client) -> None:
    other = _say("ELSEWHERE", programme=OTHER)
    assert auditor.get(f"/programmes/{PROGRAMME}/audit/{other.pk}").status_code == 404
    assert auditor.get(f"/programmes/{OTHER}/audit").status_code in {403, 404}
    listed = auditor.get(f"/programmes/{PROGRAMME}/audit").content.decode()
    handed = b"".join(auditor.get(f"/programmes/{PROGRAMME}/audit.{ending}").content for ending in ("csv", "ndjson"))
    assert "ELSEWHERE" not in listed + handed.decode()


def test_an_application_that_the_reader_may_not_open_is_named_without_a_link(auditor: Client) -> None:
    world = World()
    world.put_organisation()
    call = world.open_call()
    draft, sent = world.drafted(call), world.submitted(call)
    trail = f"/programmes/{PROGRAMME}/audit"
    listed = {each.record.subject: each.address for each in auditor.get(trail).context["rows"]}
    assert listed[sent.code] == f"/applications/{sent.code}"
    assert listed[draft.code] == ""
    number = AuditRecord.objects.filter(subject=draft.code).latest("id").pk
    assert auditor.get(f"{trail}/{number}").context["told"].address == ""


def test_a_day_that_is_none_and_a_file_of_another_kind_are_refused(auditor: Client) -> None:
    assert auditor.get(f"/programmes/{PROGRAMME}/audit?from=yesterday").status_code == 422
    assert auditor.get(f"/programmes/{PROGRAMME}/audit.xls").status_code == 404


def test_what_is_handed_out_is_what_was_asked_for(auditor: Client, three: list[AuditRecord]) -> None:
    seal_due(NOW)
    text = auditor.get(f"/programmes/{PROGRAMME}/audit.csv?subject=AW-").content.decode("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(text)))
    assert [row["record"] for row in rows] == [str(three[2].pk), str(three[1].pk)]
    assert all(len(row["chain"]) == 64 for row in rows)


@pytest.fixture
def script(tmp_path: Path) -> Path:
    """The script as the guide prints it."""
    found = re.search(r"```python\n(.*?)```", GUIDE.read_text(encoding="utf-8"), re.DOTALL)
    assert found
    file = tmp_path / "check.py"
    file.write_text(re.sub(r"^   ", "", found[1], flags=re.MULTILINE), encoding="utf-8")
    return file


def _checked(script: Path, *files: Path) -> tuple[int, str]:
    ran = subprocess.run([sys.executable, script, *files], capture_output=True, text=True, check=False)
    return ran.returncode, ran.stdout + ran.stderr


def test_an_outsider_verifies_an_export_with_the_script_of_the_guide(
    auditor: Client, three: list[AuditRecord], script: Path, tmp_path: Path
) -> None:
    _say("ELSEWHERE", programme=OTHER, details={"secret": "of others"})
    _say("AW-2026-0003", details={"shares": [0.25, 1], "名": "甲"})
    anchor, export, changed = (tmp_path / name for name in ("anchor.json", "audit.ndjson", "changed.ndjson"))
    anchor.write_text(json.dumps(make_anchor(NOW).data()))
    text = auditor.get(f"/programmes/{PROGRAMME}/audit.ndjson").content.decode()
    export.write_text(text, encoding="utf-8")
    assert "of others" not in text
    assert _checked(script, export, anchor)[0] == 0
    assert "4 records are as they were sealed" in _checked(script, export)[1]
    changed.write_text(text.replace("The board asked", "The bored asked"), encoding="utf-8")
    assert f"the record {three[2].pk} was changed" in _checked(script, changed)[1]
    changed.write_text("\n".join(line for line in text.splitlines() if "AW-2026-0001" not in line), encoding="utf-8")
    assert _checked(script, changed)[0] == 1
    wrong = json.loads(anchor.read_text()) | {"chain": "00" * 32}
    anchor.write_text(json.dumps(wrong))
    assert "anchor says otherwise" in _checked(script, export, anchor)[1]
