"""The API described for programs: OpenAPI 3.1, made of the table of operations."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from http import HTTPMethod, HTTPStatus
from typing import Any, Final

from pydantic import BaseModel
from pydantic.json_schema import JsonSchemaMode, models_json_schema

from lionrock.api.calls import Nothing
from lionrock.api.domain.hearing import example_of
from lionrock.api.domain.later import LATER, PREFER, RESPOND_ASYNC
from lionrock.api.domain.tokens import SCOPE_WORDS
from lionrock.api.domain.webhooks import SIGNATURE_HEADER, TOPIC_WORDS, Topic
from lionrock.api.examples import example_of_schema
from lionrock.api.once import HEADER
from lionrock.api.problems import CONTENT_TYPE, Problem
from lionrock.api.registry import OPERATIONS, Operation
from lionrock.api.sending import JSON, NDJSON

_REFERENCE: Final = "#/components/schemas/{model}"
_TYPES: Final = {str: {"type": "string"}, int: {"type": "integer", "minimum": 0}}
_ALWAYS: Final = (
    HTTPStatus.UNAUTHORIZED,
    HTTPStatus.FORBIDDEN,
    HTTPStatus.UNPROCESSABLE_ENTITY,
    HTTPStatus.TOO_MANY_REQUESTS,
    HTTPStatus.SERVICE_UNAVAILABLE,
)
_ABOUT: Final = """\
What the pages and the commands of Lionrock do, for programs: the same rules, the same errors, the same words.

Sign in with a token (`Authorization: Bearer lionrock_p_…`), made in one's account; it may at most what its person
may. Every POST that writes carries an `Idempotency-Key`: the same key with the same content gets the same answer,
and the thing is done once. Changes carry the `ETag` that was read as `If-Match`. What goes wrong is told as a
problem document (RFC 9457) with a `code` that never changes. Lists come in pieces: follow `next`.
Amounts are integers in minor units of their currency unless they are text; instants are UTC.
"""


@cache
def description() -> dict[str, Any]:
    """Return the OpenAPI document."""
    paths: dict[str, dict[str, Any]] = {}
    for each in OPERATIONS.values():
        paths.setdefault(f"/api/v1/{each.path}", {})[each.method.value.lower()] = _operation(each)
    return {
        "openapi": "3.1.0",
        "info": {"title": "Lionrock", "version": "1", "description": _ABOUT, "license": {"name": "Apache-2.0"}},
        "servers": [{"url": "/"}],
        "security": [{"token": []}, {"session": []}],
        "paths": dict(sorted(paths.items())),
        "webhooks": {topic.value: {"post": _webhook(topic)} for topic in Topic},
        "components": {
            "schemas": _described()[1],
            "responses": {"Problem": _problem()},
            "securitySchemes": {
                "token": {"type": "http", "scheme": "bearer", "description": _scopes()},
                "session": {"type": "apiKey", "in": "cookie", "name": "sessionid"},
            },
        },
    }


def _webhook(topic: Topic) -> dict[str, Any]:
    """Return what a receiver is sent under a topic; only who may see the thing is told of it."""
    about = {"type": "object", "additionalProperties": {"type": "string"}, "examples": [example_of(topic)]}
    told = {"id": {"type": "string", "format": "uuid"}, "topic": {"const": topic.value}, "data": about}
    told["created_at"] = {"type": "string", "format": "date-time"}
    header = {"name": SIGNATURE_HEADER, "in": "header", "required": True, "schema": {"type": "string"}}
    schema = {"type": "object", "properties": told, "required": sorted(told)}
    return {
        "operationId": f"told_{topic.value.replace('.', '_')}",
        "summary": TOPIC_WORDS[topic],
        "description": "Names the thing, its state and its address; ask there for the rest.",
        "tags": ["webhooks"],
        "parameters": [{**header, "description": "`t=SECONDS,v1=SIGNATURE`; check it before you believe anything."}],
        "requestBody": {"required": True, "content": {JSON: {"schema": schema}}},
        "responses": {"2XX": {"description": "It is taken."}, "default": {"description": "It is sent again later."}},
    }


def _scopes() -> str:
    return "Scopes: " + "; ".join(f"`{scope.value}`: {words}" for scope, words in SCOPE_WORDS.items()) + "."


def _models() -> Iterator[tuple[type[BaseModel], JsonSchemaMode]]:
    yield Problem, "serialization"
    for each in OPERATIONS.values():
        if each.answer is not None:
            yield each.answer, "serialization"
        if not each.takes_file and each.body is not Nothing:
            yield each.body, "validation"


@cache
def _described() -> tuple[dict[Any, dict[str, Any]], dict[str, Any]]:
    """Return where each model is described, and the descriptions; made once, of all models together."""
    names, made = models_json_schema(list(dict.fromkeys(_models())), ref_template=_REFERENCE)
    return dict(names), made["$defs"]


def _schema(model: type[BaseModel], mode: JsonSchemaMode) -> dict[str, Any]:
    return dict(_described()[0][model, mode])


def _operation(each: Operation) -> dict[str, Any]:
    said: dict[str, Any] = {
        "operationId": each.name,
        "summary": each.summary,
        "description": "\n\n".join(part for part in (each.description, f"Scope: `{each.scope.value}`.") if part),
        "tags": [each.path.partition("/")[0]],
        "parameters": [*_path(each), *_query(each), *_headers(each)],
        "responses": _responses(each),
    }
    if each.takes_file:
        content = {kind: {"schema": {"type": "string", "contentMediaType": kind}} for kind in each.takes}
        said["requestBody"] = {"required": True, "content": content}
    elif each.body is not Nothing:
        said["requestBody"] = {
            "required": True,
            "content": {JSON: _shown(_schema(each.body, "validation"))},
        }
    return said


def _path(each: Operation) -> list[dict[str, Any]]:
    return [
        {"name": name, "in": "path", "required": True, "schema": _TYPES[kind]} for name, kind in each.parameters.items()
    ]


def _query(each: Operation) -> list[dict[str, Any]]:
    made = each.query.model_json_schema(ref_template=_REFERENCE)
    required = made.get("required", [])
    return [
        {
            "name": name,
            "in": "query",
            "required": name in required,
            "description": schema.get("description", ""),
            "schema": _inlined(schema, made.get("$defs", {})),
        }
        for name, schema in made.get("properties", {}).items()
    ]


def _inlined(schema: dict[str, Any], known: dict[str, Any]) -> dict[str, Any]:
    """Return the schema of a parameter without its names, and with what it refers to put in its place."""
    said = schema | known.get(schema.get("$ref", "").rpartition("/")[2], {})
    made = {key: value for key, value in said.items() if key not in ("title", "description", "$ref")}
    if "anyOf" in made:
        made["anyOf"] = [_inlined(each, known) for each in made["anyOf"]]
    if isinstance(made.get("items"), dict):
        made["items"] = _inlined(made["items"], known)
    return made


def _headers(each: Operation) -> Iterator[dict[str, Any]]:
    if each.method is HTTPMethod.POST and each.writes:
        key = {"type": "string", "minLength": 1, "maxLength": 200, "pattern": "^[!-~]+$"}
        yield {
            "name": HEADER,
            "in": "header",
            "required": True,
            "schema": key,
            "description": "New for each new write.",
        }
    if each.name in LATER:
        wish = {"type": "string", "examples": [RESPOND_ASYNC]}
        about = f"`{RESPOND_ASYNC}`: answer 202, and do it later; it {LATER[each.name]}."
        yield {"name": PREFER, "in": "header", "required": False, "schema": wish, "description": about}
    if each.guard is not None:
        required = each.method is not HTTPMethod.POST
        about = f"The ETag of {each.guard.shown_by}."
        tag = {"type": "string"}
        yield {"name": "If-Match", "in": "header", "required": required, "schema": tag, "description": about}


def _responses(each: Operation) -> dict[str, Any]:
    shown: dict[str, Any]
    if each.answer is not None:
        shown = {JSON: _shown(_schema(each.answer, "serialization"))}
        if "next" in each.answer.model_fields:
            shown[NDJSON] = {
                "schema": {"type": "string", "description": "The items, one a line; `Link` says the next."}
            }
    else:
        shown = {kind: {"schema": {"type": "string"}} for kind in each.produces}
    done = {
        "description": each.summary,
        "headers": {"ETag": {"schema": {"type": "string"}, "description": "Names this content."}},
        "content": shown,
        "links": dict(_links(each)),
    }
    later = {"202": _accepted()} if each.name in LATER else {}
    return {
        str(each.status.value): done,
        **later,
        **{str(code.value): _reference() for code in sorted(set(_problems(each)))},
    }


def _shown(schema: dict[str, Any]) -> dict[str, Any]:
    """Return a schema with an example of it."""
    return {"schema": schema, "example": example_of_schema(schema, _described()[1])}


def _accepted() -> dict[str, Any]:
    """Return the answer to a client that prefers to come back."""
    place = {"schema": {"type": "string"}, "description": "Where it is told how it stands."}
    return {
        "description": f"It is answered later, as `{PREFER}: {RESPOND_ASYNC}` asked for: see `Location`.",
        "headers": {"Location": place, "Retry-After": {"schema": {"type": "string"}, "description": "Seconds."}},
        "content": {JSON: _shown(_schema(OPERATIONS["read_work"].answer or Problem, "serialization"))},
    }


def _links(each: Operation) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield where one can go on from an answer: what was made, the first of a list, or what is done to what is shown.

    What stands in the path of this operation stands in the other's too; one more name may come from the answer.
    """
    fields = each.answer.model_fields if each.answer is not None else {}
    item = "/items/0/" if "next" in fields else "/"
    known = {name: f"$request.path.{name}" for name in each.parameters}
    for other in OPERATIONS.values():
        more = [name for name in other.parameters if name not in known]
        if other is each or not other.path.startswith(f"{each.path}/") or len(more) > 1:
            continue
        if more and not (item == "/items/0/" or more[0] in fields):
            continue
        found = {name: f"$response.body#{item}{name}" for name in more}
        parameters = {f"path.{name}": where for name, where in (known | found).items() if name in other.parameters}
        if parameters:
            yield other.name, {"operationId": other.name, "parameters": parameters}


def _reference() -> dict[str, str]:
    return {"$ref": "#/components/responses/Problem"}


def _problems(each: Operation) -> Iterator[HTTPStatus]:
    yield from _ALWAYS
    if each.parameters or each.query is not Nothing or each.body is not Nothing:
        yield HTTPStatus.NOT_FOUND
    if each.method is not HTTPMethod.GET:
        yield HTTPStatus.CONFLICT
        yield HTTPStatus.REQUEST_ENTITY_TOO_LARGE
        yield HTTPStatus.UNSUPPORTED_MEDIA_TYPE
    if each.guard is not None:
        yield HTTPStatus.PRECONDITION_FAILED
        if each.method is not HTTPMethod.POST:
            yield HTTPStatus.PRECONDITION_REQUIRED


def _problem() -> dict[str, Any]:
    schema = {"$ref": _REFERENCE.format(model=Problem.__name__)}
    return {"description": "What went wrong, why, and what to do next.", "content": {CONTENT_TYPE: {"schema": schema}}}
