"""How long functions and files are, and what each may not pass."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path
from statistics import median

from tests.tidy.files import named

FUNCTION_LIMIT = 70
FILE_LIMIT = 700
FUNCTION_MEDIAN_LIMIT = 10


def function_lengths(source: str) -> Iterator[tuple[str, int, int]]:
    """Yield name, line and length in lines of each function, from `def` to its last line."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node.name, node.lineno, (node.end_lineno or node.lineno) - node.lineno + 1


def too_long(source: str, path: Path) -> list[str]:
    """Name each function over 70 lines, and the file when it is over 700."""
    faults = [
        f"{named(path)}:{line}: {name} has {length} lines; cut it into steps of at most {FUNCTION_LIMIT}"
        for name, line, length in function_lengths(source)
        if length > FUNCTION_LIMIT
    ]
    lines = len(source.splitlines())
    if lines > FILE_LIMIT:
        faults.append(f"{named(path)}: {lines} lines; move a subject of its own out ({FILE_LIMIT} at most)")
    return faults


def medians(paths: list[Path]) -> tuple[float, float]:
    """Return the median length of functions and of files."""
    sources = [path.read_text() for path in paths]
    functions = [length for source in sources for _, _, length in function_lengths(source)]
    return median(functions or [0]), median([len(source.splitlines()) for source in sources] or [0])


def report(paths: list[Path]) -> str:
    """Return one line with what was measured."""
    functions, files = medians(paths)
    count = sum(len(list(function_lengths(path.read_text()))) for path in paths)
    return (
        f"{len(paths)} files, median {files:g} lines; {count} functions, median {functions:g} lines "
        f"(limits: {FILE_LIMIT}, {FUNCTION_LIMIT}, median function below {FUNCTION_MEDIAN_LIMIT})"
    )
