"""The mail server of a test, and the settings that lead to it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from tests.calls.fixtures import world
from tests.notices.server import Post, open_server

__all__ = ["post", "world"]


@pytest.fixture
def post(settings: Any) -> Iterator[Post]:
    """A mail server that takes everything until a test says otherwise."""
    taken = Post()
    server = open_server(taken)
    settings.LIONROCK_MAIL = True
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", server.port
    settings.EMAIL_HOST_USER = settings.EMAIL_HOST_PASSWORD = ""
    settings.EMAIL_USE_TLS = settings.EMAIL_USE_SSL = False
    settings.DEFAULT_FROM_EMAIL = "Lionrock <portal@compute.example>"
    settings.LIONROCK_PORTAL_URL = "https://compute.example"
    yield taken
    server.stop()
