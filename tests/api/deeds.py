"""Rows of operations that are made of actions: who may, and with what, is told by the rows of the actions themselves.

An action has its row in `tests/<room>/permissions.py`. What its operation is sent are the same arguments, put into
the path and the body; only an operation that needs other things on file has a row of its own.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, fields, is_dataclass
from datetime import date
from decimal import Decimal
from enum import Enum
from fractions import Fraction
from http import HTTPMethod
from io import BytesIO
from typing import Any
from urllib.parse import urlencode

from tests.api.rows import ApiRow
from tests.calls.world import World
from tests.config.rows import VIEWERS, Scene
from tests.config.test_permissions import COMMANDS, PAGES
from tests.people import rows as people
from tests.people.rows import ActionRow
from tests.people.test_permissions import PERMISSIONS

from lionrock.api.operations import OPERATIONS
from lionrock.api.registry import Deed, Operation
from lionrock.kernel.money import Money
from lionrock.kernel.periods import Month

NO_DENIAL = frozenset({200, 201, 409, 422})


def rows_of_deeds() -> dict[str, ApiRow]:
    """Return a row for each operation that does an action."""
    return {
        each.name: _row(each, each.deed, row)
        for each in OPERATIONS.values()
        if each.deed and (row := _permission(each.deed.action))
    }


def rows_of_reads() -> dict[str, ApiRow]:
    """Return a row for each operation that shows what a page shows, made of the row of its first page or command."""
    asked = [each for each in OPERATIONS.values() if each.method is HTTPMethod.GET and each.deed is None]
    return {each.name: found for each in asked if (found := _read(each)) is not None}


def _read(operation: Operation) -> ApiRow | None:
    """Return the row of the first page; of a list, that of the page or command that says what only they may see."""
    pages = [PAGES[each] for each in operation.pages if each in PAGES]
    commands = [COMMANDS[words] for each in operation.commands if (words := tuple(each.split())) in COMMANDS]
    if not pages:
        return None
    listing = next((each for each in (*pages, *commands) if each.shows is not None), None)
    page, listed = pages[0], None if operation.parameters else listing

    def parameters(scene: Scene) -> dict[str, object]:
        for command in commands:
            command.words(scene)  # puts on file what is to be listed
        return dict(zip(operation.parameters, page.arguments(scene), strict=False))

    return ApiRow((listed or page).may, parameters, shows=listed.shows if listed else None)


def _permission(action: Callable[..., Any]) -> ActionRow | None:
    """Return the row of an action; what the API puts around an action has that one's name."""
    own = PERMISSIONS.get(f"{action.__module__.split('.')[1]}.{action.__name__}")
    return own or next((row for name, row in PERMISSIONS.items() if name.endswith(f".{action.__name__}")), None)


@dataclass(frozen=True)
class DeedRow(ApiRow):
    """The row of an operation that does an action; what it is tried with is made once, for path and body together."""

    deed: Deed | None = None
    row: ActionRow | None = None

    def asked(self, scene: Scene) -> tuple[dict[str, object], Any, str]:
        assert self.deed is not None
        assert self.row is not None
        given, named = self.row.arguments(as_actions_have_it(scene)), self.deed.named
        path = {name: given[argument] for name, argument in named.items()}
        sent = {name: as_sent(value) for name, value in given.items() if name not in named.values()}
        if not self.deed.file:
            return path, sent, ""
        content = sent.pop(self.deed.file)
        if isinstance(content, BytesIO):
            content = content.getvalue()
        return path, content if isinstance(content, bytes) else str(content).encode(), urlencode(sent)


def _row(operation: Operation, deed: Deed, row: ActionRow) -> ApiRow:
    may = {viewer for viewer in VIEWERS if row.may(viewer)}
    return DeedRow(may, ends=NO_DENIAL, content_type=operation.takes[0], deed=deed, row=row)


def as_actions_have_it(scene: Scene) -> people.Scene:
    """Return the scene as the rows of actions know it."""
    return people.Scene(
        World(), scene.draft_call, scene.open_call, scene.draft, scene.submitted, scene.award, scene.job
    )


def as_sent(value: Any) -> Any:
    """Return a value of the domain as a program writes it."""
    if is_dataclass(value) and not isinstance(value, type | Money | Month):
        return {each.name: _part(getattr(value, each.name)) for each in fields(value) if each.init}
    for kind, write in _WRITTEN:
        if isinstance(value, kind):
            return write(value)
    return value


_WRITTEN: tuple[tuple[Any, Callable[[Any], Any]], ...] = (
    (Money, lambda value: str(value.decimal)),
    (Enum, lambda value: value.value),
    (Fraction, lambda value: str(Decimal(value.numerator) / value.denominator)),
    (Month | Decimal, str),
    (date, lambda value: value.isoformat()),
    (dict, lambda value: {name: as_sent(each) for name, each in value.items()}),
    (list | tuple | set | frozenset, lambda value: [as_sent(each) for each in value]),
)


def _part(value: Any) -> Any:
    """Return a value within another: there an amount names its currency."""
    return {"amount": str(value.decimal), "currency": value.currency} if isinstance(value, Money) else as_sent(value)
