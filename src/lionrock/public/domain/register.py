"""The public register of projects: what everybody may know of each, without a person in it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from lionrock.kernel.findings import Citation
from lionrock.rules.shape import Names


@dataclass(frozen=True, slots=True)
class Ground:
    """Why the title and the organisation of a project are kept out."""

    id: str
    names: Names
    citation: Citation


@dataclass(frozen=True, slots=True)
class PublicCondition:
    """A condition in public words: the item of review that it stands for, before what it binds, and whether it is met.

    Who answers for it, and the proof, are not the public's.
    """

    item: str
    names: Names
    binds: str
    due: date
    met: bool

    @property
    def point(self) -> str:
        """The point as a word of `web.words`."""
        return f"binds_{self.binds}"


@dataclass(frozen=True, slots=True)
class Project:
    """One project; its id (the award's code) never changes and is never given to another.

    `title` and `organisation` are None where they are withheld on a ground. `tier`, `oversight` and `uses` are None
    or empty where no assessment was asked for, and `review` is then empty as well.
    """

    id: str
    programme: str
    title: Names | None
    organisation: Names | None
    category: str
    since: date
    until: date
    state: str
    tier: str | None
    tier_names: Names | None
    oversight: str | None
    oversight_names: Names | None
    review: str
    uses: tuple[tuple[str, Names], ...]
    conditions: tuple[PublicCondition, ...]
    withheld: Ground | None


def kept_out(title: Names, organisation: Names, ground: Ground | None) -> tuple[Names | None, Names | None]:
    """Return title and organisation as the public sees them."""
    return (None, None) if ground else (title, organisation)
