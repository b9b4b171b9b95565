"""The command line as a whole: help for everybody, nothing unknown, nothing swallowed."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import click
import pytest
from click.testing import CliRunner, Result
from tests.config.commands import Words, as_the_rooms_have_them, commands, groups_and_commands
from tests.integration.home import Home

from lionrock.config import cli
from lionrock.kernel.errors import Broken

EVERYTHING = groups_and_commands()
LEAVES = commands()


@pytest.fixture
def no_database(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let nobody reach one."""

    def reached() -> None:
        raise AssertionError("help does not need a database")

    monkeypatch.setattr(cli, "connect", reached)


@pytest.fixture(autouse=True)
def as_in_a_process_of_its_own(monkeypatch: pytest.MonkeyPatch) -> None:
    """Forget what click keeps of a command's first use: a test that called a room's group alone had no -h."""
    for command in as_the_rooms_have_them():
        monkeypatch.setattr(command, "_help_option", None)


def run(*words: str) -> Result:
    return CliRunner().invoke(cli.main, words)


@pytest.mark.usefixtures("no_database")
@pytest.mark.parametrize("words", EVERYTHING, ids=" ".join)
def test_help_needs_no_database_and_names_every_option(words: Words) -> None:
    told = run(*words, "--help")
    assert (told.exit_code, told.stderr) == (0, "")
    for parameter in EVERYTHING[words].params:
        if isinstance(parameter, click.Option):
            assert parameter.opts[0] in told.stdout
    assert run(*words, "-h").stdout == told.stdout


@pytest.mark.parametrize("words", LEAVES, ids=" ".join)
def test_every_command_says_what_it_does_and_gives_an_example_that_can_be_typed(words: Words) -> None:
    command = LEAVES[words]
    text = " ".join((command.help or "").split())
    said, marked, rest = text.partition("Example: lionrock ")
    assert said
    assert marked, f"`lionrock {' '.join(words)}` has no example"
    typed = shlex.split(rest)
    assert tuple(typed[: len(words)]) == words
    command.make_context(words[-1], typed[len(words) :])


def test_an_example_that_cannot_be_typed_would_be_noticed() -> None:
    with pytest.raises(click.UsageError):
        LEAVES["organisation", "add"].make_context("add", ["harbour", "--nme", "Harbour"])


@pytest.mark.usefixtures("no_database")
def test_the_help_lists_the_commands_in_the_order_of_the_line() -> None:
    text = run("--help").stdout.partition("Commands:")[2]
    listed = [word for word in cli.COMMANDS if re.search(rf"^  {word} ", text, re.MULTILINE)]
    assert listed == list(cli.COMMANDS)
    assert [text.index(f"\n  {word} ") for word in listed] == sorted(text.index(f"\n  {word} ") for word in listed)


@pytest.mark.usefixtures("no_database")
@pytest.mark.parametrize("words", [("dance",), ("ledger", "dance"), ("charge", "close", "--dance")])
def test_what_is_unknown_is_named(words: Words) -> None:
    told = run(*words)
    assert (told.exit_code, told.stdout) == (2, "")
    assert words[-1] in told.stderr


@pytest.mark.usefixtures("no_database")
def test_a_wrong_option_is_told_without_a_database() -> None:
    assert run("charge", "close", "--programme", "hk-aiss-demo").exit_code == 2


def test_the_version_is_the_packages() -> None:
    assert re.search(r"\d+\.\d+", run("--version").stdout)


def test_an_error_that_nobody_foresaw_is_called_a_defect(monkeypatch: pytest.MonkeyPatch) -> None:
    def breaks() -> None:
        raise ZeroDivisionError("nobody thought of this")

    monkeypatch.setattr(cli, "connect", breaks)
    told = run("organisation", "list")
    assert told.exit_code == Broken.exit_code
    assert "defect in Lionrock" in told.stderr
    assert "ZeroDivisionError" in told.stderr
    assert "nobody thought of this" in told.stderr


@pytest.mark.integration
def test_help_starts_no_server_and_makes_no_data(tmp_path: Path) -> None:
    home = Home(tmp_path / "home")
    assert "Example: lionrock charge close" in home.good("charge", "close", "--help")
    assert home.run("charge", "close").returncode == 2
    assert not (home.path / "postgres").exists()


@pytest.mark.integration
@pytest.mark.parametrize("words", [("programme", "list"), ("quote", "--help")])
def test_the_rulebook_is_read_without_a_database(words: Words, tmp_path: Path) -> None:
    home = Home(tmp_path / "home")
    assert home.good(*words)
    assert not (home.path / "postgres").exists()
