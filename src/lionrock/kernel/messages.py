"""Sentences for people, kept as template and fields so that the edges can translate them."""

from __future__ import annotations

from dataclasses import dataclass, field


def gettext_noop(text: str) -> str:
    """Mark a template for the translation catalogue; the text itself is unchanged."""
    return text


@dataclass(frozen=True, slots=True)
class Message:
    """A template in English with named fields.

    The template is the key of the translation catalogue, so it is a literal marked with
    `gettext_noop` and never an f-string.
    """

    template: str
    fields: dict[str, object] = field(default_factory=dict)

    def __str__(self) -> str:
        return self.template.format(**self.fields)


def message(template: str, **fields: object) -> Message:
    """Build a `Message`; `message(gettext_noop("… {name} …"), name=…)`."""
    return Message(template, fields)
