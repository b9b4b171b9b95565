"""Cases of the gate: sentences with a day, answers, and what was worked out by hand."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Final

from lionrock.assurance.domain.answering import Answers
from lionrock.assurance.domain.assessing import Assessment, State, assess
from lionrock.assurance.domain.checking import check_answers
from lionrock.assurance.domain.rules import Book
from lionrock.kernel.errors import Invalid
from lionrock.rules import shape
from lionrock.rules.faultlog import FaultLog, Place
from lionrock.rules.yamltree import Listing, Mapped, Node, Scalar, read_tree

_EXPECTED: Final = "tier at_most oversight editions next error applies spares"
"""`applies` and `spares` name items, of which all apply, or none does."""


@dataclass(frozen=True, slots=True)
class Case:
    """One sentence: on that day, by these answers, this is the answer."""

    says: str
    on: date
    given: Answers
    expect: Mapping[str, str]
    place: Place


def read_cases(folder: Path, log: FaultLog) -> list[Case]:
    """Read the cases of a folder, file by file."""
    return [case for path in sorted(folder.glob("*.yaml")) for case in _file(path, log)]


def _file(path: Path, log: FaultLog) -> Iterator[Case]:
    tree = read_tree(path, log)
    for node in () if tree is None else shape.listed(tree, path.name, log):
        case = _case(node, log)
        if case is not None:
            yield case


def _case(node: Node, log: FaultLog) -> Case | None:
    held = shape.mapped(node, "case", log)
    if held is None or not shape.check_keys(held, "case", log, required="says on given expect"):
        return None
    says, on = shape.text(held.entries["says"], "says", log), shape.day(held.entries["on"], "on", log)
    given, expect = (shape.mapped(held.entries[key], key, log) for key in ("given", "expect"))
    if says is None or on is None or given is None or expect is None:
        return None
    shape.check_keys(expect, "expect", log, optional=_EXPECTED)
    return Case(says, on, {key: _texts(entry) for key, entry in given.entries.items()}, _flat(expect), held.place)


def _texts(node: Node) -> tuple[str, ...]:
    nodes = node.entries if isinstance(node, Listing) else (node,)
    return tuple(each.text for each in nodes if isinstance(each, Scalar))


def _flat(held: Mapped) -> dict[str, str]:
    return {key: ", ".join(_texts(entry)) for key, entry in held.entries.items()}


def run_case(book: Book, case: Case) -> dict[str, str]:
    """Return what the rules answer, in the words of the case's `expect`."""
    try:
        found = assess(check_answers(book.at(case.on), case.given))
    except Invalid as wrong:
        return {"error": ", ".join(fault.code for fault in wrong.faults)}
    said = {
        "tier": found.tier.id,
        "at_most": found.at_most.id,
        "oversight": found.oversight.id if found.oversight else "none",
        "editions": ", ".join(found.editions),
        "next": ", ".join(each.id for each in found.next),
        "applies": _those(found, case.expect.get("applies", ""), applying=True),
        "spares": _those(found, case.expect.get("spares", ""), applying=False),
    }
    return {key: said[key] for key in case.expect if key in said}


def _those(found: Assessment, wanted: str, *, applying: bool) -> str:
    """Return of the items wanted those that apply, or those that do not, in the order wanted."""
    spared = State.NOT_APPLICABLE
    applies = {each.item.id for each in found.items if each.state is not spared}
    return ", ".join(name for name in wanted.split(", ") if (name in applies) is applying)
