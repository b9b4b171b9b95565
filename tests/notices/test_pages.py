"""The page of notices, the bell, what opening marks, and how one wants to be told."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from http import HTTPStatus
from typing import Any

import pytest
from django.conf import settings
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import NoReverseMatch, get_resolver, reverse
from tests.calls.world import World

from lionrock.kernel.messages import gettext_noop, message
from lionrock.notices.actions import notify
from lionrock.notices.domain import PAGES, Subject
from lionrock.notices.models import Notice, Wishes
from lionrock.notices.pages import address_of
from lionrock.people.models import Person
from lionrock.rules.shape import Names
from lionrock.web.listing import ROWS_PER_PAGE

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 3, 2, 2, 0, tzinfo=UTC)
DAY = timedelta(days=1)


def person(email: str = "chan@example.org") -> Person:
    return Person.objects.create(email=email, name="Chan", created_at=NOW)


@pytest.fixture
def client() -> Client:
    made = Client()
    made.force_login(person())
    return made


def tell(code: str = "APP-2026-0001", at: datetime = NOW, to: str = "chan@example.org") -> Notice:
    said = message(gettext_noop("{application} was returned."), application=code)
    notify(to=[to], said=said, about=Subject("application", code), now=at)
    return Notice.objects.latest("pk")


def unread() -> int:
    return Notice.objects.filter(read_at__isnull=True).count()


def bell(client: Client) -> str:
    page = client.get("/account").content.decode()
    return page.split('class="bell"')[1].split("</a>")[0]


def test_what_is_unread_stands_first_and_each_under_its_day(client: Client) -> None:
    old, new = tell("old", NOW - 3 * DAY), tell("new", NOW)
    tell("yesterday", NOW - DAY)
    Notice.objects.filter(pk=new.pk).update(read_at=NOW)
    page = client.get("/notices").content.decode()
    places = [page.index(text) for text in ("yesterday was", "old was", "new was")]
    assert places == sorted(places)
    days = [page.index(day) for day in ("1 March 2026", "27 February 2026", "2 March 2026")]
    assert days == sorted(days)
    assert page.count("notice-unread") == 2
    assert old.pk != new.pk


def test_the_same_notice_is_read_in_the_language_of_the_page(client: Client) -> None:
    said = message("{name}!", name=Names("Harbour", "海港", "海港大学"))
    notify(to=["chan@example.org"], said=said, about=Subject("account", ""), now=NOW)
    for language, text in {"en": "Harbour!", "zh-hant": "海港!", "zh-hans": "海港大学!"}.items():
        client.cookies[settings.LANGUAGE_COOKIE_NAME] = language
        assert text in client.get("/notices").content.decode()


def test_the_bell_counts_what_is_unread_and_is_silent_otherwise(client: Client) -> None:
    assert "bell-count" not in bell(client)
    tell()
    tell("APP-2026-0002")
    tell(to=person("lee@example.org").email)
    assert ">2<" in bell(client)
    client.post("/notices/read")
    assert "bell-count" not in bell(client)
    assert unread() == 1, "another's is as it was"


def test_one_is_marked_or_opened_and_another_s_is_not_there(client: Client) -> None:
    mine, other = tell(), tell(to=person("lee@example.org").email)
    assert client.get(f"/notices/{mine.pk}")["Location"] == "/applications/APP-2026-0001"
    assert unread() == 1
    assert client.get(f"/notices/{other.pk}").status_code == HTTPStatus.NOT_FOUND
    client.post(f"/notices/{other.pk}/read")
    assert unread() == 1
    again = tell("APP-2026-0002")
    client.post(f"/notices/{again.pk}/read")
    assert unread() == 1
    assert Client().get(f"/notices/{mine.pk}")["Location"].startswith("/sign-in")
    assert Client().post(f"/notices/{mine.pk}/read")["Location"].startswith("/sign-in")


def test_a_page_that_is_looked_at_marks_nothing_of_others(world: World) -> None:
    code = world.submitted(world.open_call()).code
    office = person("office@example.org")
    office.role_grants.create(role="office", programme=world.programme, granted_at=NOW)
    lee = person("lee@example.org")
    Notice.objects.all().delete()
    for reader in (office, lee):
        tell(code, to=reader.email)
        tell("APP-1999-0001", to=reader.email)
    client = Client()
    client.force_login(office)
    assert client.get(f"/applications/{code}").status_code == HTTPStatus.OK
    left = Notice.objects.filter(read_at__isnull=True).values_list("person__email", "code")
    assert sorted(left) == [
        ("lee@example.org", "APP-1999-0001"),
        ("lee@example.org", code),
        ("office@example.org", "APP-1999-0001"),
    ]
    with CaptureQueriesContext(connection) as captured:
        client.get(f"/applications/{code}")
    assert not [query["sql"] for query in captured if query["sql"].startswith("UPDATE")]


def test_every_kind_of_subject_has_its_page_in_a_room_that_has_any() -> None:
    rooms = get_resolver().namespace_dict
    for page in PAGES.values():
        room, _, name = page.partition(":")
        assert room not in rooms or name in rooms[room][1].reverse_dict, page


def test_a_subject_whose_page_is_no_more_leads_to_the_list(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(NoReverseMatch):
        reverse("applications:show", args=["a/b"])
    assert address_of(Subject("application", "a/b/c")) == "/notices"


def test_long_lists_are_paged_and_take_no_more_queries(client: Client) -> None:
    counts = []
    for many in (range(2), range(2, 60)):
        for number in many:
            tell(f"APP-2026-{number:04d}", NOW + timedelta(minutes=number))
        with CaptureQueriesContext(connection) as captured:
            page = client.get("/notices").content.decode()
        counts.append(len(captured))
    assert counts[0] == counts[1]
    assert page.count("notice-unread") == ROWS_PER_PAGE
    assert "APP-2026-0000" in client.get(f"/notices?page={60 // ROWS_PER_PAGE + 1}").content.decode()


def test_wishes_are_kept_and_shown_again(client: Client) -> None:
    row = {"pace": "daily", "hour": "18", "language": "zh-hans"}
    answer = client.post("/notices/settings", row)
    assert answer["Location"] == "/notices/settings"
    kept = Wishes.objects.get()
    assert (kept.pace, kept.hour, Person.objects.get().language) == ("daily", 18, "zh-hans")
    page = client.get("/notices/settings").content.decode()
    assert 'value="daily" checked' in page
    assert '<option value="18" selected>' in page


@pytest.mark.parametrize(
    ("changed", "field"),
    [({"pace": "never"}, "pace"), ({"hour": "24"}, "hour"), ({"hour": "-1"}, "hour"), ({"language": "xx"}, "language")],
)
def test_a_wish_that_is_none_is_told_at_its_field(client: Client, changed: dict[str, str], field: str) -> None:
    answer = client.post("/notices/settings", {"pace": "daily", "hour": "18", "language": "en"} | changed)
    assert answer.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    assert f'id="{field}-fault"' in answer.content.decode()
    assert not Wishes.objects.exists()


def test_where_no_mail_is_sent_the_settings_say_so(client: Client, settings: Any) -> None:
    for mail in (True, False):
        settings.LIONROCK_MAIL = mail
        assert ("sends no e-mail" in client.get("/notices/settings").content.decode()) is not mail
