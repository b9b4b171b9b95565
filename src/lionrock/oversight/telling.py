"""An audit record in words: what was done, to what, what stood there before and after."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from django.urls import reverse

from lionrock.audit.models import AuditRecord

PAGES: Final[Mapping[str, str]] = {
    "APP-": "applications:show",
    "AW-": "awards:show",
    "CALL-": "calls:show",
    "JOB-": "jobs:show",
}
"""What the code of a subject begins with, and the page that shows it."""
BEFORE_AND_AFTER: Final = ("from", "to")


@dataclass(frozen=True, slots=True)
class Told:
    """A record as it is shown; `address` is where its subject is shown, if anywhere."""

    record: AuditRecord
    action: str
    address: str
    before: str
    after: str
    details: Sequence[tuple[str, str]]


def told(record: AuditRecord, hidden: Collection[str] = ()) -> Told:
    """Return a record in words; subjects that are `hidden` from the reader are named without address."""
    details = {name: _said(value) for name, value in record.details.items()}
    before, after = (details.pop(name, "") for name in BEFORE_AND_AFTER)
    address = "" if record.subject in hidden else _address(record.subject)
    return Told(record, in_words(record.action), address, before, after, sorted(details.items()))


def in_words(action: str) -> str:
    """Return the name of an action as words: "awards.decide_application" is "Decide application"."""
    return action.rpartition(".")[2].replace("_", " ").capitalize()


def _address(subject: str) -> str:
    page = next((page for start, page in PAGES.items() if subject.startswith(start)), None)
    return reverse(page, args=[subject]) if page and "/" not in subject else ""


def _said(value: object) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, default=str)
