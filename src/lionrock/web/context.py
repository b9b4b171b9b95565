"""What every page needs: which languages there are."""

from __future__ import annotations

from dataclasses import dataclass

from django.conf import settings
from django.http import HttpRequest
from django.utils.translation import get_language, get_language_info


@dataclass(frozen=True, slots=True)
class Language:
    """A language to switch to, under its own name; `tag` is its BCP 47 form, such as zh-Hant."""

    code: str
    tag: str
    name: str
    here: bool


def languages(request: HttpRequest) -> dict[str, object]:  # noqa: ARG001 - what Django calls it with
    """Return the languages to switch to."""
    code = get_language() or settings.LANGUAGE_CODE
    return {"languages": [_language(known, code) for known, _name in settings.LANGUAGES]}


def tag(code: str) -> str:
    """Return Django's language code in BCP 47 spelling: "zh-hant" → "zh-Hant"."""
    language, *rest = code.split("-")
    return "-".join([language, *(part.title() if len(part) > 2 else part.upper() for part in rest)])


def _language(code: str, active: str) -> Language:
    return Language(code, tag(code), get_language_info(code)["name_local"], here=code == active)
