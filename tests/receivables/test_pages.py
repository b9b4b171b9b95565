"""The pages of money: longer lists take no more queries, and everybody is told what waits for them."""

from __future__ import annotations

from datetime import date

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from tests.calls.world import OPERATOR, member
from tests.receivables.ledgers import bill
from tests.receivables.till import CHAIR, DELTA, FINANCE, HARBOUR, LATER, PROGRAMME, SECOND, Till, hkd

from lionrock.kernel.periods import Month
from lionrock.people.actions import grant_role, register_person
from lionrock.people.domain import Role
from lionrock.people.models import Person
from lionrock.receivables.actions import import_bank_file, write_off
from lionrock.receivables.waiting import waiting

pytestmark = pytest.mark.django_db

LISTS = ("owed", "payments", "write-offs", "books")


@pytest.fixture
def finance(till: Till) -> Client:
    """Somebody of finance, signed in."""
    register_person(actor=OPERATOR, email="ho@example.org", name="Ho", now=LATER)
    grant_role(actor=OPERATOR, email="ho@example.org", role=Role.FINANCE, programme=PROGRAMME, now=LATER)
    client = Client()
    client.force_login(Person.objects.get(email="ho@example.org"))
    return client


def queries_for(client: Client, address: str) -> int:
    client.get(address)
    with CaptureQueriesContext(connection) as captured:
        assert client.get(address).status_code == 200
    return len(captured)


def fill(till: Till, months: range) -> None:
    for number in months:
        bill(Month(2026, number), **{HARBOUR: 700_00, DELTA: 700_00})
        till.pay("10.00", f"P{number}", on=date(2026, 11, 30))
        rows = f"date,amount,currency,reference,payer\n2026-05-01,1.00,HKD,F{number},nobody\n".encode()
        import_bank_file(actor=FINANCE, programme=PROGRAMME, content=rows, name=f"{number}.csv", now=LATER)
        write_off(actor=FINANCE, document=f"2026-{number:02d}-0", amount=hkd("600.00"), reason="gone", now=LATER)


def test_longer_lists_take_no_more_queries(finance: Client, till: Till) -> None:
    fill(till, range(1, 3))
    addresses = [f"/programmes/{PROGRAMME}/{name}" for name in LISTS]
    before = {address: queries_for(finance, address) for address in addresses}
    fill(till, range(3, 8))
    assert {address: queries_for(finance, address) for address in addresses} == before
    assert max(before.values()) <= 14


def test_what_cannot_be_read_is_said_beside_its_box_and_nothing_is_lost(finance: Client, till: Till) -> None:
    fill(till, range(1, 2))
    typed = {"payer": DELTA, "amount": "ten", "date": "2026-13-01", "reference": "R", "documents": ""}
    answer = finance.post(f"/programmes/{PROGRAMME}/payments", typed)
    assert answer.status_code == 422
    boxes = {box.name: box for box in answer.context["boxes"]}
    assert [len(boxes[name].faults) for name in ("payer", "amount", "date", "reference")] == [0, 1, 1, 0]
    assert boxes["amount"].value == "ten"


def test_everybody_is_told_what_waits_for_them(till: Till) -> None:
    fill(till, range(1, 2))
    told = {
        name: [(each.said.template, each.count) for each in waiting(viewer, LATER)]
        for name, viewer in {"finance": FINANCE, "second": SECOND, "chair": CHAIR, "member": member(DELTA)}.items()
    }
    held, agree = ("Mend held rows of bank statements", 1), ("Agree to write-offs, or refuse them", 1)
    assert told == {"finance": [held], "second": [held, agree], "chair": [agree], "member": [("Pay {document}", 1)]}
    till.pay("700.00", "ALL", by=DELTA)
    assert waiting(member(DELTA), LATER) == []
