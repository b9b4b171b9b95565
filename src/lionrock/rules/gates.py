"""Checks across the values of one programme: what no single value can tell."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from fractions import Fraction
from itertools import pairwise

from lionrock.kernel.messages import gettext_noop
from lionrock.kernel.periods import local_midnight
from lionrock.rules.faultlog import FaultLog, Place
from lionrock.rules.items import Item
from lionrock.rules.parameters import member, needed_paths
from lionrock.rules.programme import Programme
from lionrock.rules.units import Value
from lionrock.rules.values import Parameter

FULL_WEIGHT = 100
_LIMITS = (
    ("subsidy.general_rate", "subsidy.exceptional_rate_max"),
    ("request.min_count", "request.max_count"),
    ("request.min_months", "request.max_months"),
)


def check_programme(programme: Programme, home: Place, log: FaultLog) -> None:
    """Put into the log whatever does not hold between the values; `home` is its `programme.yaml`."""
    _needed(programme, home, log)
    _weights(programme, log)
    for lower, upper in _LIMITS:
        _ordered(programme, lower, upper, log)
    _references(programme, ".evidence", "documents", log)
    _references(programme, ".categories", "categories", log)
    for item in programme.items.values():
        _prices(programme, item, log)


def _needed(programme: Programme, home: Place, log: FaultLog) -> None:
    for path in needed_paths():
        parameter = programme.parameters.get(path)
        if parameter is None:
            log.add(
                "rules.parameter.missing",
                gettext_noop("{field} is missing. Give it a value, or null with the source that was looked in."),
                home,
                named=path,
            )
        elif parameter.values[0].since > programme.opens:
            _late(parameter, programme.opens, log)
    for head, tail in (("categories", ""), ("criteria", ".weight")):
        if not programme.family(head, tail):
            log.add(
                "rules.parameter.missing_family",
                gettext_noop("There is no {field}. Give at least one."),
                home,
                named=f"{head}.*{tail}",
            )


def _late(parameter: Parameter, opens: date, log: FaultLog) -> None:
    first = parameter.values[0]
    log.add(
        "rules.value.late",
        gettext_noop(
            "{field} says nothing from {opens}, when the programme opens, to {value}. "
            "Start with a value from {opens}, or null with the source that was looked in."
        ),
        first.place,
        named=parameter.path,
        value=first.since,
        opens=opens,
    )


def _dates(parameters: Iterable[Parameter]) -> list[date]:
    return sorted({version.since for parameter in parameters for version in parameter.values})


def _weights(programme: Programme, log: FaultLog) -> None:
    """Weights total 100 from each date on, once all are set; set ones never exceed it."""
    criteria = programme.family("criteria", ".weight")
    for day in _dates(criteria):
        current = [version for each in criteria if (version := each.on(day))]
        weights = [version.value for version in current if isinstance(version.value, int)]
        total, complete = sum(weights), len(weights) == len(criteria)
        if total > FULL_WEIGHT or (complete and total != FULL_WEIGHT):
            newest = max(current, key=lambda version: version.since)
            log.add(
                "rules.criteria.weights",
                gettext_noop("From {day} the criteria weigh {value} together. Change them to 100 in all."),
                newest.place,
                named="criteria.*.weight",
                value=total,
                day=day,
            )


def _ordered(programme: Programme, lower: str, upper: str, log: FaultLog) -> None:
    pair = [programme.parameters[path] for path in (lower, upper) if path in programme.parameters]
    if len(pair) < 2:
        return
    for day in _dates(pair):
        low, high = pair[0].on(day), pair[1].on(day)
        if low is None or high is None or not _exceeds(low.value, high.value):
            continue
        log.add(
            "rules.value.crossed",
            gettext_noop("From {day}, {field} is above {upper}. Correct one of the two."),
            max(low, high, key=lambda version: version.since).place,
            named=lower,
            value=low.value,
            day=day,
            upper=upper,
        )


def _exceeds(low: Value | None, high: Value | None) -> bool:
    """Tell whether both are numbers and the first is larger."""
    return isinstance(low, int | Fraction) and isinstance(high, int | Fraction) and low > high


def _references(programme: Programme, tail: str, head: str, log: FaultLog) -> None:
    """Every id in a list of documents or of categories belongs to one that the programme has."""
    known = {member(parameter.path) for parameter in programme.family(head)}
    lists = [parameter for path, parameter in programme.parameters.items() if path.endswith(tail)]
    for place, path, name in _listed(lists):
        if name not in known:
            log.add(
                "rules.reference.unknown",
                gettext_noop("“{value}” in {field} is not one of the programme's {head}: {known}."),
                place,
                named=path,
                value=name,
                head=head,
                known=", ".join(sorted(known)),
            )


def _listed(parameters: list[Parameter]) -> Iterator[tuple[Place, str, str]]:
    for parameter in parameters:
        for version in parameter.values:
            names = version.value if isinstance(version.value, tuple) else ()
            yield from ((version.place, parameter.path, name) for name in names)


def _prices(programme: Programme, item: Item, log: FaultLog) -> None:
    first = item.prices[0]
    if first.starts > local_midnight(programme.opens, programme.zone):
        log.add(
            "rules.price.opening",
            gettext_noop(
                "{field} is not stated from {opens}, when the programme opens, to {value}. "
                "Start with a price from {opens}, or null with the source that was looked in."
            ),
            first.place,
            named=item.price_path,
            value=first.label,
            opens=programme.opens,
        )
    priced = False
    for ended, following in pairwise(item.prices):
        priced = priced or ended.price is not None
        if priced and ended.price is None and following.price is not None:
            log.add(
                "rules.price.gap",
                gettext_noop(
                    "{field} has a gap: it ends at {ended} and starts again at {value}. "
                    "Give a price from {ended}, or list the later one as an item of its own."
                ),
                following.place,
                named=item.price_path,
                value=following.label,
                ended=ended.label,
            )
