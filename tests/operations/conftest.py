"""A home with tables and a running server of its own, durable as it is for people."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from tests.integration.home import Home

from lionrock.database.sharing import end


@pytest.fixture(scope="module")
def installed(migrated: Home, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Home]:
    home = migrated.copy(tmp_path_factory.mktemp("installed") / "home")
    home.good("database", "start")
    yield home
    end(home.path, now=True)
