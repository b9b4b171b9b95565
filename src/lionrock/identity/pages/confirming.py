"""Confirming that it is still oneself, before something is decided, paid or released; nothing typed is lost."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render

from lionrock.identity.domain import suffices
from lionrock.identity.pages.proofs import SENT, questions, shown_proof
from lionrock.identity.queries import Ways, must_have_second, ways_of
from lionrock.identity.signing import limits, prove, sign_in_of
from lionrock.kernel.errors import Conflict, Invalid, LionrockError, Refused
from lionrock.people.models import Person
from lionrock.people.viewer import viewer_of

_SAFE: Final = frozenset({"GET", "HEAD"})
_CSRF: Final = "csrfmiddlewaretoken"
_OPENING: Final = "lionrock-proof-opening"
"""Sent when it was the opening of a page that asked: after the proof it is opened."""


def proves_enough(request: HttpRequest, person: Person, now: datetime) -> bool:
    """Tell whether this browser may write without a page that would ask: it has a fresh proof, of two if need be."""
    ways = ways_of(person)
    return _is_fresh(request, ways, now) and (ways.second or not must_have_second(viewer_of(request)))


def _is_fresh(request: HttpRequest, ways: Ways, now: datetime) -> bool:
    """Tell whether this browser has lately proved the most that the person can prove."""
    signed_in = sign_in_of(request)
    return signed_in is not None and suffices(signed_in.proof, ways.strength, limits(), now)


def demand(request: HttpRequest, person: Person, now: datetime) -> HttpResponse | None:
    """Return the page that asks for a proof; None where one is fresh, or is in this very request.

    What was posted goes through that page and comes back with the proof: the page that was meant then gets it
    as if nothing had been asked.
    """
    ways = ways_of(person)
    roles = [] if ways.second or _is_own(request) else must_have_second(viewer_of(request))
    if roles:
        return render(request, "identity/second_needed.html", {"roles": roles}, status=403)
    if SENT not in request.POST and _is_fresh(request, ways, now):
        return None
    wrong: LionrockError | None = None
    if SENT in request.POST:
        try:
            prove(request, shown_proof(request, person, ways, now), now)
        except (Invalid, Refused, Conflict) as not_taken:
            wrong = not_taken
        else:
            return _went_on(request)
    return _asked(request, person, ways, now, wrong)


def _is_own(request: HttpRequest) -> bool:
    """Tell whether the page is one of ours: whoever needs a second factor adds it there."""
    return request.resolver_match is not None and request.resolver_match.namespace == "identity"


def _went_on(request: HttpRequest) -> HttpResponse | None:
    """Open the page that was to be opened, or give the view what was posted to it, without the proof."""
    if _OPENING in request.POST:
        return redirect(request.get_full_path())
    request.POST = _without_proof(request.POST)  # type: ignore[assignment]
    return None


def _without_proof(posted: QueryDict) -> QueryDict:
    rest = posted.copy()
    for name in [name for name in rest if _is_proof(name)]:
        del rest[name]
    rest._mutable = False
    return rest


def _is_proof(name: str) -> bool:
    return name == SENT or name.startswith(f"{SENT}-")


def _asked(
    request: HttpRequest, person: Person, ways: Ways, now: datetime, wrong: LionrockError | None
) -> HttpResponse:
    opening = request.method in _SAFE or _OPENING in request.POST
    carried = [
        (name, value)
        for name, values in request.POST.lists()
        if name != _CSRF and not _is_proof(name)
        for value in values
    ]
    context = {
        "carried": carried,
        "files": sorted(request.FILES),
        "opening": _OPENING if opening else "",
        "address": request.get_full_path(),
        "person": person,
        "nothing": not ways.second and not person.has_usable_password(),
        "minutes": int(limits().proof.total_seconds() // 60),
        **questions(request, person, ways, now, wrong),
    }
    # Not 200: nothing was done, and a program that posts here can tell.
    return render(request, "identity/confirm.html", context, status=wrong.status if wrong else 403)
