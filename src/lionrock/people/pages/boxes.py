"""The boxes of the forms about people."""

from __future__ import annotations

from django.conf import settings
from django.utils.translation import get_language, get_language_info, gettext

from lionrock.web.filling import Box

LONGEST_PASSWORD = 1000
"""Characters that a form takes: enough for any phrase, and no work for nothing."""


def language_box() -> Box:
    """Return the choice of a language, each under its own name; at first that of the page."""
    known = [(code, get_language_info(code)["name_local"]) for code, _name in settings.LANGUAGES]
    here = get_language() or settings.LANGUAGE_CODE
    return Box("language", gettext("Language of pages and mail"), kind="select", choices=known, value=here)


def organisation_boxes() -> list[Box]:
    """Return the boxes for an organisation's name in each language."""
    known = gettext("As it is registered. If it is here already, its administrators are asked to let you in.")
    return [
        Box("organisation_name", gettext("Name of your organisation"), autocomplete="organization", help=known),
        Box("organisation_name_zh_hant", gettext("Its name in Traditional Chinese"), lang="zh-Hant", required=False),
        Box("organisation_name_zh_hans", gettext("Its name in Simplified Chinese"), lang="zh-Hans", required=False),
    ]


def name_box(value: str = "") -> Box:
    """Return the box for somebody's own name."""
    return Box("name", gettext("Your name"), autocomplete="name", value=value)


def email_box(label: str, *, autocomplete: str = "email") -> Box:
    """Return the box for an e-mail address."""
    return Box("email", label, kind="email", autocomplete=autocomplete, longest=254)


def password_box(label: str) -> Box:
    """Return the box in which a new password is chosen."""
    asked = gettext("At least 12 characters. Several words are easy to remember and hard to guess.")
    return Box("password", label, "password", help=asked, autocomplete="new-password", longest=LONGEST_PASSWORD)
