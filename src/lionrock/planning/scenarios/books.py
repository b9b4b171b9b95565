"""Books of supply beside a scenario: what a programme had and had ordered on a day, written down by `plan books`.

A scenario is simulated on machines without a database, and gone on with another day: the file stands for both.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Final

from lionrock.kernel.messages import gettext_noop
from lionrock.planning.scenarios.entries import Entries
from lionrock.planning.scenarios.values import Books
from lionrock.rules import shape
from lionrock.rules.yamltree import read_yaml
from lionrock.supply.domain.capacity import Change, Standing

FOLDER: Final = "books"


def books_of(part: Entries) -> Books | None:
    """Return the books that a fleet names: a file in the folder `books` beside the scenario."""
    name = part.text("books")
    file = part.context.path.parent / FOLDER / f"{name}.yaml"
    if not file.is_file():
        said = gettext_noop("“{value}” is not on file in the folder books. Write it with “lionrock plan books”.")
        part.wrong("books", said, name)
        return None
    part.context.read.append(file)
    tree = read_yaml(file, part.log)
    top = None if tree is None else Entries(tree, "", replace(part.context, path=file, read=[]))
    if top is None or not top.keys("programme day comes retires"):
        return None
    day = shape.day(top.node("day"), "day", top.log)
    changes = (*_comes(top), *_retires(top))
    return None if day is None else Books(top.text("programme"), day, changes)


def _comes(top: Entries) -> Iterator[Change]:
    for each in top.parts("comes", "on accelerator count standing", "order"):
        standing = each.one_of(each.node("standing"), Standing, each.named("standing"), each.log)
        found = _change(each, 1)
        if standing and found:
            yield replace(found, standing=standing, cause=each.text("order") if "order" in each else "")


def _retires(top: Entries) -> Iterator[Change]:
    for each in top.parts("retires", "on accelerator count"):
        found = _change(each, -1)
        if found:
            yield found


def _change(part: Entries, times: int) -> Change | None:
    day, item = shape.day(part.node("on"), part.named("on"), part.log), part.item("accelerator")
    count = times * part.whole("count", 1, least=1)
    return Change(day, item.id, count, Standing.CERTAIN) if day and item else None


def written(books: Books) -> Iterator[str]:
    """Yield the lines of a file that `books_of` reads as these books."""
    yield f"programme: {books.programme}"
    yield f"day: {books.day}"
    for head, comes in (("comes", True), ("retires", False)):
        rows = [each for each in books.changes if (each.chips > 0) is comes]
        yield f"{head}:" if rows else f"{head}: []"
        for each in rows:
            known = f"on: {each.on}, accelerator: {each.chip}, count: {abs(each.chips)}"
            order = f", order: {each.cause}" if each.cause else ""
            yield f"  - {{{known}, standing: {each.standing.value}{order}}}" if comes else f"  - {{{known}}}"
