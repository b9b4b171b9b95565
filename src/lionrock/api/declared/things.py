"""The declared form of an operation: a thing on file, how it is listed and shown, and what is done to it.

A room's file names its things and, under each, the actions and queries of the pages. What is sent is made of the
action's arguments (given.py), what is answered of the fields of the model (answers.py).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from http import HTTPMethod, HTTPStatus
from pathlib import Path
from typing import Any, Final, get_type_hints

from django.core.exceptions import ObjectDoesNotExist
from django.db.models import Model, QuerySet
from pydantic import BaseModel, Field, create_model

from lionrock.api.calls import Call, File, Given, Nothing
from lionrock.api.cursors import Listed, Piece, piece_of
from lionrock.api.declared.answers import Printed, Rows, Shape, at, printed
from lionrock.api.declared.given import Currency, Form, form_of
from lionrock.api.domain.tokens import Scope
from lionrock.api.registry import NAMES, Deed, Effect, Guard, Operation, enter, said_by
from lionrock.kernel.errors import NotFound
from lionrock.kernel.messages import gettext_noop, message
from lionrock.people.domain import Actor
from lionrock.people.programmes import programme_on_file

Words = tuple[str, ...]
_JSON: Final = ("application/json",)
_NUMBERS: Final = frozenset({"number", "position", "line"})


@dataclass(frozen=True, kw_only=True)
class Thing:
    """What is on file: the path of one, how it is found by who asks, what is shown of it, how actions call it.

    `find(viewer, **parameters of the path)` raises `NotFound` for what is not theirs; `names` says under which
    name of an action's arguments each parameter of the path goes.
    """

    path: str
    scope: Scope
    shape: Shape
    find: Callable[..., Model]
    names: Mapping[str, str]
    kinds: Mapping[str, type] = field(default_factory=dict)
    reader: str = ""
    programme: str = "programme"
    """Where the programme stands whose currency amounts are in."""

    @property
    def collection(self) -> str:
        """Where all of them stand."""
        return self.path.rpartition("/{")[0]

    def look(self, viewer: Actor, **parameters: Any) -> Model:
        """Return one of them; raises `NotFound` for what is not there, or not theirs."""
        try:
            return self.find(viewer, **parameters)
        except ObjectDoesNotExist as none:
            said = message(gettext_noop("There is nothing under this address for you. See the list of them."))
            raise NotFound("api.thing.unknown", said) from none

    def listed(
        self, name: str, said: str, rows: Callable[..., QuerySet[Any]], *, by: Mapping[str, str] | None = None,
        pages: Words = (), commands: Words = (),
    ) -> None:  # fmt: skip
        """Enter the list of them: `rows(viewer, **parameters of the path)`, narrowed by the lookups of `by`."""
        listed(self.collection, name, said, rows, self.shape, by=by, pages=pages, commands=commands)

    def read(self, name: str, said: str, *, pages: Words = (), commands: Words = ()) -> None:
        """Enter how one of them is shown."""

        def handle(call: Call[Any, Any], **parameters: Any) -> BaseModel:
            return self.shape.show(self.look(call.actor, **parameters))

        _enter(
            name, said, HTTPMethod.GET, self.path, Scope.READ, handle, kinds=self.kinds, answer=self.shape.model,
            pages=pages, commands=commands,
        )  # fmt: skip

    def do(
        self, action: Callable[..., Any], verb: str, *, effect: Effect = Effect.TOGETHER, answers: Shape | None = None,
        pages: Words = (), commands: Words = (),
    ) -> None:  # fmt: skip
        """Enter something that is done to one of them; it is shown as it stands afterwards, or what came of it."""

        def handle(call: Call[Any, Any], **parameters: Any) -> BaseModel:
            named = {self.names[name]: value for name, value in parameters.items() if name in self.names}
            currency = _currency_of(lambda: self.look(call.actor, **parameters), self.programme)
            done = action(actor=call.actor, now=call.now, **named, **form.arguments(call.body, currency))
            return answers.show(done) if answers else self.shape.show(self.look(call.actor, **parameters))

        form = form_of(action, self.names.values())
        guard = Guard(self.reader, self.look) if self.reader else None
        shown = answers or self.shape
        _enter(
            action.__name__, said_by(action), HTTPMethod.POST, f"{self.path}/{verb}", self.scope, handle,
            kinds=self.kinds, body=form.model, answer=shown.model, effect=effect, guard=guard,
            pages=pages, commands=commands, deed=Deed(action, self.names),
        )  # fmt: skip

    def make(
        self, action: Callable[..., Any], path: str = "", *, of: Callable[[Any], Any] = lambda made: made,
        given: Mapping[str, str] | None = None, within: Callable[..., Any] | None = None,
        effect: Effect = Effect.TOGETHER, pages: Words = (), commands: Words = (),
    ) -> None:  # fmt: skip
        """Enter how one of them is put on file, as `make`."""
        make(
            action, path or self.collection, self.scope, self.shape, of=of, given=given, within=within,
            kinds=self.kinds, effect=effect, pages=pages, commands=commands,
        )  # fmt: skip


def make(
    action: Callable[..., Any], path: str, scope: Scope, shape: Shape, *, of: Callable[[Any], Any] = lambda made: made,
    given: Mapping[str, str] | None = None, within: Callable[..., Any] | None = None,
    kinds: Mapping[str, type] | None = None, effect: Effect = Effect.TOGETHER,
    status: HTTPStatus = HTTPStatus.CREATED, pages: Words = (), commands: Words = (),
) -> None:  # fmt: skip
    """Enter an action that puts something on file.

    `of` takes it out of what the action returns, `given` says which argument each parameter of the path is, and
    `within` finds what it is put on file under, in whose currency amounts are.
    """
    names = given or {name: name for name in NAMES.findall(path)}
    form = form_of(action, names.values())

    def handle(call: Call[Any, Any], **parameters: Any) -> BaseModel:
        named = {names[name]: value for name, value in parameters.items()}
        if within is None:
            sent = _sent(form, call.body, named)
        else:
            sent = form.arguments(call.body, _currency_of(lambda: within(call.actor, **parameters)))
        return shape.show(of(action(actor=call.actor, now=call.now, **named, **sent)))

    _enter(
        action.__name__, said_by(action), HTTPMethod.POST, path, scope, handle, kinds=kinds, body=form.model,
        answer=shape.model, effect=effect, status=status, pages=pages, commands=commands, deed=Deed(action, names),
    )  # fmt: skip


def sent_file(
    action: Callable[..., Any], path: str, scope: Scope, shape: Shape, *, content: str, takes: Words,
    of: Callable[[Any], Any] = lambda made: made, given: Mapping[str, str] | None = None,
    as_text: bool = False, effect: Effect = Effect.TOGETHER, pages: Words = (), commands: Words = (),
) -> None:  # fmt: skip
    """Enter an action that takes a small file as its argument `content`, and the others as parameters."""
    names = given or {name: name for name in NAMES.findall(path)}
    form = form_of(action, {*names.values(), content})

    def handle(call: Call[Any, Any], **parameters: Any) -> BaseModel:
        named = {names[name]: value for name, value in parameters.items()}
        held = call.body.read_bytes()
        sent = _sent(form, call.query, named)
        read = held.decode("utf-8-sig", errors="replace") if as_text else held
        return shape.show(of(action(actor=call.actor, now=call.now, **{content: read}, **named, **sent)))

    _enter(
        action.__name__, said_by(action), HTTPMethod.POST, path, scope, handle, query=form.model, body=Path,
        answer=shape.model, effect=effect, status=HTTPStatus.CREATED, takes=takes, pages=pages, commands=commands,
        deed=Deed(action, names, content),
    )  # fmt: skip


def listed(
    path: str, name: str, said: str, rows: Callable[..., QuerySet[Any]], shape: Shape, *,
    by: Mapping[str, str] | None = None, kinds: Mapping[str, type] | None = None, pages: Words = (),
    commands: Words = (),
) -> None:  # fmt: skip
    """Enter a list in pieces."""
    narrowed = by or {}

    def handle(call: Call[Any, Any], **parameters: Any) -> BaseModel:
        found = rows(call.actor, **parameters).select_related(*shape.joined)
        asked = {lookup: getattr(call.query, each) for each, lookup in narrowed.items()}
        found = found.filter(**{lookup: value for lookup, value in asked.items() if value})
        return piece_of(found, call.query, shape.show)

    described: dict[str, Any] = {each: (str, Field("", max_length=100)) for each in narrowed}
    query = create_model(f"{shape.model.__name__}Piece", __base__=Piece, **described)
    _enter(
        name, said, HTTPMethod.GET, path, Scope.READ, handle, kinds=kinds, query=query,
        answer=Listed[shape.model],  # type: ignore[name-defined]
        pages=pages, commands=commands,
    )  # fmt: skip


def figures(
    query: Callable[..., Any], path: str, *, name: str = "", said: str = "", tell: Callable[[Any], Any] = printed,
    rows: bool = False, kinds: Mapping[str, type] | None = None, scope: Scope = Scope.READ, pages: Words = (),
    commands: Words = (),
) -> None:  # fmt: skip
    """Enter a query of the pages that reckons something: its other arguments are parameters of the address.

    `tell` makes plain values of what it returns; with `rows` these are a table.
    """
    form = form_of(query, NAMES.findall(path))
    takes_now = "now" in get_type_hints(query)

    def handle(call: Call[Any, Any], **parameters: Any) -> BaseModel:
        given = {"now": call.now} if takes_now else {}
        found = query(call.actor, **parameters, **given, **form.arguments(call.query, _none))
        told = tell(found)
        return Rows(items=told) if rows else Printed(told)

    _enter(
        name or query.__name__, said or said_by(query), HTTPMethod.GET, path, scope, handle, kinds=kinds,
        query=form.model, answer=Rows if rows else Printed, pages=pages, commands=commands,
    )  # fmt: skip


def handed_out(
    name: str, said: str, path: str, content: Callable[..., bytes], kind: str, *,
    kinds: Mapping[str, type] | None = None, query: type[Given] = Nothing, pages: Words = (), commands: Words = (),
) -> None:  # fmt: skip
    """Enter a file that is handed out: `content(call, **parameters of the path)`."""

    def handle(call: Call[Any, Any], **parameters: Any) -> File:
        return File(content(call, **parameters), kind)

    _enter(
        name, said, HTTPMethod.GET, path, Scope.READ, handle, kinds=kinds, query=query, answer=None,
        produces=(kind,), pages=pages, commands=commands,
    )  # fmt: skip


def _none() -> str:
    return ""


def _currency_of(find: Callable[[], Any], programme: str = "programme") -> Currency:
    return lambda: programme_on_file(at(find(), programme)).currency


def _sent(form: Form, sent: Any, named: Mapping[str, Any]) -> dict[str, Any]:
    """Return the arguments that were sent; amounts are in the currency of the programme that is named."""
    return form.arguments(sent, lambda: programme_on_file(named.get("programme") or sent.programme).currency)


def _enter(
    name: str, said: str, method: HTTPMethod, path: str, scope: Scope, handle: Callable[..., Any], *,
    answer: Any, kinds: Mapping[str, type] | None = None, query: Any = Nothing, body: Any = Nothing,
    effect: Effect = Effect.NONE, status: HTTPStatus = HTTPStatus.OK, produces: Words = _JSON, takes: Words = _JSON,
    guard: Guard | None = None, pages: Words = (), commands: Words = (), deed: Deed | None = None,
) -> None:  # fmt: skip
    known = kinds or {}
    parameters = {each: known.get(each, int if each in _NUMBERS else str) for each in NAMES.findall(path)}
    enter(
        Operation(
            name=name, said=said, method=method, path=path, scope=scope, effect=effect, status=status, handler=handle,
            parameters=parameters, query=query, body=body, answer=answer, produces=produces, takes=takes, guard=guard,
            pages=pages, commands=commands, deed=deed,
        )
    )  # fmt: skip
