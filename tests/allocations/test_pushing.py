"""Pushing to a cluster: who may, what is written down, when it is due, and what becomes of failures."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from types import SimpleNamespace

import psycopg
import pytest
from click.testing import CliRunner
from django.db import DatabaseError, connection, transaction
from django.test import Client
from django.urls import reverse
from tests.allocations.slurm import FakeSlurm
from tests.calls.world import OPERATOR, World, holder
from tests.screening.world import FIRST, SECOND, case_of, put_list

from lionrock.allocations import comparing, pages, queries
from lionrock.allocations.actions import push_allocations, push_site, pushing
from lionrock.allocations.commands import allocation
from lionrock.allocations.models import ClusterChange, Enforcement, Push
from lionrock.allocations.queries import use_on
from lionrock.applications.domain import Request
from lionrock.audit.models import AuditRecord
from lionrock.awards.actions import decide_variation, request_variation, suspend_award
from lionrock.awards.domain import Change, Decision
from lionrock.awards.models import Award
from lionrock.kernel.errors import Conflict, NotAllowed, NotFound, Unavailable
from lionrock.notices.domain.keeping import told
from lionrock.people.domain import Actor, Role
from lionrock.people.models import Person, RoleGrant
from lionrock.screening.actions import agree_to_clear, clear_case, screen_due
from lionrock.sites.models import Pool, Site

IN_APRIL = datetime(2026, 4, 10, 2, 0, tzinfo=UTC)
SOON = timedelta(minutes=1)
CONNECTION = {"cluster": "test", "service_user": "lionrock"}


@pytest.fixture
def slurm(monkeypatch: pytest.MonkeyPatch) -> FakeSlurm:
    made = FakeSlurm()
    for room in (pushing, queries):
        monkeypatch.setattr(room, "slurm_of", lambda _site: made)
    return made


@pytest.fixture
def site(world: World) -> Site:
    found = Site.objects.create(
        code="asc", name="A centre", time_zone="UTC", programme=world.programme, driver="slurm",
        connection=CONNECTION, created_at=world.now,
    )  # fmt: skip
    Pool.objects.create(
        site=found, name="h800", partition="h800", item="h800-gpu", device="gres/gpu:h800", created_at=world.now
    )
    return found


@pytest.fixture
def award(world: World, site: Site) -> Award:
    world.put_fund("90000000.00")
    world.request = Request("h800-gpu", 8, 3, date(2026, 4, 1), hours=10)
    return world.awarded(world.open_call())


def push(now: datetime = IN_APRIL) -> pushing.Pushed:
    return push_site(actor=OPERATOR, site="asc", now=now)


def test_a_push_makes_an_awards_place_and_writes_down_each_step(award: Award, slurm: FakeSlurm) -> None:
    done = push()
    name = award.code.lower()
    assert done.is_done
    assert slurm.accounts[name]["ParentName"] == "hk-aiss-demo.harbour-university"
    assert (name, "lionrock", "h800") in slurm.users
    changes = list(ClusterChange.objects.order_by("id"))
    assert [" ".join(change.command) for change in changes] == slurm.commands
    assert not any(change.by_hand or change.refused for change in changes)
    assert str(told(changes[0].said)).startswith(f"Make the QOS {name}")
    record = AuditRecord.objects.get(action="allocations.push_site")
    assert (record.subject, record.programme, len(record.details["changes"])) == ("asc", "hk-aiss-demo", len(changes))


@pytest.mark.parametrize(
    ("actor", "may"),
    [
        (holder(Role.CLUSTER_ADMIN, "hk-aiss-demo"), True),
        (holder(Role.OFFICE, "hk-aiss-demo"), True),
        (holder(Role.CLUSTER_ADMIN, "hk-aiss"), False),
        (holder(Role.AUDITOR, "hk-aiss-demo"), False),
        (holder(Role.FINANCE, "hk-aiss-demo"), False),
        (Actor("nobody@example.org"), False),
    ],
)
def test_who_may_push(award: Award, slurm: FakeSlurm, actor: Actor, may: bool) -> None:
    if may:
        assert push_site(actor=actor, site="asc", now=IN_APRIL).is_done
        return
    with pytest.raises(NotAllowed):
        push_site(actor=actor, site="asc", now=IN_APRIL)
    assert slurm.commands == []


def test_a_site_that_does_not_exist_is_not_there(world: World, slurm: FakeSlurm) -> None:
    with pytest.raises(NotFound):
        push()


def test_what_is_due(award: Award, slurm: FakeSlurm) -> None:
    assert push_allocations(IN_APRIL) == 5
    slurm.qos[award.code.lower()]["GrpTRESMins"] = "gres/gpu=1"
    assert push_allocations(IN_APRIL + SOON) == 0
    assert push_allocations(IN_APRIL + 5 * SOON) == 1
    suspend_award(actor=OPERATOR, award=award.code, reason="overdue", now=IN_APRIL)
    assert push_allocations(IN_APRIL + 6 * SOON) == 1
    assert slurm.qos[award.code.lower()]["GrpSubmit"] == "0"
    assert [change.by_hand for change in ClusterChange.objects.order_by("-id")[:2]] == [False, True]


def test_the_cluster_refuses_the_work_of_an_organisation_that_is_blocked_until_two_have_cleared_it(
    award: Award, slurm: FakeSlurm
) -> None:
    push_allocations(IN_APRIL)
    named = award.organisation.name
    put_list(f"1,organisation,{named},,,,,,Entity List (EL) - Bureau,,\n", now=IN_APRIL)
    screen_due(IN_APRIL)
    qos = award.code.lower()
    assert push_allocations(IN_APRIL + SOON) == 1
    assert (slurm.qos[qos]["GrpSubmit"], slurm.qos[qos]["GrpJobs"]) == ("0", "0")
    assert [str(use.standing) for use in use_on(OPERATOR, "asc", IN_APRIL + SOON)] == ["held"]
    case = case_of(award.organisation.code).pk
    clear_case(actor=FIRST, case=case, reason="Another of that name.", now=IN_APRIL + SOON)
    assert push_allocations(IN_APRIL + 2 * SOON) == 0
    agree_to_clear(actor=SECOND, case=case, reason="Another number.", now=IN_APRIL + 2 * SOON)
    assert push_allocations(IN_APRIL + 3 * SOON) == 1
    assert slurm.qos[qos]["GrpSubmit"] != "0"


def test_an_award_that_was_varied_is_due_at_once(award: Award, slurm: FakeSlurm) -> None:
    push_allocations(IN_APRIL)
    asked = request_variation(
        actor=OPERATOR, award=award.code, change=Change(since=date(2026, 4, 20), hours=5), reason="less", now=IN_APRIL
    )
    decide_variation(
        actor=OPERATOR, award=award.code, number=asked.number, decision=Decision.APPROVE, decided_by="Committee",
        now=IN_APRIL,
    )  # fmt: skip
    assert push_allocations(IN_APRIL + SOON) > 0
    assert slurm.qos[award.code.lower()]["GrpTRESMins"] == "gres/gpu=2400,gres/gpu:h800=2400"


def test_a_cluster_that_is_away_is_noted_and_tried_again_until_it_is_back(award: Award, slurm: FakeSlurm) -> None:
    slurm.away = True
    for minute in range(2):
        with pytest.raises(Unavailable):
            push_allocations(IN_APRIL + minute * SOON)
    state = Enforcement.objects.get()
    assert (state.away_since, state.tried_at, state.looked_at) == (IN_APRIL, IN_APRIL + SOON, None)
    assert not Push.objects.exists()
    slurm.away = False
    assert push_allocations(IN_APRIL + 2 * SOON) == 5
    state.refresh_from_db()
    assert (state.away_since, state.error, state.differs) == (None, None, [])


def test_a_cluster_that_nobody_has_connected_is_not_due(world: World, award: Award, slurm: FakeSlurm) -> None:
    Site.objects.update(connection={})
    assert push_allocations(IN_APRIL) == 0
    assert not Enforcement.objects.exists()


def test_one_cluster_that_is_away_keeps_no_other_waiting(
    world: World, award: Award, monkeypatch: pytest.MonkeyPatch
) -> None:
    Site.objects.create(
        code="abc",
        name="First",
        time_zone="UTC",
        programme=world.programme,
        driver="slurm",
        connection=CONNECTION,
        created_at=world.now,
    )
    here, gone = FakeSlurm(), FakeSlurm(away=True)
    monkeypatch.setattr(pushing, "slurm_of", lambda site: gone if site.code == "abc" else here)
    with pytest.raises(Unavailable):
        push_allocations(IN_APRIL)
    assert len(here.commands) == 5


def test_what_the_cluster_refuses_stops_nothing_else_and_is_shown(award: Award, slurm: FakeSlurm) -> None:
    slurm.refuses = "add user"
    done = push()
    assert (len(done.applied), [change.subject for change in done.left.changes]) == (
        4, [f"lionrock@{award.code.lower()}/h800"],
    )  # fmt: skip
    assert Push.objects.get().outcome == "partly"
    assert ClusterChange.objects.get(refused__isnull=False).refused["template"] == "It says no."
    assert len(Enforcement.objects.get().differs) == 1
    slurm.refuses = ""
    assert push_allocations(IN_APRIL + SOON) == 1
    assert Enforcement.objects.get().differs == []


def test_a_scheduler_that_is_away_hinders_no_limit_and_is_shown(award: Award, slurm: FakeSlurm) -> None:
    slurm.scheduler_away = True
    assert push().is_done
    state = Enforcement.objects.get()
    assert (state.digest, Push.objects.get().outcome) == ("", "partly")
    assert state.error is not None
    slurm.scheduler_away = False
    push_allocations(IN_APRIL + SOON)
    state.refresh_from_db()
    assert (state.error, bool(state.digest)) == (None, True)


def test_an_answer_that_is_not_understood_changes_nothing(
    award: Award, slurm: FakeSlurm, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(FakeSlurm, "_show", lambda *_: "Sorry, try again\n")
    with pytest.raises(Unavailable) as raised:
        push()
    assert raised.value.code == "allocations.cluster.not_understood"
    assert slurm.commands == []


def test_while_another_process_pushes_nobody_else_does(award: Award, slurm: FakeSlurm) -> None:
    given = connection.get_connection_params()
    keys = ("host", "port", "user", "password", "dbname")
    with psycopg.connect(**{key: given[key] for key in keys if given.get(key)}) as other:
        other.execute("SELECT pg_advisory_lock(hashtext('lionrock push asc'))")
        with pytest.raises(Conflict) as raised:
            push()
    assert raised.value.code == "allocations.push.under_way"
    assert slurm.commands == []
    assert push().is_done


def test_a_change_that_was_written_down_stands(award: Award, slurm: FakeSlurm) -> None:
    push()
    with pytest.raises(DatabaseError), transaction.atomic():
        ClusterChange.objects.update(by_hand=True)
    with pytest.raises(DatabaseError), transaction.atomic():
        ClusterChange.objects.first().delete()


def test_use_as_counted_stands_beside_use_as_booked(award: Award, slurm: FakeSlurm) -> None:
    push()
    Enforcement.objects.update(use={award.code.lower(): {"gres/gpu": 7, "gres/gpu:h800": 7}})
    [row] = use_on(OPERATOR, "asc", IN_APRIL)
    assert (row.device, row.count, row.limit, row.counted, row.booked) == ("gres/gpu:h800", 8, 4800, 7, 0)


def test_comparing_asks_the_database_little_however_many_awards_there_are(
    world: World, award: Award, site: Site, slurm: FakeSlurm, django_assert_max_num_queries: object
) -> None:
    for _ in range(3):
        world.awarded(world.open_call())
    with django_assert_max_num_queries(12):  # type: ignore[operator]
        found = comparing.compare(site, IN_APRIL, slurm)
    assert len(found.desired.state.qos) == 4


@pytest.mark.parametrize("words", ["plan --site asc", "plan --site asc --json", "drift --site asc", "use --site asc"])
def test_looking_changes_nothing(award: Award, slurm: FakeSlurm, words: str) -> None:
    said = CliRunner().invoke(allocation, [*words.split(), "--at", "2026-04-10T10:00+08:00"])
    assert (said.exit_code, slurm.commands, ClusterChange.objects.count()) == (0, [], 0), said.output
    assert (award.code.lower() in said.output.lower()) is ("drift" not in words)


def test_pushing_from_the_terminal_tells_what_was_done(award: Award, slurm: FakeSlurm) -> None:
    said = CliRunner().invoke(allocation, ["push", "--site", "asc", "--at", "2026-04-10T10:00+08:00"])
    assert said.exit_code == 0, said.output
    assert f"Let lionrock submit under {award.code.lower()} in partition h800." in said.output
    assert len(slurm.commands) == 5


@pytest.fixture
def browser(world: World) -> Client:
    person = Person.objects.create(email="admin@centre.example", name="Admin", created_at=world.now)
    RoleGrant.objects.create(person=person, role="cluster_admin", programme=world.programme, granted_at=world.now)
    found = Client()
    found.force_login(person)
    return found


def test_the_page_of_a_cluster_shows_awards_changes_and_what_is_left(
    browser: Client, award: Award, slurm: FakeSlurm
) -> None:
    slurm.refuses = "add user"
    push()
    shown = browser.get(reverse("allocations:site", args=["asc"])).content.decode()
    for words in (award.code, "4,800", "What differs", "It says no.", "root@terminal", "something is left to do"):
        assert words in shown, words
    assert "does not take all that awards give" in browser.get(reverse("home")).content.decode()


def test_the_button_puts_right_what_somebody_changed_by_hand(
    browser: Client, award: Award, slurm: FakeSlurm, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pages, "timezone", SimpleNamespace(now=lambda: IN_APRIL))
    push()
    slurm.qos[award.code.lower()]["GrpTRES"] = ""
    answer = browser.post(reverse("allocations:push", args=["asc"]), follow=True).content.decode()
    assert "The cluster holds what it should." in answer
    assert "It had been changed by hand." in answer
    assert slurm.qos[award.code.lower()]["GrpTRES"] != ""


def test_nobody_is_bothered_while_all_is_well(browser: Client, award: Award, slurm: FakeSlurm) -> None:
    push()
    assert "asc" not in browser.get(reverse("home")).content.decode()
