"""Answers as bytes: JSON of models, files, and the tags by which a change is conditional."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from http import HTTPStatus

from django.http import HttpResponse
from django.utils.http import content_disposition_header
from pydantic import BaseModel

from lionrock.api.calls import File

JSON = "application/json"


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


def tag_of(body: bytes) -> str:
    """Return the strong entity tag of a content."""
    return f'"{hashlib.sha256(body).hexdigest()[:32]}"'


def tag_matches(header: str, tag: str, *, weak: bool = False) -> bool:
    """Tell whether a list of entity tags, or *, names this one; weak tags match only where that is enough."""
    named = {part.strip() for part in header.split(",")}
    if weak:
        named = {part.removeprefix("W/") for part in named}
    return "*" in named or tag in named
