"""The locks: exact versions, each with hashes, from no named place."""

from __future__ import annotations

import ast
import re
import sys
from collections.abc import Collection, Iterator, Mapping
from functools import cache
from importlib.metadata import packages_distributions
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


def unlocked_imports(source: str, path: Path, locked: Collection[str]) -> list[str]:
    """Name each import of a package that the lock does not hold: it would be missing in production."""
    homes = _homes()
    faults = []
    for line, module in _imports(ast.parse(source)):
        owners = {owner.lower().replace("_", "-") for owner in homes.get(module, ())}
        if module not in sys.stdlib_module_names | {"lionrock", "lionrock_client"} and not owners & set(locked):
            faults.append(f"{named(path)}:{line}: {module} is not in requirements/run.txt")
    return faults


@cache
def _homes() -> Mapping[str, list[str]]:
    """Return which packages bring each module; asked once, since every answer reads all that is installed."""
    return packages_distributions()


def _imports(node: ast.AST) -> Iterator[tuple[int, str]]:
    """Yield line and top-level module of each import that happens at run time."""
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.Import):
            yield from ((child.lineno, alias.name.partition(".")[0]) for alias in child.names)
        elif isinstance(child, ast.ImportFrom) and not child.level:
            yield child.lineno, (child.module or "").partition(".")[0]
        elif not (isinstance(child, ast.If) and ast.unparse(child.test).endswith("TYPE_CHECKING")):
            yield from _imports(child)
