"""The programmes on file, for which roles are held and all rooms above work."""

from __future__ import annotations

from collections.abc import Mapping
from zoneinfo import ZoneInfo

from django.conf import settings

from lionrock.rules.programme import Programme
from lionrock.rules.rulebook import load_rulebook


def programmes_on_file() -> Mapping[str, Programme]:
    """Return the programmes of this installation's rulebook by id; read again when a file of it changes."""
    return load_rulebook(settings.LIONROCK_RULEBOOK).programmes


def programme_on_file(programme: str) -> Programme:
    """Return one of them; raises `NotFound` naming those that exist."""
    return load_rulebook(settings.LIONROCK_RULEBOOK).programme(programme)


def house_zone() -> ZoneInfo:
    """Return the zone of what is no programme's own: the one set, else the one that all programmes share, else UTC."""
    if settings.LIONROCK_TIME_ZONE:
        return ZoneInfo(settings.LIONROCK_TIME_ZONE)
    zones = {programme.zone for programme in programmes_on_file().values()}
    return zones.pop() if len(zones) == 1 else ZoneInfo("UTC")
