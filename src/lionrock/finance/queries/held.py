"""What is wrong with held rows, and how many of them have the same fault."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Count, F
from django.db.models.fields.json import KT

from lionrock.charging.queries import held_rows
from lionrock.people.domain import Actor

_MOST = 20
"""Faults that are told; the rest shows once these are mended."""


@dataclass(frozen=True, slots=True)
class Wrong:
    """A fault and how many rows have it; `account` where it is an account that is not on file."""

    code: str
    value: str
    rows: int

    @property
    def account(self) -> str:
        """The account that the rows name, where that is what is wrong."""
        return self.value if self.code == "charging.run.account" else ""


def wrongs(viewer: Actor, programme: str) -> list[Wrong]:
    """Return the faults of the rows held for a programme, the most frequent first. One query."""
    rows = held_rows(viewer).filter(usage_import__programme=programme)
    found = rows.order_by().values("code", value=KT("fields__value")).annotate(rows=Count("pk"))
    listed = found.order_by(F("rows").desc(), "code", "value")[:_MOST]
    return [Wrong(row["code"], row["value"] or "", row["rows"]) for row in listed]
