"""The assessment at one moment: the tier and why, what would lower it, and where every item stands."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum

from lionrock.assurance.domain.answering import Sheet
from lionrock.assurance.domain.rules import Item, Oversight, Question, Tier, Trigger, When
from lionrock.kernel.findings import Outcome
from lionrock.kernel.messages import Message, gettext_noop, message


class State(StrEnum):
    """Where an item stands; there is no fourth."""

    ANSWERED = "answered"
    NOT_APPLICABLE = "not_applicable"
    OPEN = "open"


@dataclass(frozen=True, slots=True)
class ItemState:
    """An item, where it stands, the rule that says so and the sentence that tells it."""

    item: Item
    state: State
    rule: str
    reason: Message


@dataclass(frozen=True, slots=True)
class Change:
    """One answer that would be another if the project were, and the tier by the answers that then stand."""

    question: Question
    given: tuple[str, ...]
    instead: tuple[str, ...]
    tier: Tier


@dataclass(frozen=True, slots=True)
class Assessment:
    """All that can be said of a project by its answers so far; `editions` is what it was asked by."""

    editions: tuple[str, ...]
    tier: Tier
    at_most: Tier
    reasons: tuple[Trigger, ...]
    possible: tuple[Trigger, ...]
    oversight: Oversight | None
    changes: tuple[Change, ...]
    next: tuple[Question, ...]
    later: tuple[Question, ...]
    items: tuple[ItemState, ...]

    @property
    def settled(self) -> bool:
        """Whether no open answer can raise the tier any more."""
        return self.tier == self.at_most

    @property
    def undecided(self) -> tuple[Item, ...]:
        """The items of which open questions decide whether they apply; they count as open."""
        return tuple(each.item for each in self.items if each.state is State.OPEN and each.rule == _applying(each.item))

    def having(self, state: State) -> tuple[Item, ...]:
        """Return the items in a state."""
        return tuple(each.item for each in self.items if each.state is state)


def assess(sheet: Sheet, given: Mapping[str, str] | None = None) -> Assessment:
    """Return the assessment; `given` holds what was written on items, by id."""
    tier, at_most = sheet.tier(), sheet.at_most()
    return Assessment(
        editions=sheet.edition.ids,
        tier=tier,
        at_most=at_most,
        reasons=tuple(each for each in sheet.triggers(Outcome.MET) if each.tier == tier.id),
        possible=tuple(each for each in sheet.triggers(Outcome.UNKNOWN) if _rank(sheet, each.tier) > tier.rank),
        oversight=_oversight(sheet),
        changes=tuple(_changes(sheet)),
        next=sheet.open_questions(),
        later=sheet.later_questions(),
        items=tuple(_state(sheet, item, (given or {}).get(item.id, "")) for item in sheet.edition.items),
    )


def _rank(sheet: Sheet, name: str) -> int:
    return next(each.rank for each in sheet.edition.tiers if each.id == name)


def _oversight(sheet: Sheet) -> Oversight | None:
    called_for = [each for each in sheet.edition.oversight if sheet.holds(each.when) is Outcome.MET]
    return max(called_for, key=lambda each: each.rank, default=None)


def _changes(sheet: Sheet) -> Iterator[Change]:
    """Yield the single answers that would lower the tier, each tried by working the tier out anew."""
    now = sheet.tier()
    for question, given in sheet.counted():
        for instead in _others(question, given):
            tried = Sheet(sheet.edition, {**sheet.answers, question.id: instead}, sheet.ruled).tier()
            if tried.rank < now.rank:
                yield Change(question, given, instead, tried)


def _others(question: Question, given: tuple[str, ...]) -> Iterator[tuple[str, ...]]:
    """Yield the answers one step away: one choice fewer, or another choice where one is asked."""
    if question.many:
        yield from (tuple(each for each in given if each != left_out) for left_out in given)
    else:
        yield from ((option.id,) for option in question.options if option.id not in given)


def _applying(item: Item) -> str:
    return f"{item.id}.when"


def _state(sheet: Sheet, item: Item, given: str) -> ItemState:
    applies = sheet.holds(item.when)
    if applies is Outcome.NOT_MET:
        said = message(gettext_noop("Does not apply, by these answers: {answers}."), answers=_rests_on(item.when))
        return ItemState(item, State.NOT_APPLICABLE, _applying(item), said)
    if applies is Outcome.UNKNOWN:
        said = message(gettext_noop("Depends on answers that are open: {answers}."), answers=_rests_on(item.when))
        return ItemState(item, State.OPEN, _applying(item), said)
    if given.strip():
        return ItemState(item, State.ANSWERED, f"{item.id}.given", message(gettext_noop("Answered on the item.")))
    if sheet.holds(item.settled) is Outcome.MET:
        said = message(gettext_noop("Settled by these answers: {answers}."), answers=_rests_on(item.settled))
        return ItemState(item, State.ANSWERED, f"{item.id}.settled", said)
    return ItemState(item, State.OPEN, f"{item.id}.given", message(gettext_noop("Applies and is not answered.")))


def _rests_on(when: When) -> str:
    return ", ".join(dict.fromkeys(test.question for group in when for test in group))
