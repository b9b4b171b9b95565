"""Where one can go: the one table of the navigation, and who sees which entry."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext

from lionrock.allocations.queries import SEE_CLUSTERS
from lionrock.committee.queries import SEE
from lionrock.concerns.policies import looks_after_concerns
from lionrock.identity.supporting import shows
from lionrock.kernel.messages import gettext_noop
from lionrock.oversight.queries import SEE_TRAIL
from lionrock.oversight.retention import SEE_RETENTION
from lionrock.people.domain import NAME_STAFF, Actor, Role
from lionrock.people.models import Person
from lionrock.people.viewer import viewer_of
from lionrock.receivables.queries import SEE_MONEY
from lionrock.screening.policies import sees_it
from lionrock.supply.policies import sees_supply


@dataclass(frozen=True, slots=True)
class Place:
    """An entry of the navigation, for one visitor."""

    address: str
    label: str
    here: bool


@dataclass(frozen=True, slots=True)
class Entry:
    """A row of the table: the namespaces whose pages belong to it, its page, its name, and for whom it is.

    `within` are entries of their own that are shown only in those rooms, below the others.
    """

    rooms: tuple[str, ...]
    page: str
    label: str
    whose: Callable[[Actor], bool]
    within: tuple[Entry, ...] = ()


def _everybody(viewer: Actor) -> bool:  # noqa: ARG001 - one of several rules
    return True


def _works_for_a_programme(viewer: Actor) -> bool:
    return bool(viewer.programmes())


def _names_staff(viewer: Actor) -> bool:
    return bool(viewer.programmes(*NAME_STAFF))


def _has_awards(viewer: Actor) -> bool:
    return bool(viewer.programmes() or viewer.organisations())


def _assesses(viewer: Actor) -> bool:
    return bool(viewer.programmes(Role.ASSESSOR))


def _reviews_or_applies(viewer: Actor) -> bool:
    return _has_awards(viewer) or _assesses(viewer)


def _takes_in(viewer: Actor) -> bool:
    return bool(viewer.programmes(Role.OFFICE, Role.AUDITOR))


def _sees_meetings(viewer: Actor) -> bool:
    return bool(viewer.programmes(*SEE))


def _runs_sites(viewer: Actor) -> bool:
    return bool(viewer.programmes(Role.CLUSTER_ADMIN, Role.AUDITOR))


def _looks_after_clusters(viewer: Actor) -> bool:
    return bool(viewer.programmes(*SEE_CLUSTERS))


def _looks_after_money(viewer: Actor) -> bool:
    return bool(viewer.programmes(*SEE_MONEY))


def _sees_the_trail(viewer: Actor) -> bool:
    return bool(viewer.programmes(*SEE_TRAIL))


def _sees_what_is_kept(viewer: Actor) -> bool:
    return bool(viewer.programmes(*SEE_RETENTION))


CLUSTERS: Final = (
    Entry(("sites",), "sites:list", gettext_noop("Sites"), _looks_after_clusters),
    Entry(("allocations",), "allocations:sites", gettext_noop("Limits"), _looks_after_clusters),
    Entry(("metering",), "metering:list", gettext_noop("Metering"), _runs_sites),
)
FUND: Final = (
    Entry(("ledger",), "ledger:list", gettext_noop("The fund"), _works_for_a_programme),
    Entry(("finance",), "finance:list", gettext_noop("Spending"), _works_for_a_programme),
    Entry(("finance_caps",), "finance_caps:list", gettext_noop("Close to a cap"), _works_for_a_programme),
    Entry(("finance_closing",), "finance_closing:list", gettext_noop("Closing a month"), _works_for_a_programme),
    Entry(("finance_what_if",), "finance_what_if:list", gettext_noop("What if"), _works_for_a_programme),
    Entry(("finance_held",), "finance_held:list", gettext_noop("Held rows"), _works_for_a_programme),
)
USE: Final = (
    Entry(("usage",), "usage:list", gettext_noop("Utilisation"), _has_awards),
    Entry(("usage_waits",), "usage_waits:list", gettext_noop("Waits"), _has_awards),
    Entry(("usage_idle",), "usage_idle:list", gettext_noop("Idle awards"), _has_awards),
    Entry(("usage_efficiency",), "usage_efficiency:list", gettext_noop("Efficiency"), _has_awards),
    Entry(("usage_live",), "usage_live:list", gettext_noop("Clusters now"), _works_for_a_programme),
)
ASSURANCE: Final = (
    Entry(("assurance",), "assurance:list", gettext_noop("Dossiers"), _everybody),
    Entry(("assurance_conditions",), "assurance_conditions:list", gettext_noop("Open conditions"), _everybody),
    Entry(("assurance_items",), "assurance_items:list", gettext_noop("Items of review"), _everybody),
    Entry(("custody",), "custody:list", gettext_noop("Data"), _has_awards),
    Entry(("custody_places",), "custody_places:list", gettext_noop("Places for data"), _works_for_a_programme),
    Entry(("concerns",), "concerns:list", gettext_noop("Concerns"), looks_after_concerns),
)
SCREENING: Final = (
    Entry(("screening",), "screening:list", gettext_noop("Cases"), sees_it),
    Entry(("screening_search",), "screening_search:list", gettext_noop("Look a name up"), sees_it),
    Entry(("screening_owners",), "screening_owners:list", gettext_noop("Who owns whom"), sees_it),
    Entry(("screening_lists",), "screening_lists:list", gettext_noop("Lists"), sees_it),
)
CONTROLS: Final = (
    Entry(("controls",), "controls:list", gettext_noop("Determination"), _works_for_a_programme),
    Entry(("controls_compare",), "controls_compare:list", gettext_noop("Between two days"), _works_for_a_programme),
    Entry(("controls_choices",), "controls_choices:list", gettext_noop("Alternatives"), _works_for_a_programme),
    Entry(("controls_items",), "controls_items:list", gettext_noop("Accelerators"), _works_for_a_programme),
    Entry(("controls_story",), "controls_story:list", gettext_noop("A centre over time"), _works_for_a_programme),
)
SUPPLY: Final = (
    Entry(("supply",), "supply:list", gettext_noop("Capacity"), sees_supply),
    Entry(("supply_orders",), "supply_orders:list", gettext_noop("Orders"), sees_supply),
    Entry(("supply_papers",), "supply_papers:list", gettext_noop("Licences and suppliers"), sees_supply),
    Entry(("supply_choices",), "supply_choices:list", gettext_noop("Side by side"), sees_supply),
)
ENTRIES: Final = (
    Entry(("applications", "letters"), "applications:list", gettext_noop("Applications"), _has_awards),
    Entry(("intake", "calls"), "intake:list", gettext_noop("Intake"), _takes_in),
    Entry(("review",), "review:list", gettext_noop("Assessments"), _assesses),
    Entry(
        ("assurance", "assurance_conditions", "assurance_items", "custody", "custody_places", "concerns"),
        "assurance:list",
        gettext_noop("Responsible AI"),
        _reviews_or_applies,
        ASSURANCE,
    ),
    Entry(("committee",), "committee:index", gettext_noop("Meetings"), _sees_meetings),
    Entry(
        ("ledger", "finance", "finance_caps", "finance_closing", "finance_what_if", "finance_held"),
        "ledger:list",
        gettext_noop("Fund"),
        _works_for_a_programme,
        FUND,
    ),
    Entry(("awards",), "awards:list", gettext_noop("Awards"), _has_awards),
    Entry(("jobs",), "jobs:list", gettext_noop("Jobs"), _has_awards),
    Entry(("outcomes",), "outcomes:list", gettext_noop("Reports"), _has_awards),
    Entry(
        ("usage", "usage_waits", "usage_idle", "usage_efficiency", "usage_live"),
        "usage:list",
        gettext_noop("Use"),
        _has_awards,
        USE,
    ),
    Entry(("statements",), "statements:list", gettext_noop("Statements"), _has_awards),
    Entry(("receivables", "settlements"), "receivables:list", gettext_noop("Money owed"), _looks_after_money),
    Entry(
        ("sites", "allocations", "metering"), "sites:list", gettext_noop("Clusters"), _looks_after_clusters, CLUSTERS
    ),
    Entry(
        ("screening", "screening_search", "screening_owners", "screening_lists"),
        "screening:list",
        gettext_noop("Screening"),
        sees_it,
        SCREENING,
    ),
    Entry(
        ("controls", "controls_compare", "controls_choices", "controls_items", "controls_story"),
        "controls:list",
        gettext_noop("Controls"),
        _works_for_a_programme,
        CONTROLS,
    ),
    Entry(("planning",), "planning:list", gettext_noop("Studies"), _works_for_a_programme),
    Entry(
        ("supply", "supply_orders", "supply_papers", "supply_choices"),
        "supply:list",
        gettext_noop("Supply"),
        sees_supply,
        SUPPLY,
    ),
    Entry(("audit",), "audit:list", gettext_noop("Audit"), _sees_the_trail),
    Entry(("retention",), "retention:list", gettext_noop("Retention"), _sees_what_is_kept),
    Entry(("staff",), "staff:list", gettext_noop("People"), _names_staff),
)


def navigation(request: HttpRequest) -> dict[str, object]:
    """Return the entries for whoever is signed in; nobody else has any."""
    if not isinstance(getattr(request, "user", None), Person):
        return {"places": [], "within": []}
    viewer = viewer_of(request)
    entries = [entry for entry in ENTRIES if shows(request, entry.page)]
    room = request.resolver_match.namespace if request.resolver_match else ""
    here = [entry for entry in entries if room in entry.rooms]
    within = [entry for entry in here[0].within if shows(request, entry.page)] if here else []
    return {
        "places": _places(entries, viewer, room),
        "within": _places(within, viewer, room),
    }


def _places(entries: Sequence[Entry], viewer: Actor, room: str) -> list[Place]:
    return [
        Place(reverse(entry.page), gettext(entry.label), here=room in entry.rooms)
        for entry in entries
        if entry.whose(viewer)
    ]
