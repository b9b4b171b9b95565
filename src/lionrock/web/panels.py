"""Parts of a page that a room below cannot make itself: its page asks the rooms above for them.

An award's page shows the statements of that award, though `awards` may not import `statements`.
Which rooms add to which page stands in `config/urls.py`, where everybody can see it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Panel:
    """A part of a page: its template, and what that template shows under the name `panel`."""

    template: str
    content: Mapping[str, object]
