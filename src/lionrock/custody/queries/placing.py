"""Where data may lie: asked before data go anywhere, and before a job is placed on a site."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Final

from django.db.models import QuerySet

from lionrock.assurance.domain.zones import Zone, zone_of_model
from lionrock.assurance.queries import answers_of, choice_for, dossier_of
from lionrock.awards.models import Award
from lionrock.custody.domain.placing import Place, may_lie
from lionrock.custody.models import DataSet, PlaceZone
from lionrock.custody.models import Place as PlaceRow
from lionrock.custody.rulebook import zones_now
from lionrock.kernel.errors import Fault, Invalid, Refused
from lionrock.kernel.findings import Finding, Outcome
from lionrock.kernel.messages import gettext_noop, message
from lionrock.people.domain import Actor
from lionrock.sites.models import Site

ZONE_QUESTION: Final = "zone"
"""The question of the self-assessment whose answer is a zone of data."""


def places(programmes: Iterable[str]) -> QuerySet[PlaceRow]:
    """Return the places of these programmes, each with the site that it is, if any."""
    return PlaceRow.objects.filter(programme__in=programmes).select_related("site")


def places_seen(viewer: Actor) -> QuerySet[PlaceRow]:
    """Return the places of the programmes that the viewer works for; all of them for the operator."""
    return PlaceRow.objects.select_related("site") if viewer.operator else places(viewer.programmes())


def zones_of_places(rows: Iterable[PlaceRow]) -> dict[str, Place]:
    """Return what stands of these places, by code (one query)."""
    latest = PlaceZone.objects.filter(place__in=list(rows)).order_by("place_id", "-id").distinct("place_id")
    return {row.place.code: place_of(row) for row in latest.select_related("place")}


def place_of(row: PlaceZone) -> Place:
    """Return a row as what decides has it."""
    return Place(row.place.code, row.zone, row.partner, row.abroad)


def place_named(programme: str, code: str, *, field: str) -> tuple[PlaceRow, Place]:
    """Return a place of a programme and what stands of it; raises `Invalid` naming those that it has."""
    found = {row.code: row for row in places([programme])}
    if code in found:
        return found[code], zones_of_places([found[code]])[code]
    said = message(
        gettext_noop("“{value}” is no place of {programme}. It has: {known}."),
        value=code,
        programme=programme,
        known=", ".join(found) or "–",
    )
    raise Invalid("custody.place.unknown", said, faults=[Fault("custody.place.unknown", said, field=field, value=code)])


def zone_of_award(award: Award) -> Zone | None:
    """Return the zone that binds the work of an award: None where no data are on file and none was declared.

    It is the strictest of all data that were ever on file and of what the self-assessment declares: a model may give
    away what it was trained on, though the data themselves are deleted.
    """
    named = [*DataSet.objects.filter(award=award).values_list("zone", flat=True).distinct(), *_declared(award)]
    return zone_of_model(zones_now(), named) if named else None


def _declared(award: Award) -> tuple[str, ...]:
    """Return the zone that the project declares of its data at the responsible-AI gate, where the programme asks it."""
    if choice_for(award.application) is None:
        return ()
    dossier = dossier_of(award.application)
    return () if dossier is None else answers_of(dossier).get(ZONE_QUESTION, ())


def placement_at(award: Award, site: Site) -> Finding | None:
    """Return whether work of an award may run at a site, why, and what would change it; None where nothing binds it."""
    zone = zone_of_award(award)
    if zone is None:
        return None
    latest = PlaceZone.objects.filter(place__site=site).order_by("-id").select_related("place").first()
    return may_lie(zones_now(), zone, site.code, place_of(latest) if latest else None)


def require_placement(award: Award, site: Site) -> None:
    """Raise `Refused` with the finding when the data of an award may not be at a site."""
    found = placement_at(award, site)
    if found is not None and found.outcome is not Outcome.MET:
        raise refused(found)


def refused(found: Finding) -> Refused:
    """Return the error that says why not, and what would change it."""
    said = message(gettext_noop("{why} {remedy}"), why=found.message, remedy=found.remedy)
    return Refused("custody.placement", said, findings=[found])


def placements(zone: Zone, rows: Iterable[PlaceRow]) -> list[tuple[PlaceRow, Finding]]:
    """Return, for each of these places, whether data of a zone may lie there (one query)."""
    kept = list(rows)
    known: Mapping[str, Place] = zones_of_places(kept)
    zones = zones_now()
    return [(row, may_lie(zones, zone, row.code, known.get(row.code))) for row in kept]
