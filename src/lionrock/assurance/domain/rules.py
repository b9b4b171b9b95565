"""The rules of the gate as they stand on file, each with its days and its sources."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Final, TypeVar

from lionrock.assurance.domain.states import Expertise
from lionrock.kernel.findings import Citation
from lionrock.rules.shape import Names

TIER: Final = "tier"
"""In a test, the tier itself in the place of a question."""
CORE: Final = "core"
"""The profile that every project is asked; every other adds to it."""


class Binding(StrEnum):
    """The point at which an item or a condition binds, in the order in which a project meets them."""

    BEFORE_AWARD = "before_award"
    BEFORE_FIRST_JOB = "before_first_job"
    BEFORE_MILESTONE = "before_milestone"
    BEFORE_RELEASE = "before_release"

    def reached_at(self, point: Binding) -> bool:
        """Tell whether what binds here is already due at that point."""
        points = list(Binding)
        return points.index(self) <= points.index(point)


@dataclass(frozen=True, slots=True)
class Test:
    """Whether one of these options was chosen; with `lacks`, whether none of them was."""

    question: str
    options: frozenset[str]
    lacks: bool = False


When = tuple[tuple[Test, ...], ...]
"""One of these groups holds, and of a group every test; `ALWAYS` is one group without tests."""
ALWAYS: Final[When] = ((),)


@dataclass(frozen=True, slots=True)
class Entry:
    """What every entry has: id, profile, the days on which it stands (until is the first without it)."""

    id: str
    profile: str
    since: date
    until: date | None
    citations: tuple[Cited, ...]

    def stands(self, on: date) -> bool:
        """Tell whether the entry stands on a day."""
        return self.since <= on and (self.until is None or on < self.until)


@dataclass(frozen=True, slots=True)
class Cited:
    """A source, and the place in it, such as "A.3.2"."""

    citation: Citation
    at: str | None = None


@dataclass(frozen=True, slots=True)
class Option:
    """An answer that may be chosen."""

    id: str
    names: Names


@dataclass(frozen=True, slots=True)
class Question(Entry):
    """One question of the self-assessment, asked when `when` holds; with `many` any number may be chosen."""

    names: Names
    options: tuple[Option, ...]
    many: bool
    when: When


@dataclass(frozen=True, slots=True)
class Tier(Entry):
    """A tier of risk; `rank` counts from the lowest."""

    rank: int
    names: Names
    asks: Names


@dataclass(frozen=True, slots=True)
class Trigger(Entry):
    """What puts a project at least into a tier."""

    tier: str
    names: Names
    when: When


@dataclass(frozen=True, slots=True)
class Oversight(Entry):
    """A level of human oversight and when at least it is called for; `rank` counts from the loosest."""

    rank: int
    names: Names
    when: When


@dataclass(frozen=True, slots=True)
class Item(Entry):
    """One item of review: the question, the evidence, when it applies, and what settles it by itself.

    `settled` holds where answers of the self-assessment are all that is asked; `binds` is the point before which
    everything else has to be on file. `expertise` is what its reviewer knows.
    """

    names: Names
    evidence: Names
    when: When
    settled: When
    binds: Binding
    expertise: Expertise


@dataclass(frozen=True, slots=True)
class Contradiction(Entry):
    """Answers that cannot both be true; `names` says what to correct."""

    names: Names
    when: When


@dataclass(frozen=True, slots=True)
class Choice:
    """That a programme asks the gate from a day on: by which profiles besides the core, and when it reminds."""

    programme: str
    since: date
    profiles: tuple[str, ...]
    remind_days: int
    citation: Citation


Standing = TypeVar("Standing", bound=Entry)


@dataclass(frozen=True, slots=True)
class Edition:
    """All that stands on one day. `ids` names it: a profile and the day of its last change, such as core@2025-04-15."""

    on: date
    ids: tuple[str, ...]
    questions: tuple[Question, ...]
    tiers: tuple[Tier, ...]
    triggers: tuple[Trigger, ...]
    oversight: tuple[Oversight, ...]
    items: tuple[Item, ...]
    contradictions: tuple[Contradiction, ...]


@dataclass(frozen=True, slots=True)
class Book:
    """Everything on file, of every day and profile; `profiles` gives each its name, `choices` who asks by which."""

    profiles: Mapping[str, Names]
    questions: tuple[Question, ...]
    tiers: tuple[Tier, ...]
    triggers: tuple[Trigger, ...]
    oversight: tuple[Oversight, ...]
    items: tuple[Item, ...]
    contradictions: tuple[Contradiction, ...]
    choices: tuple[Choice, ...] = ()

    def choice(self, programme: str, on: date) -> Choice | None:
        """Return what a programme chose by a day; None: it does not ask the gate."""
        made = [each for each in self.choices if each.programme == programme and each.since <= on]
        return max(made, key=lambda each: each.since, default=None)

    def entries(self) -> tuple[Entry, ...]:
        """Return all entries of every kind."""
        return (*self.questions, *self.tiers, *self.triggers, *self.oversight, *self.items, *self.contradictions)

    def at(self, on: date, profiles: Iterable[str] | None = None) -> Edition:
        """Return what stands on a day, of the core and these further profiles; of all when none are named."""
        chosen = frozenset(self.profiles if profiles is None else {CORE, *profiles})

        def stand(entries: tuple[Standing, ...]) -> tuple[Standing, ...]:
            return tuple(entry for entry in entries if entry.profile in chosen and entry.stands(on))

        return Edition(
            on,
            tuple(self._edition(profile, on) for profile in self.profiles if profile in chosen),
            stand(self.questions),
            stand(self.tiers),
            stand(self.triggers),
            stand(self.oversight),
            stand(self.items),
            stand(self.contradictions),
        )

    def _edition(self, profile: str, on: date) -> str:
        days = {day for entry in self.entries() if entry.profile == profile for day in (entry.since, entry.until)}
        passed = [day for day in days if day is not None and day <= on]
        return f"{profile}@{max(passed)}" if passed else f"{profile}@none"
