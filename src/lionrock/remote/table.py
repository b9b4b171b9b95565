"""Which command is which operation, read from `commands.json`: generated from the commands and the API's table."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Final

TABLE: Final = Path(__file__).with_name("commands.json")


@dataclass(frozen=True, slots=True)
class Parameter:
    """An argument or an option of a command, as click has it; `fills` is where its value goes, such as query.award."""

    name: str
    words: tuple[str, ...]
    kind: str
    choices: tuple[str, ...]
    required: bool
    many: bool
    flag: bool
    help: str
    fills: str
    default: Any

    @property
    def argument(self) -> bool:
        """Whether it is told by its place."""
        return not self.words

    @property
    def shown(self) -> str:
        """What people call it."""
        return self.words[0] if self.words else self.name.upper()


@dataclass(frozen=True, slots=True)
class Command:
    """One command; `part` and `operation` name the client's method, and are empty where there is none.

    `guard` is the operation that shows what this one changes: it is read first. `own` commands stand in `own.py`.
    """

    words: str
    help: str
    part: str
    operation: str
    path: tuple[str, ...]
    sends: tuple[str, ...]
    guard: str
    own: bool
    parameters: tuple[Parameter, ...]


@dataclass(frozen=True, slots=True)
class Commands:
    """All of them by their words, and what each group is for."""

    groups: Mapping[str, str]
    commands: Mapping[str, Command]


@cache
def commands() -> Commands:
    """Return the table."""
    read = json.loads(TABLE.read_text(encoding="utf-8"))
    return Commands(read["groups"], {words: _command(words, each) for words, each in read["commands"].items()})


def _command(words: str, each: Mapping[str, Any]) -> Command:
    return Command(
        words=words,
        help=each["help"],
        part=each.get("part", ""),
        operation=each.get("operation", ""),
        path=tuple(each.get("path", ())),
        sends=tuple(each.get("sends", ())),
        guard=each.get("guard", ""),
        own=each.get("own", False),
        parameters=tuple(_parameter(one) for one in each.get("parameters", ())),
    )


def _parameter(one: Mapping[str, Any]) -> Parameter:
    return Parameter(
        name=one["name"],
        words=tuple(one.get("words", ())),
        kind=one["kind"],
        choices=tuple(one.get("choices", ())),
        required=one.get("required", False),
        many=one.get("many", False),
        flag=one.get("flag", False),
        help=one.get("help", ""),
        fills=one.get("fills", ""),
        default=one.get("default"),
    )
