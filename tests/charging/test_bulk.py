"""A month out of the database by both paths: in parts by the columnar one, run by run by the readable one."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from random import Random
from typing import Any

import pytest
from tests.charging.books import CLUSTER_ADMIN, MADE, PROGRAMME, Books, used, utc

from lionrock.charging import frozen, reckoning
from lionrock.charging.actions import record_usage
from lionrock.charging.basis import Basis, load_basis
from lionrock.charging.domain.awards import AwardBook, ShareSteps
from lionrock.charging.domain.prices import PriceBook
from lionrock.charging.models import RecordedRun
from lionrock.charging.rated import NAMED, Lacking, RatedMonth, added_up, from_content, to_content
from lionrock.charging.usage_files import UsageRecord
from lionrock.kernel.errors import Broken
from lionrock.kernel.money import settle
from lionrock.kernel.periods import Month
from lionrock.people.models import Organisation
from lionrock.rules.proration import Proration

MARCH = Month(2026, 3)
NAMES = ("plain", "two\nlines", 'quo"te', "com,ma", "\\N", "NULL", "", " ", "繁體", "a\r\nb", "'", "\\.")
EDGES = [utc(text) for text in ("2026-03-01", "2026-03-09T13:00:00", "2026-03-17", "2026-04-01", "2026-02-20")]


def _records(seed: int, size: int, first: int = 0) -> list[UsageRecord]:
    """Return records that begin and end where things change, with names that no file likes."""
    random = Random(seed)
    made = []
    for number in range(first, first + size):
        start = random.choice(EDGES) + timedelta(seconds=random.choice((0, 0, -1, 1, 3600, -90_000)))
        end = max(start, random.choice([*EDGES, start, start + timedelta(seconds=7)]))
        items = random.choice((["gpu"], ["gpu"], ["node"], ["gpu", "fpga"], ["fpga"]))
        devices = {item: random.choice((1, 3, 8, 10_000_000)) for item in items}
        length = int((end - start).total_seconds())
        metered = {
            item: random.randrange(count * length + 1) for item, count in devices.items() if random.random() < 0.3
        }
        made.append(
            replace(
                used(f"{random.choice(NAMES)}{number}", start.isoformat(), end.isoformat()),
                site=random.choice(("north", "south")),
                account=random.choice(("u1", "u2")),
                devices=devices,
                device_seconds=metered,
                state=random.choice(("COMPLETED", "NODE_FAIL+", "CANCELLED by 1", "BOOT_FAIL", "od,d\n")),
                award=None,
            )
        )
    return made


def _hostile(books: Books) -> Basis:
    books.set_price({"sku": "gpu", "versions": [["2000-01-01", "10.00"], ["2026-03-09T13:00:00", "0.000001"]]})
    books.set_price({"sku": "node", "unit": "calendar_month", "versions": [["2026-03-10", "3000.00"]]})
    books.set_price({"sku": "fpga", "versions": [["2026-03-17", "3.333333"]]})
    books.put_award("A2", "u2", share=Decimal("0.5"), valid_from=date(2026, 3, 9), valid_to=date(2026, 3, 17))
    books.put_award("A3", "u2", valid_from=date(2026, 3, 1), valid_to=date(2026, 3, 10), item="fpga")
    return load_basis(PROGRAMME)


def _shown(month: RatedMonth) -> Any:
    lines = sorted((repr(key), one.seconds, one.first_use) for key, one in month.lines.items())
    return lines, month.lacking


def _both(basis: Basis, month: Month, bound: int) -> tuple[RatedMonth, RatedMonth]:
    counter = reckoning._Counter(reckoning.unwatched)
    return (
        reckoning._rate_by_run(PROGRAMME, month, basis, bound, counter),
        reckoning._rate_in_bulk(PROGRAMME, month, basis, bound, counter),
    )


@pytest.mark.parametrize(("seed", "rule"), list(enumerate(Proration)))
def test_both_paths_agree_on_what_the_database_holds(
    books: Books, monkeypatch: pytest.MonkeyPatch, seed: int, rule: Proration
) -> None:
    monkeypatch.setattr(reckoning, "PART", 37)
    books.proration = rule.value
    basis = _hostile(books)
    intake = books.take(*_records(seed, 300))
    assert intake.held == []
    for month in (Month(2026, 2), MARCH, Month(2026, 4)):
        readable, bulk = _both(basis, month, frozen.newest(PROGRAMME))
        assert _shown(bulk) == _shown(readable)
        assert readable.lines
    assert _both(basis, MARCH, frozen.newest(PROGRAMME))[1].lacking.runs > 10


def test_what_arrives_later_is_not_seen(books: Books, monkeypatch: pytest.MonkeyPatch) -> None:
    """New runs, higher revisions of runs that were seen, a revision lower than those, one that is higher again."""
    monkeypatch.setattr(reckoning, "PART", 11)
    basis = _hostile(books)
    early = _records(7, 60)
    books.take(*early)
    books.take(*(replace(one, revision=3, state="TIMEOUT") for one in early[:5]))
    bound = frozen.newest(PROGRAMME)
    before = _both(basis, MARCH, bound)[1]
    books.take(*_records(8, 40, first=1000))
    for revision in (2, 4, 9):
        books.take(*(replace(one, end=one.start, revision=revision, device_seconds={}) for one in early[:30]))
    assert RecordedRun.objects.filter(standing=True, id__lte=bound).count() == 30
    readable, bulk = _both(basis, MARCH, bound)
    assert _shown(bulk) == _shown(before)
    assert _shown(readable) != _shown(before)


def test_parts_have_every_run_of_a_month_once(books: Books) -> None:
    books.take(*_records(3, 100))
    span = MARCH.interval(load_basis(PROGRAMME).zone)
    wanted = RecordedRun.objects.filter(standing=True, start__lt=span.end, end__gt=span.start).count()
    for size in (1, 7, wanted, wanted + 1):
        parts = frozen.parts_of(PROGRAMME, span, frozen.newest(PROGRAMME), size)
        assert sum(part.runs for part in parts) == wanted
        assert [part.after for part in parts] == [span.start, *(part.upto for part in parts[:-1])]
        assert parts[-1].upto is None
    assert [part.runs for part in frozen.parts_of(PROGRAMME, span, 0, 5)] == [0]


def test_counting_stops_where_it_is_enough(books: Books) -> None:
    books.take(*(used(str(number), "2026-03-10", "2026-03-11") for number in range(5)))
    spans = [month.interval(load_basis(PROGRAMME).zone) for month in (MARCH, MARCH)]
    assert [frozen.are_more_than(count, PROGRAMME, spans) for count in (0, 4, 9, 10)] == [True, True, True, False]


def test_a_part_is_the_same_after_it_was_kept_as_json(books: Books) -> None:
    basis = _hostile(books)
    books.take(*_records(5, 200))
    part = _both(basis, MARCH, frozen.newest(PROGRAMME))[1]
    part.lacking += Lacking(Fraction(1, 3) * 10**30, 2, ("x/1", "a/2"))
    kept = from_content(to_content(part), MARCH, basis.prices)
    assert _shown(kept) == _shown(part)
    assert _shown(added_up([part, RatedMonth(), kept]))[0] == sorted(
        (repr(key), 2 * one.seconds, one.first_use) for key, one in part.lines.items()
    )
    with pytest.raises(Broken, match="which there is not"):
        from_content(to_content(part), MARCH, PriceBook())


def test_of_many_jobs_without_a_price_the_first_are_named() -> None:
    halves = [Lacking(1, NAMED, tuple(f"north/{2 * number + odd:05d}" for number in range(NAMED))) for odd in (1, 0)]
    whole = halves[0] + halves[1]
    assert (whole.runs, len(whole.jobs), whole.jobs[:2]) == (2 * NAMED, NAMED, ("north/00000", "north/00001"))
    assert whole.as_held()["unpriced_device_seconds"] == settle(2)


def test_awards_without_an_account_on_file_change_nothing(books: Books) -> None:
    Organisation.objects.create(code="u3", name="u3", created_at=MADE)
    basis = replace(load_basis(PROGRAMME), awards=AwardBook([], ShareSteps(())))
    record_usage(
        [used("1", "2026-03-10", "2026-03-11", account="u3")],
        actor=CLUSTER_ADMIN, programme=PROGRAMME, now=MADE, source="x",
    )  # fmt: skip
    readable, bulk = _both(basis, MARCH, frozen.newest(PROGRAMME))
    assert _shown(readable) == _shown(bulk)
    assert [key.terms for key in bulk.lines] == [()]
