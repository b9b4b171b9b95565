"""The gate's answers as data for machines and as lines for people."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from lionrock.assurance.domain.assessing import Assessment, Change, ItemState, State
from lionrock.assurance.domain.conditions import Hold, holds
from lionrock.assurance.domain.rules import Binding, Entry, Item, Question
from lionrock.rules.shape import LANGUAGES, Names


def names_data(names: Names) -> dict[str, str]:
    """Return names by language."""
    return {code: names.in_language(code) for code in LANGUAGES}


def sources_data(entry: Entry) -> list[dict[str, Any]]:
    """Return the sources of an entry, with the place in each and how good it is."""
    return [
        {
            "source": each.citation.source,
            "at": each.at,
            "publisher": each.citation.publisher,
            "title": each.citation.title,
            "dated": each.citation.dated,
            "address": each.citation.address,
            "grade": each.citation.grade.value,
        }
        for each in entry.citations
    ]


def item_data(item: Item) -> dict[str, Any]:
    """Return an item with its days, its point and its sources."""
    return {
        "id": item.id,
        "profile": item.profile,
        "from": item.since,
        "until": item.until,
        "question": names_data(item.names),
        "evidence": names_data(item.evidence),
        "binds": item.binds.value,
        "answers_to": sources_data(item),
    }


def question_data(question: Question) -> dict[str, Any]:
    """Return a question with the answers that may be chosen."""
    return {
        "id": question.id,
        "question": names_data(question.names),
        "many": question.many,
        "options": {option.id: names_data(option.names) for option in question.options},
        "answers_to": sources_data(question),
    }


def assessment_data(found: Assessment) -> dict[str, Any]:
    """Return an assessment: the tier and why, what would lower it, the items, and what each point still asks."""
    return {
        "editions": found.editions,
        "tier": {"id": found.tier.id, "names": names_data(found.tier.names), "asks": names_data(found.tier.asks)},
        "settled": found.settled,
        "at_most": found.at_most.id,
        "oversight": found.oversight and {"id": found.oversight.id, "names": names_data(found.oversight.names)},
        "reasons": [
            {"id": each.id, "names": names_data(each.names), "answers_to": sources_data(each)} for each in found.reasons
        ],
        "possible": [{"id": each.id, "tier": each.tier, "names": names_data(each.names)} for each in found.possible],
        "lower": [
            {"question": each.question.id, "given": each.given, "instead": each.instead, "tier": each.tier.id}
            for each in found.changes
        ],
        "next": [question_data(each) for each in found.next],
        "later": [each.id for each in found.later],
        "items": [_state_data(each) for each in found.items],
        "holds": {point.value: [_hold_data(each) for each in holds(found, (), point)] for point in Binding},
    }


def _state_data(each: ItemState) -> dict[str, Any]:
    return {**item_data(each.item), "state": each.state.value, "rule": each.rule, "reason": str(each.reason)}


def _hold_data(hold: Hold) -> dict[str, str]:
    return {"rule": hold.rule, "reason": str(hold.reason), "remedy": str(hold.remedy)}


def tier_text(found: Assessment) -> str:
    """Return the tier, its reasons, what would lower it and where the items stand, as lines."""
    return "\n".join(_tier_lines(found))


def _tier_lines(found: Assessment) -> Iterator[str]:
    bound = "" if found.settled else f"; open answers can raise it to {found.at_most.id}"
    yield f"Tier: {found.tier.names}{bound}. {found.tier.asks}"
    for reason in found.reasons:
        yield f"  because: {reason.names} [{_sources(reason)}]"
    yield from _lowering(found)
    if found.oversight:
        yield f"Oversight: {found.oversight.names} [{_sources(found.oversight)}]"
    yield f"Asked by: {', '.join(found.editions)}"
    counts = {state: len(found.having(state)) for state in State}
    yield "Items: " + ", ".join(f"{count} {state.value.replace('_', ' ')}" for state, count in counts.items())
    for each in found.items:
        if each.state is State.OPEN and each.item not in found.undecided:
            yield f"  {each.item.id} {each.item.names} ({each.item.binds.value}) [{_sources(each.item)}]"
    if found.undecided:
        yield f"May still apply: {', '.join(item.id for item in found.undecided)}"
    if found.next:
        yield f"Still asked: {', '.join(each.id for each in found.next)}"


def _lowering(found: Assessment) -> Iterator[str]:
    if found.changes:
        yield "It would be lower if the project were such that one of these were true:"
        yield from (f"  {_change(each)}" for each in found.changes)
    elif len(found.reasons) > 1:
        yield "No single answer would lower it: every reason above would have to fall away."


def _change(change: Change) -> str:
    given, instead = (", ".join(chosen) or "none" for chosen in (change.given, change.instead))
    return f"{change.question.id}: {instead} instead of {given} → {change.tier.names}"


def _sources(entry: Entry) -> str:
    return "; ".join(
        f"{each.citation.source}{f' {each.at}' if each.at else ''} ({each.citation.grade.value})"
        for each in entry.citations
    )


def ask_text(found: Assessment) -> str:
    """Return the questions asked next, with what may be answered."""
    return "\n".join(_ask_lines(found))


def _ask_lines(found: Assessment) -> Iterator[str]:
    if not found.next:
        yield f"No question is open. The tier is {found.tier.names}."
    for question in found.next:
        yield f"{question.id}: {question.names}" + (" [any number, or []]" if question.many else "")
        yield from (f"    {option.id}: {option.names}" for option in question.options)
    if found.later:
        yield f"Asked later, if the answers call for it: {', '.join(each.id for each in found.later)}"


def item_text(item: Item) -> str:
    """Return one item with its evidence, its point and its sources, as lines."""
    lines = [f"{item.id} {item.names}", f"  evidence: {item.evidence}", f"  binds: {item.binds.value}"]
    for each in item.citations:
        cited = each.citation
        place = f" {each.at}" if each.at else ""
        lines.append(
            f"  source: {cited.publisher}, {cited.title}{place} ({cited.grade.value}) {cited.address or ''}".rstrip()
        )
    return "\n".join(lines)
