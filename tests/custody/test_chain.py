"""The chain of custody: what may come next, what it seals, and what follows from it."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from lionrock.custody.domain.chain import Event, EventKind, broken, check_event, custody_of, sealed
from lionrock.kernel.errors import Invalid

AT = datetime(2026, 3, 2, 2, 0, tzinfo=UTC)
SUM, OTHER = f"sha256:{'a' * 64}", f"sha256:{'b' * 64}"


def event(kind: EventKind, place: str = "vault", minutes: int = 0, **facts: str) -> Event:
    given = {"medium": "disk 1", "checksum": SUM if kind is not EventKind.DELETED else "", **facts}
    return Event(number=0, kind=kind, at=AT + timedelta(minutes=minutes), by="ada@example.org", place=place, **given)


ARRIVED = event(EventKind.ARRIVED)
COPIED = event(EventKind.COPIED, "centre", 1, source="vault")
GONE = [
    event(EventKind.DELETED, place, minutes, witness="Ho", note="shredded")
    for place, minutes in (("centre", 2), ("vault", 3))
]


def chain(*events: Event) -> list[Event]:
    made: list[Event] = []
    for each in events:
        made.append(sealed("DS-1", made, each))
    return made


def test_copies_follow_from_the_chain_until_the_last_is_deleted() -> None:
    assert not custody_of([]).over
    found = custody_of(chain(ARRIVED, COPIED, GONE[0]))
    assert ([each.place for each in found.lying], found.over) == (["vault"], False)
    found = custody_of(chain(ARRIVED, COPIED, *GONE))
    assert found.over
    assert [(each.place, each.deleted.witness) for each in found.copies if each.deleted] == [
        ("vault", "Ho"),
        ("centre", "Ho"),
    ]


def test_a_checksum_that_differs_from_the_arrival_is_found() -> None:
    found = custody_of(chain(ARRIVED, replace(COPIED, checksum=OTHER), event(EventKind.CHECKED, minutes=2)))
    assert [each.number for each in found.differing] == [2]


@pytest.mark.parametrize(
    ("change", "seen"),
    [
        (lambda made: made, ()),
        (lambda made: [made[0], replace(made[1], note="other"), made[2]], (2,)),
        (lambda made: [made[0], made[2]], (3,)),
        (lambda made: [replace(made[0], digest="0" * 64), *made[1:]], (1, 2)),
        (lambda made: [made[1], made[0], made[2]], (2, 1, 3)),
    ],
    ids=["whole", "changed", "one taken out", "seal changed", "order changed"],
)
def test_nothing_on_file_can_be_changed_unseen(change: object, seen: tuple[int, ...]) -> None:
    made = chain(ARRIVED, COPIED, GONE[0])
    assert broken("DS-1", change(made)) == seen  # type: ignore[operator]


def test_the_chain_of_another_data_set_seals_nothing_here() -> None:
    assert broken("DS-2", chain(ARRIVED)) == (1,)


@pytest.mark.parametrize(
    ("before", "asked", "fields"),
    [
        ((), event(EventKind.CHECKED), {"place"}),
        ((), event(EventKind.COPIED, "centre", source="vault"), {"source"}),
        ((ARRIVED,), event(EventKind.ARRIVED, minutes=1), {"place"}),
        ((ARRIVED,), event(EventKind.CHECKED, minutes=-5), {"at"}),
        ((ARRIVED,), event(EventKind.CHECKED, minutes=90), {"at"}),
        ((), event(EventKind.ARRIVED, checksum="md5:1", medium=" "), {"checksum", "medium"}),
        ((ARRIVED,), event(EventKind.DELETED, minutes=1), {"witness", "note"}),
        ((ARRIVED,), event(EventKind.DELETED, minutes=1, witness="Ada@example.org", note="wiped"), {"witness"}),
        ((ARRIVED, replace(GONE[1], number=0)), event(EventKind.CHECKED, minutes=4), {"place"}),
    ],
    ids=["nothing there", "no source", "there already", "before the last", "to come", "no sum, no medium", "alone",
         "seen by oneself", "deleted already"],
)  # fmt: skip
def test_every_fault_of_an_event_is_told_at_once(before: tuple[Event, ...], asked: Event, fields: set[str]) -> None:
    with pytest.raises(Invalid) as refused:
        check_event(chain(*before), asked, AT + timedelta(hours=1))
    assert {fault.field for fault in refused.value.faults} == fields


def test_data_may_come_back_to_a_place_that_they_were_deleted_from() -> None:
    made = chain(ARRIVED, COPIED, *GONE)
    again = event(EventKind.ARRIVED, minutes=4)
    assert check_event(made, again, AT + timedelta(hours=1)) == again
    assert [each.place for each in custody_of(chain(ARRIVED, COPIED, *GONE, again)).lying] == ["vault"]
