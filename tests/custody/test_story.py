"""Patient data from arrival to proof of deletion, a job that may not be where they may not, and a crossing."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from django.db import ProgrammingError, transaction
from django.test import Client
from pytest_django.fixtures import Settings
from tests.calls.world import SHIPPED
from tests.custody.permissions import KEPT, SUM
from tests.jobs.scene import NOW, OPERATOR, PROGRAMME, scene, submitted, works_for

from lionrock.custody.actions import (
    agree_transfer,
    change_zone,
    record_event,
    record_filing,
    register_data_set,
    remind_custody,
    set_place,
)
from lionrock.custody.certificates import certificate_of, certificate_pdf_of
from lionrock.custody.domain.chain import broken
from lionrock.custody.models import CustodyEvent, DataSet, Filing
from lionrock.custody.queries.sets import events_of, waiting
from lionrock.jobs.models import Job
from lionrock.kernel.errors import Conflict, Refused
from lionrock.notices.models import Notice
from lionrock.people.actions import grant_role, register_person
from lionrock.people.domain import Role
from lionrock.people.models import Person
from lionrock.sites.drivers.fake import FakeDriver
from lionrock.sites.drivers.registry import DRIVERS

pytestmark = pytest.mark.django_db

Register = Callable[[str], str]


@pytest.fixture
def register(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Register:
    settings.LIONROCK_RULEBOOK = SHIPPED
    driver = FakeDriver(NOW + timedelta(microseconds=250_000))
    monkeypatch.setitem(DRIVERS, "fake", lambda _home: driver)
    award = scene("fake").harbour.code

    def made(zone: str) -> str:
        return register_data_set(
            actor=OPERATOR, award=award, name="Scans", owner="North Clinic", zone=zone, personal=True,
            keep_until=KEPT, now=NOW,
        ).code  # fmt: skip

    return made


def lies(code: str, zone: str, **facts: bool) -> None:
    set_place(actor=OPERATOR, programme=PROGRAMME, code=code, name=code, zone=zone, why="The plan.", now=NOW, **facts)


def happened(code: str, kind: str, place: str, minutes: int = 0, **facts: str) -> CustodyEvent:
    at = NOW + timedelta(minutes=minutes)
    given = {"medium": "disk 1", "checksum": "" if kind == "deleted" else SUM, **facts}
    return record_event(actor=OPERATOR, data_set=code, kind=kind, place=place, at=at, now=at, **given)


def officer() -> Person:
    person = register_person(actor=OPERATOR, email="o@example.org", name="O", now=NOW)
    grant_role(actor=OPERATOR, email="o@example.org", role=Role.COMPLIANCE, programme=PROGRAMME, now=NOW)
    return person


def test_a_model_of_patient_data_is_not_placed_on_a_partner_s_site_and_the_refusal_says_why(register: Register) -> None:
    assert submitted().handle != ""
    code = register("no_egress")
    with pytest.raises(Refused, match="Nobody has said in which zone local lies"):
        submitted()
    lies("local", "no_egress", partner=True)
    with pytest.raises(Refused) as refused:
        submitted()
    assert "run by a partner" in str(refused.value)
    assert "owner of the data declares another zone" in str(refused.value)
    assert refused.value.findings[0].parameters[0].citation.source == "park-data-2025"
    assert Job.objects.count() == 1
    lies("local", "no_egress")
    assert submitted().handle != ""
    lies("local", "open")
    with pytest.raises(Refused, match="may lie only in: no_egress"):
        submitted()
    change_zone(actor=OPERATOR, data_set=code, zone="open", why="Letter of the clinic.", now=NOW)
    assert submitted().handle != ""


def test_from_arrival_to_proof_of_deletion(register: Register, client: Client) -> None:
    code = register("park")
    lies("vault", "park")
    lies("far", "open", abroad=True)
    happened(code, "arrived", "vault")
    with pytest.raises(Refused, match="may lie only in"):
        happened(code, "copied", "far", 1, source="vault")
    with pytest.raises(Conflict, match="Copies lie at: vault"):
        certificate_of(DataSet.objects.get())
    officer()
    happened(code, "checked", "vault", 2, checksum=f"sha256:{'1' * 64}")
    assert "is not that of its arrival" in str(Notice.objects.get(urgent=True).said)
    happened(code, "deleted", "vault", 3, witness="Ho", note="overwritten three times")
    data = DataSet.objects.get()
    assert data.deleted_at == NOW + timedelta(minutes=3)
    proof = certificate_of(data)
    assert (proof.events, proof.broken, proof.seal) == (3, (), data.events.last().digest)  # type: ignore[union-attr]
    assert certificate_pdf_of(proof, "en").startswith(b"%PDF")
    with pytest.raises(ProgrammingError, match="Cannot update"), transaction.atomic():
        CustodyEvent.objects.filter(number=2).update(note="other")
    assert broken(code, events_of(data)) == ()
    client.force_login(Person.objects.get())
    page = client.get(f"/data/{code}/certificate").content.decode()
    assert "overwritten three times" in page
    assert proof.seal in page


def test_a_crossing_has_its_filing_and_its_reminders(register: Register) -> None:
    code = register("gba")
    lies("vault", "park")
    lies("delta", "gba", partner=True, abroad=True)
    happened(code, "arrived", "vault")
    with pytest.raises(Refused, match="no transfer is agreed"):
        happened(code, "copied", "delta", 1, source="vault")
    facts = {"data_set": code, "source": "vault", "target": "delta", "effective": date(2026, 3, 2), "now": NOW}
    with pytest.raises(Refused) as refused:
        agree_transfer(actor=OPERATOR, instrument="model-clauses", **facts)  # type: ignore[arg-type]
    assert "gba-standard-contract" in str(refused.value.findings[0].remedy)
    made = agree_transfer(
        actor=OPERATOR, instrument="gba-standard-contract", prepared_on=date(2026, 3, 1), **facts  # type: ignore[arg-type]
    )  # fmt: skip
    filing = Filing.objects.get()
    assert (filing.due, made.findings[0]["outcome"]) == (date(2026, 3, 16), "met")
    happened(code, "copied", "delta", 1, source="vault")
    officer()
    assert [str(line.said) for line in waiting(works_for(Role.COMPLIANCE), NOW)] == [
        "File what a transfer of data asks for: 1"
    ]
    told = [remind_custody(NOW + timedelta(days=days)) for days in (0, 0, 11, 14, 15, 21, 22)]
    assert told == [1, 0, 1, 0, 1, 0, 1]
    assert [each.urgent for each in Notice.objects.order_by("pk")] == [False, False, True, True]
    record_filing(actor=OPERATOR, filing=filing.pk, done_on=date(2026, 3, 2), reference="F-1", now=NOW)
    assert remind_custody(NOW + timedelta(days=60)) == 0
    with pytest.raises(Conflict, match="filed on 2026-03-02"):
        record_filing(actor=OPERATOR, filing=filing.pk, done_on=date(2026, 3, 2), reference="F-2", now=NOW)
