"""Words that no password is made of: the product's, the site's, and names of programmes and organisations."""

from __future__ import annotations

import re
from typing import Final

from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext

from lionrock.people.models import Organisation
from lionrock.people.programmes import programmes_on_file

_OURS: Final = ("lionrock", "supercomputing", "supercomputer", "subsidy", "password", "compute")
_LEAST: Final = 4
"""Letters of a word that counts: shorter ones stand in too much else."""
_LEFT: Final = 6
"""Letters that have to be left of a password when these words are taken out of it."""


class OwnWords:
    """Refuse a password that is one of these words with little around it, as whoever attacks this site tries first."""

    def validate(self, password: str, user: object = None) -> None:  # noqa: ARG002 - Django's signature
        """Raise `ValidationError` for a password that consists of words of this site."""
        left = password.casefold()
        for word in sorted(own_words(), key=len, reverse=True):
            left = left.replace(word, "")
        if len("".join(each for each in left if each.isalnum())) < _LEFT:
            said = gettext("It is made of words that everybody here knows, such as the name of your organisation.")
            raise ValidationError(said, code="own_words")

    def get_help_text(self) -> str:
        """Return what is asked, in a sentence."""
        return gettext("It is not made of the names of this site, its programmes and organisations.")


def own_words() -> frozenset[str]:
    """Return the words in small letters."""
    texts = [*_OURS, *settings.ALLOWED_HOSTS]
    for programme in programmes_on_file().values():
        names = programme.names
        texts += [programme.id, names.en, names.zh_hant or "", names.zh_hans or ""]
    for each in Organisation.objects.values_list("code", "name", "name_zh_hant", "name_zh_hans"):
        texts += each
    whole = {text.casefold() for text in texts}
    parts = {part for text in whole for part in re.split(r"[\W_]+", text)}
    return frozenset(each for each in whole | parts if len(each) >= _LEAST or (not each.isascii() and len(each) > 1))
