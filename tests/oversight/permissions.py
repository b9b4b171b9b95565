"""Who may look at the audit trail, and with what it is tried; see tests/people/rows.py and tests/config/rows.py."""

from __future__ import annotations

from datetime import timedelta

from django.utils import timezone
from tests.config import rows as pages
from tests.config.rows import EVERYBODY, OWN, CommandRow, PageRow
from tests.oversight.ended import end, held, proposed
from tests.people import rows as people
from tests.people.rows import ActionRow

from lionrock.applications.models import Application
from lionrock.audit.models import AuditRecord
from lionrock.oversight.models import Erasure

SEE_TRAIL = {"auditor", "compliance"}


def _record() -> str:
    return str(AuditRecord.objects.filter(programme=OWN).latest("id").pk)


def _due(scene: people.Scene | pages.Scene) -> str:
    """Return the code of an application that is kept no longer."""
    return end(Application.objects.get(code=scene.submitted)).code


def _erasing(scene: people.Scene | pages.Scene) -> int:
    """Return an erasure that somebody else has proposed."""
    return proposed(_due(scene))


def _erased(scene: pages.Scene) -> int:
    """Return one that is done."""
    number = _erasing(scene)
    Erasure.objects.filter(pk=number).update(erased_at=timezone.now() - timedelta(days=1), erased_by="x@example.org")
    return number


HOLD = {"kind": "person", "code": "chan@example.org", "reason": "Case 12"}
TO = f"--programme {OWN}"
SEE_RETENTION = {"office", "compliance", "auditor"}
ERASERS = {"office", "compliance"}
ACTIONS = {
    "oversight.propose_erasure": ActionRow(
        "office, compliance", lambda scene: {"programme": OWN, "subject": _due(scene)}
    ),
    "oversight.carry_out_erasure": ActionRow(
        "office, compliance", lambda scene: {"programme": OWN, "number": _erasing(scene)}
    ),
    "oversight.place_hold": ActionRow("compliance", lambda _: {"programme": OWN, **HOLD}),
    "oversight.release_hold": ActionRow(
        "compliance", lambda _: {"programme": OWN, "number": held(), "reason": "Closed"}
    ),
}
COMMANDS = {
    ("retention", "due"): CommandRow(SEE_RETENTION, lambda _: TO),
    ("retention", "propose"): CommandRow(ERASERS, lambda scene: f"{_due(scene)} {TO}"),
    ("retention", "erase"): CommandRow(ERASERS, lambda scene: f"{_erasing(scene)} {TO}"),
    ("retention", "certificates"): CommandRow(SEE_RETENTION, lambda _: TO),
    ("retention", "hold"): CommandRow({"compliance"}, lambda _: f"person chan@example.org --reason Case {TO}"),
    ("retention", "holds"): CommandRow(SEE_RETENTION, lambda _: TO),
    ("retention", "release"): CommandRow({"compliance"}, lambda _: f"{held()} --reason Closed {TO}"),
    ("audit", "list"): CommandRow(SEE_TRAIL, lambda _: f"--programme {OWN}"),
    ("audit", "show"): CommandRow(SEE_TRAIL, lambda _: f"{_record()} --programme {OWN}"),
    ("audit", "export"): CommandRow(SEE_TRAIL, lambda _: f"--programme {OWN}"),
}
PAGES = {
    "audit:list": PageRow(EVERYBODY),
    "audit:show": PageRow(SEE_TRAIL, lambda _: [OWN]),
    "audit:record": PageRow(SEE_TRAIL, lambda _: [OWN, _record()]),
    "audit:file": PageRow(SEE_TRAIL, lambda _: [OWN, "ndjson"]),
    "retention:list": PageRow(EVERYBODY),
    "retention:show": PageRow(SEE_RETENTION, lambda _: [OWN]),
    "retention:certificate": PageRow(SEE_RETENTION, lambda scene: [OWN, str(_erased(scene))]),
    "retention:propose": PageRow(ERASERS, lambda _: [OWN], posted=lambda scene: {"subject": _due(scene)}),
    "retention:erase": PageRow(ERASERS, lambda scene: [OWN, str(_erasing(scene))], posted=lambda _: {}),
    "retention:hold": PageRow({"compliance"}, lambda _: [OWN], posted=lambda _: HOLD),
    "retention:release": PageRow({"compliance"}, lambda _: [OWN, str(held())], posted=lambda _: {"reason": "Closed"}),
}
