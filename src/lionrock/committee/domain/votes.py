"""Votes: who may give one, what they come to, and whether a proposal is carried.

A vote counts when its member is present and not recused. Whoever is recused from an item counts
neither for its quorum nor in its vote; the quorum itself, a number of members, stays as it is. An
abstention counts for the quorum and on neither side. Nobody has a second vote unless the
programme gives the chair a casting one.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from lionrock.kernel.errors import Conflict, Refused
from lionrock.kernel.findings import Finding, Outcome, ParameterRead
from lionrock.kernel.messages import Message, gettext_noop, message
from lionrock.rules.parameters import Majority
from lionrock.rules.terms import Terms

CASTING_VOTE: Final = "committee.casting_vote"


class Choice(StrEnum):
    """What a member can say to a proposal."""

    FOR = "for"
    AGAINST = "against"
    ABSTAIN = "abstain"


@dataclass(frozen=True, slots=True)
class Rules:
    """How a committee decides. None: its programme has not said, and so it cannot decide."""

    quorum: int | None
    majority: Majority | None
    casting_vote: bool = False
    reads: tuple[ParameterRead, ...] = ()


def rules_of(terms: Terms) -> Rules:
    """Read how the committee of a programme decides."""
    quorum, majority = terms.quorum(), terms.majority()
    casting = terms.value(CASTING_VOTE) is True
    return Rules(quorum, majority, casting, terms.reads)


@dataclass(frozen=True, slots=True)
class Tally:
    """The votes that count. `present` are members in the room who are not recused from the item."""

    present: int
    for_: int
    against: int
    abstained: int
    chair: Choice | None = None
    """What the chair voted, where that vote counts."""

    @property
    def voted(self) -> int:
        """How many took part in the vote."""
        return self.for_ + self.against + self.abstained


def tally(
    votes: Mapping[str, Choice], present: Collection[str], recused: Collection[str], chairs: Collection[str] = ()
) -> Tally:
    """Count the last vote of each member who is present and not recused; all are named by address."""
    counted = {member: votes[member] for member in present if member in votes and member not in recused}
    given = list(counted.values())
    led = [counted[chair] for chair in sorted(chairs) if chair in counted]
    return Tally(
        present=len(set(present) - set(recused)),
        for_=given.count(Choice.FOR),
        against=given.count(Choice.AGAINST),
        abstained=given.count(Choice.ABSTAIN),
        chair=led[0] if led else None,
    )


def is_quorate(rules: Rules, counted: Tally) -> bool | None:
    """Tell whether enough members took part in the vote; None while the quorum is not set."""
    return None if rules.quorum is None else counted.voted >= rules.quorum


def is_carried(rules: Rules, counted: Tally) -> bool | None:
    """Tell whether the proposal has its majority; None while the majority is not set.

    A tie is lost, unless the programme gives the chair a casting vote and the chair is for it.
    """
    if rules.majority is None:
        return None
    tie = counted.for_ == counted.against > 0
    if tie and rules.casting_vote and rules.majority is Majority.SIMPLE:
        return counted.chair is Choice.FOR
    return {
        Majority.SIMPLE: counted.for_ > counted.against,
        Majority.TWO_THIRDS: counted.for_ > 0 and 3 * counted.for_ >= 2 * (counted.for_ + counted.against),
        Majority.UNANIMOUS: counted.for_ > 0 and counted.against == 0,
    }[rules.majority]


def findings(rules: Rules, counted: Tally) -> tuple[Finding, Finding]:
    """Return what quorum and majority come to, as findings that name the programme's rules."""
    reads = {read.path: (read,) for read in rules.reads}
    return (
        Finding(
            "committee.quorum",
            _outcome(is_quorate(rules, counted)),
            _quorum_said(rules, counted),
            {"voted": str(counted.voted), "present": str(counted.present)},
            reads.get("committee.quorum", ()),
        ),
        Finding(
            "committee.majority",
            _outcome(is_carried(rules, counted)),
            _majority_said(rules, counted),
            {"for": str(counted.for_), "against": str(counted.against), "abstained": str(counted.abstained)},
            reads.get("committee.majority", ()),
        ),
    )


def _outcome(holds: bool | None) -> Outcome:
    return {True: Outcome.MET, False: Outcome.NOT_MET, None: Outcome.UNKNOWN}[holds]


def _quorum_said(rules: Rules, counted: Tally) -> Message:
    if rules.quorum is None:
        return message(gettext_noop("The programme has not set how many members must take part in a vote."))
    return message(
        gettext_noop("Took part in the vote: {voted}. Needed: {quorum}. Present and not recused: {present}."),
        voted=counted.voted,
        quorum=rules.quorum,
        present=counted.present,
    )


_MAJORITY = {
    None: gettext_noop(
        "For: {in_favour}, against: {against}, abstained: {abstained}. The programme has not set the majority."
    ),
    Majority.SIMPLE: gettext_noop(
        "For: {in_favour}, against: {against}, abstained: {abstained}. It takes more for than against."
    ),
    Majority.TWO_THIRDS: gettext_noop(
        "For: {in_favour}, against: {against}, abstained: {abstained}. It takes two thirds of those for and against."
    ),
    Majority.UNANIMOUS: gettext_noop(
        "For: {in_favour}, against: {against}, abstained: {abstained}. It takes all of those for and against."
    ),
}


def _majority_said(rules: Rules, counted: Tally) -> Message:
    return message(
        _MAJORITY[rules.majority], in_favour=counted.for_, against=counted.against, abstained=counted.abstained
    )


def check_carried(rules: Rules, counted: Tally, thing: str) -> tuple[Finding, Finding]:
    """Return the findings when the proposal is carried.

    Raises `Refused` with them when quorum or majority is missing, or the programme has not said
    what they are; `Conflict` when nobody has voted.
    """
    found = findings(rules, counted)
    if not counted.voted:
        said = message(
            gettext_noop("Nobody has voted on {thing} yet. Let the members vote, then declare."), thing=thing
        )
        raise Conflict("committee.resolve.no_votes", said)
    for finding, code, template in zip(found, _CODES, _REFUSED, strict=True):
        if finding.outcome is Outcome.UNKNOWN:
            said = message(
                gettext_noop("{thing} cannot be decided: {why} Its owner must set it first."),
                thing=thing,
                why=finding.message,
            )
            raise Refused(f"committee.resolve.{code}_not_set", said, findings=found)
        if finding.outcome is Outcome.NOT_MET:
            said = message(template, thing=thing, why=finding.message)
            raise Refused(f"committee.resolve.{code}", said, findings=found)
    return found


_CODES = ("quorum", "majority")
_REFUSED = (
    gettext_noop("{thing} has no quorum. {why} Let more members vote, or postpone it."),
    gettext_noop("The proposal on {thing} is not carried. {why} Propose something else, or postpone it."),
)
