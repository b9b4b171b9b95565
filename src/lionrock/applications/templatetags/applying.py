"""Attributes of the elements of a form: those of a box, and the sentences that the form's script says."""

from __future__ import annotations

from collections.abc import Iterator

from django import template
from django.utils.html import format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext

from lionrock.applications.pages.boxes import Box, Question
from lionrock.rules.forms import FieldKind

register = template.Library()


@register.simple_tag
def box_attributes(question: Question, box: Box) -> SafeString:
    """Write the attributes that an input and a text area share: names, language, limits, what describes it."""
    return format_html_join(" ", '{}="{}"', _attributes(question, box))


def _attributes(question: Question, box: Box) -> Iterator[tuple[str, object]]:
    yield from (("id", box.key), ("name", box.key), ("aria-describedby", " ".join(_described_by(question, box))))
    if box.lang:
        yield "lang", box.lang
    if box.is_short:
        yield "class", "field-short"
    if question.field.kind is FieldKind.WHOLE:
        yield "inputmode", "numeric"
    if box.fault:
        yield "aria-invalid", "true"
    if box.limit:
        yield from _counting(box)


def _described_by(question: Question, box: Box) -> Iterator[str]:
    if question.field.help and len(question.boxes) == 1:
        yield f"{box.key}-help"
    yield f"{box.key}-fault"
    if box.limit:
        yield f"{box.key}-count"


def _counting(box: Box) -> Iterator[tuple[str, object]]:
    """Yield what the script needs to count: the limits, and how each is said."""
    yield "data-count", ""
    if box.words:
        yield from (
            ("data-words", box.words),
            ("data-said-words", _said(gettext("{count} of {most} words"), box.words)),
        )
    if box.characters:
        said = _said(gettext("{count} of {most} characters"), box.characters)
        yield from (("data-characters", box.characters), ("data-said-characters", said))


def _said(sentence: str, most: int) -> str:
    return sentence.replace("{most}", str(most))


@register.simple_tag
def sayings() -> SafeString:
    """Write what the form's script says, as attributes of the form."""
    told = {
        "saving": gettext("Saving…"),
        "saved": gettext("Saved {time}"),
        "offline": gettext(
            "The connection is lost. What you type is kept in this browser, and sent as soon as the connection is back."
        ),
        "restored": gettext(
            "Text from your last visit that could not be sent then stands here again, and is being saved."
        ),
        "signed-out": gettext(
            "You are signed out, so nothing can be saved. What you typed is kept in this browser: load the page again "
            "and sign in to go on."
        ),
        "refused": gettext("This could not be saved. Press Save to see why; what you typed stays."),
        "conflict": gettext(
            "Saved, but for a field that somebody else changed too: choose there which text is to stay."
        ),
    }
    return format_html_join(" ", 'data-{}="{}"', told.items())
