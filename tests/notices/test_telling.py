"""Telling people: who is told, once each, in words that every reader gets in their own language."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from django.db import transaction
from django.utils.translation import override
from pytest_django import DjangoAssertNumQueries

from lionrock.kernel.errors import Broken
from lionrock.kernel.messages import Message, gettext_noop, message
from lionrock.kernel.money import Money, Price
from lionrock.kernel.periods import Month
from lionrock.notices.actions import notify
from lionrock.notices.domain import Subject, kept, told
from lionrock.notices.models import Notice
from lionrock.people.models import Person
from lionrock.rules.shape import Names
from lionrock.web.sentences import translate

NOW = datetime(2026, 3, 2, 2, 0, tzinfo=UTC)
ABOUT = Subject("application", "APP-2026-0001")
SAID = message(gettext_noop("{application} was returned."), application="APP-2026-0001")


def person(email: str, *, active: bool = True) -> Person:
    return Person.objects.create(email=email, name=email.split("@", maxsplit=1)[0], is_active=active, created_at=NOW)


@pytest.mark.parametrize(
    ("value", "written"),
    [
        ("text {braces} <b>", "text {braces} <b>"),
        (3, "3"),
        (Money(123450, "HKD"), "HKD\N{NO-BREAK SPACE}1,234.50"),
        (Price.parse("54.794521", "HKD"), "HKD\N{NO-BREAK SPACE}54.794521"),
        (Month(2026, 3), "March 2026"),
        (date(2026, 3, 1), "1 March 2026"),
        (NOW, "2026-03-02 02:00+00:00"),
        (Decimal("1234.50"), "1,234.5"),
        (Names("Scheme", "計劃", "计划"), "Scheme"),
        (message("inner {day}", day=date(2026, 3, 1)), "inner 1 March 2026"),
        (Subject("award", "AW-1"), "Subject(kind='award', code='AW-1')"),
    ],
)
def test_what_is_kept_is_read_as_it_was_said(value: object, written: str) -> None:
    again = told(json.loads(json.dumps(kept(Message("[{value}]", {"value": value})))))
    assert translate(again) == f"[{written}]"


def test_each_reader_gets_names_and_dates_as_their_language_writes_them() -> None:
    said = message("{programme}: {day}", programme=Names("Scheme", "計劃", "计划"), day=date(2026, 3, 1))
    again = told(json.loads(json.dumps(kept(said))))
    with override("zh-hant"):
        assert translate(again) == "計劃: 2026年3月1日"


def test_a_notice_is_about_a_thing_that_has_a_page() -> None:
    with pytest.raises(Broken):
        Subject("weather", "today")
    assert Subject("report", "AW-2026-0007/2").arguments == ["AW-2026-0007", "2"]
    assert Subject("account", "").arguments == []


@pytest.mark.django_db
def test_everybody_named_is_told_once_and_who_is_unknown_or_gone_is_passed_over() -> None:
    person("Chan@example.org")
    person("lee@example.org")
    person("gone@example.org", active=False)
    to = ["chan@example.org", "CHAN@example.org", "lee@example.org", "gone@example.org", "nobody@example.org", ""]
    notify(to=to, said=SAID, about=ABOUT, now=NOW)
    assert sorted(Notice.objects.values_list("person__email", flat=True)) == ["Chan@example.org", "lee@example.org"]
    [said, _] = [told(notice.said) for notice in Notice.objects.all()]
    assert str(said) == "APP-2026-0001 was returned."
    assert set(Notice.objects.values_list("kind", "code", "at", "urgent", "read_at", "pending")) == {
        ("application", "APP-2026-0001", NOW, False, None, True)
    }


@pytest.mark.django_db
def test_telling_many_takes_no_more_statements_than_telling_one(
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    addresses = [person(f"reader-{number}@example.org").email for number in range(40)]
    for to in (addresses[:1], addresses):
        with django_assert_num_queries(2):
            notify(to=to, said=SAID, about=ABOUT, now=NOW, urgent=True)
    assert Notice.objects.count() == 41
    notify(to=[], said=SAID, about=ABOUT, now=NOW)
    assert Notice.objects.count() == 41


@pytest.mark.django_db
def test_what_is_undone_is_told_to_nobody() -> None:
    person("chan@example.org")
    with transaction.atomic():
        notify(to=["chan@example.org"], said=SAID, about=ABOUT, now=NOW)
        transaction.set_rollback(True)
    assert not Notice.objects.exists()
