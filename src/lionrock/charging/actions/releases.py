"""Giving back what ended awards left, once the last month of their use is charged."""

from __future__ import annotations

from datetime import datetime

from lionrock.awards.actions import release_award
from lionrock.awards.domain import AwardState
from lionrock.awards.models import Award
from lionrock.charging.basis import ends_at, load_basis, starts_at
from lionrock.charging.models import MonthClose
from lionrock.kernel.periods import Month
from lionrock.people.domain import Actor


def release_when_charged(*, actor: Actor, award: str, now: datetime) -> None:
    """Release what an award left that has just ended, when all its months are closed, or it never began."""
    found = Award.objects.get(code=award)
    zone = load_basis(found.programme).zone
    if ends_at(found, zone) == starts_at(found, zone):
        release_award(actor=actor, award=award, occasion="never began", now=now)
        return
    latest = MonthClose.objects.filter(programme=found.programme).order_by("-month").first()
    if latest is not None:
        _release_if_charged(found, latest, actor, now)


def release_charged_awards(*, close: MonthClose, actor: Actor, now: datetime) -> None:
    """Release what ended awards left, all whose use lies in months that are closed now.

    A correction that gives money back to an ended award is released here as well.
    """
    over = [AwardState.ENDED.value, AwardState.WITHDRAWN.value]
    ended = Award.objects.filter(programme=close.programme, state__in=over, accepted_at__isnull=False)
    for award in ended.order_by("code"):
        _release_if_charged(award, close, actor, now)


def _release_if_charged(award: Award, latest: MonthClose, actor: Actor, now: datetime) -> None:
    zone = load_basis(award.programme).zone
    month = Month.containing(latest.month)
    if ends_at(award, zone) <= month.interval(zone).end:
        release_award(actor=actor, award=award.code, occasion=str(month), now=now)
