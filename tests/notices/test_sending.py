"""Mail, handed to a real server over a real socket: one that takes it, refuses it, hangs up, or is not there."""

from __future__ import annotations

import threading
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.core.mail import EmailMultiAlternatives
from django.db import connection, transaction
from tests.notices.server import Post, free_port, html_of, open_server, text_of

from lionrock.kernel.errors import Unavailable
from lionrock.kernel.events import publish
from lionrock.kernel.messages import message
from lionrock.notices.actions import choose_wishes, mark_all_read, notify, pack_mail, retry_mail, send_mail
from lionrock.notices.domain import PAUSES, STALE_AFTER, Subject
from lionrock.notices.models import Mail, Notice
from lionrock.notices.writing import SUBJECT_LENGTH, one_line, written
from lionrock.people.domain import JoiningAsked
from lionrock.people.models import Joining, Organisation, Person
from lionrock.rules.shape import Names

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 3, 2, 2, 0, tzinfo=UTC)
ABOUT = Subject("application", "APP-2026-0001")
MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)
NAMES = Names("Harbour Scheme", "海港計劃", "海港计划")


def reader(email: str = "chan@example.org", language: str = "en", **wishes: str) -> Person:
    person = Person.objects.create(email=email, name="Chan", language=language, created_at=NOW)
    if wishes:
        choose_wishes(reader=person, pace=wishes["pace"], hour=wishes.get("hour", "8"), now=NOW)
    return person


def tell(*emails: str, at: datetime = NOW, urgent: bool = False, **fields: object) -> None:
    said = message("{code} of {programme} was returned.", **{"code": "APP-2026-0001", "programme": NAMES} | fields)
    notify(to=emails, said=said, about=ABOUT, now=at, urgent=urgent)


def mail() -> Mail:
    return Mail.objects.get()


def test_a_notice_goes_out_once_with_its_link(post: Post) -> None:
    reader()
    tell("chan@example.org")
    assert send_mail(NOW) == 1
    assert send_mail(NOW + MINUTE) == 0
    [taken] = post.taken
    assert taken["To"] == "chan@example.org"
    assert taken["From"] == "Lionrock <portal@compute.example>"
    assert taken["Subject"] == "APP-2026-0001 of Harbour Scheme was returned."
    address = f"https://compute.example/notices/{Notice.objects.get().pk}"
    assert address in text_of(taken)
    assert f'href="{address}"' in html_of(taken)
    assert (taken["Auto-Submitted"], taken["Content-Language"]) == ("auto-generated", "en")
    assert taken["List-Unsubscribe"] == "<https://compute.example/notices/settings>"
    assert taken["Message-ID"] == f"<mail-{mail().pk}-20260302020000@compute.example>"
    assert (mail().sent_at, mail().tries, mail().last_error) == (NOW, 0, "")


def test_what_happened_between_two_runs_comes_in_one_mail(post: Post) -> None:
    reader()
    for number in range(3):
        tell("chan@example.org", code=f"APP-2026-000{number}")
    assert send_mail(NOW) == 1
    [taken] = post.taken
    assert taken["Subject"] == "Lionrock has 3 notices for you"
    places = [text_of(taken).index(f"APP-2026-000{number}") for number in range(3)]
    assert places == sorted(places)


@pytest.mark.parametrize(
    ("language", "name", "tag"),
    [("en", "Harbour Scheme", "en"), ("zh-hant", "海港計劃", "zh-Hant"), ("zh-hans", "海港计划", "zh-Hans")],
)
def test_each_reader_gets_mail_in_their_own_language(post: Post, language: str, name: str, tag: str) -> None:
    reader(language=language, pace="daily")
    tell("chan@example.org", at=NOW - DAY)
    tell("chan@example.org", at=NOW - DAY + MINUTE)
    assert send_mail(NOW + DAY / 2) == 1
    [taken] = post.taken
    assert text_of(taken).count(name) == 2
    assert f'<html lang="{tag}">' in html_of(taken)
    assert taken["Content-Language"] == tag
    english = "This happened since your last mail:"
    assert (english in text_of(taken)) is (english in html_of(taken))


def test_the_daily_mail_waits_for_its_hour_and_what_is_urgent_does_not(post: Post, settings: Any) -> None:
    settings.LIONROCK_TIME_ZONE = "Asia/Hong_Kong"
    reader(pace="daily", hour="18")
    tell("chan@example.org", code="first")
    tell("chan@example.org", code="second", at=NOW + MINUTE)
    tell("chan@example.org", code="pressing", at=NOW + MINUTE, urgent=True)
    assert send_mail(NOW + 2 * MINUTE) == 1
    assert "pressing" in text_of(post.taken[0])
    assert "first" not in text_of(post.taken[0])
    assert send_mail(datetime(2026, 3, 2, 9, 59, tzinfo=UTC)) == 0
    assert send_mail(datetime(2026, 3, 2, 10, 0, tzinfo=UTC)) == 1
    assert post.taken[1]["Subject"] == "Your day at Lionrock: 2 notices"
    assert send_mail(datetime(2026, 3, 3, 10, 0, tzinfo=UTC)) == 0


def test_what_was_read_meanwhile_or_is_not_wished_does_not_go_out(post: Post) -> None:
    quiet = reader("quiet@example.org", pace="urgent")
    early = reader("early@example.org")
    gone = reader("gone@example.org")
    tell("quiet@example.org", "early@example.org", "gone@example.org")
    mark_all_read(reader=early, now=NOW)
    Person.objects.filter(pk=gone.pk).update(is_active=False)
    assert send_mail(NOW) == 0
    assert not Notice.objects.filter(pending=True).exists()
    tell("quiet@example.org", urgent=True, at=NOW + MINUTE)
    assert send_mail(NOW + MINUTE) == 1
    assert post.addresses == [quiet.email]


def test_without_a_server_notices_are_kept_and_mail_that_was_off_for_long_brings_no_flood(
    post: Post, settings: Any
) -> None:
    reader()
    tell("chan@example.org", at=NOW - STALE_AFTER, code="stale")
    tell("chan@example.org", at=NOW - DAY, code="fresh")
    settings.LIONROCK_MAIL = False
    assert send_mail(NOW) == 0
    assert not Mail.objects.exists()
    assert Notice.objects.filter(pending=True).count() == 2
    settings.LIONROCK_MAIL = True
    assert send_mail(NOW) == 1
    assert "fresh" in text_of(post.taken[0])
    assert "stale" not in text_of(post.taken[0])


def test_an_address_that_the_server_refuses_is_given_up_and_holds_up_nobody(post: Post) -> None:
    post.recipient = lambda address: "550 no such mailbox here" if address.startswith("a") else "250 OK"
    for name in ("a", "b", "c"):
        reader(f"{name}@example.org")
    tell("a@example.org", "b@example.org", "c@example.org")
    assert send_mail(NOW) == 2
    refused = Mail.objects.get(address="a@example.org")
    assert (refused.given_up_at, refused.tries) == (NOW, 1)
    assert "no such mailbox here" in refused.last_error
    assert sorted(post.addresses) == ["b@example.org", "c@example.org"]
    post.recipient = lambda _address: "250 OK"
    assert send_mail(NOW + DAY) == 0
    assert retry_mail(numbers=[refused.pk], now=NOW + DAY) == 1
    assert retry_mail(numbers=None, now=NOW + DAY) == 0
    assert send_mail(NOW + DAY) == 1


@pytest.mark.parametrize("stage", ["recipient", "data"])
def test_a_server_that_asks_for_patience_is_tried_again_later_and_not_for_ever(post: Post, stage: str) -> None:
    setattr(post, stage, lambda _address: "451 try later")
    reader()
    tell("chan@example.org")
    at = NOW
    for failures, pause in enumerate(PAUSES, start=1):
        assert send_mail(at) == 0
        assert (mail().tries, mail().next_try, mail().given_up_at) == (failures, at + pause, None)
        assert send_mail(at + pause - timedelta(seconds=1)) == 0
        assert mail().tries == failures
        at += pause
    assert send_mail(at) == 0
    assert mail().given_up_at == at
    assert "try later" in mail().last_error
    assert post.taken == []


def test_a_server_that_hangs_up_half_way_gets_the_next_mail_on_a_new_line(post: Post) -> None:
    post.hangs_up = lambda address: address.startswith("a")
    for name in ("a", "b"):
        reader(f"{name}@example.org")
    tell("a@example.org", "b@example.org")
    assert send_mail(NOW) == 1
    assert post.addresses == ["b@example.org"]
    waiting = Mail.objects.get(address="a@example.org")
    assert (waiting.sent_at, waiting.tries, waiting.next_try) == (None, 1, NOW + PAUSES[0])
    post.hangs_up = lambda _address: False
    assert send_mail(NOW + PAUSES[0]) == 1
    assert post.addresses == ["b@example.org", "a@example.org"]
    assert post.taken[1]["Message-ID"] == written(waiting).extra_headers["Message-ID"]


def test_a_server_that_is_not_there_is_told_and_counts_against_no_mail(post: Post, settings: Any) -> None:
    reader()
    tell("chan@example.org")
    there, settings.EMAIL_PORT = settings.EMAIL_PORT, free_port()
    with pytest.raises(Unavailable) as down:
        send_mail(NOW)
    assert down.value.code == "notices.mail.server"
    assert str(settings.EMAIL_PORT) in str(down.value)
    assert (mail().tries, mail().sent_at) == (0, None)
    settings.EMAIL_PORT = there
    assert send_mail(NOW) == 1


@pytest.mark.filterwarnings("ignore:Requiring AUTH while not requiring TLS:UserWarning")
@pytest.mark.parametrize(("password", "taken"), [("correct horse", 1), ("wrong", 0)])
def test_a_server_that_asks_who_we_are_is_told(settings: Any, password: str, taken: int) -> None:
    post = Post()
    server = open_server(post, password="correct horse")
    settings.LIONROCK_MAIL, settings.EMAIL_HOST, settings.EMAIL_PORT = True, "127.0.0.1", server.port
    settings.EMAIL_HOST_USER, settings.EMAIL_HOST_PASSWORD = "portal", password
    settings.EMAIL_USE_TLS = settings.EMAIL_USE_SSL = False
    settings.DEFAULT_FROM_EMAIL = "portal@compute.example"
    reader()
    tell("chan@example.org")
    try:
        if taken:
            assert send_mail(NOW) == 1
        else:
            with pytest.raises(Unavailable) as refused:
                send_mail(NOW)
            assert password not in str(refused.value)
    finally:
        server.stop()
    assert len(post.taken) == taken


HOSTILE = [
    "Eve\r\nBcc: everybody@example.org",
    "Eve\nContent-Type: text/html\n\n<script>alert(1)</script>",
    '<b>Eve</b> & "friends"',
    "{template} %(name)s %s",
    "=?utf-8?q?Bcc:_everybody@example.org?=",
    "x" * 5000,
    "寫信\u2028給\u0085我",
    ".\r\n.\r\nQUIT",
]


@pytest.mark.parametrize("text", HOSTILE)
def test_nothing_that_people_write_becomes_a_header_or_markup(post: Post, text: str) -> None:
    reader()
    tell("chan@example.org", code=text)
    assert send_mail(NOW) == 1
    [taken] = post.taken
    assert taken["Bcc"] is None
    assert taken["To"] == "chan@example.org"
    assert taken.get_content_type() == "multipart/alternative"
    assert len(taken["Subject"].strip()) <= SUBJECT_LENGTH
    assert "<script>" not in html_of(taken)
    assert "<b>Eve" not in html_of(taken)
    assert " ".join(text.split())[:40] in " ".join(text_of(taken).split())


@pytest.mark.parametrize("text", ["", "a\r\nb", "x" * 400])
def test_a_subject_is_one_line_of_bounded_length(text: str) -> None:
    assert "\n" not in one_line(text)
    assert len(one_line(text)) <= SUBJECT_LENGTH


def test_the_link_of_somebody_who_joins_is_nowhere_kept(post: Post) -> None:
    joining = Joining.objects.create(email="ng@kite.example", language="en", asked_at=NOW, expires_at=NOW + DAY)
    publish(JoiningAsked(joining.pk, joining.email, "en", NOW))
    assert send_mail(NOW) == 1
    [taken] = post.taken
    [link] = [line for line in text_of(taken).splitlines() if line.startswith("https://")]
    token = link.rpartition("/")[2]
    assert link.startswith("https://compute.example/join/")
    assert taken["List-Unsubscribe"] is None
    kept = [str(value) for row in (*Mail.objects.values(), *Joining.objects.values()) for value in row.values()]
    assert not [value for value in kept if token in value or token.partition("~")[2] in value]


def test_an_invitation_says_who_invites_and_where_to(post: Post) -> None:
    place = Organisation.objects.create(code="kite", name="Kite <Robotics>", name_zh_hant="紙鳶", created_at=NOW)
    joining = Joining.objects.create(
        email="ng@kite.example", organisation=place, invited_by="chan@kite.example", asked_at=NOW, expires_at=NOW + DAY
    )
    Mail.objects.create(
        kind="joining", code=str(joining.pk), address=joining.email, language="zh-hant", made_at=NOW, next_try=NOW
    )
    assert send_mail(NOW) == 1
    assert "chan@kite.example" in text_of(post.taken[0])
    assert "紙鳶" in text_of(post.taken[0])


def test_mail_about_what_is_no_longer_there_is_given_up(post: Post) -> None:
    Mail.objects.create(kind="joining", code="77", address="ng@kite.example", made_at=NOW, next_try=NOW)
    assert send_mail(NOW) == 0
    assert mail().given_up_at == NOW


@pytest.mark.django_db(transaction=True)
def test_two_that_send_at_once_send_each_mail_once(post: Post) -> None:
    for number in range(12):
        reader(f"reader-{number}@example.org")
        tell(f"reader-{number}@example.org")
    together = threading.Barrier(2, timeout=30)
    first: list[bool] = []

    def meet() -> None:
        if len(first) < 2:
            first.append(True)
            together.wait()

    post.before_taking = meet
    counts: list[int] = []

    def send() -> None:
        try:
            counts.append(send_mail(NOW))
        finally:
            connection.close()

    threads = [threading.Thread(target=send) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sum(counts) == 12
    assert min(counts) >= 1, "both were at it"
    assert len(post.addresses) == len(set(post.addresses)) == 12


def test_one_that_packs_leaves_alone_what_another_packs(transactional_db: None) -> None:
    reader()
    tell("chan@example.org")
    with transaction.atomic():
        list(Notice.objects.select_for_update())
        counts: list[int] = []

        def pack() -> None:
            try:
                counts.append(pack_mail(NOW))
            finally:
                connection.close()

        thread = threading.Thread(target=pack)
        thread.start()
        thread.join()
    assert counts == [0]
    assert pack_mail(NOW) == 1


@pytest.mark.django_db(transaction=True)
def test_what_breaks_off_between_the_server_and_our_books_is_sent_again_under_the_same_name(
    post: Post, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("a", "b"):
        reader(f"{name}@example.org")
        tell(f"{name}@example.org")
    save = Mail.save

    def killed(self: Mail, *args: Any, **kwargs: Any) -> None:
        if self.sent_at is not None and self.address.startswith("b"):
            raise KeyboardInterrupt
        save(self, *args, **kwargs)

    monkeypatch.setattr(Mail, "save", killed)
    with pytest.raises(KeyboardInterrupt):
        send_mail(NOW)
    monkeypatch.undo()
    assert post.addresses == ["a@example.org", "b@example.org"]
    assert send_mail(NOW + MINUTE) == 1
    assert post.addresses == ["a@example.org", "b@example.org", "b@example.org"]
    assert post.taken[1]["Message-ID"] == post.taken[2]["Message-ID"]


def test_what_is_handed_over_is_a_mail_with_two_ways_to_read_it() -> None:
    reader()
    tell("chan@example.org")
    pack_mail(NOW)
    made = written(mail())
    assert isinstance(made, EmailMultiAlternatives)
    assert [each.mimetype for each in made.alternatives] == ["text/html"]
