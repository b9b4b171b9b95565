"""What an operation is given, and what it may answer."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Generic, TypeVar

from pydantic import BaseModel, ConfigDict

from lionrock.people.domain import Actor
from lionrock.people.models import Person


class Given(BaseModel):
    """Base of what is sent: names that are not described are refused, and so is a text with NUL in it."""

    model_config = ConfigDict(extra="forbid", frozen=True)


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
