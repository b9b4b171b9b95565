"""Variations: what a change of an award in force comes to, before anybody decides on it."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from types import MappingProxyType
from typing import Final
from zoneinfo import ZoneInfo

from lionrock.awards.domain.versions import InForce, months_between, quota_of, seconds_between, the_day_after
from lionrock.kernel.errors import Fault, Invalid, Refused, collecting
from lionrock.kernel.findings import Finding, Outcome, ParameterRead
from lionrock.kernel.messages import gettext_noop, message
from lionrock.kernel.money import Money, settle
from lionrock.kernel.quantities import SECONDS_PER_HOUR
from lionrock.kernel.texts import check_line, check_paragraph
from lionrock.ledger.domain.journals import LARGEST
from lionrock.rules import quotes
from lionrock.rules.items import Mode
from lionrock.rules.limits import check_cap, check_count, check_months
from lionrock.rules.programme import Programme
from lionrock.rules.terms import Terms


class VariationState(StrEnum):
    """Where a request for a change stands."""

    REQUESTED = "requested"
    APPROVED = "approved"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"


VARIATION_TRANSITIONS: Final[Mapping[tuple[VariationState, str], VariationState]] = MappingProxyType(
    {
        (VariationState.REQUESTED, "approve"): VariationState.APPROVED,
        (VariationState.REQUESTED, "decline"): VariationState.DECLINED,
        (VariationState.REQUESTED, "withdraw"): VariationState.WITHDRAWN,
    }
)

LARGEST_COUNT: Final = 1_000_000
LARGEST_HOURS: Final = 1_000_000


@dataclass(frozen=True, slots=True)
class Change:
    """What is to change from `since` on; None stays as it is.

    `since` None is the earliest day there is: tomorrow, or the first day of an award yet to begin.
    `contact` is who answers for the work from now on, `scope` what it is about.
    """

    since: date | None = None
    count: int | None = None
    hours: int | None = None
    valid_to: date | None = None
    cap: Money | None = None
    contact: str = ""
    scope: str = ""

    @property
    def of_terms(self) -> bool:
        """Whether it changes what the award gives, and not only people or scope."""
        return any(value is not None for value in (self.count, self.hours, self.valid_to, self.cap))


@dataclass(frozen=True, slots=True)
class Holding:
    """An award as a variation finds it: its versions, its terms that never vary, and what is left of its money."""

    award: str
    category: str
    item: str
    mode: Mode
    share: Fraction
    versions: tuple[InForce, ...]
    left: Money


@dataclass(frozen=True, slots=True)
class Effect:
    """What a change comes to, exactly: the terms, the money that stays committed, and the quota, before and after.

    `left_before` and `left_after` are what is committed and not spent; quota is in device-seconds.
    """

    before: InForce
    after: InForce
    left_before: Money
    left_after: Money
    quota_before: int
    quota_after: int
    findings: tuple[Finding, ...] = ()
    reads: tuple[ParameterRead, ...] = ()

    @property
    def more(self) -> Money:
        """What is to be committed besides; below zero what is released."""
        return self.after.cap - self.before.cap

    @property
    def own_before(self) -> Money:
        """What the user bears of the list price, at the least."""
        return self.before.list_price - self.before.cap

    @property
    def own_after(self) -> Money:
        """The same after the change."""
        return self.after.list_price - self.after.cap


def takes_committee(change: Change, effect: Effect | None) -> bool:
    """Tell whether it takes the committee to approve: where money or quota rises, or the scope changes."""
    rises = effect is not None and (effect.more.minor > 0 or effect.quota_after > effect.quota_before)
    return rises or bool(change.scope.strip())


def check_change(change: Change, currency: str) -> Change:
    """Return the change when its values can be meant; raises `Invalid` with every fault."""
    faults: list[Fault] = []
    for field, value, largest in (("count", change.count, LARGEST_COUNT), ("hours", change.hours, LARGEST_HOURS)):
        if value is not None and not 1 <= value <= largest:
            said = gettext_noop("“{value}” in {field} cannot be meant. Write a whole number from 1 to {largest}.")
            faults.append(_fault(said, field, str(value), largest=largest))
    if change.cap is not None and (change.cap.currency != currency or not 0 <= change.cap.minor <= LARGEST):
        said = gettext_noop("“{value}” cannot be the {field} of an award. Write an amount in {currency}.")
        faults.append(_fault(said, "cap", str(change.cap), currency=currency))
    if not (change.of_terms or change.contact.strip() or change.scope.strip()):
        said = gettext_noop("Nothing is to change. Fill in {field}, or any other of the fields.")
        faults.append(_fault(said, "valid_to", ""))
    with collecting(faults):
        check_line(change.contact, field="contact", required=False)
    with collecting(faults):
        check_paragraph(change.scope, field="scope")
    if faults:
        raise Invalid("awards.variation.invalid", faults[0].message, faults=faults)
    return change


def _fault(template: str, field: str, value: str, **more: object) -> Fault:
    said = message(template, field=field, value=value, **more)
    return Fault("awards.variation.invalid", said, field=field, value=value)


def effect_of(programme: Programme, holding: Holding, change: Change, on: date) -> Effect:
    """Return what a change decided on that day comes to, at that day's list price; nothing is changed.

    The past stays: the change begins tomorrow at the earliest. The list price, and with it the cap
    at the award's own share, rises or falls by the price of what is added to or taken from the days
    to come; never by more than is still committed. Raises `Invalid` for dates that cannot be,
    `Refused` for what the programme's limits, or what is spent already, do not allow.
    """
    terms = programme.at(on)
    before = holding.versions[-1]
    new = _after(programme, terms, holding, change)
    versions = (*(one for one in holding.versions if one.since < new.since), new)
    return Effect(
        before=before,
        after=new,
        left_before=holding.left,
        left_after=holding.left + new.cap - before.cap,
        quota_before=quota_of(holding.versions, programme.zone),
        quota_after=quota_of(versions, programme.zone),
        findings=_within_limits(terms, holding, before, new),
        reads=terms.reads,
    )


def _after(programme: Programme, terms: Terms, holding: Holding, change: Change) -> InForce:
    before = holding.versions[-1]
    since = _since(holding, change, terms.on)
    valid_to = change.valid_to or before.valid_to
    _check_days(holding.award, since, before, valid_to, terms.on)
    if change.hours is not None and before.hours is None:
        said = gettext_noop(
            "{award} has no number of hours that could be “{value}” ({field}). Change its end or count."
        )
        fault = _fault(said, "hours", str(change.hours), award=holding.award)
        raise Invalid("awards.variation.invalid", fault.message, faults=[fault])
    count, hours = change.count or before.count, change.hours or before.hours
    draft = InForce(since, count, hours, valid_to, before.list_price, before.cap)
    price = _price_of_difference(programme, terms, holding, draft)
    listed = Money(before.list_price.minor + price, before.cap.currency)
    return InForce(since, count, hours, valid_to, listed, _cap(holding, change, price))


def _since(holding: Holding, change: Change, on: date) -> date:
    earliest = max(the_day_after(on), holding.versions[-1].since)
    return max(change.since or earliest, earliest)


def _check_days(award: str, since: date, before: InForce, valid_to: date, on: date) -> None:
    if before.valid_to <= on:
        said = message(
            gettext_noop("{award} ran out on {end}. An award that has run out is not extended: apply for a new one."),
            award=award,
            end=before.valid_to,
        )
        raise Refused("awards.variation.run_out", said)
    for field, day in (("since", before.valid_to), ("valid_to", valid_to)):
        if since >= day:
            said = message(
                gettext_noop("The change would begin on {since}, when the award has ended on {end}. Mend {field}."),
                since=since,
                end=day,
                field=field,
            )
            fault = Fault("awards.variation.days", said, field=field, value=str(day))
            raise Invalid("awards.variation.days", said, faults=[fault])


def _price_of_difference(programme: Programme, terms: Terms, holding: Holding, new: InForce) -> int:
    """Return in minor units by how much the list price differs, at the price of the day; rounded once."""
    leased = holding.mode is Mode.LEASE
    asked = quotes.Request(
        category=holding.category,
        item=holding.item,
        count=1,
        on=terms.on,
        months=1 if leased else None,
        hours=None if leased else Decimal(1),
    )
    unit = quotes.quote(programme, asked).unit_price.minor
    return settle(unit * _periods_of_difference(holding.versions[-1], new, programme.zone, leased=leased))


def _periods_of_difference(before: InForce, new: InForce, zone: ZoneInfo, *, leased: bool) -> Fraction:
    """Return by how many device-months (or device-hours, if metered) the new terms differ from the old."""
    if new.hours is not None and before.hours is not None:
        return Fraction(new.count * new.hours - before.count * before.hours)

    def length(start: date, end: date) -> Fraction:
        return months_between(start, end) if leased else Fraction(seconds_between(start, end, zone), SECONDS_PER_HOUR)

    both = min(before.valid_to, new.valid_to)
    tail = (
        new.count * length(before.valid_to, new.valid_to)
        if new.valid_to > before.valid_to
        else -before.count * length(new.valid_to, before.valid_to)
    )
    return (new.count - before.count) * length(new.since, both) + tail


def _cap(holding: Holding, change: Change, price: int) -> Money:
    """Return the new cap: as named, or moved by the award's share of the difference; never below what is spent."""
    before = holding.versions[-1].cap
    least = before - holding.left
    if change.cap is None:
        moved = Money(before.minor + settle(holding.share * price), before.currency)
        return max(moved, least, key=lambda amount: amount.minor)
    if change.cap < least:
        said = message(
            gettext_noop("{spent} of {award} is spent already, so that its cap cannot be {cap}. Name a larger one."),
            spent=least,
            award=holding.award,
            cap=change.cap,
        )
        raise Refused("awards.variation.spent", said)
    return change.cap


def _within_limits(terms: Terms, holding: Holding, before: InForce, new: InForce) -> tuple[Finding, ...]:
    """Return what the programme's limits say of what rises; raises `Refused` where one is not met."""
    found: list[Finding] = []
    if new.count > before.count:
        found += check_count(terms, terms.programme.item(holding.item), new.count)
    if new.valid_to > before.valid_to:
        months = math.ceil(months_between(holding.versions[0].since, new.valid_to))
        found += [each for each in check_months(terms, months) if each.rule == "rules.request.max_months"]
    if before.cap < new.cap and "subsidy.award_cap" in terms.programme.parameters:
        found.append(check_cap(terms, new.cap))
    outside = [finding for finding in found if finding.outcome is Outcome.NOT_MET]
    if outside:
        raise Refused("awards.variation.outside_limits", outside[0].message, findings=outside)
    return tuple(found)
