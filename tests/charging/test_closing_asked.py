"""A large month whose close somebody asks for: the worker does it, is killed and stopped, and says how it ends."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest
from django.db import connection
from tests.charging.books import CLUSTER_ADMIN, FINANCE, MADE, PROGRAMME, Books
from tests.charging.large_month import MARCH, PART, RUNS, Interrupted, take_use

from lionrock.audit.models import AuditRecord
from lionrock.charging import locks
from lionrock.charging.actions import ask_close, close_asked, close_month, freezing, stop_close
from lionrock.charging.models import ClosingTask, MonthClose, TaskPart
from lionrock.charging.queries import ClosingProgress, closing_under_way
from lionrock.kernel.errors import Conflict, NotAllowed, Refused
from lionrock.notices.models import Notice
from lionrock.people.models import Person, RoleGrant

NOW = datetime.fromisoformat("2026-04-01T00:00:00+08:00")


@pytest.fixture(autouse=True)
def asker(large: Books) -> Person:
    """Whoever holds the money, with a month of use before them."""
    take_use(large)
    made = Person.objects.create(email=FINANCE.email, name="Fong", created_at=MADE)
    RoleGrant.objects.create(person=made, role="finance", programme=PROGRAMME, granted_at=MADE)
    return made


@pytest.fixture
def rated(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Count the runs of each part that is rated."""
    seen: list[int] = []
    real = freezing.rate_in_bulk
    monkeypatch.setattr(freezing, "rate_in_bulk", lambda *given: (real(*given), seen.append(given[-1].runs))[0])
    return seen


def ask() -> ClosingTask:
    return ask_close(actor=FINANCE, programme=PROGRAMME, month=MARCH, now=NOW)


def under_way() -> ClosingProgress:
    [found] = closing_under_way(FINANCE)
    return found


def said() -> list[str]:
    return list(Notice.objects.order_by("pk").values_list("said__template", flat=True))


def after_part(monkeypatch: pytest.MonkeyPatch, number: int, act: Any) -> None:
    """Do something once when so many parts are rated."""
    real, parts = freezing.rate_in_bulk, iter(range(1, 1000))

    def rate(*given: Any) -> Any:
        if next(parts) == number + 1:
            act()
        return real(*given)

    monkeypatch.setattr(freezing, "rate_in_bulk", rate)


def interrupt() -> None:
    raise Interrupted


def test_the_worker_closes_what_was_asked_for_and_tells_who_asked(rated: list[int]) -> None:
    assert close_asked(NOW) == 0
    ask()
    assert (under_way().percent, under_way().for_worker, under_way().rests) == (0, True, False)
    assert close_asked(NOW) == 1
    closed = MonthClose.objects.get()
    assert (closed.month, closed.closed_by) == (MARCH.first_day, FINANCE.email)
    assert sum(rated) == RUNS
    assert not ClosingTask.objects.exists()
    [notice] = Notice.objects.all()
    assert (notice.person.email, notice.kind, notice.code) == (FINANCE.email, "closing", PROGRAMME)
    assert close_asked(NOW) == 0


def test_a_small_month_that_is_asked_for_is_closed_alike(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("lionrock.charging.reckoning.MANY", 10**9)
    ask()
    assert close_asked(NOW) == 1


def test_a_worker_that_is_killed_leaves_it_to_the_next(rated: list[int], monkeypatch: pytest.MonkeyPatch) -> None:
    ask()
    after_part(monkeypatch, 1, interrupt)
    with pytest.raises(Interrupted):
        close_asked(NOW)
    assert (under_way().parts_rated, under_way().for_worker, under_way().at_work) == (1, True, False)
    assert close_asked(NOW) == 1
    assert sum(rated) == RUNS, "no part was rated twice"
    assert len(said()) == 1


def test_what_is_stopped_rests_until_somebody_asks_again(rated: list[int], monkeypatch: pytest.MonkeyPatch) -> None:
    ask()
    after_part(monkeypatch, 1, lambda: stop_close(actor=FINANCE, programme=PROGRAMME, now=NOW))
    assert close_asked(NOW) == 0
    assert sum(rated) == 2 * PART
    assert not MonthClose.objects.exists()
    assert (under_way().stopped_by, under_way().rests, under_way().fault) == (FINANCE.email, True, None)
    assert close_asked(NOW) == 0
    with pytest.raises(Conflict, match="over, or rests already"):
        stop_close(actor=FINANCE, programme=PROGRAMME, now=NOW)
    ask()
    assert close_asked(NOW) == 1
    assert sum(rated) == RUNS
    actions = AuditRecord.objects.filter(action__endswith="_close").order_by("pk").values_list("action", flat=True)
    assert list(actions) == ["charging.ask_close", "charging.stop_close", "charging.ask_close"]


def test_stopped_after_its_last_part_it_is_not_closed_either(monkeypatch: pytest.MonkeyPatch) -> None:
    ask()
    after_part(monkeypatch, -(-RUNS // PART) - 1, lambda: stop_close(actor=FINANCE, programme=PROGRAMME, now=NOW))
    assert close_asked(NOW) == 0
    assert not MonthClose.objects.exists()
    assert TaskPart.objects.filter(content__isnull=True).count() == 0


def test_a_close_at_a_terminal_can_be_stopped_and_goes_on_there(monkeypatch: pytest.MonkeyPatch) -> None:
    after_part(monkeypatch, 1, lambda: stop_close(actor=FINANCE, programme=PROGRAMME, now=NOW))
    with pytest.raises(Conflict, match=r"stopped the close of .* goes on from there"):
        close_month(actor=FINANCE, programme=PROGRAMME, month=MARCH, now=NOW)
    assert close_month(actor=FINANCE, programme=PROGRAMME, month=MARCH, now=NOW).lines.exists()
    assert said() == []


def test_a_price_that_changes_meanwhile_begins_it_again_for_the_worker(
    large: Books,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    ask()
    dearer = {"sku": "gpu", "versions": [["2000-01-01", "10.00"], ["2026-03-05", "12.00"]]}
    after_part(monkeypatch, 1, lambda: large.set_price(dearer))
    assert close_asked(NOW) == 1
    assert len(said()) == 1


def test_whoever_asked_and_may_no_longer_is_told_and_it_rests(asker: Person) -> None:
    ask()
    asker.role_grants.all().delete()
    assert close_asked(NOW) == 0
    assert not MonthClose.objects.exists()
    assert under_way().rests
    assert under_way().fault is not None
    assert len(said()) == 1
    assert close_asked(NOW) == 0


def test_nobody_else_asks_or_stops_and_nothing_is_frozen_that_may_not_be_closed() -> None:
    for act in (lambda: stop_close(actor=CLUSTER_ADMIN, programme=PROGRAMME, now=NOW), _asked_by_another):
        with pytest.raises(NotAllowed):
            act()
    with pytest.raises(Refused, match="cannot be closed before"):
        ask_close(actor=FINANCE, programme=PROGRAMME, month=MARCH, now=MADE)
    assert not ClosingTask.objects.exists()


def _asked_by_another() -> None:
    ask_close(actor=CLUSTER_ADMIN, programme=PROGRAMME, month=MARCH, now=NOW)


def test_while_somebody_closes_at_a_terminal_nobody_asks_and_the_worker_passes_by() -> None:
    ask()
    elsewhere = connection.copy()
    try:
        with elsewhere.cursor() as cursor:
            cursor.execute(locks._LOCK, [PROGRAMME])
        assert close_asked(NOW) == 0
        with pytest.raises(Conflict, match="being closed at this moment"):
            ask()
        assert under_way().at_work
    finally:
        elsewhere.close()
