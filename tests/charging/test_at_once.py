"""Use, closes and awards at the same moment: they wait for each other in one direction only."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest
from django.db import connection, transaction
from tests.calls.world import World
from tests.charging.books import PROGRAMME, Books, used

from lionrock.awards.models import Award
from lionrock.charging.models import RecordedRun
from lionrock.ledger.locks import lock_books
from lionrock.ledger.models import AccountBalance

pytestmark = pytest.mark.django_db(transaction=True)
PATIENCE_SECONDS = 60


@contextmanager
def waiting_for_the_books(programme: str, act: Callable[[], object]) -> Iterator[None]:
    """Hold a programme's books, have another connection act until it waits for them, then let it go on."""
    errors: list[BaseException] = []

    def run() -> None:
        try:
            act()
        except BaseException as wrong:
            errors.append(wrong)
        finally:
            connection.close()

    other = threading.Thread(target=run)
    with transaction.atomic():
        lock_books(programme)
        other.start()
        _until_somebody_waits()
        yield
    other.join(PATIENCE_SECONDS)
    assert not other.is_alive()
    assert errors == []


def _until_somebody_waits() -> None:
    deadline = time.monotonic() + PATIENCE_SECONDS
    with connection.cursor() as cursor:
        while time.monotonic() < deadline:
            cursor.execute(
                "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND NOT granted "
                "AND database = (SELECT oid FROM pg_database WHERE datname = current_database())"
            )
            if cursor.fetchone() == (1,):
                return
            time.sleep(0.01)
    pytest.fail("nobody waits for the books")


def test_two_records_of_one_run_that_arrive_at_once_are_ranked(books: Books) -> None:
    first = used("1", "2026-03-10T00:00:00", "2026-03-10T01:00:00")
    later = used("1", "2026-03-10T00:00:00", "2026-03-10T02:00:00", revision=2)
    with waiting_for_the_books(PROGRAMME, lambda: books.take(later)):
        books.take(first)
    assert list(RecordedRun.objects.order_by("revision").values_list("revision", "standing")) == [(1, False), (2, True)]


def test_a_lease_that_waits_for_a_close_does_not_hold_what_the_close_needs(world: World) -> None:
    world.put_fund("10000000.00")
    lease = world.submitted(world.open_call())
    with waiting_for_the_books(world.programme, lambda: world.decided(lease)):
        fund = AccountBalance.objects.select_for_update(nowait=True)
        assert fund.get(account__programme=world.programme, account__path="budget/free").balance > 0
    assert Award.objects.get().mode == "lease"
