"""Which sites there are. That a centre exists is no secret: everybody who is signed in sees all."""

from __future__ import annotations

from django.conf import settings
from django.db.models import QuerySet

from lionrock.kernel.errors import NotFound
from lionrock.kernel.messages import gettext_noop, message
from lionrock.people.domain import Actor
from lionrock.sites.drivers.protocol import Driver
from lionrock.sites.drivers.registry import driver_named
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
    """Return the code under which a programme's leases earn: that of the site put on file first.

    A programme may award leases before a site is on file; until then they earn under its own id.
    """
    first = Site.objects.filter(programme=programme).order_by("id").values_list("code", flat=True).first()
    return first or programme


def driver_of(site: Site) -> Driver:
    """Return the driver that speaks to a site, as it is connected."""
    return driver_named(site.driver, settings.LIONROCK_HOME, site.connection)
