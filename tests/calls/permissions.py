"""Who may open which page of calls; see tests/config/rows.py."""

from __future__ import annotations

from tests.config.rows import OWN, SEE_ALL, PageRow

OFFICE = {"office"}
PAGES = {
    "calls:of_programme": PageRow(SEE_ALL, lambda _: [OWN]),
    "calls:new": PageRow(OFFICE, lambda _: [OWN]),
    "calls:show": PageRow(SEE_ALL, lambda scene: [scene.open_call]),
    "calls:open": PageRow(OFFICE, lambda scene: [scene.draft_call], posted=lambda _: {}),
    "calls:close": PageRow(OFFICE, lambda scene: [scene.open_call], posted=lambda _: {}),
}
