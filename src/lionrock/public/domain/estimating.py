"""What a request would cost and whether it would be eligible, for somebody whom nobody knows yet."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from lionrock.applications.domain import Circumstances, Request, Statements, check_request, eligibility, ends
from lionrock.applications.domain.costs import to_quote
from lionrock.kernel.errors import Fault, Invalid, collecting
from lionrock.kernel.findings import Finding
from lionrock.kernel.messages import gettext_noop, message
from lionrock.kernel.money import Money, settle
from lionrock.kernel.periods import Interval, Month, local_midnight
from lionrock.rules.items import Mode
from lionrock.rules.programme import Programme
from lionrock.rules.proration import part_of_month
from lionrock.rules.quotes import Quote, quote


@dataclass(frozen=True, slots=True)
class MonthlyCost:
    """What one calendar month comes to: list price, the scheme's share, and what the user pays."""

    month: Month
    list_price: Money
    scheme: Money
    user: Money


@dataclass(frozen=True, slots=True)
class Estimate:
    """The answer to "would it be eligible, and what would it cost?"."""

    request: Request
    quote: Quote
    months: tuple[MonthlyCost, ...]
    findings: tuple[Finding, ...]

    @property
    def as_billed(self) -> Money:
        """The months together; another amount than the quote's where use begins within a month."""
        return sum((month.list_price for month in self.months), Money(0, self.quote.list_price.currency))


@dataclass(frozen=True, slots=True)
class Question:
    """What a visitor typed, field by field."""

    typed: Mapping[str, str]

    def request(self) -> Request:
        """Return what is asked for; raises `Invalid` with a fault for every field that cannot be read."""
        faults: list[Fault] = []
        numbers = {name: self._whole(name, faults) for name in ("count", "months")}
        hours = self._whole("hours", faults) if self.typed.get("hours") else None
        starts = self._day(faults)
        if faults:
            raise Invalid("public.estimate", faults[0].message, faults=faults)
        read = Request(self.typed.get("item", ""), numbers["count"], numbers["months"], starts, hours)
        with collecting(faults):
            check_request(read)
        if faults:
            raise Invalid("public.estimate", faults[0].message, faults=faults)
        return read

    @property
    def other_subsidy(self) -> bool | None:
        """Whether the same scope has another public subsidy; None: not said."""
        return {"yes": True, "no": False}.get(self.typed.get("other_subsidy", ""))

    def _whole(self, field: str, faults: list[Fault]) -> int:
        text = self.typed.get(field, "").strip()
        if text.isascii() and text.isdecimal() and len(text) <= len(str(10**7)):
            return int(text)
        template = gettext_noop("“{value}” is not a whole number. Write one such as 3.")
        if not text:
            template = gettext_noop("Nothing stands here. Write a whole number such as 3.")
        faults.append(Fault("public.estimate", message(template, value=text), field=field, value=text))
        return 0

    def _day(self, faults: list[Fault]) -> date:
        text = self.typed.get("starts", "").strip()
        try:
            return date.fromisoformat(text)
        except ValueError:
            template = gettext_noop("“{value}” is not a date. Write it as year-month-day, such as 2027-04-01.")
            faults.append(Fault("public.estimate", message(template, value=text), field="starts", value=text))
            return date.min


def estimate(programme: Programme, question: Question, call: Circumstances, on: date) -> Estimate:
    """Return what a request would cost and what the rules of that day say of it.

    Raises `Invalid` with a fault at each field that cannot be meant, `Refused` when no price is known.
    """
    request, category = question.request(), question.typed.get("category", "")
    quoted = quote(programme, to_quote(programme, request, category, on))
    terms = programme.at(on)
    would_sign = frozenset(declaration.id for declaration in terms.declarations())
    findings = eligibility(request, Statements(category, would_sign, question.other_subsidy), call, terms)
    told = tuple(finding for finding in findings if finding.rule != "applications.declaration")
    return Estimate(request, quoted, monthly(programme, request, quoted, on), told)


def monthly(programme: Programme, request: Request, quoted: Quote, on: date) -> tuple[MonthlyCost, ...]:
    """Return what each month comes to, prorated and rounded as a statement does it.

    Metered use is spread evenly over the period: what a month really costs follows what is used in it.
    Empty for a lease while the programme has not said how a part of a month counts.
    """
    if quoted.mode is Mode.LEASE and programme.at(on).value("charging.proration") is None:
        return ()
    span = Interval(*(local_midnight(day, programme.zone) for day in (request.starts, ends(request))))
    costs, month = [], Month.of(span.start, programme.zone)
    while (held := span.overlap(month.interval(programme.zone))) is not None:
        costs.append(_month(programme, quoted, month, _gross(programme, request, quoted, month, span, held, on)))
        month = month.next
    return tuple(costs)


def _gross(
    programme: Programme, request: Request, quoted: Quote, month: Month, span: Interval, held: Interval, on: date
) -> Fraction:
    if quoted.mode is Mode.METERED:
        return quoted.list_price.minor * Fraction(held.seconds, span.seconds)
    part = part_of_month(programme.at(on).proration(), span, month, programme.zone)
    return quoted.unit_price.minor * request.count * part


def _month(programme: Programme, quoted: Quote, month: Month, gross: Fraction) -> MonthlyCost:
    listed = settle(gross)
    scheme = settle(listed * quoted.rate)
    amounts = (Money(amount, programme.currency) for amount in (listed, scheme, listed - scheme))
    return MonthlyCost(month, *amounts)
