"""Finance at work: a payment, a bank statement, a write-off that another person agrees to, a claim that is settled."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from django.utils import timezone
from playwright.sync_api import expect
from tests.browser.conftest import PASSWORD, PHONE, Visitor
from tests.browser.test_pages import LANGUAGES, faults, look, overflow

if TYPE_CHECKING:
    from tests.web.scene import Scene

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

PROGRAMME = "hk-aiss-demo"
NOW = datetime(2025, 12, 10, 2, tzinfo=UTC)
WIDEST = ("owed", "statement-late", "remittance")
"""What is looked at in Chinese too: between them they have every part that the others are made of."""


@pytest.fixture
def till(scene: Scene) -> dict[str, str]:
    """The small programme with finance and a chair, some of whose statements are paid; the addresses of its pages."""
    from tests.web.scene import ROOT, person, works_for  # noqa: PLC0415

    from lionrock.kernel.money import Money  # noqa: PLC0415
    from lionrock.people.domain import Role  # noqa: PLC0415
    from lionrock.receivables.actions import (  # noqa: PLC0415
        import_bank_file,
        record_payment,
        remind_debtors,
        reverse_payment,
        write_off,
    )
    from lionrock.statements.models import Document, Settlement  # noqa: PLC0415

    works_for(person("finance@example.org", "Ho Wai Man", password=PASSWORD), Role.FINANCE)
    works_for(person("chair@example.org", "Ng Mei Ling", password=PASSWORD), Role.CHAIR)
    given = {"actor": ROOT, "programme": PROGRAMME, "organisation": "harbour-university", "now": NOW}
    first = Document.objects.filter(organisation__code="harbour-university").order_by("month")[0]
    amounts = {"FT25101-17": first.user + 120_000_00, "FT25133-02": 55_00}
    made = [
        record_payment(amount=Money(amount, "HKD"), paid_on=date(2025, 6, 2 + n), reference=reference, **given)[0]  # type: ignore[arg-type]
        for n, (reference, amount) in enumerate(amounts.items())
    ]
    reverse_payment(actor=ROOT, payment=made[1].pk, reason="Returned by the bank", now=NOW)
    late = Document.objects.filter(organisation__code="peak-robotics", user__gt=0).order_by("month")[0]
    write_off(actor=ROOT, document=late.number, amount=Money(600_00, "HKD"), reason="The firm disputes it.", now=NOW)
    remind_debtors(NOW)
    rows = b"date,amount,currency,reference,payer\n10/12/2025,1.000,USD,,peak-robotix\n2025-12-01,5.00,HKD,X1,nobody\n"
    import_bank_file(actor=ROOT, programme=PROGRAMME, content=rows, name="december.csv", now=NOW)
    return {
        "owed": f"/programmes/{PROGRAMME}/owed",
        "payments": f"/programmes/{PROGRAMME}/payments",
        "payment": f"/payments/{made[0].pk}",
        "payment-reversed": f"/payments/{made[1].pk}",
        "write-offs": f"/programmes/{PROGRAMME}/write-offs",
        "statement-paid": f"/statements/{first.number}",
        "statement-late": f"/statements/{late.number}",
        "settlements": "/settlements",
        "claim": f"/settlements/{Settlement.objects.filter(kind='claim').order_by('month')[1].number}",
        "remittance": f"/settlements/{Settlement.objects.filter(kind='remittance').order_by('month')[1].number}",
        "books": f"/programmes/{PROGRAMME}/books?from=2025-03&to=2025-08",
    }


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_pages_of_money_are_open_to_everybody(visitor: Visitor, till: dict[str, str], language: str) -> None:
    visitor.speak(language)
    visitor.sign_in("finance@example.org")
    pages = {name: path for name, path in till.items() if language == "en" or name in WIDEST}
    assert look(visitor, pages, language) == []


def test_finance_records_what_was_paid_and_another_person_forgives_the_rest(
    visitor: Visitor, till: dict[str, str], tmp_path: Path
) -> None:
    visitor.sign_in("finance@example.org")
    page = visitor.open(till["payments"])
    page.get_by_role("button", name="Record it").click()
    expect(page.get_by_role("alert")).to_contain_text("is not a decimal number")
    page.get_by_label("Who paid").select_option("peak-robotics")
    page.get_by_label("Amount in HKD").fill("1000.00")
    page.get_by_label("Day on which it arrived").fill("2025-12-09")
    page.get_by_label("Reference of the bank").fill("FT25343-01")
    page.get_by_role("button", name="Record it").click()
    expect(page.get_by_role("status")).to_contain_text("The payment is recorded.")
    page.get_by_role("row", name="INV-2025").get_by_role("link").first.click()
    expect(page.get_by_role("heading", name="What is open")).to_contain_text("Overdue")
    expect(page.get_by_role("row", name="Payment FT25343-01")).to_contain_text("HKD 1,000.00")

    statement = tmp_path / "more.csv"
    statement.write_text(
        "date,amount,currency,reference,payer\n2025-12-10,7.00,HKD,FT25344-09,peak-robotics\n2025-12-10,x,HKD,B,peak\n"
    )
    page = visitor.open(till["payments"])
    page.get_by_label("File").set_input_files(statement)
    page.get_by_role("button", name="Take it in").click()
    expect(page.get_by_role("status")).to_contain_text("1 payment is recorded. 1 row is held.")
    held = page.get_by_role("row", name="more.csv:3")
    held.get_by_label("Reason").fill("Interest of the bank")
    held.get_by_role("button", name="Take it off").click()
    expect(page.get_by_role("row", name="more.csv:3")).to_have_count(0)

    visitor.open(till["write-offs"])
    expect(page.get_by_role("row", name="The firm disputes it.")).to_contain_text("Waiting for an answer")
    page.get_by_role("row", name="The firm disputes it.").get_by_role("button", name="Agree").click()
    expect(page.get_by_role("status")).to_contain_text("The write-off is booked.")
    visitor.open(till["statement-late"])
    expect(page.get_by_role("heading", name="What is open").locator("xpath=..")).to_contain_text("Written off")


def test_a_claim_is_settled_on_a_phone(visitor: Visitor, till: dict[str, str]) -> None:
    visitor.sign_in("finance@example.org")
    page = visitor.open(till["claim"])
    page.set_viewport_size(PHONE)
    page.get_by_text("Record that it was paid").click()
    page.get_by_label("Day of the payment").fill("2025-12-09")
    page.get_by_role("button", name="Record it").click()
    expect(page.get_by_role("alert")).to_contain_text("“Reference of the bank” is empty")
    assert (faults(page), overflow(page)) == ([], 0)
    page.get_by_label("Reference of the bank").fill("FT25343-77")
    page.get_by_role("button", name="Record it").click()
    expect(page.get_by_role("heading", name="Payment")).to_contain_text("Settled")


def test_a_member_sees_what_is_open_and_is_not_asked_to_forgive(visitor: Visitor, till: dict[str, str]) -> None:
    visitor.sign_in("chan@example.org")
    page = visitor.open(till["statement-paid"])
    expect(page.get_by_role("heading", name="What is open")).to_contain_text("Paid")
    page.get_by_role("link", name="Payment FT25101-17").click()
    expect(page.get_by_role("heading", name="Payment FT25101-17")).to_be_visible()
    expect(page.get_by_text("It does not stand")).to_have_count(0)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_large_month_is_closed_while_its_page_looks_on(
    visitor: Visitor, till: dict[str, str], monkeypatch: pytest.MonkeyPatch, language: str
) -> None:
    from lionrock.charging import reckoning  # noqa: PLC0415
    from lionrock.charging.actions import close_asked  # noqa: PLC0415

    monkeypatch.setattr(reckoning, "MANY", 0)
    visitor.sign_in("finance@example.org")
    visitor.speak(language)
    if language != "en":
        visitor.page.set_viewport_size(PHONE)
    address = f"/programmes/{PROGRAMME}/closing"
    page = visitor.open(address)
    visitor.picture(f"closing-large-{language}")
    page.locator('form[action$="/closing/close"] button').click()
    expect(page.locator("#live[data-open] progress")).to_have_attribute("value", "0")
    expect(page.locator(".follow-note")).to_be_visible()
    found = faults(page)
    visitor.picture(f"closing-under-way-{language}")
    page.locator('form[action$="/closing/stop"] button').click()
    expect(page.locator("#live:not([data-open]) progress")).to_have_count(1)
    visitor.picture(f"closing-stopped-{language}")
    page.locator('form[action$="/closing/close"] button').click()
    expect(page.locator("#live[data-open]")).to_have_count(1)
    assert close_asked(timezone.now()) == 1
    expect(page.locator("#live:not([data-open])")).to_have_count(1, timeout=60_000)
    expect(page.locator("progress")).to_have_count(0)
    found += look(visitor, {"closing-done": address, "closing-told": "/notices"}, language)
    assert overflow(page) <= 0
    assert found == []
