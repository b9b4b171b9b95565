"""Full sheets to hand in, for whatever criteria the programme has."""

from __future__ import annotations

from lionrock.applications.models import Application
from lionrock.review.domain import closed_key, open_key
from lionrock.review.queries import scheme_for


def typed(application: Application, mark: int = 3, **boxes: str) -> dict[str, str]:
    """Return every box of an application's sheet filled: one mark for every point, and comments."""
    scheme = scheme_for(application)
    full = {key: str(mark) for key in scheme.keys}
    for measure in scheme.measures:
        full[open_key(measure)] = f"Told to the applicant about {measure.id}."
        full[closed_key(measure)] = f"For the committee alone about {measure.id}."
    return full | boxes
