"""Who may look at the audit trail, and with what it is tried; see tests/people/rows.py and tests/config/rows.py."""

from __future__ import annotations

from tests.config.rows import EVERYBODY, OWN, CommandRow, PageRow

from lionrock.audit.models import AuditRecord

SEE_TRAIL = {"auditor", "compliance"}


def _record() -> str:
    return str(AuditRecord.objects.filter(programme=OWN).latest("id").pk)


COMMANDS = {
    ("audit", "list"): CommandRow(SEE_TRAIL, lambda _: f"--programme {OWN}"),
    ("audit", "show"): CommandRow(SEE_TRAIL, lambda _: f"{_record()} --programme {OWN}"),
    ("audit", "export"): CommandRow(SEE_TRAIL, lambda _: f"--programme {OWN}"),
}
PAGES = {
    "audit:list": PageRow(EVERYBODY),
    "audit:show": PageRow(SEE_TRAIL, lambda _: [OWN]),
    "audit:record": PageRow(SEE_TRAIL, lambda _: [OWN, _record()]),
    "audit:file": PageRow(SEE_TRAIL, lambda _: [OWN, "ndjson"]),
}
