"""Awards on a real Slurm: what is awarded can be used, and not a GPU-minute more."""

from __future__ import annotations

import itertools
import subprocess
import sys
import threading
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

import pytest
from django.conf import settings
from django.db import connection
from tests.calls.world import OPERATOR, World
from tests.slurm.cluster import Cluster

from lionrock.allocations.actions import push_allocations, push_site
from lionrock.allocations.actions.pushing import Pushed
from lionrock.allocations.models import ClusterChange, Enforcement, Push
from lionrock.allocations.queries import compared, use_on
from lionrock.applications.domain import Request
from lionrock.audit.models import AuditRecord
from lionrock.awards.actions import end_award, resume_award, suspend_award
from lionrock.awards.models import Award
from lionrock.kernel.errors import Conflict, Unavailable
from lionrock.people.models import Organisation, Person, RoleGrant
from lionrock.sites.models import Login, Pool, Site

IN_APRIL = datetime(2026, 4, 10, 2, 0, tzinfo=UTC)
AFTERWARDS = datetime(2026, 7, 2, 2, 0, tzinfo=UTC)
ADA, BEN = "lr-ada", "lr-ben"
numbers = itertools.count(1)


@dataclass
class Place:
    """A programme with a site on the real cluster."""

    world: World
    cluster: Cluster
    site: Site

    def award(self, hours: int = 10, item: str = "h800-gpu", count: int = 8) -> Award:
        """Award so many hours of so many GPUs from April to June."""
        self.world.request = Request(item, count, 3, date(2026, 4, 1), hours=hours)
        return self.world.awarded(self.world.open_call())

    def push(self, now: datetime = IN_APRIL) -> Pushed:
        return push_site(actor=OPERATOR, site=self.site.code, now=now)

    def sbatch(self, award: Award, minutes: int = 1, *options: str, user: str = ADA, gres: str = "gpu:h800:1") -> str:
        """Submit under an award, and return the job's number, or why it was refused."""
        given = ["--parsable", "-A", award.code.lower(), "-p", "h800", f"--gres={gres}", "-t", str(minutes)]
        done = self.cluster.attempt(
            "sbatch", *given, "-D", "/tmp", "-o", "/dev/null", *options, "--wrap", "sleep 1", user=user
        )
        return done.stdout.strip() or done.stderr.strip()

    def reason(self, job: str) -> str:
        """Return why a job waits."""
        return self.cluster.run("squeue", "-h", "-j", job, "-o", "%r")

    def waits_for(self, job: str, reason: str) -> None:
        self.cluster.until(lambda: self.reason(job) == reason, f"{job} waits for {reason}, not {self.reason(job)}")

    def manage(self, *words: str) -> str:
        """Change something by hand."""
        return self.cluster.run("sacctmgr", "-i", *words)

    def limits(self, award: Award) -> list[str]:
        form = "format=GrpTRES,GrpTRESMins,GrpSubmit,GrpJobs"
        said = self.cluster.run("sacctmgr", "-nP", "show", "qos", "where", f"name={award.code.lower()}", form)
        return [",".join(sorted(part.split(","))) for part in said.split("|")]


@pytest.fixture
def place(world: World, cluster: Cluster, a_clean_tree: None) -> Place:
    """A site of its own on the cluster of this run, with a pool of H800 GPUs and two people with logins."""
    number = next(numbers)
    world.put_fund("90000000.00")
    world.organisation = f"harbour-{number}"
    harbour = world.put_organisation()
    site = Site.objects.create(
        code=f"asc-{number}",
        name="A centre",
        time_zone="Asia/Hong_Kong",
        programme=world.programme,
        driver="slurm",
        connection=cluster.connection,
        created_at=world.now,
    )
    Pool.objects.create(
        site=site, name="h800", partition="h800", item="h800-gpu", device="gres/gpu:h800",
        nodes=2, devices_per_node=8, created_at=world.now,
    )  # fmt: skip
    for username in (ADA, BEN):
        _member(harbour, site, username)
    return Place(world, cluster, site)


def _member(organisation: Organisation, site: Site, username: str) -> Person:
    person = Person.objects.create(
        email=f"{username}@{organisation.code}.example", name=username, created_at=site.created_at
    )
    RoleGrant.objects.create(person=person, role="member", organisation=organisation, granted_at=site.created_at)
    Login.objects.create(site=site, person=person, username=username, created_at=site.created_at)
    return person


def test_what_is_awarded_can_be_used_and_what_goes_beyond_waits_with_its_reason(place: Place) -> None:
    award = place.award(hours=10)
    pushed = place.push()
    assert pushed.is_done
    assert place.limits(award) == ["gres/gpu:h800=8,gres/gpu=8", "gres/gpu:h800=4800,gres/gpu=4800", "", ""]
    fits, too_long = place.sbatch(award, 1), place.sbatch(award, 601, gres="gpu:h800:8")
    assert place.cluster.wait(fits) == "COMPLETED"
    place.waits_for(too_long, "QOSGrpGRESMinutes")


def test_who_names_no_type_is_bounded_alike(place: Place) -> None:
    award = place.award(hours=10)
    place.push()
    assert place.cluster.wait(place.sbatch(award, 1, gres="gpu:1")) == "COMPLETED"
    place.waits_for(place.sbatch(award, 601, gres="gpu:8"), "QOSGrpGRESMinutes")


def test_more_devices_at_once_than_awarded_wait(place: Place) -> None:
    award = place.award(hours=10, count=4)
    place.push()
    place.waits_for(place.sbatch(award, 1, gres="gpu:h800:5"), "QOSGrpGRES")


@pytest.mark.parametrize(
    ("options", "refused"),
    [(["-p", "a100"], "Invalid account or account/partition"), (["--qos=normal"], "Invalid qos")],
)
def test_there_is_no_way_around(place: Place, options: list[str], refused: str) -> None:
    award = place.award()
    place.push()
    assert refused in place.sbatch(award, 1, *options, gres="gpu:1")


def test_a_push_again_changes_nothing(place: Place) -> None:
    place.award()
    assert place.push().applied
    again = place.push()
    assert (again.push, again.applied, again.is_done) == (None, (), True)


def test_what_was_changed_by_hand_is_shown_put_back_and_recorded(place: Place) -> None:
    award = place.award(hours=10)
    place.push()
    name = award.code.lower()
    place.manage("modify", "qos", "where", f"name={name}", "set", "GrpTRESMins=gres/gpu:h800=-1", "Flags=-1")
    place.manage("modify", "account", "where", f"name={name}", "set", "qos=normal", "defaultqos=normal")
    place.manage("modify", "account", "where", f"name={name}", "set", "parent=root")
    seen = compared(OPERATOR, place.site.code, IN_APRIL)
    assert seen.drift
    assert {change.subject for change in seen.plan.changes} >= {name}
    assert place.push().is_done
    assert place.limits(award)[1] == "gres/gpu:h800=4800,gres/gpu=4800"
    changes = ClusterChange.objects.filter(by_hand=True)
    assert {"GrpTRESMins": "gres/gpu=4800", "Flags": ""}.items() <= changes.get(command__contains="qos").before.items()
    details = AuditRecord.objects.filter(action="allocations.push_site").last().details
    assert details["by_hand"] is True
    assert {"parent": "root"} in [change["before"] for change in details["changes"]]
    place.waits_for(place.sbatch(award, 601, gres="gpu:h800:8"), "QOSGrpGRESMinutes")


def test_a_right_to_submit_that_somebody_gave_by_hand_is_taken_back(place: Place) -> None:
    award = place.award()
    place.push()
    place.manage("add", "user", f"name={ADA}", f"account={award.code.lower()}")
    Person.objects.filter(email__startswith=BEN).update(is_active=False)
    assert place.push().is_done
    assert "AssocMaxSubmitJobLimit" in place.sbatch(award, 1, "-p", "a100", gres="gpu:1")
    assert "AssocMaxSubmitJobLimit" in place.sbatch(award, 1, user=BEN)
    assert place.sbatch(award, 1).isdigit()


def test_nobody_elses_account_is_touched(place: Place) -> None:
    award = place.award()
    place.manage("add", "account", f"name={award.code.lower()}", "description=theirs", "organization=theirs")
    place.manage("add", "user", f"name={BEN}", f"account={award.code.lower()}")
    pushed = place.push()
    assert [note.fields["account"] for note in pushed.left.notes] == [award.code.lower()]
    shown = place.cluster.run(
        "sacctmgr", "-nP", "show", "assoc", f"account={award.code.lower()}", "format=User,QOS,MaxSubmit"
    )
    assert shown.splitlines() == ["|normal|", f"{BEN}|normal|"]


def test_before_its_first_day_after_its_last_and_while_suspended_nobody_submits(place: Place) -> None:
    award = place.award()
    early = datetime(2026, 3, 20, 2, tzinfo=UTC)
    place.push(early)
    assert "QOSGrpSubmitJobsLimit" in place.sbatch(award)
    place.push()
    waits = place.sbatch(award, 1, "--begin=now+3600")
    assert waits.isdigit()
    suspend_award(actor=OPERATOR, award=award.code, reason="overdue", now=IN_APRIL)
    assert push_allocations(IN_APRIL) > 0
    assert "QOSGrpSubmitJobsLimit" in place.sbatch(award)
    resume_award(actor=OPERATOR, award=award.code, reason="handed in", now=IN_APRIL)
    assert push_allocations(IN_APRIL) > 0
    assert place.sbatch(award).isdigit()
    assert push_allocations(AFTERWARDS) > 0
    assert "QOSGrpSubmitJobsLimit" in place.sbatch(award)


def test_what_waits_when_an_award_ends_does_not_start_any_more(place: Place) -> None:
    award = place.award()
    place.push()
    waits = place.sbatch(award, 601, gres="gpu:h800:8")
    end_award(actor=OPERATOR, award=award.code, reason="misused", now=IN_APRIL)
    place.push()
    place.manage(
        "modify", "qos", "where", f"name={award.code.lower()}", "set", "GrpTRESMins=gres/gpu=-1,gres/gpu:h800=-1"
    )
    place.waits_for(waits, "QOSGrpJobsLimit")


def test_what_slurm_has_counted_stands_beside_the_ledger(place: Place) -> None:
    award = place.award()
    place.push()
    options = ["-p", "h800", "--gres=gpu:h800:8", "-t", "1"]
    job = place.cluster.submit("sleep 9", *options, user=ADA, account=award.code.lower())
    assert place.cluster.wait(job) == "COMPLETED"

    def counted() -> bool:
        place.push()
        [row] = use_on(OPERATOR, place.site.code, IN_APRIL)
        assert (row.award, row.device, row.limit, row.booked) == (award.code, "gres/gpu:h800", 4800, 0)
        return bool(row.counted)

    place.cluster.until(counted, "eight GPUs for nine seconds are a minute")


def test_a_cluster_that_is_away_loses_nothing(place: Place) -> None:
    award = place.award()
    place.cluster.stop("slurmdbd")
    try:
        with pytest.raises(Unavailable):
            push_allocations(IN_APRIL)
        state = Enforcement.objects.get(site=place.site)
        assert (state.away_since, state.looked_at) == (IN_APRIL, None)
        assert state.error is not None
    finally:
        place.cluster.start()
    assert push_allocations(IN_APRIL + timedelta(minutes=1)) > 0
    assert Enforcement.objects.get(site=place.site).error is None
    assert place.sbatch(award).isdigit()


def test_limits_are_set_while_only_the_scheduler_is_away(place: Place) -> None:
    award = place.award()
    place.cluster.kill("slurmctld")
    try:
        place.push()
        assert Enforcement.objects.get(site=place.site).error is not None
        assert place.limits(award)[1] == "gres/gpu:h800=4800,gres/gpu=4800"
    finally:
        place.cluster.start()
    assert "QOSGrpSubmitJobsLimit" not in place.sbatch(award)
    place.push()
    assert Enforcement.objects.get(site=place.site).error is None


@pytest.mark.parametrize("done_before_the_end", [1, 4])
def test_a_push_that_is_killed_half_way_is_finished_by_the_next(
    place: Place, monkeypatch: pytest.MonkeyPatch, done_before_the_end: int
) -> None:
    place.award()
    from lionrock.allocations.actions import pushing  # noqa: PLC0415

    real, left = pushing.make, itertools.count()

    def dies(*given: object) -> None:
        if next(left) == done_before_the_end:
            raise KeyboardInterrupt
        real(*given)  # type: ignore[arg-type]

    with monkeypatch.context() as patched:
        patched.setattr(pushing, "make", dies)
        with pytest.raises(KeyboardInterrupt):
            place.push()
    assert Push.objects.get(site=place.site).outcome == "running"
    assert place.push().is_done
    assert sorted(Push.objects.values_list("outcome", flat=True)) == ["cut off", "done"]


PUSHES = f"""
import sys
from datetime import datetime
from pathlib import Path
import django
django.setup()
from django.conf import settings
from django.db import connection
from lionrock.allocations.actions import push_site
from lionrock.people.domain import Actor
connection.settings_dict["NAME"], settings.LIONROCK_RULEBOOK = sys.argv[1], Path(sys.argv[2])
actor = Actor({OPERATOR.email!r}, operator=True)
push_site(actor=actor, site=sys.argv[3], now=datetime.fromisoformat({IN_APRIL.isoformat()!r}))
"""
"""Another process that pushes to the site of the same database."""


@pytest.mark.django_db(transaction=True)
def test_a_process_that_is_killed_while_it_pushes_leaves_nothing_that_the_next_does_not_finish(place: Place) -> None:
    place.award()
    words = [str(connection.settings_dict["NAME"]), str(settings.LIONROCK_RULEBOOK), place.site.code]
    child = subprocess.Popen([sys.executable, "-c", PUSHES, *words])
    place.cluster.until(ClusterChange.objects.exists, "the first change is made")
    child.kill()
    child.wait()

    def is_done() -> bool:
        try:
            return place.push().is_done
        except Conflict:
            return False

    place.cluster.until(is_done, "the lock of the dead is free")
    assert "running" not in Push.objects.values_list("outcome", flat=True)
    assert place.push().applied == ()


@pytest.mark.django_db(transaction=True)
def test_of_two_pushes_at_once_one_does_it(place: Place) -> None:
    place.award()
    ended: list[object] = []

    def push() -> None:
        try:
            ended.append(place.push().is_done)
        except Conflict as late:
            ended.append(late.code)
        finally:
            connection.close()

    both = [threading.Thread(target=push) for _ in range(2)]
    for one in both:
        one.start()
    for one in both:
        one.join()
    assert True in ended
    assert set(ended) <= {True, "allocations.push.under_way"}
    assert place.push().applied == ()
