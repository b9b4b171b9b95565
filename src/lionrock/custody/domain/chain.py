"""The chain of custody of a data set: events that each seal the one before, and what follows from them."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import Final

from lionrock.kernel.errors import Fault, Invalid
from lionrock.kernel.messages import Message, gettext_noop, message


class EventKind(StrEnum):
    """What happened to the data."""

    ARRIVED = "arrived"
    """They came from their owner to a place."""
    COPIED = "copied"
    """A copy went from one place to another."""
    CHECKED = "checked"
    """A copy was read again and its checksum taken."""
    DELETED = "deleted"
    """A copy was deleted, and somebody else saw it."""
    ZONED = "zoned"
    """The zone was declared to be another."""


HANDLED: Final = (EventKind.ARRIVED, EventKind.COPIED, EventKind.CHECKED, EventKind.DELETED)
"""The kinds that concern one copy; `ZONED` concerns the data set."""
_SUMMED: Final = (EventKind.ARRIVED, EventKind.COPIED, EventKind.CHECKED)
CHECKSUM: Final = re.compile(r"sha256:[0-9a-f]{64}|sha512:[0-9a-f]{128}")


@dataclass(frozen=True, slots=True)
class Event:
    """One link of the chain.

    `source` is the place that a copy was made from, `checksum` as `sha256:…` or `sha512:…` in hexadecimal, `witness`
    who else saw a deletion, `zone` the zone from this event on. `digest` seals the event and the one before.
    """

    number: int
    kind: EventKind
    at: datetime
    by: str
    place: str = ""
    source: str = ""
    medium: str = ""
    checksum: str = ""
    witness: str = ""
    zone: str = ""
    note: str = ""
    previous: str = ""
    digest: str = ""


@dataclass(frozen=True, slots=True)
class Copy:
    """A copy of the data at a place: since when, with which checksum, and how it was deleted."""

    place: str
    since: datetime
    checksum: str
    deleted: Event | None = None


@dataclass(frozen=True, slots=True)
class Custody:
    """What follows from a chain: every copy that there ever was, and the checksums that differ from the arrival's."""

    copies: tuple[Copy, ...]
    differing: tuple[Event, ...]

    @property
    def lying(self) -> tuple[Copy, ...]:
        """The copies that have not been deleted."""
        return tuple(each for each in self.copies if each.deleted is None)

    @property
    def over(self) -> bool:
        """Whether the data arrived and every copy of them has been deleted."""
        return bool(self.copies) and not self.lying


def first_seal(data_set: str) -> str:
    """Return what the first event of a data set (by code) seals."""
    return hashlib.sha256(data_set.encode()).hexdigest()


def digest_of(event: Event) -> str:
    """Return the SHA-256 of an event with the digest before it, as hexadecimal; its own digest is left out."""
    fields = {name: getattr(event, name) for name in event.__slots__ if name != "digest"}
    said = json.dumps({**fields, "kind": event.kind.value, "at": event.at.isoformat()}, sort_keys=True)
    return hashlib.sha256(said.encode()).hexdigest()


def sealed(data_set: str, events: Sequence[Event], event: Event) -> Event:
    """Return an event as the next of the chain: with its number, the digest before it, and its own."""
    previous = events[-1].digest if events else first_seal(data_set)
    linked = replace(event, number=len(events) + 1, previous=previous)
    return replace(linked, digest=digest_of(linked))


def broken(data_set: str, events: Sequence[Event]) -> tuple[int, ...]:
    """Return the numbers of the events that do not seal what is on file; nothing for a chain that is whole."""
    found, previous = [], first_seal(data_set)
    for number, event in enumerate(events, 1):
        if (event.number, event.previous, event.digest) != (number, previous, digest_of(event)):
            found.append(event.number)
        previous = event.digest
    return tuple(found)


def custody_of(events: Sequence[Event]) -> Custody:
    """Return what follows from a chain."""
    copies: dict[str, Copy] = {}
    over: list[Copy] = []
    first, differing = "", []
    for event in events:
        first = first or event.checksum
        if event.checksum and event.checksum != first:
            differing.append(event)
        if event.kind in (EventKind.ARRIVED, EventKind.COPIED):
            copies[event.place] = Copy(event.place, event.at, event.checksum)
        elif event.kind is EventKind.DELETED:
            over.append(replace(copies.pop(event.place), deleted=event))
    everything = sorted((*over, *copies.values()), key=lambda each: each.since)
    return Custody(tuple(everything), tuple(differing))


def check_event(events: Sequence[Event], event: Event, now: datetime) -> Event:
    """Return an event that may come next; raises `Invalid` with every fault."""
    faults = [*_times(events, event, now), *_places(events, event), *_said(event)]
    if faults:
        said = message(gettext_noop("The event cannot be kept so. Correct what is named; nothing was recorded."))
        raise Invalid("custody.event", said, faults=faults)
    return event


def _times(events: Sequence[Event], event: Event, now: datetime) -> Iterator[Fault]:
    if event.at > now:
        yield _fault("future", "at", event.at.isoformat(), gettext_noop("{value} is still to come. Say when it was."))
    if events and event.at < events[-1].at:
        template = gettext_noop(
            "{value} is before the event before it, of {last}. Say a later time; what was forgotten is noted with "
            "what comes next."
        )
        yield _fault("order", "at", event.at.isoformat(), template, last=events[-1].at.isoformat())


def _places(events: Sequence[Event], event: Event) -> Iterator[Fault]:
    held = {each.place for each in custody_of(events).lying}
    known = ", ".join(sorted(held)) or "–"
    if event.kind in (EventKind.CHECKED, EventKind.DELETED) and event.place not in held:
        template = gettext_noop("There is no copy at {value}. Copies lie at: {known}.")
        yield _fault("nowhere", "place", event.place, template, known=known)
    if event.kind in (EventKind.ARRIVED, EventKind.COPIED) and event.place in held:
        template = gettext_noop("There is a copy at {value} already. Delete it first, or check it.")
        yield _fault("twice", "place", event.place, template)
    if event.kind is EventKind.COPIED and event.source not in held:
        template = gettext_noop("There is no copy at {value} to be copied. Copies lie at: {known}.")
        yield _fault("source", "source", event.source, template, known=known)


def _said(event: Event) -> Iterator[Fault]:
    if event.kind in _SUMMED and not CHECKSUM.fullmatch(event.checksum):
        template = gettext_noop("“{value}” is no checksum. Write sha256: or sha512: and the figures in hexadecimal.")
        yield _fault("checksum", "checksum", event.checksum, template)
    if event.kind in HANDLED and not event.medium.strip():
        template = gettext_noop("No medium is named. Say what holds the data, with its number.")
        yield _fault("medium", "medium", event.medium, template)
    if event.kind is EventKind.DELETED:
        yield from _witnessed(event)


def _witnessed(event: Event) -> Iterator[Fault]:
    if not event.witness.strip() or event.witness.strip().casefold() == event.by.casefold():
        template = gettext_noop("A deletion takes a second person who saw it. Name somebody else than {by}.")
        yield _fault("witness", "witness", event.witness, template, by=event.by)
    if not event.note.strip():
        template = gettext_noop("Nothing says how the copy was deleted. Write the method.")
        yield _fault("method", "note", event.note, template)


def _fault(code: str, field: str, value: str, template: str, **more: object) -> Fault:
    said: Message = message(template, value=value, field=field, **more)
    return Fault(f"custody.event.{code}", said, field=field, value=value)
