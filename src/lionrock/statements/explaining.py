"""One line of a document explained: which runs, at which price, by which share and limit, by whose rule."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from fractions import Fraction
from typing import Final
from zoneinfo import ZoneInfo

from lionrock.charging.domain.explaining import Contribution, Payment
from lionrock.charging.explaining import Explained, explain
from lionrock.charging.models import ChargeLine
from lionrock.charging.queries import charge_lines
from lionrock.kernel.currencies import DECIMALS
from lionrock.kernel.errors import NotFound
from lionrock.kernel.findings import ParameterRead
from lionrock.kernel.messages import Message, gettext_noop, message
from lionrock.kernel.money import Money, Price, to_places
from lionrock.kernel.periods import Month
from lionrock.kernel.quantities import SECONDS_PER_HOUR, PriceUnit
from lionrock.people.programmes import programme_on_file
from lionrock.rules.programme import Programme
from lionrock.rules.shape import Names
from lionrock.statements.models import Document
from lionrock.statements.papers import Note, PaperLine
from lionrock.statements.queries import names_of, paper_line

EXACT_PLACES: Final = 8
"""Decimals of the major unit in which an exact amount is shown; what is longer is cut there and said to be so."""


@dataclass(frozen=True, slots=True)
class RunRow:
    """A run behind a line: `start` to `end` is the part that counts, `hours` what the line bills of it.

    `before` is what was billed of it in earlier months, where the line corrects them. `amount` is at
    list price in the major unit, not rounded to coins: the line is rounded once, as a whole.
    """

    site: str
    job: str
    state: str
    start: datetime
    end: datetime
    devices: int
    hours: Decimal
    before: Decimal
    amount: Decimal


@dataclass(frozen=True, slots=True)
class Billed:
    """A line of an earlier document that billed the same use."""

    document: str
    position: int
    gross: Money


@dataclass(frozen=True, slots=True)
class Explanation:
    """A line of a document, how it was reckoned step by step, and what it is made of."""

    number: str
    position: int
    positions: int
    organisation: Names
    month: Month
    zone: ZoneInfo
    line: PaperLine
    steps: tuple[Note, ...]
    runs: tuple[RunRow, ...]
    billed: tuple[Billed, ...]
    agrees: bool


def explain_line(document: Document, position: int) -> Explanation:
    """Return the explanation of a line, counted from 1 as the document shows them; raises `NotFound`.

    The caller has seen to permission. A constant number of queries, however many runs there are.
    """
    lines = list(charge_lines(document.close, document.organisation.code).select_related("close"))
    if not 1 <= position <= len(lines):
        said = gettext_noop("{number} has the lines 1 to {lines}; there is no line {position}.")
        raise NotFound(
            "statements.line.unknown", message(said, number=document.number, lines=len(lines), position=position)
        )
    programme = programme_on_file(document.programme)
    found = explain(lines[position - 1])
    return Explanation(
        number=document.number,
        position=position,
        positions=len(lines),
        organisation=names_of(document.organisation),
        month=Month.containing(document.month),
        zone=programme.zone,
        line=paper_line(found.line, programme, document.currency),
        steps=tuple(_steps(found, programme)),
        runs=tuple(_row(one, found, programme) for one in found.runs),
        billed=_billed(found),
        agrees=not found.unexplained,
    )


def _billed(found: Explained) -> tuple[Billed, ...]:
    """Return where the same use was billed before, with the document and the place on it."""
    closes = {line.close_id for line in found.billed}
    issued = Document.objects.filter(close__in=closes, organisation__code=found.line.account)
    numbers = dict(issued.values_list("close", "number"))
    places = _places(found)
    return tuple(
        Billed(numbers[line.close_id], places[line.pk], Money(line.gross, line.close.currency))
        for line in found.billed
        if line.close_id in numbers
    )


def _places(found: Explained) -> dict[int, int]:
    """Return the place of each of the earlier lines on its document, from 1."""
    closes = {line.close_id for line in found.billed}
    of_account = ChargeLine.objects.filter(close__in=closes, account=found.line.account)
    places: dict[int, int] = {}
    counts: dict[int, int] = {}
    for pk, close in of_account.order_by("close", "position").values_list("pk", "close"):
        counts[close] = counts.get(close, 0) + 1
        places[pk] = counts[close]
    return places


def _row(one: Contribution, found: Explained, programme: Programme) -> RunRow:
    line = found.line
    exact = Fraction(0) if found.exact is None or not found.seconds else found.exact * one.seconds / found.seconds
    return RunRow(
        site=one.run.site,
        job=one.run.job,
        state=one.run.state,
        start=one.start,
        end=one.end,
        devices=one.run.devices[line.item],
        hours=_hours(one.seconds),
        before=_hours(one.before),
        amount=_major(exact, programme.currency),
    )


def _hours(seconds: Fraction) -> Decimal:
    return to_places(seconds / SECONDS_PER_HOUR, EXACT_PLACES).normalize() + Decimal(0)


def _major(minor: Fraction, currency: str) -> Decimal:
    """Return an exact amount in minor units as a decimal of the major unit."""
    return to_places(minor / 10 ** DECIMALS[currency], EXACT_PLACES).normalize() + Decimal(0)


_RUNS = gettext_noop(
    "Device-time: the runs below lie in {month}, cut where price, share or award changed. Together they come to "
    "{seconds} device-seconds, which is {quantity} device-hours."
)
_DIFFERENCE = gettext_noop(
    "Device-time: {month} was closed before. Its use as known now, less what was billed for it before, comes to "
    "{seconds} device-seconds, which is {quantity} device-hours. Only runs that changed are listed."
)
_HOURLY = gettext_noop("Price: {price} for each device-hour was in force when they ran.")
_MONTHLY = gettext_noop(
    "Price: {price} for each device and calendar month was in force when they ran; {month} has {seconds} seconds."
)
_ROUNDED = gettext_noop(
    "Amount: {seconds} × {price} ÷ {per} = {exact}, which is rounded once, halves away from zero, to {gross}."
)
_DECIDED = gettext_noop("Amount: {gross} was decided, not metered. The reason given: {reason}")
_SHARED = gettext_noop("Share: {award} bears {share} of {of}, which is {wanted}.")
_LIMITED = gettext_noop(
    "Share: {award} would bear {share} of {of}, which is {wanted}; only {paid} was left of it, and it bears that."
)
_RETURNED = gettext_noop(
    "Share: {award} would get back {wanted}, its share of {share}; it had paid only {paid} in all, and gets that."
)
_UNPAID = gettext_noop("Share: no award pays for this; the organisation bears all of it.")
_REST = gettext_noop("Rest: {gross} less {subsidy} leaves {user} for the organisation.")
_CHANGED = gettext_noop(
    "Prices or awards that this line rests on were changed backwards after it was issued, so that its runs can no "
    "longer be told from those of other lines in full. A correction in a later month settles the difference."
)


def _steps(found: Explained, programme: Programme) -> Iterator[Note]:
    line, currency = found.line, found.line.close.currency
    gross = Money(line.gross, currency)
    if found.seconds is None or found.exact is None:
        yield Note(message(_DECIDED, gross=gross, reason=line.reason))
    else:
        yield from _priced(found, found.seconds, found.exact, programme)
    for payment in found.payments:
        yield Note(_share_said(payment, currency), _share_reads(line, programme))
    if not found.payments:
        yield Note(message(_UNPAID))
    subsidy, user = Money(line.subsidy, currency), Money(line.user, currency)
    yield Note(message(_REST, gross=gross, subsidy=subsidy, user=user))
    if found.unexplained:
        yield Note(message(_CHANGED))


def _priced(found: Explained, seconds: Fraction, exact: Fraction, programme: Programme) -> Iterator[Note]:
    line, currency = found.line, found.line.close.currency
    month = Month.containing(line.month_of_use)
    counted = to_places(seconds, EXACT_PLACES).normalize() + Decimal(0)
    said = _DIFFERENCE if line.corrects else _RUNS
    yield Note(message(said, month=month, seconds=counted, quantity=_hours(seconds)))
    price, item = Price(line.price_millionths or 0, currency), programme.items.get(line.item)
    hourly = line.price_unit == PriceUnit.HOUR.value
    per = SECONDS_PER_HOUR if hourly else month.interval(programme.zone).seconds
    reads = [item.at_site(line.price_site).read_at(line.price_starts)] if item and line.price_starts else []
    if not hourly:
        terms = programme.at(month.first_day)
        terms.proration()
        reads += terms.reads
    yield Note(message(_HOURLY if hourly else _MONTHLY, price=price, month=month, seconds=Decimal(per)), tuple(reads))
    shown, gross = _major(exact, currency), Money(line.gross, currency)
    yield Note(message(_ROUNDED, seconds=counted, price=price, per=Decimal(per), exact=shown, gross=gross))


def _share_said(payment: Payment, currency: str) -> Message:
    wanted, paid = Money(payment.wanted, currency), Money(payment.paid, currency)
    share = to_places(payment.share * 100, EXACT_PLACES).normalize() + Decimal(0)
    of = _major(payment.of, currency)
    fields = {"award": payment.award, "share": f"{share:f}%", "of": of, "wanted": wanted, "paid": paid}
    if not payment.is_limited:
        return message(_SHARED, **fields)
    return message(_LIMITED if payment.wanted >= 0 else _RETURNED, **fields)


def _share_reads(line: ChargeLine, programme: Programme) -> tuple[ParameterRead, ...]:
    terms = programme.at(line.month_of_use)
    terms.value("subsidy.general_rate")
    return tuple(terms.reads)
