"""The figures of a programme's year, added up in the database: as many queries for ten as for ten thousand."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import date, datetime, timedelta
from fractions import Fraction
from typing import Any, Final

from django.contrib.postgres.aggregates import ArrayAgg
from django.db.models import (
    Case,
    Count,
    DateField,
    Exists,
    F,
    IntegerField,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Sum,
    Value,
    When,
)
from django.db.models.functions import Concat, Substr, TruncDate, TruncMonth

from lionrock.applications.domain import ApplicationState, Request
from lionrock.applications.domain.costs import hours_each
from lionrock.applications.domain.pledges import Pledges
from lionrock.applications.models import Application, Submission
from lionrock.awards.domain import AwardState
from lionrock.awards.models import Award
from lionrock.charging.domain.lines import LineKind
from lionrock.charging.models import ChargeLine, MonthClose
from lionrock.committee.domain.capacity import capacity_by_kind, devices_of
from lionrock.intake.models import Check
from lionrock.kernel.findings import ParameterRead
from lionrock.kernel.money import settle
from lionrock.kernel.periods import Interval, Month, local_date, local_midnight
from lionrock.ledger.domain.accounts import COMMITTED_PREFIX
from lionrock.ledger.models import Posting
from lionrock.outcomes.models import Outcome
from lionrock.people.programmes import programme_on_file
from lionrock.public.domain.folding import Applicants, Moved, Part, together
from lionrock.public.domain.results import (
    Decided,
    Decisions,
    MonthMoved,
    Results,
    Use,
    Utilisation,
    amount_of,
    applied,
    awarded,
    awarded_in_all,
    counted,
    decisions,
    money_months,
    utilisation,
)
from lionrock.public.domain.years import ReportYear, chosen_year
from lionrock.rules.items import Item, Mode
from lionrock.rules.programme import Programme
from lionrock.rules.terms import Terms

_FOUND_ELIGIBLE: Final = [ApplicationState.ELIGIBLE, ApplicationState.ASSESSED, ApplicationState.APPROVED]
_ENDED: Final = [
    ApplicationState.INELIGIBLE,
    ApplicationState.APPROVED,
    ApplicationState.DECLINED,
    ApplicationState.WITHDRAWN,
]
_CHARGED: Final = "charging.close_month:"
"""Journals of this cause spend what was committed; all others commit it or give it back."""
_DAY: Final = timedelta(days=1)


def results_of(programme: str, asked_year: str | None, now: datetime) -> Results:
    """Return the annual report of a programme for a year such as "2026"; the one that runs, where none is named.

    As many queries whatever there is. Raises `NotFound` for an unknown programme, `Invalid` for a year
    that it has no results of.
    """
    found = programme_on_file(programme)
    year = chosen_year(found, asked_year, now)
    span, terms = year.interval(found.zone), found.at(local_date(now, found.zone))
    received = _received(programme, span)
    by_category = _applied_parts(received)
    given = _award_parts(programme, span)
    requested, unpriced = _asked(found, received)
    closes = _closes(programme, year)
    months = _months(found, year, closes, now)
    currency = found.currency
    whole, categories = applied(by_category)
    return Results(
        programme=found,
        year=year,
        as_of=now,
        licence=terms.results_licence(),
        applicants=len(together(by_category).applicants) if by_category else 0,
        applications=whole,
        by_category=categories,
        asked=amount_of(requested, currency),
        unpriced=unpriced,
        awarded=amount_of(_sum_of(given), currency),
        used=amount_of(sum((each.spent for each in months if each.spent), Moved()), currency),
        awards=awarded_in_all(list(given.values()), currency),
        awards_by_category=awarded(_by(given, 0), currency),
        awards_by_item=awarded(_by(given, 1), currency),
        months=money_months(months, currency),
        closed_until=max(closes, default=None),
        decisions=_decisions(found, span),
        utilisation=_utilisation(found, list(closes)),
        outcomes=counted(_outcome_parts(programme, span)),
        reads=_rests_on(terms),
    )


def _rests_on(terms: Terms) -> tuple[ParameterRead, ...]:
    """Return the values of the rulebook that the report is read with."""
    terms.value("budget.fund_total")
    terms.value("subsidy.general_rate")
    terms.decision_days()
    terms.calendar()
    terms.report_year_begins()
    capacity_by_kind(terms)
    return terms.reads


# --- applications --------------------------------------------------------------------------------


def _received(programme: str, span: Interval) -> QuerySet[Application]:
    """Return the applications that were handed in for the first time in a span."""
    first = Submission.objects.filter(
        application=OuterRef("pk"), round=1, submitted_at__gte=span.start, submitted_at__lt=span.end
    )
    once = Q(round__lte=1, submitted_at__gte=span.start, submitted_at__lt=span.end)
    return Application.objects.order_by().filter(once | Q(round__gt=1) & Exists(first), call__programme=programme)


def _applied_parts(received: QuerySet[Application]) -> list[Part]:
    accepted = Exists(Check.objects.filter(application=OuterRef("pk"), kind=Check.Kind.ACCEPTED))
    was_eligible = Q(state__in=_FOUND_ELIGIBLE) | ~Q(state=ApplicationState.INELIGIBLE) & accepted
    rows = (
        received.annotate(
            was_eligible=Case(When(was_eligible, then=Value(1)), default=Value(0), output_field=IntegerField())
        )
        .values("category")
        .annotate(
            received=Count("pk"),
            eligible=Sum("was_eligible"),
            ineligible=_count(ApplicationState.INELIGIBLE),
            approved=_count(ApplicationState.APPROVED),
            declined=_count(ApplicationState.DECLINED),
            withdrawn=_count(ApplicationState.WITHDRAWN),
            open=Count("pk", filter=~Q(state__in=_ENDED)),
            applicants=ArrayAgg("organisation_id", distinct=True),
        )
        .order_by("category")
    )
    return [_applied_part(row) for row in rows]


def _applied_part(row: Mapping[str, Any]) -> Part:
    names = ("received", "eligible", "ineligible", "approved", "declined", "withdrawn", "open")
    return Part(row["category"], frozenset(row["applicants"]), tuple(int(row[name]) for name in names))


def _count(state: ApplicationState) -> Count:
    return Count("pk", filter=Q(state=state))


def _asked(programme: Programme, received: QuerySet[Application]) -> tuple[Moved, int]:
    """Return the scheme's share of what was asked for, and how many applications no price was known for.

    Each is priced as a quote of the day it was last handed in, at the general share; those that ask
    for the same are priced once.
    """
    metered = [item.id for item in programme.items.values() if item.mode is Mode.METERED]
    days = _price_days(programme)
    rows = (
        received.annotate(
            day=_as_priced(days, programme),
            begins=Case(
                When(item__in=metered, hours__isnull=True, then=F("starts")), default=None, output_field=DateField()
            ),
        )
        .values("item", "count", "months", "hours", "begins", "day")
        .annotate(number=Count("pk"), applicants=ArrayAgg("organisation_id", distinct=True))
    )
    total, unpriced = Moved(), 0
    for row in rows:
        share = _share_of(programme, row, days[row["day"]])
        if share is None:
            unpriced += row["number"]
        else:
            total += Moved(share * row["number"], frozenset(row["applicants"]))
    return total, unpriced


def _price_days(programme: Programme) -> list[date]:
    """Return a day of each stretch of time in which no price and no general share changes, the earliest first."""
    changes = {_first_midnight(listed.starts, programme) for item in programme.items.values() for listed in item.prices}
    general = programme.parameters.get("subsidy.general_rate")
    changes |= {version.since for version in general.values} if general else set()
    ordered = sorted(changes)
    return [min(ordered, default=programme.opens) - _DAY, *ordered]


def _first_midnight(instant: datetime, programme: Programme) -> date:
    day = local_date(instant, programme.zone)
    return day if local_midnight(day, programme.zone) == instant else day + _DAY


def _as_priced(days: list[date], programme: Programme) -> Case:
    """Return, for each application, which of these days it is priced as on."""
    later = [
        When(submitted_at__gte=local_midnight(day, programme.zone), then=Value(place))
        for place, day in reversed(list(enumerate(days)))
        if place
    ]
    return Case(*later, default=Value(0), output_field=IntegerField())


def _share_of(programme: Programme, row: Mapping[str, Any], on: date) -> int | None:
    """Return the scheme's share of one application in minor units; None where no price is known."""
    item, terms = programme.items.get(row["item"]), programme.at(on)
    listed = item.listed_at(terms.starts) if item else None
    rate = terms.value("subsidy.general_rate")
    if item is None or listed is None or listed.price is None or not isinstance(rate, Fraction):
        return None
    if row["count"] is None or (periods := _periods(programme, item, row)) is None:
        return None
    return settle(settle(listed.price.minor * row["count"] * periods) * rate)


def _periods(programme: Programme, item: Item, row: Mapping[str, Any]) -> Fraction | None:
    """Return the months or hours that an application asks for; None where it does not say."""
    if item.mode is not Mode.METERED or row["hours"] is not None:
        said = row["hours"] if item.mode is Mode.METERED else row["months"]
        return None if said is None else Fraction(said)
    if row["months"] is None or row["begins"] is None:
        return None
    return Fraction(hours_each(programme, Request(item.id, row["count"], row["months"], row["begins"])))


def _decisions(programme: Programme, span: Interval) -> Decisions:
    made = Application.objects.order_by().filter(
        call__programme=programme.id, decided_at__gte=span.start, decided_at__lt=span.end
    )
    days = (
        made.annotate(
            since=TruncDate("submitted_at", tzinfo=programme.zone), done=TruncDate("decided_at", tzinfo=programme.zone)
        )
        .values("since", "done")
        .annotate(number=Count("pk"), applicants=ArrayAgg("organisation_id", distinct=True))
    )
    rows = list(days)
    applicants = {each for row in rows for each in row["applicants"]}
    return decisions(
        [Decided(row["since"], row["done"], row["number"]) for row in rows], len(applicants), Pledges(programme)
    )


# --- awards --------------------------------------------------------------------------------------


def _award_parts(programme: str, span: Interval) -> dict[tuple[str, str], Part]:
    """Return the awards made in a span by category and item, but for those that never came to be used."""
    refused = Q(state__in=[AwardState.DECLINED.value, AwardState.LAPSED.value])
    taken_back = Q(state=AwardState.WITHDRAWN.value, accepted_at__isnull=True)
    rows = (
        Award.objects.filter(programme=programme, made_at__gte=span.start, made_at__lt=span.end)
        .exclude(refused | taken_back)
        .values("application__category", "item")
        .annotate(
            number=Count("pk"),
            listed=Sum("list_minor"),
            given=Sum("cap_minor"),
            applicants=ArrayAgg("organisation_id", distinct=True),
        )
        .order_by("application__category", "item")
    )
    return {
        (row["application__category"], row["item"]): Part(
            "", frozenset(row["applicants"]), (row["number"], int(row["listed"]), int(row["given"]))
        )
        for row in rows
    }


def _by(parts: Mapping[tuple[str, str], Part], place: int) -> list[Part]:
    """Return the parts added up by one half of their keys."""
    grouped: dict[str, list[Part]] = defaultdict(list)
    for key, part in parts.items():
        grouped[key[place]].append(part)
    sums = {key: together(some) for key, some in sorted(grouped.items())}
    return [Part(key, whole.applicants, whole.figures) for key, whole in sums.items()]


def _sum_of(parts: Mapping[tuple[str, str], Part]) -> Moved:
    return sum((Moved(part.figures[-1], part.applicants) for part in parts.values()), Moved())


# --- money by month ------------------------------------------------------------------------------


def _closes(programme: str, year: ReportYear) -> dict[Month, int]:
    """Return what the scheme bore in each closed month of the year."""
    rows = MonthClose.objects.filter(
        programme=programme, month__gte=year.first.first_day, month__lte=year.last.first_day
    ).values_list("month", "subsidy")
    return {Month.containing(month): subsidy for month, subsidy in rows.order_by("month")}


def _months(programme: Programme, year: ReportYear, closes: Mapping[Month, int], now: datetime) -> list[MonthMoved]:
    """Return what moved in each month of the year that has begun."""
    span = year.interval(programme.zone)
    committed = _committed(programme, span)
    payers = _payers(programme.id, year)
    begun = [month for month in year.months() if month <= Month.of(now, programme.zone)]
    nothing = (Moved(), Moved())
    return [
        MonthMoved(
            month,
            *committed.get(month, nothing),
            spent=Moved(closes[month], payers.get(month, frozenset())) if month in closes else None,
        )
        for month in begun
    ]


def _committed(programme: Programme, span: Interval) -> dict[Month, tuple[Moved, Moved]]:
    """Return by month what was committed to awards, and what was given back of it, with the applicants concerned."""
    award = Award.objects.filter(code=Substr(OuterRef("account__path"), len(COMMITTED_PREFIX) + 1))
    rows = (
        Posting.objects.order_by()
        .filter(journal__programme=programme.id, journal__at__gte=span.start, journal__at__lt=span.end)
        .filter(account__path__startswith=COMMITTED_PREFIX, account__unit=programme.currency)
        .exclude(journal__cause__startswith=_CHARGED)
        .annotate(
            month=TruncMonth("journal__at", tzinfo=programme.zone),
            applicant=Subquery(award.values("organisation_id")[:1]),
        )
        .values("month")
        .annotate(
            committed=Sum("amount", filter=Q(amount__gt=0), default=0),
            released=Sum("amount", filter=Q(amount__lt=0), default=0),
            given=ArrayAgg("applicant", distinct=True, filter=Q(amount__gt=0), default=Value([])),
            gave_back=ArrayAgg("applicant", distinct=True, filter=Q(amount__lt=0), default=Value([])),
        )
    )
    return {
        Month(row["month"].year, row["month"].month): (
            Moved(int(row["committed"]), frozenset(row["given"])),
            Moved(-int(row["released"]), frozenset(row["gave_back"])),
        )
        for row in rows
    }


def _payers(programme: str, year: ReportYear) -> dict[Month, Applicants]:
    """Return for each closed month of the year the organisations that the scheme bore something for."""
    rows = (
        _lines(programme)
        .filter(close__month__gte=year.first.first_day, close__month__lte=year.last.first_day)
        .exclude(subsidy=0)
        .values("close__month")
        .annotate(accounts=ArrayAgg("account", distinct=True))
    )
    return {Month.containing(row["close__month"]): frozenset(row["accounts"]) for row in rows}


def _lines(programme: str) -> QuerySet[ChargeLine]:
    return ChargeLine.objects.order_by().filter(close__programme=programme)


# --- capacity ------------------------------------------------------------------------------------


def _utilisation(programme: Programme, closed: list[Month]) -> tuple[Utilisation, ...]:
    capacities = {month: capacity_by_kind(programme.at(month.first_day)) for month in closed}
    seconds = {month: month.interval(programme.zone).seconds for month in closed}
    return utilisation(capacities, seconds, _used(programme, closed))


def _used(programme: Programme, closed: Iterable[Month]) -> dict[str, Use]:
    """Return the device-time of each kind that was charged for these months, corrections included."""
    rows = (
        _lines(programme.id)
        .filter(month_of_use__in=[month.first_day for month in closed])
        .filter(kind__in=[LineKind.USAGE.value, LineKind.CORRECTION.value])
        .values("item", "seconds_denominator")
        .annotate(numerator=Sum("seconds_numerator"), accounts=ArrayAgg("account", distinct=True))
    )
    found: dict[str, Use] = {}
    for row in rows:
        item, seconds = (
            programme.items.get(row["item"]),
            Fraction(row["numerator"]) / Fraction(row["seconds_denominator"]),
        )
        for kind, each in (devices_of(item) if item else {}).items():
            before = found.get(kind, Use(Fraction(0), frozenset()))
            found[kind] = Use(before.seconds + seconds * each, before.applicants | frozenset(row["accounts"]))
    return found


# --- outcomes ------------------------------------------------------------------------------------


def _outcome_parts(programme: str, span: Interval) -> list[Part]:
    """Return the outcomes that were reported in a span by kind; what several awards report counts once."""
    rows = (
        Outcome.objects.order_by()
        .filter(award__programme=programme, added_at__gte=span.start, added_at__lt=span.end, removed_at__isnull=True)
        .values("kind")
        .annotate(
            number=Count(Concat("scheme", Value(":"), "identifier"), distinct=True),
            applicants=ArrayAgg("award__organisation_id", distinct=True),
        )
        .order_by("kind")
    )
    return [Part(row["kind"], frozenset(row["applicants"]), (row["number"],)) for row in rows]
