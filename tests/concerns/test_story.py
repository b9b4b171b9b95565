"""A concern of somebody unnamed, from the public form to its measures; who sees it and who never does; what is late."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.db import models
from django.test import Client
from django.utils import timezone
from tests.calls.world import NOW, OPERATOR, World, holder
from tests.public.test_register import assess

from lionrock.assurance.domain.rules import Binding
from lionrock.assurance.queries import accepted_on, dossier_of
from lionrock.assurance.queries.holding import holds_in
from lionrock.audit.models import AuditRecord
from lionrock.concerns.actions import (
    assign_concern,
    close_concern,
    escalate_concerns,
    name_concerned,
    note_concern,
    raise_concern,
    report_change,
    take_up_concern,
)
from lionrock.concerns.actions.raising import Raised
from lionrock.concerns.models import Concern, ConcernAsking
from lionrock.concerns.queries import concern_by_code, concerns, waiting
from lionrock.kernel.errors import Invalid, NotFound, Refused
from lionrock.notices.models import Notice
from lionrock.people.actions import grant_role, register_person
from lionrock.people.domain import Actor, Role
from lionrock.people.models import Person
from lionrock.people.queries import actor_by_email

pytestmark = pytest.mark.django_db

OWN = "hk-aiss-demo"
SENT = {"programme": OWN, "kind": "misuse", "title": "Mining", "said": "A job mines coins.", "award": "", "about": ""}


def person(email: str, role: Role) -> Actor:
    register_person(actor=OPERATOR, email=email, name=email, now=NOW)
    grant_role(actor=OPERATOR, email=email, role=role, programme=OWN, now=NOW)
    return actor_by_email(email)


def came_in(sender: str = "") -> Concern:
    return raise_concern(sender=sender, source="192.0.2.1", raised=Raised(**SENT), now=NOW + timedelta(minutes=7))[0]


def test_a_concern_is_raised_and_followed_up_without_an_account(world: World, client: Client) -> None:
    officer = person("o@example.org", Role.COMPLIANCE)
    page = client.post("/concerns/raise", SENT, REMOTE_ADDR="203.0.113.9").content.decode()
    code, secret = re.findall(r'<dd translate="no">([A-Z0-9-]+)</dd>', page)
    found = Concern.objects.get()
    assert (found.code, found.severity, found.raised_by) == (code, "serious", "")
    assert (found.received_at.minute, found.received_at.second) == (0, 0)
    take_up_concern(
        actor=officer, concern=code, severity="critical", owner="o@example.org", reason="It runs.", now=timezone.now()
    )
    note_concern(actor=officer, concern=code, said="Which cluster?", shown=True, now=timezone.now())
    note_concern(actor=officer, concern=code, said="Between us.", shown=False, now=timezone.now())
    asked = {"code": code, "secret": secret.lower()}
    page = client.post("/concerns/follow", asked).content.decode()
    assert "Which cluster?" in page
    assert "Between us." not in page
    assert "o@example.org" not in page
    client.post("/concerns/follow", {**asked, "add": "1", "said": "The small one."})
    assert found.notes.last().said == "The small one."  # type: ignore[union-attr]
    assert client.post("/concerns/follow", {**asked, "add": "1", "said": " "}).status_code == 422
    assert client.post("/concerns/follow", {**asked, "secret": "ABCDE"}).status_code == 404
    close_concern(actor=officer, concern=code, measures="The account is shut.", now=timezone.now())
    assert "The account is shut." in client.post("/concerns/follow", asked).content.decode()


def test_nothing_on_file_tells_who_an_unnamed_sender_is(world: World, client: Client) -> None:
    member = register_person(actor=OPERATOR, email="whistle@example.org", name="Whistle", now=NOW)
    client.force_login(member)
    client.post("/concerns/raise", {**SENT, "named": "no"}, REMOTE_ADDR="203.0.113.9")
    kept = [
        str(value)
        for model in (Concern, AuditRecord, Notice, ConcernAsking)
        for row in model._default_manager.all()
        for value in models.Model.__getstate__(row).values()
    ]
    assert not [each for each in kept if "203.0.113" in each]
    assert [each for each in kept if "whistle" in each] == ["whistle@example.org"]
    assert AuditRecord.objects.get(action="concerns.raise_concern").actor == "anonymous"
    page = client.post("/concerns/raise", {**SENT, "named": "yes"}).status_code
    assert (page, Concern.objects.order_by("pk").last().raised_by) == (200, "whistle@example.org")  # type: ignore[union-attr]


def test_too_many_askings_wait_and_are_forgotten_after_an_hour(world: World, client: Client) -> None:
    tries = [client.post("/concerns/follow", {"code": "CN-1", "secret": "X"}).status_code for _ in range(21)]
    assert tries == [404] * 20 + [409]
    assert client.post("/concerns/raise", SENT).status_code == 409
    assert client.post("/concerns/raise", SENT, REMOTE_ADDR="203.0.113.9").status_code == 200
    escalate_concerns(timezone.now() + timedelta(hours=2))
    assert not ConcernAsking.objects.exists()


def test_who_sees_a_concern_and_who_never_does(world: World) -> None:
    officer, second = person("o@example.org", Role.COMPLIANCE), person("p@example.org", Role.COMPLIANCE)
    office = person("q@example.org", Role.OFFICE)
    code = came_in("ada@example.org").code
    assert [str(line.said) for line in waiting(officer, NOW)] == [f"Take up the concern {code}"]
    assert [concerns(each).count() for each in (officer, second, holder(Role.AUDITOR, OWN), office)] == [1, 1, 1, 0]
    name_concerned(actor=officer, concern=code, person="p@example.org", now=NOW)
    with pytest.raises(NotFound):
        concern_by_code(second, code)
    with pytest.raises(Refused, match="It is about p@"):
        assign_concern(actor=officer, concern=code, person="p@example.org", now=NOW)
    assign_concern(actor=officer, concern=code, person="q@example.org", now=NOW)
    assert note_concern(actor=office, concern=code, said="I look.", shown=False, now=NOW).author == "q@example.org"
    with pytest.raises(Refused, match="has a part in it already"):
        name_concerned(actor=officer, concern=code, person="q@example.org", now=NOW)
    told = set(Notice.objects.filter(kind="concern").values_list("person__email", flat=True))
    escalate_concerns(NOW + timedelta(hours=30))
    after = Notice.objects.filter(person__email="p@example.org").count()
    assert (told, after) == ({"o@example.org", "p@example.org", "q@example.org"}, 1)


def test_only_compliance_sees_the_name_of_a_sender(world: World, client: Client) -> None:
    code = came_in("ada@example.org").code
    for email, role, seen in (("o@example.org", Role.COMPLIANCE, True), ("x@example.org", Role.AUDITOR, False)):
        person(email, role)
        client.force_login(Person.objects.get(email=email))
        assert ("ada@example.org" in client.get(f"/concerns/{code}").content.decode()) is seen


def test_what_is_late_is_escalated_once_each_time_and_to_auditors_from_the_second_on(world: World) -> None:
    person("o@example.org", Role.COMPLIANCE)
    person("x@example.org", Role.AUDITOR)
    came_in()
    told = [escalate_concerns(NOW + timedelta(hours=hours)) for hours in (23, 25, 25, 49)]
    assert told == [0, 1, 0, 1]
    assert Notice.objects.filter(person__email="x@example.org").count() == 1


def test_a_change_of_a_project_names_the_items_that_are_open_again(world: World) -> None:
    world.put_fund("10000000.00")
    award = world.awarded(world.open_call())
    made = report_change(actor=OPERATOR, award=award.code, kinds=["location", "data"], said="Another clinic.", now=NOW)
    assert made.items == ["RA-06", "RA-07", "RA-08", "RA-09", "RA-11", "RA-13", "RA-15"]
    with pytest.raises(Invalid) as refused:
        report_change(actor=OPERATOR, award=award.code, kinds=["weather"], said="", now=NOW)
    assert "purpose" in str(refused.value.faults[0].message)


def test_a_change_opens_what_applies_of_the_assessment_again_and_holds_the_project(world: World) -> None:
    world.put_fund("10000000.00")
    award = world.awarded(world.open_call())
    assess(award)
    made = report_change(actor=OPERATOR, award=award.code, kinds=["users"], said="Patients as well.", now=NOW)
    dossier = dossier_of(award.application)
    assert dossier is not None
    assert dossier.state == "draft"
    assert {"RA-02", "RA-14"} <= set(made.items)
    assert not set(made.items) & set(accepted_on(dossier))
    assert {each.item for each in dossier.opinions.all()} == set(made.items)
    assert holds_in(dossier, Binding.BEFORE_FIRST_JOB)


def test_whom_it_is_about_is_kept_out_from_the_first_moment_and_auditors_are_told_instead(world: World) -> None:
    officer = person("o@example.org", Role.COMPLIANCE)
    person("x@example.org", Role.AUDITOR)
    raised = Raised(**{**SENT, "about": "O@example.org"})
    made, _ = raise_concern(sender="", source="192.0.2.1", raised=raised, now=NOW)
    with pytest.raises(NotFound):
        concern_by_code(officer, made.code)
    assert [each.person.email for each in Notice.objects.select_related("person")] == ["x@example.org"]
    nobody = Raised(**{**SENT, "about": "stranger@example.org"})
    assert not raise_concern(sender="", source="192.0.2.1", raised=nobody, now=NOW)[0].persons.exists()
