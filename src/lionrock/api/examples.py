"""Examples of what is sent and answered, made of what describes it, so that they always fit it."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, Final

Schema = Mapping[str, Any]
_FORMATS: Final = MappingProxyType(
    {"date": "2026-03-01", "date-time": "2026-03-01T02:00:00Z", "uuid": "6f1c1f0e-6d0b-4c1b-9a77-2f6f0a7f5c11"}
)
_OTHERS: Final = MappingProxyType({"boolean": False, "null": None})
_DEEPEST: Final = 6


def example_of_schema(schema: Schema, known: Schema, deep: int = 0) -> Any:
    """Return a value that fits a schema; `known` holds what it refers to, `#/components/schemas/` before the name."""
    if "$ref" in schema:
        return example_of_schema(known[schema["$ref"].rpartition("/")[2]], known, deep)
    for given in ("examples", "enum"):
        if schema.get(given):
            return schema[given][0]
    if "const" in schema:
        return schema["const"]
    for several in ("anyOf", "oneOf", "allOf"):
        if several in schema:
            return example_of_schema(schema[several][-1 if deep > _DEEPEST else 0], known, deep)
    return _of_type(schema, known, deep)


def _of_type(schema: Schema, known: Schema, deep: int) -> Any:
    kind = schema.get("type")
    if kind == "object":
        return _object(schema, known, deep)
    if kind == "array":
        wanted = max(schema.get("minItems", 0), 0 if deep > _DEEPEST else 1)
        return [example_of_schema(schema.get("items", {}), known, deep + 1) for _ in range(wanted)]
    if kind in ("integer", "number"):
        return max(schema.get("minimum", 1), schema.get("exclusiveMinimum", 0) + 1)
    return _text(schema) if kind == "string" else _OTHERS.get(str(kind), {})


def _object(schema: Schema, known: Schema, deep: int) -> dict[str, Any]:
    """Return an object with all that it can have; deep within it with what it must."""
    names = schema.get("required", []) if deep > _DEEPEST else schema.get("properties", {})
    return {name: example_of_schema(schema["properties"][name], known, deep + 1) for name in names}


def _text(schema: Schema) -> str:
    found = _FORMATS.get(schema.get("format", ""), "text")
    if "pattern" in schema:
        found = str(schema["pattern"]).strip("^$") if str(schema["pattern"]).strip("^$").isalpha() else "a.csv"
    return found.ljust(schema.get("minLength", 0), "x")[: schema.get("maxLength", len(found) + 100)]
