"""Held rows: tried again, moved to another account, mended by hand, set aside; nothing lost, nothing twice."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.calls.world import member
from tests.charging.books import CLUSTER_ADMIN, FINANCE, MADE, PROGRAMME, Books

from lionrock.audit.models import AuditRecord
from lionrock.charging.actions import import_usage_file, mend_row, set_row_aside, try_rows_again
from lionrock.charging.actions.mending import Tried
from lionrock.charging.models import HeldRow, RecordedRun
from lionrock.charging.usage_files import Origin, UsageOptions, UsageRecord
from lionrock.charging.usage_files.normal_csv import COLUMNS, CsvReader, written
from lionrock.kernel.errors import Invalid, NotAllowed

FILE = """job,account,start,end,devices
1,u9,2026-03-02T00:00:00Z,2026-03-02T01:00:00Z,gpu=1
2,u9,2026-03-02T00:00:00Z,2026-03-02T02:00:00Z,gpu=1
3,u8,2026-03-02T00:00:00Z,2026-03-02T03:00:00Z,gpu=1
4,u1,2026-03-02T00:00:00Z,2026-03-02T04:00:00Z,gpu=many
5,u1,2026-03-02T00:00:00Z,2026-03-02T05:00:00Z,gpu=1
"""


@pytest.fixture
def held(books: Books, tmp_path: Path) -> Books:
    """Three rows of accounts that are not on file, one that cannot be read, one that is taken in."""
    file = tmp_path / "march.csv"
    file.write_text(FILE)
    _import(file)
    assert HeldRow.objects.count() == 4
    return books


def _import(file: Path) -> None:
    told = {"site": "north"}
    options = UsageOptions(site="north")
    import_usage_file(file, options, actor=CLUSTER_ADMIN, programme=PROGRAMME, now=MADE, told=told)


def _taken() -> list[tuple[str, str]]:
    return sorted(RecordedRun.objects.filter(standing=True).values_list("job", "account"))


@pytest.mark.django_db
def test_rows_of_an_account_are_tried_as_another(held: Books) -> None:
    assert try_rows_again(actor=FINANCE, programme=PROGRAMME, now=MADE, account="u9", instead="u1") == Tried(2, 0)
    assert _taken() == [("1", "u1"), ("2", "u1"), ("5", "u1")]
    assert [row.line for row in HeldRow.objects.order_by("line")] == [4, 5]
    [kept] = AuditRecord.objects.filter(action="charging.try_rows_again")
    assert kept.details == {"taken": 2, "held": 0, "account": "u9", "instead": "u1"}
    assert try_rows_again(actor=FINANCE, programme=PROGRAMME, now=MADE, account="u9", instead="u1") == Tried(0, 0)


@pytest.mark.django_db
def test_an_account_that_is_on_file_by_now_is_enough(held: Books) -> None:
    assert try_rows_again(actor=FINANCE, programme=PROGRAMME, now=MADE) == Tried(0, 3)
    held.put_award("A9", "u9")
    assert try_rows_again(actor=CLUSTER_ADMIN, programme=PROGRAMME, now=MADE) == Tried(2, 1)
    assert ("2", "u9") in _taken()


@pytest.mark.django_db
def test_the_file_imported_again_brings_nothing_twice(held: Books, tmp_path: Path) -> None:
    held.put_award("A9", "u9")
    try_rows_again(actor=FINANCE, programme=PROGRAMME, now=MADE)
    before = _taken()
    _import(tmp_path / "march.csv")
    assert _taken() == before


@pytest.mark.django_db
def test_a_row_is_mended_by_hand_and_the_audit_keeps_both(held: Books) -> None:
    row = HeldRow.objects.get(line=5)
    line = "4,u1,2026-03-02T00:00:00Z,2026-03-02T04:00:00Z,gpu=2,north,,,COMPLETED,0,,"
    mend_row(actor=FINANCE, row=row, line=line, now=MADE)
    assert ("4", "u1") in _taken()
    assert not HeldRow.objects.filter(line=5).exists()
    [kept] = AuditRecord.objects.filter(action="charging.mend_row")
    assert "gpu=many" in kept.details["was"]
    assert kept.details["is"] == line


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("", "fields"),
        ("4,u1,yesterday,2026-03-02T04:00:00Z,gpu=2,north,,,COMPLETED,0,,", "yesterday"),
        ("4,u7,2026-03-02T00:00:00Z,2026-03-02T04:00:00Z,gpu=2,north,,,COMPLETED,0,,", "u7"),
        ("4,u1,2026-03-02T00:00:00Z,2026-03-02T00:00:00Z,gpu=2,north,,,COMPLETED,0,,", "no time"),
        ('4,u1,"2026', "CSV"),
    ],
)
def test_a_row_that_is_still_wrong_is_told_and_stays(held: Books, line: str, said: str) -> None:
    row = HeldRow.objects.get(line=5)
    with pytest.raises(Invalid, match=said) as wrong:
        mend_row(actor=FINANCE, row=row, line=line, now=MADE)
    assert [fault.field for fault in wrong.value.faults] == ["line"]
    assert HeldRow.objects.filter(line=5).exists()
    assert len(_taken()) == 1


@pytest.mark.django_db
def test_a_row_is_set_aside_only_with_a_reason(held: Books) -> None:
    row = HeldRow.objects.get(line=4)
    with pytest.raises(Invalid, match="reason"):
        set_row_aside(actor=FINANCE, row=row, reason=" ", now=MADE)
    set_row_aside(actor=FINANCE, row=row, reason="A test of the installers.", now=MADE)
    assert HeldRow.objects.count() == 3
    [kept] = AuditRecord.objects.filter(action="charging.set_row_aside")
    assert kept.details["reason"] == "A test of the installers."


@pytest.mark.django_db
def test_nobody_else_mends(held: Books) -> None:
    chan, row = member("u1"), HeldRow.objects.get(line=5)
    with pytest.raises(NotAllowed):
        try_rows_again(actor=chan, programme=PROGRAMME, now=MADE)
    with pytest.raises(NotAllowed):
        mend_row(actor=chan, row=row, line="", now=MADE)
    with pytest.raises(NotAllowed):
        set_row_aside(actor=chan, row=row, reason="mine", now=MADE)


TEXTS = st.text(st.characters(exclude_categories=["C", "Z"]), min_size=1, max_size=12)
NUMBERS = st.integers(1, 10**6)


@given(TEXTS, TEXTS, st.none() | TEXTS, NUMBERS, NUMBERS, st.booleans())
def test_a_record_that_is_written_is_read_again(
    job: str, account: str, award: str | None, seconds: int, count: int, interim: bool
) -> None:
    start = datetime(2026, 3, 2, tzinfo=UTC)
    record = UsageRecord(
        site="north", job=job, start=start, end=start + timedelta(seconds=seconds), account=account, award=award,
        devices={"gpu": count, "cpu": 1}, device_seconds={"gpu": seconds * count - 1}, state="COMPLETED", revision=3,
        interim=interim, origin=Origin("march.csv", 7), cluster_key="7@1",
    )  # fmt: skip
    reader = CsvReader("march.csv", ",".join(COLUMNS), UsageOptions(site="south"))
    found = reader.parse(7, written(record))
    assert found == record
