"""Cases of the controls: sentences with a date, what is asked, and the answer that was worked out by hand."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from types import MappingProxyType
from typing import Final

from lionrock.controls.domain.answers import Determination, Question
from lionrock.controls.domain.catalogue import Item
from lionrock.controls.domain.determining import determine
from lionrock.controls.domain.rules import Book
from lionrock.controls.reading.described import catalogued, with_figures
from lionrock.kernel.errors import Invalid
from lionrock.rules import shape
from lionrock.rules.faultlog import FaultLog, Place
from lionrock.rules.yamltree import Mapped, Node, Scalar, read_tree

_GIVEN: Final = "chip figures to from headquarters datacentre use"
_EXPECTED: Final = "paragraph authorisation review missing flag no_flag cites no_cite error"
_MARKETED: Final[Mapping[str, bool]] = MappingProxyType({"yes": True, "no": False})


@dataclass(frozen=True, slots=True)
class Case:
    """One sentence: on that day, of this item on this journey, this is the answer."""

    says: str
    on: date
    given: Mapping[str, str]
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
    given, expect = (_texts(held, key, known, log) for key, known in (("given", _GIVEN), ("expect", _EXPECTED)))
    return None if says is None or on is None else Case(says, on, given, expect, held.place)


def _texts(held: Mapped, key: str, known: str, log: FaultLog) -> dict[str, str]:
    found = shape.mapped(held.entries[key], key, log)
    if found is None:
        return {}
    shape.check_keys(found, key, log, optional=known)
    return {name: entry.text for name, entry in found.entries.items() if isinstance(entry, Scalar)}


def run_case(book: Book, case: Case) -> dict[str, str]:
    """Return what the rules answer, in the words of a case's `expect`; only what it expects of flags."""
    try:
        answer = determine(book, _question(book, case))
    except Invalid as wrong:
        return {"error": ", ".join(fault.code for fault in wrong.faults)}
    return {
        "paragraph": answer.paragraph,
        "authorisation": answer.authorisation.value,
        "review": answer.review.value,
        **_asked(answer, case.expect),
    }


def _asked(answer: Determination, expect: Mapping[str, str]) -> dict[str, str]:
    wanted, unwanted = expect.get("flag"), expect.get("no_flag")
    found = {"missing": ", ".join(answer.missing)} if "missing" in expect else {}
    if wanted is not None:
        found["flag"] = wanted if wanted in answer.flags else ", ".join(answer.flags)
    if unwanted is not None:
        found["no_flag"] = ", ".join(answer.flags) if unwanted in answer.flags else unwanted
    return found | _cited(answer, expect)


def _cited(answer: Determination, expect: Mapping[str, str]) -> dict[str, str]:
    """Return what is expected of the citations where it holds, and otherwise all that is cited."""
    cited = "; ".join([*(by.cites for by in answer.deciding), *(citation.title for citation in answer.citations)])
    wanted = {"cites": True, "no_cite": False}
    return {
        key: expect[key] if (expect[key] in cited) is is_in else cited for key, is_in in wanted.items() if key in expect
    }


def _question(book: Book, case: Case) -> Question:
    given = case.given
    marketed = _MARKETED.get(given.get("datacentre", ""))
    items: tuple[Item, ...]
    if "figures" in given:
        pairs = [tuple(pair.split("=")) for pair in given["figures"].split(", ")]
        items = (with_figures(None, [(name, value) for name, value in pairs], datacentre=marketed, nonplanar=True),)
    else:
        items = catalogued(book.items, given["chip"].split(" + "))
    uses = (given["use"],) if "use" in given else ()
    return Question(items, case.on, given["to"], given.get("from"), given.get("headquarters"), marketed, uses)
