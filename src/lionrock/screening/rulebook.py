"""Reading `screening/` of the rulebook: thresholds, the rule of ownership, spellings and words."""

from __future__ import annotations

import csv
from collections.abc import Callable, Mapping
from datetime import date
from fractions import Fraction
from pathlib import Path
from typing import Final, TypeVar

from lionrock.kernel.messages import gettext_noop
from lionrock.rules import shape
from lionrock.rules.faultlog import FaultLog, Place
from lionrock.rules.rulebook import SOURCES, refusal
from lionrock.rules.shape import Names
from lionrock.rules.sources import Sources, cited, load_sources
from lionrock.rules.yamltree import Mapped, read_yaml
from lionrock.screening.domain.chinese import Spelling, known_readings, simplified
from lionrock.screening.domain.rules import OwnershipRule, ScreeningRules, Thresholds

FOLDER: Final = "screening"
_Made = TypeVar("_Made", Thresholds, OwnershipRule)
_FULL: Final = 100


def load_rules(rulebook: Path) -> ScreeningRules:
    """Return what the rulebook says of screening; raises `Invalid` with every fault of every file."""
    log = FaultLog()
    sources = load_sources(rulebook / SOURCES, log)
    folder = rulebook / FOLDER
    tree = read_yaml(folder / "rules.yaml", log)
    spelling = Spelling(_readings(folder / "readings.csv", log), _english(folder / "words.csv", log))
    if tree is None or not shape.check_keys(tree, "rules.yaml", log, required="thresholds ownership lists"):
        raise refusal(folder, tuple(log))
    rules = ScreeningRules(
        thresholds=_versions(tree, "thresholds", _thresholds, sources, log),
        ownership=_versions(tree, "ownership", _ownership, sources, log),
        lists=_lists(tree, log),
        spelling=spelling,
    )
    if log:
        raise refusal(folder, tuple(log))
    return rules


def _versions(
    tree: Mapped, field: str, make: Callable[[Mapped, date, Sources, FaultLog], _Made | None], sources: Sources,
    log: FaultLog,
) -> tuple[_Made, ...]:  # fmt: skip
    made: list[_Made] = []
    for node in shape.listed(tree.entries[field], field, log):
        held = shape.mapped(node, field, log)
        since = shape.day(held.entries["from"], f"{field}.from", log) if held and "from" in held.entries else None
        if held is None or since is None:
            _undated(field, node.place, log)
            continue
        if made and since <= made[-1].since:
            template = gettext_noop("{value} in {field} does not follow the version before. Put the days in order.")
            log.add("screening.rules.order", template, held.place, named=field, value=since)
        version = make(held, since, sources, log)
        if version is not None:
            made.append(version)
    return tuple(made)


def _undated(field: str, place: Place, log: FaultLog) -> None:
    template = gettext_noop("A version in {field} has no day from which it holds. Add “from: 2026-01-31”.")
    log.add("screening.rules.undated", template, place, named=field)


def _thresholds(held: Mapped, since: date, sources: Sources, log: FaultLog) -> Thresholds | None:
    if not shape.check_keys(held, "thresholds", log, required="from review block source"):
        return None
    review = shape.whole(held.entries["review"], "thresholds.review", log)
    block = shape.whole(held.entries["block"], "thresholds.block", log)
    citation = cited(held, "thresholds", sources, log)
    if review is None or block is None or citation is None:
        return None
    if not 0 < review <= block <= _FULL:
        template = gettext_noop("{value} in {field} is no pair of thresholds: 0 < review ≤ block ≤ 100.")
        log.add("screening.rules.thresholds", template, held.place, named="thresholds", value=f"{review}, {block}")
        return None
    return Thresholds(since, review, block, citation)


def _ownership(held: Mapped, since: date, sources: Sources, log: FaultLog) -> OwnershipRule | None:
    if not shape.check_keys(held, "ownership", log, required="from in_force share lists source"):
        return None
    in_force = shape.flag(held.entries["in_force"], "ownership.in_force", log)
    share = shape.quoted(held.entries["share"], "ownership.share", log)
    lists = [
        shape.text(each, "ownership.lists", log) for each in shape.listed(held.entries["lists"], "ownership.lists", log)
    ]
    citation = cited(held, "ownership", sources, log)
    if in_force is None or share is None or citation is None:
        return None
    if not share.isdecimal() or not 0 < int(share) <= _FULL:
        template = gettext_noop("“{value}” in {field} is not a whole number of per cent from 1 to 100.")
        log.add("screening.rules.share", template, held.place, named="ownership.share", value=share)
        return None
    return OwnershipRule(
        since, in_force, Fraction(int(share), _FULL), frozenset(each for each in lists if each), citation
    )


def _lists(tree: Mapped, log: FaultLog) -> Mapping[str, Names]:
    held = shape.mapped(tree.entries["lists"], "lists", log)
    if held is None:
        return {}
    read = {key: shape.names(node, f"lists.{key}", log) for key, node, _ in shape.pairs(held)}
    return {key: names for key, names in read.items() if names}


def _readings(path: Path, log: FaultLog) -> Mapping[str, tuple[str, ...]]:
    return known_readings((row[0], row[1].split()) for row in _rows(path, "character,readings", log))


def _english(path: Path, log: FaultLog) -> Mapping[str, str]:
    return {simplified(row[0]): row[1] for row in _rows(path, "characters,english", log)}


def _rows(path: Path, head: str, log: FaultLog) -> list[list[str]]:
    """Return the rows of a table of two columns; a row of another shape is a fault."""
    if not path.is_file():
        template = gettext_noop("The file {value} is missing. Put it there, if only with its first line.")
        log.add("screening.rules.table", template, Place(str(path), 1), named="file", value=path.name)
        return []
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.reader(file))
    good = [row for row in rows[1:] if len(row) == 2 and row[0]]
    if not rows or ",".join(rows[0]) != head or len(good) != len(rows) - 1:
        line = next((at for at, row in enumerate(rows[1:], 2) if len(row) != 2 or not row[0]), 1)
        template = gettext_noop("{value} is not a table of two columns headed “{head}”. Correct this line.")
        log.add("screening.rules.row", template, Place(str(path), line), named="row", value=path.name, head=head)
    return good
