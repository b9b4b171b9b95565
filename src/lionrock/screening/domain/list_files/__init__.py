"""Lists of restricted parties as they are published, read whole or not at all."""

from __future__ import annotations

import gzip
import zlib
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from lionrock.kernel.errors import Fault, Invalid
from lionrock.kernel.messages import Message, gettext_noop, message
from lionrock.screening.domain.list_files import csl, plain
from lionrock.screening.domain.parties import Entry

LARGEST_FILE: Final = 256 * 2**20
MOST_FAULTS: Final = 50
"""So many faults are named; a file that is not what it seems has one in every row."""


def read_list(data: bytes, file: str) -> list[Entry]:
    """Return the entries of a list: the US Consolidated Screening List as CSV or JSON, or the plain form.

    A file may be packed with gzip. Raises `Invalid` for one that is cut off, empty or of another
    shape, with every fault found (file, line, field, value); then nothing of it is to be used.
    """
    text = _text(data, file)
    start = text.lstrip("\ufeff \t\r\n")[:1]
    faults: list[Fault] = []
    if not start:
        raise _refused(file, [Fault("screening.list.empty", _empty(file), file, 1)])
    if start in "{[":
        entries = csl.read_json(text, file, faults)
    elif csl.is_csv(text):
        entries = csl.read_csv(text, file, faults)
    else:
        entries = plain.read_csv(text, file, faults)
    if not entries and not faults:
        faults.append(Fault("screening.list.empty", _empty(file), file, 1))
    if faults:
        raise _refused(file, faults)
    return _keyed(entries)


def _text(data: bytes, file: str) -> str:
    """Return the file as text; raises `Invalid` for one that is packed and cut off, or not UTF-8."""
    try:
        if data[:2] == b"\x1f\x8b":
            data = gzip.decompress(data)
        return data.decode("utf-8-sig")
    except (EOFError, OSError, zlib.error) as broken:
        said = message(
            gettext_noop("{file} cannot be unpacked: {problem}. It is cut off or damaged. Fetch it again."),
            file=file,
            problem=str(broken),
        )
        raise _refused(file, [Fault("screening.list.packed", said, file)]) from broken
    except UnicodeDecodeError as garbled:
        said = message(
            gettext_noop(
                "{file} is not UTF-8 at byte {at}. It is cut off, damaged or of another encoding. Fetch it again."
            ),
            file=file,
            at=garbled.start,
        )
        raise _refused(file, [Fault("screening.list.encoding", said, file)]) from garbled


def _empty(file: str) -> Message:
    return message(
        gettext_noop("{file} holds no entry. A list without entries is not imported: fetch it again."), file=file
    )


def _refused(file: str, faults: Sequence[Fault]) -> Invalid:
    said = message(
        gettext_noop("{file} is not imported, not even in part: {count} faults. The list stays as it was."),
        file=file,
        count=len(faults),
    )
    return Invalid("screening.list.faults", said, faults=faults[:MOST_FAULTS])


def _keyed(entries: Sequence[Entry]) -> list[Entry]:
    """Return the entries with keys of their own: the second of the same key is "key#2"."""
    seen: Counter[str] = Counter()
    made = []
    for entry in entries:
        seen[entry.key] += 1
        made.append(entry if seen[entry.key] == 1 else replace(entry, key=f"{entry.key}#{seen[entry.key]}"))
    return made
