"""Where data may lie: the zone of the data against the zone of a place, and a place whose zone nobody has said."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from lionrock.assurance.domain.zones import Site, Zone, placement
from lionrock.kernel.findings import Finding, Outcome, ParameterRead
from lionrock.kernel.messages import gettext_noop, message


@dataclass(frozen=True, slots=True)
class Place:
    """A place as custody sees it: its zone, whether a partner runs it, and whether it lies across the border."""

    code: str
    zone: str
    partner: bool = False
    abroad: bool = False


def may_lie(zones: Mapping[str, Zone], zone: Zone, code: str, place: Place | None) -> Finding:
    """Return whether data of a zone may lie at a place, why, and what would change it.

    A place whose zone nobody has said is unknown, but for data that may lie in every zone and with partners.
    """
    if place is not None:
        return placement(zone, Site(place.code, place.zone, place.partner))
    everywhere = zone.partners and frozenset(zones) <= zone.sites
    facts = {"zone": zone.id, "site": code, "site_zone": "?"}
    read = (ParameterRead(f"assurance.zones.{zone.id}.sites", ", ".join(sorted(zone.sites)), None, zone.citation),)
    if everywhere:
        said = message(gettext_noop("{site} may hold data of the zone “{zone}”."), site=code, zone=zone.names)
        return Finding("assurance.placement", Outcome.MET, said, facts, read)
    said = message(
        gettext_noop("Nobody has said in which zone {site} lies, and data of the zone “{zone}” may not lie anywhere."),
        site=code,
        zone=zone.names,
    )
    remedy = message(gettext_noop("Whoever answers for compliance says in which zone {site} lies."), site=code)
    return Finding("assurance.placement", Outcome.UNKNOWN, said, facts, read, remedy)
