"""Who may do what with figures of use, and with what it is tried; see tests/people/rows.py and tests/config/rows.py."""

from __future__ import annotations

from tests.config.rows import EVERYBODY, CommandRow

REPORTED = "--from 2026-03-01 --to 2026-03-31 --at 2026-06-01T09:00+08:00"

COMMANDS = {
    ("usage", "report"): CommandRow(EVERYBODY, lambda _: f"{REPORTED} --by award", shows=lambda scene: scene.award),
}
