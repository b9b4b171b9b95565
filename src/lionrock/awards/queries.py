"""Which awards a viewer may see."""

from __future__ import annotations

from django.db.models import QuerySet

from lionrock.awards.models import Award
from lionrock.kernel.errors import NotFound
from lionrock.kernel.messages import gettext_noop, message
from lionrock.people.domain import Actor
from lionrock.people.queries import visible


def awards(viewer: Actor) -> QuerySet[Award]:
    """Return the awards of the viewer's programmes and organisations."""
    rule = visible(viewer, programme="programme", organisation="organisation__code")
    return Award.objects.filter(rule)


def award_by_code(viewer: Actor, code: str, *, lock: bool = False) -> Award:
    """Return one award; with `lock`, keep others from changing it until the transaction ends.

    Raises `NotFound` when there is none that this viewer may see.
    """
    found = awards(viewer).filter(code=code).select_related("organisation")
    award = (found.select_for_update(of=("self",)) if lock else found).first()
    if award is None:
        raise NotFound(
            "awards.award.unknown",
            message(gettext_noop("There is no award {code} for you. See `lionrock award list`."), code=code),
        )
    return award
