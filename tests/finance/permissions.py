"""Who may see what finance looks at, and mend held rows; see tests/people/rows.py and tests/config/rows.py."""

from __future__ import annotations

from datetime import UTC, datetime

from tests.charging.permissions import begun_close
from tests.config.rows import EVERYBODY, OWN, SEE_ALL, PageRow
from tests.people.rows import ActionRow

from lionrock.charging.models import HeldRow, UsageImport

MENDERS = "finance, cluster_admin"
LINE = "9,harbour-university,2026-04-02T00:00:00Z,2026-04-02T04:00:00Z,h800-gpu=1,{site},,,COMPLETED,0,,"


def held() -> HeldRow:
    """Return a row that is held for the programme, of an import of its own."""
    given = {"programme": OWN, "digest": "0" * 64, "options": {}}
    at = {"name": "by-hand.csv", "started_at": datetime(2026, 5, 1, tzinfo=UTC)}
    kept, _ = UsageImport.objects.get_or_create(**given, defaults=at)
    reason = {"template": "Nobody is charged.", "code": "charging.run.account", "raw": "9,nobody"}
    return HeldRow.objects.get_or_create(usage_import=kept, line=7, defaults=reason)[0]


ACTIONS = {
    "charging.try_rows_again": ActionRow(MENDERS, lambda _: {"programme": OWN}),
    "charging.mend_row": ActionRow(MENDERS, lambda _: {"row": held(), "line": LINE.format(site=OWN)}),
    "charging.set_row_aside": ActionRow(MENDERS, lambda _: {"row": held(), "reason": "a test"}),
}
ELSEWHERE_RECORDED = {
    "charging.try_rows_again": "tested with rows, in tests/charging/test_mending.py",
}
PAGES = {
    "finance:list": PageRow(EVERYBODY),
    "finance:show": PageRow(SEE_ALL, lambda _: [OWN]),
    "finance:file": PageRow(SEE_ALL, lambda _: [OWN, "csv"]),
    "finance_caps:list": PageRow(EVERYBODY),
    "finance_caps:show": PageRow(SEE_ALL, lambda _: [OWN]),
    "finance_closing:list": PageRow(EVERYBODY),
    "finance_closing:show": PageRow(SEE_ALL, lambda _: [OWN]),
    "finance_closing:close": PageRow({"finance"}, lambda _: [OWN], posted=lambda _: {"month": "2026-05"}),
    "finance_closing:stop": PageRow({"finance"}, lambda _: [begun_close().programme], posted=lambda _: {}),
    "finance_what_if:list": PageRow(EVERYBODY),
    "finance_what_if:show": PageRow(SEE_ALL, lambda _: [OWN]),
    "finance_held:list": PageRow(EVERYBODY),
    "finance_held:show": PageRow(SEE_ALL, lambda _: [OWN]),
    "finance_held:row": PageRow(SEE_ALL, lambda _: [OWN, str(held().pk)]),
    "finance_held:again": PageRow({"finance", "cluster_admin"}, lambda _: [OWN], posted=lambda _: {}),
}
