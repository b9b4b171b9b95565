"""Which awards a viewer may see."""

from __future__ import annotations

from datetime import date, datetime
from fractions import Fraction
from typing import Final

from django.db.models import OuterRef, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce
from django.urls import reverse

from lionrock.applications.queries import KEPT_LONG_THERE
from lionrock.awards.domain import IN_FORCE, AwardState, Change, Holding, InForce, VariationState
from lionrock.awards.models import Award, AwardVersion, Variation
from lionrock.awards.projects import seen
from lionrock.calls.models import Call
from lionrock.kernel.errors import NotFound
from lionrock.kernel.messages import gettext_noop, message
from lionrock.kernel.money import Money
from lionrock.ledger.domain import committed
from lionrock.ledger.queries import balance
from lionrock.people.domain import Actor, Role
from lionrock.rules.items import Mode
from lionrock.web.worklist import Waiting

KEPT_LONG: Final = ("findings", "reads", *KEPT_LONG_THERE)
"""Fields of an award, and of its application, that a list never shows and that take long to read: defer them there."""


def awards(viewer: Actor) -> QuerySet[Award]:
    """Return the awards of the viewer's programmes and organisations, but for those on which only others work."""
    return Award.objects.filter(seen(viewer))


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
    """Return how much of a call's budget is given: the caps of its awards as they stand.

    An offer that was not taken up has given everything back.
    """
    over = [AwardState.DECLINED.value, AwardState.LAPSED.value]
    taken = Award.objects.filter(application__call=call).exclude(state__in=over)
    taken = taken.exclude(state=AwardState.WITHDRAWN.value, accepted_at__isnull=True)
    latest = AwardVersion.objects.filter(award=OuterRef("pk")).order_by("-id").values("cap_minor")[:1]
    caps = taken.annotate(cap_now=Coalesce(Subquery(latest), "cap_minor"))
    return Money(caps.aggregate(sum=Sum("cap_now"))["sum"] or 0, call.currency)


def versions_of(award: Award) -> tuple[InForce, ...]:
    """Return the terms of an award over time, the first ones first (one query, none when prefetched)."""
    first = InForce(
        since=award.in_force_from or award.valid_from,
        count=award.count,
        hours=award.hours,
        valid_to=award.valid_to,
        list_price=Money(award.list_minor, award.currency),
        cap=Money(award.cap_minor, award.currency),
    )
    later = sorted(award.versions.all(), key=lambda version: version.pk)
    return (first, *(_version(each, award.currency) for each in later))


def _version(row: AwardVersion, currency: str) -> InForce:
    listed, cap = Money(row.list_minor, currency), Money(row.cap_minor, currency)
    return InForce(row.since, row.count, row.hours, row.valid_to, listed, cap)


def end_in_force(award: Award) -> date:
    """Return the day on which an award ends, itself not included, as its terms stand now."""
    return versions_of(award)[-1].valid_to


def holding_of(award: Award) -> Holding:
    """Return an award as a variation finds it."""
    left = balance(award.programme, committed(award.code), award.currency)
    return Holding(
        award=award.code,
        category=award.application.category,
        item=award.item,
        mode=Mode(award.mode),
        share=Fraction(award.share),
        versions=versions_of(award),
        left=Money(left, award.currency),
    )


def change_of(variation: Variation) -> Change:
    """Return what a variation asks for, as a value."""
    cap = variation.cap_minor
    return Change(
        since=variation.since,
        count=variation.count,
        hours=variation.hours,
        valid_to=variation.valid_to,
        cap=None if cap is None else Money(cap, variation.award.currency),
        contact=variation.contact,
        scope=variation.scope,
    )


def variation_by_number(award: Award, number: int) -> Variation:
    """Return one variation of an award; raises `NotFound`."""
    found = award.variations.filter(number=number).first()
    if found is None:
        raise NotFound(
            "awards.variation.unknown",
            message(gettext_noop("There is no change {number} of {award}."), number=number, award=award.code),
        )
    return found


_SHOWN = 20
"""Lines of one kind on the page where one starts; the lists have the rest."""


def waiting(viewer: Actor, now: datetime) -> list[Waiting]:
    """Return what waits for a viewer among awards: offers to accept, changes to decide, awards to resume or to end."""
    return [*_offers(viewer), *_changes(viewer), *_suspended(viewer), *_run_out(viewer, now)]


def _offers(viewer: Actor) -> list[Waiting]:
    if viewer.operator or not viewer.organisations():
        return []
    offered = Award.objects.filter(state=AwardState.OFFERED.value, held_acceptance__isnull=True)
    found = offered.filter(seen(viewer), organisation__code__in=viewer.organisations())
    return [
        Waiting(
            message(gettext_noop("{award} is offered to you. Accept or refuse it."), award=code),
            reverse("awards:show", args=[code]),
            since=made_at,
            due=accept_by,
        )
        for code, made_at, accept_by in found.order_by("accept_by", "code").values_list("code", "made_at", "accept_by")[
            :_SHOWN
        ]
    ]


def _changes(viewer: Actor) -> list[Waiting]:
    programmes = viewer.programmes(Role.COMMITTEE, Role.CHAIR, Role.OFFICE)
    if viewer.operator or not programmes:
        return []
    found = Variation.objects.filter(state=VariationState.REQUESTED.value, award__programme__in=programmes)
    return [
        Waiting(
            message(gettext_noop("A change of {award} waits for a decision."), award=code),
            reverse("awards:variation", args=[code, number]),
            since=requested_at,
        )
        for code, number, requested_at in found.order_by("requested_at", "id").values_list(
            "award__code", "number", "requested_at"
        )[:_SHOWN]
    ]


def _suspended(viewer: Actor) -> list[Waiting]:
    programmes = viewer.programmes(Role.OFFICE)
    if viewer.operator or not programmes:
        return []
    found = Award.objects.filter(state=AwardState.SUSPENDED.value, programme__in=programmes)
    return [
        Waiting(
            message(gettext_noop("{award} is suspended. Resume it, or end it."), award=code),
            reverse("awards:show", args=[code]),
        )
        for code in found.order_by("code").values_list("code", flat=True)[:_SHOWN]
    ]


def _run_out(viewer: Actor, now: datetime) -> list[Waiting]:
    """Return the awards whose last day has passed and that nobody has ended."""
    programmes = viewer.programmes(Role.OFFICE)
    if viewer.operator or not programmes:
        return []
    latest = AwardVersion.objects.filter(award=OuterRef("pk")).order_by("-id").values("valid_to")[:1]
    found = Award.objects.filter(state__in=[state.value for state in IN_FORCE], programme__in=programmes)
    over = found.annotate(ends=Coalesce(Subquery(latest), "valid_to")).filter(ends__lte=now.date())
    return [
        Waiting(
            message(gettext_noop("{award} has run out. End it, so that what is left goes back."), award=code),
            reverse("awards:show", args=[code]),
        )
        for code in over.order_by("valid_to", "code").values_list("code", flat=True)[:_SHOWN]
    ]
