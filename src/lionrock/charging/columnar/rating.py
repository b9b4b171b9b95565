"""Rating a whole file of usage records at once."""

from __future__ import annotations

from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from lionrock.charging.columnar.axis import Axis, RateCard
from lionrock.charging.columnar.lines import Part, Rating, add_up, add_up_part
from lionrock.charging.columnar.pieces import gather
from lionrock.charging.columnar.records import MEMORY, open_records
from lionrock.charging.columnar.standing import Found, HeldRecord, find_standing
from lionrock.charging.domain.tariff import from_epoch
from lionrock.kernel.periods import Month


def rate_file(
    file: Path,
    card: RateCard,
    until: Month | None = None,
    *,
    settled: bool = False,
    threads: int = 2,
    memory: str = MEMORY,
) -> Rating:
    """Return the exact device-time of every line of a file of usage records, up to the end of a month.

    Without `until`, up to the last month of use. `settled` says that the file has only what
    stands, one sound record of each run, so that nobody need look for others. `memory` is what the database may hold
    before it sets parts aside on disk. Raises `Invalid` for a file of another shape.
    """
    with closing(open_records(file, threads=threads, memory=memory)) as database:
        found = find_standing(database, card.awards.by_code.values(), settled=settled)
        months = _months(found, card, until)
        if months is None:
            return Rating(held=found.held)
        axis = Axis(card, *months)
        gather(database, axis, card, found)
        return add_up(database, axis, found.held)


def rate_part(file: Path, card: RateCard, month: Month, *, named: int, threads: int = 2, memory: str = MEMORY) -> Part:
    """Return the exact device-time that one month has of the runs of a file, each there once, sound and standing.

    `named` is how many of the runs without a price are named. Raises `Invalid` for a file of another shape.
    """
    with closing(open_records(file, threads=threads, memory=memory)) as database:
        found = find_standing(database, (), settled=True)
        axis = Axis(card, month, month)
        gather(database, axis, card, found)
        return add_up_part(database, axis, named=named)


@dataclass(frozen=True, slots=True)
class Standing:
    """What is held of a file, and the sites and accounts of what stands; nothing is rated."""

    held: list[HeldRecord]
    sites: frozenset[str]
    accounts: frozenset[str]


def look_through(file: Path, card: RateCard) -> Standing:
    """Return what stands and what is held of a file. Raises `Invalid` for a file of another shape."""
    with closing(open_records(file)) as database:
        held = find_standing(database, card.awards.by_code.values(), settled=False).held
        found = database.execute("SELECT DISTINCT site, account FROM standing").fetchall()
    return Standing(held, frozenset(site for site, _ in found), frozenset(account for _, account in found))


def _months(found: Found, card: RateCard, until: Month | None) -> tuple[Month, Month] | None:
    """Return the first and last month to be rated; None when the file has no use up to then."""
    if found.start is None or found.end is None:
        return None
    first = Month.of(from_epoch(found.start), card.zone)
    last = until or Month.of(from_epoch(max(found.start, found.end - 1)), card.zone)
    return (first, last) if first <= last else None
