"""Which sites there are. That a centre exists is no secret: everybody who is signed in sees all."""

from __future__ import annotations

from django.conf import settings
from django.db.models import QuerySet

from lionrock.kernel.errors import NotFound
from lionrock.kernel.messages import gettext_noop, message
from lionrock.people.domain import Actor, Grant, Role
from lionrock.sites.domain.discovery import OnFile
from lionrock.sites.drivers.protocol import Driver
from lionrock.sites.drivers.registry import driver_named
from lionrock.sites.models import Login, Pool, Site

SEE = (Role.CLUSTER_ADMIN, Role.OFFICE, Role.AUDITOR)
"""Who sees how a site is connected, what it consists of, and who has an account there."""


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


def site_as_actor(site: Site) -> Actor:
    """Return the site itself as the actor: it reports its use, whoever happens to ask it."""
    return Actor(f"{site.code}@site", frozenset({Grant(Role.CLUSTER_ADMIN, programme=site.programme)}))


def home_site(programme: str) -> str:
    """Return the code under which a programme's leases earn: that of the site put on file first.

    A programme may award leases before a site is on file; until then they earn under its own id.
    """
    first = Site.objects.filter(programme=programme).order_by("id").values_list("code", flat=True).first()
    return first or programme


def driver_of(site: Site) -> Driver:
    """Return the driver that speaks to a site, as it is connected."""
    return driver_named(site.driver, settings.LIONROCK_HOME, site.connection)


def sites_looked_after(viewer: Actor) -> QuerySet[Site]:
    """Return the sites of whose insides the viewer may know, with what they offer."""
    found = Site.objects.prefetch_related("pools")
    return found if viewer.operator else found.filter(programme__in=viewer.programmes(*SEE))


def site_looked_after(viewer: Actor, code: str) -> Site:
    """Return one of them; raises `NotFound` when there is none that this viewer may look into."""
    found = sites_looked_after(viewer).filter(code=code).first()
    if found is None:
        raise NotFound(
            "sites.site.hidden", message(gettext_noop("There is no site {code} that you look after."), code=code)
        )
    return found


def on_file(site: Site) -> list[OnFile]:
    """Return the pools of a site as they are on file, to be compared with what the cluster has."""
    return [
        OnFile(pool.name, pool.partition, pool.device, pool.nodes, pool.devices_per_node, pool.item)
        for pool in site.pools.all()
    ]


def pools(site: Site) -> QuerySet[Pool]:
    """Return what a site offers, in the order of the pools' names."""
    return site.pools.order_by("name")


def logins(site: Site) -> QuerySet[Login]:
    """Return who has an account at a site."""
    return site.logins.select_related("person").order_by("username")
