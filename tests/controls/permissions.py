"""Who may look at export controls; see tests/config/rows.py."""

from __future__ import annotations

from tests.config.rows import ROLES, SEE_ALL, PageRow

STAFF = SEE_ALL | {f"{role} elsewhere" for role in ROLES if role != "assessor"}
"""Whoever works for some programme: what may be bought is no secret of one."""

PAGES = {
    "controls:list": PageRow(STAFF),
    "controls:file": PageRow(STAFF, ends=frozenset({200, 422})),
    "controls_compare:list": PageRow(STAFF),
    "controls_choices:list": PageRow(STAFF),
    "controls_items:list": PageRow(STAFF),
    "controls_items:show": PageRow(STAFF, lambda _: ["nvidia-l40"]),
    "controls_story:list": PageRow(STAFF),
}
