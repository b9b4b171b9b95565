"""Writes the generated pages of docs/reference: `make reference`.

A test compares each page with what this script would write, so the pages cannot fall behind.
"""

from __future__ import annotations

import ast
import csv
import inspect
import json
import os
import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

import click
import django

from lionrock.config.environment import Environment
from lionrock.kernel import errors
from lionrock.kernel.errors import LionrockError

FOLDER = Path(__file__).parent
SOURCES = FOLDER.parents[1] / "src" / "lionrock"
CODE = re.compile(r"[a-z_]+(?:\.[a-z_]+)+")
NOTE = "<!-- Written by docs/reference/generate.py; change the source and run `make reference`. -->"

DEFAULTS = {
    "home": "`var` in the checkout, or `~/.local/share/lionrock`",
    "rulebook": "`rulebook` in the checkout",
}
"""Settings whose default depends on where Lionrock lies."""


OF_THE_API = (
    "Unidentified", "NoSuchMethod", "TooLarge", "OtherType", "Unconditional", "Outdated", "TooOften", "Upgrading",
)  # fmt: skip
"""Kinds of error that the API has besides those of the kernel, for statuses of HTTP that pages do not use."""


def settings() -> str:
    """Return the page of settings, from the fields of `Environment`."""
    prefix = str(Environment.model_config["env_prefix"])
    rows = [
        (f"`{prefix}{name.upper()}`", DEFAULTS.get(name) or _default(field.default), field.description or "")
        for name, field in Environment.model_fields.items()
    ]
    return _page(
        "Settings",
        "Lionrock reads these environment variables when it starts, and refuses to start when one is wrong.\n"
        "Lists are written as JSON. An example is [environment.example](../../deploy/environment.example).",
        _table(("variable", "default", "meaning"), rows),
    )


def _default(value: object) -> str:
    return "none" if value is None else f"`{value if isinstance(value, str) else json.dumps(value)}`"


def kinds_of_error() -> list[type[LionrockError]]:
    """Return the error classes of the kernel by exit code; the API has statuses of its own for some."""
    found = [each for _, each in inspect.getmembers(errors, inspect.isclass) if issubclass(each, LionrockError)]
    return sorted((each for each in found if each is not LionrockError), key=lambda each: each.exit_code)


def error_codes() -> dict[str, str]:
    """Return each dotted code of the source with the sentence that stands beside it, where one does."""
    trees = [ast.parse(path.read_text()) for path in sorted(SOURCES.rglob("*.py"))]
    makers = {"Fault", *(kind.__name__ for kind in kinds_of_error()), *OF_THE_API}
    makers |= {name for tree in trees for name in _functions_that_make(makers, tree)}
    codes: dict[str, str] = {}
    for tree in trees:
        for code, sentence in _codes(tree, makers):
            codes[code] = codes.get(code) or sentence
    return dict(sorted(codes.items()))


def _functions_that_make(kinds: set[str], tree: ast.AST) -> Iterator[str]:
    """Yield the functions that say that they return an error or a fault, or never return."""
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef) and node.returns:
            names = {part.id for part in ast.walk(node.returns) if isinstance(part, ast.Name)}
            if names & (kinds | {"NoReturn"}):
                yield node.name


def _codes(tree: ast.AST, makers: set[str]) -> Iterator[tuple[str, str]]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and ast.unparse(node.func).rpartition(".")[2] in makers:
            texts = [each.value for each in node.args if isinstance(each, ast.Constant)]
            for code in filter(_is_code, texts):
                yield code, _sentence(node)


def _is_code(text: object) -> bool:
    return isinstance(text, str) and bool(CODE.fullmatch(text))


def _sentence(call: ast.Call) -> str:
    for node in ast.walk(call):
        if isinstance(node, ast.Call) and ast.unparse(node.func) == "gettext_noop":
            text = node.args[0]
            return text.value if isinstance(text, ast.Constant) and isinstance(text.value, str) else ""
    return ""


def error_page() -> str:
    """Return the page of exit codes, HTTP statuses and error codes."""
    kinds = [("0", "-", "done", "")]
    kinds += [
        (str(each.exit_code), str(each.status), f"`{each.__name__}`", inspect.getdoc(each) or "")
        for each in kinds_of_error()
    ]
    codes = [(f"`{code}`", sentence.replace("|", "\\|")) for code, sentence in error_codes().items()]
    return _page(
        "Errors",
        "How a command ends, and which HTTP status a page or an answer of the API has. Each error also has a\n"
        "code that never changes; scripts should look at that and not at the sentence.",
        _table(("exit code", "HTTP", "kind", "meaning"), kinds),
        "## Codes",
        _table(("code", "sentence"), codes),
    )


def reactions() -> str:
    """Return the page of upward effects, from `config/reactions.py`."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "lionrock.config.settings")
    django.setup()
    # Reactions are actions, and those need Django's models.
    from lionrock.config.reactions import TABLE  # noqa: PLC0415

    rows = [(f"`{row.event_name}`", f"`{row.action_name}`", row.timing.value, row.why) for row in TABLE]
    return _page(
        "Reactions",
        "What follows from what, where a room may not import the one that acts. The rows of an event run in\n"
        "this order, in the publisher's transaction; an error in one undoes the event.",
        _table(("event", "action", "when", "why"), rows),
    )


def open_data() -> str:
    """Return the page of the open data, from `public/exports.py`."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "lionrock.config.settings")
    django.setup()
    # Its programmes have tables, and those need Django's settings.
    from lionrock.public.domain.folding import FEWEST  # noqa: PLC0415
    from lionrock.public.exports import COLUMNS, MEASURES  # noqa: PLC0415

    columns = [(f"`{name}`", about) for name, about in COLUMNS.items()]
    measures = [
        (f"`{section}`", f"`{name}`", measure.unit, measure.about) for (section, name), measure in MEASURES.items()
    ]
    return _page(
        "Open data",
        "The annual report of a programme, for everybody, without an account:\n"
        "`/programmes/PROGRAMME/results.csv?year=2026` and the same with `.json`; or, on the terminal,\n"
        "`lionrock results PROGRAMME --year 2026 --csv`. Without a year it is the one that runs. The CSV is UTF-8\n"
        "with a byte order mark. The JSON holds the same rows under `rows`, and beside them the year's first and last\n"
        "month, the instant as of which it stands, the licence, the fields and measures as described here, and the\n"
        "sources of the programme's values. Names are never changed; new measures may come. Answers may be kept for\n"
        "five minutes.",
        "## Columns",
        _table(("column", "meaning"), columns),
        "## Measures",
        _table(("section", "measure", "unit", "meaning"), measures),
        "## No single applicant",
        f"Behind each figure stand at least {FEWEST} applicants. Categories, items and kinds with fewer are put\n"
        f"together, with the smallest of the others where that is still fewer than {FEWEST}, so that the total does\n"
        "not give them away; months are put together with the next. Where all of them are too few, the figure is\n"
        "withheld. Counts of a group that is shown (such as how many were declined) are not folded again. The report\n"
        "is of now: whoever keeps it every day sees what one day changed, and an applicant among three knows a third\n"
        "of the sum. A programme for which that matters publishes the PDF of a past year instead.",
    )


def openapi() -> str:
    """Return the description of the API, as the server hands it out."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "lionrock.config.settings")
    django.setup()
    # Operations call actions, and those need Django's models.
    from lionrock.api import operations  # noqa: PLC0415
    from lionrock.api.description import description  # noqa: PLC0415

    assert operations.OPERATIONS
    return json.dumps(description(), ensure_ascii=False, indent=1) + "\n"


def operations_page() -> str:
    """Return the page of operations beside pages and commands, with what has none."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "lionrock.config.settings")
    django.setup()
    # Operations call actions, and those need Django's models.
    from lionrock.api import operations  # noqa: PLC0415
    from lionrock.api.coverage import coverage  # noqa: PLC0415

    assert operations.OPERATIONS
    found = coverage(pages_there_are(), commands_there_are())
    rows = [
        (
            f"`{each.method} /api/v1/{each.path}`",
            each.scope.value,
            each.summary,
            _codes_in(each.pages),
            _codes_in(each.commands),
        )
        for each in found.operations
    ]
    return _page(
        "Operations of the API",
        "What programs can do, which scope a token needs for it, and where people do the same. How to use it is\n"
        "told in [use the API](../how-to/use-the-api.md), and [openapi.json](openapi.json) describes each in full.",
        _table(("operation", "scope", "what it does", "pages", "commands"), rows),
        "## What needs none",
        f"Each of the {len(found.pages)} pages and {len(found.commands)} commands has an operation above that does "
        "the same,\nor a reason here why programs do without.",
        _table(("page or command", "why"), [(f"`{name}`", why) for name, why in found.need_none]),
    )


def pages_there_are() -> list[str]:
    """Return the names of all pages, those of the API itself not among them."""
    from django.urls import URLResolver, get_resolver  # noqa: PLC0415 - once Django is set up

    found: list[str] = []
    for each in get_resolver().url_patterns:
        if isinstance(each, URLResolver) and each.namespace != "api":
            found += [f"{each.namespace}:{page.name}" for page in each.url_patterns]
    return found


def commands_there_are() -> dict[str, click.Command]:
    """Return all commands by their words."""
    from lionrock.config.cli import main  # noqa: PLC0415 - once Django is set up

    return {" ".join(words): command for words, command in _commands_below(main, ())}


def _commands_below(command: click.Command, words: tuple[str, ...]) -> Iterator[tuple[tuple[str, ...], click.Command]]:
    if not isinstance(command, click.Group):
        yield words, command
        return
    context = click.Context(command)
    for name in command.list_commands(context):
        below = command.get_command(context, name)
        if below is not None:
            yield from _commands_below(below, (*words, name))


def files_of_the_client() -> dict[Path, str]:
    """Return the generated files of the Python client, and of the command line that uses it."""
    from docs.reference import client, remote  # noqa: PLC0415 - once Django is set up

    document, doing = openapi(), defaultdict(list)
    from lionrock.api.registry import OPERATIONS  # noqa: PLC0415 - once Django is set up

    for each in OPERATIONS.values():
        for words in each.commands:
            doing[words].append(each.name)
    commands = {words: (command, doing[words]) for words, command in commands_there_are().items()}
    guards = {each.name.rstrip("_"): each.guard.shown_by.rstrip("_") for each in OPERATIONS.values() if each.guard}
    return client.written(document) | remote.written(document, commands, guards)


def _codes_in(names: Iterable[str]) -> str:
    return ", ".join(f"`{name}`" for name in names) or "–"


def _table(headings: tuple[str, ...], rows: list[tuple[str, ...]]) -> str:
    lines = [headings, ("---",) * len(headings), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def _page(title: str, *parts: str) -> str:
    return "\n\n".join([f"# {title}", NOTE, *parts]) + "\n"


def asvs() -> str:
    """Return the table of OWASP's ASVS 5.0.0, levels 1 and 2, from `asvs.csv`."""
    with (FOLDER / "asvs.csv").open(newline="", encoding="utf-8") as file:
        found = list(csv.DictReader(file))
    counts = Counter(row["state"] for row in found)
    told = ", ".join(f"{counts[state]} {state}" for state in ("met", "gap", "not used"))
    names = ("item", "level", "about", "state", "how")
    rows = [(*(row[name] for name in names), _named_test(row["test"])) for row in found]
    return _page(
        "ASVS",
        "How Lionrock stands to the requirements of OWASP's Application Security Verification Standard 5.0.0,\n"
        "levels 1 and 2, by its item numbers and in our own words. We judged it ourselves, and nobody has certified\n"
        "it. *Not used* is what there is nothing of, *gap* what is missing, wholly or in part, with what there is.\n"
        f"The rows are in [asvs.csv](asvs.csv). Of {len(found)}: {told}.",
        _table(("item", "level", "requirement", "state", "how", "test"), rows),
    )


def _named_test(test: str) -> str:
    file, _, name = test.partition("::")
    return f"[{name or Path(file).name}](../../{file})" if test else "–"


def permissions_page() -> str:
    """Return the page of who may do what, a table for each room."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "lionrock.config.settings")
    django.setup()
    # It is made of the rows of the tests of permissions, and those need Django's models.
    from docs.reference import permissions  # noqa: PLC0415

    about, tables, headings = permissions.page()
    parts = [part for room, rows in tables.items() for part in (f"## {room}", _table(headings, rows))]
    return _page("Permissions", about, *parts)


PAGES: dict[str, Callable[[], str]] = {
    "settings.md": settings,
    "errors.md": error_page,
    "reactions.md": reactions,
    "open-data.md": open_data,
    "openapi.json": openapi,
    "operations.md": operations_page,
    "permissions.md": permissions_page,
    "asvs.md": asvs,
}

if __name__ == "__main__":
    for name, page in PAGES.items():
        (FOLDER / name).write_text(page())
    for path, content in files_of_the_client().items():
        path.write_text(content)
