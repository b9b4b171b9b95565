"""The programmes on file, for which roles are held and all rooms above work."""

from __future__ import annotations

from collections.abc import Mapping

from django.conf import settings

from lionrock.rules.programme import Programme
from lionrock.rules.rulebook import load_rulebook


def programmes_on_file() -> Mapping[str, Programme]:
    """Return the programmes of this installation's rulebook by id; read again when a file of it changes."""
    return load_rulebook(settings.LIONROCK_RULEBOOK).programmes


def programme_on_file(programme: str) -> Programme:
    """Return one of them; raises `NotFound` naming those that exist."""
    return load_rulebook(settings.LIONROCK_RULEBOOK).programme(programme)
