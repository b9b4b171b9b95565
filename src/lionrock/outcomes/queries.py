"""Which reports an award owes and how they stand; which results there are; who waits for what."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final

from django.db.models import Q, QuerySet
from django.urls import reverse

from lionrock.awards.domain import AwardState, use_by
from lionrock.awards.models import Award
from lionrock.awards.projects import seen
from lionrock.awards.queries import KEPT_LONG, awards, versions_of
from lionrock.kernel.errors import NotFound
from lionrock.kernel.messages import gettext_noop, message
from lionrock.kernel.periods import local_date
from lionrock.ledger.domain import quota_unit, quota_used
from lionrock.ledger.queries import balance
from lionrock.outcomes.domain import Owed, ReportState, owed
from lionrock.outcomes.domain.reports import WITH_THE_TEAM
from lionrock.outcomes.models import Outcome, Report
from lionrock.people.domain import Actor, Role
from lionrock.people.programmes import programme_on_file
from lionrock.web.worklist import Waiting

REPORTING: Final = (AwardState.ACTIVE.value, AwardState.SUSPENDED.value, AwardState.ENDED.value)
"""States of awards that owe reports; a withdrawn one owes the final one as well."""
SOON: Final = timedelta(days=30)
_SHOWN: Final = 20


@dataclass(frozen=True, slots=True)
class Standing:
    """A report that is owed, and what there is of it."""

    award: Award
    owed: Owed
    report: Report | None

    @property
    def state(self) -> ReportState:
        """Where it stands."""
        return ReportState(self.report.state) if self.report else ReportState.DUE

    @property
    def with_the_team(self) -> bool:
        """Whether the team has to write."""
        return self.state in WITH_THE_TEAM

    def is_late(self, on: date) -> bool:
        """Tell whether it should have been handed in before that day."""
        return self.with_the_team and on > self.owed.due


def standings(award: Award) -> list[Standing]:
    """Return every report that an award owes, in order of time; none when everything is prefetched.

    The values of the programme are those of the day of the decision; the dates follow the award as
    it was varied. A withdrawn award owes its final report from the day of its withdrawal.
    """
    if award.in_force_from is None:
        return []
    rules = programme_on_file(award.programme)
    terms = rules.at(local_date(award.made_at, rules.zone))
    interval, days = (terms.value(f"reports.{name}") for name in ("progress_interval_months", "final_due_days"))
    written = {report.which: report for report in award.reports.all()}
    found = owed(
        award.in_force_from,
        max(_ends(award), award.in_force_from),
        interval_months=interval if isinstance(interval, int) else None,
        final_days=days if isinstance(days, int) else None,
    )
    return [Standing(award, each, written.get(each.which)) for each in found]


def _ends(award: Award) -> date:
    regular = versions_of(award)[-1].valid_to
    if award.state != AwardState.WITHDRAWN.value or award.ended_at is None:
        return regular
    return min(regular, local_date(award.ended_at, programme_on_file(award.programme).zone))


def reporting_awards(viewer: Actor) -> QuerySet[Award]:
    """Return the awards of the viewer that owe reports, with what `standings` needs."""
    over = Q(state=AwardState.WITHDRAWN.value, accepted_at__isnull=False)
    found = awards(viewer).filter(Q(state__in=REPORTING) | over)
    return found.select_related("organisation", "application").defer(*KEPT_LONG).prefetch_related("versions", "reports")


def standing_of(award: Award, which: str) -> Standing:
    """Return one report of an award; raises `NotFound` for one that it does not owe."""
    for each in standings(award):
        if each.owed.which == which:
            return each
    raise NotFound(
        "outcomes.report.unknown",
        message(gettext_noop("{award} owes no report {which}."), award=award.code, which=which),
    )


def use_so_far(award: Award, upto: date) -> dict[str, int]:
    """Return device-seconds: granted in all, planned to be used by a day (evenly), and used in closed months."""
    used = balance(award.programme, quota_used(award.code, award.item), quota_unit(award.item))
    use = use_by(versions_of(award), upto, used, programme_on_file(award.programme).zone)
    return {"granted": use.granted, "planned": use.planned, "used": use.used}


def outcomes(viewer: Actor) -> QuerySet[Outcome]:
    """Return the results of the awards that the viewer may see, without those that were removed."""
    return Outcome.objects.filter(seen(viewer, "award"), removed_at__isnull=True).select_related("award__organisation")


def known_elsewhere(shown: Iterable[Outcome]) -> dict[tuple[str, str], list[str]]:
    """Return, by scheme and identifier, the awards that report the same result (one query)."""
    wanted = {(each.scheme, each.identifier) for each in shown}
    same = Outcome.objects.filter(identifier__in=[identifier for _, identifier in wanted], removed_at__isnull=True)
    found: dict[tuple[str, str], list[str]] = {}
    for scheme, identifier, award in same.order_by("award__code").values_list("scheme", "identifier", "award__code"):
        found.setdefault((scheme, identifier), []).append(award)
    return found


def waiting(viewer: Actor, now: datetime) -> list[Waiting]:
    """Return what waits for a viewer in reporting: reports to write, reports to look at."""
    return [*_to_write(viewer, now), *_to_look_at(viewer)]


def _to_write(viewer: Actor, now: datetime) -> list[Waiting]:
    if viewer.operator or not viewer.organisations():
        return []
    own = reporting_awards(viewer).filter(organisation__code__in=viewer.organisations())
    found = [each for award in own.order_by("-accepted_at")[:100] for each in standings(award)]
    soon = [each for each in found if each.with_the_team and each.owed.due <= now.date() + SOON]
    return [
        Waiting(message(_ASKED[each.state], award=each.award.code), address_of(each), due=each.owed.due)
        for each in sorted(soon, key=lambda each: each.owed.due)[:_SHOWN]
    ]


_ASKED: Final = {
    ReportState.DUE: gettext_noop("A report on {award} is due. Write it."),
    ReportState.DRAFT: gettext_noop("A report on {award} is begun. Hand it in."),
    ReportState.RETURNED: gettext_noop("The office has a question on a report on {award}. Answer it."),
}


def address_of(standing: Standing) -> str:
    """Return the page of a report."""
    return reverse("outcomes:show", args=[standing.award.code, standing.owed.which])


def _to_look_at(viewer: Actor) -> list[Waiting]:
    programmes = viewer.programmes(Role.OFFICE)
    if viewer.operator or not programmes:
        return []
    found = Report.objects.filter(state=ReportState.SUBMITTED.value, award__programme__in=programmes)
    return [
        Waiting(
            message(gettext_noop("A report on {award} is handed in. Accept it, or ask."), award=each.award.code),
            reverse("outcomes:show", args=[each.award.code, each.which]),
            since=each.submitted_at,
        )
        for each in found.select_related("award").order_by("submitted_at", "id")[:_SHOWN]
    ]
