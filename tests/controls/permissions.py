"""Who may look at export controls; see tests/config/rows.py."""

from __future__ import annotations

from tests.config.rows import WORK_SOMEWHERE, PageRow

PAGES = {
    "controls:list": PageRow(WORK_SOMEWHERE),
    "controls:file": PageRow(WORK_SOMEWHERE, ends=frozenset({200, 422})),
    "controls_compare:list": PageRow(WORK_SOMEWHERE),
    "controls_choices:list": PageRow(WORK_SOMEWHERE),
    "controls_items:list": PageRow(WORK_SOMEWHERE),
    "controls_items:show": PageRow(WORK_SOMEWHERE, lambda _: ["nvidia-l40"]),
    "controls_story:list": PageRow(WORK_SOMEWHERE),
}
