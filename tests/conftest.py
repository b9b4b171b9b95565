"""One database server for the whole run: made by the controller, used by every worker, removed at the end.

Without more it is Lionrock's own private server in a temporary home. With
LIONROCK_TEST_DATABASE=debian it is a PostgreSQL 15 from the system's packages, named by URL.
With LIONROCK_TEST_SLURM=none the tests that start a real Slurm are left out; see tests/slurm.

The settings of Django are read here, and not by an entry in pyproject.toml: pytest-django would read
that before any conftest, and the tests would run in the home of whoever starts them.
"""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings
from django.utils import translation
from tests.chromium import chromium, orm_beside_the_browser
from tests.database.debian import DebianServer
from tests.emptying import guarded_tables_can_be_emptied
from tests.integration.home import Home, migrated_home
from tests.slurm.cluster import CHOICE as SLURM_CHOICE
from tests.slurm.cluster import left_out

from lionrock.config.environment import environment
from lionrock.database import ensure_running, release
from lionrock.database.server import UNSAFE_FAST
from lionrock.database.sharing import end

__all__ = ["chromium", "guarded_tables_can_be_emptied", "orm_beside_the_browser"]

IS_WORKER = "PYTEST_XDIST_WORKER" in os.environ
CHOICE = "LIONROCK_TEST_DATABASE"
servers = pytest.StashKey[DebianServer]()


def pytest_configure(config: pytest.Config) -> None:
    """Name the home and the database before Django reads its settings."""
    if not IS_WORKER:
        _name_the_home(config)
    if config.pluginmanager.hasplugin("django"):
        os.environ["DJANGO_SETTINGS_MODULE"] = "lionrock.config.settings"
        if str(settings.LIONROCK_HOME) != os.environ["LIONROCK_HOME"]:
            pytest.exit("Django's settings were read before tests/conftest.py could name a temporary home", 1)
        # What makes passwords safe is that they take long; a thousand people sign in here.
        settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


def _name_the_home(config: pytest.Config) -> None:
    for name in [name for name in os.environ if name.startswith("LIONROCK_") and name not in {CHOICE, SLURM_CHOICE}]:
        del os.environ[name]
    home = Path(tempfile.mkdtemp(prefix="lionrock-tests-"))
    os.environ |= {"LIONROCK_HOME": str(home), UNSAFE_FAST: "1"}
    if os.environ.get(CHOICE) == "debian":
        server = DebianServer()
        config.stash[servers] = server
        server.start()
        os.environ["LIONROCK_DATABASE_URL"] = server.url


def pytest_unconfigure(config: pytest.Config) -> None:
    """Leave nothing behind, however the run ended."""
    if IS_WORKER:
        return
    home = Path(os.environ["LIONROCK_HOME"])
    end(home, now=True)
    if servers in config.stash:
        config.stash[servers].stop()
    shutil.rmtree(home)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say what was not tried where it is read, so that nobody takes it for tried."""
    if why := left_out():
        terminalreporter.write_line(f"Not tried, and not counted: what runs against a real Slurm ({why}).")


@pytest.fixture(autouse=True)
def language_of_the_installation() -> None:
    """Begin in the installation's language: the last page that a test opened may have been in another."""
    translation.deactivate()


@pytest.fixture(scope="session")
def migrated() -> Home:
    """A home with tables, made once for all workers: `migrated.copy(…)` takes a second, not twelve."""
    return migrated_home(environment().home / "migrated")


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings_parallel_suffix: None) -> Iterator[None]:
    """Have the server up before pytest-django makes its database; the first worker in starts it."""
    home, url = environment().home, environment().database_url
    ensure_running(home, url)
    yield
    release(home)
