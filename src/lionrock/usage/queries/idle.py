"""Awards in force that lag behind their pace: since when, by how much, and whom to ask."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction
from typing import Final

from lionrock.awards.domain import IN_FORCE, AwardState, VariationState
from lionrock.awards.models import Award, Variation
from lionrock.awards.queries import awards
from lionrock.kernel.periods import Interval, local_date, local_midnight
from lionrock.people.domain import Actor
from lionrock.people.programmes import house_zone
from lionrock.usage.domain.capacity import share_of
from lionrock.usage.domain.figures import By, Figure
from lionrock.usage.domain.periods import Period, usual_period
from lionrock.usage.queries.scope import scope_of
from lionrock.usage.queries.utilisation import Asked, Report, utilisation
from lionrock.usage.reading import last_used

HALF: Final = Fraction(1, 2)


@dataclass(frozen=True, slots=True)
class Idle:
    """An award: device-seconds used, planned by now and granted in all, and when it was last used (None: never)."""

    award: Award
    device: str
    used: int
    planned: int
    quota: int
    last_used: datetime | None
    since: datetime
    contact: str
    now: datetime

    @property
    def share(self) -> Fraction | None:
        """Used ÷ planned by now."""
        return share_of(self.used, self.planned)

    @property
    def of_quota(self) -> Fraction | None:
        """Used ÷ all that the award grants."""
        return share_of(self.used, self.quota)

    @property
    def quiet_days(self) -> int:
        """Whole days since it was last used, or since it began when it never was."""
        return max(0, (self.now - (self.last_used or self.since)).days)


@dataclass(frozen=True, slots=True)
class IdleAwards:
    """Those below a part of their pace, the quietest first, and the period that use and plan are of."""

    period: Period
    counted: Interval
    part: Fraction
    rows: tuple[Idle, ...]


def idle_awards(viewer: Actor, now: datetime, part: Fraction = HALF) -> IdleAwards:
    """Return the awards in force that used less than a part of what was planned by now, of those the viewer sees.

    The plan spreads the quota evenly over the award's time. Leases are among them where a cluster
    accounts for what runs on them. A constant number of queries.
    """
    zone = house_zone()
    in_force = [state.value for state in IN_FORCE]
    begun = awards(viewer).filter(state__in=in_force, allocations__starts__lt=now)
    first = begun.order_by("allocations__starts").values_list("allocations__starts", flat=True).first()
    period = Period(local_date(first, zone), local_date(now, zone), zone) if first else usual_period(now, zone)
    report = utilisation(viewer, Asked(period, By.AWARD), now)
    used, asked = last_used(scope_of(viewer)), _contacts(viewer)
    low = [each for each in report.figures if _is_low(each, report.awards, part)]
    rows = [_idle(report, each, used, asked, now) for each in low]
    return IdleAwards(
        period, report.counted, part, tuple(sorted(rows, key=lambda row: (row.share or 0, row.award.code)))
    )


def _is_low(figure: Figure, known: dict[str, Award], part: Fraction) -> bool:
    award = known.get(figure.key.name)
    if award is None or AwardState(award.state) not in IN_FORCE:
        return False
    return figure.share is not None and figure.share < part


def _idle(report: Report, figure: Figure, used: dict[str, datetime], asked: dict[int, str], now: datetime) -> Idle:
    award = report.awards[figure.key.name]
    return Idle(
        award=award,
        device=figure.key.device,
        used=figure.used.seconds,
        planned=figure.capacity.seconds if figure.capacity else 0,
        quota=report.quotas.get((award.code, figure.key.device), 0),
        last_used=used.get(award.code.lower()),
        since=local_midnight(award.in_force_from or award.valid_from, house_zone()),
        contact=asked.get(award.pk) or award.application.applicant,
        now=now,
    )


def _contacts(viewer: Actor) -> dict[int, str]:
    """Return whom a change of an award has named to be asked, the latest."""
    found = Variation.objects.filter(award__in=awards(viewer), state=VariationState.APPROVED.value).exclude(contact="")
    return dict(found.order_by("number").values_list("award_id", "contact"))
