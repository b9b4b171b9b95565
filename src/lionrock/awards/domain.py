"""What can be done with an award, and the terms that a decision gives it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from types import MappingProxyType
from typing import Final

from lionrock.applications.domain import Request, ends
from lionrock.kernel.errors import Conflict, Fault, Invalid, Refused, collecting
from lionrock.kernel.findings import Finding, Outcome, ParameterRead
from lionrock.kernel.messages import gettext_noop, message
from lionrock.kernel.money import PRICE_PLACES, Money, settle
from lionrock.kernel.periods import Interval, local_midnight
from lionrock.kernel.quantities import SECONDS_PER_HOUR
from lionrock.kernel.texts import check_line, check_paragraph
from lionrock.ledger.domain.journals import LARGEST
from lionrock.people.domain import Actor
from lionrock.rules import quotes
from lionrock.rules.items import Mode
from lionrock.rules.limits import check_cap
from lionrock.rules.programme import Programme
from lionrock.rules.terms import Terms


class AwardState(StrEnum):
    """An award is in force, has come to its end, or was taken back before its end."""

    ACTIVE = "active"
    ENDED = "ended"
    WITHDRAWN = "withdrawn"


TRANSITIONS: Final[Mapping[tuple[AwardState, str], AwardState]] = MappingProxyType(
    {
        (AwardState.ACTIVE, "end"): AwardState.ENDED,
        (AwardState.ACTIVE, "withdraw"): AwardState.WITHDRAWN,
        (AwardState.ENDED, "release"): AwardState.ENDED,
        (AwardState.WITHDRAWN, "release"): AwardState.WITHDRAWN,
    }
)


class Decision(StrEnum):
    """What a decision can be; also the verb of the application."""

    APPROVE = "approve"
    DECLINE = "decline"


@dataclass(frozen=True, slots=True)
class AwardMade:
    """An award was made, and its money committed."""

    actor: Actor
    award: str
    now: datetime


@dataclass(frozen=True, slots=True)
class AwardEnded:
    """An award has come to its end or was withdrawn; its money stays committed until its use is charged."""

    actor: Actor
    award: str
    now: datetime


@dataclass(frozen=True, slots=True)
class Ruling:
    """What the deciding body says. `share` None is the general one; `cap` None the share of the list price."""

    decision: Decision
    decided_by: str
    reason: str = ""
    share: Fraction | None = None
    cap: Money | None = None


@dataclass(frozen=True, slots=True)
class AwardTerms:
    """What an award gives, fixed on the day of the decision, and the rulebook values it rests on."""

    mode: Mode
    share: Fraction
    exceptional: bool
    list_price: Money
    cap: Money
    valid_from: date
    valid_to: date
    findings: tuple[Finding, ...]
    reads: tuple[ParameterRead, ...]

    @property
    def share_decimal(self) -> Decimal:
        """The share to six places, which is as many as a share may have."""
        return Decimal(settle(self.share * 10**PRICE_PLACES)).scaleb(-PRICE_PLACES)


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
    if declines and (ruling.share is not None or ruling.cap is not None):
        template = gettext_noop("A declined application gets no {field}. Leave it out.")
        faults.append(_fault("awards.ruling.share", template, "share" if ruling.share is not None else "cap", ""))
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
    if faults:
        raise Invalid("awards.ruling", faults[0].message, faults=faults)
    return ruling


def _fault(code: str, template: str, field: str, value: str, **more: object) -> Fault:
    return Fault(code, message(template, field=field, value=value, **more), field=field, value=value)


def award_terms(programme: Programme, request: Request, category: str, ruling: Ruling, on: date) -> AwardTerms:
    """Return the terms of an award decided on that day, under the rules of that day.

    The share is the general one, or the exceptional one within the programme's maximum and with what
    it demands; the cap is the ruling's, else the scheme's share of the list price of the request.
    Raises `Refused` when a rate or price is not known, or rate or cap are above what the rules
    allow; `Invalid` when the reason or body of an exceptional rate is missing.
    """
    terms = programme.at(on)
    general = terms.general_share()
    exceptional = None
    if ruling.share is not None and ruling.share != general:
        exceptional = quotes.Exceptional(ruling.share, ruling.reason, ruling.decided_by)
    quoted = quotes.quote(programme, _quoted(programme, request, category, exceptional, on))
    cap = ruling.cap or quoted.scheme_share
    capped = _check_cap(terms, cap)
    others = tuple(finding for finding in quoted.findings if finding.rule not in {each.rule for each in capped})
    return AwardTerms(
        mode=quoted.mode,
        share=quoted.rate,
        exceptional=quoted.rate > general,
        list_price=quoted.list_price,
        cap=cap,
        valid_from=request.starts,
        valid_to=ends(request),
        findings=(*others, *capped),
        reads=tuple({read.path: read for read in (*terms.reads, *quoted.reads)}.values()),
    )


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


def _quoted(
    programme: Programme, request: Request, category: str, exceptional: quotes.Exceptional | None, on: date
) -> quotes.Request:
    item = programme.items.get(request.item)
    metered = item is not None and item.mode is Mode.METERED
    return quotes.Request(
        category=category,
        item=request.item,
        count=request.count,
        on=on,
        months=None if metered else request.months,
        hours=_hours_each(programme, request) if metered else None,
        exceptional=exceptional,
    )


def _hours_each(programme: Programme, request: Request) -> Decimal:
    """Return the hours of each device: those asked for, or all of the period in the programme's zone."""
    if request.hours is not None:
        return Decimal(request.hours)
    start, end = (local_midnight(day, programme.zone) for day in (request.starts, ends(request)))
    return Decimal(Interval(start, end).seconds // SECONDS_PER_HOUR)


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


def ending_verb(award: str, now: datetime, valid_to: datetime, reason: str) -> str:
    """Return how an award ends at `now`: "end" from its last instant on, else "withdraw".

    Raises `Conflict` when it would end early without a reason.
    """
    if now >= valid_to:
        return "end"
    if reason.strip():
        return "withdraw"
    raise Conflict(
        "awards.end.too_early",
        message(
            gettext_noop("{award} runs until {valid_to}. Wait, or give a reason to withdraw it before."),
            award=award,
            valid_to=valid_to,
        ),
    )
