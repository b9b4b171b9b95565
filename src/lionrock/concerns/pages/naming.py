"""What kinds and severities are called; one that the rulebook has no more goes by its id."""

from __future__ import annotations

from django.utils.translation import get_language

from lionrock.concerns.models import Concern
from lionrock.concerns.rulebook import rules_now
from lionrock.rules.shape import Names


def in_words(names: Names) -> str:
    """Return names in the language of the page."""
    return names.in_language(get_language() or "en")


def kind_names(concern: Concern) -> Names:
    """Return what may have happened."""
    kind = rules_now().kinds.get(concern.kind)
    return kind.names if kind else Names(concern.kind)


def severity_names(concern: Concern) -> Names:
    """Return how grave it is."""
    severity = rules_now().severities.get(concern.severity)
    return severity.names if severity else Names(concern.severity)
