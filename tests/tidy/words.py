"""Names, docstrings, links, and words that have no place in a public repository."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from tests.tidy.files import named

VAGUE_NAMES = {"utils", "util", "helpers", "helper", "services", "service", "signals", "misc", "common"}
_PLACES = (
    (re.compile(r"(?<![\w.{}$-])/(?:work|root|home|Users|opt|usr/local/src)/[\w.]"), "a path of one person's machine"),
    (
        re.compile("https?://" + r"[\w.-]*(?:pypi|pythonhosted|npmjs|debian)\.(?:org|com)/(?:simple|packages|debian)"),
        "the address of a registry",
    ),
    (re.compile("https?://" + r"registry\.npmjs"), "the address of a registry"),
)
_UNFINISHED = re.compile(r"\b(?:TO" + r"DO|FIX" + r"ME)\b")


def vague_name(path: Path) -> list[str]:
    """Name the file when its own name or its folder's says nothing about its subject."""
    vague = {path.stem, path.parent.name} & VAGUE_NAMES
    return [f"{named(path)}: “{name}” says nothing; name it after its subject" for name in sorted(vague)]


def undocumented(source: str, path: Path) -> list[str]:
    """Name the module, public classes and public functions that have no docstring."""
    tree = ast.parse(source)
    faults = [] if ast.get_docstring(tree) else [f"{named(path)}:1: the module has no docstring"]
    return faults + [
        f"{named(path)}:{node.lineno}: {node.name} has no docstring"
        for node in _public(tree)
        if not ast.get_docstring(node)
    ]


def _public(tree: ast.AST) -> Iterator[ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef]:
    for node in ast.iter_child_nodes(tree):
        if isinstance(node, ast.ClassDef) and not node.name.startswith("_") and node.name != "Meta":
            yield node
            yield from _public(node)
        elif isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and not node.name.startswith("_"):
            yield node


def stray_words(text: str, path: Path) -> list[str]:
    """Name each line that points at one machine or registry, or that says it is unfinished."""
    faults = []
    for number, line in enumerate(text.splitlines(), start=1):
        said = [what for pattern, what in _PLACES if pattern.search(line)]
        said += ["unfinished work; do it or open an issue"] if _UNFINISHED.search(line) else []
        faults += [f"{named(path)}:{number}: {what}: {line.strip()[:80]}" for what in said]
    return faults


_LINK = re.compile(r"!?\[[^\]]*\]\(<?([^)\s>]+)>?(?:\s+\"[^\"]*\")?\)|\b(?:src|href)=\"([^\"]+)\"")
_FENCE = re.compile(r"^(```|~~~).*?^\1", re.MULTILINE | re.DOTALL)
_CODE = re.compile(r"`[^`\n]*`")


def dead_links(text: str, path: Path) -> list[str]:
    """Name each relative link of a Markdown file that leads to no file or no heading."""
    prose = _CODE.sub("", _FENCE.sub(lambda fence: "\n" * fence[0].count("\n"), text))
    faults = []
    for link in _LINK.finditer(prose):
        target = link[1] or link[2]
        if not re.match(r"[a-z]+:", target) and not _leads_somewhere(target, path, text):
            line = prose.count("\n", 0, link.start()) + 1
            faults.append(f"{named(path)}:{line}: “{target}” leads nowhere")
    return faults


def _leads_somewhere(target: str, path: Path, text: str) -> bool:
    place, _, anchor = target.partition("#")
    if not place:
        return anchor in headings(text)
    aim = (path.parent / place).resolve()
    if not anchor or aim.suffix != ".md":
        return aim.exists()
    return aim.is_file() and anchor in headings(aim.read_text())


def headings(markdown: str) -> set[str]:
    """Return the anchors that a Markdown file's headings make."""
    titles = re.findall(r"^#{1,6}\s+(.+?)\s*#*$", _FENCE.sub("", markdown), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", title.lower()).strip().replace(" ", "-") for title in titles}
