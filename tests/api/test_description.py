"""What the API says of itself: each operation in words, with examples that fit, and the errors that it can end with."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import jsonschema_rs
from docs.reference import generate

DOCUMENT: dict[str, Any] = json.loads(generate.openapi())


def _operations() -> Iterator[dict[str, Any]]:
    for path in DOCUMENT["paths"].values():
        yield from path.values()


def _bodies(each: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    parts = [each.get("requestBody", {}), *(answer for answer in each["responses"].values() if "$ref" not in answer)]
    for part in parts:
        if "application/json" in part.get("content", {}):
            yield each["operationId"], part["content"]["application/json"]


def test_each_operation_says_what_it_does_and_how_it_can_end() -> None:
    for each in _operations():
        assert each["summary"], each["operationId"]
        assert each["description"], each["operationId"]
        assert {"401", "403", "422", "429", "503"} <= set(each["responses"]), each["operationId"]


def test_each_example_fits_what_it_is_an_example_of() -> None:
    tried, wrong = 0, []
    for name, content in (found for each in _operations() for found in _bodies(each)):
        if "example" not in content:
            continue
        schema = {**content["schema"], "components": DOCUMENT["components"]}
        validator = jsonschema_rs.Draft202012Validator(schema, validate_formats=True)
        faults = validator.iter_errors(content["example"])
        wrong += [f"{name}: {fault.message} at {fault.instance_path}" for fault in faults]
        tried += 1
    assert not wrong, "\n".join(wrong)
    assert tried > len(DOCUMENT["paths"]) // 2


def test_all_json_has_an_example() -> None:
    lacking = [
        name
        for each in _operations()
        for name, content in _bodies(each)
        if "example" not in content and content["schema"].get("type") != "string"
    ]
    assert lacking == []
