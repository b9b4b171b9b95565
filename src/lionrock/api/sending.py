"""Answers as bytes: JSON of models, files, and the tags by which a change is conditional."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any

from django.http import HttpResponse
from django.utils.http import content_disposition_header
from pydantic import BaseModel

from lionrock.api.calls import File
from lionrock.api.cursors import Listed

JSON = "application/json"
NDJSON = "application/x-ndjson"


@dataclass(frozen=True, slots=True)
class Answer:
    """What goes out, or is kept to go out again."""

    status: int
    body: bytes
    headers: dict[str, str] = field(default_factory=dict)

    def response(self) -> HttpResponse:
        """Return it as Django sends it."""
        response = HttpResponse(self.body, status=self.status)
        for name, value in self.headers.items():
            response[name] = value
        return response


def answer_of(made: BaseModel | File, status: HTTPStatus) -> Answer:
    """Return what an operation made, with the tag of its content."""
    if isinstance(made, File):
        headers = {"Content-Type": made.content_type, "ETag": tag_of(made.content), "X-Content-Type-Options": "nosniff"}
        if made.name:
            headers["Content-Disposition"] = content_disposition_header(as_attachment=True, filename=made.name) or ""
        return Answer(status, made.content, headers)
    body = made.model_dump_json().encode()
    return Answer(status, body, {"Content-Type": JSON, "ETag": tag_of(body)})


def lines_of(made: Listed[Any], address: str) -> Answer:
    """Return a piece of a list as an object a line; where it goes on stands in `Link`."""
    body = "".join(f"{each.model_dump_json()}\n" for each in made.items).encode()
    headers = {"Content-Type": NDJSON, "ETag": tag_of(body)}
    if made.next is not None:
        headers["Link"] = f'<{address}>; rel="next"'
    return Answer(HTTPStatus.OK, body, headers)


def tag_of(body: bytes) -> str:
    """Return the strong entity tag of a content."""
    return f'"{hashlib.sha256(body).hexdigest()[:32]}"'


def tag_matches(header: str, tag: str, *, weak: bool = False) -> bool:
    """Tell whether a list of entity tags, or *, names this one; weak tags match only where that is enough."""
    named = {part.strip() for part in header.split(",")}
    if weak:
        named = {part.removeprefix("W/") for part in named}
    return "*" in named or tag in named
