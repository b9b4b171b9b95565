"""The addresses of the API, made of the table of operations."""

from __future__ import annotations

import json
import re
from typing import Final

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, path, re_path
from django.views.decorators.http import require_safe

from lionrock.api.description import description
from lionrock.api.operations import OPERATIONS
from lionrock.api.registry import Operation
from lionrock.api.serving import endpoint, nowhere

_CONVERTERS: Final = {str: "str", int: "int"}
_ANYTHING: Final = r"(?P<rest>(?s:.*))"
"""Whatever is left of an address, a line end in it included."""


def addresses() -> list[URLPattern]:
    """Return every address below /api/v1/, each under the name of its first operation."""
    by_path: dict[str, dict[str, Operation]] = {}
    for each in OPERATIONS.values():
        by_path.setdefault(each.path, {})[each.method.value] = each
    made = [path(_as_django(methods), endpoint(methods), name=_name(methods)) for methods in by_path.values()]
    return [path("openapi.json", openapi, name="openapi"), *made, re_path(_ANYTHING, nowhere, name="nowhere")]


def _name(methods: dict[str, Operation]) -> str:
    return next(iter(methods.values())).name


def _as_django(methods: dict[str, Operation]) -> str:
    first = next(iter(methods.values()))
    return re.sub(r"{(\w+)}", lambda found: f"<{_CONVERTERS[first.parameters[found[1]]]}:{found[1]}>", first.path)


@login_not_required
@require_safe
def openapi(_request: HttpRequest) -> HttpResponse:
    """Hand out the description of the API, to anybody."""
    content = json.dumps(description(), ensure_ascii=False, indent=2)
    return HttpResponse(content, content_type="application/json", headers={"Cache-Control": "public, max-age=300"})
