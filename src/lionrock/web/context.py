"""What every page needs: where one can go, and which languages there are."""

from __future__ import annotations

from dataclasses import dataclass

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import get_language, get_language_info, gettext

from lionrock.kernel.messages import gettext_noop


@dataclass(frozen=True, slots=True)
class Place:
    """An entry of the navigation; one that is not `open_to_all` is for those who work for a programme."""

    address: str
    label: str
    here: bool
    open_to_all: bool


@dataclass(frozen=True, slots=True)
class Language:
    """A language to switch to, under its own name; `tag` is its BCP 47 form, such as zh-Hant."""

    code: str
    tag: str
    name: str
    here: bool


_PLACES = (
    ("ledger", "home", gettext_noop("Fund"), False),
    ("awards", "awards:list", gettext_noop("Awards"), True),
    ("statements", "statements:list", gettext_noop("Statements"), True),
)


def navigation(request: HttpRequest) -> dict[str, object]:
    """Return the entries for whoever is signed in (none otherwise) and the languages."""
    code = get_language() or settings.LANGUAGE_CODE
    return {
        "places": _places(request),
        "languages": [_language(known, code) for known, _name in settings.LANGUAGES],
    }


def tag(code: str) -> str:
    """Return Django's language code in BCP 47 spelling: "zh-hant" → "zh-Hant"."""
    language, *rest = code.split("-")
    return "-".join([language, *(part.title() if len(part) > 2 else part.upper() for part in rest)])


def _language(code: str, active: str) -> Language:
    return Language(code, tag(code), get_language_info(code)["name_local"], here=code == active)


def _places(request: HttpRequest) -> list[Place]:
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        return []
    room = request.resolver_match.namespace if request.resolver_match else ""
    return [
        Place(reverse(name), gettext(label), here=namespace == room, open_to_all=open_to_all)
        for namespace, name, label, open_to_all in _PLACES
    ]
