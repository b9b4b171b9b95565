"""The provider, started once for the tests of this folder, and a portal that knows it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from tests.calls.fixtures import world

__all__ = ["world"]


@pytest.fixture(scope="session")
def started(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    """A real provider, with its people."""
    from tests.openid.provider import RealProvider  # noqa: PLC0415 - a conftest is read before Django is set up

    real = RealProvider(tmp_path_factory.mktemp("provider"), "http://127.0.0.1:8000/sign-in/with/harbour/back")
    real.start()
    real.put_person("chan", "chan@harbour.example", "Chan Tai Man")
    real.put_person("lee", "lee@harbour.example", "Lee Siu Ming", verified=False)
    real.put_person("guest", "guest@elsewhere.example", "A Guest")
    yield real
    real.stop()


@pytest.fixture
def real(started: Any, settings: Any, db: None) -> Any:
    """The same, known to the portal as Harbour University."""
    from lionrock.openid.known import forget  # noqa: PLC0415

    settings.LIONROCK_PROVIDERS = {"harbour": started.described()}
    forget()
    return started
