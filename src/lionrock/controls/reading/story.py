"""`story.yaml`: a centre, what it holds and plans, and the days to look at."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from lionrock.controls.domain.rules import Book
from lionrock.controls.domain.story import Day, Plot
from lionrock.controls.reading.book import FOLDER
from lionrock.controls.reading.described import catalogued
from lionrock.controls.reading.entries import Context, named, words
from lionrock.kernel.errors import Invalid
from lionrock.kernel.findings import Citation
from lionrock.kernel.messages import gettext_noop, message
from lionrock.rules import shape
from lionrock.rules.faultlog import FaultLog
from lionrock.rules.rulebook import SOURCES
from lionrock.rules.sources import load_sources
from lionrock.rules.yamltree import Mapped, read_yaml

STORY = "story.yaml"
_REQUIRED = "id names destination from headquarters held goal counted first last days items"


def has_story(rulebook: Path) -> bool:
    """Tell whether a rulebook tells a story."""
    return (rulebook / FOLDER / STORY).is_file()


def load_plot(rulebook: Path, book: Book) -> Plot:
    """Return the plot of a rulebook; raises `Invalid` with every fault."""
    log = FaultLog()
    context = Context(load_sources(rulebook / SOURCES, log), frozenset(book.atlas.names), log)
    tree = read_yaml(rulebook / FOLDER / STORY, log)
    plot = None if tree is None else _plot(tree, book, context)
    if plot is None or log.faults:
        said = message(gettext_noop("{count} faults in the story of {path}."), count=len(log), path=rulebook)
        raise Invalid("controls.story.faults", said, faults=log.faults)
    return plot


def _plot(tree: Mapped, book: Book, context: Context) -> Plot | None:
    log = context.log
    if not shape.check_keys(tree, STORY, log, required=_REQUIRED):
        return None
    entries = tree.entries
    held, goal, counted = (shape.mapped(entries[key], key, log) for key in ("held", "goal", "counted"))
    texts = [shape.text(entries[key], key, log) for key in ("id", "destination", "from", "headquarters")]
    span = [shape.day(entries[key], key, log) for key in ("first", "last")]
    if held is None or goal is None or counted is None or None in texts or span[0] is None or span[1] is None:
        return None
    chip = shape.text(held.entries["chip"], "held.chip", log) or ""
    followed = log.attempt(tree.place, lambda: catalogued(book.items, [chip, *words(entries["items"], "items", log)]))
    amounts = [shape.whole(part.entries["petaflops"], "petaflops", log) for part in (held, goal)]
    if followed is None or amounts[0] is None or amounts[1] is None:
        return None
    name, to, exporting_from, headquarters = (text or "" for text in texts)
    return Plot(
        id=name,
        names=named(tree, STORY, log),
        destination=to,
        exporting_from=exporting_from,
        headquarters=headquarters,
        held=followed[0],
        held_petaflops=amounts[0],
        goal_petaflops=amounts[1],
        first=span[0],
        last=span[1],
        days=tuple(_days(tree, context)),
        items=followed[1:],
        counted=named(counted, "counted", log),
        citations=tuple(_cited(context, held, goal, counted)),
    )


def _cited(context: Context, *parts: Mapped) -> Iterator[Citation]:
    for part in parts:
        citation = context.cited(part, "story")
        if citation:
            yield citation


def _days(tree: Mapped, context: Context) -> Iterator[Day]:
    for node in shape.listed(tree.entries["days"], "days", context.log):
        held = shape.mapped(node, "days", context.log)
        if held is not None and shape.check_keys(held, "days", context.log, required="on names"):
            on = shape.day(held.entries["on"], "days.on", context.log)
            if on is not None:
                yield Day(on, named(held, "days", context.log))
