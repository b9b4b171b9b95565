"""The pages of finance agree with the documents, close a month once, and open for nobody else."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from tests.finance.permissions import held
from tests.web import scene as making
from tests.web.scene import PROGRAMME, Scene, set_scene

from lionrock.charging import reckoning
from lionrock.charging.actions import close_asked
from lionrock.charging.models import HeldRow, MonthClose, RecordedRun
from lionrock.finance.queries.spending import By
from lionrock.people.domain import Role
from lionrock.statements.models import Document

pytestmark = pytest.mark.django_db

PAGES = ("what-if?month=2025-05&share=50", "spending", "caps?all=1", "closing", "closing?preview=1", "held")


@pytest.fixture
def scene() -> Scene:
    """A small programme in full swing."""
    return set_scene()


@pytest.fixture
def finance(scene: Scene) -> Client:
    client = Client()
    client.force_login(making.works_for(making.person("finance@example.org", "Finance"), Role.FINANCE))
    return client


def _at(page: str) -> str:
    return f"/programmes/{PROGRAMME}/{page}"


@pytest.mark.parametrize("by", By)
def test_what_was_spent_adds_up_to_the_documents_whatever_it_is_told_by(finance: Client, by: By) -> None:
    told = json.loads(finance.get(_at(f"spending.json?by={by.value}")).content)
    documents = Document.objects.filter(programme=PROGRAMME)
    assert sum(row["spent"] for row in told["spent"]) == sum(document.subsidy for document in documents)
    rows = finance.get(_at(f"spending.csv?by={by.value}")).content.decode("utf-8-sig").splitlines()
    assert rows[0] == f"{by.value},month,spent,currency"
    assert len(rows) == len(told["spent"]) + 1
    page = finance.get(_at(f"spending?by={by.value}")).context
    assert sum(row.share for row in page["rows"]) == 1
    assert page["spending"].left_after[-1][1] == page["spending"].left


def test_the_forecast_begins_after_the_last_closed_month(finance: Client) -> None:
    context = finance.get(_at("spending")).context
    last = context["spending"].months[-1]
    assert [one.month for one in context["ahead"]] == [last.plus(each) for each in range(1, 13)]


def test_another_share_moves_money_between_scheme_and_organisations_and_writes_nothing(finance: Client) -> None:
    before = list(MonthClose.objects.values_list("pk", "subsidy"))
    context = finance.get(_at("what-if?month=2025-03&until=2025-05&share=50")).context
    whole = context["rows"][-1]
    assert whole.names is None
    assert whole.supposed[1] == whole.supposed[2]
    assert whole.as_is[0] == whole.supposed[0]
    assert whole.more[1].minor == -whole.more[2].minor < 0
    assert sum(row.more[2].minor for row in context["rows"][:-1]) == whole.more[2].minor
    dearer = finance.get(_at("what-if?month=2025-05&price.h800-card=80000")).context["rows"][-1]
    assert abs(dearer.supposed[0].minor - 2 * dearer.as_is[0].minor) <= 1
    assert list(MonthClose.objects.values_list("pk", "subsidy")) == before


@pytest.mark.parametrize(
    ("asked", "field", "said"),
    [
        ("month=2025-05", "supposition", "Nothing is supposed"),
        ("month=May&share=50", "month", "is not a month"),
        ("month=2025-05&share=150", "share", "is no share"),
        ("month=2025-05&until=2025-04&share=50", "until", "first of them first"),
        ("month=2025-05&cap=much", "cap", "much"),
        ("month=2025-05&price.h800-card=dear", "price.h800-card", "dear"),
    ],
)
def test_what_cannot_be_supposed_is_told_at_its_field_and_kept(
    finance: Client, asked: str, field: str, said: str
) -> None:
    answer = finance.get(_at(f"what-if?{asked}"))
    assert answer.status_code == 422
    faults = answer.context["wrong"].faults
    assert field in {fault.field for fault in faults}
    assert said in answer.content.decode()


def test_awards_far_from_their_cap_are_listed_only_when_asked_for(finance: Client) -> None:
    context = finance.get(_at("caps?all=1")).context
    every = list(context["page"].object_list)
    assert len(every) == context["count"] > 0
    near = [one for one in every if one.standing.nearness != "far"]
    assert list(finance.get(_at("caps")).context["page"].object_list) == near
    for one in every:
        assert one.left.minor + sum(_paid(one.code)) == one.cap.minor


def _paid(award: str) -> list[int]:
    return [row["subsidy"] for document in Document.objects.all() for row in document.awards if row["award"] == award]


def test_a_month_is_closed_from_its_page_and_only_once(finance: Client) -> None:
    page = finance.get(_at("closing?preview=1"))
    month = page.context["cockpit"].month
    preview = page.context["preview"]
    count = MonthClose.objects.count()
    for _ in range(2):
        finance.post(_at("closing/close"), {"month": str(month)})
        assert MonthClose.objects.count() == count + 1
    closed = MonthClose.objects.latest("month")
    assert closed.month == month.first_day
    assert (closed.gross, closed.subsidy, closed.user) == tuple(
        amount.minor for amount in (preview.gross, preview.subsidy, preview.user)
    )
    assert Document.objects.filter(close=closed).count() == preview.organisations
    assert finance.get(_at("closing")).context["cockpit"].month == month.next


def test_a_large_month_is_left_to_the_worker_and_the_page_tells_how_far_it_is(
    finance: Client, scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reckoning, "MANY", 0)
    month = finance.get(_at("closing")).context["cockpit"].month
    assert "you are told when it is closed" in finance.get(_at("closing")).content.decode()
    page = finance.post(_at("closing/close"), {"month": str(month)}, follow=True)
    assert page.context["cockpit"].under_way.for_worker
    text = page.content.decode()
    assert ("data-open" in text, "closing/stop" in text, "closing/close" in text) == (True, True, False)
    office = Client()
    office.force_login(scene.office)
    assert "closing/stop" not in office.get(_at("closing")).content.decode()

    page = finance.post(_at("closing/stop"), follow=True)
    text = page.content.decode()
    assert "finance@example.org stopped it" in text
    assert ("data-open" in text, "closing/stop" in text, "closing/close" in text) == (False, False, True)
    assert finance.post(_at("closing/stop")).status_code == 409
    assert close_asked(timezone.now()) == 0

    finance.post(_at("closing/close"), {"month": str(month)})
    assert close_asked(timezone.now()) == 1
    assert finance.get(_at("closing")).context["cockpit"].month == month.next


def test_a_month_that_has_not_ended_is_refused_and_says_from_when(
    finance: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    month = finance.get(_at("closing")).context["cockpit"].month
    during = datetime(month.year, month.month, 20, tzinfo=UTC)
    monkeypatch.setattr("django.utils.timezone.now", lambda: during)
    page = finance.get(_at("closing"))
    assert "has not ended yet" in page.content.decode()
    assert "closing/close" not in page.content.decode()
    answer = finance.post(_at("closing/close"), {"month": str(month)})
    assert answer.status_code == 409
    assert "has not ended" in answer.content.decode()


def test_who_may_not_close_is_not_offered_it(scene: Scene) -> None:
    client = Client()
    client.force_login(scene.office)
    assert "closing/close" not in client.get(_at("closing")).content.decode()


def test_held_rows_are_told_by_what_is_wrong_and_taken_in_as_another_account(finance: Client) -> None:
    row = held()
    line = "9,nobody,2025-12-02T00:00:00Z,2025-12-02T04:00:00Z,h800-gpu=1,harbour-centre,,,COMPLETED,0,,"
    HeldRow.objects.filter(pk=row.pk).update(raw=line, fields={"value": "nobody"})
    page = finance.get(_at("held")).content.decode()
    assert "The account nobody is not on file." in page
    done = finance.post(_at("held/again"), {"account": "nobody", "instead": "harbour-university"}, follow=True)
    assert "1 row was taken in." in done.content.decode()
    assert RecordedRun.objects.filter(job="9", account="harbour-university").exists()
    assert not HeldRow.objects.exists()


def test_a_row_is_mended_on_its_page_and_what_was_typed_is_kept_when_it_is_wrong(finance: Client) -> None:
    row = held()
    address = _at(f"held/{row.pk}")
    wrong = finance.post(address, {"verb": "mend", "line": "9,nobody,<b>"})
    assert wrong.status_code == 422
    assert "9,nobody,&lt;b&gt;" in wrong.content.decode()
    assert finance.post(address, {"verb": "set_aside", "reason": ""}).status_code == 422
    assert finance.post(address, {"verb": "set_aside", "reason": "A test."}).status_code == 302
    assert finance.get(address).status_code == 404


def test_pages_ask_the_database_the_same_however_many_months_are_closed(finance: Client) -> None:
    few = [_queries(finance, page) for page in PAGES]
    for _ in range(3):
        month = finance.get(_at("closing")).context["cockpit"].month
        finance.post(_at("closing/close"), {"month": str(month)})
    assert [_queries(finance, page) for page in PAGES] == few


def _queries(client: Client, page: str) -> int:
    client.get(_at(page))
    with CaptureQueriesContext(connection) as asked:
        assert client.get(_at(page)).status_code == 200
    return len(asked)
