"""Between two days: when the answer to a question changed, and by which version, notice or change of a group."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date

from lionrock.controls.domain.answers import Determination, Question
from lionrock.controls.domain.determining import determine
from lionrock.controls.domain.rules import Book, Notice, Version
from lionrock.kernel.findings import Citation
from lionrock.rules.shape import Names


@dataclass(frozen=True, slots=True)
class Cause:
    """Something that began or ended on a day."""

    id: str
    names: Names | None
    did: Names | None
    citation: Citation
    ended: bool = False


@dataclass(frozen=True, slots=True)
class Step:
    """A day on which something began or ended: the answer from that day on, and whether it is another."""

    on: date
    answer: Determination
    causes: tuple[Cause, ...]
    changed: bool


@dataclass(frozen=True, slots=True)
class Comparison:
    """The answers of two days, and every step between them."""

    before: Determination
    after: Determination
    steps: tuple[Step, ...]


def compare(book: Book, question: Question, first: date, last: date) -> Comparison:
    """Return what changed after the first day and up to the last; raises `Invalid` as a determination does."""
    before = determine(book, replace(question, on=first))
    steps, now = [], before
    for day, causes in events(book, first, last):
        then = determine(book, replace(question, on=day))
        steps.append(Step(day, then, causes, answered(then) != answered(now)))
        now = then
    return Comparison(before, determine(book, replace(question, on=last)), tuple(steps))


def answered(answer: Determination) -> tuple[str, str, str]:
    """Return paragraph, authorisation and review policy."""
    return answer.paragraph, answer.authorisation.value, answer.review.value


def events(book: Book, first: date, last: date) -> list[tuple[date, tuple[Cause, ...]]]:
    """Return the days after the first and up to the last on which something began or ended, with what did."""
    found: dict[date, list[Cause]] = {}
    for day, cause in _all(book):
        if first < day <= last:
            found.setdefault(day, []).append(cause)
    return [(day, tuple(causes)) for day, causes in sorted(found.items(), key=lambda pair: pair[0])]


def _all(book: Book) -> Iterator[tuple[date, Cause]]:
    for version in book.versions:
        yield from _of_version(version)
    for notice in book.notices:
        yield from _of_notice(notice)
    for name, changes in book.atlas.groups.items():
        yield from ((change.since, Cause(name, None, None, change.citation)) for change in changes)
    for reading in book.atlas.readings:
        yield reading.since, Cause(reading.country, None, None, reading.citation)


def _of_version(version: Version) -> Iterator[tuple[date, Cause]]:
    if version.governs(version.since):
        yield version.since, Cause(version.id, version.names, version.did, version.citation)
    if version.not_enforced and version.not_enforced > version.since:
        yield version.not_enforced, Cause(version.id, version.names, None, version.citation, ended=True)


def _of_notice(notice: Notice) -> Iterator[tuple[date, Cause]]:
    yield notice.since, Cause(notice.id, notice.names, None, notice.citation)
    if notice.ends:
        yield notice.ends, Cause(notice.id, notice.names, None, notice.citation, ended=True)
