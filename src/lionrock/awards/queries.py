"""Which awards a viewer may see."""

from __future__ import annotations

from datetime import date

from django.db.models import QuerySet, Sum

from lionrock.awards.domain import AwardState
from lionrock.awards.models import Award
from lionrock.calls.models import Call
from lionrock.kernel.errors import NotFound
from lionrock.kernel.messages import gettext_noop, message
from lionrock.kernel.money import Money
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


def given_of(call: Call) -> Money:
    """Return how much of a call's budget is given: the caps of its awards, but for those never accepted."""
    over = [AwardState.DECLINED.value, AwardState.LAPSED.value]
    taken = Award.objects.filter(application__call=call).exclude(state__in=over)
    taken = taken.exclude(state=AwardState.WITHDRAWN.value, accepted_at__isnull=True)
    return Money(taken.aggregate(sum=Sum("cap_minor"))["sum"] or 0, call.currency)


def end_in_force(award: Award) -> date:
    """Return the day on which an award ends, itself not included, as its terms stand now."""
    return award.valid_to
