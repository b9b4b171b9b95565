"""The mark of a page that decides, pays or releases: whoever posts to it has proved lately who they are.

The mark alone does nothing. `identity/middleware.py`, which can ask for a password, a code or a passkey, looks for it.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final, TypeVar

from django.http import HttpResponseBase

View = TypeVar("View", bound=Callable[..., HttpResponseBase])
_MARK: Final = "needs_proof"


def needs_proof(view: View) -> View:
    """Mark a view: what is posted to it needs a fresh proof. It is the outermost decorator."""
    setattr(view, _MARK, "posting")
    return view


def needs_proof_to_open(view: View) -> View:
    """Mark a view that is there for one act alone: it is asked before anything is typed."""
    setattr(view, _MARK, "opening")
    return view


def asks_proof(view: Callable[..., object], method: str | None) -> bool:
    """Tell whether a request of this method to the view needs a fresh proof."""
    mark = getattr(view, _MARK, None)
    return mark == "opening" or (mark == "posting" and method not in {"GET", "HEAD", "OPTIONS"})
