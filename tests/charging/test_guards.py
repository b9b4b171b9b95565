"""What the database itself refuses, whoever asks: records, closes and lines are facts."""

from __future__ import annotations

import pytest
from django.db import DatabaseError, connection, transaction
from tests.charging.books import PROGRAMME, Books, used

from lionrock.charging.models import ChargeLine, MonthClose, RecordedRun

A, B = "2026-03-10T00:00:00", "2026-03-10T01:00:00"


@pytest.fixture
def closed(books: Books) -> MonthClose:
    books.take(used("1", A, B))
    return books.close("2026-03")


def _refused(statement: str, match: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        with pytest.raises(DatabaseError, match=match), transaction.atomic():
            cursor.execute(statement)


@pytest.mark.parametrize(
    ("statement", "match"),
    [
        ('UPDATE charging_monthclose SET gross = 0, "user" = 0, subsidy = 0', "Cannot update"),
        ("DELETE FROM charging_monthclose", "Cannot update or delete"),
        ("TRUNCATE charging_monthclose CASCADE", "never removed"),
        ('UPDATE charging_chargeline SET "user" = "user" - 1, gross = gross - 1', "Cannot update"),
        ("UPDATE charging_chargeline SET reason = 'because'", "Cannot update"),
        ("DELETE FROM charging_chargeline", "Cannot update or delete"),
        ("TRUNCATE charging_chargeline", "never removed"),
        ("DELETE FROM charging_recordedrun", "Cannot delete rows"),
        ("TRUNCATE charging_recordedrun", "never removed"),
        ('UPDATE charging_recordedrun SET "end" = "end" + interval \'1 hour\'', "Cannot update"),
        ("UPDATE charging_recordedrun SET devices = '{\"gpu\": 9}'", "Cannot update"),
        ("UPDATE charging_recordedrun SET account = 'u2'", "Cannot update"),
        ("UPDATE charging_recordedrun SET state = 'NODE_FAIL'", "Cannot update"),
    ],
)
def test_what_was_recorded_and_closed_cannot_be_changed(closed: MonthClose, statement: str, match: str) -> None:
    _refused(statement, match)
    assert (MonthClose.objects.get().gross, ChargeLine.objects.get().gross) == (1000, 1000)
    assert RecordedRun.objects.get().devices == {"gpu": 1}


_CLOSE = (
    "INSERT INTO charging_monthclose (programme, month, closed_at, closed_by, last_record, basis, held, "
    'gross, subsidy, "user", currency) '
    "VALUES ('{programme}', '{month}', now(), 'x', 0, '{{}}', '{{}}', {amounts}, 'HKD')"
)
_RUN = (
    'INSERT INTO charging_recordedrun (programme, site, job, start, "end", account, devices, device_seconds, state, '
    "revision, interim, standing, source, line, cluster_key) VALUES ('told', 'north', '1', '{start}', '{end}', 'u1', "
    "'{{}}', '{{}}', 'COMPLETED', {revision}, false, {standing}, 'x', 1, '')"
)


@pytest.mark.parametrize(
    ("statement", "match"),
    [
        (_CLOSE.format(programme=PROGRAMME, month="2026-03-01", amounts="0, 0, 0"), "charging_monthclose_once"),
        (_CLOSE.format(programme=PROGRAMME, month="2026-04-01", amounts="3, 1, 1"), "charging_monthclose_adds_up"),
        (
            _RUN.format(
                start="2026-03-10T00:00:00+08:00", end="2026-03-10T02:00:00+08:00", revision=2, standing="true"
            ),
            "charging_recordedrun_one_stands",
        ),
        (
            _RUN.format(
                start="2026-03-10T00:00:00+08:00", end="2026-03-10T02:00:00+08:00", revision=1, standing="false"
            ),
            "charging_recordedrun_identity",
        ),
        (
            _RUN.format(
                start="2026-03-11T00:00:00+08:00", end="2026-03-10T00:00:00+08:00", revision=1, standing="true"
            ),
            "charging_recordedrun_span",
        ),
    ],
)
def test_what_cannot_be_is_not_taken_in(closed: MonthClose, statement: str, match: str) -> None:
    _refused(statement, match)


def test_lines_add_up_and_are_numbered_once(closed: MonthClose) -> None:
    line = ChargeLine.objects.get()
    line.pk = None
    with pytest.raises(DatabaseError, match="charging_chargeline_position"), transaction.atomic():
        line.save(force_insert=True)
    line.position, line.user = 2, line.user + 1
    with pytest.raises(DatabaseError, match="charging_chargeline_adds_up"), transaction.atomic():
        line.save(force_insert=True)
