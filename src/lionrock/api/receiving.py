"""Reading what was sent, within bounds: parameters, JSON, files."""

from __future__ import annotations

import hashlib
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, Protocol, get_origin

from django.http import HttpRequest
from gunicorn.http.errors import ParseException
from pydantic import BaseModel, ValidationError

from lionrock.api.calls import Nothing
from lionrock.api.problems import OtherType, TooLarge, invalid, not_as_described
from lionrock.api.registry import Operation
from lionrock.kernel.errors import Unavailable
from lionrock.kernel.messages import gettext_noop, message
from lionrock.kernel.texts import escaped, is_no_text

MOST_JSON_BYTES: Final = 2 * 2**20
MOST_FILE_BYTES: Final = 256 * 2**20
MOST_KEPT_BYTES: Final = 64 * 1024
_PIECE: Final = 64 * 1024


class Readable(Protocol):
    """What can be read piece by piece."""

    def read(self, size: int, /) -> bytes:
        """Return at most so many bytes, none at the end."""
        ...


@dataclass(frozen=True, slots=True)
class Received:
    """What was sent, read; `digest` is of the content as it came."""

    query: BaseModel
    body: Any
    digest: str


@contextmanager
def receiving(request: HttpRequest, operation: Operation) -> Iterator[Received]:
    """Read a request as its operation describes it; a file that was sent is there until the end of the block.

    Raises `OtherType`, `TooLarge`, and `Invalid` with every fault.
    """
    query = _query(request, operation)
    if operation.takes_file:
        _check_type(request, operation)
        with tempfile.TemporaryDirectory(prefix="lionrock-api-") as folder:
            kept, read = Path(folder) / "sent", hashlib.sha256()
            with kept.open("wb") as file:
                for piece in _pieces(request, MOST_FILE_BYTES):
                    read.update(piece)
                    file.write(piece)
            yield Received(query, kept, read.hexdigest())
        return
    content = b"".join(_pieces(request, MOST_JSON_BYTES)) if request.method not in ("GET", "HEAD") else b""
    yield Received(query, _body(request, operation, content), hashlib.sha256(content).hexdigest())


def _query(request: HttpRequest, operation: Operation) -> BaseModel:
    given = {name: _values(operation, name, request.GET.getlist(name)) for name in request.GET}
    require_texts(given, "")
    try:
        return operation.query.model_validate(given)
    except ValidationError as wrong:
        raise not_as_described(wrong) from None


def _values(operation: Operation, name: str, given: list[str]) -> str | list[str]:
    """Return the last value of a name, or all of them where a list is described."""
    field = operation.query.model_fields.get(name)
    return given if field is not None and get_origin(field.annotation) is list else given[-1]


def require_text(value: object, field: str) -> None:
    """Raise `Invalid` for what is no text: NUL, half characters, and marks that turn the direction of writing."""
    if isinstance(value, str) and is_no_text(value):
        said = message(gettext_noop("{field} holds a sign that is no text. Leave it out."), field=field)
        raise invalid("api.request.no_text", said, field, escaped(value))


def require_texts(value: object, field: str) -> None:
    """Raise `Invalid` unless all text within is text."""
    require_text(value, field)
    if isinstance(value, Mapping):
        for name, each in value.items():
            require_text(name, field)
            require_texts(each, f"{field}.{name}".lstrip("."))
    elif isinstance(value, list | tuple):
        for number, each in enumerate(value):
            require_texts(each, f"{field}.{number}".lstrip("."))


def _body(request: HttpRequest, operation: Operation, content: bytes) -> Any:
    if operation.body is Nothing and not content:
        return Nothing()
    if request.method in ("GET", "HEAD"):
        return Nothing()
    _check_type(request, operation)
    try:
        read = operation.body.model_validate_json(content)
    except ValidationError as wrong:
        raise not_as_described(wrong) from None
    require_texts(read.model_dump(mode="json"), "")
    return read


def _check_type(request: HttpRequest, operation: Operation) -> None:
    if (request.content_type or "").lower() not in operation.takes:
        said = message(
            gettext_noop("What was sent says that it is “{value}”. Send one of these: {known}."),
            value=request.content_type or "",
            known=", ".join(operation.takes),
        )
        raise OtherType("api.request.type", said)


def _pieces(request: HttpRequest, most: int) -> Iterator[bytes]:
    told = request.META.get("CONTENT_LENGTH") or "0"
    if not (told.isascii() and told.isdigit()) or int(told) > most:
        raise _too_large(most)
    source, taken = _source(request), 0
    try:
        while piece := source.read(_PIECE):
            taken += len(piece)
            if taken > most:
                raise _too_large(most)
            yield piece
    except (OSError, ParseException) as wrong:
        raise _broken_off(str(wrong)) from wrong
    if taken < int(told):
        raise _broken_off(f"{taken} < {told}")


def _source(request: HttpRequest) -> Readable:
    """Return what to read: of a length that was told, or in chunks, whose end the server knows; Django reads none."""
    in_chunks = not request.META.get("CONTENT_LENGTH") and request.META.get("wsgi.input_terminated")
    return request.META["wsgi.input"] if in_chunks else request


def _broken_off(reason: str) -> Unavailable:
    said = message(gettext_noop("What was sent broke off: {reason}. Send it again."), reason=reason)
    return Unavailable("api.request.broken_off", said)


def _too_large(most: int) -> TooLarge:
    said = message(gettext_noop("At most {most} bytes are taken here. Send less, or in parts."), most=most)
    return TooLarge("api.request.too_large", said)
