"""The letter that offers an award, and the agreement that its acceptance makes: all that stands in them.

What is kept is this content as plain JSON values with its digest, not a file: the same content is the
same paper, in whichever language it is read.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Any
from zoneinfo import ZoneInfo

from lionrock.kernel.money import Money, settle
from lionrock.kernel.periods import Interval, Month, local_midnight, months_touched
from lionrock.rules.items import Mode
from lionrock.rules.proration import Proration, part_of_month
from lionrock.rules.shape import Names


@dataclass(frozen=True, slots=True)
class MonthShare:
    """What a month is expected to cost at list price, and who bears it: `scheme` and `own` add up to `listed`."""

    month: Month
    listed: Money
    scheme: Money
    own: Money


def by_month(
    listed: Money, cap: Money, share: Fraction, *, span: Interval, zone: ZoneInfo, mode: Mode, rule: Proration
) -> tuple[MonthShare, ...]:
    """Return the list price of an award by month, and how scheme and user share it.

    A lease weighs by the part of each month that it owes; what is metered as if it were used evenly.
    The months add up exactly to the list price, and to the scheme's share of it, or to the cap where
    that is less: then the last months are the user's.
    """
    months = list(months_touched(span, zone))
    weights = [_weight(month, span, zone, mode, rule) for month in months]
    found, done, borne = [], 0, 0
    whole: Fraction = sum(weights, Fraction(0))
    begun: Fraction = Fraction(0)
    for month, weight in zip(months, weights, strict=True):
        begun += weight
        upto = settle(listed.minor * begun / whole)
        scheme = min(settle(upto * share), cap.minor)
        amounts = (upto - done, scheme - borne, upto - done - (scheme - borne))
        found.append(MonthShare(month, *(Money(amount, listed.currency) for amount in amounts)))
        done, borne = upto, scheme
    return tuple(found)


def _weight(month: Month, span: Interval, zone: ZoneInfo, mode: Mode, rule: Proration) -> Fraction:
    if mode is Mode.LEASE:
        return part_of_month(rule, span, month, zone)
    held = span.overlap(month.interval(zone))
    return Fraction(held.seconds if held else 0)


@dataclass(frozen=True, slots=True)
class Offered:
    """What the letter says of an award; `asked_*` is what was asked for where something else is granted.

    `findings` and `reads` are plain JSON values, as the award keeps them.
    """

    award: str
    application: str
    programme: Names
    body: str
    title: Names
    organisation: Names
    item: Names
    mode: Mode
    asked_count: int
    asked_months: int
    asked_starts: date
    count: int
    hours: int | None
    valid_from: date
    valid_to: date
    share: Fraction
    exceptional: bool
    reason: str
    listed: Money
    cap: Money
    conditions: tuple[str, ...]
    made_on: date
    accept_by: date
    findings: Sequence[Mapping[str, Any]]
    reads: Sequence[Mapping[str, Any]]


def offer_content(offered: Offered, months: Sequence[MonthShare]) -> dict[str, object]:
    """Return the content of the letter as plain JSON values; amounts in minor units."""
    return {
        "award": offered.award,
        "application": offered.application,
        "programme": _names(offered.programme),
        "body": offered.body,
        "title": _names(offered.title),
        "organisation": _names(offered.organisation),
        "item": _names(offered.item),
        "mode": offered.mode.value,
        "asked": {
            "count": offered.asked_count,
            "months": offered.asked_months,
            "starts": offered.asked_starts.isoformat(),
        },
        "count": offered.count,
        "hours": offered.hours,
        "valid_from": offered.valid_from.isoformat(),
        "valid_to": offered.valid_to.isoformat(),
        "share": str(offered.share),
        "exceptional": offered.exceptional,
        "reason": offered.reason,
        "currency": offered.cap.currency,
        "listed": offered.listed.minor,
        "cap": offered.cap.minor,
        "months": [[str(one.month), one.listed.minor, one.scheme.minor, one.own.minor] for one in months],
        "conditions": list(offered.conditions),
        "made_on": offered.made_on.isoformat(),
        "accept_by": offered.accept_by.isoformat(),
        "findings": list(offered.findings),
        "reads": list(offered.reads),
    }


def agreement_content(
    offer: Mapping[str, Any], *, signatory: str, title: str, accepted_on: date, in_force_from: date
) -> dict[str, object]:
    """Return the content of the agreement: the letter's terms, and who accepted them when."""
    return {
        "terms": dict(offer),
        "signatory": signatory,
        "signatory_title": title,
        "accepted_on": accepted_on.isoformat(),
        "in_force_from": in_force_from.isoformat(),
    }


def digest_of(content: Mapping[str, Any]) -> str:
    """Return the SHA-256 of a content in its one written form: sorted keys, UTF-8, no blanks."""
    written = json.dumps(content, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(written.encode()).hexdigest()


def _names(names: Names) -> dict[str, str | None]:
    return {"en": names.en, "zh_hant": names.zh_hant, "zh_hans": names.zh_hans}


def span_of(valid_from: date, valid_to: date, zone: ZoneInfo) -> Interval:
    """Return the days of an award as instants."""
    return Interval(local_midnight(valid_from, zone), local_midnight(valid_to, zone))
