"""Zones of data: where a project's data, and a model trained on them, may be placed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from lionrock.kernel.errors import Refused
from lionrock.kernel.findings import Citation, Finding, Outcome, ParameterRead
from lionrock.kernel.messages import gettext_noop, message
from lionrock.rules.shape import Names


@dataclass(frozen=True, slots=True)
class Zone:
    """A zone of data; `sites` are the zones of sites that may hold them, `rank` counts from the strictest.

    `partners` tells whether a site run by a partner may hold them; `duty` what is to be done first, `change` what
    would bring the data into a wider zone.
    """

    id: str
    rank: int
    names: Names
    sites: frozenset[str]
    partners: bool
    duty: Names | None
    change: Names
    citation: Citation


@dataclass(frozen=True, slots=True)
class Site:
    """A site as placement sees it: the zone that it lies in, and whether a partner runs it."""

    id: str
    zone: str
    partner: bool = False


def zone_of_model(zones: Mapping[str, Zone], trained_on: Iterable[str]) -> Zone:
    """Return the zone of a model: the strictest of the data that it was trained on, or the strictest of all for none.

    A model may give away what it was trained on, so that it stays where its data have to stay.
    """
    ranked = sorted(zones.values(), key=lambda zone: zone.rank)
    named = set(trained_on)
    return next((zone for zone in ranked if zone.id in named), ranked[0])


def placement(zone: Zone, site: Site) -> Finding:
    """Return whether data of a zone may be placed on a site, why, and what would change it."""
    facts = {"zone": zone.id, "site": site.id, "site_zone": site.zone, "partner": "yes" if site.partner else "no"}
    allowed = ", ".join(sorted(zone.sites))
    read = (ParameterRead(f"assurance.zones.{zone.id}.sites", allowed, None, zone.citation),)
    if site.partner and not zone.partners:
        said = message(
            gettext_noop(
                "{site} is run by a partner, and data of the zone “{zone}” do not leave the programme's sites."
            ),
            site=site.id,
            zone=zone.names,
        )
    elif site.zone not in zone.sites:
        said = message(
            gettext_noop(
                "{site} lies in the zone “{site_zone}”; data of the zone “{zone}” may lie only in: {allowed}."
            ),
            site=site.id,
            site_zone=site.zone,
            zone=zone.names,
            allowed=allowed,
        )
    else:
        said = message(gettext_noop("{site} may hold data of the zone “{zone}”."), site=site.id, zone=zone.names)
        duty = message(gettext_noop("First: {duty}"), duty=zone.duty) if zone.duty else None
        return Finding("assurance.placement", Outcome.MET, said, facts, read, duty)
    remedy = message(
        gettext_noop("Place it on a site of the programme in: {allowed}. Otherwise: {change}"),
        allowed=allowed,
        change=zone.change,
    )
    return Finding("assurance.placement", Outcome.NOT_MET, said, facts, read, remedy)


def place(zone: Zone, site: Site) -> Finding:
    """Return the finding of a placement that is allowed; raises `Refused` with it otherwise."""
    found = placement(zone, site)
    if found.outcome is not Outcome.MET:
        said = message(gettext_noop("{why} {remedy}"), why=found.message, remedy=found.remedy)
        raise Refused("assurance.placement.zone", said, findings=[found])
    return found
