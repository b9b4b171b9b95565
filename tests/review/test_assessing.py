"""Assessing from the first question to the committee: what is allowed, what is kept, who is told."""

from __future__ import annotations

from datetime import date, timedelta
from fractions import Fraction

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from tests.calls.world import NOW, OPERATOR
from tests.review import oracle
from tests.review.board import LATER, Board, refused

from lionrock.applications.actions import admit, dismiss, reopen_assessment, shut_out
from lionrock.applications.models import Admission, Answer, Application
from lionrock.applications.queries import applications
from lionrock.audit.models import AuditRecord
from lionrock.kernel.errors import Conflict, Invalid, NotFound, Refused
from lionrock.kernel.findings import Outcome
from lionrock.people.domain import Role
from lionrock.people.models import RoleGrant
from lionrock.review.actions import (
    assign_assessor,
    conclude_assessment,
    declare_interests,
    describe_assessor,
    moderate_scores,
    remind_assessors,
    reopen_scores,
    save_scores,
    submit_scores,
    unassign_assessor,
)
from lionrock.review.domain import Declared, Ground, Typed
from lionrock.review.models import AgreedMark, Assignment, Declaration, Entry, Moderation, Score
from lionrock.review.queries import assessments, scheme_for, suggested, typed_in, waiting

pytestmark = pytest.mark.django_db


def standing(board: Board, email: str) -> str | None:
    return (
        Admission.objects.filter(application=board.application, person=email).values_list("standing", flat=True).first()
    )


# Asking -------------------------------------------------------------------------------------------


def test_who_is_asked_is_told_until_when_and_sees_nothing_yet(board: Board) -> None:
    lam = board.assessor("lam")
    found = board.asked(lam)
    assert (found.state, found.due) == ("invited", date(2026, 3, 30))
    assert [said.split(".")[0] for said in board.told(lam)] == ["You are asked to assess {application}"]
    assert not applications(lam).exists()
    assert [each.pk for each in assessments(lam)] == [found.pk]
    assert board.asked(board.assessor("ng"), due=date(2026, 3, 9)).due == date(2026, 3, 9)


def test_nobody_is_asked_twice_at_once(board: Board) -> None:
    lam = board.assessor("lam")
    board.asked(lam)
    with refused(Conflict, "review.assign.already"):
        board.asked(lam)
    assert Assignment.objects.count() == 1


@pytest.mark.parametrize("state", ["draft", "submitted", "returned", "assessed", "approved", "declined", "withdrawn"])
def test_only_what_is_with_the_assessors_is_assessed(board: Board, state: str) -> None:
    decided = {"decided_at": NOW, "decision_reason": "why"} if state in ("approved", "declined") else {}
    Application.objects.update(state=state, **decided)
    with refused(Conflict, "review.application.not_now"):
        board.asked(board.assessor("lam"))


def test_only_assessors_of_the_programme_are_asked(board: Board) -> None:
    for who in (board.person("chan", Role.OFFICE), board.person("nobody")):
        with refused(Invalid, "review.assessor.unknown") as raised:
            board.asked(who)
        assert [(fault.field, fault.value) for fault in raised.value.faults] == [("assessor", who.email)]


def test_an_organisation_assesses_nothing_of_its_own(board: Board) -> None:
    inside = board.assessor("inside", organisation=board.world.organisation)
    with refused(Refused, "review.assign.conflict") as raised:
        board.asked(inside)
    assert [finding.rule for finding in raised.value.findings] == ["review.tie.member"]
    works_there = board.assessor("works")
    describe_assessor(actor=OPERATOR, assessor=works_there.email, organisation=board.world.organisation, now=NOW)
    with refused(Refused, "review.assign.conflict"):
        board.asked(works_there)


def test_who_writes_in_an_application_does_not_assess_it(board: Board) -> None:
    wrote = board.assessor("wrote")
    Admission.objects.create(application=board.application, person=wrote.email, standing="author", since=NOW)
    began = board.assessor("began")
    Application.objects.update(applicant=began.email)
    for who in (wrote, began):
        with refused(Refused, "review.assign.conflict") as raised:
            board.asked(who)
        assert [finding.rule for finding in raised.value.findings] == ["review.tie.author"]


def test_other_ties_are_shown_and_do_not_bar(board: Board) -> None:
    board.organisation("delta-institute", "Delta Institute", "三角洲研究所")
    lam = board.assessor("lam", organisation="delta-institute")
    Answer.objects.create(
        application=board.application, key="x.y", value="Together with 三角洲研究所.", changed_by="a", changed_at=NOW
    )
    [found] = suggested(board.application, NOW.date())
    assert [(hint.tie.value, hint.bars) for hint in found.candidate.hints] == [("partner", False)]
    assert not found.barred
    assert not found.advised
    made = board.cleared(lam)
    assert [each["tie"] for each in Declaration.objects.get(assignment=made).hints] == ["partner"]


def test_a_conflict_declared_earlier_about_an_organisation_is_a_hint_on_the_next(board: Board) -> None:
    lam = board.assessor("lam")
    found = board.asked(lam)
    declare_interests(
        actor=lam, assignment=found.pk, declared=Declared.CONFLICT, ground=Ground.KINSHIP, text="A cousin.", now=NOW
    )
    other = board.world.submitted(board.application.call)
    [next_time] = suggested(Application.objects.select_related("call", "organisation").get(pk=other.pk), NOW.date())
    assert [hint.tie.value for hint in next_time.candidate.hints] == ["earlier"]


def test_suggestions_follow_expertise_and_load(board: Board) -> None:
    for name, words in (("ann", ["robotics"]), ("bob", ["university"]), ("cat", [])):
        who = board.assessor(name)
        describe_assessor(actor=OPERATOR, assessor=who.email, expertise=words, now=NOW)
    found = suggested(board.application, NOW.date())
    assert [each.candidate.email.split("@")[0] for each in found] == ["bob", "ann", "cat"]
    assert found[0].matches == ("university",)
    other = board.world.submitted(board.application.call)
    Application.objects.filter(pk=other.pk).update(state="eligible")
    assign_assessor(actor=OPERATOR, application=other.code, assessor="ann@example.org", now=NOW)
    found = suggested(board.application, NOW.date())
    assert [(each.candidate.email.split("@")[0], each.candidate.load) for each in found][1:] == [("cat", 0), ("ann", 1)]


def test_suggesting_takes_the_same_queries_for_two_assessors_and_for_twenty(
    board: Board,
) -> None:
    counts = []
    for number in range(20):
        who = board.assessor(f"a{number}")
        describe_assessor(actor=OPERATOR, assessor=who.email, expertise=["robotics"], now=NOW)
        if number in (1, 19):
            with CaptureQueriesContext(connection) as counted:
                suggested(board.application, NOW.date())
            counts.append(len(counted))
    assert counts[0] == counts[1] <= 10


def test_what_is_known_of_an_assessor_must_make_sense(board: Board) -> None:
    lam = board.assessor("lam")
    for wrong in ({"expertise": ["Not A Slug"]}, {"most": 1001}, {"most": -1}):
        with pytest.raises(Invalid):
            describe_assessor(actor=OPERATOR, assessor=lam.email, now=NOW, **wrong)
    with pytest.raises(NotFound):
        describe_assessor(actor=OPERATOR, assessor=lam.email, organisation="nowhere", now=NOW)


# Declaring ----------------------------------------------------------------------------------------


def test_without_a_conflict_the_assessor_reads_the_application(board: Board) -> None:
    lam = board.assessor("lam")
    found = board.cleared(lam)
    assert (found.state, standing(board, lam.email)) == ("cleared", "reader")
    assert [each.code for each in applications(lam)] == [board.code]
    kept = Declaration.objects.get()
    assert (kept.declared, kept.ground, kept.declared_by) == ("clear", "", lam.email)


def test_with_a_conflict_the_assessor_sees_nothing_of_it_for_good(board: Board) -> None:
    lam, office = board.assessor("lam"), board.person("office", Role.OFFICE)
    found = board.asked(lam)
    declare_interests(
        actor=lam, assignment=found.pk, declared=Declared.CONFLICT, ground=Ground.MONEY, text="Shares.", now=NOW
    )
    assert standing(board, lam.email) == "shut_out"
    assert not applications(lam).exists()
    assert any("declared a conflict" in said for said in board.told(office))
    with pytest.raises(Refused):
        board.asked(lam)
    with refused(Conflict, "kernel.states.not_now"):
        declare_interests(actor=lam, assignment=found.pk, declared=Declared.CLEAR, now=NOW)


def test_a_conflict_shuts_out_whoever_sees_the_whole_programme_too(board: Board) -> None:
    lam = board.assessor("lam")
    both = board.person("lam", Role.COMMITTEE)
    assert applications(both).exists()
    found = board.asked(lam)
    declare_interests(
        actor=both, assignment=found.pk, declared=Declared.CONFLICT, ground=Ground.OTHER, text="Rivals.", now=NOW
    )
    assert not applications(both).exists()
    assert board.result(both) is None


def test_a_conflict_seen_after_scoring_takes_the_scores_out(board: Board) -> None:
    lam, ng = board.assessor("lam"), board.assessor("ng")
    found = board.scored(lam, 5)
    board.scored(ng, 3)
    before = board.result()
    declare_interests(
        actor=lam, assignment=found.pk, declared=Declared.CONFLICT, ground=Ground.OTHER, text="I know them.", now=LATER
    )
    after = board.result()
    assert before is not None
    assert after is not None
    assert (before.score, before.assessors) == (80, 2)
    assert (after.score, after.assessors) == (60, 1)
    assert Score.objects.filter(assignment=found).exists()


def test_a_conflict_needs_a_ground_and_words(board: Board) -> None:
    lam = board.assessor("lam")
    found = board.asked(lam)
    with refused(Invalid, "review.declaration") as raised:
        declare_interests(actor=lam, assignment=found.pk, declared=Declared.CONFLICT, ground="x", text=" ", now=NOW)
    assert [fault.field for fault in raised.value.faults] == ["ground", "text"]
    assert standing(board, lam.email) is None
    assert not Declaration.objects.exists()


def test_who_joined_the_applicant_meanwhile_cannot_declare_that_there_is_no_conflict(board: Board) -> None:
    lam = board.assessor("lam")
    found = board.asked(lam)
    lam = board.person("lam", organisation=board.world.organisation)
    with refused(Refused, "review.declaration.barred"):
        declare_interests(actor=lam, assignment=found.pk, declared=Declared.CLEAR, now=NOW)


def test_who_will_not_is_let_go_and_can_be_asked_again(board: Board) -> None:
    lam, office = board.assessor("lam"), board.person("office", Role.OFFICE)
    found = board.cleared(lam)
    declare_interests(actor=lam, assignment=found.pk, declared=Declared.REFUSE, text="No time.", now=NOW)
    assert standing(board, lam.email) is None
    assert any("does not assess" in said for said in board.told(office))
    again = board.asked(lam)
    assert (again.pk, again.state) == (found.pk, "invited")
    assert not applications(lam).exists()


def test_declarations_stand_for_ever(board: Board) -> None:
    board.cleared(board.assessor("lam"))
    for spoil in (lambda: Declaration.objects.update(text="x"), lambda: Declaration.objects.all().delete()):
        with pytest.raises(DatabaseError, match="Cannot"), transaction.atomic():
            spoil()


def test_nobody_declares_for_another(board: Board) -> None:
    lam, ng = board.assessor("lam"), board.assessor("ng")
    found = board.asked(lam)
    for who in (ng, board.actor(Role.OFFICE), board.actor(Role.CHAIR)):
        with refused(NotFound, "review.assignment.unknown"):
            declare_interests(actor=who, assignment=found.pk, declared=Declared.CLEAR, now=NOW)


def test_who_is_no_assessor_any_more_has_no_assessments(board: Board) -> None:
    lam = board.assessor("lam")
    found = board.asked(lam)
    RoleGrant.objects.filter(person__email=lam.email).delete()
    gone = board.person("lam")
    assert not assessments(gone).exists()
    with refused(NotFound, "review.assignment.unknown"):
        declare_interests(actor=gone, assignment=found.pk, declared=Declared.CLEAR, now=NOW)


# Scoring ------------------------------------------------------------------------------------------


def test_nothing_is_scored_before_interests_are_declared(board: Board) -> None:
    lam = board.assessor("lam")
    found = board.asked(lam)
    with refused(Conflict, "kernel.states.not_now"):
        save_scores(actor=lam, assignment=found.pk, typed={"alignment.1": Typed("3")}, now=NOW)
    assert not Entry.objects.exists()


def test_what_is_typed_is_kept_right_or_wrong(board: Board) -> None:
    lam = board.assessor("lam")
    found = board.cleared(lam)
    typed = {"alignment.1": Typed("9"), "alignment.comment": Typed("half a sen")}
    saved = save_scores(actor=lam, assignment=found.pk, typed=typed, now=NOW)
    assert set(saved.written) == set(typed)
    assert {key: (each.value, each.version) for key, each in typed_in(found).items()} == {
        "alignment.1": ("9", 1),
        "alignment.comment": ("half a sen", 1),
    }
    again = save_scores(actor=lam, assignment=found.pk, typed=typed, now=NOW)
    assert again.written == ()
    assert AuditRecord.objects.filter(action="review.save_scores").count() == 1


def test_two_windows_do_not_overwrite_each_other(board: Board) -> None:
    lam = board.assessor("lam")
    found = board.cleared(lam)

    def save(text: str, read: int, sent: str | None = None) -> tuple[tuple[str, ...], dict[str, str]]:
        typed = {"alignment.comment": Typed(text, read, sent)}
        saved = save_scores(actor=lam, assignment=found.pk, typed=typed, now=NOW)
        return saved.written, dict(saved.stale)

    assert save("one", 0) == (("alignment.comment",), {})
    assert save("two", 1) == (("alignment.comment",), {})
    assert save("other", 1) == ((), {"alignment.comment": "two"})
    assert save("two", 0) == ((), {})
    assert save("two and more", 1, sent="two") == (("alignment.comment",), {})
    assert save("other", 3) == (("alignment.comment",), {})


def test_a_sheet_is_handed_in_only_when_it_is_whole_and_nothing_typed_is_lost(board: Board) -> None:
    lam = board.assessor("lam")
    found = board.cleared(lam)
    board.typed(lam, found, alignment_1="6", alignment_2="", others_comment=" ")
    with refused(Invalid, "review.sheet.incomplete") as raised:
        submit_scores(actor=lam, assignment=found.pk, now=NOW)
    assert [fault.field for fault in raised.value.faults] == ["alignment.1", "alignment.2", "others.comment"]
    assert typed_in(found)["alignment.1"].value == "6"
    assert not Score.objects.exists()


def test_scores_that_are_in_are_exact_stand_and_close_the_sheet(board: Board) -> None:
    lam, office = board.assessor("lam"), board.person("office", Role.OFFICE)
    board.scored(lam, 3, alignment_1="5")
    found = Assignment.objects.get()
    assert (found.state, found.round) == ("scored", 1)
    scheme = scheme_for(board.application)
    marks = dict.fromkeys(scheme.keys, 3) | {"alignment.1": 5}
    result = board.result()
    assert result is not None
    assert result.score == oracle.total(scheme, marks) == 60 + Fraction(25 * 2, 4 * 5)
    assert any("All scores" in said for said in board.told(office))
    for act in (
        lambda: save_scores(actor=lam, assignment=found.pk, typed={"alignment.1": Typed("1")}, now=NOW),
        lambda: submit_scores(actor=lam, assignment=found.pk, now=NOW),
    ):
        with refused(Conflict, "kernel.states.not_now"):
            act()
    with pytest.raises(DatabaseError), transaction.atomic():
        Score.objects.update(mark=0)


def test_the_office_is_told_only_when_the_last_sheet_is_in(board: Board) -> None:
    office = board.person("office", Role.OFFICE)
    lam, ng = board.assessor("lam"), board.assessor("ng")
    board.asked(ng)
    board.scored(lam)
    assert board.told(office) == []


def test_a_sheet_can_be_given_back_and_both_rounds_stay_on_file(board: Board) -> None:
    lam = board.assessor("lam")
    found = board.scored(lam, 2)
    with refused(Invalid, "applications.reason"):
        reopen_scores(actor=OPERATOR, assignment=found.pk, reason="  ", now=NOW)
    reopen_scores(actor=OPERATOR, assignment=found.pk, reason="Project 2 was left out.", now=NOW)
    assert "open again" in board.told(lam)[-1]
    board.typed(lam, found, 4)
    submit_scores(actor=lam, assignment=found.pk, now=LATER)
    result = board.result()
    assert result is not None
    assert (result.score, result.assessors) == (80, 1)
    assert set(Score.objects.values_list("round", "mark")) == {(1, 2), (2, 4)}


def test_the_database_takes_no_mark_beyond_its_scale(board: Board) -> None:
    found = board.cleared(board.assessor("lam"))
    for mark, scale in ((6, 5), (0, 0), (-1, 5)):
        with pytest.raises((IntegrityError, DatabaseError)), transaction.atomic():
            Score.objects.create(assignment=found, round=1, point="x", mark=mark, scale_max=scale)


def test_the_terms_of_the_day_of_submission_hold_whenever_it_is_scored(board: Board) -> None:
    assert scheme_for(board.application).scale_max == 5
    assert "assessment.scale_max" in scheme_for(board.application).reads


# Taking back and reminding ------------------------------------------------------------------------


def test_an_assignment_taken_back_takes_the_reading_back(board: Board) -> None:
    lam = board.assessor("lam")
    found = board.cleared(lam)
    unassign_assessor(actor=OPERATOR, assignment=found.pk, now=NOW)
    assert standing(board, lam.email) is None
    assert not applications(lam).exists()
    assert "need not assess" in board.told(lam)[-1]


def test_scores_that_are_in_are_not_taken_back(board: Board) -> None:
    found = board.scored(board.assessor("lam"))
    with refused(Conflict, "kernel.states.not_now"):
        unassign_assessor(actor=OPERATOR, assignment=found.pk, now=NOW)


def test_assessors_are_reminded_once_when_it_is_time(board: Board) -> None:
    lam, ng = board.assessor("lam"), board.assessor("ng")
    due = board.asked(lam).due
    assert due is not None
    board.scored(ng)
    last = NOW.replace(month=due.month, day=due.day)
    assert remind_assessors(last - timedelta(days=3)) == 0
    assert remind_assessors(last - timedelta(days=2)) == 1
    assert remind_assessors(last + timedelta(days=9)) == 0
    assert [said for said in board.told(lam) if "are due" in said] != []
    assert [said for said in board.told(ng) if "are due" in said] == []


# Moderating and passing on ------------------------------------------------------------------------


def apart(board: Board) -> tuple[Assignment, Assignment]:
    return board.scored(board.assessor("lam"), 1), board.scored(board.assessor("ng"), 5)


def test_assessors_who_lie_apart_are_moderated_before_the_committee_gets_it(board: Board) -> None:
    apart(board)
    result = board.result()
    assert result is not None
    assert (result.needs_moderation, result.spread, result.score) == (True, 80, 60)
    with refused(Refused, "review.conclude.not_ready") as raised:
        conclude_assessment(actor=OPERATOR, application=board.code, now=NOW)
    outcomes = {finding.rule: finding.outcome for finding in raised.value.findings}
    assert outcomes["review.moderated"] is Outcome.NOT_MET
    moderate_scores(actor=board.actor(Role.CHAIR), application=board.code, reason="Both stand by it.", now=NOW)
    after = conclude_assessment(actor=OPERATOR, application=board.code, now=NOW)
    assert (after.score, after.needs_moderation) == (60, False)
    assert board.reread().state == "assessed"


def test_agreed_marks_count(board: Board) -> None:
    apart(board)
    agreed = dict.fromkeys(scheme_for(board.application).keys, "4")
    kept = moderate_scores(actor=OPERATOR, application=board.code, reason="They met.", agreed=agreed, now=NOW)
    result = board.result()
    assert result is not None
    assert (result.score, result.spread, result.needs_moderation) == (80, 80, False)
    assert AgreedMark.objects.filter(moderation=kept).count() == len(agreed)
    assert result.settled is not None
    assert result.settled.reason == "They met."


def test_a_moderation_needs_every_mark_and_a_reason_and_says_all_that_is_missing(board: Board) -> None:
    apart(board)
    agreed = dict.fromkeys(scheme_for(board.application).keys, "4") | {"alignment.1": "6"}
    with refused(Invalid, "review.moderation") as raised:
        moderate_scores(actor=OPERATOR, application=board.code, reason="", agreed=agreed, now=NOW)
    assert [fault.field for fault in raised.value.faults] == ["alignment.1", "reason"]
    assert not Moderation.objects.exists()


def test_there_is_nothing_to_moderate_where_nobody_lies_apart(board: Board) -> None:
    board.scored(board.assessor("lam"))
    with refused(Conflict, "review.moderation.nothing"):
        moderate_scores(actor=OPERATOR, application=board.code, reason="why not", now=NOW)


def test_a_sheet_handed_in_anew_opens_the_question_again(board: Board) -> None:
    found, _ = apart(board)
    moderate_scores(actor=OPERATOR, application=board.code, reason="Both stand by it.", now=NOW)
    reopen_scores(actor=OPERATOR, assignment=found.pk, reason="News.", now=NOW)
    lam = board.person("lam")
    submit_scores(actor=lam, assignment=found.pk, now=LATER)
    result = board.result()
    assert result is not None
    assert result.needs_moderation


def test_an_application_waits_for_as_many_assessors_as_the_programme_wants(board: Board) -> None:
    with refused(Refused, "review.conclude.not_ready"):
        conclude_assessment(actor=OPERATOR, application=board.code, now=NOW)
    board.scored(board.assessor("lam"))
    with refused(Refused, "review.conclude.not_ready") as raised:
        conclude_assessment(actor=OPERATOR, application=board.code, now=NOW)
    [finding] = [each for each in raised.value.findings if each.outcome is Outcome.NOT_MET]
    assert finding.rule == "review.assessors"
    assert finding.parameters[0].path == "assessment.assessors"
    assert board.reread().state == "eligible"


def test_the_committee_is_told_but_not_who_is_shut_out(board: Board) -> None:
    chair, member = board.person("chair", Role.CHAIR), board.person("member", Role.COMMITTEE)
    shut_out(board.application, member.email, because="recused", by="chair", now=NOW)
    board.scored(board.assessor("lam"))
    board.scored(board.assessor("ng"))
    conclude_assessment(actor=OPERATOR, application=board.code, now=NOW)
    assert any("waits for the committee" in said for said in board.told(chair))
    assert board.told(member) == []


def test_it_can_be_taken_back_from_the_committee_with_a_reason(board: Board) -> None:
    lam = board.scored(board.assessor("lam"))
    board.scored(board.assessor("ng"))
    conclude_assessment(actor=OPERATOR, application=board.code, now=NOW)
    with refused(Conflict, "review.application.with_the_committee"):
        reopen_scores(actor=OPERATOR, assignment=lam.pk, reason="News.", now=NOW)
    with refused(Invalid, "applications.reason"):
        reopen_assessment(actor=OPERATOR, application=board.code, reason="", now=NOW)
    reopen_assessment(actor=OPERATOR, application=board.code, reason="News.", now=NOW)
    assert board.reread().state == "eligible"
    reopen_scores(actor=OPERATOR, assignment=lam.pk, reason="News.", now=NOW)


# Admissions ---------------------------------------------------------------------------------------


def test_an_author_stays_one_and_who_is_shut_out_stays_so(board: Board) -> None:
    where = {"because": "x", "by": "office", "now": NOW}
    Admission.objects.create(application=board.application, person="a@x.org", standing="author", since=NOW)
    admit(board.application, "a@x.org", **where)
    dismiss(board.application, "a@x.org", **where)
    assert standing(board, "a@x.org") == "author"
    shut_out(board.application, "a@x.org", **where)
    admit(board.application, "a@x.org", **where)
    dismiss(board.application, "a@x.org", **where)
    shut_out(board.application, "a@x.org", **where)
    assert standing(board, "a@x.org") == "shut_out"
    assert AuditRecord.objects.filter(action__startswith="applications.", details__person="a@x.org").count() == 1


# What waits ---------------------------------------------------------------------------------------


def test_what_waits_is_said_to_whom_it_waits_for(board: Board) -> None:
    lam, office = board.assessor("lam"), board.person("office", Role.OFFICE)

    def lines(who: object) -> list[str]:
        return [str(each.said) for each in waiting(who, NOW)]  # type: ignore[arg-type]

    assert lines(office) == [f"Ask assessors about {board.code}"]
    found = board.asked(lam)
    assert (lines(office), lines(lam)) == ([], [f"Declare your interests in {board.code}"])
    declare_interests(actor=lam, assignment=found.pk, declared=Declared.CLEAR, now=NOW)
    assert lines(lam) == [f"Score {board.code}"]
    assert [each.due for each in waiting(lam, NOW)] == [found.due]
    board.typed(lam, found)
    submit_scores(actor=lam, assignment=found.pk, now=NOW)
    assert (lines(lam), lines(office)) == ([], [f"Look through the scores of {board.code} and pass it on"])
    assert lines(board.person("stranger")) == []
