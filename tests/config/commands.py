"""Every command of `lionrock`, found by looking and not listed."""

from __future__ import annotations

from collections.abc import Iterator
from importlib import import_module

import click

from lionrock.config.cli import COMMANDS, main

Words = tuple[str, ...]


def groups_and_commands() -> dict[Words, click.Command]:
    """Return every group and command by its words; the program itself is the empty tuple."""
    return dict(_below(main, ()))


def commands() -> dict[Words, click.Command]:
    """Return those that do something themselves."""
    return {words: each for words, each in groups_and_commands().items() if not isinstance(each, click.Group)}


def as_the_rooms_have_them() -> Iterator[click.Command]:
    """Yield the groups and commands themselves, of which `lionrock` makes copies that connect first."""
    for entry in COMMANDS.values():
        module, name = entry.target.split(":")
        yield from dict(_below(getattr(import_module(module), name), ())).values()


def _below(command: click.Command, words: Words) -> Iterator[tuple[Words, click.Command]]:
    yield words, command
    if isinstance(command, click.Group):
        context = click.Context(command)
        for name in command.list_commands(context):
            found = command.get_command(context, name)
            assert found is not None
            yield from _below(found, (*words, name))
