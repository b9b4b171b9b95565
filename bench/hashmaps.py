"""Rating by hash maps, as CloudKitty's module of that name does it: a miniature, written for comparison.

There, a point of use has a service, a quantity and a description; a rule is a value of a field of that
description, with a cost in Decimal, in a group. Every point walks all values of every field that has
rules, compares them as text, collects the best cost of each group, and is given the sum. Groups,
flat costs and rates are here; thresholds are not, which favours it, and neither is its database.
"""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from bench.rating import Steps
from bench.workload import Workload
from lionrock.charging.domain.runs import UNBILLED_STATES
from lionrock.charging.domain.tariff import epoch

Point = dict[str, Any]
Rules = dict[str, dict[str, dict[str, tuple[str, Decimal]]]]
"""By field, group and value: flat or rate, and its cost."""


def rate_by_hash_maps(work: Workload, steps: Steps) -> dict[tuple[str, str], Decimal]:
    """Return the cost of each account and item: a point for each slice, priced by site, item and time."""
    totals: dict[tuple[str, str], Decimal] = {}
    rules = _rules(steps)
    for point in _points(work, steps):
        _rate(rules, point)
        place = (point["desc"]["account"], point["desc"]["item"])
        totals[place] = totals.get(place, Decimal(0)) + point["rating"]["price"]
    return totals


def _rules(steps: Steps) -> Rules:
    """Return a flat cost for each price, chosen by item and the step of time; a rate of one for each site."""
    flat: dict[str, tuple[str, Decimal]] = {}
    sites: dict[str, tuple[str, Decimal]] = {}
    for (site, item, _), found in steps.items():
        sites[site] = ("rate", Decimal(1))
        for _, _, price in found:
            flat[_named(item, price)] = ("flat", price)
    return {"price": {"use": flat}, "site": {"use": sites}}


def _named(item: str, price: Decimal) -> str:
    return f"{item}@{price}"


def _points(work: Workload, steps: Steps) -> Iterator[Point]:
    for run in work.runs:
        if run.state in UNBILLED_STATES:
            continue
        start, end = epoch(run.start), epoch(run.end)
        for item, count in run.devices.items():
            for step, until, price in steps[run.site, item, run.account]:
                seconds = min(end, until) - max(start, step)
                if seconds > 0:
                    desc = {"site": run.site, "item": item, "account": run.account, "price": _named(item, price)}
                    yield {"desc": desc, "vol": {"qty": Decimal(count * seconds) / 3600}}


def _rate(rules: Rules, point: Point) -> None:
    found: dict[str, dict[str, Decimal]] = {}
    for field, groups in rules.items():
        if field not in point["desc"]:
            continue
        value = point["desc"][field]
        for group, mappings in groups.items():
            for mapped, (kind, cost) in mappings.items():
                if str(value) == mapped:
                    best = found.setdefault(group, {"flat": Decimal(0), "rate": Decimal(1)})
                    best[kind] = max(best["flat"], cost) if kind == "flat" else best["rate"] * cost
    price = Decimal(0)
    for best in found.values():
        price += best["rate"] * best["flat"] * Decimal(point["vol"]["qty"])
    point["rating"] = {"price": price}
