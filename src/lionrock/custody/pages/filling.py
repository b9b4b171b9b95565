"""The forms: registering data, an event of a chain, a transfer, a filing, another zone."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language, gettext
from django.views.decorators.http import require_http_methods

from lionrock.awards.queries import award_by_code
from lionrock.custody import actions
from lionrock.custody.actions.registering import KEEP
from lionrock.custody.domain.chain import HANDLED, custody_of
from lionrock.custody.models import DataSet
from lionrock.custody.queries.placing import places
from lionrock.custody.queries.sets import data_set_by_code, events_of, filing_by_number
from lionrock.custody.rulebook import duty_names, rules_now, zones_now
from lionrock.people.domain import Role
from lionrock.people.policies import require
from lionrock.people.programmes import programme_on_file
from lionrock.people.viewer import viewer_of
from lionrock.rules.shape import Names
from lionrock.web.asking import Asked, ask, read_day, read_when
from lionrock.web.filling import Box
from lionrock.web.words import word

_BOTH = ("GET", "HEAD", "POST")


def in_words(names: Names) -> str:
    """Return names in the language of the page."""
    return names.in_language(get_language() or "en")


def zone_choices() -> list[tuple[str, str]]:
    """Return the zones of data, the strictest first, for a box."""
    return [(zone.id, in_words(zone.names)) for zone in zones_now().values()]


def _shown(code: str) -> str:
    return reverse("custody:show", args=[code])


@require_http_methods(_BOTH)
def new(request: HttpRequest, code: str) -> HttpResponse:
    """Put data of an award on file."""
    viewer, now = viewer_of(request), timezone.now()
    award = award_by_code(viewer, code)
    if not viewer.belongs_to(award.organisation.code):
        require(viewer, *KEEP, programme=award.programme)
    choices = zone_choices()
    boxes = [
        Box("name", gettext("What the data are called")),
        Box("about", gettext("What is in them"), kind="area", required=False, longest=4000),
        Box("owner", gettext("Who owns them"), help=gettext("Whoever may say in which zone they lie.")),
        Box("zone", gettext("Where they may lie"), kind="choice", choices=choices, value=choices[0][0]),
        Box("personal", gettext("Are there personal data in them?"), kind="choice", choices=_yes_no(), value="yes"),
        Box("keep_until", gettext("Last day on which a copy may lie anywhere"), kind="date"),
    ]

    def act(typed: Mapping[str, str]) -> str:
        made = actions.register_data_set(
            actor=viewer,
            award=code,
            name=typed["name"],
            about=typed["about"],
            owner=typed["owner"],
            zone=typed["zone"],
            personal=typed["personal"] != "no",
            keep_until=read_day(typed["keep_until"], field="keep_until"),
            now=now,
        )
        return _shown(made.code)

    lede = gettext("From then on jobs of this award run only where such data may lie.")
    return ask(
        request,
        Asked(
            heading=gettext("Register data"),
            lede=lede,
            button=gettext("Put them on file"),
            done=gettext("The data are on file."),
            back=reverse("awards:show", args=[code]),
            back_label=code,
            boxes=boxes,
            act=act,
        ),
    )


def _yes_no() -> list[tuple[str, str]]:
    return [("yes", gettext("Yes")), ("no", gettext("No"))]


def _place_choices(found: DataSet) -> list[tuple[str, str]]:
    return [(row.code, row.name) for row in places([found.award.programme])]


@require_http_methods(_BOTH)
def record(request: HttpRequest, code: str) -> HttpResponse:
    """Append an event to the chain of custody."""
    viewer, now = viewer_of(request), timezone.now()
    found = data_set_by_code(viewer, code)
    require(viewer, Role.CLUSTER_ADMIN, Role.COMPLIANCE, programme=found.award.programme)
    zone = programme_on_file(found.award.programme).zone
    lying = {copy.place for copy in custody_of(events_of(found)).lying}
    known = _place_choices(found)
    sources = [("", "–"), *(choice for choice in known if choice[0] in lying)]
    kinds = [(kind.value, word(f"event_{kind}")) for kind in HANDLED]
    local = now.astimezone(zone).strftime("%Y-%m-%dT%H:%M")
    boxes = [
        Box("kind", gettext("What happened"), kind="choice", choices=kinds, value=kinds[0][0]),
        Box("place", gettext("Where"), kind="select", choices=known),
        Box("source", gettext("Copied from"), kind="select", choices=sources, required=False),
        Box("at", gettext("When, in the programme's own time"), kind="datetime-local", value=local),
        Box("medium", gettext("Medium, with its number"), help=gettext("Such as: encrypted disk S/N 4711.")),
        Box("checksum", gettext("Checksum"), required=False, help="sha256:…", longest=140),
        Box(
            "witness",
            gettext("Who else saw the deletion"),
            required=False,
            help=gettext("A deletion takes two persons."),
        ),
        Box("note", gettext("How it was deleted, or what else is to be said"), kind="area", required=False),
    ]

    def act(typed: Mapping[str, str]) -> str:
        at = read_when(typed["at"], zone, field="at")
        fields = {name: typed[name] for name in ("kind", "place", "source", "medium", "checksum", "witness", "note")}
        actions.record_event(actor=viewer, data_set=code, at=min(at, now), now=now, **fields)
        return _shown(code)

    return ask(request, _asked(code, gettext("Record what happened"), boxes, act))


def _asked(code: str, heading: str, boxes: Sequence[Box], act: object, lede: str = "") -> Asked:
    return Asked(
        heading=heading,
        lede=lede,
        button=gettext("Keep this"),
        done=gettext("It is kept."),
        back=_shown(code),
        back_label=code,
        boxes=boxes,
        act=act,  # type: ignore[arg-type]
    )


@require_http_methods(_BOTH)
def transfer(request: HttpRequest, code: str) -> HttpResponse:
    """Agree that data go from one place to another."""
    viewer, now = viewer_of(request), timezone.now()
    found = data_set_by_code(viewer, code)
    require(viewer, Role.COMPLIANCE, programme=found.award.programme)
    known = _place_choices(found)
    instruments = [(each.id, in_words(each.names)) for each in rules_now().instruments.values()]
    boxes = [
        Box("source", gettext("From"), kind="select", choices=known),
        Box("target", gettext("To"), kind="select", choices=known),
        Box(
            "instrument",
            gettext("Instrument under which they cross the border"),
            kind="select",
            choices=[("", gettext("They cross no border")), *instruments],
            required=False,
        ),
        Box("effective", gettext("Day on which it takes effect"), kind="date"),
        Box(
            "prepared_on",
            gettext("Day on which what has to be done before was done"),
            kind="date",
            required=False,
            help=gettext("Such as the assessment of the effect on personal information."),
        ),
    ]

    def act(typed: Mapping[str, str]) -> str:
        prepared = typed["prepared_on"]
        actions.agree_transfer(
            actor=viewer,
            data_set=code,
            source=typed["source"],
            target=typed["target"],
            instrument=typed["instrument"],
            effective=read_day(typed["effective"], field="effective"),
            prepared_on=read_day(prepared, field="prepared_on") if prepared else None,
            now=now,
        )
        return _shown(code)

    lede = gettext("What has to be filed, and by when, follows from the instrument.")
    return ask(request, _asked(code, gettext("Agree a transfer"), boxes, act, lede))


@require_http_methods(_BOTH)
def zone(request: HttpRequest, code: str) -> HttpResponse:
    """Declare another zone for a data set."""
    viewer, now = viewer_of(request), timezone.now()
    found = data_set_by_code(viewer, code)
    require(viewer, Role.COMPLIANCE, programme=found.award.programme)
    boxes = [
        Box("zone", gettext("Where they may lie"), kind="choice", choices=zone_choices(), value=found.zone),
        Box("why", gettext("Who declared it, where that is written, and why"), kind="area", longest=2000),
    ]

    def act(typed: Mapping[str, str]) -> str:
        actions.change_zone(actor=viewer, data_set=code, zone=typed["zone"], why=typed["why"], now=now)
        return _shown(code)

    lede = gettext("Only the owner of the data may say so. It is kept in the chain.")
    return ask(request, _asked(code, gettext("Declare another zone"), boxes, act, lede))


@require_http_methods(_BOTH)
def file(request: HttpRequest, number: int) -> HttpResponse:
    """Note that something was filed."""
    viewer, now = viewer_of(request), timezone.now()
    found = filing_by_number(viewer, number)
    data = found.transfer.data_set
    require(viewer, Role.COMPLIANCE, programme=data.award.programme)
    boxes = [
        Box("done_on", gettext("Day on which it was filed"), kind="date"),
        Box("reference", gettext("Reference that the office gave it")),
    ]

    def act(typed: Mapping[str, str]) -> str:
        done = read_day(typed["done_on"], field="done_on")
        actions.record_filing(actor=viewer, filing=number, done_on=done, reference=typed["reference"], now=now)
        return _shown(data.code)

    duty = in_words(duty_names(found.transfer.instrument, found.duty))
    return ask(request, _asked(data.code, gettext("Note a filing"), boxes, act, duty))
