"""What of all that people can do programs can do too: operations beside pages and commands, gaps and all."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass

from lionrock.api.registry import OPERATIONS, Operation


@dataclass(frozen=True, slots=True)
class Coverage:
    """What the operations do, and the pages and commands that have none; `unknown` are named and are not there."""

    operations: tuple[Operation, ...]
    pages: tuple[str, ...]
    pages_without: tuple[str, ...]
    commands_without: tuple[str, ...]
    commands: tuple[str, ...]
    unknown: tuple[str, ...]


def coverage(pages: Collection[str], commands: Collection[str]) -> Coverage:
    """Compare the table with the pages ("room:name") and commands ("group name") that there are."""
    named_pages, named_commands = set(_named("pages")), set(_named("commands"))
    return Coverage(
        operations=tuple(sorted(OPERATIONS.values(), key=lambda each: (each.path, each.method))),
        pages=tuple(sorted(pages)),
        pages_without=tuple(sorted(set(pages) - named_pages)),
        commands=tuple(sorted(commands)),
        commands_without=tuple(sorted(set(commands) - named_commands)),
        unknown=tuple(sorted((named_pages - set(pages)) | (named_commands - set(commands)))),
    )


def _named(what: str) -> Iterator[str]:
    for each in OPERATIONS.values():
        yield from getattr(each, what)
