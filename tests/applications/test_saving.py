"""Saving what is typed: by version, in one transaction, and never over somebody else's words unseen."""

from __future__ import annotations

import threading
from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.calls.world import NOW, OPERATOR, World, holder, member

from lionrock.applications.actions import (
    Change,
    Fate,
    add_entry,
    draft_application,
    invite_author,
    remove_author,
    remove_entry,
    save_answers,
    submit_application,
    withdraw_application,
)
from lionrock.applications.models import Admission, Answer, Application, Standing
from lionrock.applications.queries import (
    answers_of,
    application_by_code,
    applications,
    authors_of,
    completeness_of,
    entries_of,
    values_of,
)
from lionrock.audit.models import AuditRecord
from lionrock.intake.actions import return_application
from lionrock.kernel.errors import Conflict, Invalid, NotAllowed, NotFound, Refused
from lionrock.people.actions import grant_role, register_person
from lionrock.people.domain import Actor, Role
from lionrock.people.queries import actor_by_email

CHAN, HO = member("harbour-university"), Actor("ho@harbour-university.example", member("harbour-university").grants)
PURPOSE = "request.purpose"


@pytest.fixture
def draft(world: World) -> Application:
    """An application of which nothing is written."""
    return draft_application(actor=CHAN, call=world.open_call().code, organisation=world.organisation, now=NOW)


def save(draft: Application, key: str, value: Any, version: int = 0, actor: Actor = CHAN) -> Any:
    """Save one answer and return what became of it."""
    changes = [Change(key, value, version)]
    (told,) = save_answers(actor=actor, application=draft.code, changes=changes, now=NOW).answers
    return told


def test_a_draft_begins_with_nothing_but_the_entries_that_the_form_needs(draft: Application) -> None:
    assert (draft.state, draft.item, draft.count, draft.title) == ("draft", "", None, "")
    assert entries_of(draft) == {"project": (1,)}
    assert values_of(draft) == {}


def test_a_draft_begun_twice_with_one_token_is_one(world: World) -> None:
    from uuid import uuid4  # noqa: PLC0415

    given = {"call": world.open_call().code, "organisation": world.organisation, "token": uuid4(), "now": NOW}
    assert draft_application(actor=CHAN, **given) == draft_application(actor=HO, **given)
    assert draft_application(actor=CHAN, **(given | {"token": uuid4()})).code == "APP-2026-0002"


def test_nobody_begins_one_while_the_form_is_not_known(world: World) -> None:
    call = world.open_call()
    type(call).objects.filter(pk=call.pk).update(programme="hk-aiss")
    before_the_form = NOW.replace(month=1)
    with pytest.raises(Refused, match="is not known") as refused:
        draft_application(actor=CHAN, call=call.code, organisation=world.organisation, now=before_the_form)
    assert refused.value.code == "applications.form.unknown"


def test_what_is_typed_is_kept_and_counted(draft: Application) -> None:
    first = save(draft, PURPOSE, "Weather")
    assert (first.fate, first.version, first.by, first.at) == (Fate.KEPT, 1, CHAN.email, NOW)
    again = save(draft, PURPOSE, "Weather and sea", 1, HO)
    assert (again.fate, again.version, again.by) == (Fate.KEPT, 2, HO.email)
    assert values_of(draft) == {PURPOSE: "Weather and sea"}


def test_the_same_twice_changes_nothing(draft: Application) -> None:
    save(draft, PURPOSE, "Weather")
    records = AuditRecord.objects.count()
    for version in (0, 1, 7):
        told = save(draft, PURPOSE, "Weather", version, HO)
        assert (told.fate, told.version, told.by) == (Fate.UNCHANGED, 1, CHAN.email)
    assert AuditRecord.objects.count() == records
    assert save(draft, "request.hours", "").fate is Fate.UNCHANGED
    assert Answer.objects.count() == 1


def test_a_stale_edit_is_not_written_and_both_texts_are_told(draft: Application) -> None:
    save(draft, PURPOSE, "Weather")
    save(draft, PURPOSE, "Weather and sea", 1, HO)
    told = save(draft, PURPOSE, "Weather and wind", 1)
    assert (told.fate, told.typed, told.value, told.by, told.version) == (
        Fate.STALE, "Weather and wind", "Weather and sea", HO.email, 2,
    )  # fmt: skip
    assert values_of(draft)[PURPOSE] == "Weather and sea"
    assert save(draft, PURPOSE, "Weather and wind", told.version).fate is Fate.KEPT


def test_one_stale_edit_does_not_hold_up_the_others(draft: Application) -> None:
    save(draft, PURPOSE, "Weather")
    changes = [Change(PURPOSE, "Sea", 0), Change("request.hours", "9", 0), Change("applicant.employees", "12", 0)]
    saved = save_answers(actor=HO, application=draft.code, changes=changes, now=NOW)
    assert [each.fate for each in saved.answers] == [Fate.STALE, Fate.KEPT, Fate.KEPT]
    assert not saved.whole
    assert AuditRecord.objects.latest("id").details == {"answers": {"request.hours": 1, "applicant.employees": 1}}


@pytest.mark.parametrize("value", ["twelve", "-1", "1e3", "９９９９９９９９９９９９９９", "=1+1"])
def test_what_is_wrong_is_kept_as_typed_and_said(draft: Application, value: str) -> None:
    told = save(draft, "request.count", value)
    assert (told.fate, told.value, told.fault.field) == (Fate.KEPT, value, "request.count")
    draft.refresh_from_db()
    assert draft.count is None
    assert value[:9] in str(next(gap.said for gap in completeness_of(draft, NOW).gaps if gap.key == "request.count"))


@pytest.mark.parametrize(
    ("key", "value", "code"),
    [
        ("nowhere.field", "x", "applications.answer.no_place"),
        ("project.2.title.en", "x", "applications.answer.no_place"),
        ("project.1.title", "x", "applications.answer.no_place"),
        ("project.1.title.fr", "x", "applications.answer.no_place"),
        ("declaration:oath", "yes", "applications.answer.no_place"),
        (PURPOSE, "nul \0", "applications.answer.cannot_keep"),
        (PURPOSE, "\ud800", "applications.answer.cannot_keep"),
        (PURPOSE, ["a"], "applications.answer.cannot_keep"),
        ("project.1.technology-areas", "robotics", "applications.answer.cannot_keep"),
    ],
)
def test_what_has_no_place_is_handed_back(draft: Application, key: str, value: Any, code: str) -> None:
    told = save(draft, key, value)
    assert (told.fate, told.typed, told.fault.code) == (Fate.NOT_KEPT, value, code)
    assert not Answer.objects.exists()


def test_the_columns_follow_the_answers(draft: Application) -> None:
    typed = {
        "request.category": "university", "request.title.en": "Weather", "request.title.zh-hant": "天氣",
        "request.item": "cpu-node", "request.count": "８", "request.months": "3", "request.hours": "1,000",
        "request.starts": "2026-04-01", "request.other-subsidy": "no", "declaration:law": "yes",
    }  # fmt: skip
    changes = [Change(key, value, 0) for key, value in typed.items()]
    save_answers(actor=CHAN, application=draft.code, changes=changes, now=NOW)
    draft.refresh_from_db()
    assert (draft.category, draft.title, draft.title_zh_hant) == ("university", "Weather", "天氣")
    assert (draft.item, draft.count, draft.months, draft.hours) == ("cpu-node", 8, 3, 1000)
    assert (str(draft.starts), draft.other_subsidy, draft.declarations) == ("2026-04-01", False, ["law"])
    save(draft, "declaration:law", "no", 1)
    save(draft, "request.count", "", 1)
    draft.refresh_from_db()
    assert (draft.declarations, draft.count) == ([], None)


@pytest.mark.parametrize("state", ["submitted", "withdrawn"])
def test_nobody_writes_in_what_is_out_of_their_hands(world: World, state: str) -> None:
    call = world.open_call()
    found = world.submitted(call) if state == "submitted" else world.drafted(call)
    if state == "withdrawn":
        withdraw_application(actor=OPERATOR, application=found.code, now=NOW)
    with pytest.raises(Conflict, match=f"{found.code} is {state}"):
        save(found, PURPOSE, "Late", 1)


def test_what_was_returned_can_be_written_in_and_may_lack_things_meanwhile(world: World) -> None:
    found = world.submitted(world.open_call())
    return_application(actor=OPERATOR, application=found.code, question="How many?", now=NOW)
    assert save(found, "request.count", "", answers_of(found)["request.count"].version).fate is Fate.KEPT
    found.refresh_from_db()
    assert (found.state, found.count) == ("returned", None)
    with pytest.raises(Invalid):
        submit_application(actor=OPERATOR, application=found.code, now=NOW)


# Entries ----------------------------------------------------------------------------------------


def test_entries_are_numbered_once_and_for_all(draft: Application) -> None:
    add = {"actor": CHAN, "application": draft.code, "part": "project", "now": NOW}
    assert [add_entry(**add).number for _ in range(2)] == [2, 3]
    save(draft, "project.3.title.en", "Waves")
    remove_entry(**add, number=3)
    remove_entry(**add, number=3)
    assert add_entry(**add).number == 4
    assert entries_of(draft) == {"project": (1, 2, 4)}
    assert values_of(draft)["project.3.title.en"] == "Waves", "what was typed there stays on file"
    assert save(draft, "project.3.title.en", "Winds", 1).fate is Fate.NOT_KEPT


def test_an_entry_added_twice_by_one_press_is_one(draft: Application) -> None:
    add = {"actor": CHAN, "application": draft.code, "part": "project", "now": NOW, "after": 1}
    assert add_entry(**add).number == add_entry(**add).number == 2
    assert entries_of(draft) == {"project": (1, 2)}


def test_there_are_no_more_entries_than_the_form_allows_and_no_fewer_than_it_needs(draft: Application) -> None:
    add = {"actor": CHAN, "application": draft.code, "part": "project", "now": NOW}
    with pytest.raises(Conflict, match="needed 1 times"):
        remove_entry(**add, number=1)
    for _ in range(9):
        add_entry(**add)
    with pytest.raises(Conflict, match="10 times at most"):
        add_entry(**add)
    for wrong in ({"part": "applicant"}, {"part": "nowhere"}):
        with pytest.raises(NotFound):
            add_entry(**(add | wrong))
    with pytest.raises(NotFound):
        remove_entry(**add, number=99)


# Authors ----------------------------------------------------------------------------------------


def invited(draft: Application, email: str = "lee@delta.example") -> Actor:
    """Put somebody on file and invite them."""
    register_person(actor=OPERATOR, email=email, name="Lee", now=NOW)
    invite_author(actor=CHAN, application=draft.code, email=email.upper(), now=NOW)
    return actor_by_email(email)


def test_who_is_invited_sees_and_writes_that_one_and_no_other(world: World, draft: Application) -> None:
    other = world.drafted(world.open_call())
    lee = invited(draft)
    assert list(applications(lee)) == [draft]
    assert save(draft, PURPOSE, "Together", actor=lee).fate is Fate.KEPT
    with pytest.raises(NotFound):
        save(other, PURPOSE, "Elsewhere", actor=lee)
    with pytest.raises(NotAllowed):
        submit_application(actor=lee, application=draft.code, now=NOW)
    with pytest.raises(NotAllowed):
        invite_author(actor=lee, application=draft.code, email="chan@example.org", now=NOW)
    assert [(author.email, author.invited) for author in authors_of(draft)] == [("lee@delta.example", True)]
    remove_author(actor=CHAN, application=draft.code, email="LEE@delta.example", now=NOW)
    assert not applications(lee).exists()
    assert values_of(draft) == {PURPOSE: "Together"}


def test_inviting_twice_is_as_good_as_once_and_members_need_no_invitation(draft: Application) -> None:
    invited(draft)
    invite_author(actor=CHAN, application=draft.code, email="lee@delta.example", now=NOW)
    assert Admission.objects.count() == 1
    register_person(actor=OPERATOR, email="mak@harbour.example", name="Mak", now=NOW)
    grant_role(
        actor=OPERATOR, email="mak@harbour.example", role=Role.MEMBER, organisation="harbour-university", now=NOW
    )
    assert invite_author(actor=CHAN, application=draft.code, email="mak@harbour.example", now=NOW) is None
    assert [author.email for author in authors_of(draft)] == ["mak@harbour.example", "lee@delta.example"]


@pytest.mark.parametrize("standing", [Standing.READER, Standing.SHUT_OUT])
def test_who_assesses_or_is_in_conflict_is_not_invited(draft: Application, standing: Standing) -> None:
    register_person(actor=OPERATOR, email="lee@delta.example", name="Lee", now=NOW)
    Admission.objects.create(application=draft, person="lee@delta.example", standing=standing, since=NOW)
    with pytest.raises(Conflict):
        invite_author(actor=CHAN, application=draft.code, email="lee@delta.example", now=NOW)
    remove_author(actor=CHAN, application=draft.code, email="lee@delta.example", now=NOW)
    assert Admission.objects.get().standing == standing


def test_who_is_on_no_file_cannot_be_invited(draft: Application) -> None:
    with pytest.raises(Invalid) as wrong:
        invite_author(actor=CHAN, application=draft.code, email="nobody@nowhere.example", now=NOW)
    assert wrong.value.faults[0].field == "email"


def test_staff_of_the_programme_do_not_write(world: World) -> None:
    found = world.submitted(world.open_call())
    return_application(actor=OPERATOR, application=found.code, question="How many?", now=NOW)
    office = holder(Role.OFFICE, "hk-aiss-demo")
    assert application_by_code(office, found.code)
    with pytest.raises(NotAllowed, match="Ask one of its authors"):
        save(found, PURPOSE, "By the office", 1, office)


# Several at once --------------------------------------------------------------------------------


@pytest.mark.django_db(transaction=True)
def test_two_authors_at_once_lose_nothing(world: World) -> None:
    """Each writes all the boxes of a page; of each box one text stands, and the other is handed back."""
    draft = draft_application(actor=CHAN, call=world.open_call().code, organisation=world.organisation, now=NOW)
    keys = [PURPOSE, "request.hours", "applicant.employees", "project.1.deliverables"]
    told: dict[str, Any] = {}
    together = threading.Barrier(2)

    def write(actor: Actor) -> None:
        with closing(connection):
            changes = [Change(key, f"by {actor.email}", 0) for key in keys]
            together.wait(30)
            told[actor.email] = save_answers(actor=actor, application=draft.code, changes=changes, now=NOW)

    threads = [threading.Thread(target=write, args=(actor,)) for actor in (CHAN, HO)]
    for each in threads:
        each.start()
    for each in threads:
        each.join(60)
    stand = values_of(draft)
    assert set(stand) == set(keys)
    for key in keys:
        mine = {who: next(each for each in saved.answers if each.key == key) for who, saved in told.items()}
        assert sorted(each.fate.value for each in mine.values()) == ["kept", "stale"]
        for each in mine.values():
            assert each.value == stand[key]
            assert each.typed in (stand[key], *(other.typed for other in mine.values() if other.fate is Fate.STALE))


KEYS = [PURPOSE, "request.count", "project.1.deliverables", "declaration:law"]
steps = st.lists(
    st.tuples(
        st.sampled_from([CHAN, HO]), st.sampled_from(KEYS), st.text(max_size=5) | st.sampled_from(["yes", "3"]),
        st.booleans(),
    ),
    max_size=12,
)  # fmt: skip


@pytest.fixture
def begun(world: World) -> Application:
    """An application that every example empties again."""
    return draft_application(actor=CHAN, call=world.open_call().code, organisation=world.organisation, now=NOW)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=steps)
def test_nothing_typed_is_ever_lost(begun: Application, steps: list[tuple[Actor, str, str, bool]]) -> None:
    """Against a model: each author has read something; what they type stands, or they are told both texts."""
    Answer.objects.all().delete()
    model: dict[str, tuple[str, int]] = {}
    read: dict[tuple[str, str], int] = {}
    for number, (actor, key, value, looks) in enumerate(steps):
        if looks:
            read[actor.email, key] = model.get(key, ("", 0))[1]
        held, version = model.get(key, ("", 0))
        seen = read.get((actor.email, key), 0)
        now = NOW + timedelta(seconds=number)
        changes = [Change(key, value, seen)]
        (told,) = save_answers(actor=actor, application=begun.code, changes=changes, now=now).answers
        if "\0" in value:
            assert (told.fate, told.typed) == (Fate.NOT_KEPT, value)
        elif value == held:
            assert (told.fate, told.version) == (Fate.UNCHANGED, version)
        elif seen == version:
            model[key] = (value, version + 1)
            read[actor.email, key] = version + 1
            assert (told.fate, told.version, told.by, told.at) == (Fate.KEPT, version + 1, actor.email, now)
        else:
            assert (told.fate, told.typed, told.value, told.version) == (Fate.STALE, value, held, version)
    kept = {key: (answer.value, answer.version) for key, answer in answers_of(begun).items()}
    assert kept == model


def test_saving_asks_as_often_whatever_the_number_of_answers(
    draft: Application, django_assert_max_num_queries: Any
) -> None:
    changes = [
        Change(f"project.1.{name}", "Some words", 0)
        for name in ("deliverables", "datasets", "gpu-use", "advantages", "model-type", "precision")
    ]
    with django_assert_max_num_queries(14):
        save_answers(actor=CHAN, application=draft.code, changes=changes, now=NOW)
    with django_assert_max_num_queries(14):
        changes = [replace(change, value="Others", version=1) for change in changes]
        save_answers(actor=CHAN, application=draft.code, changes=changes, now=NOW)


def test_completeness_asks_as_often_whatever_there_is(draft: Application, django_assert_num_queries: Any) -> None:
    for _ in range(4):
        add_entry(actor=CHAN, application=draft.code, part="project", now=NOW)
    with django_assert_num_queries(3):
        completeness_of(draft, NOW)
