"""Which allocations a viewer may see."""

from __future__ import annotations

from django.db.models import QuerySet

from lionrock.allocations.models import Allocation
from lionrock.people.domain import Actor
from lionrock.people.queries import visible


def allocations(viewer: Actor) -> QuerySet[Allocation]:
    """Return the allocations under the awards of the viewer's programmes and organisations."""
    rule = visible(viewer, programme="award__programme", organisation="award__organisation__code")
    return Allocation.objects.filter(rule).select_related("award__organisation")
