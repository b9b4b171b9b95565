"""What lets data become code, and what hides that a test did not run."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

from tests.tidy.files import named

_CALLS = {
    "eval": "runs text as code",
    "exec": "runs text as code",
    "os.system": "goes through a shell; use subprocess.run with a list",
    "os.popen": "goes through a shell; use subprocess.run with a list",
    "yaml.safe_load": "lets a later key overwrite an earlier one; use the rulebook's loader",
    "yaml.full_load": "builds objects from text; use the rulebook's loader",
    "yaml.unsafe_load": "builds objects from text; use the rulebook's loader",
}
_MODULES = {"pickle", "marshal", "shelve"}
_FOREIGN_LOADERS = {"Loader", "SafeLoader", "FullLoader", "UnsafeLoader", "BaseLoader", "CLoader", "CSafeLoader"}
_SKIPS = {"pytest.mark.skip", "pytest.mark.skipif", "pytest.mark.xfail", "pytest.skip", "pytest.xfail"}


def unsafe(source: str, path: Path) -> list[str]:
    """Name each construct by which input could run, or quietly lose a part of itself."""
    return [f"{named(path)}:{line}: {what}" for line, what in _unsafe(ast.parse(source))]


def _unsafe(tree: ast.AST) -> Iterator[tuple[int, str]]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import | ast.ImportFrom):
            modules = {alias.name for alias in node.names} | {getattr(node, "module", None)}
            for module in sorted(_MODULES & modules):
                yield node.lineno, f"{module} builds objects from bytes; write JSON"
        elif isinstance(node, ast.Call):
            yield from _unsafe_call(node)


def _unsafe_call(node: ast.Call) -> Iterator[tuple[int, str]]:
    name = ast.unparse(node.func)
    keywords = {keyword.arg: ast.unparse(keyword.value) for keyword in node.keywords}
    if name in _CALLS:
        yield node.lineno, f"{name} {_CALLS[name]}"
    if keywords.get("shell") == "True":
        yield node.lineno, "shell=True lets a name become a command; pass a list"
    if name in {"yaml.load", "yaml.load_all"}:
        loader = keywords.get("Loader", ast.unparse(node.args[1]) if len(node.args) > 1 else "Loader")
        if loader.rpartition(".")[2] in _FOREIGN_LOADERS:
            yield node.lineno, "yaml.load needs the rulebook's strict loader"


def silent_skips(source: str, path: Path) -> list[str]:
    """Name each skipped or expected-to-fail test that does not say why."""
    tree = ast.parse(source)
    calls = {id(node.func): node for node in ast.walk(tree) if isinstance(node, ast.Call)}
    return [
        f"{named(path)}:{node.lineno}: {ast.unparse(node)} without a reason"
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute) and ast.unparse(node) in _SKIPS
        if not _says_why(calls.get(id(node)))
    ]


def _says_why(call: ast.Call | None) -> bool:
    if call is None:
        return False
    reasons = [keyword.value for keyword in call.keywords if keyword.arg == "reason"]
    if not ast.unparse(call.func).endswith("skipif"):
        reasons += call.args[:1]
    return any(not isinstance(reason, ast.Constant) or bool(reason.value) for reason in reasons)
