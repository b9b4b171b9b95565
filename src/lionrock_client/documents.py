"""What comes back: documents that know their tag, lists that are read piece by piece, and files."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable, Iterator, Mapping
from email.message import Message
from http.client import HTTPException
from pathlib import Path
from types import TracebackType
from typing import IO, Any, Final, Generic, TypeVar

from lionrock_client.problems import Invalid, Unreachable

Item = TypeVar("Item")
_PIECE: Final = 64 * 1024


class Document(dict[str, Any]):
    """A JSON object as it was read; `etag` names this very content."""

    etag: str = ""


def tag_of(read: Mapping[str, Any] | str) -> str:
    """Return the tag of what was read, to be sent with a change of it; raises `Invalid` where there is none."""
    tag = read if isinstance(read, str) else getattr(read, "etag", "")
    if not tag:
        raise Invalid.made(
            "client.change.unread", "Hand in what you have read from the server, as it is, or its ETag as text."
        )
    return str(tag)


class Items(Generic[Item]):
    """A list of any length: going through it asks for one piece after the other, as far as one goes."""

    def __init__(self, ask: Callable[[str], Mapping[str, Any]], cursor: str = "") -> None:
        self._ask = ask
        self._cursor = cursor

    def __iter__(self) -> Iterator[Item]:
        for piece in self.pieces():
            yield from piece["items"]

    def pieces(self) -> Iterator[Mapping[str, Any]]:
        """Yield each piece as the server sent it, with `items` and the cursor `next`."""
        cursor: str | None = self._cursor
        while cursor is not None:
            piece = self._ask(cursor)
            yield piece
            cursor = piece["next"]


def broken_off(reason: str) -> Unreachable:
    """Return what is said of an answer that came in part."""
    return Unreachable.made("client.answer.broken_off", f"The answer broke off on its way: {reason}. Ask for it again.")


def check_whole(taken: int, told: str | None) -> None:
    """Raise `Unreachable` where less came than was told; Python's library says nothing of it."""
    if told is not None and told.isdecimal() and taken < int(told):
        raise broken_off(f"{taken} of {told} bytes came")


class Download:
    """A file on its way: read it once, piece by piece or whole, or save it."""

    def __init__(self, opened: IO[bytes], headers: Message) -> None:
        self._opened = opened
        self.content_type = headers.get_content_type()
        self.name = headers.get_filename() or ""
        self.etag = headers.get("ETag", "")
        self._length = headers.get("Content-Length")

    def __enter__(self) -> Download:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._opened.close()

    def __iter__(self) -> Iterator[bytes]:
        taken = 0
        try:
            while piece := self._opened.read(_PIECE):
                taken += len(piece)
                yield piece
        except (OSError, HTTPException) as wrong:
            raise broken_off(str(wrong)) from None
        finally:
            self._opened.close()
        check_whole(taken, self._length)

    def read(self) -> bytes:
        """Return all of it."""
        return b"".join(self)

    def save(self, path: Path) -> Path:
        """Write it to a file, which is there whole or not at all; return that file."""
        number, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
        try:
            with os.fdopen(number, "wb") as kept:
                kept.writelines(self)
            Path(name).replace(path)
        except BaseException:
            Path(name).unlink(missing_ok=True)
            raise
        return path
