"""What is answered: rows of models by the names of their fields, and values as the commands print them."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields, is_dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import Enum
from fractions import Fraction
from typing import Any, Final
from uuid import UUID

from django.db import models
from pydantic import BaseModel, RootModel, create_model

from lionrock.kernel.messages import Message
from lionrock.terminal.output import to_json
from lionrock.web.sentences import translate


class Printed(RootModel[dict[str, Any]]):
    """Plain values by name, as the command of the same name prints them with --json."""


class Rows(BaseModel):
    """All rows of a table that is reckoned as a whole, and so does not come in pieces."""

    items: list[dict[str, Any]]


@dataclass(frozen=True, slots=True)
class Shape:
    """What is shown of a row: by which name stands which field, or what a function makes of the row."""

    model: type[BaseModel]
    paths: Mapping[str, str] = field(default_factory=dict)
    made: Mapping[str, Callable[[Any], Any]] = field(default_factory=dict)
    whole: Callable[[Any], Mapping[str, Any]] | None = None
    """What the command of the same name makes of the row, where it does."""

    def show(self, row: Any) -> BaseModel:
        """Return a row as it is answered."""
        if self.whole is not None:
            return self.model.model_validate(self.whole(row))
        found = {name: at(row, path) for name, path in self.paths.items()}
        return self.model.model_validate(found | {name: make(row) for name, make in self.made.items()})

    @property
    def joined(self) -> tuple[str, ...]:
        """The relations that are read with a row, so that a list asks once."""
        return tuple({path.rpartition(".")[0].replace(".", "__") for path in self.paths.values() if "." in path})


def shape(name: str, model: type[models.Model], names: str, **made: tuple[Any, Callable[[Any], Any]]) -> Shape:
    """Describe what is shown of a model: fields by name, or `name=relation.field` for what stands behind a relation."""
    paths = {each.partition("=")[0]: each.partition("=")[2] or each for each in names.split()}
    described: dict[str, Any] = {each: (_kind(model, path), ...) for each, path in paths.items()}
    described |= {each: (kind, ...) for each, (kind, _) in made.items()}
    answer = create_model(name, __doc__=(model.__doc__ or "").partition("\n")[0], **described)
    return Shape(answer, paths, {each: make for each, (_, make) in made.items()})


def facts(name: str, **kinds: Any) -> Shape:
    """Describe what is shown of a value that is no row of a model."""
    described: dict[str, Any] = {each: (kind, ...) for each, kind in kinds.items()}
    return Shape(create_model(name, **described), {each: each for each in kinds})


def at(row: Any, path: str) -> Any:
    """Return what stands at a path of names with full stops; nothing where a step on the way leads nowhere."""
    for name in path.split("."):
        row = row.get(name) if isinstance(row, Mapping) else getattr(row, name, None)
    return row


_KINDS: Final[tuple[tuple[type[models.Field[Any, Any]], Any], ...]] = (
    (models.BooleanField, bool),
    (models.IntegerField, int),
    (models.AutoField, int),
    (models.DecimalField, Decimal),
    (models.DateTimeField, datetime),
    (models.DateField, date),
    (models.UUIDField, UUID),
    (models.JSONField, Any),
    (models.CharField, str),
    (models.TextField, str),
)


def _kind(model: type[models.Model], path: str) -> Any:
    """Return the type of what stands at a path; it may be nothing wherever a step on the way may be."""
    empty, reached = False, None
    for name in path.split("."):
        reached = model._meta.pk if name == "pk" else model._meta.get_field(name)
        empty = empty or bool(getattr(reached, "null", False)) or bool(getattr(reached, "one_to_one", False))
        model = getattr(reached, "related_model", None) or model
    kind = next(kind for field, kind in _KINDS if isinstance(reached, field))
    return kind | None if empty and kind is not Any else kind


def _name_of(row: models.Model) -> Any:
    return getattr(row, "code", None) or getattr(row, "number", None) or row.pk


_TOLD: Final[tuple[tuple[Any, Callable[[Any], Any]], ...]] = (
    (Message, translate),
    (Enum, lambda value: value.value),
    (models.Model, _name_of),
    (Fraction | Decimal, str),
)


def plain(value: Any) -> Any:
    """Return a value of the domain as plain values: its fields by name, sentences in the language asked for."""
    for kind, tell in _TOLD:
        if isinstance(value, kind):
            return tell(value)
    if is_dataclass(value) and not isinstance(value, type) and type(value).__str__ is object.__str__:
        return {each.name: plain(getattr(value, each.name)) for each in fields(value)}
    if isinstance(value, Mapping):
        return {str(plain(name)): plain(each) for name, each in value.items()}
    if isinstance(value, list | tuple | set | frozenset | models.QuerySet):
        return [plain(each) for each in value]
    return value


def printed(value: Any) -> dict[str, Any] | list[Any]:
    """Return a value as JSON has it."""
    read: dict[str, Any] | list[Any] = json.loads(to_json(plain(value)))
    return read
