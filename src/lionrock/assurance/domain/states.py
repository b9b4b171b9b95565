"""Where a dossier stands between its applicants and its reviewers, and what can be done from there."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType
from typing import Final


class DossierState(StrEnum):
    """Where a dossier stands."""

    DRAFT = "draft"
    """With the applicants, who answer; also when a material change opened it again."""
    SUBMITTED = "submitted"
    """With the reviewers."""
    QUESTIONED = "questioned"
    """With the applicants, whom the reviewers asked something."""
    REFERRED = "referred"
    """With a specialist."""
    PASSED = "passed"
    CONDITIONAL = "conditional"
    """Passed with conditions: each binds at its own point."""
    REFUSED = "refused"


TRANSITIONS: Final[Mapping[tuple[DossierState, str], DossierState]] = MappingProxyType(
    {
        (DossierState.DRAFT, "submit"): DossierState.SUBMITTED,
        (DossierState.DRAFT, "declare"): DossierState.PASSED,
        (DossierState.SUBMITTED, "ask"): DossierState.QUESTIONED,
        (DossierState.QUESTIONED, "ask"): DossierState.QUESTIONED,
        (DossierState.QUESTIONED, "reply"): DossierState.SUBMITTED,
        (DossierState.SUBMITTED, "refer"): DossierState.REFERRED,
        (DossierState.REFERRED, "ask"): DossierState.QUESTIONED,
        (DossierState.SUBMITTED, "pass"): DossierState.PASSED,
        (DossierState.REFERRED, "pass"): DossierState.PASSED,
        (DossierState.SUBMITTED, "pass_with_conditions"): DossierState.CONDITIONAL,
        (DossierState.REFERRED, "pass_with_conditions"): DossierState.CONDITIONAL,
        (DossierState.SUBMITTED, "refuse"): DossierState.REFUSED,
        (DossierState.REFERRED, "refuse"): DossierState.REFUSED,
        (DossierState.PASSED, "reopen"): DossierState.DRAFT,
        (DossierState.CONDITIONAL, "reopen"): DossierState.DRAFT,
        (DossierState.REFUSED, "reopen"): DossierState.DRAFT,
    }
)

OPEN_TO_APPLICANTS: Final = (DossierState.DRAFT, DossierState.QUESTIONED)
UNDER_REVIEW: Final = (DossierState.SUBMITTED, DossierState.REFERRED)
LET_THROUGH: Final = (DossierState.PASSED, DossierState.CONDITIONAL)


class Expertise(StrEnum):
    """What a reviewer looks at; every item of review belongs to one."""

    GOVERNANCE = "governance"
    """Who answers, purpose, law, impact, people told, incidents."""
    DATA = "data"
    """Personal data, rights, quality, transfers."""
    MODEL = "model"
    """Validation, bias, accuracy, oversight, explanation, generated content."""
    SECURITY = "security"
    """Security of data, model and pipeline; dangerous capabilities; end users."""
    FINANCE = "finance"
    """The further duties of supervised firms."""


class ReviewerState(StrEnum):
    """How a reviewer stands to a dossier: nothing of it is shown before interests are declared."""

    ASKED = "asked"
    CLEARED = "cleared"
    CONFLICT = "conflict"


class Judgement(StrEnum):
    """What a reviewer finds on an item."""

    ENOUGH = "enough"
    NOT_ENOUGH = "not_enough"
    """It is open again until more is put on file."""
