"""What no line of the source may do; each place that has to is named with its reason."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from functools import cache
from re import _constants as words  # type: ignore[attr-defined]
from re import _parser as parser  # type: ignore[attr-defined]
from typing import Any

import pytest
from tests.tidy.files import PACKAGE, named, source_files

CLIENT = PACKAGE.parent / "lionrock_client"
WRITERS_OF_TABLES = {
    "src/lionrock/api/operations/compliance.py": "reads: a file that was sent, laid out for the reader of tables",
    "src/lionrock/charging/usage_files/normal_csv.py": "keeps a record as it came, for the importer itself",
    "src/lionrock/ledger/domain/exports.py": "texts go through web.spreadsheets.cell",
    "src/lionrock/planning/schedules.py": "numbers of a simulation",
    "src/lionrock/statements/exports.py": "cells go through web.spreadsheets.cell",
    "src/lionrock/statements/focus/reading.py": "texts go through web.spreadsheets.cell",
    "src/lionrock/web/spreadsheets.py": "the one place that makes cells safe",
}
SQL_OF_PARTS = {
    "src/lionrock/audit/rows.py": "names of our own tables and columns, from Django's models",
    "src/lionrock/audit/verifying.py": "names of our own tables",
    "src/lionrock/charging/columnar/pieces.py": "expressions of our own, in DuckDB in memory",
    "src/lionrock/charging/columnar/standing.py": "expressions of our own, in DuckDB in memory",
    "src/lionrock/database/server.py": "names of our own databases and roles",
    "src/lionrock/operations/backups/making.py": "a label of our own making",
    "src/lionrock/operations/health.py": "a bound in milliseconds, an integer of ours",
    "src/lionrock/operations/backups/restoring.py": "names of PostgreSQL's settings, from a list of our own",
    "src/lionrock/planning/traces/layout.py": "names of columns of a trace, chosen from a list of our own",
}


@cache
def _trees() -> list[tuple[str, ast.AST]]:
    files = [*source_files(), *sorted(CLIENT.rglob("*.py"))]
    return [(named(path), ast.parse(path.read_text())) for path in files]


def test_every_table_for_spreadsheets_is_written_with_safe_cells() -> None:
    found = {
        file
        for file, tree in _trees()
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute) and ast.unparse(node) in ("csv.writer", "csv.DictWriter")
    }
    assert found == set(WRITERS_OF_TABLES)


def _is_text_of_parts(node: ast.expr) -> bool:
    if isinstance(node, ast.BinOp):
        return isinstance(node.op, ast.Mod | ast.Add) and isinstance(node.left, ast.Constant | ast.JoinedStr)
    called = isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "format"
    return called or isinstance(node, ast.JoinedStr)


def test_no_question_to_a_database_is_put_together_of_what_people_send() -> None:
    found = {
        file
        for file, tree in _trees()
        for node in ast.walk(tree)
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr in ("execute", "executemany", "raw", "extra", "RawSQL")
        and node.args
        and _is_text_of_parts(node.args[0])
    }
    assert found <= set(SQL_OF_PARTS), found - set(SQL_OF_PARTS)


def test_no_xml_is_read() -> None:
    banned = {"xml", "lxml", "defusedxml", "html5lib"}
    found = {
        (file, name)
        for file, tree in _trees()
        for node in ast.walk(tree)
        if isinstance(node, ast.Import | ast.ImportFrom)
        for name in [getattr(node, "module", None) or node.names[0].name]
        if name.split(".")[0] in banned
    }
    assert not found


def test_no_template_is_made_of_text() -> None:
    for file, tree in _trees():
        calls = {ast.unparse(node.func) for node in ast.walk(tree) if isinstance(node, ast.Call)}
        assert not {call for call in calls if call.endswith(("from_string", "engine.Template"))} - {""}, file


def test_certificates_are_checked_everywhere() -> None:
    wrong = re.compile(r"verify\s*=\s*False|CERT_NONE|_create_unverified_context|check_hostname\s*=\s*False")
    assert not [file for file, tree in _trees() if wrong.search(ast.unparse(tree))]


def test_random_secrets_come_from_the_system() -> None:
    """`random` is for simulations and pauses; whatever is to be guessed by nobody is of `secrets`."""
    using = {
        file
        for file, tree in _trees()
        for node in ast.walk(tree)
        if isinstance(node, ast.Import | ast.ImportFrom)
        and "random" in {getattr(node, "module", None), *(each.name for each in node.names)}
    }
    allowed = (
        "src/lionrock/planning/",
        "src/lionrock/demo/",
        "src/lionrock/finance/domain/forecast.py",
        "src/lionrock_client/connection.py",
    )
    assert not {file for file in using if not file.startswith(allowed)}


def test_no_weak_digest_protects_anything() -> None:
    weak = re.compile(r"hashlib\.(md5|sha1)\(|algorithm='(md5|sha1)'")
    found = {file for file, tree in _trees() if weak.search(ast.unparse(tree))}
    assert not found


PATTERNS = ("re.compile", "re.match", "re.search", "re.fullmatch", "re.sub", "re.split", "re.findall", "re.finditer")


def _patterns() -> Iterator[tuple[str, str]]:
    for file, tree in _trees():
        for node in ast.walk(tree):
            if isinstance(node, ast.Call) and ast.unparse(node.func) in PATTERNS and node.args:
                first = node.args[0]
                if isinstance(first, ast.Constant) and isinstance(first.value, str):
                    yield file, first.value


def _grows(parsed: Any, *, within: bool = False) -> bool:
    """Tell whether a repetition without end holds another: then a text can be cut up in endlessly many ways."""
    for kind, argument in parsed:
        inner: list[tuple[Any, bool]] = []
        if kind in (words.MAX_REPEAT, words.MIN_REPEAT):
            endless = argument[1] == words.MAXREPEAT
            if endless and within:
                return True
            inner = [(_after_a_mark(argument[2]), within or endless)]
        elif kind is words.SUBPATTERN:
            inner = [(_after_a_mark(argument[3]) if within else argument[3], within)]
        elif kind is words.BRANCH:
            inner = [(each, within) for each in argument[1]]
        if any(_grows(each, within=deeper) for each, deeper in inner):
            return True
    return False


def _after_a_mark(parsed: Any) -> Any:
    """Return nothing for rounds that begin with a sign such as a dot: it tells one round from the next."""
    items = list(parsed)
    marked = items and items[0][0] is words.LITERAL and not chr(items[0][1]).isalnum()
    return [] if marked else items


@pytest.mark.parametrize("bad", [r"(a+)+$", r"(\w*)*x", r"(?:\d+\s*)+;", r"([a-z]+,?)*!"])
def test_a_pattern_that_could_run_away_would_be_noticed(bad: str) -> None:
    assert _grows(parser.parse(bad))


def test_no_pattern_runs_away() -> None:
    found = {(file, pattern) for file, pattern in _patterns() if _grows(parser.parse(pattern))}
    assert len(list(_patterns())) > 50
    assert not found
