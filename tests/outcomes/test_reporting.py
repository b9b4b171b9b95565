"""Reports written, handed in, returned and accepted; reminders; results once each; and their pages."""

from __future__ import annotations

import csv
import io
import json
from datetime import UTC, date, datetime
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from tests.calls.world import NOW, OPERATOR, World, holder, member

from lionrock.applications.domain import Request
from lionrock.awards.actions import decide_variation, end_award, request_variation
from lionrock.awards.domain import Change, Decision
from lionrock.awards.models import Award
from lionrock.kernel.errors import Conflict, Invalid, NotFound
from lionrock.notices.models import Notice
from lionrock.outcomes.actions import (
    accept_report,
    add_outcome,
    remind_reports,
    remove_outcome,
    return_report,
    save_report,
    submit_report,
)
from lionrock.outcomes.actions.reporting import Written
from lionrock.outcomes.models import Outcome, Reminder
from lionrock.outcomes.queries import known_elsewhere, outcomes, reporting_awards, standings, waiting
from lionrock.people.actions import grant_role, register_person
from lionrock.people.domain import Role
from lionrock.people.models import Person
from lionrock.people.queries import actor_of

pytestmark = pytest.mark.django_db
DONE = Written(done="We trained it.", differs="A month late.", next="The second model.")
PAPER = {"kind": "paper", "title": "Typhoon tracks", "year": 2026, "scheme": "doi", "identifier": "10.1000/182"}


def _award(world: World, months: int = 12) -> Award:
    world.put_fund("9000000.00")
    world.request = Request("h800-node", 1, months, date(2026, 4, 1))
    return world.awarded(world.open_call())


def _of(award: Award) -> dict[str, tuple[str, date]]:
    fresh = Award.objects.get(pk=award.pk)
    return {each.owed.which: (each.state.value, each.owed.due) for each in standings(fresh)}


def test_an_award_owes_reports_from_its_acceptance_on_and_dates_follow_its_changes(world: World) -> None:
    award = _award(world)
    assert _of(award) == {"1": ("due", date(2026, 10, 1)), "final": ("due", date(2027, 5, 31))}
    change = Change(valid_to=date(2026, 9, 1))
    request_variation(actor=OPERATOR, award=award.code, change=change, reason="done early", now=NOW)
    decided = {"decision": Decision.APPROVE, "decided_by": "Office", "now": NOW}
    decide_variation(actor=OPERATOR, award=award.code, number=1, **decided)
    assert _of(award) == {"final": ("due", date(2026, 10, 31))}
    end_award(actor=OPERATOR, award=award.code, reason="given up", now=datetime(2026, 5, 10, tzinfo=UTC))
    assert _of(award) == {"final": ("due", date(2026, 7, 9))}


def test_an_offer_owes_nothing(world: World) -> None:
    world.put_fund("9000000.00")
    offer = world.awarded(world.open_call(), accept=False)
    assert standings(offer) == []
    assert not reporting_awards(OPERATOR).exists()


def test_a_report_is_written_handed_in_returned_and_accepted(world: World) -> None:
    award, team, office = _award(world), member(world.organisation), holder(Role.OFFICE, world.programme)
    one = {"award": award.code, "which": "1", "now": NOW}
    assert save_report(actor=team, written=Written(done="half"), **one).state == "draft"
    assert submit_report(actor=team, written=DONE, **one).state == "submitted"
    with pytest.raises(Conflict):
        save_report(actor=team, written=DONE, **one)
    assert return_report(actor=office, remark="Which model?", **one).state == "returned"
    report = submit_report(actor=team, written=DONE, **one)
    assert (report.state, report.next) == ("submitted", "The second model.")
    # 183 of 365 days from April to September, of one node.
    assert report.use == {"granted": 365 * 86400, "planned": 183 * 86400, "used": 0}
    assert accept_report(actor=office, **one).state == "accepted"
    for again in (lambda: accept_report(actor=office, **one), lambda: submit_report(actor=team, written=DONE, **one)):
        with pytest.raises(Conflict):
            again()


def test_what_cannot_be_handed_in(world: World) -> None:
    award, team = _award(world), member(world.organisation)
    with pytest.raises(Invalid) as raised:
        submit_report(actor=team, award=award.code, which="1", written=Written(next="x"), now=NOW)
    assert raised.value.faults[0].field == "done"
    with pytest.raises(Invalid):
        save_report(actor=team, award=award.code, which="1", written=Written(done="a\x00b"), now=NOW)
    for which in ("2", "0", "other"):
        with pytest.raises(NotFound):
            save_report(actor=team, award=award.code, which=which, written=DONE, now=NOW)
    with pytest.raises(Conflict):
        accept_report(actor=OPERATOR, award=award.code, which="1", now=NOW)


def test_teams_are_reminded_once_each_time_until_they_hand_in(world: World) -> None:
    award = _award(world)
    register_person(actor=OPERATOR, email="chan@example.org", name="Chan", now=NOW)
    grant_role(actor=OPERATOR, email="chan@example.org", role=Role.MEMBER, organisation=world.organisation, now=NOW)
    sent = []
    for day in (date(2026, 9, 1), date(2026, 9, 20), date(2026, 9, 21), date(2026, 10, 3), date(2026, 10, 20)):
        at = datetime(day.year, day.month, day.day, 3, tzinfo=UTC)
        sent.append((remind_reports(at), remind_reports(at)))
    assert sent == [(0, 0), (1, 0), (0, 0), (1, 0), (1, 0)]
    assert Notice.objects.filter(kind="report", code=f"{award.code}/1").count() == 3
    submit_report(actor=OPERATOR, award=award.code, which="1", written=DONE, now=NOW)
    assert remind_reports(datetime(2026, 12, 1, tzinfo=UTC)) == 0
    assert Reminder.objects.count() == 3


def test_a_result_is_on_file_once_and_known_in_other_awards(world: World) -> None:
    award, team = _award(world), member(world.organisation)
    other = world.awarded(world.open_call())
    made = add_outcome(actor=team, award=award.code, now=NOW, **PAPER, orcid="0000-0002-1825-0097")
    again = PAPER | {"identifier": "https://doi.org/10.1000/182"}
    with pytest.raises(Conflict):
        add_outcome(actor=team, award=award.code, now=NOW, **again)
    add_outcome(actor=team, award=other.code, now=NOW, **PAPER)
    assert known_elsewhere([made]) == {("doi", "10.1000/182"): [award.code, other.code]}
    remove_outcome(actor=team, award=award.code, outcome=made.pk, now=NOW)
    with pytest.raises(NotFound):
        remove_outcome(actor=team, award=award.code, outcome=made.pk, now=NOW)
    assert [each.award for each in outcomes(team)] == [other]
    assert add_outcome(actor=team, award=award.code, now=NOW, **PAPER).pk != made.pk
    with pytest.raises(DatabaseError, match="Cannot update"), transaction.atomic():
        Outcome.objects.update(title="Another")


def test_every_fault_of_a_result_is_said_at_once(world: World) -> None:
    award = _award(world)
    wrong = {"kind": "poem", "title": " ", "year": 26, "scheme": "doi", "identifier": "x", "orcid": "0000"}
    with pytest.raises(Invalid) as raised:
        add_outcome(actor=OPERATOR, award=award.code, now=NOW, **wrong)
    assert {fault.field for fault in raised.value.faults} == {"kind", "title", "year", "identifier", "orcid"}


# The pages.


def _signed_in(world: World, role: Role) -> Client:
    email = f"{role.value}@example.org"
    where: dict[str, Any] = {"programme": world.programme}
    if role is Role.MEMBER:
        where = {"organisation": world.organisation}
    if not Person.objects.filter(email=email).exists():
        register_person(actor=OPERATOR, email=email, name=role.value, now=NOW)
        grant_role(actor=OPERATOR, email=email, role=role, now=NOW, **where)
    client = Client()
    client.force_login(Person.objects.get(email=email))
    return client


def test_a_team_writes_and_the_office_answers_on_one_page(world: World) -> None:
    award = _award(world)
    team, office = _signed_in(world, Role.MEMBER), _signed_in(world, Role.OFFICE)
    page = f"/awards/{award.code}/reports/1"
    assert b"Waits for" in office.get(page).content
    empty = team.post(page, {"verb": "submit", "done": "", "next": "More."})
    assert (empty.status_code, b"More." in empty.content, b'href="#done"' in empty.content) == (422, True, True)
    assert b"Keep it for later" in team.post(page, {"verb": "save", "done": "half"}, follow=True).content
    assert b"The report is handed in." in team.post(page, {"verb": "submit", "done": "all"}, follow=True).content
    assert b"so nobody can save it now" in team.post(page, {"verb": "submit", "done": "all"}, follow=True).content
    assert office.post(page, {"verb": "return", "reason": ""}).status_code == 422
    assert b"given back" in office.post(page, {"verb": "return", "reason": "Which?"}, follow=True).content
    assert b"Which?" in team.get(page).content
    team.post(page, {"verb": "submit", "done": "this one"})
    assert b"is accepted" in office.post(page, {"verb": "accept"}, follow=True).content
    assert team.get(f"/awards/{award.code}/reports/9").status_code == 404


def test_results_are_added_and_removed_on_their_page_and_handed_out_as_files(world: World) -> None:
    award, team = _award(world), _signed_in(world, Role.MEMBER)
    page = f"/awards/{award.code}/outcomes"
    typed = {name: str(value) for name, value in PAPER.items()} | {"title": "=1+1", "orcid": ""}
    wrong = team.post(page, typed | {"identifier": "nothing", "year": "soon"})
    assert (wrong.status_code, b"is not a DOI" in wrong.content, b'value="soon"' in wrong.content) == (422, True, True)
    assert b"The result is on file." in team.post(page, typed, follow=True).content
    assert b"already" in team.post(page, typed, follow=True).content
    rows = list(csv.reader(io.StringIO(team.get("/outcomes.csv").content.decode("utf-8-sig"))))
    assert rows[1][3] == "'=1+1"
    [kept] = json.loads(team.get("/outcomes.json").content)
    assert kept["identifier"] == "10.1000/182"
    assert team.get("/outcomes.xml").status_code == 404
    number = Outcome.objects.get().pk
    for said in (b"off the list", b"no such result"):
        assert said in team.post(page, {"remove": str(number)}, follow=True).content


def test_what_waits_in_reporting(world: World) -> None:
    award = _award(world)
    for role in (Role.MEMBER, Role.OFFICE):
        _signed_in(world, role)
    viewers = {
        role: actor_of(Person.objects.get(email=f"{role.value}@example.org")) for role in (Role.MEMBER, Role.OFFICE)
    }
    soon = datetime(2026, 9, 20, tzinfo=UTC)
    assert waiting(viewers[Role.MEMBER], NOW) == []
    [line] = waiting(viewers[Role.MEMBER], soon)
    assert (line.address, line.due) == (f"/awards/{award.code}/reports/1", date(2026, 10, 1))
    submit_report(actor=OPERATOR, award=award.code, which="1", written=DONE, now=NOW)
    assert waiting(viewers[Role.MEMBER], soon) == []
    assert [one.address for one in waiting(viewers[Role.OFFICE], soon)] == [line.address]


def test_the_list_asks_the_database_the_same_however_many_awards_there_are(world: World) -> None:
    _award(world, months=3)
    office = _signed_in(world, Role.OFFICE)

    def queries() -> int:
        with CaptureQueriesContext(connection) as seen:
            assert office.get("/reports").status_code == 200
        return len(seen)

    few, call = queries(), world.open_call()
    for _ in range(5):
        world.awarded(call)
    assert queries() == few
