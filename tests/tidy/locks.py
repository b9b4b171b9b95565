"""The locks: exact versions, each with hashes, from no named place."""

from __future__ import annotations

import re
from pathlib import Path

from tests.tidy.files import named

_PINNED = re.compile(r"[A-Za-z0-9._-]+(?:\[[\w,-]+\])?==[^\s;]+(?:\s*;[^\\]+)?")
_HASH = re.compile(r"--hash=sha256:[0-9a-f]{64}")


def entries(lock: str) -> list[str]:
    """Return the lock's requirements, each with its continuation lines joined."""
    return [entry.strip() for entry in lock.replace("\\\n", " ").splitlines() if entry.strip()]


def loose(lock: str, path: Path) -> list[str]:
    """Name each entry that is not one exact version with at least one hash."""
    faults = []
    for entry in entries(lock):
        requirement, *hashes = re.split(r"\s+(?=--)", entry)
        if not _PINNED.fullmatch(requirement.strip()):
            faults.append(f"{named(path)}: “{requirement}” is not NAME==VERSION")
        elif not hashes or not all(_HASH.fullmatch(each) for each in hashes):
            faults.append(f"{named(path)}: {requirement} has no sha256 hash, or something beside")
    return faults


def versions(lock: str) -> dict[str, str]:
    """Return package → locked version."""
    pairs = (entry.split()[0].split("==") for entry in entries(lock))
    return {name.lower(): version for name, version in pairs}
