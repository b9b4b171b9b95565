"""The files of this checkout, and which of them each tidy rule is about."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = ROOT / "src" / "lionrock"

_NOT_OURS = {"build", "var", "node_modules", "vendor", "__pycache__"}
_TEXT = {".md", ".py", ".html", ".txt", ".in", ".yaml", ".toml", ".svg", ".css", ".js", ".po", ".sh", ".service", ""}
PURE_ROOMS = ("kernel", "rules")


def named(path: Path) -> str:
    """Return the path as people write it: from the project's root, with slashes."""
    return path.relative_to(ROOT).as_posix() if path.is_relative_to(ROOT) else path.as_posix()


def walk(folder: Path, *suffixes: str) -> Iterator[Path]:
    """Yield the folder's own files with one of the suffixes, in order; nothing generated."""
    for path in sorted(folder.iterdir()):
        if path.is_dir():
            if _is_ours(path.name):
                yield from walk(path, *suffixes)
        elif not suffixes or path.suffix in suffixes:
            yield path


def _is_ours(folder: str) -> bool:
    hidden = folder.startswith(".") and folder != ".ci"
    return not hidden and folder not in _NOT_OURS and not folder.endswith(".egg-info")


def source_files() -> list[Path]:
    """Return the Python files of the package, without migrations (Django writes those)."""
    return [path for path in walk(PACKAGE, ".py") if "migrations" not in path.parts]


def files_of_tests() -> list[Path]:
    """Return the Python files under tests/."""
    return list(walk(ROOT / "tests", ".py"))


def deciding_files() -> list[Path]:
    """Return what decides: kernel, rules and every `domain`."""
    return [path for path in source_files() if _decides(path.relative_to(PACKAGE))]


def _decides(path: Path) -> bool:
    if path.name == "commands.py":
        return False  # an edge, where the clock is read and handed in
    return path.parts[0] in PURE_ROOMS or "domain" in path.parts or path.name == "domain.py"


def text_files() -> list[Path]:
    """Return every file that a person can read and edit."""
    return [path for path in walk(ROOT) if path.suffix in _TEXT]


def rooms() -> list[Path]:
    """Return the folders of the rooms."""
    return [path.parent for path in sorted(PACKAGE.glob("*/__init__.py"))]
