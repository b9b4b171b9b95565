"""Reading `items.yaml`, the price list of a programme."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from itertools import pairwise
from zoneinfo import ZoneInfo

from lionrock.kernel.ids import check_slug
from lionrock.kernel.messages import gettext_noop
from lionrock.kernel.money import Price
from lionrock.kernel.periods import local_instant, zone
from lionrock.rules import shape
from lionrock.rules.faultlog import FaultLog, Place
from lionrock.rules.items import UNIT_OF, Item, ListPrice, Mode, Part, Specification, price_path
from lionrock.rules.sources import Sources, cited
from lionrock.rules.yamltree import Mapped, Node, Scalar, is_null

_MOMENT = re.compile(r"\d{4}-\d{2}-\d{2}([T ]\d{2}:\d{2}(:\d{2})?(Z|[+-]\d{2}:\d{2})?)?")


@dataclass(frozen=True, slots=True)
class ItemContext:
    """What the price list of a programme is read against."""

    sources: Sources
    currency: str
    zone: ZoneInfo
    inherited: Mapping[str, Item]
    log: FaultLog


def read_items(tree: Mapped, context: ItemContext) -> dict[str, Item]:
    """Read a price list; an item of the programme that this one extends may only get further prices."""
    read = {key: _item(key, node, place, context) for key, node, place in shape.pairs(tree)}
    return {key: item for key, item in read.items() if item}


def _item(key: str, node: Node, place: Place, context: ItemContext) -> Item | None:
    held = shape.mapped(node, f"items.{key}", context.log)
    if held is None:
        return None
    context.log.attempt(place, lambda: check_slug(key, field=f"items.{key}"))
    parent = context.inherited.get(key)
    return _new(key, held, place, context) if parent is None else _further(parent, held, context)


def _further(parent: Item, held: Mapped, context: ItemContext) -> Item | None:
    required = "" if "at_sites" in held.entries else "prices"
    if not shape.check_keys(held, f"items.{parent.id}", context.log, required=required, optional="prices at_sites"):
        return None
    further = _further_prices(parent, held.entries["prices"], context) if "prices" in held.entries else parent
    return _with_sites(further, held, context)


def _further_prices(parent: Item, node: Node, context: ItemContext) -> Item:
    own = _prices(parent.price_path, node, parent.zone, context)
    starts = {listed.starts for listed in own}
    last = parent.prices[-1]
    for listed in own:
        before = parent.listed_at(listed.starts)
        if before is not None and before.price is not None and listed.starts <= last.starts:
            _rewritten(parent, listed, last, context.log)
    kept = [listed for listed in parent.prices if listed.starts not in starts]
    merged = tuple(sorted([*kept, *own], key=lambda listed: listed.starts))
    return replace(parent, prices=merged)


def _rewritten(parent: Item, listed: ListPrice, last: ListPrice, log: FaultLog) -> None:
    log.add(
        "rules.price.rewritten",
        gettext_noop(
            "{field} already has a price at {value} in the programme that this one extends. Give a date after {last}."
        ),
        listed.place,
        named=parent.price_path,
        value=listed.label,
        last=last.label,
    )


def _new(key: str, held: Mapped, place: Place, context: ItemContext) -> Item | None:
    field, log = f"items.{key}", context.log
    complete = shape.check_keys(
        held,
        field,
        log,
        required="names mode unit consists_of prices",
        optional="counts_as specifications time_zone at_sites",
    )
    if not complete:
        return None
    names = shape.names(held.entries["names"], f"{field}.names", log)
    mode = _mode(held, field, log)
    own_zone = _zone(held, field, context)
    prices = _prices(price_path(key, None), held.entries["prices"], own_zone, context)
    parts = _parts(held.entries["consists_of"], f"{field}.consists_of", context)
    counts = _counts(held, f"{field}.counts_as", log)
    specifications = _specifications(held, f"{field}.specifications", context)
    if names is None or mode is None or not prices:
        return None
    item = Item(key, names, mode, UNIT_OF[mode], parts, counts, specifications, prices, own_zone, place)
    return _with_sites(item, held, context)


def _with_sites(item: Item, held: Mapped, context: ItemContext) -> Item:
    """Return the item with the lists of sites that have prices of their own, each in the site's own zone."""
    node, field = held.entries.get("at_sites"), f"items.{item.id}.at_sites"
    table = shape.mapped(node, field, context.log) if node is not None else None
    if table is None:
        return item
    read = {site: _at_site(item, site, entry, place, context) for site, entry, place in shape.pairs(table)}
    return replace(item, at_sites={**item.at_sites, **{site: own for site, own in read.items() if own}})


def _at_site(item: Item, site: str, node: Node, place: Place, context: ItemContext) -> Item | None:
    field, log = f"items.{item.id}.at_sites.{site}", context.log
    log.attempt(place, lambda: check_slug(site, field=field))
    held = shape.mapped(node, field, log)
    if held is None or not shape.check_keys(held, field, log, required="prices", optional="time_zone"):
        return None
    if site in item.at_sites:
        return _further_prices(item.at_sites[site], held.entries["prices"], context)
    zone_there = _zone(held, field, replace(context, zone=item.zone))
    prices = _prices(price_path(item.id, site), held.entries["prices"], zone_there, context)
    return replace(item, site=site, at_sites={}, prices=prices, zone=zone_there, place=place) if prices else None


def _mode(held: Mapped, field: str, log: FaultLog) -> Mode | None:
    node, unit_node = held.entries["mode"], held.entries["unit"]
    mode = shape.text(node, f"{field}.mode", log)
    unit = shape.text(unit_node, f"{field}.unit", log)
    if mode is not None and mode not in set(Mode):
        log.add(
            "rules.item.mode",
            gettext_noop("“{value}” in {field} is not a mode of charging. Write {known}."),
            node.place,
            named=f"{field}.mode",
            value=mode,
            known=" or ".join(Mode),
        )
        return None
    if mode is None or unit is None or unit == UNIT_OF[Mode(mode)]:
        return Mode(mode) if mode else None
    log.add(
        "rules.item.unit",
        gettext_noop("“{value}” in {field} does not fit: an item of mode {mode} is priced per {fitting}."),
        unit_node.place,
        named=f"{field}.unit",
        value=unit,
        mode=mode,
        fitting=UNIT_OF[Mode(mode)],
    )
    return None


def _zone(held: Mapped, field: str, context: ItemContext) -> ZoneInfo:
    node = held.entries.get("time_zone")
    if node is None:
        return context.zone
    name = shape.text(node, f"{field}.time_zone", context.log)
    found = context.log.attempt(node.place, lambda: zone(name or "")) if name else None
    return found or context.zone


def _parts(node: Node, field: str, context: ItemContext) -> tuple[Part, ...]:
    return tuple(part for entry in shape.listed(node, field, context.log) if (part := _part(entry, field, context)))


def _part(node: Node, field: str, context: ItemContext) -> Part | None:
    log = context.log
    held = shape.mapped(node, field, log)
    if held is None or not shape.check_keys(held, field, log, required="kind count source"):
        return None
    kind = shape.text(held.entries["kind"], f"{field}.kind", log)
    count = shape.whole(held.entries["count"], f"{field}.count", log)
    citation = cited(held, field, context.sources, log)
    return Part(kind, count, citation) if kind and count and citation else None


def _counts(held: Mapped, field: str, log: FaultLog) -> dict[str, int]:
    node = held.entries.get("counts_as")
    table = shape.mapped(node, field, log) if node is not None else None
    if table is None:
        return {}
    read = {key: shape.whole(entry, f"{field}.{key}", log) for key, entry in table.entries.items()}
    return {key: count for key, count in read.items() if count}


def _specifications(held: Mapped, field: str, context: ItemContext) -> tuple[Specification, ...]:
    node = held.entries.get("specifications")
    entries = shape.listed(node, field, context.log) if node is not None else ()
    read = [_specification(entry, field, context) for entry in entries]
    return tuple(each for each in read if each is not None)


def _specification(node: Node, field: str, context: ItemContext) -> Specification | None:
    log = context.log
    held = shape.mapped(node, field, log)
    if held is None or not shape.check_keys(held, field, log, required="label value source"):
        return None
    label = shape.names(held.entries["label"], f"{field}.label", log)
    value = shape.text(held.entries["value"], f"{field}.value", log)
    citation = cited(held, field, context.sources, log)
    return Specification(label, value, citation) if label and value and citation else None


def _prices(field: str, node: Node, own_zone: ZoneInfo, context: ItemContext) -> tuple[ListPrice, ...]:
    read = [_listed(entry, field, own_zone, context) for entry in shape.listed(node, f"{field}s", context.log)]
    prices = tuple(listed for listed in read if listed is not None)
    for earlier, later in pairwise(prices):
        if later.starts <= earlier.starts:
            _unordered(field, earlier, later, context.log)
    return tuple(sorted(prices, key=lambda listed: listed.starts))


def _unordered(field: str, earlier: ListPrice, later: ListPrice, log: FaultLog) -> None:
    log.add(
        "rules.value.order",
        gettext_noop("{field} has {value} after {earlier}. Put the versions in order, one per date."),
        later.place,
        named=field,
        value=later.label,
        earlier=earlier.label,
    )


def _listed(node: Node, field: str, own_zone: ZoneInfo, context: ItemContext) -> ListPrice | None:
    log = context.log
    held = shape.mapped(node, field, log)
    if held is None:
        return None
    complete = shape.check_keys(held, field, log, required="from value", optional="source note")
    citation = cited(held, field, context.sources, log)
    if not complete:
        return None
    starts = _moment(held.entries["from"], f"{field}.from", own_zone, log)
    note = shape.optional_text(held.entries.get("note"), f"{field}.note", log)
    entry = held.entries["value"]
    price = None if is_null(entry) else _price(entry, field, context)
    if starts is None or citation is None or (price is None and not is_null(entry)):
        return None
    return ListPrice(starts[0], starts[1], price, citation, note, entry.place)


def _price(node: Node, field: str, context: ItemContext) -> Price | None:
    written = shape.quoted(node, field, context.log)
    if written is None or not context.currency:
        return None
    return context.log.attempt(node.place, lambda: Price.parse(written, context.currency, field=field))


def _moment(node: Node, field: str, own_zone: ZoneInfo, log: FaultLog) -> tuple[datetime, str] | None:
    """Return the UTC instant of a date or date-time, local to the zone unless it has an offset."""
    written = node.text if isinstance(node, Scalar) else ""
    if _MOMENT.fullmatch(written):
        try:
            moment = datetime.fromisoformat(written)
        except ValueError:
            moment = None
        if moment is not None:
            return local_instant(moment, own_zone) if moment.tzinfo is None else moment.astimezone(UTC), written
    log.add(
        "rules.price.date",
        gettext_noop("“{value}” in {field} is not a date. Write 2025-01-31, or 2025-01-31T12:00 in local time."),
        node.place,
        named=field,
        value=written,
    )
    return None
