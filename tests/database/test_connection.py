"""What Django is told, and which servers by URL will do."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from tests.database.debian import DebianServer

from lionrock.database import ensure_running, parameters
from lionrock.database.connection import accepted, address, check_server
from lionrock.database.layout import LONGEST_SOCKET_PATH, SOCKET, Layout
from lionrock.kernel.errors import Invalid, Unavailable

OURS = {"connect_timeout": 10, "application_name": "lionrock", "options": "-c lock_timeout=120000"}


def told(url: str) -> dict[str, Any]:
    return parameters(Path("/srv/home"), url)


def test_the_private_server_is_reached_by_its_socket_and_asking_starts_nothing(tmp_path: Path) -> None:
    assert parameters(tmp_path, None) == {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": "lionrock",
        "USER": "lionrock",
        "PASSWORD": "",
        "HOST": str(Layout.of(tmp_path).socket_folder),
        "PORT": "5432",
        "CONN_MAX_AGE": 60,
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": OURS,
    }
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("url", "name", "user", "password", "host", "port"),
    [
        ("postgresql://ann:s%40crt@db.example.org:6432/compute", "compute", "ann", "s@crt", "db.example.org", "6432"),
        ("postgres://db.example.org/compute", "compute", "", "", "db.example.org", ""),
        ("postgresql://ann@/compute?host=%2Frun%2Fpg", "compute", "ann", "", "/run/pg", ""),
        ("postgresql://ann@one:1,two:2/compute", "compute", "ann", "", "one,two", "1,2"),
    ],
)
def test_a_url_is_taken_apart(url: str, name: str, user: str, password: str, host: str, port: str) -> None:
    found = told(url)
    assert [found[key] for key in ("NAME", "USER", "PASSWORD", "HOST", "PORT")] == [name, user, password, host, port]
    assert found["OPTIONS"] == OURS


def test_what_the_url_says_wins_over_our_options() -> None:
    found = told("postgresql://h/d?sslmode=verify-full&connect_timeout=3&options=-c%20lock_timeout%3D5")
    assert found["OPTIONS"] == OURS | {
        "sslmode": "verify-full",
        "connect_timeout": "3",
        "options": "-c lock_timeout=5",
    }


@pytest.mark.parametrize(
    "url",
    [
        "mysql://ann:secret@host/compute",
        "host=localhost dbname=compute password=secret",
        "postgresql://ann:secret@host",
        "postgresql://ann:secret@host/compute?no_such_option=1",
        "postgresql://ann:secret%zz@host/compute",
        "postgresql://ann:secret@[::1/compute",
    ],
)
def test_a_url_that_is_none_is_refused_without_repeating_its_password(url: str) -> None:
    with pytest.raises(Invalid) as caught:
        told(url)
    assert caught.value.code == "database.bad_url"
    assert caught.value.faults[0].field == "LIONROCK_DATABASE_URL"
    assert "secret" not in str(caught.value)


def test_an_address_shows_neither_user_nor_password() -> None:
    assert address("postgresql://ann:secret@db.example.org:6432/compute") == "db.example.org:6432/compute"


@pytest.mark.parametrize(
    ("version", "text"), [(150000, "15.0"), (150018, "15.18"), (160004, "16.4"), (180006, "18.6"), (190000, "19.0")]
)
def test_postgresql_from_15_up_will_do(version: int, text: str) -> None:
    assert accepted("db", version, "UTF8") == text


@pytest.mark.parametrize(("version", "text"), [(149999, "14.9999"), (140011, "14.11"), (90624, "9.624")])
def test_an_older_postgresql_is_refused_by_name(version: int, text: str) -> None:
    with pytest.raises(Unavailable) as caught:
        accepted("db", version, "UTF8")
    assert caught.value.code == "database.too_old"
    assert text in str(caught.value)
    assert "15 or later" in str(caught.value)


def test_a_database_that_cannot_hold_chinese_is_refused() -> None:
    with pytest.raises(Unavailable) as caught:
        accepted("db", 180000, "SQL_ASCII")
    assert caught.value.code == "database.wrong_encoding"


@pytest.mark.parametrize("length", range(60, 120))
def test_the_path_of_the_socket_always_fits(length: int) -> None:
    home = Path("/" + "h" * length)
    layout = Layout.of(home)
    assert len(bytes(layout.socket_folder / SOCKET)) <= LONGEST_SOCKET_PATH
    assert (layout.socket_folder == layout.data) == (len(bytes(layout.data / SOCKET)) <= LONGEST_SOCKET_PATH)


def test_two_homes_never_share_a_socket() -> None:
    places = {Layout.of(Path("/" + "h" * 120 + name)).socket_folder for name in ("a", "b", "c")}
    assert len(places) == 3


@pytest.fixture(scope="module")
def debian() -> Iterator[DebianServer]:
    server = DebianServer()
    try:
        server.start()
        yield server
    finally:
        server.stop()


@pytest.mark.integration
def test_the_oldest_accepted_server_is_accepted_by_url(debian: DebianServer, tmp_path: Path) -> None:
    ensure_running(tmp_path, debian.url)
    assert check_server(debian.url).startswith("15.")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.integration
@pytest.mark.parametrize(
    ("user", "database", "reason"),
    [("lionrock", "no_such", 'database "no_such" does not exist'), ("nobody", "lionrock", 'role "nobody" does not')],
)
def test_a_server_that_does_not_let_us_in_is_quoted(
    debian: DebianServer, tmp_path: Path, user: str, database: str, reason: str
) -> None:
    url = debian.url_of(database).replace("lionrock@", f"{user}:secret@")
    with pytest.raises(Unavailable) as caught:
        ensure_running(tmp_path, url)
    assert caught.value.code == "database.unreachable"
    assert reason in str(caught.value)
    assert "secret" not in str(caught.value)


@pytest.mark.integration
def test_a_server_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(Unavailable) as caught:
        ensure_running(tmp_path, "postgresql://ann:secret@127.0.0.1:9/compute")
    assert caught.value.code == "database.unreachable"
    assert "127.0.0.1:9/compute" in str(caught.value)
    assert "secret" not in str(caught.value)
