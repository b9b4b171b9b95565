"""What could be bought, side by side: what it needs, costs, draws and does, and how long our own orders of it took."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from statistics import median_low
from typing import Final

from django.conf import settings

from lionrock.controls.domain.answers import Question
from lionrock.controls.domain.choosing import Choice, choices
from lionrock.controls.domain.figures import Figure
from lionrock.kernel.money import Money, settle
from lionrock.people.domain import Actor
from lionrock.supply.domain.capacity import rates_of
from lionrock.supply.domain.states import ShipmentState
from lionrock.supply.images import Stated, images_stated
from lionrock.supply.models import OrderLine, Shipment
from lionrock.supply.policies import SEE_PRICES
from lionrock.supply.queries.orders import book, programmes_seen

PRECISIONS: Final = (Figure.FP16, Figure.FP8, Figure.INT8, Figure.FP4)


@dataclass(frozen=True, slots=True)
class Side:
    """An accelerator beside the others; None is not known, and never worked out of something else.

    `price` is of one accelerator in our latest order, rounded once; `days` is the median of our own
    orders of it, from the order to the arrival; `petaflops` are of one, without sparsity.
    """

    choice: Choice
    petaflops: Mapping[Figure, Fraction | None]
    watts: Fraction | None
    price: Money | None
    days: int | None
    images: Stated | None


def side_by_side(viewer: Actor, question: Question) -> list[Side]:
    """Return every accelerator that is sold by the day of a question, the easiest way first, then the fastest.

    Takes a role that sees supply. Raises `Invalid` for a question that cannot be asked. Two queries.
    """
    seen = programmes_seen(viewer)
    priced = seen if viewer.operator else seen & viewer.programmes(*SEE_PRICES)
    prices, days = _prices(priced), _days(seen)
    rates = {precision: rates_of(book().items, precision) for precision in PRECISIONS}
    images = images_stated(settings.LIONROCK_RULEBOOK).chips
    return [
        Side(
            choice=choice,
            petaflops={precision: rates[precision].get(choice.item.id) for precision in PRECISIONS},
            watts=choice.item.figures.known.get(Figure.POWER),
            price=prices.get(choice.item.id),
            days=days.get(choice.item.id),
            images=images.get(choice.item.id),
        )
        for choice in choices(book(), question)
    ]


def _prices(programmes: set[str] | frozenset[str]) -> dict[str, Money]:
    """Return the price of one accelerator in the latest order of each."""
    lines = OrderLine.objects.filter(order__programme__in=programmes).order_by("order__placed_at", "pk")
    return {line.chip: Money(settle(Fraction(line.price, line.chips_per_unit)), line.currency) for line in lines}


def _days(programmes: set[str]) -> dict[str, int]:
    """Return how many days our orders of each accelerator took, the lower median."""
    arrived = Shipment.objects.filter(line__order__programme__in=programmes, state=ShipmentState.ARRIVED.value)
    took: dict[str, list[int]] = {}
    for chip, ordered, came in arrived.values_list("line__chip", "line__order__ordered_on", "ended_on"):
        if came is not None:
            took.setdefault(chip, []).append((came - ordered).days)
    return {chip: median_low(days) for chip, days in took.items()}
