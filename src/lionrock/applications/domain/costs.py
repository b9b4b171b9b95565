"""What a request costs at the list price: the request of an application as the rulebook quotes it."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from lionrock.applications.domain.requests import Request, ends
from lionrock.kernel.periods import Interval, local_midnight
from lionrock.kernel.quantities import SECONDS_PER_HOUR
from lionrock.rules import quotes
from lionrock.rules.items import Mode
from lionrock.rules.programme import Programme


def to_quote(
    programme: Programme, request: Request, category: str, on: date, exceptional: quotes.Exceptional | None = None
) -> quotes.Request:
    """Return what is asked for as a quote takes it: a lease by months, metered use by hours of each device."""
    item = programme.items.get(request.item)
    metered = item is not None and item.mode is Mode.METERED
    return quotes.Request(
        category=category,
        item=request.item,
        count=request.count,
        on=on,
        months=None if metered else request.months,
        hours=hours_each(programme, request) if metered else None,
        exceptional=exceptional,
    )


def hours_each(programme: Programme, request: Request) -> Decimal:
    """Return the hours of each device: those asked for, or all of the period in the programme's zone."""
    if request.hours is not None:
        return Decimal(request.hours)
    start, end = (local_midnight(day, programme.zone) for day in (request.starts, ends(request)))
    return Decimal(Interval(start, end).seconds // SECONDS_PER_HOUR)
