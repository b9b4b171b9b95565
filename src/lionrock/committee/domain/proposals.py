"""What is proposed for an application: a decision, and what is given where it is an approval."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from fractions import Fraction
from typing import Final

from lionrock.applications.domain import Request
from lionrock.applications.domain.requests import LARGEST
from lionrock.awards.domain import AwardTerms, Decision, Ruling, award_terms
from lionrock.kernel.errors import Fault, Invalid, LionrockError, Refused, collecting
from lionrock.kernel.findings import Finding, Outcome
from lionrock.kernel.messages import Message, gettext_noop, message
from lionrock.kernel.money import parse_decimal
from lionrock.kernel.texts import check_paragraph
from lionrock.rules.programme import Programme
from lionrock.rules.units import decimal_text

UNNAMED = "–"
"""Stands for a reason that is not written yet, while members try rates."""

PER_CENT_PLACES: Final = 4
"""A share has six decimals."""
DIGITS: Final = 9
WHOLE_TEMPLATE: Final = gettext_noop("“{value}” in {field} cannot be meant. Write a whole number from 1 to {largest}.")
RATE_TEMPLATE: Final = gettext_noop("“{value}” cannot be the {field}. Write per cent above 0, at most 100, such as 70.")


@dataclass(frozen=True, slots=True)
class Proposal:
    """A decision, and for an approval what is given; None of a number: as asked, or the general rate.

    `conditions` are what the applicant must keep, `reason` is told to the applicant.
    """

    decision: Decision = Decision.APPROVE
    rate: Fraction | None = None
    count: int | None = None
    months: int | None = None
    starts: date | None = None
    conditions: str = ""
    reason: str = ""


def read_proposal(typed: Mapping[str, str]) -> Proposal:
    """Read what was typed: decision, rate in per cent, count, months, starts, conditions, reason.

    What is left out, or blank, is as asked for, or the general rate. Raises `Invalid` with every fault.
    """
    faults: list[Fault] = []
    texts = {field: typed.get(field, "").strip() for field in FIELDS}
    numbers = {field: _whole(field, texts[field], faults) for field in ("count", "months")}
    proposal = Proposal(
        decision=_decision(texts["decision"], faults),
        rate=_rate(texts["rate"], faults),
        count=numbers["count"],
        months=numbers["months"],
        starts=_day(texts["starts"], faults),
        conditions=texts["conditions"],
        reason=texts["reason"],
    )
    if faults:
        raise Invalid("committee.proposal", faults[0].message, faults=faults)
    return proposal


FIELDS: Final = ("decision", "rate", "count", "months", "starts", "conditions", "reason")
"""What is typed of a proposal."""


def _decision(text: str, faults: list[Fault]) -> Decision:
    if text in list(Decision):
        return Decision(text)
    if text:
        template = gettext_noop("“{value}” is no decision. Write approve or decline.")
        faults.append(_fault("decision", template, text))
    return Decision.APPROVE


def _rate(text: str, faults: list[Fault]) -> Fraction | None:
    """Read per cent with at most four decimals: "70", "66.6667"."""
    if not text:
        return None
    with collecting(faults):
        rate = Fraction(parse_decimal(text.removesuffix("%").strip(), places=PER_CENT_PLACES, field="rate")) / 100
        if 0 < rate <= 1:
            return rate
        faults.append(_fault("rate", RATE_TEMPLATE, text))
    return None


def _whole(field: str, text: str, faults: list[Fault]) -> int | None:
    if not text:
        return None
    if text.isascii() and text.isdigit() and 1 <= int(text[:DIGITS]) <= LARGEST[field] and len(text) <= DIGITS:
        return int(text)
    faults.append(_fault(field, WHOLE_TEMPLATE, text, largest=LARGEST[field]))
    return None


def _day(text: str, faults: list[Fault]) -> date | None:
    if not text:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        template = gettext_noop("“{value}” in {field} is not a date. Write it as 2026-04-01.")
        faults.append(_fault("starts", template, text))
    return None


def plain(proposal: Proposal, asked: Request, general: Fraction | None) -> Proposal:
    """Return the proposal without what says no more than the request and the general rate do."""
    if proposal.decision is Decision.DECLINE:
        return Proposal(Decision.DECLINE, reason=proposal.reason)
    return replace(
        proposal,
        rate=None if proposal.rate == general else proposal.rate,
        count=None if proposal.count == asked.count else proposal.count,
        months=None if proposal.months == asked.months else proposal.months,
        starts=None if proposal.starts == asked.starts else proposal.starts,
    )


def granted(asked: Request, proposal: Proposal) -> Request:
    """Return what an approval gives: what is asked, but for what the proposal changes."""
    return replace(
        asked,
        count=proposal.count or asked.count,
        months=proposal.months or asked.months,
        starts=proposal.starts or asked.starts,
    )


def check_proposal(proposal: Proposal, programme: Programme, on: date) -> Proposal:
    """Return the proposal when it is complete in itself; raises `Invalid` with every fault.

    Whether rules, fund and capacity allow it is asked of `priced` and `ranking`.
    """
    faults = list(_numbers(proposal))
    with collecting(faults):
        check_paragraph(proposal.reason, field="reason")
    with collecting(faults):
        check_paragraph(proposal.conditions, field="conditions")
    if not proposal.reason.strip():
        faults += _reason_missing(proposal, programme, on)
    if faults:
        raise Invalid("committee.proposal", faults[0].message, faults=faults)
    return proposal


def _numbers(proposal: Proposal) -> Iterator[Fault]:
    for field, value in (("count", proposal.count), ("months", proposal.months)):
        if value is not None and not 1 <= value <= LARGEST[field]:
            yield _fault(field, WHOLE_TEMPLATE, value, largest=LARGEST[field])
    if proposal.rate is not None and not 0 < proposal.rate <= 1:
        yield _fault("rate", RATE_TEMPLATE, decimal_text(proposal.rate * 100))


def _reason_missing(proposal: Proposal, programme: Programme, on: date) -> list[Fault]:
    if proposal.decision is Decision.DECLINE:
        return [
            _fault("reason", gettext_noop("To decline takes a {field}, which the applicant is told. Write it."), "")
        ]
    if is_exceptional(proposal, programme, on):
        template = gettext_noop(
            "Another rate than the general one takes a written {field}. Write why this case is special."
        )
        return [_fault("reason", template, "")]
    return []


def is_exceptional(proposal: Proposal, programme: Programme, on: date) -> bool:
    """Tell whether the rate is another than the general one; raises `Refused` while that is not set."""
    if proposal.decision is Decision.DECLINE or proposal.rate is None:
        return False
    return proposal.rate != programme.at(on).general_share()


def _fault(field: str, template: str, value: object, **more: object) -> Fault:
    said = message(template, field=field, value=value, **more)
    return Fault("committee.proposal", said, field=field, value=str(value))


@dataclass(frozen=True, slots=True)
class Price:
    """What an approval would commit, or why it cannot be priced; `faults` name the fields that are at fault."""

    request: Request
    terms: AwardTerms | None
    faults: tuple[Fault, ...] = ()
    findings: tuple[Finding, ...] = ()


def ruling_of(proposal: Proposal, body: str) -> Ruling:
    """Return the proposal as the ruling of a body."""
    if proposal.decision is Decision.DECLINE:
        return Ruling(Decision.DECLINE, body, proposal.reason)
    return Ruling(
        Decision.APPROVE,
        body,
        proposal.reason,
        share=proposal.rate,
        count=proposal.count,
        months=proposal.months,
        starts=proposal.starts,
        conditions=proposal.conditions,
    )


def priced(programme: Programme, asked: Request, category: str, proposal: Proposal, on: date) -> Price:
    """Price what an approval gives, under the rules of that day, as the award itself will be.

    Nothing is raised for what a rule forbids: members try, and are told.
    """
    tried = replace(proposal, decision=Decision.APPROVE, reason=proposal.reason.strip() or UNNAMED)
    request = granted(asked, proposal)
    try:
        terms = award_terms(programme, asked, category, ruling_of(tried, UNNAMED), on)
    except (Invalid, Refused) as no:
        return Price(request, None, tuple(_no_price(no)), no.findings)
    return Price(request, terms, tuple(_beyond_limits(terms.findings)), terms.findings)


def _no_price(error: LionrockError) -> Iterator[Fault]:
    beyond = list(_beyond_limits(error.findings))
    yield from error.faults or beyond or [Fault(error.code, error.message, field="count")]


def _beyond_limits(findings: Sequence[Finding]) -> Iterator[Fault]:
    for finding in findings:
        if finding.outcome is Outcome.NOT_MET:
            field = _FIELDS.get(finding.rule, "count")
            yield Fault(f"committee.limit.{finding.rule}", _with_remedy(finding), field=field)


def _with_remedy(finding: Finding) -> Message:
    if finding.remedy is None:
        return finding.message
    return message(gettext_noop("{found} {remedy}"), found=finding.message, remedy=finding.remedy)


_FIELDS = {
    "rules.request.min_count": "count",
    "rules.request.max_count": "count",
    "rules.request.min_months": "months",
    "rules.request.max_months": "months",
    "rules.subsidy.award_cap": "rate",
    "rules.quote.exceptional_rate": "rate",
}
"""The field that a rule is about; whatever else stands in the way is told where the count is."""
