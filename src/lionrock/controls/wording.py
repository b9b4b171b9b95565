"""What answers are called for people: authorisations, review policies, ways; and how each feels."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from lionrock.controls.domain.choosing import Way
from lionrock.controls.domain.explaining import QUANTITIES
from lionrock.controls.domain.figures import Figure, Quantity
from lionrock.controls.domain.rules import Authorisation, Book, Review
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


_FLAGS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "borderline": gettext_noop(
            "{name} is within half a per cent of the line {line}: rounding could put it across."
        ),
        "near": gettext_noop("{name} is within five per cent of the line {line}."),
        "notice": gettext_noop("A notice speaks of it: {name}."),
        "unverified": gettext_noop("Nobody has checked this figure against its source: {name}."),
        "published_not_binding": gettext_noop("Published, and not binding on this day: {name}."),
        "not_enforced": gettext_noop("In the books, and not enforced on this day: {name}."),
        "use": gettext_noop("An officer has to judge: {name}."),
        "facts_checked_until": gettext_noop("What is on file was checked up to {name}; the day lies after that."),
        "figures_missing": gettext_noop("Figures are missing, so the paragraph is not known."),
        "letter_may_apply": gettext_noop("A letter may take the exception away. Ask before relying on it."),
        "exception_has_conditions": gettext_noop(
            "The exception has conditions, and none of it holds for barred parties or uses."
        ),
        "rests_on_recalled_values": gettext_noop(
            "It rests on values that are recalled and not read. Confirm them first."
        ),
        "server_follows_worst_item": gettext_noop("A server is as controlled as the worst of what is inside."),
    }
)


def flag_said(book: Book, flag: str) -> Message:
    """Return a flag in words."""
    kind, _, rest = flag.partition(":")
    name, _, line = rest.partition(":")
    return message(_FLAGS[kind], name=_meant(book, kind, name), line=line)


def _meant(book: Book, kind: str, name: str) -> object:
    """Return what a flag speaks of: a quantity, a notice, a figure, a version or a use, by its name."""
    if kind in ("borderline", "near"):
        return message(QUANTITIES[Quantity(name)])
    if kind == "unverified":
        return message(FIGURES[Figure(name)])
    named = {
        "notice": {notice.id: notice.names for notice in book.notices},
        "published_not_binding": {version.id: version.names for version in book.versions},
        "not_enforced": {version.id: version.names for version in book.versions},
        "use": {use.id: use.names for use in book.uses.values()},
    }
    return named.get(kind, {}).get(name, name)
