"""Conditions with teeth: owner, day, proof, and the point before which each has to be met."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from typing import Final

from lionrock.assurance.domain.assessing import Assessment, State
from lionrock.assurance.domain.rules import Binding
from lionrock.kernel.errors import Fault, Invalid
from lionrock.kernel.messages import Message, gettext_noop, message

UNACCEPTABLE: Final = "unacceptable"
"""The tier that no condition and no answer on an item lets through."""


@dataclass(frozen=True, slots=True)
class Condition:
    """What has to be met, by whom, by when, shown by which proof, before which point.

    `item` is the item that it stands for: passing with conditions moves the item to the condition's point.
    `milestone` names the one meant by `before_milestone`. `met_on` is the day on which the proof was accepted.
    """

    id: str
    item: str
    owner: str
    due: date
    proof: str
    binds: Binding
    milestone: str | None = None
    met_on: date | None = None


class Due(StrEnum):
    """Where a condition stands against its day."""

    MET = "met"
    AHEAD = "ahead"
    REMIND = "remind"
    OVERDUE = "overdue"


@dataclass(frozen=True, slots=True)
class Hold:
    """One reason why a project may not pass a point, and what would lift it."""

    rule: str
    reason: Message
    remedy: Message


def check_condition(condition: Condition, on: date) -> Condition:
    """Return a condition as it may be laid down on a day; raises `Invalid` with every fault."""
    faults = list(_faults(condition, on))
    if faults:
        said = message(gettext_noop("The condition {name} cannot be laid down yet. Complete it."), name=condition.id)
        raise Invalid("assurance.condition", said, faults=faults)
    return condition


def _faults(condition: Condition, on: date) -> Iterator[Fault]:
    if not condition.owner.strip():
        said = message(gettext_noop("The condition {name} has no owner. Name the person."), name=condition.id)
        yield Fault("assurance.condition.owner", said, field="owner", value=condition.owner)
    if not condition.proof.strip():
        said = message(gettext_noop("The condition {name} names no proof. Say what settles it."), name=condition.id)
        yield Fault("assurance.condition.proof", said, field="proof", value=condition.proof)
    if condition.due < on:
        said = message(
            gettext_noop("{value}, the day of the condition {name}, has passed. Set a day from {on} on."),
            value=condition.due.isoformat(),
            name=condition.id,
            on=on.isoformat(),
        )
        yield Fault("assurance.condition.due", said, field="due", value=condition.due.isoformat())
    if (condition.binds is Binding.BEFORE_MILESTONE) != bool((condition.milestone or "").strip()):
        said = message(
            gettext_noop("The condition {name} names a milestone where, and only where, it binds before one."),
            name=condition.id,
        )
        yield Fault("assurance.condition.milestone", said, field="milestone", value=condition.milestone)


def meet(condition: Condition, on: date) -> Condition:
    """Return the condition as met on a day, its proof accepted."""
    return replace(condition, met_on=on)


def due_state(condition: Condition, on: date, remind_days: int) -> Due:
    """Tell whether a condition is met, ahead, to be reminded of (so many days before) or overdue."""
    if condition.met_on is not None and condition.met_on <= on:
        return Due.MET
    if on > condition.due:
        return Due.OVERDUE
    return Due.REMIND if (condition.due - on).days <= remind_days else Due.AHEAD


def holds(
    assessment: Assessment, conditions: Sequence[Condition], point: Binding, milestone: str | None = None
) -> tuple[Hold, ...]:
    """Return all that keeps a project from passing a point; nothing means that it may pass.

    Later points ask for all that earlier ones did. At `before_milestone` only the conditions of that milestone bind;
    a release waits for every one.
    """
    carried = {each.item for each in conditions}
    return (
        *_by_tier(assessment),
        *_by_questions(assessment),
        *_by_items(assessment, carried, point),
        *_by_conditions(conditions, point, milestone),
    )


def _by_tier(assessment: Assessment) -> Iterator[Hold]:
    if assessment.tier.id == UNACCEPTABLE:
        yield Hold(
            "tier.unacceptable",
            message(gettext_noop("The tier is {tier}: such a use is not supported."), tier=assessment.tier.names),
            message(gettext_noop("Only another use would change it. No condition can.")),
        )


def _by_questions(assessment: Assessment) -> Iterator[Hold]:
    for question in assessment.next:
        yield Hold(
            f"question.{question.id}",
            message(gettext_noop("A question is open: {question}"), question=question.names),
            message(gettext_noop("Answer it.")),
        )


def _by_items(assessment: Assessment, carried: set[str], point: Binding) -> Iterator[Hold]:
    for each in assessment.items:
        if each.state is State.OPEN and each.item.id not in carried and each.item.binds.reached_at(point):
            yield Hold(
                f"item.{each.item.id}",
                message(gettext_noop("{item} is open: {question}"), item=each.item.id, question=each.item.names),
                message(gettext_noop("Put on file: {evidence}"), evidence=each.item.evidence),
            )


def _by_conditions(conditions: Sequence[Condition], point: Binding, milestone: str | None) -> Iterator[Hold]:
    for each in conditions:
        if each.met_on is None and _binds(each, point, milestone):
            yield Hold(
                f"condition.{each.id}",
                message(gettext_noop("The condition {name} on {item} is not met."), name=each.id, item=each.item),
                message(
                    gettext_noop("{owner} hands in by {due}: {proof}"),
                    owner=each.owner,
                    due=each.due.isoformat(),
                    proof=each.proof,
                ),
            )


def _binds(condition: Condition, point: Binding, milestone: str | None) -> bool:
    if condition.binds is point is Binding.BEFORE_MILESTONE:
        return condition.milestone == milestone
    return condition.binds.reached_at(point)
