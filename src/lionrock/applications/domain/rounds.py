"""What is handed in, word for word, and what changed between two rounds."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any


def canonical(content: Mapping[str, Any]) -> bytes:
    """Return content as JSON in one spelling: keys in order, no blanks, UTF-8."""
    return json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


def digest(content: Mapping[str, Any]) -> str:
    """Return the SHA-256 of content in its one spelling, in hexadecimal."""
    return hashlib.sha256(canonical(content)).hexdigest()


@dataclass(frozen=True, slots=True)
class Changed:
    """One thing that differs between two rounds: an answer by its key, or a document; None: it was not there."""

    key: str
    before: object
    after: object


def changes_between(older: Mapping[str, Any], newer: Mapping[str, Any]) -> tuple[Changed, ...]:
    """Return what differs between the contents of two submissions: answers first, then documents, in order of key.

    Documents are compared by the SHA-256 of their files; a change holds the names of the files.
    """
    answers = _differing(older.get("answers", {}), newer.get("answers", {}))
    files = _differing(_files(older), _files(newer))
    named = (Changed(f"document:{each.key}", _names(each.before), _names(each.after)) for each in files)
    return (*answers, *named)


def _differing(older: Mapping[str, Any], newer: Mapping[str, Any]) -> list[Changed]:
    keys = sorted({*older, *newer})
    changes = [Changed(key, older.get(key) or None, newer.get(key) or None) for key in keys]
    return [each for each in changes if each.before != each.after]


def _files(content: Mapping[str, Any]) -> dict[str, list[tuple[str, str]]]:
    files: dict[str, list[tuple[str, str]]] = {}
    for each in content.get("documents", []):
        files.setdefault(each["document"], []).append((each["sha256"], each["name"]))
    return {document: sorted(found) for document, found in files.items()}


def _names(files: object) -> list[str] | None:
    return [name for _, name in files] if isinstance(files, Sequence) else None
