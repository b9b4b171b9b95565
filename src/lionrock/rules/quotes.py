"""A quote: what a request costs at the list price, and how scheme and user share it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Final

from lionrock.kernel.errors import Fault, Invalid, Refused
from lionrock.kernel.findings import Citation, Finding, Outcome, ParameterRead
from lionrock.kernel.messages import gettext_noop, message
from lionrock.kernel.money import Money, Price, settle
from lionrock.rules.items import Item, ListPrice, Mode
from lionrock.rules.limits import check_cap, check_category, check_count, check_mode, check_months
from lionrock.rules.parameters import Requirement
from lionrock.rules.programme import Programme
from lionrock.rules.terms import Terms
from lionrock.rules.units import decimal_text

LARGEST: Final = {"count": 1_000_000, "months": 1_200, "hours": 1_000_000}
"""Limits of sense: a slip of the keyboard gets no price."""


@dataclass(frozen=True, slots=True)
class Exceptional:
    """A share above the general level, why, and who decided it."""

    rate: Fraction
    reason: str | None
    decided_by: str | None


@dataclass(frozen=True, slots=True)
class Request:
    """What is asked for: so many of an item, for whole months (a lease) or hours each (metered)."""

    category: str
    item: str
    count: int
    on: date
    months: int | None = None
    hours: Decimal | None = None
    exceptional: Exceptional | None = None


@dataclass(frozen=True, slots=True)
class Quote:
    """The answer: `scheme_share` and `user_share` add up to `list_price`.

    The price is the one in force on the day of the quote, for the whole period. `findings` tell
    whether an application for it would be within the programme's limits.
    """

    programme: str
    request: Request
    mode: Mode
    unit_price: Price
    rate: Fraction
    list_price: Money
    scheme_share: Money
    user_share: Money
    findings: tuple[Finding, ...]
    reads: tuple[ParameterRead, ...]

    @property
    def sources(self) -> tuple[Citation, ...]:
        """The sources of all values that were read, each once."""
        found = {read.citation.source: read.citation for read in self.reads if read.citation}
        return tuple(found.values())


def quote(programme: Programme, request: Request) -> Quote:
    """Price a request under the terms of its day.

    Raises `Invalid` for an unknown category or item and for counts, months or hours that make no
    sense, all together; `Refused` when no price or rate is known on that day, or when an
    exceptional rate is above the maximum. Limits that are not met are findings of the quote.
    """
    terms = programme.at(request.on)
    item = _checked(terms, request)
    price = _price(terms, item)
    rate, exception = _rate(terms, request.exceptional)
    gross = settle(price.minor * request.count * _periods(item, request))
    scheme = settle(gross * rate)
    scheme_share = Money(scheme, programme.currency)
    return Quote(
        programme=programme.id,
        request=request,
        mode=item.mode,
        unit_price=price,
        rate=rate,
        list_price=Money(gross, programme.currency),
        scheme_share=scheme_share,
        user_share=Money(gross - scheme, programme.currency),
        findings=(*exception, *_within_limits(terms, request, item, scheme_share)),
        reads=terms.reads,
    )


def _within_limits(terms: Terms, request: Request, item: Item, scheme_share: Money) -> tuple[Finding, ...]:
    findings = [check_category(terms, request.category), check_mode(terms, item.mode)]
    findings += check_count(terms, item, request.count)
    if request.months is not None:
        findings += check_months(terms, request.months)
    if "subsidy.award_cap" in terms.programme.parameters:
        findings.append(check_cap(terms, scheme_share))
    return tuple(findings)


def _periods(item: Item, request: Request) -> Fraction:
    periods = request.months if item.mode is Mode.LEASE else request.hours
    return Fraction(periods or 0)


def _checked(terms: Terms, request: Request) -> Item:
    """Return the item; raises `Invalid` with everything that is wrong with the request."""
    faults: list[Fault] = []
    try:
        terms.category(request.category)
    except Invalid as unknown:
        faults += unknown.faults
    try:
        item = terms.programme.item(request.item)
    except Invalid as unknown:
        raise _invalid([*faults, *unknown.faults, *_counts(request)]) from unknown
    faults += [*_counts(request), *_fitting_period(item, request), *_exception_faults(terms, request)]
    if faults:
        raise _invalid(faults)
    return item


def _invalid(faults: list[Fault]) -> Invalid:
    if len(faults) == 1:
        return Invalid(faults[0].code, faults[0].message, faults=faults)
    said = message(gettext_noop("{count} things are wrong with this request."), count=len(faults))
    return Invalid("rules.quote.invalid", said, faults=faults)


def _counts(request: Request) -> list[Fault]:
    given = {"count": request.count, "months": request.months, "hours": request.hours}
    return [
        _fault(
            "rules.quote.not_positive",
            gettext_noop("“{value}” in {field} cannot be quoted for. Write a number above zero, at most {largest}."),
            field,
            value,
            largest=LARGEST[field],
        )
        for field, value in given.items()
        if value is not None and not 0 < value <= LARGEST[field]
    ]


def _fitting_period(item: Item, request: Request) -> list[Fault]:
    if item.mode is Mode.LEASE and (request.months is None or request.hours is not None):
        template = gettext_noop("{item} is leased by the month. Give months, and no hours.")
        return [_fault("rules.quote.months", template, "months", request.months, item=item.id)]
    if item.mode is Mode.METERED and (request.hours is None or request.months is not None):
        template = gettext_noop("{item} is metered by the hour. Give hours, and no months.")
        return [_fault("rules.quote.hours", template, "hours", request.hours, item=item.id)]
    return []


def _exception_faults(terms: Terms, request: Request) -> list[Fault]:
    if request.exceptional is None:
        return []
    given = {
        Requirement.WRITTEN_REASON: ("reason", request.exceptional.reason),
        Requirement.DECIDING_BODY: ("decided_by", request.exceptional.decided_by),
    }
    needed = [given[requirement] for requirement in terms.exception_requires()]
    return [
        _fault(
            f"rules.quote.{field}",
            gettext_noop("An exceptional rate in {programme} needs {field}, and none is given. Add it."),
            field,
            text or "",
            programme=terms.programme.id,
        )
        for field, text in needed
        if not (text or "").strip()
    ]


def _fault(code: str, template: str, field: str, value: object, **more: object) -> Fault:
    said = message(template, field=field, value=value, **more)
    return Fault(code, said, field=field, value=None if value is None else str(value))


def _price(terms: Terms, item: Item) -> Price:
    listed = terms.price(item.id)
    if listed is not None and listed.price is not None:
        return listed.price
    raise _no_price(terms, item, listed)


def _no_price(terms: Terms, item: Item, listed: ListPrice | None) -> Refused:
    later = [version.label for version in item.versions() if listed is None or version.starts > listed.starts]
    if later:
        template = gettext_noop("{programme} has no price of {item} on {on}; the next one starts {later}.")
    else:
        template = gettext_noop("{programme} has no price of {item} on {on}, and none after it.")
    said = message(template, programme=terms.programme.id, item=item.id, on=terms.on, later=later[0] if later else "")
    remedy = message(gettext_noop("Ask for a date that has a price, or let the owner state it."))
    finding = Finding(
        "rules.quote.no_price",
        Outcome.UNKNOWN,
        said,
        facts={"item": item.id, "on": str(terms.on)},
        parameters=(terms.record(item.price_path),),
        remedy=remedy,
    )
    return Refused("rules.quote.no_price", said, findings=[finding])


def _rate(terms: Terms, exceptional: Exceptional | None) -> tuple[Fraction, tuple[Finding, ...]]:
    if exceptional is None:
        return terms.general_share(), ()
    return exceptional.rate, (_exception(terms, exceptional),)


def _exception(terms: Terms, exceptional: Exceptional) -> Finding:
    """Return the finding that allows an exceptional rate; raises `Refused` above the maximum."""
    most = terms.exceptional_share_max()
    body = terms.deciding_body()
    read = (terms.record("subsidy.exceptional_rate_max"), terms.record("bodies.decides"))
    facts = {
        "rate": decimal_text(exceptional.rate),
        "reason": exceptional.reason or "",
        "decided_by": exceptional.decided_by or "",
    }
    if exceptional.rate <= most:
        said = message(
            gettext_noop(
                "The exceptional rate {rate} is within {most}; decided by {decided_by} (the programme names: "
                "{body}), because: {reason}."
            ),
            most=decimal_text(most),
            body=body or "–",
            **facts,
        )
        return Finding("rules.quote.exceptional_rate", Outcome.MET, said, facts, read)
    said = message(
        gettext_noop("The exceptional rate {rate} is above {most}, the most that {programme} allows."),
        rate=facts["rate"],
        most=decimal_text(most),
        programme=terms.programme.id,
    )
    remedy = message(gettext_noop("Ask for {most} or less."), most=decimal_text(most))
    finding = Finding("rules.quote.exceptional_rate", Outcome.NOT_MET, said, facts, read, remedy)
    raise Refused("rules.quote.exceptional_rate", said, findings=[finding])
