"""A server with a small programme in full swing, and the same command asked of it and at its own terminal."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from pytest_django.live_server_helper import LiveServer

from lionrock.config import cli


@dataclass(frozen=True)
class Ended:
    """What a command printed, and how it ended."""

    output: str
    exit_code: int


def called(*words: str) -> Ended:
    """Call a command; what the server logs meanwhile, in the same process, is no part of what it prints."""
    ran = CliRunner().invoke(cli.main, list(words))
    lines = ran.output.splitlines(keepends=True)
    return Ended("".join(line for line in lines if not line.startswith("timestamp=")), ran.exit_code)


@dataclass
class Terminals:
    """One person at the server's own terminal, and elsewhere with a token."""

    address: str
    email: str
    token_file: Path

    def there(self, *words: str) -> Ended:
        """Call a command at the server's own terminal."""
        return called(*words, "--as", self.email)

    def plain(self, *words: str) -> Ended:
        """Call a command there that is the same for everybody."""
        return called(*words)

    def here(self, *words: str) -> Ended:
        """Call it of the server."""
        return called("--server", self.address, "--token-file", str(self.token_file), *words)

    def signed_in(self, secret: str) -> Terminals:
        """Put another token into the file."""
        self.token_file.write_text(secret)
        self.token_file.chmod(0o600)
        return self


@pytest.fixture
def terminals(
    live_server: LiveServer, transactional_db: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Callable[[str], Terminals]:
    """Return the terminals of somebody, by address."""
    from tests.api.asking import token_for  # noqa: PLC0415 - once Django is set up

    monkeypatch.setattr(cli, "connect", lambda: None)
    monkeypatch.chdir(tmp_path)

    def of(email: str) -> Terminals:
        return Terminals(live_server.url, email, tmp_path / "token").signed_in(token_for(email))

    return of


@pytest.fixture
def scene(transactional_db: None) -> Any:
    """A small programme in full swing."""
    from tests.web.scene import set_scene  # noqa: PLC0415 - once Django is set up

    return set_scene("granite over the harbour", last=9)
