"""Laws of the gate, for any answers: no item gets lost, no award slips by, unknown never turns into no."""

from __future__ import annotations

from datetime import date
from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st
from tests.assurance.book import TODAY, on_file

from lionrock.assurance.domain.answering import Answers, Sheet
from lionrock.assurance.domain.assessing import Assessment, State, assess
from lionrock.assurance.domain.conditions import UNACCEPTABLE, Condition, holds
from lionrock.assurance.domain.rules import Binding, Edition, Question
from lionrock.kernel.findings import Outcome

BOOK = on_file()
EDITION = BOOK.at(TODAY)
ITEMS = [item.id for item in EDITION.items]
DAYS = st.dates(date(2024, 6, 11), date(2027, 1, 1))
FEW = settings(max_examples=60, deadline=None)


def chosen(question: Question) -> st.SearchStrategy[tuple[str, ...]]:
    options = st.sampled_from([option.id for option in question.options])
    return st.lists(options, max_size=3, unique=True).map(tuple) if question.many else options.map(lambda one: (one,))


def answers(edition: Edition, *, whole: bool = False) -> st.SearchStrategy[Answers]:
    every = {question.id: chosen(question) for question in edition.questions}
    return st.fixed_dictionaries(every) if whole else st.fixed_dictionaries({}, optional=every)


@FEW
@given(DAYS.flatmap(lambda on: st.tuples(st.just(on), answers(BOOK.at(on)))), st.sets(st.sampled_from(ITEMS)))
def test_every_item_is_answered_not_applicable_by_a_rule_or_open(
    drawn: tuple[date, Answers], written: set[str]
) -> None:
    sheet = Sheet(BOOK.at(drawn[0]), drawn[1])
    found = assess(sheet, dict.fromkeys(written, "on file"))
    assert [each.item for each in found.items] == list(sheet.edition.items)
    for each in found.items:
        applies = sheet.holds(each.item.when)
        assert (each.state is State.NOT_APPLICABLE) is (applies is Outcome.NOT_MET)
        if each.state is State.ANSWERED:
            by_answers = sheet.holds(each.item.settled) is Outcome.MET
            assert applies is Outcome.MET
            assert each.item.id in written or by_answers
        assert each.rule.startswith(f"{each.item.id}.")


def passes(found: Assessment, conditions: tuple[Condition, ...]) -> bool:
    return not holds(found, conditions, Binding.BEFORE_AWARD)


@FEW
@given(answers(EDITION), st.sets(st.sampled_from(ITEMS)), st.sets(st.sampled_from(ITEMS), max_size=5))
def test_no_award_slips_by(given_: Answers, written: set[str], carried: set[str]) -> None:
    """What passes has no open question and no open item that binds by then, but for those with a later condition."""
    found = assess(Sheet(EDITION, given_), dict.fromkeys(written, "on file"))
    conditions = tuple(
        Condition(f"c-{item}", item, "Ms Chan", TODAY, "report", Binding.BEFORE_FIRST_JOB) for item in sorted(carried)
    )
    due = {each.id for each in found.having(State.OPEN) if each.binds is Binding.BEFORE_AWARD}
    may_pass = not found.next and due <= carried and found.tier.id != UNACCEPTABLE
    assert passes(found, conditions) is may_pass
    if carried:
        held = {hold.rule for hold in holds(found, conditions, Binding.BEFORE_FIRST_JOB)}
        assert {f"condition.c-{item}" for item in carried} <= held


@FEW
@given(answers(EDITION, whole=True), st.data())
def test_more_answers_never_leave_the_bounds_told_before(whole: Answers, data: st.DataObject) -> None:
    kept = data.draw(st.sets(st.sampled_from(sorted(whole))))
    part = Sheet(EDITION, {name: chosen for name, chosen in whole.items() if name in kept})
    final = Sheet(EDITION, whole).tier()
    assert part.tier().rank <= final.rank <= part.at_most().rank


@FEW
@given(answers(EDITION, whole=True))
def test_whole_answers_leave_nothing_unknown(whole: Answers) -> None:
    found = assess(Sheet(EDITION, whole))
    assert found.settled
    assert not found.next
    assert not found.later
    assert not found.undecided


@FEW
@given(answers(EDITION))
def test_what_is_said_to_lower_the_tier_lowers_it(given_: Answers) -> None:
    found = assess(Sheet(EDITION, given_))
    for change in found.changes:
        tried = assess(Sheet(EDITION, {**given_, change.question.id: change.instead}))
        assert tried.tier == change.tier
        assert tried.tier.rank < found.tier.rank


@FEW
@given(answers(EDITION))
def test_a_tier_above_the_lowest_has_a_reason(given_: Answers) -> None:
    found = assess(Sheet(EDITION, given_))
    assert bool(found.reasons) is (found.tier.id != "low")
    assert all(reason.citations for reason in found.reasons)


@FEW
@given(answers(EDITION))
def test_later_points_ask_for_all_that_earlier_ones_did(given_: Answers) -> None:
    found = assess(Sheet(EDITION, given_))
    held = [{hold.rule for hold in holds(found, (), point)} for point in Binding]
    assert all(earlier <= later for earlier, later in pairwise(held))
