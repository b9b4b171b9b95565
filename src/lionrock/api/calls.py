"""What an operation is given, and what it may answer."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any, Generic, TypeVar

from pydantic import BaseModel, ConfigDict, model_validator

from lionrock.kernel.texts import composed
from lionrock.people.domain import Actor
from lionrock.people.models import Person


def _composed(sent: Any) -> Any:
    """Return what was sent with each text in the one spelling that is kept of it."""
    if isinstance(sent, str):
        return composed(sent)
    if isinstance(sent, dict):
        return {_composed(name): _composed(each) for name, each in sent.items()}
    return [_composed(each) for each in sent] if isinstance(sent, list) else sent


class Given(BaseModel):
    """Base of what is sent: names that are not described are refused, and so is a text with NUL in it."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    @model_validator(mode="before")
    @classmethod
    def _in_one_spelling(cls, sent: Any) -> Any:
        return _composed(sent)


class Nothing(Given):
    """Where nothing is sent."""


Query = TypeVar("Query", bound=BaseModel)
Body = TypeVar("Body")


@dataclass(slots=True)
class Call(Generic[Query, Body]):
    """One request: who asks, when, and what was sent, read and checked.

    `body` is a model, or the path of a file that was sent. What is to be done once all is committed
    is put into `afterwards`.
    """

    actor: Actor
    person: Person
    now: datetime
    query: Query
    body: Body
    afterwards: list[Callable[[], object]] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class File:
    """An answer that is no JSON of the API's own models."""

    content: bytes
    content_type: str
    name: str = ""


SentFile = Path
"""What was sent as a file, kept until the request is answered."""
