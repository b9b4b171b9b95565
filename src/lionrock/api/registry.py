"""The one table of operations: what the address, the checks, the description and the tests are made of."""

from __future__ import annotations

import inspect
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import Enum
from http import HTTPMethod, HTTPStatus
from pathlib import Path
from typing import Any, Final, TypeVar, get_args, get_type_hints

from pydantic import BaseModel

from lionrock.api.calls import Call, File
from lionrock.api.domain.tokens import Scope

NAMES: Final = re.compile(r"{(\w+)}")
Handler = TypeVar("Handler", bound=Callable[..., BaseModel | File])


class Effect(Enum):
    """What a request does, and so how it is kept from being done twice."""

    NONE = "none"
    """It looks, or reckons; it can be asked again."""
    TOGETHER = "together"
    """All that it writes is one transaction, and the kept answer is in it."""
    APART = "apart"
    """It speaks to other systems or writes in many transactions, each of which may be done again."""


@dataclass(frozen=True, slots=True)
class Guard:
    """What a change is a change of: the operation that shows it, and what locks it until the change is made."""

    shown_by: str
    lock: Callable[..., object]


@dataclass(frozen=True, slots=True)
class Deed:
    """The action that an operation does: which arguments stand in the path, and which one is the file that is sent."""

    action: Callable[..., Any]
    named: Mapping[str, str]
    file: str = ""


@dataclass(frozen=True, slots=True)
class Operation:
    """One row: `name` is the action's, `said` what it does, `pages` and `commands` where people do the same."""

    name: str
    method: HTTPMethod
    path: str
    scope: Scope
    effect: Effect
    status: HTTPStatus
    handler: Callable[..., BaseModel | File]
    parameters: dict[str, type]
    query: type[BaseModel]
    body: type[Any]
    answer: type[BaseModel] | None
    produces: tuple[str, ...]
    takes: tuple[str, ...]
    guard: Guard | None
    pages: tuple[str, ...]
    commands: tuple[str, ...]
    said: str
    deed: Deed | None = None
    alone: bool = False
    """Whether it is of the API itself, so that no page and no command does the same."""

    @property
    def summary(self) -> str:
        """The first line of what it says of itself."""
        return self.said.partition("\n")[0].rstrip(".")

    @property
    def description(self) -> str:
        """The rest of it."""
        return self.said.partition("\n")[2].strip()

    @property
    def writes(self) -> bool:
        """Whether it changes anything."""
        return self.effect is not Effect.NONE

    @property
    def takes_file(self) -> bool:
        """Whether a file is sent to it."""
        return self.body is Path


OPERATIONS: Final[dict[str, Operation]] = {}


def enter(row: Operation) -> None:
    """Put a row into the table; raises `TypeError` where it does not fit its path, or its name is taken."""
    if set(row.parameters) != set(NAMES.findall(row.path)) or row.name in OPERATIONS:
        raise TypeError(f"{row.name}: its parameters are not those of {row.path}, or its name is taken")
    OPERATIONS[row.name] = row


def said_by(function: Callable[..., Any]) -> str:
    """Return what a function says of itself."""
    return inspect.getdoc(function) or ""


def operation(
    method: HTTPMethod,
    path: str,
    scope: Scope,
    *,
    effect: Effect = Effect.NONE,
    status: HTTPStatus = HTTPStatus.OK,
    produces: tuple[str, ...] = ("application/json",),
    takes: tuple[str, ...] = ("application/json",),
    guard: Guard | None = None,
    pages: tuple[str, ...] = (),
    commands: tuple[str, ...] = (),
    alone: bool = False,
) -> Callable[[Handler], Handler]:
    """Put a handler into the table: `handler(call: Call[Query, Body], **parameters of the path) -> Answer`."""

    def entered(handler: Handler) -> Handler:
        hints = get_type_hints(handler)
        answer = hints.pop("return")
        query, body = get_args(hints.pop("call"))
        row = Operation(
            name=handler.__name__.rstrip("_"),
            method=method,
            path=path,
            scope=scope,
            effect=effect,
            status=status,
            handler=handler,
            parameters=hints,
            query=query,
            body=body,
            answer=None if answer is File else answer,
            produces=produces,
            takes=takes,
            guard=guard,
            pages=pages,
            commands=commands,
            said=said_by(handler),
            alone=alone,
        )
        enter(row)
        return handler

    return entered


def made(operation_: Operation, call: Call[Any, Any], parameters: dict[str, Any]) -> BaseModel | File:
    """Let an operation do its work."""
    return operation_.handler(call, **parameters)
