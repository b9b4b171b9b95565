"""What organisations are called."""

from __future__ import annotations

from collections.abc import Iterable

from lionrock.people.models import Organisation
from lionrock.rules.shape import Names
from lionrock.statements.queries import names_of


def organisation_names(codes: Iterable[str]) -> dict[str, Names]:
    """Return the names of organisations by code. One query."""
    return {one.code: names_of(one) for one in Organisation.objects.filter(code__in=list(codes))}
