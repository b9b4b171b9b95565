"""The forms of ownership: an owner put on file, a stake recorded, a stake ended with its reason."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from fractions import Fraction

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods

from lionrock.people.domain import Actor
from lionrock.people.models import Organisation
from lionrock.people.viewer import viewer_of
from lionrock.screening import actions
from lionrock.screening.actions.owners import owned_code, per_cent, stake_by_number
from lionrock.screening.models import Owner
from lionrock.screening.pages.owners import as_per_cent
from lionrock.screening.policies import require_compliance
from lionrock.web.asking import Asked, ask, read_day
from lionrock.web.filling import Box
from lionrock.web.listing import in_language


@require_http_methods(["GET", "HEAD", "POST"])
def new_owner(request: HttpRequest) -> HttpResponse:
    """Put an owner on file, who is screened from then on."""
    viewer = _officer(request)
    kinds = [("organisation", gettext("Organisation")), ("person", gettext("Person"))]
    boxes = [
        Box("name", gettext("Name, in Latin letters or Chinese characters")),
        Box("kind", gettext("Kind"), kind="choice", choices=kinds, value="organisation"),
        Box("code", gettext("Code"), help=gettext("Small letters, digits and hyphens, such as lagoon-holding.")),
    ]

    def act(typed: Mapping[str, str]) -> None:
        actions.register_owner(
            actor=viewer, code=typed["code"], name=typed["name"], kind=typed["kind"], now=timezone.now()
        )

    heading, lede = gettext("Put an owner on file"), gettext("It is compared with all lists from then on.")
    return _ask(request, heading, lede, boxes, act)


@require_http_methods(["GET", "HEAD", "POST"])
def new_stake(request: HttpRequest) -> HttpResponse:
    """Record what an owner has of an organisation, or of another owner."""
    viewer = _officer(request)
    held = [(owner.code, owner.name) for owner in Owner.objects.order_by("name")]
    whole = [(each.code, in_language(each, "name")) for each in Organisation.objects.order_by("name")]
    below = [*whole, *((f"owner:{code}", gettext("{owner} (an owner)").format(owner=name)) for code, name in held)]
    empty = gettext("Leave it empty where it is not known.")
    boxes = [
        Box("owner", gettext("Owner"), kind="select", choices=held),
        Box("owned", gettext("Owns a share of"), kind="select", choices=below),
        Box("share", gettext("Per cent"), required=False, help=empty, longest=10),
        Box("since", gettext("From"), kind="date"),
        Box("source", gettext("Where that is said"), longest=400),
    ]

    def act(typed: Mapping[str, str]) -> None:
        actions.record_stake(
            actor=viewer,
            owner=typed["owner"],
            owned=typed["owned"],
            share=per_cent(typed["share"]),
            since=read_day(typed["since"], field="since"),
            source=typed["source"],
            now=timezone.now(),
        )

    lede = gettext("A stake of the same two that still holds ends on the first day of this one.")
    return _ask(request, gettext("Record a stake"), lede, boxes, act)


@require_http_methods(["GET", "HEAD", "POST"])
def end_stake(request: HttpRequest, number: int) -> HttpResponse:
    """Say that a stake is held no more, and why; it takes another person than who recorded it."""
    viewer = _officer(request)
    stake = stake_by_number(number)
    share = as_per_cent(None if stake.share is None else Fraction(stake.share) / 100)
    boxes = [
        Box("until", gettext("The first day without it"), kind="date"),
        Box("reason", gettext("Why, and where that is said; it is kept"), longest=400),
    ]

    def act(typed: Mapping[str, str]) -> None:
        until = read_day(typed["until"], field="until")
        actions.end_stake(actor=viewer, stake=number, until=until, reason=typed["reason"], now=timezone.now())

    said = gettext(
        "{owner} in {owned}, share: {share}. What was held for it alone goes on at once, so it takes another person "
        "than {recorder}, who recorded it."
    )
    lede = said.format(owner=stake.owner.name, owned=owned_code(stake), share=share, recorder=stake.recorded_by)
    return _ask(request, gettext("End a stake"), lede, boxes, act)


def _officer(request: HttpRequest) -> Actor:
    viewer = viewer_of(request)
    require_compliance(viewer)
    return viewer


def _ask(
    request: HttpRequest, heading: str, lede: str, boxes: Sequence[Box], act: Callable[[Mapping[str, str]], None]
) -> HttpResponse:
    """Show one of these forms, or do what it asks and go back to the owners."""
    back = reverse("screening_owners:list")

    def acted(typed: Mapping[str, str]) -> str:
        act(typed)
        return back

    asked = Asked(
        heading=heading,
        lede=lede,
        button=gettext("Keep this"),
        done=gettext("It is kept."),
        back=back,
        back_label=gettext("Who owns whom"),
        boxes=boxes,
        act=acted,
    )
    return ask(request, asked)
