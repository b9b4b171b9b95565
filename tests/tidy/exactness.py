"""No binary fraction near money, and no clock where something is decided."""

from __future__ import annotations

import ast
from collections.abc import Collection, Iterator
from pathlib import Path

from tests.tidy.files import named

EXACT_TYPES = {"Fraction", "Path", "DeviceTime"}
"""What may stand beside `/`: an exact ratio, or a path that is being joined."""

ALLOWED_DIVISIONS = {
    ("src/lionrock/rules/units.py", "decimal_text"): "two Decimals, only for showing a share",
    ("src/lionrock/charging/domain/subsidy.py", "_pay"): "the share of a term is a Fraction",
    ("src/lionrock/charging/domain/subsidy.py", "_give_back"): "the share of a term is a Fraction",
}
"""(file, function) → why its `/` is exact although the check cannot see it."""

_LIKENESS = "how alike two names are is measured; whoever decides compares whole points"
MEASURED = {
    "src/lionrock/screening/domain/forms.py": _LIKENESS,
    "src/lionrock/screening/domain/matching.py": _LIKENESS,
    "src/lionrock/screening/domain/names.py": _LIKENESS,
    "src/lionrock/screening/domain/parties.py": _LIKENESS,
    "src/lionrock/screening/domain/scoring.py": _LIKENESS,
}
"""Files that measure what is neither money nor quantity, and why a float may stand there."""

CLOCKS = {
    ("datetime", "now"),
    ("datetime", "today"),
    ("datetime", "utcnow"),
    ("date", "today"),
    ("timezone", "now"),
    ("timezone", "localdate"),
    ("timezone", "localtime"),
    ("time", "time"),
    ("time", "time_ns"),
    ("time", "monotonic"),
    ("time", "perf_counter"),
    ("time", "localtime"),
    ("time", "gmtime"),
}


def inexact(source: str, path: Path, allowed: Collection[tuple[str, str]] = tuple(ALLOWED_DIVISIONS)) -> list[str]:
    """Name each float and each division that might make one."""
    look = _Inexact(source, named(path), allowed)
    return [f"{named(path)}:{line}: {what}" for line, what in look.faults()]


def clock_reads(source: str, path: Path) -> list[str]:
    """Name each reading of the clock; the instant should come in as `now` or `on`."""
    return [
        f"{named(path)}:{node.lineno}: {ast.unparse(node)} reads the clock; take `now` or `on` as an argument"
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.Attribute) and (_last_name(node.value), node.attr) in CLOCKS
    ]


def _last_name(node: ast.expr) -> str:
    if isinstance(node, ast.Attribute):
        return node.attr
    return node.id if isinstance(node, ast.Name) else ""


def _type_names(annotation: ast.expr | None) -> set[str]:
    if annotation is None:
        return set()
    return {_last_name(node) for node in ast.walk(annotation) if isinstance(node, ast.Name | ast.Attribute)}


class _Inexact:
    """Looks through one file; knows the names whose declared type makes `/` exact.

    A name counts as exact when its declared type is an exact one everywhere in the file, so that
    the check never has to know scopes.
    """

    def __init__(self, source: str, file: str, allowed: Collection[tuple[str, str]]) -> None:
        self.tree = ast.parse(source)
        self.file = file
        self.allowed = allowed
        self.exact = self._exact_names()

    def _exact_names(self) -> set[str]:
        declared: dict[str, list[bool]] = {}
        for node in ast.walk(self.tree):
            for name, kind in _declarations(node):
                declared.setdefault(name, []).append(bool(_type_names(kind) & EXACT_TYPES or _is_text(kind)))
        return {name for name, exact in declared.items() if all(exact)}

    def faults(self) -> Iterator[tuple[int, str]]:
        for function, node in _with_function(self.tree, ""):
            yield from self._fault(function, node)

    def _fault(self, function: str, node: ast.AST) -> Iterator[tuple[int, str]]:
        if isinstance(node, ast.Constant) and isinstance(node.value, float):
            yield node.lineno, f"the literal {node.value} is a float; write a Decimal or Fraction of text"
        elif isinstance(node, ast.Name) and node.id == "float":
            yield node.lineno, "float loses cents; use int minor units, Decimal or Fraction"
        elif isinstance(node, ast.Name) and node.id == "round" and isinstance(node.ctx, ast.Load):
            yield node.lineno, "round() rounds half to even; kernel.money.settle is the one rounding"
        elif isinstance(node, ast.BinOp | ast.AugAssign) and isinstance(node.op, ast.Div):
            left, right = (node.left, node.right) if isinstance(node, ast.BinOp) else (node.target, node.value)
            allowed = (self.file, function) in self.allowed
            if not (allowed or self._is_exact(left) or self._is_exact(right)):
                yield node.lineno, f"“{ast.unparse(node)}” may be a float; divide a Fraction, or use //"

    def _is_exact(self, node: ast.expr) -> bool:
        if isinstance(node, ast.BinOp):
            return self._is_exact(node.left) or self._is_exact(node.right)
        if isinstance(node, ast.Call):
            return _last_name(node.func) in EXACT_TYPES | self.exact
        if _is_text(node):
            return True
        return _last_name(node) in self.exact


def _is_text(node: ast.expr | None) -> bool:
    return isinstance(node, ast.JoinedStr) or (isinstance(node, ast.Constant) and isinstance(node.value, str))


def _declarations(node: ast.AST) -> Iterator[tuple[str, ast.expr | None]]:
    """Yield each name with its declared type, or with the text or the call that it is set to."""
    if isinstance(node, ast.arg):
        yield node.arg, node.annotation
    elif isinstance(node, ast.AnnAssign):
        yield _last_name(node.target), node.annotation
    elif isinstance(node, ast.FunctionDef):
        yield node.name, node.returns
    elif isinstance(node, ast.Assign) and len(node.targets) == 1:
        value = node.value.func if isinstance(node.value, ast.Call) else node.value
        if isinstance(node.value, ast.Call) or _is_text(value):
            yield _last_name(node.targets[0]), value


def _with_function(node: ast.AST, function: str) -> Iterator[tuple[str, ast.AST]]:
    """Yield every node with the name of the function that it stands in."""
    yield function, node
    inner = node.name if isinstance(node, ast.FunctionDef) else function
    for child in ast.iter_child_nodes(node):
        yield from _with_function(child, inner)
