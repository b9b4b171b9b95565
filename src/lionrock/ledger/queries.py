"""Reading the books."""

from __future__ import annotations

from collections.abc import Collection

from django.db.models import Case, CharField, F, Q, QuerySet, Sum, Value, When
from django.db.models.functions import Coalesce, TruncMonth

from lionrock.kernel.errors import NotFound
from lionrock.kernel.messages import gettext_noop, message
from lionrock.kernel.periods import Month
from lionrock.ledger.domain.accounts import COMMITTED_PREFIX, SPENT_PREFIX
from lionrock.ledger.domain.books import Book, TrialLine
from lionrock.ledger.domain.fund import FundOverview, Movement, overview
from lionrock.ledger.domain.journals import Entry, PostedJournal
from lionrock.ledger.models import AccountBalance, Journal, Posting
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
    terms = _visible(viewer, programme)
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
    _visible(viewer, programme)
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
    terms = _visible(viewer, programme)
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


def _visible(viewer: Actor, programme: str) -> Programme:
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
