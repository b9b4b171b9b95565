"""The pages, files and commands of supply: the story of 1,300 petaflops and orders for 3,000, as people meet it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from pytest_django import DjangoAssertNumQueries
from tests.calls.world import OPERATOR, SHIPPED, World
from tests.screening.test_pages import signed_in
from tests.supply.permissions import a_file
from tests.supply.story import BY, Told, tell
from tests.supply.story import NOW as LATER
from tests.supply.world import OWN, ordered

from lionrock.config import cli
from lionrock.people.domain import Role
from lionrock.supply.domain.capacity import Change, Standing, capacity_over_time, rates_of
from lionrock.supply.images import images_stated
from lionrock.supply.models import Order
from lionrock.supply.queries.capacity import changes_planned, planned_capacity
from lionrock.supply.queries.orders import book

pytestmark = pytest.mark.django_db
CAPACITY = f"/programmes/{OWN}/supply"


@pytest.fixture
def told(world: World, monkeypatch: pytest.MonkeyPatch) -> Told:
    monkeypatch.setattr("django.utils.timezone.now", lambda: LATER)
    monkeypatch.setattr(cli, "connect", lambda: None)
    return tell()


def test_a_minister_reads_what_the_goal_rests_on(told: Told) -> None:
    page = signed_in("auditor", Role.AUDITOR).get(CAPACITY).content.decode()
    for said in ("3,000", "1,419.6", "1,889.3", "1,110.7", "10,000,000,000 images", told.held.code, "presumed to have"):
        assert said in page, said
    assert told.moved.code not in page.partition("What is held")[2].partition("as a table")[0]
    assert "Set the goal" not in page, "an auditor looks and does nothing"


def test_capacity_is_exact_and_the_planner_adds_changes_of_its_own(told: Told) -> None:
    today = LATER.date()
    found = planned_capacity(OPERATOR, OWN, today).capacity
    rate = rates_of(book().items)
    running = 1315 * rate["nvidia-h800-sxm5-80gb"] + 800 * rate["nvidia-h20-96gb"]
    assert found.on(today).petaflops[Standing.CERTAIN] == running
    assert found.on(BY).petaflops[Standing.APPLIED] == 2400 * rate["nvidia-h20-96gb"]
    assert found.on(BY).petaflops[Standing.AT_RISK] == 2000 * rate["huawei-ascend-910b2"]
    more = Change(BY, "nvidia-h800-sxm5-80gb", 2000, Standing.LICENSED, "scenario")
    would = capacity_over_time(
        [*changes_planned(OPERATOR, OWN, today), more], rate, first=today, last=BY, goal=found.goal
    )
    assert (found.reached(Standing.LICENSED), would.reached(Standing.LICENSED)) == (None, BY)


def test_files_of_capacity_and_orders_agree_with_the_command(told: Told) -> None:
    client = signed_in("finance", Role.FINANCE)
    rows = client.get(f"{CAPACITY}.json").json()
    run = CliRunner().invoke(cli.main, ["supply", "capacity", "--programme", OWN, "--json", "--at", LATER.isoformat()])
    data = json.loads(run.output)
    assert data["levels"] == rows
    assert data["goal"] == {"petaflops": 3000, "by": "2027-06-30", "source": "2025-26 Budget"}
    assert [row["order"] for row in client.get("/supply/orders.json").json()] == [
        told.free.code, told.held.code, told.applied.code, told.moved.code,
    ]  # fmt: skip
    assert "95000.00" in client.get("/supply/orders.csv").content.decode()
    assert client.get("/supply/orders.pdf").status_code == 404
    table = CliRunner().invoke(cli.main, ["supply", "capacity", "--programme", OWN, "--at", LATER.isoformat()]).output
    assert "The goal is 3000 petaflops by 2027-06-30" in table


def test_an_order_shows_both_answers_and_what_is_otherwise(told: Told) -> None:
    page = signed_in("office", Role.OFFICE).get(f"/supply/orders/{told.moved.code}").content.decode()
    for said in ("When the delivery was moved", "When the order was placed", "What is otherwise than before", "960"):
        assert said in page, said
    shown = CliRunner().invoke(cli.main, ["supply", "order", told.moved.code])
    assert (shown.exit_code, "(date)" in shown.output, "(placed)" in shown.output) == (0, True, True)


def test_who_runs_clusters_sees_no_prices(told: Told) -> None:
    admin, finance = signed_in("admin", Role.CLUSTER_ADMIN), signed_in("finance", Role.FINANCE)
    prices = {
        "/supply/orders": "19,000,000.00",
        "/supply/orders.csv": "95000.00",
        f"/supply/orders/{told.moved.code}": "19,000,000.00",
        "/supply/side-by-side": "11,875.00",
    }
    for address, price in prices.items():
        seen, unseen = (each.get(address).content.decode() for each in (finance, admin))
        assert (price in seen, price in unseen) == (True, False), address


def test_side_by_side_says_not_known_where_nobody_has_said(told: Told) -> None:
    page = signed_in("office", Role.OFFICE).get("/supply/side-by-side").content.decode()
    assert "173" in page, "days from order to arrival of our own"
    assert "not known" in page
    assert images_stated(SHIPPED).chips == {}
    assert images_stated(SHIPPED).centres[3000].per_hour == 10**10
    words = "supply alternatives --to HK --from US --headquarters HK --date 2026-11-23 --json"
    run = CliRunner().invoke(cli.main, words.split())
    rows = {row["chip_id"]: row for row in json.loads(run.output)}
    assert rows["nvidia-l20"]["images_per_hour"] is None
    assert rows["nvidia-l20"]["price"] == "USD 11,875.00"


def test_two_persons_release_by_the_page_and_the_start_page_tells_them(told: Told) -> None:
    first, second = signed_in("first", Role.COMPLIANCE), signed_in("second", Role.COMPLIANCE)
    address, hold = f"/supply/orders/{told.held.code}", str(told.held.holds.get().pk)
    assert "Orders of accelerators that are held: 2" in first.get("/").content.decode()

    def decide(who: Client, step: str, reason: str = "Confirmed by letter.") -> int:
        sent = {"deed": "release", "release-hold": hold, "release-step": step, "release-reason": reason}
        return who.post(address, sent).status_code

    assert decide(first, "ask", "") == 422
    assert decide(first, "") == 422
    assert decide(first, "ask") == 302
    assert "Agree to release an order" in second.get("/").content.decode()
    assert decide(first, "agree") == 409
    assert decide(second, "agree") == 302
    assert Order.objects.get(code=told.held.code).state == "open"
    assert "Released by two persons" in second.get(address).content.decode()
    assert first.post(address, {"deed": "commission"}).status_code == 409, "that is not theirs to do"


def test_an_order_is_placed_by_hand_with_all_its_faults_at_once(told: Told) -> None:
    office = signed_in("office", Role.OFFICE)
    wrong = office.post(
        "/supply/orders/new", {"deed": "order", "order-units": "many", "order-price": "free", "order-currency": "USD"}
    )
    said = wrong.content.decode()
    assert wrong.status_code == 422
    assert all(each in said for each in ("is not a whole number", "is not a decimal number", "is not a date"))
    typed = {
        "supplier": "kestrel", "reference": "Q-50", "to": "HK", "from": "US", "headquarters": "HK",
        "chip": "nvidia-h20-96gb", "chips_per_unit": "8", "units": "4", "price": "95000.00", "currency": "usd",
        "site": "here", "due": "2027-03-01",
    }  # fmt: skip
    placed = office.post("/supply/orders/new", {"deed": "order", **{f"order-{k}": v for k, v in typed.items()}})
    made = Order.objects.get(reference="Q-50")
    assert (placed.status_code, placed["Location"], made.state) == (302, f"/supply/orders/{made.code}", "held")


def test_a_file_places_all_or_nothing(told: Told, tmp_path: Path) -> None:
    office = signed_in("office", Role.OFFICE)
    good = a_file()
    bad = good + good.splitlines(keepends=True)[1].replace(b"Q-7", b"Q-8").replace(b",4,", b",none,")

    def send(content: bytes) -> int:
        sent = {"deed": "file", "file": SimpleUploadedFile("orders.csv", content)}
        return office.post("/supply/orders/new", sent).status_code

    assert (send(bad), Order.objects.filter(reference__in=["Q-7", "Q-8"]).count()) == (422, 0)
    assert office.post("/supply/orders/new", {"deed": "file"}).status_code == 422
    path = tmp_path / "orders.csv"
    path.write_bytes(bad)
    refused = CliRunner().invoke(cli.main, ["supply", "import", str(path)])
    assert (refused.exit_code, "orders.csv:3" in refused.stderr) == (2, True)
    assert (send(good), Order.objects.filter(reference="Q-7").count()) == (302, 1)


def test_pages_ask_the_database_as_often_for_many_orders_as_for_few(
    told: Told, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    auditor = signed_in("auditor", Role.AUDITOR)
    addresses = (CAPACITY, f"{CAPACITY}.csv", "/supply/orders", "/supply/licences", "/supply/side-by-side")

    def counted() -> list[int]:
        found = []
        for address in addresses:
            with django_assert_max_num_queries(22) as captured:
                assert auditor.get(address).status_code == 200
            found.append(len(captured))
        return found

    counted()
    before = counted()
    for number in range(3):
        ordered(f"M-{number}")
    assert counted() == before
