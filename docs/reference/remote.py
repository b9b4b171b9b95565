"""Writes which command is which operation for `lionrock --server`: `make reference`.

A parameter of a command fills the field of its operation that has its name; arguments fill the places of the
address in their order. `RENAMED` says where names differ. A command is asked of a server when all that its
operation needs is filled; those that are more than one question stand in `lionrock/remote/own.py`.
"""

from __future__ import annotations

import inspect
import json
from collections.abc import Collection, Iterator, Mapping
from pathlib import Path
from typing import Any, Final

import click
from docs.reference.client import Asking, Described, argument, referred

from lionrock.remote.own import OWN
from lionrock.remote.table import TABLE

RENAMED: Final[Mapping[tuple[str, str], str]] = {}
"""(operation, field) → the parameter that fills it, where the names differ."""

HERE: Final = frozenset({"as_json", "output", "limit"})
"""Parameters that no server needs to know."""
ELSEWHERE: Final = frozenset({"acting_as", "at"})
"""Parameters that a token leaves no room for: it is somebody, and the server has its clock."""
LEFT_OUT: Final = frozenset({"programme"})
"""What need not be named, as long as there is only one."""
PAGING: Final = frozenset({"limit", "cursor"})


def table(
    document: Mapping[str, Any],
    commands: Mapping[str, tuple[click.Command, Collection[str]]],
    guards: Mapping[str, str],
) -> str:
    """Return the table: of each command what it takes, and its operation; `guards` show what is changed."""
    described = Described(document)
    asked = {str(each.said["operationId"]): each for each in described.asked}
    rows = {
        words: _row(described, guards, words, command, [asked[name] for name in names])
        for words, (command, names) in commands.items()
    }
    return json.dumps({"groups": _groups(commands), "commands": rows}, ensure_ascii=False, indent=1) + "\n"


def _groups(commands: Mapping[str, Any]) -> dict[str, str]:
    from lionrock.config.cli import COMMANDS, main  # noqa: PLC0415 - once Django is set up

    found: dict[str, str] = {}
    for words in commands:
        for length in range(1, len(words.split())):
            group = " ".join(words.split()[:length])
            found[group] = COMMANDS[group].help if group in COMMANDS else _help(_below(main, group))
    return found


def _below(main: click.Group, words: str) -> click.Command:
    command: click.Command = main
    for word in words.split():
        assert isinstance(command, click.Group)
        below = command.get_command(click.Context(command), word)
        assert below is not None
        command = below
    return command


def _help(command: click.Command) -> str:
    return inspect.cleandoc(command.help or "").split("\f")[0]


def _row(
    described: Described, guards: Mapping[str, str], words: str, command: click.Command, operations: list[Asking]
) -> dict[str, Any]:
    row: dict[str, Any] = {"help": _help(command)}
    parameters = [each for each in command.params if each.name]
    fitting = [each for each in operations if words in OWN or not _needs(described, each, parameters) - LEFT_OUT]
    if not fitting:
        return row
    operation = min(fitting, key=lambda each: len(_needs(described, each, parameters)))
    fills, _ = _fills(described, operation, parameters)
    if words in OWN:
        row["own"] = True
        fills = {str(each.name): "here" for each in parameters if each.name not in ELSEWHERE}
    row |= {"part": operation.part, "operation": operation.name}
    row["path"] = [argument(each["name"]) for each in operation.parameters("path")]
    row["sends"] = ["body"] if operation.body is not None else list(operation.sent)
    if operation.headers.get("if-match"):
        row["guard"] = guards[operation.name]
    row["parameters"] = [_parameter(each, fills.get(str(each.name), "")) for each in parameters]
    return row


def _needs(described: Described, operation: Asking, parameters: list[click.Parameter]) -> set[str]:
    """Return what an operation needs and no parameter fills."""
    return _fills(described, operation, parameters)[1]


def _fills(
    described: Described, operation: Asking, parameters: list[click.Parameter]
) -> tuple[dict[str, str], set[str]]:
    """Return parameter → field, and the fields that are needed and not filled."""
    names = {argument(word): str(each.name) for each in parameters for word in _words_of(each)}
    found: dict[str, str] = {}
    missing = set()
    left = [str(each.name) for each in parameters if isinstance(each, click.Argument)]
    for where, field, required in _fields(described, operation):
        if field in PAGING and described.listed(operation):
            continue
        wanted = RENAMED.get((operation.name, field), field)
        name = names.get(argument(wanted) if where == "body" else wanted)
        if name is None and where == "path" and left:
            name = left[0]
        if name is not None:
            found[name] = f"{where}.{field}"
            left = [each for each in left if each != name]
        elif required:
            missing.add(field)
    return {**dict.fromkeys(HERE, "here"), **found}, missing


def _fields(described: Described, operation: Asking) -> Iterator[tuple[str, str, bool]]:
    for each in operation.parameters("path"):
        yield "path", argument(each["name"]), True
    if operation.sent and operation.body is None:
        yield "file", "file", True
    for each in operation.parameters("query"):
        yield "query", argument(each["name"]), bool(each["required"])
    if operation.body is not None:
        schema = described.schemas[referred(operation.body)]
        for name in schema.get("properties", {}):
            yield "body", name, name in schema.get("required", ())


def _words_of(each: click.Parameter) -> list[str]:
    longest = [word.lstrip("-").replace("-", "_") for word in each.opts if word.startswith("--")]
    return [str(each.name), *longest]


def _parameter(each: click.Parameter, fills: str) -> dict[str, Any]:
    made: dict[str, Any] = {"name": each.name, "kind": _kind(each), "fills": fills}
    if isinstance(each, click.Option):
        made |= {"words": [*each.opts, *each.secondary_opts], "flag": each.is_flag, "help": each.help or ""}
    made["many"] = each.multiple if isinstance(each, click.Option) else each.nargs == -1
    if isinstance(each.type, click.Choice):
        made["choices"] = [str(choice) for choice in each.type.choices]
    made["required"] = each.required
    if isinstance(each.default, str | int) and not isinstance(each.default, bool):
        made["default"] = each.default
    return {name: value for name, value in made.items() if value not in (False, "", []) or name in ("name", "kind")}


def _kind(each: click.Parameter) -> str:
    if isinstance(each.type, click.types.IntParamType):
        return "integer"
    if isinstance(each.type, click.Path | click.File):
        return "path"
    return "unprocessed" if each.type is click.UNPROCESSED else "text"


def written(
    document: str, commands: Mapping[str, tuple[click.Command, Collection[str]]], guards: Mapping[str, str]
) -> dict[Path, str]:
    """Return the file of the table with its content."""
    return {TABLE: table(json.loads(document), commands, guards)}
