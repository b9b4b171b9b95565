"""What an assessor types: a mark for each point, and two comments for each criterion, as typed and as read."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from lionrock.kernel.errors import Fault, Invalid, collecting
from lionrock.kernel.messages import gettext_noop, message
from lionrock.kernel.texts import check_paragraph
from lionrock.review.domain.scheme import Measure, Point, Scheme

COMMENT_LENGTH: Final = 4000
"""Characters of one comment, at most."""
TYPED_LENGTH: Final = 20_000
"""Characters that are kept of a box as typed, right or wrong, at most."""


@dataclass(frozen=True, slots=True)
class Typed:
    """What was typed into one box, and the version that was read before (None: whatever it was).

    `sent` is an earlier text whose sending was never answered: if that is what stands there, it was
    not somebody else who wrote it.
    """

    text: str
    read: int | None = None
    sent: str | None = None

    def is_stale(self, text: str, version: int) -> bool:
        """Tell whether what stands there now was written after this was read, and not by the same hand."""
        return self.read is not None and self.read != version and text not in (self.text, self.sent)


@dataclass(frozen=True, slots=True)
class Remark:
    """What is said about one criterion: to the applicant, and to the committee alone."""

    criterion: str
    for_applicant: str
    for_committee: str


@dataclass(frozen=True, slots=True)
class Sheet:
    """A full sheet: a mark for every point, and what is said about every criterion."""

    marks: Mapping[str, int]
    remarks: tuple[Remark, ...]


def open_key(measure: Measure) -> str:
    """Return the key of the comment for the applicant: "alignment.comment"."""
    return f"{measure.id}.comment"


def closed_key(measure: Measure) -> str:
    """Return the key of the comment for the committee: "alignment.confidential"."""
    return f"{measure.id}.confidential"


def boxes(scheme: Scheme) -> tuple[str, ...]:
    """Return the keys of everything that can be typed, in the order of the page."""
    return tuple(key for measure in scheme.measures for key in _boxes(measure))


def _boxes(measure: Measure) -> Iterator[str]:
    yield from (point.key for point in measure.points)
    yield open_key(measure)
    yield closed_key(measure)


def check_typed(scheme: Scheme, typed: Mapping[str, str]) -> None:
    """Check that what is to be kept as typed belongs to the sheet and can be kept; raises `Invalid`."""
    faults: list[Fault] = []
    known = boxes(scheme)
    for key, text in typed.items():
        if key not in known:
            said = message(
                gettext_noop("“{value}” is not a box of this sheet. Those that it has: {known}."),
                value=key,
                known=", ".join(known),
            )
            faults.append(Fault("review.sheet.unknown", said, field=key, value=key))
        with collecting(faults):
            check_paragraph(text, field=key, longest=TYPED_LENGTH)
    if faults:
        raise Invalid("review.sheet.typed", faults[0].message, faults=faults)


def marks_in(scheme: Scheme, typed: Mapping[str, str]) -> dict[str, int]:
    """Return the marks that can be read so far; what is missing or wrong is left out."""
    read = {key: _mark(typed.get(key, ""), scheme.scale_max) for key in scheme.keys}
    return {key: mark for key, mark in read.items() if mark is not None}


def _mark(text: str, scale_max: int) -> int | None:
    plain = text.strip()
    known = {str(mark): mark for mark in range(scale_max + 1)}
    return known.get(plain)


def read_sheet(scheme: Scheme, typed: Mapping[str, str]) -> Sheet:
    """Return the sheet that was typed; raises `Invalid` with a fault for every box that is missing or wrong."""
    faults: list[Fault] = []
    marks = marks_in(scheme, typed)
    faults += [
        _mark_fault(point, typed.get(point.key, ""), scheme) for point in scheme.points if point.key not in marks
    ]
    remarks = []
    for measure in scheme.measures:
        with collecting(faults):
            remarks.append(_remark(measure, typed))
    if faults:
        order = {key: place for place, key in enumerate(boxes(scheme))}
        faults.sort(key=lambda fault: order[fault.field or ""])
        said = message(gettext_noop("The sheet is not complete: {count} places need you."), count=len(faults))
        raise Invalid("review.sheet.incomplete", said, faults=faults)
    return Sheet(marks, tuple(remarks))


def _mark_fault(point: Point, text: str, scheme: Scheme) -> Fault:
    given, missing = text.strip(), not text.strip()
    said = {
        True: gettext_noop("“{point}” has no mark yet. Give one from 0 to {largest}."),
        False: gettext_noop("“{value}” is no mark for “{point}”. Give a whole one from 0 to {largest}."),
    }[missing]
    told = message(said, value=given[:40], point=point.label, largest=scheme.scale_max)
    return Fault("review.sheet.mark", told, field=point.key, value=given[:40])


def _remark(measure: Measure, typed: Mapping[str, str]) -> Remark:
    faults: list[Fault] = []
    said, closed = (typed.get(key, "").strip() for key in (open_key(measure), closed_key(measure)))
    if not said:
        told = message(
            gettext_noop("The applicant is not told yet why “{criterion}” has this mark. Write a sentence or two."),
            criterion=measure.label,
        )
        faults.append(Fault("review.sheet.comment", told, field=open_key(measure), value=""))
    for key, text in ((open_key(measure), said), (closed_key(measure), closed)):
        with collecting(faults):
            check_paragraph(text, field=key, longest=COMMENT_LENGTH)
    if faults:
        raise Invalid("review.sheet.comment", faults[0].message, faults=faults)
    return Remark(measure.id, said, closed)


def read_agreed(scheme: Scheme, typed: Mapping[str, str]) -> dict[str, int]:
    """Return the marks that were agreed; raises `Invalid` with a fault for each that is missing or wrong."""
    marks = marks_in(scheme, typed)
    faults = [_mark_fault(point, typed.get(point.key, ""), scheme) for point in scheme.points if point.key not in marks]
    if faults:
        raise Invalid("review.moderation.marks", faults[0].message, faults=faults)
    return marks
