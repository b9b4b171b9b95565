"""Results on standard output: a table for people or JSON for machines."""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, TypeVar

import click

Command = TypeVar("Command", bound=Callable[..., Any])


def json_option(command: Command) -> Command:
    """Add `--json`, handed to the command as `as_json`."""
    return click.option("--json", "as_json", is_flag=True, help="Print JSON for machines.")(command)


@dataclass(frozen=True)
class Table:
    """Rows under headings; columns named in `right` are aligned right."""

    headings: Sequence[str]
    rows: Sequence[Sequence[object]]
    right: frozenset[str] = field(default_factory=frozenset)

    def render(self) -> str:
        """Return the table as text, aligned by display width (Chinese counts double)."""
        cells = [[str(cell) for cell in row] for row in self.rows]
        widths = [
            max([_width(heading), *(_width(row[index]) for row in cells)])
            for index, heading in enumerate(self.headings)
        ]
        lines = [
            self._line(list(self.headings), widths),
            self._line(["─" * width for width in widths], widths),
        ]
        lines += [self._line(row, widths) for row in cells]
        return "\n".join(lines)

    def _line(self, row: Sequence[str], widths: Sequence[int]) -> str:
        padded = [
            _pad(cell, width, right=heading in self.right)
            for cell, width, heading in zip(row, widths, self.headings, strict=True)
        ]
        return "  ".join(padded).rstrip()


def _width(text: str) -> int:
    return sum(2 if unicodedata.east_asian_width(character) in "WF" else 1 for character in text)


def _pad(text: str, width: int, *, right: bool) -> str:
    gap = " " * (width - _width(text))
    return gap + text if right else text + gap


def _plain(value: object) -> object:
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Mapping):
        return dict(value)
    return str(value)


def to_json(data: object) -> str:
    """Return JSON with dates in ISO form and everything unknown (Decimal, Fraction) as text."""
    return json.dumps(data, default=_plain, ensure_ascii=False, indent=2)


def to_json_line(data: object) -> str:
    """Return the same on one line, for output that is read line by line."""
    return json.dumps(data, default=_plain, ensure_ascii=False)


def facts(data: Mapping[str, object], *, without: Collection[str] = ()) -> list[str]:
    """Return a line "name: value" for all that has a value, for people: yes and no, lists with commas."""
    return [
        f"{name}: {_said(value)}" for name, value in data.items() if name not in without and value not in (None, "", [])
    ]


def _said(value: object) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value)


def show(data: object, table: Table | str, *, as_json: bool) -> None:
    """Print the data as JSON, or the table (or plain text) for people."""
    if as_json:
        click.echo(to_json(data))
    else:
        click.echo(table if isinstance(table, str) else table.render())
