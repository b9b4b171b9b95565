"""Votes: quorum, majorities, recusal, a casting vote; as a table, and against a count made another way."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lionrock.committee.domain import Choice, Rules, Tally, check_carried, findings, is_carried, is_quorate, tally
from lionrock.kernel.errors import Conflict, Refused
from lionrock.kernel.findings import Outcome
from lionrock.rules.parameters import Majority

F, A, N = Choice.FOR, Choice.AGAINST, Choice.ABSTAIN
MEMBERS = ("ann", "ben", "cho", "dee", "eve", "fan", "gus")


def counted(in_favour: int, against: int, abstained: int = 0, chair: Choice | None = None) -> Tally:
    return Tally(7, in_favour, against, abstained, chair)


@pytest.mark.parametrize(
    ("majority", "votes", "carried"),
    [
        (Majority.SIMPLE, (2, 1), True),
        (Majority.SIMPLE, (2, 2), False),
        (Majority.SIMPLE, (1, 0, 6), True),
        (Majority.SIMPLE, (0, 0, 7), False),
        (Majority.TWO_THIRDS, (2, 1), True),
        (Majority.TWO_THIRDS, (3, 2), False),
        (Majority.TWO_THIRDS, (4, 2), True),
        (Majority.TWO_THIRDS, (0, 0, 3), False),
        (Majority.UNANIMOUS, (3, 0, 4), True),
        (Majority.UNANIMOUS, (6, 1), False),
        (Majority.UNANIMOUS, (0, 0, 7), False),
        (None, (7, 0), None),
    ],
)
def test_a_proposal_is_carried_as_the_programme_says(
    majority: Majority | None, votes: tuple[int, ...], carried: bool | None
) -> None:
    assert is_carried(Rules(3, majority), counted(*votes)) is carried


@pytest.mark.parametrize(
    ("casting", "majority", "chair", "carried"),
    [
        (False, Majority.SIMPLE, F, False),
        (True, Majority.SIMPLE, F, True),
        (True, Majority.SIMPLE, A, False),
        (True, Majority.SIMPLE, None, False),
        (True, Majority.TWO_THIRDS, F, False),
    ],
)
def test_the_chair_decides_a_tie_only_where_the_programme_says_so(
    casting: bool, majority: Majority, chair: Choice | None, carried: bool
) -> None:
    assert is_carried(Rules(1, majority, casting), counted(2, 2, chair=chair)) is carried
    assert is_carried(Rules(1, majority, casting), counted(1, 2, chair=F)) is False


@pytest.mark.parametrize(("quorum", "voted", "quorate"), [(3, 2, False), (3, 3, True), (3, 4, True), (None, 7, None)])
def test_a_quorum_counts_those_who_took_part(quorum: int | None, voted: int, quorate: bool | None) -> None:
    assert is_quorate(Rules(quorum, Majority.SIMPLE), counted(0, 0, voted)) is quorate


def test_whoever_is_recused_or_absent_counts_nowhere() -> None:
    votes = {"ann": F, "ben": F, "cho": A, "dee": F}
    found = tally(votes, present={"ann", "ben", "cho", "eve"}, recused={"ben"}, chairs={"ben", "cho"})
    assert found == Tally(present=3, for_=1, against=1, abstained=0, chair=A)


def test_a_recused_chair_has_no_casting_vote() -> None:
    found = tally({"ann": F, "ben": A, "cho": F}, present={"ann", "ben", "cho"}, recused={"cho"}, chairs={"cho"})
    assert is_carried(Rules(2, Majority.SIMPLE, casting_vote=True), found) is False


@given(
    votes=st.dictionaries(st.sampled_from(MEMBERS), st.sampled_from(Choice)),
    present=st.frozensets(st.sampled_from(MEMBERS)),
    recused=st.frozensets(st.sampled_from(MEMBERS)),
    majority=st.sampled_from(Majority),
    quorum=st.integers(1, 7),
)
def test_votes_counted_another_way_come_to_the_same(
    votes: dict[str, Choice],
    present: frozenset[str],
    recused: frozenset[str],
    majority: Majority,
    quorum: int,
) -> None:
    rules, found = Rules(quorum, majority), tally(votes, present, recused)
    said = [choice.value for member, choice in votes.items() if member in present and member not in recused]
    sides = [word for word in said if word != "abstain"]
    share = Fraction(sides.count("for"), len(sides)) if sides else Fraction(0)
    wanted = {
        Majority.SIMPLE: share > Fraction(1, 2),
        Majority.TWO_THIRDS: share >= Fraction(2, 3),
        Majority.UNANIMOUS: share == 1,
    }
    assert is_carried(rules, found) is wanted[majority]
    assert is_quorate(rules, found) is (len(said) >= quorum)
    assert found.present == len([member for member in present if member not in recused])


@given(choices=st.lists(st.sampled_from(Choice), min_size=1, max_size=7), majority=st.sampled_from(Majority))
def test_one_more_vote_for_never_loses_a_proposal(choices: list[Choice], majority: Majority) -> None:
    rules = Rules(1, majority)
    before = tally(dict(zip(MEMBERS, choices, strict=False)), MEMBERS, ())
    after = Tally(8, before.for_ + 1, before.against, before.abstained)
    assert is_carried(rules, after) or not is_carried(rules, before)


def test_what_is_not_set_is_unknown_and_decides_nothing() -> None:
    quorum, majority = findings(Rules(None, None), counted(5, 0))
    assert (quorum.outcome, majority.outcome) == (Outcome.UNKNOWN, Outcome.UNKNOWN)
    with pytest.raises(Refused) as raised:
        check_carried(Rules(None, Majority.SIMPLE), counted(5, 0), "APP-1")
    assert raised.value.code == "committee.resolve.quorum_not_set"
    with pytest.raises(Refused) as raised:
        check_carried(Rules(1, None), counted(5, 0), "APP-1")
    assert raised.value.code == "committee.resolve.majority_not_set"


def test_each_refusal_names_what_is_missing() -> None:
    rules = Rules(3, Majority.SIMPLE)
    with pytest.raises(Conflict, match="Nobody has voted"):
        check_carried(rules, counted(0, 0), "APP-1")
    with pytest.raises(Refused, match=r"Took part in the vote: 2. Needed: 3"):
        check_carried(rules, counted(2, 0), "APP-1")
    with pytest.raises(Refused, match=r"is not carried. For: 1, against: 2") as raised:
        check_carried(rules, counted(1, 2), "APP-1")
    assert [finding.outcome for finding in raised.value.findings] == [Outcome.MET, Outcome.NOT_MET]
    assert all(finding.outcome is Outcome.MET for finding in check_carried(rules, counted(3, 0), "APP-1"))
