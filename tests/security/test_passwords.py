"""Passwords: long ones of any letters, hidden while they are typed; and nobody has one to begin with."""

from __future__ import annotations

import pytest
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.test import Client
from tests.web.scene import person

from lionrock.people.models import Person

pytestmark = pytest.mark.django_db
GOOD = " ＡB  naïve 獅子山 🦁 " + "x" * 100


@pytest.mark.parametrize("password", ["short", "elevenchars", "1q2w3e4r5t6y", "qwertyuiop123"])
def test_short_and_common_passwords_are_refused(password: str) -> None:
    with pytest.raises(ValidationError):
        validate_password(password)


def test_any_letters_and_many_of_them_are_taken_as_they_are(client: Client) -> None:
    validate_password(GOOD)
    person("chan@example.org", "Chan", password=GOOD)
    for wrong in (GOOD.strip(), GOOD.lower(), GOOD[:72]):
        assert not client.login(username="chan@example.org", password=wrong)
    assert client.login(username="chan@example.org", password=GOOD)


def test_the_box_hides_what_is_typed_and_lets_managers_fill_it(client: Client) -> None:
    page = client.get("/sign-in").content.decode()
    [box] = [part.split(">")[0] for part in page.split("<input") if 'name="password"' in part.split(">")[0]]
    assert 'type="password"' in box
    assert 'autocomplete="current-password"' in box
    assert "onpaste" not in page


def test_nobody_is_on_file_before_somebody_is_put_there() -> None:
    assert not Person.objects.exists()


def test_signing_in_gives_the_browser_another_key(client: Client) -> None:
    person("chan@example.org", "Chan", password=GOOD)
    client.cookies["sessionid"] = "a" * 32  # as somebody else would have planted it
    client.post("/sign-in", {"username": "chan@example.org", "password": GOOD})
    assert client.cookies["sessionid"].value not in ("", "a" * 32)
