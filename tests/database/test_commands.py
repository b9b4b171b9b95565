"""`lionrock database …`."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import click
import pytest
from click.testing import CliRunner, Result
from tests.database.neighbours import SOURCE, Neighbour, connect

from lionrock.database import ensure_running
from lionrock.database.commands import database
from lionrock.terminal.errors import Group

URL = "postgresql://ann:secret@127.0.0.1:9/compute"


@dataclass
class Settings:
    home: Path
    database_url: str | None = None


def run(settings: Settings, *words: str) -> Result:
    root = Group("lionrock", commands=[database])
    return CliRunner().invoke(root, ["database", *words], obj=settings)


@pytest.mark.integration
def test_start_keeps_the_server_until_stop(home: Path) -> None:
    settings = Settings(home)
    assert json.loads(run(settings, "status", "--json").stdout)["state"] == "down"
    started = json.loads(run(settings, "start", "--json").stdout)
    assert (started["state"], started["kept"], started["durable"]) == ("ready", True, False)
    assert started["version"].startswith("18.")
    assert json.loads(run(settings, "stop", "--json").stdout) == {"stopped": True, "users": []}
    assert json.loads(run(settings, "status", "--json").stdout)["state"] == "down"


@pytest.mark.integration
def test_stop_names_who_still_uses_the_server(home: Path) -> None:
    settings = Settings(home)
    neighbour = Neighbour(home).wait_until_ready()
    said = run(settings, "stop").stdout
    assert str(neighbour.process.pid) in said
    assert "--now" in said
    assert run(settings, "stop", "--now").stdout == "Stopped.\n"
    neighbour.leave()


@pytest.mark.integration
def test_migrate_makes_the_tables_from_nothing(home: Path) -> None:
    script = "from lionrock.config.cli import main; main()"
    environment = os.environ | {"LIONROCK_HOME": str(home), "PYTHONPATH": str(SOURCE)}
    environment.pop("LIONROCK_DATABASE_URL", None)
    environment.pop("DJANGO_SETTINGS_MODULE", None)
    subprocess.run([sys.executable, "-c", script, "database", "migrate"], env=environment, check=True)
    ensure_running(home, None)
    with connect(home) as connection:
        assert connection.execute("SELECT count(*) > 0 FROM django_migrations").fetchall() == [(True,)]


def test_status_without_a_home_makes_none(home: Path) -> None:
    result = run(Settings(home), "status")
    assert result.exit_code == 0
    assert "down" in result.stdout
    assert not home.exists()


@pytest.mark.parametrize("verb", ["start", "stop"])
def test_a_server_by_url_is_neither_started_nor_stopped(home: Path, verb: str) -> None:
    result = run(Settings(home, URL), verb)
    assert result.exit_code == 6
    assert "database.not_private" in result.stderr
    assert "127.0.0.1:9/compute" in result.stderr
    assert "secret" not in result.stderr


def test_the_state_of_a_server_by_url_that_is_away_is_an_error(home: Path) -> None:
    result = run(Settings(home, URL), "status")
    assert result.exit_code == 7
    assert "database.unreachable" in result.stderr


def test_the_group_has_the_four_verbs() -> None:
    assert isinstance(database, click.Group)
    assert set(database.commands) == {"start", "stop", "status", "migrate"}
