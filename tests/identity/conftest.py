"""Somebody with a password, and a browser in which that person is signed in."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest
from django.test import Client

if TYPE_CHECKING:
    from lionrock.people.models import Person

ADDRESS, PASSWORD = "chan@harbour.example", "granite under rain"
FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"


@pytest.fixture
def person(db: None) -> Person:
    """Somebody who signs in with a password."""
    # Models can be imported only when Django is set up, which is after this file is read.
    from lionrock.people.actions import register_person  # noqa: PLC0415
    from lionrock.people.domain import terminal_operator  # noqa: PLC0415

    return register_person(
        actor=terminal_operator("root"),
        email=ADDRESS,
        name="Chan Tai Man",
        now=datetime(2026, 3, 2, tzinfo=UTC),
        password=PASSWORD,
    )


@pytest.fixture
def browser(person: Person) -> Client:
    """A browser in which that person is signed in."""
    client = Client(headers={"User-Agent": FIREFOX})
    client.force_login(person)
    return client
