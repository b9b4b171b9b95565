"""In front of the world Lionrock starts only when it is safe, and says all that is not at once."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from click.testing import CliRunner

from lionrock.config import cli
from lionrock.config.environment import Environment, environment
from lionrock.config.unsafe import require_safe
from lionrock.kernel.errors import Fault, collecting

SAFE: dict[str, Any] = {
    "insecure_http": False,
    "allowed_hosts": ["compute.example.org"],
    "portal_url": "https://compute.example.org",
    "mail_from": "portal@compute.example.org",
    "mail_url": "smtps://mail.example.org",
    "database_url": "postgresql://lionrock@db.example.org/lionrock?sslmode=verify-full",
}


def unsafe(home: Path, **otherwise: object) -> set[str]:
    given = Environment(home=home, **SAFE | otherwise)
    faults: list[Fault] = []
    with collecting(faults):
        require_safe(given)
    assert all(str(fault.field) in str(fault.message) or fault.field == "LIONROCK_HOME" for fault in faults)
    return {str(fault.field).removeprefix("LIONROCK_").lower() for fault in faults}


def test_what_is_safe_starts(tmp_path: Path) -> None:
    assert unsafe(tmp_path) == set()
    assert unsafe(tmp_path, mail_url=None, database_url=None) == set()


@pytest.mark.parametrize(
    ("otherwise", "named"),
    [
        ({"debug": True}, {"debug"}),
        ({"secret_key": "changeme" * 5}, {"secret_key"}),
        ({"secret_key": "django-insecure-0123456789abcdefghijklmnop"}, {"secret_key"}),
        ({"secret_key": "Zm9vYmFyIGJheiBxdXV4IDEyMzQ1Njc4OTA-xyz"}, set()),
        ({"allowed_hosts": ["compute.example.org", "*"]}, {"allowed_hosts"}),
        ({"allowed_hosts": [".example.org"]}, set()),
        ({"allowed_hosts": ["other.example.org"]}, {"portal_url"}),
        ({"portal_url": "http://compute.example.org"}, {"portal_url"}),
        ({"mail_url": "smtp://mail.example.org"}, {"mail_url"}),
        ({"mail_url": "smtp://localhost"}, set()),
        ({"database_url": "postgresql://db.example.org/lionrock"}, {"database_url"}),
        ({"database_url": "postgresql://db.example.org/lionrock?sslmode=prefer"}, {"database_url"}),
        ({"database_url": "postgresql://localhost/lionrock"}, set()),
        ({"database_url": "postgresql:///lionrock?host=%2Frun%2Fpostgresql"}, set()),
        ({"metrics_networks": ["0.0.0.0/0"]}, {"metrics_networks"}),
        ({"debug": True, "allowed_hosts": ["*"]}, {"debug", "allowed_hosts", "portal_url"}),
    ],
)  # fmt: skip
def test_each_unsafe_variable_is_named_all_at_once(tmp_path: Path, otherwise: dict[str, Any], named: set[str]) -> None:
    assert unsafe(tmp_path, **otherwise) == named
    assert unsafe(tmp_path, **otherwise | {"insecure_http": True}) == set(), "a laptop may"


@pytest.fixture
def open_folder() -> Iterator[Path]:
    """A folder that everybody gets to, which pytest's own are not."""
    with TemporaryDirectory() as made:
        folder = Path(made)
        folder.chmod(0o755)
        assert all(parent.stat().st_mode & 0o001 for parent in folder.parents)
        yield folder


def test_secrets_that_everybody_may_read_are_named(open_folder: Path) -> None:
    key = open_folder / "secret-key"
    key.write_text("a key")
    key.chmod(0o644)
    assert unsafe(open_folder) == {"home"}
    key.chmod(0o640)
    assert unsafe(open_folder) == set()
    key.chmod(0o644)
    open_folder.chmod(0o700)
    assert unsafe(open_folder) == set(), "nobody gets there"


def test_a_command_does_not_start_and_repeats_no_secret(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("LIONROCK_INSECURE_HTTP", "false")
    monkeypatch.setenv("LIONROCK_SECRET_KEY", "changeme" * 5)
    monkeypatch.setenv("LIONROCK_DEBUG", "true")
    environment.cache_clear()
    try:
        refused = CliRunner().invoke(cli.main, ["serve"])
    finally:
        environment.cache_clear()
    assert refused.exit_code == 2
    for name in ("LIONROCK_DEBUG", "LIONROCK_SECRET_KEY", "LIONROCK_PORTAL_URL"):
        assert name in refused.stderr
    assert "changeme" not in refused.stderr
