"""What of all that people can do programs can do too: operations beside pages and commands, or why there is none."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from lionrock.api.registry import OPERATIONS, Operation

_SIGNS_IN: Final = "signs somebody in, or keeps what they sign in with: a program has a token"
_ON_THE_MACHINE: Final = "runs or keeps the installation on its own machine"
NEED_NONE: Final[Mapping[str, str]] = MappingProxyType(
    {
        **dict.fromkeys(
            (
                "people:sign_in",
                "people:sign_out",
                "people:password",
                "people:join",
                "people:joined",
                "people:joining",
                "people:enter",
                "people:belong",
                "staff:link",
                "person link",
                "person add",
                "tokens:list",
                "tokens:revoke",
                "token issue",
                "token list",
                "token revoke",
            ),
            _SIGNS_IN,
        ),
        **dict.fromkeys(
            (
                "database migrate",
                "database start",
                "database status",
                "database stop",
                "demo",
                "doctor",
                "due",
                "serve",
                "web",
                "worker",
                "mail list",
                "mail retry",
                "programme check",
                "screening rescreen",
                "audit anchor",
                "audit seal",
                "audit verify",
                "ledger check",
            ),
            _ON_THE_MACHINE,
        ),
        "concerns:raise": "anybody raises a concern without an account",
        "concerns:follow": "whoever raised a concern follows it up with its secret code, without an account",
        **dict.fromkeys(("audit:list", "ledger:list", "retention:list"), "chooses a programme"),
        **dict.fromkeys(
            ("retention:erase", "retention erase"),
            "destroys for good what somebody else has proposed: that second person proves anew who they are, and "
            "a token cannot",
        ),
        "staff:close": "shuts a person out of all that they have: who does it proves anew who they are, and a token "
        "cannot",
        "plan array": "turns files into files on one's own machine",
        **dict.fromkeys(
            (
                "plan books",
                "plan collect",
                "plan compare",
                "plan fit",
                "plan generate",
                "plan replay",
                "plan scenario",
                "plan trace",
                "charge replay",
            ),
            "turns files into files on one's own machine",
        ),
        "plan publish": "puts a study on file that was made on one's own machine, and reads its files there",
        "quote": "reckons with the rulebook on one's own machine; prices and shares are in read_programme",
    }
)
"""Pages ("room:name") and commands that programs have no need of, and why."""
_ROOMS_THAT_NEED_NONE: Final[Mapping[str, str]] = MappingProxyType(
    {"identity": _SIGNS_IN, "openid": _SIGNS_IN, "backup": _ON_THE_MACHINE}
)


def why_none(name: str) -> str:
    """Return why a page or a command needs no operation; nothing where it does."""
    room = name.partition(":")[0].partition(" ")[0]
    return NEED_NONE.get(name) or _ROOMS_THAT_NEED_NONE.get(room, "")


@dataclass(frozen=True, slots=True)
class Coverage:
    """What the operations do, and the pages and commands that have neither one nor a reason why they need none.

    `unknown` are named, by an operation or with a reason, and are not there; `twice` have both.
    """

    operations: tuple[Operation, ...]
    pages: tuple[str, ...]
    pages_without: tuple[str, ...]
    commands_without: tuple[str, ...]
    commands: tuple[str, ...]
    unknown: tuple[str, ...]
    twice: tuple[str, ...]
    need_none: tuple[tuple[str, str], ...]


def coverage(pages: Collection[str], commands: Collection[str]) -> Coverage:
    """Compare the table with the pages ("room:name") and commands ("group name") that there are."""
    named_pages, named_commands, there = set(_named("pages")), set(_named("commands")), {*pages, *commands}
    return Coverage(
        operations=tuple(sorted(OPERATIONS.values(), key=lambda each: (each.path, each.method))),
        pages=tuple(sorted(pages)),
        pages_without=_lacking(set(pages) - named_pages),
        commands=tuple(sorted(commands)),
        commands_without=_lacking(set(commands) - named_commands),
        unknown=tuple(sorted((named_pages - set(pages)) | (named_commands - set(commands)) | (set(NEED_NONE) - there))),
        twice=tuple(sorted(each for each in named_pages | named_commands if why_none(each))),
        need_none=tuple((each, why_none(each)) for each in sorted(there) if why_none(each)),
    )


def _lacking(names: Collection[str]) -> tuple[str, ...]:
    return tuple(sorted(name for name in names if not why_none(name)))


def _named(what: str) -> Iterator[str]:
    for each in OPERATIONS.values():
        yield from getattr(each, what)
