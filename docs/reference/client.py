"""Writes the Python client's operations and types from the description of the API: `make reference`.

A part of the API is a module with a class; what several parts share stands in `shared`. The remote command line
is told which command is which operation in `src/lionrock/remote/commands.json`, written here too.
"""

from __future__ import annotations

import json
import keyword
import re
import subprocess
import sys
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, Final

Schema = Mapping[str, Any]
PACKAGE: Final = Path(__file__).parents[2] / "src" / "lionrock_client" / "operations"
NOTE: Final = "Written by docs/reference/client.py; run `make reference`."
_REFERENCE: Final = "#/components/schemas/"
_SHARED: Final = "shared"
_PLAIN: Final = {"string": "str", "integer": "int", "number": "float", "boolean": "bool", "null": "None"}
_MODULE: Final = re.compile(r"(?:[a-z][a-z_]*?__)*([a-z][a-z_]*?)__(?=[A-Z])")
_TAKEN: Final = frozenset({"self", "body", "file", "kind", "key", "read", "asked"}) | frozenset(
    {"Any", "Asked", "Download", "Items", "Literal", "Mapping", "Part", "Path"}
)
"""Names that the generated modules use themselves."""


def name_of(schema: str) -> str:
    """Return a name as types have it: `Listed_JobShown_` is ListedJobShown."""
    return "".join(part[:1].upper() + part[1:] for part in re.split(r"\W|_", schema))


def _short(schema: str) -> str:
    """Return a name without the module that stands before it where two have the same."""
    return name_of(_MODULE.sub("", schema))


def _long(schema: str) -> str:
    """Return a name with the last word of that module."""
    return name_of(_MODULE.sub(r"\1_", schema))


def argument(name: str) -> str:
    """Return a name that Python takes."""
    made = re.sub(r"\W", "_", name)
    return f"{made}_" if keyword.iskeyword(made) or made in _TAKEN else made


@dataclass(frozen=True)
class Asking:
    """One operation as the description has it."""

    method: str
    path: str
    said: Mapping[str, Any]

    @property
    def name(self) -> str:
        """What it is called."""
        return str(self.said["operationId"]).rstrip("_")

    @property
    def part(self) -> str:
        """The part of the API that it belongs to."""
        return str(self.said["tags"][0]).replace("-", "_")

    def parameters(self, where: str) -> list[Mapping[str, Any]]:
        """Return its parameters in the path, the query or the headers."""
        return [each for each in self.said.get("parameters", ()) if each["in"] == where]

    @cached_property
    def headers(self) -> dict[str, bool]:
        """The headers that it takes, and whether it must have them."""
        return {each["name"].lower(): each["required"] for each in self.parameters("header")}

    @property
    def writes(self) -> bool:
        """Whether it changes anything, and so is sent under a key."""
        return "idempotency-key" in self.headers or self.method in ("PUT", "PATCH", "DELETE")

    @cached_property
    def sent(self) -> Mapping[str, Schema]:
        """Media type to schema of what is sent."""
        content = self.said.get("requestBody", {}).get("content", {})
        return {kind: each["schema"] for kind, each in content.items()}

    @cached_property
    def answer(self) -> Mapping[str, Schema]:
        """Media type to schema of what comes back."""
        found = [each for status, each in self.said["responses"].items() if status.startswith("2")]
        done = found[0]  # the other, 202, is only for who prefers to fetch it later
        return {kind: each.get("schema", {}) for kind, each in done.get("content", {}).items()}

    @property
    def body(self) -> Schema | None:
        """The schema of a JSON body, where one is sent."""
        return self.sent.get("application/json") if "$ref" in self.sent.get("application/json", {}) else None


@dataclass(frozen=True)
class Described:
    """The description of the API, and what is made of it."""

    document: Mapping[str, Any]

    @cached_property
    def asked(self) -> list[Asking]:
        """Every operation, in the order of addresses."""
        return [
            Asking(method.upper(), path.removeprefix("/api/v1/"), said)
            for path, methods in self.document["paths"].items()
            for method, said in methods.items()
        ]

    @cached_property
    def schemas(self) -> dict[str, Schema]:
        """Every schema by its own name."""
        return dict(self.document["components"]["schemas"])

    @cached_property
    def names(self) -> dict[str, str]:
        """Schema to the name of its type: short, where no other has it and no import of ours either."""
        counts = Counter(_short(each) for each in self.schemas)
        return {
            each: _long(each) if counts[short] > 1 else f"{short}Data" if short in _TAKEN else short
            for each in self.schemas
            for short in [_short(each)]
        }

    def listed(self, each: Asking) -> str | None:
        """Return the type of the items of a list that comes in pieces."""
        schema = each.answer.get("application/json", {})
        properties = self.schemas.get(referred(schema), {}).get("properties", {})
        return self.type_of(properties["items"]["items"]) if {"items", "next"} <= set(properties) else None

    @cached_property
    def places(self) -> dict[str, str]:
        """Schema to the part whose module it stands in."""
        users: dict[str, set[str]] = defaultdict(set)
        for each in self.asked:
            asked = [one["schema"] for one in each.parameters("query")]
            for schema in self._reached([*asked, *each.sent.values(), *each.answer.values()]):
                users[schema].add(each.part)
        return {schema: next(iter(parts)) if len(parts) == 1 else _SHARED for schema, parts in users.items()}

    def _reached(self, schemas: Iterable[object]) -> set[str]:
        found: set[str] = set()
        waiting = list(schemas)
        while waiting:
            for name in set(_references(waiting.pop())) - found:
                found.add(name)
                waiting.append(self.schemas[name])
        return found

    def type_of(self, schema: Schema) -> str:
        """Return the type of a value, in Python's words."""
        if "$ref" in schema:
            return self.names[referred(schema)]
        if "const" in schema or "enum" in schema:
            return f"Literal[{', '.join(map(repr, schema.get('enum', [schema.get('const')])))}]"
        if union := schema.get("anyOf", schema.get("oneOf", schema.get("allOf"))):
            return " | ".join(dict.fromkeys(self.type_of(each) for each in union))
        kind = str(schema.get("type"))
        return self._collection(schema, kind) if kind in ("array", "object") else _PLAIN.get(kind, "Any")

    def _collection(self, schema: Schema, kind: str) -> str:
        within = schema.get("items" if kind == "array" else "additionalProperties")
        values = self.type_of(within) if isinstance(within, Mapping) else "Any"
        return f"list[{values}]" if kind == "array" else f"dict[str, {values}]"


def referred(schema: Schema) -> str:
    """Return the name of the schema that one refers to."""
    return str(schema.get("$ref", "")).removeprefix(_REFERENCE)


def _references(value: object) -> Iterator[str]:
    if isinstance(value, Mapping):
        if "$ref" in value:
            yield referred(value)
        for each in value.values():
            yield from _references(each)
    elif isinstance(value, list):
        for each in value:
            yield from _references(each)


def modules(document: Mapping[str, Any]) -> dict[str, str]:
    """Return file name to content of every generated module of the client."""
    described = Described(document)
    made = {f"{part}.py": _module(described, part) for part in _parts(described)}
    made[f"{_SHARED}.py"] = _module(described, _SHARED)
    made["__init__.py"] = _index(described)
    return {name: formatted(content) for name, content in made.items()}


def formatted(content: str) -> str:
    """Return Python as our formatter lays it out, with its imports in order."""
    for words in (("check", "--select=I", "--fix-only", "--quiet"), ("format",)):
        ruff = [sys.executable, "-m", "ruff", *words, "--config=pyproject.toml", "-"]
        content = subprocess.run(
            ruff, input=content, capture_output=True, text=True, check=True, cwd=Path(__file__).parents[2]
        ).stdout
    return content


def _parts(described: Described) -> list[str]:
    return sorted({each.part for each in described.asked})


def _index(described: Described) -> str:
    parts = _parts(described)
    lines = [f'"""All operations, each within its part. {NOTE}"""', "", "from __future__ import annotations", ""]
    lines += ["from lionrock_client.connection import Connection"]
    lines += [f"from lionrock_client.operations.{part} import {_class(part)}" for part in parts]
    lines += ["", "", "class Operations:", '    """The parts of the API."""', ""]
    lines += ["    def __init__(self, connection: Connection) -> None:"]
    lines += [f"        self.{part} = {_class(part)}(connection)" for part in parts]
    return "\n".join(lines) + "\n"


def _class(part: str) -> str:
    return f"{name_of(part)}Part"


def _module(described: Described, part: str) -> str:
    schemas = sorted(name for name, place in described.places.items() if place == part)
    asked = [each for each in described.asked if each.part == part]
    body = [line for name in schemas for line in ("", "", *_type(described, name))]
    if asked:
        body += ["", "", f"class {_class(part)}(Part):", f'    """The operations below /api/v1/{_root(asked)}."""']
        body += [line for each in asked for line in ("", *_method(described, each))]
    about = "Types that several parts share." if part == _SHARED else f"{name_of(part)}: types and operations."
    head = [f'"""{about} {NOTE}"""', "", "from __future__ import annotations", "", *_imports(described, part, body)]
    return "\n".join(head + body) + "\n"


def _root(asked: list[Asking]) -> str:
    return asked[0].path.partition("/")[0]


def _imports(described: Described, part: str, body: list[str]) -> list[str]:
    text = "\n".join(body)

    def used(*names: str) -> str:
        return ", ".join(sorted(name for name in names if re.search(rf"\b{name}\b", text)))

    shared = [name for name, place in described.places.items() if place == _SHARED and part != _SHARED]
    wanted = {
        "collections.abc": used("Mapping"),
        "pathlib": used("Path"),
        "typing": used("Any", "IO", "Literal", "NotRequired", "TypeAlias", "TypedDict", "cast"),
        "lionrock_client.calling": used("JSON", "Part", "json_of", "keyed", "typed", "unchanged"),
        "lionrock_client.connection": used("Asked", "path_of"),
        "lionrock_client.documents": used("Download", "Items"),
        "lionrock_client.operations.shared": used(*(described.names[name] for name in shared)),
    }
    lines = [f"from {module} import {names}" for module, names in wanted.items() if names]
    own = [line for line in lines if "lionrock_client" in line]
    return [*(line for line in lines if line not in own), "", *own]


def _type(described: Described, name: str) -> Iterator[str]:
    schema, own = described.schemas[name], described.names[name]
    properties: Mapping[str, Schema] = schema.get("properties", {})
    if schema.get("type") != "object" or "properties" not in schema:
        yield f'{own}: TypeAlias = "{described.type_of(schema)}"'
        yield _docstring(schema, own)
        return
    required = schema.get("required", ())
    types = {
        field: described.type_of(each) if field in required else f"NotRequired[{described.type_of(each)}]"
        for field, each in properties.items()
    }
    if all(each.isidentifier() and not keyword.iskeyword(each) for each in types):
        yield f"class {own}(TypedDict):"
        yield f"    {_docstring(schema, own)}"
        for field, kind in types.items():
            yield f"\n    {field}: {kind}"
            if about := properties[field].get("description"):
                yield f"    {_quoted(about)}"
    else:
        fields = ", ".join(f"{field!r}: {kind!r}" for field, kind in types.items())
        yield f"{own} = TypedDict({own!r}, {{{fields}}})"
        yield _docstring(schema, own)


def _docstring(schema: Schema, own: str) -> str:
    return _quoted(" ".join(str(schema.get("description") or f"{own}.").split()))


def _quoted(text: str) -> str:
    return '"""' + text.replace("\\", "\\\\").replace('"""', "'''").rstrip('"') + '"""'


def _method(described: Described, each: Asking) -> Iterator[str]:
    given = _arguments(described, each)
    yield f"    def {each.name}({', '.join(given)}) -> {_answer(described, each)}:"
    said = [str(each.said["summary"]) + ".", *str(each.said.get("description", "")).splitlines()]
    first, rest = said[0].replace("\\", "\\\\"), [line.replace("\\", "\\\\") for line in said[1:]]
    yield f'        """{first}'
    yield from (["", *(f"        {line}".rstrip() for line in rest), '        """'] if rest else ['        """'])
    yield from _body(described, each)


def _arguments(described: Described, each: Asking) -> list[str]:
    given = [
        "self",
        *(f"{argument(one['name'])}: {described.type_of(one['schema'])}" for one in each.parameters("path")),
    ]
    if each.body is not None:
        given.append(f"body: {described.type_of(each.body)}")
    elif each.sent:
        given.append("file: Path | bytes | IO[bytes]")
    named = []
    if len(each.sent) > 1:
        named.append(f"kind: Literal[{', '.join(map(repr, each.sent))}]")
    for one in sorted(each.parameters("query"), key=lambda one: not one["required"]):
        kind = described.type_of(one["schema"])
        given_late = f"{kind}" if one["required"] else f"{kind.removesuffix(' | None')} | None = None"
        named.append(f"{argument(one['name'])}: {given_late}")
    if "if-match" in each.headers:
        must = each.headers["if-match"]
        named.insert(0, f"read: Mapping[str, Any] | str{'' if must else ' | None = None'}")
    if each.writes:
        named.append("key: str | None = None")
    return given + (["*", *named] if named else [])


def _answer(described: Described, each: Asking) -> str:
    if listed := described.listed(each):
        return f"Items[{listed}]"
    schema = each.answer.get("application/json", {})
    return described.type_of(schema) if "$ref" in schema else "Download"


def _body(described: Described, each: Asking) -> Iterator[str]:
    template = re.sub(r"{(\w+)}", lambda found: "{" + argument(found[1]) + "}", each.path)
    names = [argument(one["name"]) for one in each.parameters("path")]
    path = f'path_of("{template}", {", ".join(f"{name}={name}" for name in names)})' if names else repr(each.path)
    asked = [f'"{each.method}"', path]
    if query := each.parameters("query"):
        asked.append("query={" + ", ".join(f"{one['name']!r}: {argument(one['name'])}" for one in query) + "}")
    if headers := list(_headers(each)):
        asked.append(f"headers={' | '.join(headers)}")
    if each.sent:
        asked.append("content=json_of(body)" if each.body is not None else "content=file")
    yield f"        asked = Asked({', '.join(asked)})"
    answer = _answer(described, each)
    if answer == "Download":
        yield "        return self._connection.file(asked)"
    elif answer.startswith("Items["):
        yield "        return self._items(asked)"
    else:
        yield f'        return cast("{answer}", self._connection.document(asked))'


def _headers(each: Asking) -> Iterator[str]:
    if each.body is not None:
        yield "typed(JSON)"
    elif each.sent:
        yield "typed(kind)" if len(each.sent) > 1 else f"typed({next(iter(each.sent))!r})"
    if each.writes:
        yield "keyed(key)"
    if "if-match" in each.headers:
        yield "unchanged(read)"


def written(document: str) -> dict[Path, str]:
    """Return each generated file of the client with its content."""
    return {PACKAGE / name: content for name, content in modules(json.loads(document)).items()}
