"""Cards made of what is already known: the award, its books, the assessment at the gate, and the result itself."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from lionrock.assurance.models import Dossier
from lionrock.assurance.queries import accepted_on, dossier_of, edition_of
from lionrock.awards.models import Award
from lionrock.kernel.errors import NotFound
from lionrock.kernel.messages import gettext_noop, message
from lionrock.kernel.periods import local_date
from lionrock.kernel.quantities import device_hours
from lionrock.outcomes.domain import Scheme, address_of
from lionrock.outcomes.domain.cards import Card, Known, card_of
from lionrock.outcomes.models import Outcome
from lionrock.outcomes.queries import outcomes, use_so_far
from lionrock.people.domain import Actor
from lionrock.people.programmes import programme_on_file

CARDED: Final = (Outcome.Kind.MODEL.value, Outcome.Kind.DATASET.value)
"""The kinds of results that have a card."""


def card_for(viewer: Actor, award: str, number: int, now: datetime) -> Card:
    """Return the card of a model or data set of an award; raises `NotFound` for anything else.

    Of the assessment only what reviewers found to be enough is told.
    """
    found = outcomes(viewer).filter(award__code=award, pk=number, kind__in=CARDED).select_related("award__application")
    row = found.first()
    if row is None:
        said = message(gettext_noop("{award} has no model and no data set {number}."), award=award, number=number)
        raise NotFound("outcomes.card.unknown", said)
    dossier = dossier_of(row.award.application)
    items = accepted_on(dossier) if dossier else {}
    facts = {**_of_award(row.award, now), **_of_gate(dossier), **_of_result(row)}
    return card_of(Known(row.kind, row.title, row.year, facts, items))


def _of_award(award: Award, now: datetime) -> dict[str, str]:
    programme = programme_on_file(award.programme)
    used = use_so_far(award, local_date(now, programme.zone))["used"]
    return {
        "organisation": award.organisation.name,
        "programme": programme.names.en,
        "award": award.code,
        "centre": programme.names.en,
        "hardware": programme.items[award.item].names.en,
        "hours": str(device_hours(used)),
    }


def _of_gate(dossier: Dossier | None) -> dict[str, str]:
    if dossier is None:
        return {}
    edition = edition_of(dossier)
    tiers = {each.id: each.names.en for each in edition.tiers}
    levels = {each.id: each.names.en for each in edition.oversight}
    said = {"tier": tiers.get(dossier.tier), "oversight": levels.get(dossier.oversight)}
    return {name: text for name, text in said.items() if text}


def _of_result(row: Outcome) -> dict[str, str]:
    address = address_of(Scheme(row.scheme), row.identifier)
    known = {"citation": f"{row.title} ({row.year}), {row.scheme} {row.identifier}", "year": str(row.year)}
    return {**known, "address": address} if address else known
