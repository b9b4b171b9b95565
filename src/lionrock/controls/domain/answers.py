"""Questions and answers: what is asked of the rules, and all that an answer rests on."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from lionrock.controls.domain.catalogue import Item
from lionrock.controls.domain.figures import Measure, Quantity
from lionrock.controls.domain.lines import Measures, Test
from lionrock.controls.domain.places import Journey
from lionrock.controls.domain.rules import Authorisation, Notice, Outcome, Review, Version
from lionrock.kernel.findings import Citation, Finding
from lionrock.rules.shape import Names


@dataclass(frozen=True, slots=True)
class Question:
    """An item or a server on its way, on a day.

    `datacentre` overrides the catalogue's word on marketing. `uses` are ids of uses and parties that
    an officer has to judge. `exporter` is "foundry" for a fab or a packager.
    """

    items: tuple[Item, ...]
    on: date
    destination: str
    exporting_from: str | None
    headquarters: str | None
    datacentre: bool | None = None
    uses: tuple[str, ...] = ()
    exporter: str | None = None

    @property
    def journey(self) -> Journey:
        """Its places."""
        return Journey(self.destination, self.exporting_from, self.headquarters, self.on)


@dataclass(frozen=True, slots=True)
class Near:
    """A line that an item lies near, and what the answer would be on its other side.

    `distance` is the share of the line by which it lies off; `borderline` when rounding of figures
    alone could put it across.
    """

    test: Test
    measure: Measure
    distance: Fraction
    borderline: bool
    paragraph: str
    authorisation: Authorisation
    review: Review


@dataclass(frozen=True, slots=True)
class Ruling:
    """What is required of a paragraph: the outcome that decided, and what would have to be known."""

    authorisation: Authorisation
    review: Review
    by: tuple[Outcome, ...] = ()
    missing: tuple[str, ...] = ()
    certify: tuple[Names, ...] = ()


@dataclass(frozen=True, slots=True)
class Told:
    """A notice that speaks of an item; `decides` when it says what is required."""

    notice: Notice
    decides: bool
    sure: bool


@dataclass(frozen=True, slots=True)
class Part:
    """The answer for one item."""

    item: Item
    measured: Measures
    datacentre: bool | None
    paragraph: str
    possible: tuple[str, ...]
    authorisation: Authorisation
    review: Review
    flags: tuple[str, ...]
    missing: tuple[str, ...]
    findings: tuple[Finding, ...]
    told: tuple[Told, ...]
    near: tuple[Near, ...]
    certify: tuple[Names, ...]

    def measure(self, quantity: Quantity) -> Measure:
        """Return a quantity of the item."""
        return self.measured[quantity]


@dataclass(frozen=True, slots=True)
class Determination:
    """The answer: that of the worst of what is inside, with every part."""

    question: Question
    version: Version
    parts: tuple[Part, ...]
    decisive: Part
    flags: tuple[str, ...]
    findings: tuple[Finding, ...]

    @property
    def paragraph(self) -> str:
        """The paragraph of the item, or of the worst item of a server."""
        return self.decisive.paragraph

    @property
    def authorisation(self) -> Authorisation:
        """What is required."""
        return self.decisive.authorisation

    @property
    def review(self) -> Review:
        """How a licence would be looked at."""
        return self.decisive.review

    @property
    def missing(self) -> tuple[str, ...]:
        """What would have to be known, over all parts."""
        return tuple(dict.fromkeys(name for part in self.parts for name in part.missing))

    @property
    def deciding(self) -> tuple[Outcome, ...]:
        """The outcomes that the decisive part rests on."""
        rests_on = {
            read.path
            for finding in self.decisive.findings
            if finding.rule == "controls.outcome"
            for read in finding.parameters
        }
        return tuple(outcome for outcome in self.version.outcomes if f"outcomes.{outcome.id}" in rests_on)

    @property
    def citations(self) -> tuple[Citation, ...]:
        """Every source that the answer rests on, that of the version first."""
        reads = [read.citation for finding in self.findings for read in finding.parameters]
        return tuple(dict.fromkeys([self.version.citation, *(cited for cited in reads if cited)]))
