"""Crossing a border: under which instrument, what has to be done before, and what is filed by when."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from lionrock.assurance.domain.zones import Zone
from lionrock.custody.domain.placing import Place, may_lie
from lionrock.kernel.findings import Citation, Finding, Outcome, ParameterRead
from lionrock.kernel.messages import gettext_noop, message
from lionrock.rules.calendar import due_after
from lionrock.rules.shape import Names


@dataclass(frozen=True, slots=True)
class Duty:
    """What an instrument asks for: before the transfer (`working_days` is None), or so many working days after.

    They are counted from the day on which the instrument takes effect, which is not counted itself.
    """

    id: str
    names: Names
    working_days: int | None
    citation: Citation

    def due(self, effective: date, calendar: str | None) -> date:
        """Return the last day for it."""
        return effective if self.working_days is None else due_after(effective, self.working_days, calendar)


@dataclass(frozen=True, slots=True)
class Instrument:
    """What data of some zones cross a border under, from the day `since` on."""

    id: str
    since: date
    names: Names
    zones: frozenset[str]
    duties: tuple[Duty, ...]
    citation: Citation


@dataclass(frozen=True, slots=True)
class Reminding:
    """When somebody is reminded: so many days before, and every so many days once it is late."""

    before_days: tuple[int, ...]
    every_days: int
    citation: Citation

    def count(self, due: date, on: date) -> int:
        """Return how many times somebody should have been reminded by a day; the day after `due` is late."""
        if on <= due:
            return sum(on >= due - timedelta(days=days) for days in self.before_days)
        return len(self.before_days) + 1 + (on - due - timedelta(days=1)).days // self.every_days


@dataclass(frozen=True, slots=True)
class CustodyRules:
    """Instruments by id, and when somebody is reminded."""

    instruments: Mapping[str, Instrument]
    reminding: Reminding


@dataclass(frozen=True, slots=True)
class Transfer:
    """Data of a zone that are to go from one place to another under an instrument, effective on a day.

    `prepared_on` is the day on which all that has to be done before was done; None: it was not.
    """

    zone: Zone
    source: Place
    target: Place
    instrument: str
    effective: date
    prepared_on: date | None


def crosses(source: Place, target: Place) -> bool:
    """Tell whether the way from one place to another crosses the border of the programme."""
    return source.abroad != target.abroad


def transfer_findings(asked: Transfer, zones: Mapping[str, Zone], rules: CustodyRules) -> tuple[Finding, ...]:
    """Return whether a transfer may be made: by zone, by instrument and by what has to be done before."""
    found = [may_lie(zones, asked.zone, asked.target.code, asked.target)]
    if crosses(asked.source, asked.target):
        instrument = rules.instruments.get(asked.instrument)
        serving = [each for each in rules.instruments.values() if serves(each, asked)]
        found.append(_by_instrument(asked, instrument, serving))
        if instrument is not None:
            found += _prepared(asked, instrument)
    return tuple(found)


def serves(instrument: Instrument, asked: Transfer) -> bool:
    """Tell whether data of that zone may cross under an instrument on that day."""
    return asked.zone.id in instrument.zones and instrument.since <= asked.effective


def _by_instrument(asked: Transfer, given: Instrument | None, serving: Sequence[Instrument]) -> Finding:
    facts = {"zone": asked.zone.id, "instrument": asked.instrument, "effective": asked.effective.isoformat()}
    if given is not None and given in serving:
        said = message(
            gettext_noop("Data of the zone “{zone}” may cross the border under: {instrument}"),
            zone=asked.zone.names,
            instrument=given.names,
        )
        read = (ParameterRead(f"custody.instruments.{given.id}", given.id, given.since, given.citation),)
        return Finding("custody.instrument", Outcome.MET, said, facts, read)
    known = ", ".join(each.id for each in serving)
    said = message(
        gettext_noop("Data of the zone “{zone}” do not cross the border under “{instrument}” on {on}."),
        zone=asked.zone.names,
        instrument=asked.instrument or "–",
        on=asked.effective.isoformat(),
    )
    none = message(gettext_noop("No instrument lets them cross. {change}"), change=asked.zone.change)
    remedy = message(gettext_noop("Use one of these: {known}"), known=known) if serving else none
    return Finding("custody.instrument", Outcome.NOT_MET, said, facts, (), remedy)


def _prepared(asked: Transfer, instrument: Instrument) -> Iterator[Finding]:
    for duty in instrument.duties:
        if duty.working_days is None:
            done = asked.prepared_on is not None and asked.prepared_on <= asked.effective
            template = gettext_noop("Done: {duty}") if done else gettext_noop("Not done: {duty}")
            facts = {"prepared_on": asked.prepared_on.isoformat() if asked.prepared_on else "–"}
            read = (ParameterRead(f"custody.duties.{duty.id}", "before", None, duty.citation),)
            remedy = message(gettext_noop("Do it, and name a day not later than {on}."), on=asked.effective.isoformat())
            outcome = Outcome.MET if done else Outcome.NOT_MET
            said = message(template, duty=duty.names)
            yield Finding(f"custody.duty.{duty.id}", outcome, said, facts, read, None if done else remedy)
