"""What every page says while somebody looks at it as somebody else."""

from __future__ import annotations

from django.http import HttpRequest

from lionrock.identity.supporting import support_of
from lionrock.people.programmes import house_zone


def support(request: HttpRequest) -> dict[str, object]:
    """Return as whom this page is looked at; nothing for oneself."""
    found = support_of(request)
    return {"support": found, "support_zone": house_zone()} if found else {}
