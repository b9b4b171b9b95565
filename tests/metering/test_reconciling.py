"""Totals beside those that Slurm reports: what agrees, what differs, who hears of it, and what mends itself."""

from __future__ import annotations

import pytest
from tests.charging.books import PROGRAMME, Books
from tests.metering.recorded import Recorded, run_row
from tests.metering.world import ACCOUNT, ADMIN, SITE, at

from lionrock.kernel.errors import Invalid, NotAllowed, Unavailable
from lionrock.metering.actions import collect, reconcile, reconcile_due
from lionrock.metering.models import Reconciliation
from lionrock.notices.models import Notice
from lionrock.people.domain import Actor, Role
from lionrock.people.models import Person, RoleGrant

HOUR, DAY = 3600, 86_400
DAWN = 1_795_363_200 - 1_795_363_200 % DAY + 16 * HOUR  # midnight in Hong Kong, after the site came on file
AFTER = DAWN + DAY + 3 * HOUR


@pytest.fixture
def run_over_the_end(books: Books, cluster: Recorded) -> Recorded:
    """A run of three hours, one of them on the day after, and one outside of the programme."""
    cluster.rows = [
        run_row("7", DAWN + DAY - 2 * HOUR, DAWN + DAY + HOUR),
        run_row("8", DAWN + HOUR, DAWN + 2 * HOUR, Account="test"),
    ]
    cluster.report = reported(4 * HOUR)
    return cluster


def reported(seconds: int) -> str:
    return (
        f"root||gres/gpu:h800|99\n{ACCOUNT}||gres/gpu:h800|{seconds}\n{ACCOUNT}|ada|gres/gpu:h800|{seconds}\n"
        f"test|ada|gres/gpu:h800|{2 * HOUR}\n"
    )


def compared() -> Reconciliation:
    return reconcile(actor=ADMIN, site=SITE, now=at(AFTER), start=at(DAWN), end=at(DAWN + DAY))


def test_a_run_counts_on_each_day_with_its_part(run_over_the_end: Recorded) -> None:
    collect(actor=ADMIN, site=SITE, now=at(AFTER))
    done = compared()
    assert done.agrees
    assert done.reported == done.counted == {"gres/gpu:h800": 6 * HOUR}
    assert done.charged == {"told": 1, "standing": 1}


def test_a_difference_is_kept_and_told_once(run_over_the_end: Recorded) -> None:
    person = Person.objects.create(email="ops@example.org", name="Ops", created_at=at(DAWN))
    RoleGrant.objects.create(person=person, role=Role.CLUSTER_ADMIN.value, programme=PROGRAMME, granted_at=at(DAWN))
    run_over_the_end.report = reported(4 * HOUR + 1)
    collect(actor=ADMIN, site=SITE, now=at(AFTER))
    assert not compared().agrees
    done = compared()
    assert done.differences == [
        {"account": ACCOUNT, "device": "gres/gpu:h800", "reported": 4 * HOUR + 1, "counted": 4 * HOUR}
    ]
    (notice,) = Notice.objects.filter(person=person)
    assert (notice.kind, notice.code) == ("metering", SITE)


def test_what_was_missed_is_read_again_first(run_over_the_end: Recorded) -> None:
    rows, run_over_the_end.rows = run_over_the_end.rows, []
    collect(actor=ADMIN, site=SITE, now=at(AFTER))
    run_over_the_end.rows = rows
    assert compared().agrees


def test_each_day_that_is_over_is_compared_by_itself(run_over_the_end: Recorded) -> None:
    collect(actor=ADMIN, site=SITE, now=at(AFTER))
    first = Reconciliation.objects.count()
    done = reconcile_due(at(AFTER))
    assert (first, done) == (0, Reconciliation.objects.count())
    assert Reconciliation.objects.filter(start=at(DAWN), end=at(DAWN + DAY), agrees=True).exists()
    assert reconcile_due(at(AFTER)) == 0


def test_nothing_is_compared_while_the_cluster_is_away(run_over_the_end: Recorded) -> None:
    collect(actor=ADMIN, site=SITE, now=at(AFTER))
    run_over_the_end.away = True
    with pytest.raises(Unavailable):
        compared()
    assert reconcile_due(at(AFTER)) == 0
    assert not Reconciliation.objects.exists()


def test_a_span_of_parts_of_hours_is_refused(run_over_the_end: Recorded) -> None:
    with pytest.raises(Invalid):
        reconcile(actor=ADMIN, site=SITE, now=at(AFTER), start=at(DAWN), end=at(DAWN + 60))
    stranger = Actor("chan@harbour.example")
    with pytest.raises(NotAllowed):
        reconcile(actor=stranger, site=SITE, now=at(AFTER), start=at(DAWN), end=at(DAWN + DAY))
