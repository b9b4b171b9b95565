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
_SOMEBODY: Final = "chan@harbour.example"
_BY_NAME: Final = MappingProxyType(
    {
        **dict.fromkeys(("email", "person", "applicant", "assessor", "contact", "signatory"), _SOMEBODY),
        **dict.fromkeys(("decided_by", "asked_by", "submitted_by", "proposed_by", "requested_by"), _SOMEBODY),
        **dict.fromkeys(("added_by", "answered_by", "agreed_by", "invited_by", "signed_by", "actor"), _SOMEBODY),
        **dict.fromkeys(("destination", "exporting_from", "headquarters", "country"), "HK"),
        **dict.fromkeys(("list_price", "cap", "budget"), "HKD 1200.00"),
        **dict.fromkeys(("zone", "time_zone"), "Asia/Hong_Kong"),
        **dict.fromkeys(("reason", "end_reason", "why", "decision_reason"), "Asked for by the applicant"),
        **dict.fromkeys(("title", "name"), "Storms over the estuary"),
        **dict.fromkeys(("title_zh_hant", "name_zh_hant"), "河口上的風暴"),
        **dict.fromkeys(("title_zh_hans", "name_zh_hans"), "河口上的风暴"),
        **dict.fromkeys(("text", "note", "remark", "said", "answer"), "As soon as the agreement is signed."),
        **dict.fromkeys(("digest", "sha256", "checksum"), "9f86d081884c7d65" * 4),
        "programme": "hk-aiss",
        "organisation": "harbour-university",
        "call": "CALL-2026-0001",
        "application": "APP-2026-0001",
        "award": "AW-2026-0001",
        "site": "harbour-1",
        "item": "h800-card",
        "device": "h800-card",
        "unit": "card-month",
        "currency": "HKD",
        "share": "0.70",
        "category": "university",
        "month": "2026-03",
        "url": "https://example.org/hooks",
        "next": "eyJhZnRlciI6NDJ9",
        "purpose": "Warnings a day earlier",
        "orcid": "0000-0002-1825-0097",
        "partition": "gpu",
        "command": "python train.py",
    }
)
"""What a reader learns most from, by the name of the field; a code, a state or a kind says nothing without its room."""
_DEEPEST: Final = 6


def example_of_schema(schema: Schema, known: Schema, deep: int = 0, name: str = "") -> Any:
    """Return a value that fits a schema; `known` holds what it refers to, `#/components/schemas/` before the name."""
    if "$ref" in schema:
        return example_of_schema(known[schema["$ref"].rpartition("/")[2]], known, deep, name)
    for given in ("examples", "enum"):
        if schema.get(given):
            return schema[given][0]
    if "const" in schema:
        return schema["const"]
    for several in ("anyOf", "oneOf", "allOf"):
        if several in schema:
            return example_of_schema(schema[several][-1 if deep > _DEEPEST else 0], known, deep, name)
    return _of_type(schema, known, deep, name)


def _of_type(schema: Schema, known: Schema, deep: int, name: str) -> Any:
    kind = schema.get("type")
    if kind == "object":
        return _object(schema, known, deep)
    if kind == "array":
        wanted = max(schema.get("minItems", 0), 0 if deep > _DEEPEST else 1)
        return [example_of_schema(schema.get("items", {}), known, deep + 1) for _ in range(wanted)]
    if kind in ("integer", "number"):
        return max(schema.get("minimum", 1), schema.get("exclusiveMinimum", 0) + 1)
    return _text(schema, name) if kind == "string" else _OTHERS.get(str(kind), {})


def _object(schema: Schema, known: Schema, deep: int) -> dict[str, Any]:
    """Return an object with all that it can have; deep within it with what it must."""
    names = schema.get("required", []) if deep > _DEEPEST else schema.get("properties", {})
    return {name: example_of_schema(schema["properties"][name], known, deep + 1, name) for name in names}


def _text(schema: Schema, name: str) -> str:
    known = _BY_NAME.get(name, "")
    if known and not {"format", "pattern"} & schema.keys() and _fits(known, schema):
        return known
    found = _FORMATS.get(schema.get("format", ""), "text")
    if "pattern" in schema:
        found = str(schema["pattern"]).strip("^$") if str(schema["pattern"]).strip("^$").isalpha() else "a.csv"
    return found.ljust(schema.get("minLength", 0), "x")[: schema.get("maxLength", len(found) + 100)]


def _fits(text: str, schema: Schema) -> bool:
    return bool(schema.get("minLength", 0) <= len(text) <= schema.get("maxLength", len(text)))
