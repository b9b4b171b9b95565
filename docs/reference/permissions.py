"""Writes who may do what: each action, page, operation and command by role; `make reference`.

The truth is the tables that the tests of permissions try, row by row and viewer by viewer: what stands here has been
tried. So this page is made of them, and of nothing else.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from lionrock.people.domain import Role

OWN, ANY, NONE = "●", "◉", "·"
HEADINGS: Final = {
    "member": "member", "organisation_admin": "its admin", "office": "office", "assessor": "assessor",
    "chair": "chair", "committee": "committee", "finance": "finance", "compliance": "compliance",
    "auditor": "auditor", "cluster_admin": "clusters", "programme_owner": "owner",
}  # fmt: skip
"""The roles from applicant to owner, in few letters."""


@dataclass(frozen=True)
class Way:
    """A row: an action, or a page, operation or command that leads to it, and whom it is for."""

    room: str
    kind: str
    name: str
    may: frozenset[str]

    def marks(self, roles: Collection[str]) -> Iterator[str]:
        """Yield for each role whether it may: at home, elsewhere too, or not."""
        for role in roles:
            yield (ANY if f"{role} elsewhere" in self.may else OWN) if role in self.may else NONE


def ways() -> list[Way]:
    """Return all that the tests try."""
    from tests.api.tabled import API  # noqa: PLC0415 - once Django is set up
    from tests.config.rows import VIEWERS, allows  # noqa: PLC0415
    from tests.config.test_permissions import COMMANDS, PAGES  # noqa: PLC0415
    from tests.people.test_permissions import PERMISSIONS  # noqa: PLC0415

    def all_of(may: Collection[str]) -> frozenset[str]:
        return frozenset(viewer for viewer in VIEWERS if allows(may, viewer))

    pages, commands = _rooms_of_pages(), _rooms_of_commands()
    found = [
        Way(action.partition(".")[0], "action", action.partition(".")[2], frozenset(filter(row.may, VIEWERS)))
        for action, row in PERMISSIONS.items()
    ]
    found += [Way(pages[name], "page", name, all_of(row.may)) for name, row in PAGES.items()]
    found += [Way(_room_of(name, pages, commands), "API", name, all_of(row.may)) for name, row in API.items()]
    found += [
        Way(commands[" ".join(words)], "command", " ".join(words), all_of(row.may)) for words, row in COMMANDS.items()
    ]
    return found


def page() -> tuple[str, dict[str, list[tuple[str, ...]]], tuple[str, ...]]:
    """Return what stands above the tables, the rows of each room's table, and their headings."""
    found, roles = ways(), tuple(HEADINGS)
    if lacking := {role.value for role in Role} ^ set(roles):
        raise ValueError(f"the headings are not those of the roles: {sorted(lacking)}")
    tables: dict[str, list[tuple[str, ...]]] = defaultdict(list)
    order = ("action", "page", "API", "command")
    for way in sorted(found, key=lambda way: (way.room, order.index(way.kind), way.name)):
        everybody = OWN if "nobody" in way.may else NONE
        tables[way.room].append((f"`{way.name}`", way.kind, *way.marks(roles), everybody))
    return _about(found), tables, ("what", "by", *HEADINGS.values(), "others")


def _about(found: list[Way]) -> str:
    from tests.config.rows import VIEWERS  # noqa: PLC0415 - once Django is set up

    kinds = {kind: sum(way.kind == kind for way in found) for kind in ("action", "page", "API", "command")}
    return (
        f"Who may do what: {kinds['action']} actions, {kinds['page']} pages, {kinds['API']} operations of the API and\n"
        f"{kinds['command']} commands, each tried by {len(VIEWERS)} viewers, which makes {len(found) * len(VIEWERS):,}"
        " answers. These are\nthe rows of the tests themselves (`tests/*/permissions.py`): whatever has no row fails "
        "them, and so does\nwhatever answers otherwise. What each role is for is told in "
        "[roles](../explanation/roles.md).\n\n"
        f"{OWN} may, in the own programme or for the own organisation. {ANY} may elsewhere too: what is no secret of "
        f"one\nprogramme, or a list that shows each only their own. {NONE} may not, and gets the answer of what is not"
        f" there.\nWhat is one person's alone (a sign-in, a webhook, a hand-over) is tried as somebody else's, and has "
        f"{NONE} for all.\n*Others* are signed in and hold no role. At the terminal of the machine its operator may "
        "do all of it."
    )


def _rooms_of_pages() -> dict[str, str]:
    from django.urls import URLPattern, URLResolver, get_resolver  # noqa: PLC0415 - once Django is set up

    found: dict[str, str] = {}
    for each in get_resolver().url_patterns:
        if isinstance(each, URLPattern):
            found[str(each.name)] = _room(each.callback)
        elif isinstance(each, URLResolver):
            found |= {f"{each.namespace}:{one.name}": _room(one.callback) for one in each.url_patterns}
    return found


def _rooms_of_commands() -> dict[str, str]:
    from docs.reference.generate import commands_there_are  # noqa: PLC0415 - that one uses this one

    return {words: _room(command.callback) for words, command in commands_there_are().items()}


def _room(function: Any) -> str:
    """Return the room in which a page or a command stands."""
    module = str(function.__module__).split(".")
    return module[1] if module[0] == "lionrock" else module[0]


def _room_of(name: str, pages: Mapping[str, str], commands: Mapping[str, str]) -> str:
    """Return the room whose work an operation does: that of its action, or of where people do the same."""
    from lionrock.api.registry import OPERATIONS  # noqa: PLC0415 - once Django is set up

    each = OPERATIONS[name]
    if each.deed:
        return _room(each.deed.action)
    beside = [pages[page] for page in each.pages] + [commands[words] for words in each.commands]
    return beside[0] if beside else "api"
