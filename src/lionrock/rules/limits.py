"""Whether a request is within the limits of a programme: one finding per limit."""

from __future__ import annotations

from collections.abc import Iterator

from lionrock.kernel.findings import Finding, Outcome
from lionrock.kernel.messages import Message, gettext_noop, message
from lionrock.kernel.money import Money
from lionrock.rules.items import Item, Mode
from lionrock.rules.terms import Terms


def check_category(terms: Terms, category: str) -> Finding:
    """Tell whether a category may apply on that day; raises `Invalid` when the programme has no such."""
    found = terms.category(category)
    path = f"categories.{category}"
    said = {
        True: gettext_noop("The category “{category}” may apply."),
        False: gettext_noop("The category “{category}” may not apply on {on}."),
        None: gettext_noop("Whether the category “{category}” may apply on {on} is not set."),
    }[found.open]
    return _finding(terms, "rules.category", _outcome(found.open), said, path, category=category, on=terms.on)


def check_mode(terms: Terms, mode: Mode) -> Finding:
    """Tell whether the programme charges in that mode."""
    modes = terms.charging_modes()
    said = gettext_noop("How {programme} charges is not set, so that {mode} is an assumption.")
    if modes is not None:
        said = gettext_noop("Ways in which {programme} charges: {modes}. This item: {mode}.")
    outcome = _outcome(None if modes is None else mode in modes)
    shown = ", ".join(modes or ())
    return _finding(
        terms,
        "rules.charging.mode",
        outcome,
        said,
        "charging.modes",
        programme=terms.programme.id,
        mode=mode.value,
        modes=shown,
    )


def check_count(terms: Terms, item: Item, count: int) -> list[Finding]:
    """Compare a count of an item with the smallest and largest request, in the unit of the limits."""
    limits = terms.request_limits()
    each = item.counts_as.get(limits.unit) if limits.unit else None
    if limits.unit is not None and each is None:
        said = gettext_noop("The limits are stated in units of {unit}, and {item} is not counted in them.")
        return [
            _finding(terms, "rules.request.unit", Outcome.UNKNOWN, said, "request.unit", unit=limits.unit, item=item.id)
        ]
    asked = count * (each or 1)
    unit = limits.unit or "–"
    return list(_range(terms, "count", asked, limits.min_count, limits.max_count, unit))


def check_months(terms: Terms, months: int) -> list[Finding]:
    """Compare a period with the shortest and longest one."""
    limits = terms.request_limits()
    return list(_range(terms, "months", months, limits.min_months, limits.max_months, "month"))


def _range(terms: Terms, what: str, asked: int, least: int | None, most: int | None, unit: str) -> Iterator[Finding]:
    for side, limit in (("min", least), ("max", most)):
        within = None if limit is None else (asked >= limit if side == "min" else asked <= limit)
        rule = f"request.{side}_{what}"
        yield _finding(
            terms,
            f"rules.{rule}",
            _outcome(within),
            _RANGE[side, within],
            rule,
            remedy=None if within is not False else message(_REMEDY[side], limit=limit, unit=unit),
            asked=asked,
            limit=limit,
            unit=unit,
            on=terms.on,
        )


_RANGE = {
    ("min", True): gettext_noop("Asked for: {asked} ({unit}). That is not below the smallest request, {limit}."),
    ("min", False): gettext_noop("Asked for: {asked} ({unit}). That is below the smallest request, {limit}."),
    ("min", None): gettext_noop("Asked for: {asked} ({unit}). The smallest request is not set for {on}."),
    ("max", True): gettext_noop("Asked for: {asked} ({unit}). That is not above the largest request, {limit}."),
    ("max", False): gettext_noop("Asked for: {asked} ({unit}). That is above the largest request, {limit}."),
    ("max", None): gettext_noop("Asked for: {asked} ({unit}). The largest request is not set for {on}."),
}
_REMEDY = {
    "min": gettext_noop("Ask for {limit} ({unit}) or more."),
    "max": gettext_noop("Ask for {limit} ({unit}) or less."),
}


def check_cap(terms: Terms, scheme_share: Money) -> Finding:
    """Compare the scheme's share with the cap per award."""
    cap = terms.award_cap()
    said = gettext_noop("A cap on the subsidy of one award is not set.")
    if cap is not None:
        said = gettext_noop("The scheme's share is {share}; the cap on the subsidy of one award is {cap}.")
    outcome = _outcome(None if cap is None else scheme_share <= cap)
    return _finding(terms, "rules.subsidy.award_cap", outcome, said, "subsidy.award_cap", share=scheme_share, cap=cap)


def _outcome(holds: bool | None) -> Outcome:
    return {True: Outcome.MET, False: Outcome.NOT_MET, None: Outcome.UNKNOWN}[holds]


def _finding(
    terms: Terms,
    rule: str,
    outcome: Outcome,
    template: str,
    path: str,
    *,
    remedy: Message | None = None,
    **facts: object,
) -> Finding:
    texts = {key: str(fact) for key, fact in facts.items()}
    return Finding(rule, outcome, message(template, **facts), texts, (terms.record(path),), remedy)
