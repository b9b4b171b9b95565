"""The lists as they stand, ready to be asked: read from the database once a process and kept until they change."""

from __future__ import annotations

import hashlib
import json
import threading
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Final

from django.conf import settings

from lionrock.kernel.periods import local_date
from lionrock.people.programmes import house_zone
from lionrock.screening.domain.matching import Index
from lionrock.screening.domain.parties import entry_of
from lionrock.screening.domain.rules import ScreeningRules, Thresholds
from lionrock.screening.models import ListedEntry, ListVersion
from lionrock.screening.rulebook import FOLDER, load_rules


@dataclass(frozen=True, slots=True)
class Against:
    """What is screened against on a day: the version of each list (by number, and by row and digest), and the rules."""

    versions: Mapping[str, int]
    files: tuple[tuple[int, str], ...]
    rules: ScreeningRules
    on: date

    @property
    def thresholds(self) -> Thresholds:
        """The thresholds of the day."""
        return self.rules.thresholds_on(self.on)

    @property
    def digest(self) -> str:
        """What tells these versions and thresholds from any others."""
        limits = self.thresholds
        said = json.dumps([sorted(self.versions.items()), limits.review, limits.block])
        return hashlib.sha256(said.encode()).hexdigest()


def today(now: datetime) -> date:
    """Return the day of an instant where the house is."""
    return local_date(now, house_zone())


def against_now(now: datetime) -> Against | None:
    """Return what is screened against; None while no list is on file, and nothing can be screened."""
    latest = list(ListVersion.objects.select_related("list").order_by("list__code", "-number").distinct("list__code"))
    if not latest:
        return None
    versions = {version.list.code: version.number for version in latest}
    return Against(versions, tuple((version.pk, version.sha256) for version in latest), rules_now(), today(now))


@dataclass(frozen=True, slots=True)
class Held:
    """The index in memory, the entries' numbers by place in it, and of what it was made."""

    made_of: object
    index: Index
    numbers: tuple[int, ...]


_LOCK: Final = threading.Lock()
_KEPT: dict[str, Held] = {}
_RULES: dict[Path, tuple[object, ScreeningRules]] = {}


def rules_now() -> ScreeningRules:
    """Return the rules of screening, read again when a file of them has changed; raises `Invalid`."""
    folder = Path(settings.LIONROCK_RULEBOOK)
    files = sorted((folder / FOLDER).glob("*")) if (folder / FOLDER).is_dir() else []
    stamp = tuple((file.name, file.stat().st_mtime_ns, file.stat().st_size) for file in files)
    kept = _RULES.get(folder)
    if kept is None or kept[0] != stamp:
        kept = _RULES[folder] = (stamp, load_rules(folder))
    return kept[1]


def held_now(against: Against) -> Held:
    """Return the index of all lists in these versions; it is made in some seconds when a list has changed."""
    made_of = (against.files, id(against.rules))
    with _LOCK:
        held = _KEPT.get("index")
        if held is None or held.made_of != made_of:
            rows = list(ListedEntry.objects.filter(until__isnull=True).order_by("pk").values_list("pk", "content"))
            index = Index([entry_of(content) for _, content in rows], against.rules.spelling)
            held = _KEPT["index"] = Held(made_of, index, tuple(number for number, _ in rows))
        return held
