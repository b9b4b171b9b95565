"""Who may open what of the notices: everybody their own, and nobody another's."""

from __future__ import annotations

from tests.config.rows import EVERYBODY, PageRow

PAGES = {
    "notices:list": PageRow(EVERYBODY),
    "notices:settings": PageRow(EVERYBODY),
    "notices:read_all": PageRow(EVERYBODY, posted=lambda _: {}),
}
PAGES_FOR_EVERYBODY = {
    "notices:open": "one's own, tested in tests/notices/test_pages.py",
    "notices:read": "one's own, tested in tests/notices/test_pages.py",
}
