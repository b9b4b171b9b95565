"""A kept letter or agreement as people read it: the one value that its PDF and its page are made from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any

from lionrock.awards.domain.letters import MonthShare
from lionrock.awards.models import Paper
from lionrock.kernel.findings import Citation, Finding
from lionrock.kernel.money import PRICE_PLACES, Money, to_places
from lionrock.kernel.periods import Month
from lionrock.rules.shape import Names
from lionrock.web import kept
from lionrock.web.pdf import render_pdf


@dataclass(frozen=True, slots=True)
class Signed:
    """Who accepted, and when."""

    name: str
    title: str
    on: date
    in_force_from: date


@dataclass(frozen=True, slots=True)
class Letter:
    """What stands in a letter; in an agreement `signed` besides.

    `scheme` and `own` are the sums of `months`; `cap` is the most that the scheme bears.
    """

    award: str
    application: str
    programme: Names
    body: str
    title: Names
    organisation: Names
    item: Names
    mode: str
    asked_count: int
    asked_months: int
    asked_starts: date
    count: int
    hours: int | None
    valid_from: date
    valid_to: date
    share: Decimal
    exceptional: bool
    reason: str
    listed: Money
    cap: Money
    scheme: Money
    own: Money
    months: tuple[MonthShare, ...]
    conditions: tuple[str, ...]
    made_on: date
    accept_by: date
    findings: tuple[Finding, ...]
    sources: tuple[Citation, ...]
    sha256: str
    signed: Signed | None = None


def letter_of(paper: Paper) -> Letter:
    """Read a kept paper."""
    content = paper.content
    signed = _signed(content) if paper.kind == Paper.Kind.AGREEMENT else None
    return _letter(content["terms"] if signed else content, paper.sha256, signed)


def _signed(content: Mapping[str, Any]) -> Signed:
    days = (date.fromisoformat(content[name]) for name in ("accepted_on", "in_force_from"))
    return Signed(content["signatory"], content["signatory_title"], *days)


def _letter(terms: Mapping[str, Any], sha256: str, signed: Signed | None) -> Letter:
    currency = terms["currency"]
    listed, cap = Money(terms["listed"], currency), Money(terms["cap"], currency)
    days: dict[str, Any] = {
        name: date.fromisoformat(terms[name]) for name in ("valid_from", "valid_to", "made_on", "accept_by")
    }
    names: dict[str, Any] = {name: Names(**terms[name]) for name in ("programme", "title", "organisation", "item")}
    same: dict[str, Any] = {
        name: terms[name] for name in ("award", "application", "body", "mode", "count", "hours", "exceptional")
    }
    months = tuple(_month(row, currency) for row in terms["months"])
    return Letter(
        **days,
        **names,
        **same,
        asked_count=terms["asked"]["count"],
        asked_months=terms["asked"]["months"],
        asked_starts=date.fromisoformat(terms["asked"]["starts"]),
        share=to_places(Fraction(terms["share"]), PRICE_PLACES),
        reason=terms["reason"],
        listed=listed,
        cap=cap,
        scheme=Money(sum(month.scheme.minor for month in months), currency),
        own=Money(sum(month.own.minor for month in months), currency),
        months=months,
        conditions=tuple(terms["conditions"]),
        findings=tuple(kept.finding(each) for each in terms["findings"]),
        sources=_sources(terms["reads"]),
        sha256=sha256,
        signed=signed,
    )


def _month(row: list[Any], currency: str) -> MonthShare:
    month, *amounts = row
    return MonthShare(Month.parse(month), *(Money(amount, currency) for amount in amounts))


def _sources(reads: list[Mapping[str, Any]]) -> tuple[Citation, ...]:
    cited = [kept.read(each).citation for each in reads]
    return tuple({citation.source: citation for citation in cited if citation}.values())


def pdf_of(paper: Paper, language: str) -> bytes:
    """Return a kept paper as a PDF in that language."""
    return render_pdf("awards/letter.html", {"letter": letter_of(paper)}, language)
