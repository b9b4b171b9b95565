"""A programme whose site is a cluster, with runs that its accounting has."""

from __future__ import annotations

from tests.charging.conftest import rulebook_put_back
from tests.metering.conftest import books

__all__ = ["books", "rulebook_put_back"]
