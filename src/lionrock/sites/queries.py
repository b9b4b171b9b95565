"""Which sites there are. That a centre exists is no secret: everybody who is signed in sees all."""

from __future__ import annotations

from django.db.models import QuerySet

from lionrock.kernel.errors import Conflict, NotFound
from lionrock.kernel.messages import gettext_noop, message
from lionrock.people.domain import Actor
from lionrock.sites.models import Site


def sites(_viewer: Actor) -> QuerySet[Site]:
    """Return the sites, in the order of their codes."""
    return Site.objects.all()


def site_by_code(viewer: Actor, code: str) -> Site:
    """Return the site with this code; raises `NotFound`."""
    found = sites(viewer).filter(code=code).first()
    if found is None:
        raise NotFound(
            "sites.site.unknown",
            message(gettext_noop("There is no site {code}. See `lionrock site list`."), code=code),
        )
    return found


def home_site(programme: str) -> str:
    """Return the code of the site where a programme's leases stand: the one put on file first.

    Raises `Conflict` when the programme has none yet.
    """
    first = Site.objects.filter(programme=programme).order_by("id").first()
    if first is None:
        raise Conflict(
            "sites.site.none",
            message(
                gettext_noop("{programme} has no site yet. Put one on file with `lionrock site add`."),
                programme=programme,
            ),
        )
    return first.code
