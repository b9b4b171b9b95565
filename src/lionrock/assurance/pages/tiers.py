"""The tier as pages say it: how it feels, what would lower it, and in which words."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from lionrock.assurance.domain.assessing import Assessment, Change
from lionrock.assurance.domain.rules import Question
from lionrock.kernel.messages import Message, gettext_noop, message
from lionrock.rules.shape import Names
from lionrock.web.words import Tone

_TONES: Final = (Tone.GOOD, Tone.PLAIN, Tone.CAUTION, Tone.STOP)
"""By the rank of a tier, from the lowest; what lies above them feels like the last."""


@dataclass(frozen=True, slots=True)
class Said:
    """The tier of an assessment: its name and tone, how far it may still rise, and what would lower it."""

    names: Names
    tone: Tone
    lower: tuple[Message, ...]


def tone_of(rank: int) -> Tone:
    """Return how a tier of a rank feels."""
    return _TONES[min(rank, len(_TONES)) - 1]


def said_of(found: Assessment) -> Said:
    """Return what a page says of the tier."""
    return Said(found.tier.names, tone_of(found.tier.rank), tuple(_lower(each) for each in found.changes))


def _lower(change: Change) -> Message:
    removed = [each for each in change.given if each not in change.instead]
    if change.question.many:
        template = gettext_noop("“{option}” did not hold: {tier}")
        return message(template, option=_option(change.question, removed[0]), tier=change.tier.names)
    template = gettext_noop("“{question}” were answered with “{option}”: {tier}")
    option = _option(change.question, change.instead[0])
    return message(template, question=change.question.names, option=option, tier=change.tier.names)


def _option(question: Question, option: str) -> Names:
    return next(each.names for each in question.options if each.id == option)
