"""Checks across the values of one programme: what no single value can tell."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from decimal import Decimal
from fractions import Fraction
from functools import partial
from itertools import pairwise

from lionrock.kernel.messages import gettext_noop
from lionrock.kernel.periods import local_midnight
from lionrock.rules.faultlog import FaultLog, Place
from lionrock.rules.items import Item
from lionrock.rules.parameters import FORM, Known, known_parameter, member, needed_paths
from lionrock.rules.programme import Programme
from lionrock.rules.units import Value
from lionrock.rules.values import DatedValue, Parameter

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
    _bounds(programme, log)
    for lower, upper in _LIMITS:
        _ordered(programme, lower, upper, log)
    _owners(programme, log)
    _references(programme, ".evidence", "documents", log)
    _references(programme, ".categories", "categories", log)
    for item in programme.items.values():
        for listed in item.lists:
            _prices(programme, listed, log)


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
            _late(path, parameter.values[0].since, programme.opens, parameter.values[0].place, log)
    if programme.forms and programme.forms[0].since > programme.opens:
        _late(FORM, programme.forms[0].since, programme.opens, programme.forms[0].place, log)
    for head, tail in (("categories", ""), ("criteria", ".weight")):
        if not programme.family(head, tail):
            log.add(
                "rules.parameter.missing_family",
                gettext_noop("There is no {field}. Give at least one."),
                home,
                named=f"{head}.*{tail}",
            )


def _late(named: str, first: date, opens: date, place: Place, log: FaultLog) -> None:
    log.add(
        "rules.value.late",
        gettext_noop(
            "{field} says nothing from {opens}, when the programme opens, to {value}. "
            "Start with a value from {opens}, or null with the source that was looked in."
        ),
        place,
        named=named,
        value=first,
        opens=opens,
    )


def _bounds(programme: Programme, log: FaultLog) -> None:
    """Numbers keep within what they count; texts name what they should."""
    for path, parameter in programme.parameters.items():
        known = known_parameter(path)
        if known is not None:
            for version in parameter.values:
                _bound(parameter, version, known, log)


def _bound(parameter: Parameter, version: DatedValue, known: Known, log: FaultLog) -> None:
    value = version.value
    if isinstance(value, str) and known.check:
        log.attempt(version.place, partial(known.check, value))
    elif isinstance(value, int | Decimal) and not known.least <= value <= (known.most or value):
        log.add(
            "rules.value.beyond",
            gettext_noop("“{value}” in {field} cannot be meant. Write a number from {least} to {most}."),
            version.place,
            named=parameter.path,
            value=value,
            least=known.least,
            most="…" if known.most is None else known.most,
        )


def _owners(programme: Programme, log: FaultLog) -> None:
    """What is said of a criterion, document, category or item is said of one that the programme has."""
    for head, tail in (("criteria", ".weight"), ("documents", ""), ("categories", "")):
        _members(programme, head, {member(each.path) for each in programme.family(head, tail)}, log)
    _members(programme, "capacity", set(programme.items), log)


def _members(programme: Programme, head: str, known: set[str], log: FaultLog) -> None:
    for path, parameter in programme.parameters.items():
        if path.startswith(f"{head}.") and member(path) not in known:
            log.add(
                "rules.parameter.orphan",
                gettext_noop("{field} is about “{value}”, which the programme does not have. It has: {known}."),
                parameter.place,
                named=path,
                value=member(path),
                known=", ".join(sorted(known)) or "–",
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
            yield from ((version.place, parameter.path, str(name)) for name in names)


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
