"""The committee's pages: what they show and to whom, what a form does, and what it says when it cannot."""

from __future__ import annotations

import csv
import io
import json
import re
from fractions import Fraction

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from tests.calls.world import NOW
from tests.committee.table import COST, Table, address, put_person

from lionrock.awards.models import Award
from lionrock.committee.actions import close_meeting, recuse_member
from lionrock.committee.domain import Proposal
from lionrock.committee.models import AgendaItem, Meeting, Trial, Vote
from lionrock.committee.waiting import waiting
from lionrock.people.domain import Actor, Role
from lionrock.people.models import Person
from lionrock.people.queries import actor_by_email

FAR = NOW.replace(year=2026)


@pytest.fixture(autouse=True)
def clock(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the pages be opened on the day of the tests."""
    monkeypatch.setattr("django.utils.timezone.now", lambda: FAR)


def as_(name: str) -> Client:
    client = Client()
    client.force_login(Person.objects.get(email=address(name)))
    return client


def page(client: Client, name: str, *arguments: str) -> str:
    answer = client.get(reverse(f"committee:{name}", args=arguments))
    assert answer.status_code == 200
    return answer.content.decode()


def post(client: Client, name: str, *arguments: str, **posted: object) -> tuple[int, str]:
    """Post a form; return the status, and the page that it leads to."""
    answer = client.post(reverse(f"committee:{name}", args=arguments), posted)
    if answer.status_code == 302:
        return 302, client.get(answer["Location"]).content.decode()
    return answer.status_code, answer.content.decode()


def test_a_meeting_is_planned_led_and_closed_by_its_pages(table: Table) -> None:
    code = table.application("Typhoon tracks")
    office, chair = as_("office"), as_("chair")
    planned = {"title": "Spring meeting", "when": "2026-03-09T10:00", "place": "Room 3", "key": "0" * 32}
    for _twice in range(2):
        status, _ = post(office, "list", table.world.programme, **planned)
        assert status == 302
    meeting = Meeting.objects.get(title="Spring meeting")
    assert (Meeting.objects.count(), meeting.when.isoformat()) == (2, "2026-03-09T02:00:00+00:00")
    assert "Typhoon tracks" in page(office, "show", meeting.code)
    assert post(office, "show", meeting.code, do="add", applications=[code])[0] == 302
    assert post(chair, "show", meeting.code, do="open", present=table.everybody)[0] == 302
    status, shown = post(chair, "item", meeting.code, code, do="propose", decision="approve", months="6")
    assert (status, "This is what is proposed now." in shown) == (302, True)
    for name in ("ann", "ben", "cho"):
        assert post(as_(name), "item", meeting.code, code, do="vote", choice="for", round="1")[0] == 302
    status, shown = post(chair, "item", meeting.code, code, do="resolve", round="1")
    assert (status, "is approved, and offered" in shown) == (302, True)
    assert Award.objects.get().cap_minor == 2 * COST
    status, shown = post(chair, "item", meeting.code, code, do="resolve", round="1")
    assert (status, "nobody can resolve it now" in shown) == (409, True)
    assert post(chair, "show", meeting.code, do="close")[0] == 302
    assert re.search("[0-9a-f]{64}", page(chair, "minutes", meeting.code))


@pytest.mark.parametrize(
    ("posted", "fault", "kept"),
    [
        ({"title": "", "when": "2026-03-09T10:00"}, "The title is empty", 'value="2026-03-09T10:00"'),
        ({"title": "Spring", "when": "soon"}, "is not a date with a time", 'value="Spring"'),
    ],
)
def test_a_plan_with_a_fault_comes_back_with_what_was_typed(
    table: Table, posted: dict[str, str], fault: str, kept: str
) -> None:
    status, shown = post(as_("office"), "list", table.world.programme, **posted)
    assert (status, fault in shown, kept in shown) == (422, True, True)
    assert Meeting.objects.count() == 1


def test_a_proposal_with_faults_comes_back_with_each_beside_its_field(table: Table) -> None:
    code = table.application()
    table.agenda(code)
    typed = {"do": "propose", "decision": "approve", "rate": "ninety", "count": "-1", "reason": "Kept words"}
    status, shown = post(as_("ann"), "item", table.meeting, code, **typed)
    assert status == 422
    assert 'href="#rate"' in shown
    assert 'href="#count"' in shown
    assert re.search(r'id="rate"[^>]*value="ninety"[^>]*aria-describedby="rate-fault"[^>]*aria-invalid="true"', shown)
    assert "Kept words" in shown


def test_a_rate_above_the_general_one_asks_for_its_reason_at_the_field(table: Table) -> None:
    code = table.application()
    table.agenda(code)
    status, shown = post(as_("ann"), "item", table.meeting, code, do="propose", decision="approve", rate="90")
    assert (status, 'href="#reason"' in shown, 'value="90"' in shown) == (422, True, True)
    assert (
        post(as_("ann"), "item", table.meeting, code, do="propose", decision="approve", rate="90", reason="So.")[0]
        == 302
    )
    assert table.item(code).rate == Fraction("0.9")


def test_a_decision_beyond_the_fund_says_so_and_changes_nothing(table: Table) -> None:
    codes = [table.application(), table.application()]
    table.agenda(*codes)
    table.open()
    table.carried(codes[0], Proposal(count=9))
    table.propose(codes[1], Proposal(count=9))
    table.vote(codes[1], ann="for", ben="for", cho="for")
    status, shown = post(as_("chair"), "item", table.meeting, codes[1], do="resolve", round="1")
    assert (status, 'href="#count"' in shown) == (409, True)
    assert "of the fund is left" in shown
    assert Award.objects.count() == 1


def test_a_vote_on_another_proposal_than_the_one_read_is_not_taken(table: Table) -> None:
    code = table.application()
    table.agenda(code)
    table.open()
    table.propose(code)
    table.propose(code, Proposal(months=2))
    status, shown = post(as_("ann"), "item", table.meeting, code, do="vote", choice="for", round="1")
    assert (status, "Another proposal stands" in shown) == (409, True)
    assert not Vote.objects.exists()


# Ranking -----------------------------------------------------------------------------------------


def ranked(table: Table, *titles: str) -> list[str]:
    codes = [table.application(title) for title in titles]
    table.agenda(*codes)
    return codes


def rows(codes: list[str], **typed: str) -> dict[str, str]:
    return {"order": " ".join(codes), "rule": "stop"} | {name.replace("__", "-"): text for name, text in typed.items()}


def test_what_is_tried_is_shown_to_that_member_alone(table: Table) -> None:
    one, two = ranked(table, "One", "Two")
    status, shown = post(
        as_("ann"), "ranking", table.meeting, **rows([one, two]) | {f"months-{one}": "6", "do": f"down:{one}"}
    )
    assert status == 302
    assert "This is what you try" in shown
    assert shown.index(f'id="row-{two}"') < shown.index(f'id="row-{one}"')
    assert f'name="months-{one}" inputmode="numeric" maxlength="9" value="6"' in shown
    other = page(as_("ben"), "ranking", table.meeting)
    assert other.index(f'id="row-{one}"') < other.index(f'id="row-{two}"')
    assert "This is what you try" not in other
    assert [item.round for item in AgendaItem.objects.all()] == [0, 0]


def test_the_line_is_drawn_where_the_money_ends(table: Table) -> None:
    codes = ranked(table, "One", "Two", "Three")
    typed = {f"count-{code}": "8" for code in codes} | {f"count-{codes[2]}": "1"}
    status, shown = post(as_("ann"), "ranking", table.meeting, **rows(codes) | typed | {"do": "try"})
    assert status == 302
    assert shown.count("rank-line") == 1
    line = shown.index("The line falls here")
    assert shown.index(f'id="row-{codes[0]}"') < line < shown.index(f'id="row-{codes[2]}"')
    assert "rank-below_the_line" in shown
    skipping = rows(codes) | typed | {"do": "try", "rule": "skip"}
    _, shown = post(as_("ann"), "ranking", table.meeting, **skipping)
    assert "rank-below_the_line" not in shown
    assert "From here on not everybody fits" in shown


def test_an_order_is_proposed_whole(table: Table) -> None:
    one, two = ranked(table, "One", "Two")
    posted = rows([two, one]) | {f"months-{one}": "6", f"decision-{two}": "later", "do": "propose"}
    assert post(as_("ann"), "ranking", table.meeting, **posted)[0] == 302
    found = list(AgendaItem.objects.order_by("number"))
    assert [(item.application.code, item.round, item.months) for item in found] == [(two, 0, None), (one, 1, 6)]
    assert not Trial.objects.exists()


def test_a_ranking_with_faults_keeps_all_that_was_typed(table: Table) -> None:
    one, two = ranked(table, "One", "Two")
    typed = {f"rate-{one}": "90", f"months-{two}": "many", "do": "try"}
    status, shown = post(as_("ann"), "ranking", table.meeting, **rows([one, two]) | typed)
    assert (status, f'href="#months-{two}"' in shown) == (422, True)
    assert f'aria-describedby="months-{two}-fault"' in shown
    assert 'value="many"' in shown
    assert 'value="90"' in shown
    typed = {f"rate-{one}": "90", "do": "propose"}
    status, shown = post(as_("ann"), "ranking", table.meeting, **rows([one, two]) | typed)
    assert (status, f'href="#reason-{one}"' in shown, f'id="reason-{one}"' in shown) == (422, True, True)
    assert [item.round for item in AgendaItem.objects.all()] == [0, 0]


def test_what_is_tried_can_be_thrown_away(table: Table) -> None:
    one, two = ranked(table, "One", "Two")
    post(as_("ann"), "ranking", table.meeting, **rows([two, one]) | {"do": "try"})
    _, shown = post(as_("ann"), "ranking", table.meeting, **rows([two, one]) | {"do": "drop"})
    assert shown.index(f'id="row-{one}"') < shown.index(f'id="row-{two}"')


def test_a_ranking_is_handed_out_for_machines(table: Table) -> None:
    one, two = ranked(table, "=HYPERLINK(1)", "Two")
    client = as_("office")
    text = client.get(reverse("committee:ranking_file", args=[table.meeting, "csv"])).content.decode()
    assert text.startswith("\N{ZERO WIDTH NO-BREAK SPACE}rank,application")
    read = list(csv.DictReader(io.StringIO(text[1:])))
    assert [(row["application"], row["title"], row["commits"]) for row in read] == [
        (one, "'=HYPERLINK(1)", "672000.00"),
        (two, "Two", "672000.00"),
    ]
    data = json.loads(client.get(reverse("committee:ranking_file", args=[table.meeting, "json"])).content)
    assert (data["committed"], data["left"], data["line"]) == (2 * COST, 10_000_000_00 - 2 * COST, None)
    assert client.get(reverse("committee:ranking_file", args=[table.meeting, "xml"])).status_code == 404


# Who sees what -----------------------------------------------------------------------------------


def test_recusal_leaks_nothing_anywhere(table: Table) -> None:
    secret, other = table.application("A very secret title"), table.application("Something else")
    table.agenda(secret, other)
    recuse_member(
        actor=table.chair, meeting=table.meeting, application=secret, person=address("ann"), reason="Kin.", now=NOW
    )
    table.open()
    table.propose(secret)
    table.vote(secret, ben="for", cho="for", dee="for")
    assert_hidden(table, secret, other)
    table.resolve(secret)
    assert_hidden(table, secret, other)
    close_meeting(actor=table.chair, meeting=table.meeting, now=NOW)
    assert_hidden(table, secret, other, over=True)


def assert_hidden(table: Table, secret: str, other: str, *, over: bool = False) -> None:
    """Look through everything that the recused member can open."""
    ann = as_("ann")
    pages = [("show",), ("ranking",), ("minutes",), ("minutes_pdf",), ("ranking_file", "csv"), ("ranking_file", "json")]
    for name, *more in pages:
        answer = ann.get(reverse(f"committee:{name}", args=[table.meeting, *more]))
        assert answer.status_code == 200
        text = told(answer.content) if name == "minutes_pdf" else answer.content.decode()
        assert secret not in text, name
        assert "secret" not in text, name
        if not (over and name.startswith("ranking")):
            assert other in text, name
    for path in (reverse("committee:item", args=[table.meeting, secret]), f"/applications/{secret}"):
        assert ann.get(path).status_code == 404
    assert ann.post(reverse("committee:item", args=[table.meeting, secret]), {"do": "vote"}).status_code == 404
    listed = page(ann, "list", table.world.programme)
    assert "secret" not in listed
    assert "secret" not in str([line.said for line in waiting(actor_by_email(address("ann")), NOW)])


def told(pdf: bytes) -> str:
    """Return the text of a PDF."""
    from pypdf import PdfReader  # noqa: PLC0415

    return "\n".join(page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages)


def test_the_figures_of_the_recused_leave_their_item_out(table: Table) -> None:
    secret, other = ranked(table, "One", "Two")
    recuse_member(
        actor=table.chair, meeting=table.meeting, application=secret, person=address("ann"), reason="Kin.", now=NOW
    )
    data = json.loads(as_("ann").get(reverse("committee:ranking_file", args=[table.meeting, "json"])).content)
    assert ([row["application"] for row in data["rows"]], data["committed"]) == ([other], COST)


def test_whoever_recuses_themselves_is_led_back_to_the_meeting(table: Table) -> None:
    code = table.application()
    table.agenda(code)
    ann = as_("ann")
    posted = {"do": "recuse", "person": address("ann")}
    status, shown = post(ann, "item", table.meeting, code, **posted, why_recused="")
    assert (status, 'href="#why_recused"' in shown) == (422, True)
    status, shown = post(ann, "item", table.meeting, code, **posted, why_recused="My sister.")
    assert status == 302
    assert "You take no part in 1 item" in shown
    assert code not in shown.split("<main")[1].split("messages")[-1].split("</div>", 1)[1]


@pytest.mark.parametrize(("role", "status"), [(Role.AUDITOR, 200), (Role.FINANCE, 404), (Role.ASSESSOR, 404)])
def test_meetings_are_for_those_who_sit_prepare_or_audit(table: Table, role: Role, status: int) -> None:
    code = table.application()
    table.agenda(code)
    put_person("visitor", role, programme=table.world.programme)
    client = as_("visitor")
    for name, *more in (("show",), ("ranking",), ("minutes",), ("item", code)):
        assert client.get(reverse(f"committee:{name}", args=[table.meeting, *more])).status_code == status, name
    if status == 200:
        assert "<button" not in page(client, "show", table.meeting).split("<main")[1].split("</main")[0]
        assert post(client, "item", table.meeting, code, do="propose", decision="approve")[0] == 403


def test_applicants_see_no_meeting(table: Table) -> None:
    code = table.application()
    table.agenda(code)
    put_person("applicant", Role.MEMBER, organisation="harbour-university")
    assert as_("applicant").get(reverse("committee:show", args=[table.meeting])).status_code == 404


# As many queries for many as for few -----------------------------------------------------------------


def queries(client: Client, *name: str) -> int:
    address_ = reverse(f"committee:{name[0]}", args=name[1:])
    client.get(address_)
    with CaptureQueriesContext(
        connection,
    ) as found:
        assert client.get(address_).status_code == 200
    return len(found)


def test_pages_ask_as_often_for_many_items_as_for_few(table: Table) -> None:
    table.agenda(*[table.application(f"Number {number}") for number in range(2)])
    chair = as_("chair")
    pages = [
        ("list", table.world.programme),
        ("show", table.meeting),
        ("ranking", table.meeting),
        ("minutes", table.meeting),
    ]
    few = {name[0]: queries(chair, *name) for name in pages}
    table.agenda(*[table.application(f"More {number}") for number in range(15)])
    many = {name[0]: queries(chair, *name) for name in pages}
    assert many == few
    assert max(few.values()) <= 30, few


def test_home_asks_as_often_for_many_as_for_few(table: Table) -> None:
    table.agenda(*[table.application(f"Number {number}") for number in range(2)])
    table.application()
    with CaptureQueriesContext(connection) as few:
        waiting(table.chair, NOW)
    for number in range(8):
        table.application(f"Waiting {number}")
    with CaptureQueriesContext(connection) as many:
        found = waiting(table.chair, NOW)
    assert len(many) == len(few) <= 3
    assert [line.count for line in found] == [9, 1]


def test_each_state_waits_for_somebody(table: Table) -> None:
    code = table.application()

    def lines(actor: Actor) -> list[str]:
        return [str(line.said) for line in waiting(actor, NOW)]

    wanted = "Put assessed applications on the agenda of a meeting: 1"
    assert wanted in lines(table.chair)
    assert lines(table.office) == [wanted]
    assert waiting(table.office, NOW)[0].due is not None
    table.agenda(code)
    assert lines(table.office) == []
    assert lines(table.members["ann"]) == [f"Read the agenda of {table.meeting}, and say where you are in conflict"]
    table.propose(code)
    table.open()
    assert f"Vote in {table.meeting}: 1" in lines(table.members["ann"])
    table.vote(code, ann="for")
    assert lines(table.members["ann"]) == []
