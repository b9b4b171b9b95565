"""Looking at pages as somebody else: what a request is then, and what it may not do."""

from __future__ import annotations

from typing import Final

from django.http import HttpRequest

from lionrock.identity.domain.support import Part, opens
from lionrock.identity.models import Support
from lionrock.kernel.errors import NotAllowed
from lionrock.kernel.messages import gettext_noop, message

_BEGUN: Final = "supporting"
"""Under this name the supporter's session keeps the number of what was begun; it ends with the sign-in."""
_STANDING: Final = "lionrock_support"
_READS: Final = frozenset({"GET", "HEAD"})


def begin(request: HttpRequest, support: Support) -> None:
    """Have this browser look at somebody's pages from the next request on."""
    request.session[_BEGUN] = support.pk


def begun(request: HttpRequest) -> int | None:
    """Return the number of what this browser has begun; None for nothing."""
    found: int | None = request.session.get(_BEGUN)
    return found


def leave(request: HttpRequest) -> None:
    """Have this browser show its own pages again."""
    request.session.pop(_BEGUN, None)


def look(request: HttpRequest, support: Support) -> None:
    """Show this page as the person sees it, and say so on it."""
    setattr(request, _STANDING, support)
    request.user = support.consent.person


def support_of(request: HttpRequest) -> Support | None:
    """Return as whom this page is looked at; None for oneself."""
    return getattr(request, _STANDING, None)


def shows(request: HttpRequest, page: str) -> bool:
    """Tell whether whoever looks may be led to a page: everybody to their own, a supporter to what is opened."""
    support = support_of(request)
    return support is None or opens([Part(each) for each in support.consent.parts], page)


def refusal(request: HttpRequest, support: Support, page: str) -> NotAllowed | None:
    """Return why this request is not for a supporter; None for a page that they may read."""
    email = support.consent.person.email
    if request.method not in _READS:
        said = gettext_noop("You look at the pages of {email} and change nothing there. End that first.")
        return NotAllowed("identity.support.reads_only", message(said, email=email))
    if not opens([Part(each) for each in support.consent.parts], page):
        said = gettext_noop("{email} has not opened this page to you, or nobody else looks at it. Go back, or end it.")
        return NotAllowed("identity.support.shut", message(said, email=email))
    return None


def wrote(support: Support) -> NotAllowed:
    """Return what is said of a page that writes when it is opened: that was undone."""
    said = gettext_noop("This page of {email} writes something when it is opened, so nobody looks at it as them.")
    return NotAllowed("identity.support.reads_only", message(said, email=support.consent.person.email))
