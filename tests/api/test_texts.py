"""Marks that nobody sees, in every text that every operation takes: refused by name, and nothing is done."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest
from django.db import transaction
from django.test import RequestFactory
from tests.api.tabled import API
from tests.calls.world import NOW, OPERATOR
from tests.config.rows import Scene

from lionrock.api.operations import OPERATIONS
from lionrock.api.receiving import receiving
from lionrock.kernel.errors import Invalid
from lionrock.kernel.texts import is_no_text
from lionrock.people.actions import register_person

pytestmark = pytest.mark.django_db

JSON = "application/json"


def _texts(sent: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Yield where each text stands in what is sent."""
    if isinstance(sent, str):
        yield path
    parts = sent.items() if isinstance(sent, dict) else enumerate(sent) if isinstance(sent, list) else ()
    for name, each in parts:
        yield from _texts(each, (*path, name))


def _with(sent: Any, path: tuple[Any, ...], mark: str) -> Any:
    """Return what is sent with a mark in the middle of one text."""
    if not path:
        return sent[:1] + mark + sent[1:]
    changed = dict(sent) if isinstance(sent, dict) else list(sent)
    changed[path[0]] = _with(sent[path[0]], path[1:], mark)
    return changed


def _refused(name: str, sent: Any) -> bool:
    """Tell whether an operation does not even begin with what is sent."""
    request = RequestFactory().post("/", json.dumps(sent), content_type=JSON)
    try:
        with receiving(request, OPERATIONS[name]) as received:
            return is_no_text(received.body.model_dump_json())
    except Invalid as wrong:
        return bool(wrong.faults) and all(fault.field for fault in wrong.faults)


def test_no_operation_takes_a_mark_that_turns_the_line_or_a_nul(scene: Scene) -> None:
    register_person(actor=OPERATOR, email="chan@example.org", name="Chan", now=NOW)
    tried, taken = 0, []
    for name, row in API.items():
        if OPERATIONS[name].takes != (JSON,) or not OPERATIONS[name].writes:
            continue
        with transaction.atomic():
            _, sent, _ = row.asked(scene)
            transaction.set_rollback(True)
        for path in _texts(sent):
            tried += 1
            taken += [(name, path, mark) for mark in "\u202e\0\u2066" if not _refused(name, _with(sent, path, mark))]
    assert taken == []
    assert tried > 100


def test_one_text_has_one_spelling_whoever_sends_it() -> None:
    sent = {"award": "AW-1", "argv": ["echo", "cafe\u0301"], "time_limit_seconds": 60, "name": "cafe\u0301"}
    request = RequestFactory().post("/", json.dumps(sent), content_type=JSON)
    with receiving(request, OPERATIONS["submit_job"]) as received:
        assert (received.body.name, received.body.argv[1]) == ("caf\u00e9", "caf\u00e9")
