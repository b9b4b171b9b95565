"""Who may open which page of single sign-on; see tests/config/rows.py."""

from __future__ import annotations

from tests.config.rows import EVERYBODY, PageRow

PAGES = {"openid:own": PageRow(EVERYBODY)}
PAGES_FOR_EVERYBODY = {
    "openid:begin": "leads to a provider; tested in tests/openid",
    "openid:back": "what a provider sends is its permission; tested in tests/openid",
    "openid:prove": "shows what waits in one's own session; tested in tests/openid",
    "openid:left": "says that the session is over",
    "openid:remove": "one's own, told from others' in tests/openid/test_real_provider.py",
}
