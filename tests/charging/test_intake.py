"""Taking in records: each once, the standing one of each run marked, bad ones held."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import permutations
from typing import Any

import pytest
from tests.charging.books import CLUSTER_ADMIN, MADE, PROGRAMME, Books, used

from lionrock.audit.models import AuditRecord
from lionrock.charging.actions import record_usage
from lionrock.charging.actions.intake import Intake
from lionrock.charging.models import RecordedRun
from lionrock.charging.usage_files import UsageRecord
from lionrock.sites.models import Site

A, B, C = "2026-03-10T00:00:00", "2026-03-10T01:00:00", "2026-03-10T02:00:00"


def _standing() -> list[tuple[Any, ...]]:
    runs = RecordedRun.objects.filter(standing=True).order_by("job", "start")
    return [(run.job, run.revision, run.interim, (run.end - run.start).seconds) for run in runs]


def _held(intake: Intake) -> list[tuple[str, str, str]]:
    return [(record.job, fault.code.rpartition(".")[2], str(fault.value)) for record, fault in intake.held]


def test_a_record_is_kept_once_however_often_it_arrives(books: Books) -> None:
    record = used("1", A, B)
    intakes = [books.take(record, record), books.take(record), books.take(record, source="another.csv")]
    assert [(one.new, one.repeated, one.held) for one in intakes] == [(1, 1, []), (0, 1, []), (0, 1, [])]
    assert RecordedRun.objects.count() == 1
    assert AuditRecord.objects.filter(action="charging.record_usage").count() == 1


REVISIONS = [
    used("1", A, C, revision=1),
    used("1", A, B, revision=2),
    used("1", A, "2026-03-10T00:30:00", revision=9, interim=True),
]


@pytest.mark.parametrize(
    "order", list(permutations(REVISIONS)), ids=lambda order: "".join(str(one.revision) for one in order)
)
@pytest.mark.parametrize("at_once", [True, False])
def test_the_highest_final_revision_stands_whatever_arrives_last(
    books: Books, order: Sequence[UsageRecord], at_once: bool
) -> None:
    for batch in [order] if at_once else [[one] for one in order]:
        books.take(*batch)
    assert _standing() == [("1", 2, False, 3600)]
    assert RecordedRun.objects.count() == 3


@pytest.mark.parametrize("order", [(0, 1), (1, 0)])
def test_of_two_interim_records_the_one_that_reaches_further_stands(books: Books, order: tuple[int, int]) -> None:
    both = [used("1", A, B, interim=True), used("1", A, C, interim=True)]
    for number in order:
        books.take(both[number])
    assert _standing() == [("1", 1, True, 7200)]
    books.take(used("1", A, B))
    assert _standing() == [("1", 1, False, 3600)]


def test_runs_differ_by_site_job_and_start(books: Books) -> None:
    books.take(used("1", A, B), used("1", A, B, site="south"), used("2", A, B), used("1", B, C))
    assert RecordedRun.objects.filter(standing=True).count() == 4


def test_programmes_do_not_see_each_others_runs(books: Books) -> None:
    books.take(used("1", A, B))
    RecordedRun.objects.create(
        programme="other", site="north", job="1", start=used("1", A, B).start, end=used("1", A, C).end, account="u1",
        devices={"gpu": 5},
    )  # fmt: skip
    books.take(used("1", A, C, revision=2))
    assert RecordedRun.objects.filter(programme="other", standing=True).count() == 1
    assert RecordedRun.objects.filter(programme=PROGRAMME, standing=True).get().revision == 2


@pytest.mark.parametrize("at_once", [True, False])
@pytest.mark.parametrize(
    "change",
    [
        {"end": used("1", A, C).end},
        {"devices": {"gpu": 2}},
        {"device_seconds": {"gpu": 5}},
        {"state": "NODE_FAIL"},
        {"award": "A1"},
        {"account": "u2"},
    ],
    ids=lambda change: next(iter(change)),
)
def test_a_record_that_contradicts_another_is_held_and_the_first_stands(
    books: Books, change: dict[str, Any], at_once: bool
) -> None:
    books.put_award("A2", "u2")
    first, second = used("1", A, B), used("1", A, B, **change) if "end" not in change else used("1", A, C)
    if at_once:
        intake = books.take(first, second)
    else:
        books.take(first)
        intake = books.take(second)
    assert _held(intake) == [("1", "contradiction", "1")]
    kept = RecordedRun.objects.get()
    assert (kept.end, kept.account, kept.devices, kept.state, kept.award, kept.standing) == (
        first.end, "u1", {"gpu": 1}, "COMPLETED", None, True,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("change", "reason", "value"),
    [
        ({"account": "u9"}, "account", "u9"),
        ({"award": "A9"}, "award", "A9"),
        ({"award": "A2"}, "award", "A2"),
        ({"devices": {"gpu": 0}}, "count", "0"),
        ({"devices": {"gpu": -1}}, "count", "-1"),
        ({"devices": {"gpu": 10**15}}, "count", str(10**15)),
        ({"devices": {}}, "no_devices", ""),
        ({"device_seconds": {"gpu": 3601}}, "device_seconds", "3601"),
        ({"device_seconds": {"gpu": -1}}, "device_seconds", "-1"),
        ({"device_seconds": {"cpu": 1}}, "device_seconds", "1"),
        ({"site": "North Wing"}, "misfit", "North Wing"),
        ({"site": ""}, "misfit", ""),
        ({"state": "X" * 65}, "misfit", "X" * 65),
        ({"state": "a\x00b"}, "misfit", "a\x00b"),
        ({"revision": 2**31}, "misfit", str(2**31)),
        ({"revision": -1}, "misfit", "-1"),
        ({"cluster_key": "k" * 101}, "misfit", None),
        ({"devices": {"gpu\x00": 1}}, "misfit", "gpu\x00"),
    ],
)
def test_what_cannot_be_charged_is_held_and_named_and_nothing_waits_for_it(
    books: Books, change: dict[str, Any], reason: str, value: str | None
) -> None:
    books.put_award("A2", "u2")
    intake = books.take(used("bad", A, B, **change), used("good", A, B))
    [(job, found, named)] = _held(intake)
    assert (job, found, intake.new) == ("bad", reason, 1)
    assert value is None or named == value
    assert str(intake.held[0][1].message)
    assert [run.job for run in RecordedRun.objects.all()] == ["good"]


def test_a_job_id_longer_than_its_column_is_held(books: Books) -> None:
    intake = books.take(used("x" * 201, A, B), used("y" * 200, A, B))
    assert (intake.new, [fault.field for _, fault in intake.held]) == (1, ["job"])


def test_end_before_start_and_parts_of_seconds_are_held(books: Books) -> None:
    intake = books.take(used("1", B, A), used("2", "2026-03-10T00:00:00.5", B))
    assert [(job, reason) for job, reason, _ in _held(intake)] == [("1", "end_before_start"), ("2", "part_second")]


def test_all_faults_of_a_record_are_told(books: Books) -> None:
    intake = books.take(used("1", B, A, devices={"gpu": 0}))
    assert {reason for _, reason, _ in _held(intake)} == {"end_before_start", "count"}


def test_an_account_that_is_registered_meanwhile_is_taken_in(books: Books) -> None:
    record = used("1", A, B, account="u2")
    assert len(books.take(record).held) == 1
    books.put_award("A2", "u2")
    intake = books.take(record)
    assert (intake.new, intake.held) == (1, [])


def test_a_site_that_is_not_the_programmes_is_held_once_the_programme_has_any(books: Books) -> None:
    before_any = books.take(used("0", A, B, site="nowhere"))
    assert (before_any.new, before_any.held) == (1, [])
    for code, programme in (("north", PROGRAMME), ("foreign", "other")):
        Site.objects.create(
            code=code, name=code, time_zone="Asia/Hong_Kong", programme=programme, driver="local", created_at=MADE
        )
    strange = [used(site, A, B, site=site) for site in ("nord", "foreign")]
    intake = books.take(*strange, used("1", A, B, site="north"), used("2", A, B, site=PROGRAMME))
    assert intake.new == 2
    assert _held(intake) == [("nord", "site", "nord"), ("foreign", "site", "foreign")]


def test_nothing_at_all_is_taken_in_quietly(books: Books) -> None:
    intake = record_usage([], actor=CLUSTER_ADMIN, programme=PROGRAMME, now=MADE, source="empty")
    assert (intake.new, intake.repeated, intake.held) == (0, 0, [])
    assert not AuditRecord.objects.filter(action="charging.record_usage").exists()
