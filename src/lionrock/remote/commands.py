"""The commands of click that ask a server, made of the table: the same words and options as at its own terminal."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

import click

from lionrock.kernel.errors import Fault, Invalid
from lionrock.kernel.messages import gettext_noop, message
from lionrock.remote.asking import ask
from lionrock.remote.server import Server, telling
from lionrock.remote.table import Command, Parameter, commands

_KINDS: Final[Mapping[str, click.ParamType[Any]]] = {
    "integer": click.INT,
    "path": click.Path(path_type=Path),
    "text": click.STRING,
}


def remote_command(server: Server, words: str) -> click.Command | None:
    """Return the command, or the group, of these words; None where there is none."""
    known = commands()
    if words in known.commands:
        return _command(server, known.commands[words])
    if words not in known.groups:
        return None
    group = click.Group(words.rpartition(" ")[2], help=known.groups[words])
    below = [each for each in (*known.groups, *known.commands) if each.rpartition(" ")[0] == words]
    for each in below:
        made = remote_command(server, each)
        if made is not None:
            group.add_command(made)
    return group


def _command(server: Server, command: Command) -> click.Command:
    name = command.words.rpartition(" ")[2]
    if not command.operation:
        return click.Command(
            name,
            help=command.help,
            callback=lambda: _elsewhere(server, command),
            context_settings={"ignore_unknown_options": True, "allow_extra_args": True},
        )
    return click.Command(
        name,
        help=command.help,
        callback=lambda **given: _run(server, command, given),
        params=[_parameter(each) for each in command.parameters],
    )


def _parameter(each: Parameter) -> click.Parameter:
    kind = click.Choice(each.choices) if each.choices else _KINDS.get(each.kind, click.STRING)
    if each.argument:
        unprocessed = click.UNPROCESSED if each.kind == "unprocessed" else kind
        return click.Argument([each.name], type=unprocessed, required=each.required, nargs=-1 if each.many else 1)
    if each.flag:
        word = "/".join(each.words)
        return click.Option([word, each.name], is_flag=True, default=None if "/" in word else False, help=each.help)
    return click.Option(
        [*each.words, each.name],
        type=kind,
        default=each.default,
        required=each.required,
        multiple=each.many,
        help=each.help or None,
    )


def _elsewhere(server: Server, command: Command) -> None:
    said = message(
        gettext_noop(
            "“lionrock {words}” runs only at the server's own terminal: the API of {server} has no operation for it. "
            "Sign in to that machine and call it there, without --server."
        ),
        words=command.words,
        server=server.address,
    )
    raise Invalid("remote.command.elsewhere", said)


def _run(server: Server, command: Command, given: dict[str, Any]) -> None:
    named = {name: value for name, value in given.items() if value not in (None, (), "", False)}
    _refuse_what_has_no_field(command, named)
    client = server.client()
    if not command.own:
        ask(client, command, named)
        return
    # It knows how jobs are written down, which takes a while to load.
    from lionrock.remote.own import OWN  # noqa: PLC0415

    with telling():
        OWN[command.words](client, named)


def _refuse_what_has_no_field(command: Command, named: Mapping[str, Any]) -> None:
    """Raise `Invalid` for options that only the server's own terminal has, such as --as: a token is somebody."""
    unknown = [each for each in command.parameters if each.name in named and not each.fills]
    if not unknown:
        return
    faults = [
        Fault(
            "remote.option.elsewhere",
            message(
                gettext_noop(
                    "{option} counts only at the server's own terminal: its API has nothing of the kind. Leave it out."
                ),
                option=each.shown,
            ),
            field=each.name,
            value=str(named[each.name]),
        )
        for each in unknown
    ]
    raise Invalid("remote.option.elsewhere", faults[0].message, faults=faults)
