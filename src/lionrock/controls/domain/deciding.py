"""What is required of a paragraph on a journey, and what notices make of it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from lionrock.controls.domain.answers import Question, Ruling, Told
from lionrock.controls.domain.catalogue import Item
from lionrock.controls.domain.lines import Measures, all_met, all_of, any_of
from lionrock.controls.domain.places import Atlas, any_fits
from lionrock.controls.domain.rules import (
    NO_PARAGRAPH,
    NOT_LISTED,
    Applies,
    Authorisation,
    Effect,
    Notice,
    Outcome,
    Review,
    Version,
    under,
)

_NOTHING: Final = Ruling(Authorisation.NONE, Review.NOT_APPLICABLE)
_EXCEPTIONS: Final = frozenset({Authorisation.NAC, Authorisation.ACA})
_STRICTNESS: Final = (Review.NOT_APPLICABLE, Review.APPROVAL, Review.CASE_BY_CASE, Review.DENIAL)
_DECIDES: Final = {Effect.BY_LETTER: Authorisation.BY_LETTER, Effect.GP10: Authorisation.GP10}
WORSE: Final = (
    Authorisation.NONE,
    Authorisation.ACA,
    Authorisation.NAC,
    Authorisation.UNKNOWN,
    Authorisation.BY_LETTER,
    Authorisation.LICENCE,
    Authorisation.GP10,
)
"""From the least to the worst: a licence heals everything but a presumed breach; unknown is worse than an exception."""


@dataclass(frozen=True, slots=True)
class Matter:
    """One item of a question: its quantities, its marketing, and the countries of the day."""

    item: Item
    measured: Measures
    datacentre: bool | None
    question: Question
    atlas: Atlas


def severity(authorisation: Authorisation, review: Review) -> tuple[int, int]:
    """Return a key that orders answers from the least to the worst."""
    return WORSE.index(authorisation), _STRICTNESS.index(review)


def rule(version: Version, possible: Sequence[str], matter: Matter) -> Ruling:
    """Return what a version requires of an item that may fall under several paragraphs.

    When all that is possible requires the same, that is required; otherwise it is unknown. It is
    never none while a paragraph is unknown.
    """
    rulings = [ruling for paragraph in possible for ruling in _of_paragraph(version, paragraph, matter)]
    found = {ruling.authorisation for ruling in rulings}
    if len(found) > 1 or (len(possible) > 1 and found == {Authorisation.NONE}):
        return Ruling(Authorisation.UNKNOWN, Review.NOT_APPLICABLE, _by(rulings), _missing(rulings))
    worst = max(rulings, key=lambda ruling: severity(ruling.authorisation, ruling.review))
    return Ruling(worst.authorisation, worst.review, _by(rulings), _missing(rulings), worst.certify)


def _by(rulings: Iterable[Ruling]) -> tuple[Outcome, ...]:
    return tuple(dict.fromkeys(outcome for ruling in rulings for outcome in ruling.by))


def _missing(rulings: Iterable[Ruling]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(name for ruling in rulings for name in ruling.missing))


def _of_paragraph(version: Version, paragraph: str, matter: Matter) -> list[Ruling]:
    """Return every ruling that is possible for one paragraph: one, unless something was not told."""
    found: list[Ruling] = []
    for outcome in version.outcomes:
        if paragraph in (NO_PARAGRAPH, NOT_LISTED) or not outcome.speaks_of(paragraph):
            continue
        fits = _fits(outcome, matter)
        if fits is False:
            continue
        missing = () if fits else _lacking(outcome, matter)
        found.append(
            Ruling(outcome.authorisation, outcome.review or Review.NOT_APPLICABLE, (outcome,), missing, outcome.certify)
        )
        if fits:
            return found
    return [*found, _NOTHING]


def _fits(outcome: Outcome, matter: Matter) -> bool | None:
    return all_of(
        (
            _marketing(outcome.datacentre, matter.datacentre),
            any_fits(outcome.wheres, matter.question.journey, matter.atlas),
            all_met(outcome.tests, matter.measured),
        )
    )


def _marketing(asked: bool | None, datacentre: bool | None) -> bool | None:
    if asked is None:
        return True
    return None if datacentre is None else asked is datacentre


def _lacking(outcome: Outcome, matter: Matter) -> tuple[str, ...]:
    """Name what would tell whether an outcome fits."""
    names = [name for where in outcome.wheres for name in where.lacking(matter.question.journey)]
    names += [name for test in outcome.tests for name in matter.measured[test.quantity].missing]
    if outcome.datacentre is not None and matter.datacentre is None:
        names.append("datacentre_marketed")
    return tuple(dict.fromkeys(names))


def without_exceptions(ruling: Ruling) -> Ruling:
    """Return what is required when a use or a party bars exceptions: a licence; nothing becomes unknown."""
    if ruling.authorisation in _EXCEPTIONS:
        return Ruling(Authorisation.LICENCE, Review.CASE_BY_CASE, ruling.by, ruling.missing)
    if ruling.authorisation is Authorisation.NONE:
        return Ruling(Authorisation.UNKNOWN, Review.NOT_APPLICABLE, ruling.by, (*ruling.missing, "uses"))
    return ruling


def tell(notices: Iterable[Notice], possible: Sequence[str], matter: Matter) -> list[tuple[Notice, bool]]:
    """Return the notices that hold on the day and speak of an item, each with whether it does for sure."""
    question, found = matter.question, []
    for notice in notices:
        if not notice.holds(question.on) or (notice.exporter and notice.exporter != question.exporter):
            continue
        speaks = any_of(_speaks(each, possible, matter) for each in notice.applies)
        fits = all_of((speaks, any_fits(notice.wheres, question.journey, matter.atlas)))
        if fits is not False:
            found.append((notice, fits is True))
    return found


def _speaks(applies: Applies, possible: Sequence[str], matter: Matter) -> bool | None:
    """Tell whether everything that a notice asks of an item fits."""
    reached = (test.met_by(matter.measured[test.quantity]) for test in applies.reaching)
    return all_of(
        (
            not applies.chips or matter.item.id in applies.chips,
            applies.vendor is None or matter.item.vendor == applies.vendor,
            _designed(applies, matter),
            _some(applies, possible) if applies.paragraphs else True,
            _marketing(applies.datacentre, matter.datacentre),
            any_of(reached) if applies.reaching else True,
            all_met(applies.tests, matter.measured),
        )
    )


def _designed(applies: Applies, matter: Matter) -> bool | None:
    if not applies.designer_in:
        return True
    home = matter.item.designer_in
    return None if home is None else matter.atlas.belongs(home, applies.designer_in, matter.question.on)


def _some(applies: Applies, possible: Sequence[str]) -> bool | None:
    given = {under(paragraph, applies.paragraphs) for paragraph in possible}
    return given.pop() if len(given) == 1 else None


def heed(ruling: Ruling, told: Sequence[tuple[Notice, bool]]) -> tuple[Ruling, tuple[Told, ...]]:
    """Return the ruling after the notices: the worst that may decide does; one that is unsure makes none unknown."""
    heard = [
        Told(notice, sure and notice.effect in _DECIDES and ruling.authorisation in notice.over, sure)
        for notice, sure in told
    ]
    deciding = [_DECIDES[each.notice.effect] for each in heard if each.decides]
    if deciding:
        worst = max(deciding, key=WORSE.index)
        return Ruling(worst, Review.NOT_APPLICABLE, ruling.by, ruling.missing), tuple(heard)
    doubt = any(not each.sure and each.notice.effect in _DECIDES for each in heard)
    if doubt and ruling.authorisation is Authorisation.NONE:
        return Ruling(Authorisation.UNKNOWN, Review.NOT_APPLICABLE, ruling.by, ruling.missing), tuple(heard)
    return ruling, tuple(heard)
