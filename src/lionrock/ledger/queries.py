"""Reading the books."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import datetime

from django.db.models import Case, CharField, Exists, F, Max, Min, OuterRef, Q, QuerySet, Sum, Value, When
from django.db.models.functions import Coalesce, TruncMonth

from lionrock.kernel.errors import NotFound
from lionrock.kernel.messages import gettext_noop, message
from lionrock.kernel.periods import Month
from lionrock.ledger.domain.accounts import APPROPRIATION, COMMITTED_PREFIX, FREE, SPENT_PREFIX
from lionrock.ledger.domain.books import Book, TrialLine
from lionrock.ledger.domain.fund import FundOverview, Movement, overview
from lionrock.ledger.domain.journals import Entry, PostedJournal
from lionrock.ledger.domain.reports import AwardMoves, FundStatement, TrialBalance, TrialRow
from lionrock.ledger.models import AccountBalance, Journal, PeriodLock, Posting
from lionrock.people.domain import Actor
from lionrock.people.programmes import programme_on_file
from lionrock.rules.programme import Programme


def balance(programme: str, account: str, unit: str) -> int:
    """Return the balance of an account (debit positive); zero when nothing was ever posted to it."""
    kept = AccountBalance.objects.filter(account__programme=programme, account__path=account, account__unit=unit)
    return kept.values_list("balance", flat=True).first() or 0


def balances_of(programme: str, accounts: Collection[str], unit: str) -> dict[str, int]:
    """Return the balances of these accounts by path (one query); one that nothing was posted to is zero."""
    kept = AccountBalance.objects.filter(account__programme=programme, account__path__in=accounts, account__unit=unit)
    return dict.fromkeys(accounts, 0) | dict(kept.values_list("account__path", "balance"))


def balances(programme: str, prefix: str, unit: str) -> dict[str, int]:
    """Return the balances of an account and of all below it, by path: "budget/committed" has them all."""
    kept = AccountBalance.objects.filter(_at_or_below(prefix, "account__path"))
    kept = kept.filter(account__programme=programme, account__unit=unit)
    return dict(kept.order_by("account__path").values_list("account__path", "balance"))


def _at_or_below(prefix: str, field: str) -> Q:
    whole = prefix.rstrip("/")
    return Q(**{field: whole}) | Q(**{f"{field}__startswith": f"{whole}/"}) if whole else Q()


def journals(viewer: Actor) -> QuerySet[Journal]:
    """Return the journals that the viewer may see: those of programmes that the viewer works for."""
    everything = Journal.objects.order_by("id")
    return everything if viewer.operator else everything.filter(programme__in=viewer.programmes())


def programmes_with_books(viewer: Actor) -> list[str]:
    """Return the programmes with journals that the viewer may see."""
    return sorted(set(journals(viewer).order_by().values_list("programme", flat=True).distinct()))


def fund_overview(viewer: Actor, programme: str) -> FundOverview:
    """Return how a fund stands, and stood at the end of each month in the programme's zone.

    One query, whatever the number of awards. Raises `NotFound` for whoever does not work for the
    programme.
    """
    terms = programme_seen(viewer, programme)
    part = Case(
        When(account__path__startswith=COMMITTED_PREFIX, then=Value(COMMITTED_PREFIX)),
        When(account__path__startswith=SPENT_PREFIX, then=Value(SPENT_PREFIX)),
        default=F("account__path"),
        output_field=CharField(),
    )
    sums = (
        Posting.objects.filter(
            _at_or_below("budget", "account__path"),
            account__programme=programme,
            account__unit=terms.currency,
        )
        .order_by()
        .values(month=TruncMonth("journal__at", tzinfo=terms.zone), part=part)
        .annotate(change=Sum("amount"))
    )
    movements = [
        Movement(Month(row["month"].year, row["month"].month), row["part"], int(row["change"])) for row in sums
    ]
    return overview(programme, terms.currency, movements)


def trial_balance(viewer: Actor, programme: str, prefix: str = "") -> tuple[TrialLine, ...]:
    """Return debits and credits of every account at or below a path, added up from the postings."""
    programme_seen(viewer, programme)
    lines = (
        Posting.objects.filter(_at_or_below(prefix, "account__path"), account__programme=programme)
        .order_by("account__path", "account__unit")
        .values_list("account__path", "account__unit")
        .annotate(
            debit=Coalesce(Sum("amount", filter=Q(amount__gt=0)), Value(0)),
            credit=Coalesce(Sum("amount", filter=Q(amount__lt=0)), Value(0)),
        )
    )
    return tuple(TrialLine(path, unit, int(debit), -int(credit)) for path, unit, debit, credit in lines)


def book(viewer: Actor, programme: str) -> Book:
    """Return all journals of a programme with their entries; raises `NotFound`."""
    terms = programme_seen(viewer, programme)
    rows = journals(viewer).filter(programme=programme).order_by("at", "id").prefetch_related("postings__account")
    return Book(programme, terms.currency, terms.zone, tuple(_posted(row) for row in rows))


def _posted(row: Journal) -> PostedJournal:
    legs = sorted(row.postings.all(), key=lambda leg: leg.pk)
    return PostedJournal(
        number=row.pk,
        cause=row.cause,
        unit=row.unit,
        memo=row.memo,
        at=row.at,
        recorded_at=row.recorded_at,
        actor=row.actor,
        details=row.details,
        entries=tuple(Entry(leg.account.path, leg.amount) for leg in legs),
    )


def programme_seen(viewer: Actor, programme: str) -> Programme:
    """Return a programme whose books the viewer may see; raises `NotFound`."""
    if not viewer.sees_programme(programme):
        raise NotFound(
            "ledger.programme.not_found",
            message(
                gettext_noop(
                    "{email} has no books of {programme} to see. Check the name with "
                    "`lionrock programme list`, or ask the programme office for a role."
                ),
                email=viewer.email,
                programme=programme,
            ),
        )
    return programme_on_file(programme)


def trial_of(viewer: Actor, programme: str, first: Month, last: Month) -> TrialBalance:
    """Return every account's opening balance, debits and credits over months, both included (one query).

    Raises `NotFound` for whoever does not work for the programme.
    """
    zone = programme_seen(viewer, programme).zone
    start, end = first.interval(zone).start, last.interval(zone).end
    within = Q(journal__at__gte=start)
    rows = (
        Posting.objects.filter(account__programme=programme, journal__at__lt=end)
        .order_by("account__path", "account__unit")
        .values_list("account__path", "account__unit")
        .annotate(
            opening=Coalesce(Sum("amount", filter=Q(journal__at__lt=start)), Value(0)),
            debit=Coalesce(Sum("amount", filter=within & Q(amount__gt=0)), Value(0)),
            credit=Coalesce(Sum("amount", filter=within & Q(amount__lt=0)), Value(0)),
        )
    )
    found = tuple(
        TrialRow(path, unit, int(before), int(debit), -int(credit)) for path, unit, before, debit, credit in rows
    )
    return TrialBalance(programme, first, last, found)


def fund_statement(viewer: Actor, programme: str, first: Month, last: Month) -> FundStatement:
    """Return how the free money of a fund, and what is committed to each award, changed over months (two queries).

    Raises `NotFound` for whoever does not work for the programme.
    """
    terms = programme_seen(viewer, programme)
    start, end = first.interval(terms.zone).start, last.interval(terms.zone).end
    legs = Posting.objects.filter(account__programme=programme, account__unit=terms.currency, journal__at__lt=end)
    free = legs.filter(account__path=FREE).aggregate(opening=Sum("amount", filter=Q(journal__at__lt=start)))
    put_in = legs.filter(account__path=APPROPRIATION, journal__at__gte=start).aggregate(total=Sum("amount"))
    return FundStatement(
        programme,
        terms.currency,
        first,
        last,
        opening=int(free["opening"] or 0),
        appropriated=-int(put_in["total"] or 0),
        awards=tuple(_award_moves(legs, start)),
    )


def _award_moves(legs: QuerySet[Posting], start: datetime) -> Iterable[AwardMoves]:
    """Yield each award's part: what came from or went to the fund stands in a journal with the fund's free money."""
    with_free = Exists(Posting.objects.filter(journal=OuterRef("journal"), account__path=FREE))
    within = Q(journal__at__gte=start)
    rows = (
        legs.filter(account__path__startswith=COMMITTED_PREFIX)
        .annotate(of_fund=with_free)
        .order_by("account__path")
        .values_list("account__path")
        .annotate(
            opening=Coalesce(Sum("amount", filter=Q(journal__at__lt=start)), Value(0)),
            committed=Coalesce(Sum("amount", filter=within & Q(of_fund=True, amount__gt=0)), Value(0)),
            released=Coalesce(Sum("amount", filter=within & Q(of_fund=True, amount__lt=0)), Value(0)),
            spent=Coalesce(Sum("amount", filter=within & Q(of_fund=False)), Value(0)),
        )
    )
    for path, before, committed, released, spent in rows:
        award = path.removeprefix(COMMITTED_PREFIX)
        yield AwardMoves(award, int(before), int(committed), -int(released), -int(spent))


def period_locks(viewer: Actor, programme: str) -> QuerySet[PeriodLock]:
    """Return the locks of the books and what opened them again, the latest first."""
    programme_seen(viewer, programme)
    return PeriodLock.objects.filter(programme=programme).order_by("-id")


def months_of_books(viewer: Actor, programme: str) -> tuple[Month, Month] | None:
    """Return the first and the last month with a journal; None where there is none."""
    zone = programme_seen(viewer, programme).zone
    found = Journal.objects.filter(programme=programme).aggregate(first=Min("at"), last=Max("at"))
    return (Month.of(found["first"], zone), Month.of(found["last"], zone)) if found["first"] else None
