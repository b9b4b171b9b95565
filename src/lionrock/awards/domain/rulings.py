"""What the deciding body rules, and the terms that this gives an award."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction

from lionrock.applications.domain import Request, check_request, ends
from lionrock.applications.domain.costs import to_quote
from lionrock.awards.domain.offers import last_day_to_accept
from lionrock.kernel.errors import Fault, Invalid, Refused, collecting
from lionrock.kernel.findings import Finding, Outcome, ParameterRead
from lionrock.kernel.messages import gettext_noop, message
from lionrock.kernel.money import PRICE_PLACES, Money, to_places
from lionrock.kernel.texts import check_line, check_paragraph
from lionrock.ledger.domain.journals import LARGEST
from lionrock.rules import quotes
from lionrock.rules.items import Mode
from lionrock.rules.limits import check_cap, check_count, check_months
from lionrock.rules.programme import Programme
from lionrock.rules.terms import Terms


class Decision(StrEnum):
    """What a decision can be; also the verb of the application."""

    APPROVE = "approve"
    DECLINE = "decline"


@dataclass(frozen=True, slots=True)
class Ruling:
    """What the deciding body says.

    `share` None is the general one; `cap` None the share of the list price. `count`, `months`,
    `starts` and `hours` None are as asked for. `conditions` are what the award is tied to, one a line.
    """

    decision: Decision
    decided_by: str
    reason: str = ""
    share: Fraction | None = None
    cap: Money | None = None
    count: int | None = None
    months: int | None = None
    starts: date | None = None
    hours: int | None = None
    conditions: str = ""

    def changes(self) -> dict[str, object]:
        """Return what it grants otherwise than asked for, by name."""
        given = {"count": self.count, "months": self.months, "starts": self.starts, "hours": self.hours}
        return {name: value for name, value in given.items() if value is not None}

    def gives(self) -> dict[str, object]:
        """Return what only an approval can give, by name, where it is named at all."""
        given = {"share": self.share, "cap": self.cap, **self.changes(), "conditions": self.conditions.strip() or None}
        return {name: value for name, value in given.items() if value is not None}


@dataclass(frozen=True, slots=True)
class AwardTerms:
    """What an award gives, fixed on the day of the decision, and the rulebook values it rests on.

    `accept_by` is the last day on which the offer can be accepted.
    """

    mode: Mode
    count: int
    hours: int | None
    share: Fraction
    exceptional: bool
    list_price: Money
    cap: Money
    valid_from: date
    valid_to: date
    accept_by: date
    findings: tuple[Finding, ...]
    reads: tuple[ParameterRead, ...]

    @property
    def share_decimal(self) -> Decimal:
        """The share to six places, which is as many as a share may have."""
        return to_places(self.share, PRICE_PLACES)


def check_ruling(ruling: Ruling, currency: str) -> Ruling:
    """Return the ruling when it is complete; raises `Invalid` with every fault."""
    declines = ruling.decision is Decision.DECLINE
    faults: list[Fault] = []
    if not ruling.decided_by.strip():
        template = gettext_noop("No deciding body is named. Write who decided in {field}.")
        faults.append(_fault("awards.ruling.decided_by", template, "decided_by", ruling.decided_by))
    if declines and not ruling.reason.strip():
        template = gettext_noop("A declined application needs a reason. Write it in {field}.")
        faults.append(_fault("awards.ruling.reason", template, "reason", ruling.reason))
    for field in ruling.gives() if declines else ():
        template = gettext_noop("A declined application gets no {field}. Leave it out.")
        faults.append(_fault("awards.ruling.share", template, field, ""))
    if ruling.share is not None and not 0 < ruling.share <= 1:
        template = gettext_noop("“{value}” is not a {field}. Write a number above 0, at most 1, such as 0.90.")
        faults.append(_fault("awards.ruling.share", template, "share", str(ruling.share)))
    if ruling.cap is not None and (ruling.cap.currency != currency or not 0 < ruling.cap.minor <= LARGEST):
        template = gettext_noop("“{value}” cannot be the cap of an award. Write an amount above zero in {currency}.")
        faults.append(_fault("awards.ruling.cap", template, "cap", str(ruling.cap), currency=currency))
    with collecting(faults):
        check_line(ruling.decided_by, field="decided_by", required=False)
    with collecting(faults):
        check_paragraph(ruling.reason, field="reason")
    with collecting(faults):
        check_paragraph(ruling.conditions, field="conditions")
    if faults:
        raise Invalid("awards.ruling", faults[0].message, faults=faults)
    return ruling


def _fault(code: str, template: str, field: str, value: str, **more: object) -> Fault:
    return Fault(code, message(template, field=field, value=value, **more), field=field, value=value)


def award_terms(programme: Programme, request: Request, category: str, ruling: Ruling, on: date) -> AwardTerms:
    """Return the terms of an award decided on that day, under the rules of that day.

    What is granted is what the request asks for, but for what the ruling says otherwise. The share is
    the general one, or the exceptional one within the programme's maximum and with what it demands;
    the cap is the ruling's, else the scheme's share of the list price of what is granted.
    Raises `Refused` when a rate or price is not known, when rate, cap or what is granted is outside
    what the rules allow, or all of the period is past; `Invalid` when the reason or body of an
    exceptional rate is missing, or a number cannot be meant.
    """
    terms = programme.at(on)
    granted = _granted(terms, request, ruling)
    general = terms.general_share()
    exceptional = None
    if ruling.share is not None and ruling.share != general:
        exceptional = quotes.Exceptional(ruling.share, ruling.reason, ruling.decided_by)
    quoted = quotes.quote(programme, to_quote(programme, granted, category, on, exceptional))
    cap = ruling.cap or quoted.scheme_share
    capped = _check_cap(terms, cap)
    _check_not_past(terms, granted)
    others = tuple(finding for finding in quoted.findings if finding.rule not in {each.rule for each in capped})
    return AwardTerms(
        mode=quoted.mode,
        count=granted.count,
        hours=granted.hours,
        share=quoted.rate,
        exceptional=quoted.rate > general,
        list_price=quoted.list_price,
        cap=cap,
        valid_from=granted.starts,
        valid_to=ends(granted),
        accept_by=last_day_to_accept(terms, ends(granted)),
        findings=(*others, *capped),
        reads=tuple({read.path: read for read in (*terms.reads, *quoted.reads)}.values()),
    )


def _granted(terms: Terms, request: Request, ruling: Ruling) -> Request:
    """Return the request as granted; raises as `award_terms` does."""
    granted = check_request(replace(request, **ruling.changes()))  # type: ignore[arg-type]
    if ruling.changes():
        _check_limits(terms, granted)
    return granted


def _check_not_past(terms: Terms, granted: Request) -> None:
    if ends(granted) > terms.on:
        return
    raise Refused(
        "awards.period.past",
        message(
            gettext_noop("The period asked for ended on {end}, before this decision. Grant one that begins later."),
            end=ends(granted),
        ),
    )


def _check_limits(terms: Terms, granted: Request) -> None:
    """Refuse what is granted otherwise than asked for where it is outside the programme's limits."""
    found = [
        *check_count(terms, terms.programme.item(granted.item), granted.count),
        *check_months(terms, granted.months),
    ]
    outside = [finding for finding in found if finding.outcome is Outcome.NOT_MET]
    if outside:
        raise Refused("awards.granted.outside_limits", outside[0].message, findings=outside)


def _check_cap(terms: Terms, cap: Money) -> tuple[Finding, ...]:
    """Return what the programme says of a cap, where it says anything; raises `Refused`."""
    if cap.minor <= 0:
        raise Refused(
            "awards.cap.nothing",
            message(gettext_noop("This award would commit {cap}. Decline it, or name a cap above zero."), cap=cap),
        )
    if "subsidy.award_cap" not in terms.programme.parameters:
        return ()
    found = check_cap(terms, cap)
    if found.outcome is Outcome.NOT_MET:
        raise Refused("awards.cap.above_limit", found.message, findings=[found])
    return (found,)


def check_envelope(call: str, budget: Money, given: Money, cap: Money) -> None:
    """Raise `Refused` when a call's budget does not hold another award of that size."""
    if budget - given < cap:
        raise Refused(
            "awards.call.exhausted",
            message(
                gettext_noop(
                    "The budget of {call} is {budget}, of which {given} is given; {cap} was asked. Ask for less."
                ),
                call=call,
                budget=budget,
                given=given,
                cap=cap,
            ),
        )
