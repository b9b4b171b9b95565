"""The parts of a scenario file, one function each."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from itertools import pairwise
from typing import Final

from lionrock.controls.domain.figures import BITS, Figure
from lionrock.controls.reading.entries import one_of
from lionrock.kernel.messages import gettext_noop
from lionrock.kernel.money import Money
from lionrock.planning.domain.pool import Policy
from lionrock.planning.scenarios.deliveries import fleet_of
from lionrock.planning.scenarios.entries import Entries
from lionrock.planning.scenarios.loadfiles import load_of
from lionrock.planning.scenarios.values import (
    Charging,
    Class,
    Demand,
    Energy,
    Images,
    Leases,
    Price,
    Scenario,
    Stated,
    Subsidy,
)
from lionrock.rules import shape

_REQUIRED: Final = "names about begins weeks seeds load classes reference fleet policy charging price subsidy energy"
_OPTIONAL: Final = "precisions leases images extends"
_MOST_WEEKS: Final = 1_000


def read_parts(top: Entries, name: str) -> Scenario | None:
    """Return the scenario of a file, its digest left open; None where too much is missing to go on."""
    if not top.keys(_REQUIRED, _OPTIONAL):
        return None
    log = top.log
    begins = shape.day(top.node("begins"), "begins", log)
    reference = top.item("reference")
    demand, price, energy = _demand(top), _price(top), _energy(top)
    subsidy = _subsidy(top, price)
    policy = one_of(top.node("policy"), Policy, "policy", log)
    charging = one_of(top.node("charging"), Charging, "charging", log)
    weeks, seeds = min(top.whole("weeks", 1, least=1), _MOST_WEEKS), top.whole("seeds", 2, least=2)
    classes = tuple(_classes(top))
    fleet, books = fleet_of(top, begins, weeks)
    leases, images = _leases(top), _images(top)
    if not log.faults and not (classes and fleet):
        top.wrong("fleet", gettext_noop("A scenario needs at least one class of jobs and one delivery."), "")
    if begins is None or reference is None or demand is None or price is None or energy is None:
        return None
    if subsidy is None or policy is None or charging is None or log.faults:
        return None
    found = Scenario(
        id=name,
        names=top.names("names"),
        about=top.names("about"),
        file=top.context.path,
        rulebook=top.context.rulebook,
        begins=begins,
        weeks=weeks,
        seeds=seeds,
        demand=demand,
        classes=classes,
        reference=reference,
        fleet=fleet,
        books=books,
        policy=policy,
        precisions=tuple(_precisions(top)),
        charging=charging,
        price=price,
        subsidy=subsidy,
        leases=leases,
        energy=energy,
        images=images,
        digest="",
    )
    _check(found, top)
    return found


def _demand(top: Entries) -> Demand | None:
    part = top.part("load", "model levels source")
    if part is None:
        return None
    model = load_of(part)
    levels = [(each.whole("week"), each.number("level")) for each in part.parts("levels", "week level")]
    if not levels or any(one[0] >= other[0] for one, other in pairwise(levels)):
        part.wrong("levels", gettext_noop("{field} is empty, or its weeks are not in order."), "")
    return None if model is None else Demand(model, tuple(levels), part.citation())


def _classes(top: Entries) -> Iterator[Class]:
    for each in top.parts("classes", "id names up_to bound_by source", "speeds"):
        figure = one_of(each.node("bound_by"), Figure, each.named("bound_by"), each.log)
        speeds = dict(_by_accelerator(each, "speeds"))
        if figure:
            name, up_to = each.text("id"), each.whole("up_to", least=1)
            yield Class(name, each.names("names"), up_to, figure, speeds, each.citation())


def _by_accelerator(part: Entries, key: str) -> Iterator[tuple[str, Stated]]:
    """Yield a stated number for each accelerator of a mapping."""
    for name, each in part.under(key, "value source"):
        if part.item_named(name, key):
            yield name, Stated(each.above_zero("value"), each.citation())


def _price(top: Entries) -> Price | None:
    part = top.part("price", "node_month devices hours_per_month currency source", "others")
    if part is None:
        return None
    currency = part.text("currency")
    others = part.under("others", "node_month source")
    return Price(
        _money(part, "node_month", currency),
        part.whole("devices", 1, least=1),
        part.above_zero("hours_per_month"),
        currency,
        {name: _money(each, "node_month", currency) for name, each in others if each.citation()},
        part.citation(),
    )


def _money(part: Entries, key: str, currency: str) -> int:
    written = shape.quoted(part.node(key), part.named(key), part.log)
    if written is None:
        return 0
    found = part.log.attempt(part.node(key).place, lambda: Money.parse(written, currency, field=part.named(key)))
    return found.minor if found else 0


def _subsidy(top: Entries, price: Price | None) -> Subsidy | None:
    part = top.part("subsidy", "share usual elasticity source", "fund")
    elastic = None if part is None else part.part("elasticity", "value source")
    if part is None or elastic is None or price is None:
        return None
    fund = _money(part, "fund", price.currency) if "fund" in part else None
    return Subsidy(part.stated("share", most=1), part.number("usual", most=1), elastic.stated(), fund)


def _leases(top: Entries) -> Leases | None:
    part = top.part("leases", "lessees devices source", "share_of_jobs lent")
    if part is None:
        return None
    lessees, devices = part.whole("lessees", 1, least=1), part.whole("devices", 1, least=1)
    share = part.number("share_of_jobs", Fraction(1), most=1)
    return Leases(lessees, devices, share, part.flag("lent"), part.citation())


def _energy(top: Entries) -> Energy | None:
    part = top.part("energy", "idle_share pue", "powers")
    idle = part.part("idle_share", "value source") if part else None
    pue = part.part("pue", "value source") if part else None
    if part is None or idle is None or pue is None:
        return None
    return Energy(idle.stated(most=1), pue.stated(), dict(_by_accelerator(part, "powers")))


def _images(top: Entries) -> Images | None:
    part = top.part("images", "", "per_teraflops rates aim_an_hour")
    if part is None:
        return None
    rate = part.part("per_teraflops", "value source")
    rates = dict(_by_accelerator(part, "rates"))
    aim = part.whole("aim_an_hour") if "aim_an_hour" in part else None
    return Images(rate.stated() if rate else None, rates, aim)


def _precisions(top: Entries) -> Iterator[Figure]:
    nodes = shape.listed(top.node("precisions"), "precisions", top.log) if "precisions" in top else ()
    for node in nodes:
        figure = one_of(node, Figure, "precisions", top.log)
        if figure and figure in BITS:
            yield figure


def _check(found: Scenario, top: Entries) -> None:
    """Note what each part allows and all together do not."""
    ups = [each.up_to for each in found.classes]
    if sorted(set(ups)) != ups:
        top.wrong("classes", gettext_noop("{field} are not in the order of up_to. Write the smallest first."), "")
    first = found.fleet[0]
    if found.charging is Charging.LEASE:
        leases = found.leases
        if leases is None:
            top.wrong("charging", gettext_noop("To lease there have to be leases. Add them."), found.charging.value)
        elif leases.lessees * leases.devices > first.count:
            said = gettext_noop("{value} leased devices are more than the {count} of the first delivery.")
            top.wrong("leases", said, leases.lessees * leases.devices, count=first.count)
        elif len(found.fleet) > 1 or leases.devices % found.price.devices or first.count % found.price.devices:
            said = gettext_noop("Leases are whole nodes of {value} devices, of a machine of one delivery.")
            top.wrong("leases", said, found.price.devices)
    for delivery in found.fleet:
        for of in found.classes:
            if found.speed(delivery.item, of) is None:
                said = gettext_noop("How fast {value} does the work “{work}” is not known. State it in speeds.")
                top.wrong("classes", said, delivery.item.id, work=of.id)
