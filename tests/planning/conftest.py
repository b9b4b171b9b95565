"""The worlds that studies are published in and traces are taken from."""

from __future__ import annotations

from tests.calls.fixtures import world
from tests.charging.conftest import rulebook_put_back
from tests.metering.conftest import books

__all__ = ["books", "rulebook_put_back", "world"]
