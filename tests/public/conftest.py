"""The worlds that the tests of the line happen in, and a year that is played once for all tests of a file."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.db import transaction
from django.test import override_settings
from tests.calls.fixtures import lagoon, world

__all__ = ["lagoon", "world"]


@pytest.fixture(scope="module")
def played(django_db_setup: None, django_db_blocker: Any) -> Iterator[Any]:
    """The year of `tests/public/year.py`; what a test changes in it is undone after that test."""
    # Models can be imported only when Django is set up, which is after this file is read.
    from tests.calls.world import SHIPPED, World  # noqa: PLC0415
    from tests.public.year import play  # noqa: PLC0415

    with django_db_blocker.unblock(), override_settings(LIONROCK_RULEBOOK=SHIPPED), transaction.atomic():
        found = World()
        found.put_organisation()
        found.put_site()
        play(found)
        yield found
        transaction.set_rollback(True)


@pytest.fixture
def year(played: Any, settings: Any, db: None) -> Any:
    """The same year, for one test."""
    from tests.calls.world import SHIPPED  # noqa: PLC0415

    settings.LIONROCK_RULEBOOK = SHIPPED
    return played
