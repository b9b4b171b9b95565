"""The sheet as a page shows it: criteria, their points with marks to choose, and boxes for comments."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction
from typing import Final

from django.http import QueryDict

from lionrock.kernel.errors import Fault, Invalid
from lionrock.kernel.messages import Message, gettext_noop, message
from lionrock.review.domain import (
    Measure,
    Point,
    Scheme,
    Typed,
    boxes,
    closed_key,
    marks_in,
    open_key,
    read_sheet,
    shown,
    so_far,
    word_of,
)
from lionrock.review.models import Entry
from lionrock.web import writing

MOST_BUTTONS: Final = 10
"""A longer scale is not shown as buttons, but as a box for the number."""


def told(score: Fraction) -> str:
    """Return a score with one decimal as the language of the page writes it; deciding uses the exact one."""
    return writing.digits(Decimal(shown(score)), 1)


@dataclass(frozen=True, slots=True)
class Clash:
    """What another window wrote in a box meanwhile."""

    said: Message
    value: str
    shown: str
    read: str


@dataclass(frozen=True, slots=True)
class Box:
    """One box: what stands in it, which version that was read from, what is wrong with it."""

    key: str
    text: str
    read: str
    fault: Fault | None = None
    conflict: Clash | None = None
    lang: str = ""


@dataclass(frozen=True, slots=True)
class Mark:
    """A mark that can be chosen, with its word where it has one."""

    value: int
    word: Message | None
    chosen: bool


@dataclass(frozen=True, slots=True)
class PointBox:
    """A point with its marks; `marks` empty: the scale is long, and the number is typed."""

    point: Point
    box: Box
    marks: tuple[Mark, ...]


@dataclass(frozen=True, slots=True)
class MeasureBoxes:
    """A criterion with everything that is typed about it."""

    measure: Measure
    points: tuple[PointBox, ...]
    open: Box
    closed: Box


@dataclass(frozen=True, slots=True)
class Running:
    """How far a sheet is: what it comes to so far, and how many of its points are marked."""

    total: str
    marked: int
    points: int


@dataclass(frozen=True, slots=True)
class Written:
    """What fills the boxes: what is on file, and, after a form was posted, what was typed, wrong, or clashed."""

    held: Mapping[str, Entry]
    typed: Mapping[str, str] = field(default_factory=dict)
    faults: Mapping[str, Fault] = field(default_factory=dict)
    stale: Mapping[str, str] = field(default_factory=dict)

    def text(self, key: str) -> str:
        """Return what is shown in a box: what was just typed, else what is on file."""
        kept = self.held[key].value if key in self.held else ""
        return self.typed.get(key, kept)

    def box(self, key: str) -> Box:
        """Return one box; after a clash it counts as read from the version that is shown beside it."""
        clash = clash_of(self.held, key) if key in self.stale else None
        return Box(key, self.text(key), version(self.held, key), self.faults.get(key), clash)


def version(held: Mapping[str, Entry], key: str) -> str:
    """Return the version of a box, as the page hands it back."""
    return str(held[key].version) if key in held else "0"


def clash_of(held: Mapping[str, Entry], key: str) -> Clash:
    """Return what another window wrote in a box."""
    text = held[key].value if key in held else ""
    said = message(gettext_noop("You changed this in another window meanwhile. What stands there now:"))
    return Clash(said, text, text, version(held, key))


def sheet(scheme: Scheme, written: Written) -> list[MeasureBoxes]:
    """Return the whole sheet, criterion by criterion."""
    return [
        MeasureBoxes(
            measure,
            tuple(_point(scheme, point, written) for point in measure.points),
            written.box(open_key(measure)),
            written.box(closed_key(measure)),
        )
        for measure in scheme.measures
    ]


def _point(scheme: Scheme, point: Point, written: Written) -> PointBox:
    box = written.box(point.key)
    if scheme.scale_max > MOST_BUTTONS:
        return PointBox(point, box, ())
    marks = range(scheme.scale_max + 1)
    chosen = tuple(Mark(value, word_of(value, scheme.scale_max), str(value) == box.text.strip()) for value in marks)
    return PointBox(point, box, chosen)


def running(scheme: Scheme, texts: Mapping[str, str]) -> Running:
    """Return how far a sheet is with these texts in its boxes."""
    marks = marks_in(scheme, texts)
    return Running(told(so_far(scheme, marks)), len(marks), len(scheme.keys))


def texts_of(held: Mapping[str, Entry]) -> dict[str, str]:
    """Return the texts on file by the key of the box."""
    return {key: entry.value for key, entry in held.items()}


def faults_in(scheme: Scheme, texts: Mapping[str, str], *, empty_too: bool) -> dict[str, Fault]:
    """Return what is wrong with a sheet by the key of the box; with `empty_too` also what is missing."""
    try:
        read_sheet(scheme, texts)
    except Invalid as wrong:
        found = {fault.field or "": fault for fault in wrong.faults}
        return {key: fault for key, fault in found.items() if empty_too or texts.get(key, "").strip()}
    return {}


def typed_in(post: QueryDict, scheme: Scheme) -> dict[str, Typed]:
    """Return what was posted, box by box, with the line ends that we keep; a box that was not there is not touched."""
    left = set(post.getlist("theirs"))
    keys = [key for key in boxes(scheme) if f"read:{key}" in post and key not in left]
    return {key: Typed(plain(post.get(key, "")), read_version(post.get(f"read:{key}", ""))) for key in keys}


def plain(text: str) -> str:
    """Return a posted text with the line ends that we keep, and without what no table holds."""
    return text.replace("\r\n", "\n").replace("\r", "\n").replace("\0", "")


def read_version(text: str) -> int:
    """Return a version as a page hands it back; what is none counts as never read."""
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 10 else 0
