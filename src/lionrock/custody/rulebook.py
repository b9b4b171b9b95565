"""Reading `custody/` of the rulebook: instruments of transfer with their duties, and when somebody is reminded."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Final

from django.conf import settings

from lionrock.assurance.domain.zones import Zone
from lionrock.assurance.reading.book import load_zones
from lionrock.custody.domain.crossing import CustodyRules, Duty, Instrument, Reminding
from lionrock.rules import shape
from lionrock.rules.faultlog import FaultLog
from lionrock.rules.keeping import Kept
from lionrock.rules.rulebook import SOURCES, refusal
from lionrock.rules.shape import Names
from lionrock.rules.sources import Sources, cited, load_sources
from lionrock.rules.yamltree import Node, read_yaml

FOLDER: Final = "custody"
FILE: Final = "transfers.yaml"


def load_rules(rulebook: Path) -> CustodyRules:
    """Return what the rulebook says of transfers; raises `Invalid` with every fault of the file."""
    log = FaultLog()
    sources = load_sources(rulebook / SOURCES, log)
    tree = read_yaml(rulebook / FOLDER / FILE, log)
    if tree is None or not shape.check_keys(tree, FILE, log, required="instruments reminders"):
        raise refusal(rulebook / FOLDER, tuple(log))
    nodes = shape.listed(tree.entries["instruments"], "instruments", log)
    found = [each for node in nodes if (each := _instrument(node, sources, log))]
    reminding = _reminding(tree.entries["reminders"], sources, log)
    if log or reminding is None:
        raise refusal(rulebook / FOLDER, tuple(log))
    return CustodyRules({each.id: each for each in found}, reminding)


def _instrument(node: Node, sources: Sources, log: FaultLog) -> Instrument | None:
    held = shape.mapped(node, "instrument", log)
    needed = "id from names zones duties source"
    if held is None or not shape.check_keys(held, "instrument", log, required=needed):
        return None
    name = shape.text(held.entries["id"], "instrument.id", log)
    since = shape.day(held.entries["from"], f"{name}.from", log)
    names = shape.names(held.entries["names"], f"{name}.names", log)
    zones = [shape.text(each, f"{name}.zones", log) for each in shape.listed(held.entries["zones"], "zones", log)]
    duties = [_duty(each, sources, log) for each in shape.listed(held.entries["duties"], f"{name}.duties", log)]
    citation = cited(held, f"{name}", sources, log)
    if name is None or since is None or names is None or citation is None:
        return None
    kept = frozenset(each for each in zones if each)
    return Instrument(name, since, names, kept, tuple(each for each in duties if each), citation)


def _duty(node: Node, sources: Sources, log: FaultLog) -> Duty | None:
    held = shape.mapped(node, "duty", log)
    if held is None or not shape.check_keys(held, "duty", log, required="id names source", optional="working_days"):
        return None
    name = shape.text(held.entries["id"], "duty.id", log)
    names = shape.names(held.entries["names"], f"{name}.names", log)
    days = held.entries.get("working_days")
    citation = cited(held, f"{name}", sources, log)
    if name is None or names is None or citation is None:
        return None
    return Duty(name, names, None if days is None else shape.whole(days, f"{name}.working_days", log), citation)


def _reminding(node: Node, sources: Sources, log: FaultLog) -> Reminding | None:
    held = shape.mapped(node, "reminders", log)
    if held is None or not shape.check_keys(held, "reminders", log, required="before_days every_days source"):
        return None
    entries = shape.listed(held.entries["before_days"], "reminders.before_days", log)
    before = [shape.whole(each, "reminders.before_days", log) for each in entries]
    every = shape.whole(held.entries["every_days"], "reminders.every_days", log)
    citation = cited(held, "reminders", sources, log)
    if not every or citation is None:
        return None
    return Reminding(tuple(each for each in before if each is not None), every, citation)


_RULES: Final = Kept(load_rules)
_ZONES: Final = Kept(load_zones)


def rules_now() -> CustodyRules:
    """Return the rules of transfers of this installation; raises `Invalid`."""
    return _RULES.of(Path(settings.LIONROCK_RULEBOOK))


def zones_now() -> Mapping[str, Zone]:
    """Return the zones of data of this installation, the strictest first; raises `Invalid`."""
    return _ZONES.of(Path(settings.LIONROCK_RULEBOOK))


def duty_names(instrument: str, duty: str) -> Names:
    """Return what a duty of an instrument is called; its id where the rulebook has it no more."""
    known = rules_now().instruments.get(instrument)
    return next((each.names for each in known.duties if each.id == duty), Names(duty)) if known else Names(duty)
