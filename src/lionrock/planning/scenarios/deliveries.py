"""The machine of a scenario file: deliveries written by hand, or what the books of supply had on a day."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from lionrock.kernel.findings import Citation, Grade
from lionrock.kernel.messages import gettext_noop
from lionrock.planning.scenarios.books import books_of
from lionrock.planning.scenarios.entries import Entries
from lionrock.planning.scenarios.values import Books, Delivery, Licence, Retiring
from lionrock.rules.yamltree import Mapped
from lionrock.supply.domain.capacity import Change, Standing

_DOUBTFUL = (Standing.APPLIED, Standing.AT_RISK)
"""What comes with a probability that the scenario states; all else comes."""


def fleet_of(top: Entries, begins: date | None, weeks: int) -> tuple[tuple[Delivery, ...], Books | None]:
    """Return the deliveries of a scenario, and the books that they are from, if they are from any."""
    if not isinstance(top.node("fleet"), Mapped):
        return tuple(_by_hand(top)), None
    part = top.part("fleet", "books", "applied at_risk retiring")
    books = None if part is None else books_of(part)
    if part is None or books is None or begins is None:
        return (), books
    period = _Period(begins, weeks)
    books = _with_retiring(part, books, period)
    return tuple(_from_books(part, books, period)), books


def _by_hand(top: Entries) -> Iterator[Delivery]:
    seen: set[str] = set()
    for each in top.parts("fleet", "id accelerator count week source", "delay_weeks licence"):
        item = each.item("accelerator")
        name = each.text("id")
        if name in seen:
            each.wrong("id", gettext_noop("“{value}” in {field} is there twice. Give each delivery its own id."), name)
        seen.add(name)
        if item:
            yield Delivery(
                name,
                item,
                each.whole("count", 1, least=1),
                each.whole("week"),
                each.whole("delay_weeks"),
                _licence(each, "licence"),
                each.citation(),
            )


def _licence(part: Entries, key: str) -> Licence | None:
    held = part.part(key, "granted source", "later_weeks")
    if held is None:
        return None
    later = held.whole("later_weeks") if "later_weeks" in held else None
    return Licence(held.stated("granted", most=1), later)


@dataclass(frozen=True, slots=True)
class _Period:
    begins: date
    weeks: int

    def week(self, day: date) -> int:
        """Return the first week all of which is on or after a day; what is there before the period is in week 0."""
        return max(0, -(-(day - self.begins).days // 7))

    def has(self, day: date) -> bool:
        """Tell whether something that changes on a day changes after the first day and before the end."""
        return self.begins < day < self.begins + timedelta(weeks=self.weeks)


def _with_retiring(part: Entries, books: Books, period: _Period) -> Books:
    """Return the books with what is assumed of devices that retire within the period."""
    count = -sum(each.chips for each in books.changes if each.chips < 0 and period.has(each.on))
    said = "retiring" in part
    word = part.one_of(part.node("retiring"), Retiring, part.named("retiring"), part.log) if said else None
    if count and not said:
        part.wrong(
            "books",
            gettext_noop(
                "{value} devices of the books retire within the period, which is not simulated. "
                "Write “retiring: kept” to count them for all of it, or “retiring: gone” for none of it."
            ),
            count,
        )
    return replace(books, retiring=word, retiring_count=count)


def _from_books(part: Entries, books: Books, period: _Period) -> Iterator[Delivery]:
    """Yield what comes before the period ends, together where nothing tells it apart."""
    licences = {each: _licence(part, each.value) for each in _DOUBTFUL}
    counts: Counter[tuple[str, str, Standing, int]] = Counter()
    for change in _remaining(books, period):
        week = period.week(change.on)
        if week < period.weeks:
            counts[change.cause, change.chip, change.standing, week] += change.chips
    for standing in _DOUBTFUL:
        count = sum(count for key, count in counts.items() if key[2] is standing)
        if count and standing.value not in part:
            said = gettext_noop(
                "{value} devices of the books are “{standing}”. Write under that word with which probability they come."
            )
            part.wrong("books", said, count, standing=standing.value)
    rests_on = Citation(
        "supply", "Lionrock", f"{books.programme}, {books.day}", books.day, address=None, grade=Grade.OWN_DECISION
    )
    for (cause, chip, standing, week), count in sorted(counts.items(), key=lambda entry: (entry[0][3], entry[0])):
        # Devices of one order and standing have one licence, and so the same luck.
        name, item = f"{cause} {chip} {standing.value}", part.context.items[chip]
        yield Delivery(name, item, count, week, 0, licences.get(standing), rests_on)


def _remaining(books: Books, period: _Period) -> Iterator[Change]:
    """Yield what comes, less what had retired when the period began, or counts as if it had."""
    retired = [each for each in books.changes if each.chips < 0 and _counts(each, books, period)]
    gone = Counter[str]()
    for each in retired:
        gone[each.chip] -= each.chips
    for change in _surest_first([each for each in books.changes if each.chips > 0]):
        taken = min(gone[change.chip], change.chips)
        gone[change.chip] -= taken
        if change.chips > taken:
            yield replace(change, chips=change.chips - taken)


def _counts(retired: Change, books: Books, period: _Period) -> bool:
    return retired.on <= period.begins or (books.retiring is Retiring.GONE and period.has(retired.on))


def _surest_first(changes: Sequence[Change]) -> list[Change]:
    """Return changes so that what retires is taken from what runs, the oldest first."""
    return sorted(changes, key=lambda each: (each.standing is not Standing.CERTAIN, each.on))
