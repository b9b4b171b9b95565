"""What answers are called for people: authorisations, review policies, ways; and how each feels."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from lionrock.controls.domain.choosing import Way
from lionrock.controls.domain.figures import Figure
from lionrock.controls.domain.rules import Authorisation, Review
from lionrock.kernel.messages import Message, gettext_noop, message

AUTHORISATIONS: Final[Mapping[Authorisation, tuple[str, str]]] = MappingProxyType(
    {
        Authorisation.NONE: ("good", gettext_noop("Nothing is required")),
        Authorisation.NAC: ("caution", gettext_noop("Exception NAC: a notice 25 days before")),
        Authorisation.ACA: ("good", gettext_noop("Exception ACA: no notice")),
        Authorisation.LICENCE: ("stop", gettext_noop("A licence is required")),
        Authorisation.BY_LETTER: ("stop", gettext_noop("A licence is required by letter")),
        Authorisation.GP10: ("stop", gettext_noop("Presumed made in breach")),
        Authorisation.UNKNOWN: ("caution", gettext_noop("Not known")),
    }
)
REVIEWS: Final[Mapping[Review, tuple[str, str]]] = MappingProxyType(
    {
        Review.NOT_APPLICABLE: ("plain", gettext_noop("No policy applies")),
        Review.DENIAL: ("stop", gettext_noop("Presumed to be denied")),
        Review.APPROVAL: ("good", gettext_noop("Presumed to be approved")),
        Review.CASE_BY_CASE: ("caution", gettext_noop("Case by case")),
    }
)
WAYS: Final[Mapping[Way, tuple[str, str]]] = MappingProxyType(
    {
        Way.FREE: ("good", gettext_noop("Nothing required")),
        Way.EXCEPTION: ("good", gettext_noop("By exception")),
        Way.LIKELY: ("good", gettext_noop("Licence, presumed approved")),
        Way.CASE_BY_CASE: ("caution", gettext_noop("Licence, case by case")),
        Way.LETTER: ("stop", gettext_noop("Licence by letter")),
        Way.UNKNOWN: ("caution", gettext_noop("Not known")),
        Way.DENIED: ("stop", gettext_noop("Licence, presumed denied")),
        Way.BREACH: ("stop", gettext_noop("Presumed made in breach")),
    }
)
PARAGRAPHS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "none": gettext_noop("No paragraph exists yet"),
        "not_3A090": gettext_noop("Outside 3A090"),
        "excluded_note_2": gettext_noop("Outside 3A090 by note 2"),
        "unknown": gettext_noop("Not known"),
    }
)
FIGURES: Final[Mapping[Figure, str]] = MappingProxyType(
    {
        Figure.FP64: gettext_noop("FP64, 10¹² a second"),
        Figure.TF32: gettext_noop("TF32, 10¹² a second"),
        Figure.FP16: gettext_noop("16 bits, 10¹² a second"),
        Figure.FP8: gettext_noop("FP8, 10¹² a second"),
        Figure.INT8: gettext_noop("INT8, 10¹² a second"),
        Figure.FP4: gettext_noop("FP4, 10¹² a second"),
        Figure.INT4: gettext_noop("INT4, 10¹² a second"),
        Figure.DIE_AREA: gettext_noop("Area of logic dies, mm²"),
        Figure.MEMORY_GB: gettext_noop("Memory, GB"),
        Figure.MEMORY: gettext_noop("Memory bandwidth, GB/s"),
        Figure.LINK: gettext_noop("Links between accelerators, GB/s"),
        Figure.PCIE: gettext_noop("PCIe, GB/s"),
        Figure.POWER: gettext_noop("Power, W"),
        Figure.STACK: gettext_noop("Bandwidth of a stack, GB/s"),
        Figure.STACK_AREA: gettext_noop("Area of a stack, mm²"),
    }
)


def paragraph_said(paragraph: str) -> Message | str:
    """Return a paragraph in words; a paragraph of the list is its own word."""
    return message(PARAGRAPHS[paragraph]) if paragraph in PARAGRAPHS else paragraph
