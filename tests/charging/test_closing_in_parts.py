"""A large month is frozen, rated in parts that are kept, and closed in one transaction; interrupted, it goes on."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any

import pytest
from click.testing import CliRunner
from tests.calls.world import holder
from tests.charging.books import FINANCE, MADE, PROGRAMME, Books, shown, used
from tests.charging.large_month import MARCH, PART, RUNS, Interrupted, take_use

from lionrock.charging import locks, reckoning
from lionrock.charging.actions import close_month, freezing
from lionrock.charging.basis import load_basis
from lionrock.charging.commands.charge import charge
from lionrock.charging.models import ChargeLine, ClosingTask, MonthClose, TaskPart
from lionrock.charging.queries import closing_under_way, preview
from lionrock.kernel.errors import Conflict, Refused
from lionrock.kernel.periods import Month
from lionrock.ledger.models import Posting
from lionrock.people.domain import Role, terminal_operator
from lionrock.statements.models import Document

APRIL = Month(2026, 4)
COLUMNS = ("kind", "account", "site", "item", "corrects", "first_use", "gross", "subsidy_by_award", "price_label")
DEARER = {"sku": "gpu", "versions": [["2000-01-01", "10.00"], ["2026-03-05", "12.00"]]}


def _close(month: Month, *, stop_at: int | None = None, afresh: bool = False) -> MonthClose:
    """Close a month; with `stop_at`, be interrupted when so many runs are rated."""

    def progress(done: int) -> None:
        if stop_at is not None and done >= stop_at:
            raise Interrupted

    now = month.interval(load_basis(PROGRAMME).zone).end
    return close_month(actor=FINANCE, programme=PROGRAMME, month=month, now=now, progress=progress, afresh=afresh)


def _result(close: MonthClose) -> Any:
    documents = Document.objects.filter(close=close).order_by("number")
    postings = Posting.objects.filter(journal__cause__startswith=f"charging.close_month:{close.month:%Y-%m}")
    return (
        shown(close, *COLUMNS),
        close.held,
        close.basis,
        list(documents.values_list("number", "kind", "gross", "subsidy", "user", "awards")),
        list(postings.order_by("account__path").values_list("account__path", "amount")),
    )


def _by_run(large: Books, monkeypatch: pytest.MonkeyPatch, month: Month) -> Any:
    """Return what the readable path closes the month with, and undo it."""
    from django.db import transaction  # noqa: PLC0415 - a savepoint of this one function

    point = transaction.savepoint()
    with monkeypatch.context() as patch:
        patch.setattr(reckoning, "MANY", 10**9)
        found = _result(_close(month))
    transaction.savepoint_rollback(point)
    return found


def test_a_month_in_parts_is_the_month_run_by_run(large: Books, monkeypatch: pytest.MonkeyPatch) -> None:
    take_use(large)
    for month, price in ((MARCH, DEARER), (APRIL, None)):
        wanted = _by_run(large, monkeypatch, month)
        assert _result(_close(month)) == wanted
        assert len(wanted[0]) >= 4
        assert not ClosingTask.objects.exists()
        assert not TaskPart.objects.exists()
        if price is not None:
            take_use(large, "2026-04", first=100)
            large.set_price(price)  # so that all of March is corrected with April
    assert {kind for kind, *_ in wanted[0]} == {"correction", "usage"}


def test_a_preview_of_a_large_month_is_what_the_close_then_does(large: Books) -> None:
    take_use(large)
    seen = preview(FINANCE, PROGRAMME, MARCH)
    assert [(line.gross, line.subsidy) for line in seen.lines] == shown(_close(MARCH), "gross", "subsidy")
    assert seen.held["2026-03"] == MonthClose.objects.get().held["2026-03"]


def test_interrupted_after_any_part_it_goes_on_where_it_stopped(large: Books, monkeypatch: pytest.MonkeyPatch) -> None:
    take_use(large)
    wanted = _by_run(large, monkeypatch, MARCH)
    rated: list[int] = []
    real = freezing.rate_in_bulk
    monkeypatch.setattr(freezing, "rate_in_bulk", lambda *given: (rated.append(given[-1].runs), real(*given))[1])
    parts = -(-RUNS // PART)
    for stop in range(1, parts + 1):
        with pytest.raises(Interrupted):
            _close(MARCH, stop_at=min(RUNS, stop * PART))
        assert TaskPart.objects.filter(content__isnull=False).count() == stop
        assert not ChargeLine.objects.exists()
    assert _result(_close(MARCH)) == wanted
    assert (sum(rated), len(rated)) == (RUNS, parts), "no part was rated twice"


def test_what_arrives_after_the_freeze_is_a_correction_in_the_next_month(large: Books) -> None:
    take_use(large)
    with pytest.raises(Interrupted):
        _close(MARCH, stop_at=8)
    large.take(used("0", "2026-03-01T00:00:00", "2026-03-01T00:30:00", revision=2, devices={"gpu": 1}))
    large.take(used("late", "2026-03-02T00:00:00", "2026-03-02T01:00:00"))
    march = _close(MARCH)
    assert sum(line.gross for line in march.lines.all()) == march.gross
    assert march.held["2026-03"]["runs"] == 3
    april = _close(APRIL)
    assert shown(april, "kind", "gross", "corrects") == [
        ("correction", 500, MARCH.first_day),  # an hour more, and half an hour less of one card
    ]
    assert april.held["2026-03"]["runs"] == 2


def test_a_price_that_changed_meanwhile_begins_it_again(large: Books, monkeypatch: pytest.MonkeyPatch) -> None:
    take_use(large)
    with pytest.raises(Interrupted):
        _close(MARCH, stop_at=8)
    large.set_price(DEARER)
    wanted = _by_run(large, monkeypatch, MARCH)
    assert _result(_close(MARCH)) == wanted


def test_a_price_that_changes_while_it_is_rated_begins_it_again(large: Books, monkeypatch: pytest.MonkeyPatch) -> None:
    take_use(large)
    seen: list[int] = []

    def progress(done: int) -> None:
        seen.append(done)
        if done == RUNS and seen.count(RUNS) == 1:
            large.set_price(DEARER)

    now = datetime.fromisoformat("2026-04-01T00:00:00+08:00")
    closed = close_month(actor=FINANCE, programme=PROGRAMME, month=MARCH, now=now, progress=progress)
    assert seen.count(RUNS) == 2
    assert {"2000-01-01", "2026-03-05"} == {label for (label,) in shown(closed, "price_label")}


def test_afresh_forgets_what_was_rated_and_sees_what_came_since(large: Books) -> None:
    take_use(large)
    with pytest.raises(Interrupted):
        _close(MARCH, stop_at=8)
    bound = ClosingTask.objects.get().last_record
    large.take(used("late", "2026-03-02T00:00:00", "2026-03-02T01:00:00"))
    with pytest.raises(Interrupted):
        _close(MARCH, stop_at=4, afresh=True)
    assert ClosingTask.objects.get().last_record == bound + 1
    assert TaskPart.objects.filter(content__isnull=False).count() == 1


def test_another_month_takes_the_place_of_one_under_way(large: Books) -> None:
    take_use(large)
    with pytest.raises(Interrupted):
        _close(MARCH, stop_at=8)
    assert _close(Month(2026, 2)).lines.count() == 0
    assert not ClosingTask.objects.exists()
    _close(MARCH)
    with pytest.raises(Conflict, match="closed up to 2026-03"):
        _close(MARCH)


def test_nothing_is_frozen_that_may_not_be_closed(large: Books) -> None:
    take_use(large)
    with pytest.raises(Refused, match="cannot be closed before"):
        close_month(actor=FINANCE, programme=PROGRAMME, month=MARCH, now=MADE)
    assert not ClosingTask.objects.exists()
    assert not locks.is_at_work(PROGRAMME)


def test_how_far_a_close_is_can_be_seen(large: Books) -> None:
    take_use(large)
    with pytest.raises(Interrupted):
        _close(MARCH, stop_at=8)
    [found] = closing_under_way(FINANCE)
    assert (found.month, found.runs_rated, found.runs, found.parts_rated, found.parts) == (MARCH, 9, RUNS, 1, 3)
    assert (found.percent, found.at_work, found.begun_by) == (36, False, FINANCE.email)
    assert closing_under_way(holder(Role.FINANCE, "other")) == []
    with locks.alone(PROGRAMME):
        assert [one.at_work for one in closing_under_way(terminal_operator("root"))] == [True]
    said = CliRunner().invoke(charge, ["closing"])
    assert ("9 of 25" in said.stdout, "close the month again" in said.stdout) == (True, True), said.output
    [told] = json.loads(CliRunner().invoke(charge, ["closing", "--json"]).stdout)
    assert (told["month"], told["parts_rated"], told["at_work"]) == ("2026-03", 1, False)
    closed = CliRunner().invoke(
        charge, ["close", "--programme", PROGRAMME, "--month", "2026-03", "--at", "2026-04-01T00:00+08:00"]
    )
    assert closed.exit_code == 0, closed.output
    assert json.loads(CliRunner().invoke(charge, ["closing", "--json"]).stdout) == []
