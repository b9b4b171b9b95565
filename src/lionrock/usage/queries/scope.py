"""Whose use a viewer sees: all of a programme for who works for it, else that of the own organisations' awards."""

from __future__ import annotations

from django.db.models import Exists, OuterRef, QuerySet

from lionrock.allocations.domain.naming import account_of, lent_account_of
from lionrock.awards.models import Award, Project
from lionrock.awards.projects import shut
from lionrock.awards.queries import KEPT_LONG, awards
from lionrock.people.domain import Actor
from lionrock.sites.models import Site
from lionrock.usage.reading import Scope


def scope_of(viewer: Actor) -> Scope:
    """Return whose use is read for a viewer (one query for members, none for others)."""
    own = viewer.organisations()
    known = Award.objects.filter(organisation__code__in=own).annotate(shut=Exists(_shut(viewer))) if own else None
    codes = dict(known.values_list("code", "shut")) if known is not None else {}
    open_to_viewer = [code for code, is_shut in codes.items() if not is_shut]
    accounts = {name for code in open_to_viewer for name in (account_of(code), lent_account_of(code))}
    hidden = frozenset(codes) - frozenset(open_to_viewer)
    return Scope(viewer.operator, viewer.programmes(), own, frozenset(accounts), hidden)


def _shut(viewer: Actor) -> QuerySet[Project]:
    return shut(viewer).filter(award=OuterRef("pk"))


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
