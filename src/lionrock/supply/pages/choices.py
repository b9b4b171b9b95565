"""What could be bought, side by side."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_safe

from lionrock.controls.domain.answers import Question
from lionrock.controls.domain.choosing import OUT_OF_REACH
from lionrock.controls.domain.explaining import shown
from lionrock.controls.showing import DISCLAIMER
from lionrock.controls.wording import WAYS, paragraph_said
from lionrock.kernel.errors import Invalid
from lionrock.kernel.messages import Message, message
from lionrock.kernel.money import Money
from lionrock.kernel.periods import local_date
from lionrock.people.programmes import house_zone
from lionrock.people.viewer import viewer_of
from lionrock.supply.images import Stated
from lionrock.supply.models import Order
from lionrock.supply.pages.deeds import countries, day_in, select
from lionrock.supply.policies import SEE, require_anywhere
from lionrock.supply.queries.alternatives import PRECISIONS, Side, side_by_side
from lionrock.supply.queries.orders import orders
from lionrock.web.filling import Box, filled


@dataclass(frozen=True, slots=True)
class Row:
    """An accelerator as it is shown; what is empty is not known."""

    side: Side
    tone: str
    way: Message
    paragraph: Message | str
    petaflops: Sequence[str]
    watts: str
    price: Money | None
    images: Stated | None


@require_safe
def choices(request: HttpRequest) -> HttpResponse:
    """Show what is sold by a day, side by side; the journey is that of the latest order until another is asked for."""
    viewer = viewer_of(request)
    require_anywhere(viewer, *SEE)
    usual = _usual(orders(viewer).first())
    typed = {name: request.GET.get(name, "").replace("\0", "").strip() or usual[name] for name in usual}
    boxes = filled(_boxes(), typed)
    everything = request.GET.get("all") == "yes"
    found: list[Side] = []
    wrong = None
    if typed["to"]:
        try:
            found = side_by_side(viewer, _question(typed))
        except Invalid as bad:
            wrong = bad
    rows = [_row(side) for side in found if everything or side.choice.way not in OUT_OF_REACH]
    context = {
        "boxes": boxes,
        "rows": rows,
        "everything": everything,
        "left_out": len(found) - len(rows),
        "asked": bool(typed["to"]) and wrong is None,
        "wrong": wrong,
        "disclaimer": gettext(DISCLAIMER),
    }
    return render(request, "supply/choices.html", context, status=422 if wrong else 200)


def _usual(latest: Order | None) -> dict[str, str]:
    today = str(local_date(timezone.now(), house_zone()))
    if latest is None:
        return {"date": today, "to": "", "from": "", "headquarters": ""}
    journey = {"to": latest.destination, "from": latest.exporting_from, "headquarters": latest.headquarters}
    return {"date": today, **journey}


def _boxes() -> list[Box]:
    known = countries()
    return [
        Box("date", gettext("Day of shipment"), kind="date"),
        select("to", gettext("Goes to"), known),
        select("from", gettext("Exported from"), known, required=False),
        select("headquarters", gettext("Headquarters of the end user's ultimate parent"), known, required=False),
    ]


def _question(typed: dict[str, str]) -> Question:
    return Question(
        items=(),
        on=day_in(typed, "date"),
        destination=typed["to"].upper(),
        exporting_from=typed["from"].upper() or None,
        headquarters=typed["headquarters"].upper() or None,
    )


def _row(side: Side) -> Row:
    tone, text = WAYS[side.choice.way]
    rates = [side.petaflops[precision] for precision in PRECISIONS]
    return Row(
        side=side,
        tone=tone,
        way=message(text),
        paragraph=paragraph_said(side.choice.answer.paragraph),
        petaflops=["" if rate is None else shown(rate) for rate in rates],
        watts="" if side.watts is None else shown(side.watts),
        price=side.price,
        images=side.images,
    )
