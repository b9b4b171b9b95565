"""Who may do what with figures of use, and with what it is tried; see tests/people/rows.py and tests/config/rows.py."""

from __future__ import annotations

from tests.config.rows import EVERYBODY, SEE_ALL, SEES, WORK_SOMEWHERE, CommandRow, PageRow
from tests.metering.permissions import hill

REPORTED = "--from 2026-03-01 --to 2026-05-31 --by award --at 2026-06-01T09:00+08:00"

COMMANDS = {
    ("usage", "report"): CommandRow(SEES, lambda _: REPORTED, shows=lambda scene: scene.award),
    ("usage", "idle"): CommandRow(SEES, lambda _: "--at 2026-06-01T09:00+08:00", shows=lambda scene: scene.award),
}
PAGES = {
    "usage:list": PageRow(EVERYBODY),
    "usage:file": PageRow(EVERYBODY, lambda _: ["csv"]),
    "usage:steps": PageRow(EVERYBODY, lambda _: ["json"]),
    "usage_waits:list": PageRow(EVERYBODY),
    "usage_waits:file": PageRow(EVERYBODY, lambda _: ["csv"]),
    "usage_idle:list": PageRow(EVERYBODY),
    "usage_idle:file": PageRow(EVERYBODY, lambda _: ["json"]),
    "usage_efficiency:list": PageRow(EVERYBODY),
    "usage_efficiency:file": PageRow(EVERYBODY, lambda _: ["csv"]),
    "usage_live:list": PageRow(WORK_SOMEWHERE),
    "usage_live:show": PageRow(SEE_ALL, lambda _: [hill()]),
}
