"""Asking the operation of a command: its parameters into fields, its answer onto the terminal."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import islice
from pathlib import Path
from typing import Any

from lionrock.kernel.errors import Fault, Invalid
from lionrock.kernel.messages import gettext_noop, message
from lionrock.remote.server import telling
from lionrock.remote.table import Command
from lionrock.remote.views import shown, written
from lionrock_client import Client, Download, Items


def ask(client: Client, command: Command, given: Mapping[str, Any]) -> None:
    """Ask the command's operation with what was given, and print what it answers."""
    filled: dict[str, dict[str, Any]] = {"path": {}, "query": {}, "body": {}, "file": {}}
    for each in command.parameters:
        where, _, field = each.fills.partition(".")
        if where in filled and each.name in given:
            filled[where][field] = _plain(given[each.name])
    with telling():
        answer = _answer(client, command, filled)
        if isinstance(answer, Items):
            answer = list(islice(answer, given.get("limit")))
        elif isinstance(answer, Download):
            written(answer, given.get("output"))
            return
    shown(command.words, answer, as_json=bool(given.get("as_json")))


def _answer(client: Client, command: Command, filled: Mapping[str, dict[str, Any]]) -> Any:
    part = getattr(client, command.part)
    places = [filled["path"].get(name) or _left_out(client, name) for name in command.path]
    named = dict(filled["query"])
    if command.guard:
        named["read"] = getattr(part, command.guard)(*places)
    if "body" in command.sends:
        places.append(filled["body"])
    elif command.sends:
        [file] = filled["file"].values()
        places.append(Path(file))
        if len(command.sends) > 1:
            named["kind"] = kind_of(Path(file), command.sends)
    return getattr(part, command.operation)(*places, **named)


def _left_out(client: Client, name: str) -> str:
    """Return the only programme there is, where none was named; raises `Invalid` for anything else."""
    known = [str(each["id"]) for each in client.programmes.list_programmes()["items"]] if name == "programme" else []
    if len(known) != 1:
        said = message(
            gettext_noop("Say which {name} is meant with --{name}. There are: {known}."),
            name=name,
            known=", ".join(known) or "–",
        )
        raise Invalid("remote.command.left_out", said, faults=[Fault("remote.command.left_out", said, field=name)])
    return known[0]


def kind_of(file: Path, kinds: tuple[str, ...]) -> str:
    """Return the media type that a file's name says, among those that are taken; else the first."""
    words = {".csv": "csv", ".json": "json", ".ndjson": "ndjson", ".parquet": "parquet", ".pdf": "pdf", ".zip": "zip"}
    word = words.get(file.suffix.lower(), "octet-stream")
    return next((kind for kind in kinds if word in kind), kinds[0])


def _plain(value: Any) -> Any:
    return list(value) if isinstance(value, tuple) else value
