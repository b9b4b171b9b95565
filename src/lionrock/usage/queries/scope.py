"""Whose use a viewer sees: all of a programme for who works for it, else that of the own organisations' awards."""

from __future__ import annotations

from django.db.models import QuerySet

from lionrock.allocations.domain.naming import account_of, lent_account_of
from lionrock.awards.models import Award
from lionrock.awards.queries import KEPT_LONG, awards
from lionrock.people.domain import Actor
from lionrock.sites.models import Site
from lionrock.usage.reading import Scope


def scope_of(viewer: Actor) -> Scope:
    """Return whose use is read for a viewer (one query for members, none for others)."""
    own = viewer.organisations()
    codes = Award.objects.filter(organisation__code__in=own).values_list("code", flat=True) if own else ()
    accounts = {name for code in codes for name in (account_of(code), lent_account_of(code))}
    return Scope(viewer.operator, viewer.programmes(), own, frozenset(accounts))


def sees_all_of_something(viewer: Actor) -> bool:
    """Tell whether the viewer sees all of some programme, and so its sites' use against their capacity."""
    return viewer.operator or bool(viewer.programmes())


def sites_seen(viewer: Actor) -> QuerySet[Site]:
    """Return the sites of the programmes that the viewer sees all of, with their pools."""
    found = Site.objects.order_by("code")
    return found if viewer.operator else found.filter(programme__in=viewer.programmes())


def awards_seen(viewer: Actor) -> QuerySet[Award]:
    """Return the awards whose use the viewer may see, with what a report says of them."""
    return awards(viewer).select_related("organisation", "application").defer(*KEPT_LONG)
