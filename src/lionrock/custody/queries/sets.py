"""Data sets that a viewer may see, their chains as values, and what waits for whom."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any, Final

from django.db.models import Count, Min, QuerySet
from django.urls import reverse

from lionrock.awards.projects import seen
from lionrock.custody.domain.chain import Event, EventKind
from lionrock.custody.models import CustodyEvent, DataSet, DataTransfer, Filing
from lionrock.kernel.errors import NotFound
from lionrock.kernel.messages import gettext_noop, message
from lionrock.people.domain import Actor, Role
from lionrock.web.worklist import Waiting

SOON: Final = timedelta(days=14)
_FIELDS: Final = tuple(name for name in Event.__slots__ if name != "kind")


def data_sets(viewer: Actor) -> QuerySet[DataSet]:
    """Return the data sets of the awards that the viewer may see."""
    return DataSet.objects.filter(seen(viewer, "award")).select_related("award__organisation")


def data_set_by_code(viewer: Actor, code: str, *, lock: bool = False) -> DataSet:
    """Return one data set; with `lock`, keep others from changing it. Raises `NotFound`."""
    found = data_sets(viewer).filter(code=code)
    row = (found.select_for_update(of=("self",)) if lock else found).first()
    if row is None:
        said = message(gettext_noop("There are no data {code} for you. See `lionrock custody list`."), code=code)
        raise NotFound("custody.data_set.unknown", said)
    return row


def events_of(data_set: DataSet) -> list[Event]:
    """Return the chain of a data set as values, the first event first (one query)."""
    return [event_of(row) for row in data_set.events.order_by("number")]


def event_of(row: CustodyEvent) -> Event:
    """Return a row as the value that was sealed."""
    return Event(kind=EventKind(row.kind), **{name: getattr(row, name) for name in _FIELDS})


def transfers_of(data_set: DataSet) -> QuerySet[DataTransfer]:
    """Return what was agreed of a data set's ways, with places and filings."""
    return data_set.transfers.select_related("source", "target").prefetch_related("filings")


def filing_by_number(viewer: Actor, number: int, *, lock: bool = False) -> Filing:
    """Return one filing of a data set that the viewer may see; raises `NotFound`."""
    rule = seen(viewer, "transfer__data_set__award")
    found = Filing.objects.filter(rule, pk=number).select_related("transfer__data_set__award__organisation")
    row = (found.select_for_update(of=("self",)) if lock else found).first()
    if row is None:
        said = message(gettext_noop("There is no filing {number} for you."), number=number)
        raise NotFound("custody.filing.unknown", said)
    return row


def waiting(viewer: Actor, now: datetime) -> list[Waiting]:
    """Return a line for filings that are open, and one for data that have to be deleted soon, for who does it."""
    if viewer.operator:
        return []
    file, delete = viewer.programmes(Role.COMPLIANCE), viewer.programmes(Role.CLUSTER_ADMIN)
    lines: list[tuple[str, QuerySet[Any], str]] = []
    if file:
        open_ = Filing.objects.filter(done_on__isnull=True, transfer__data_set__award__programme__in=file)
        lines.append((gettext_noop("File what a transfer of data asks for: {count}"), open_, "due"))
    if delete:
        soon = DataSet.objects.filter(deleted_at__isnull=True, award__programme__in=delete)
        soon = soon.filter(keep_until__lte=now.date() + SOON, events__isnull=False).distinct()
        lines.append((gettext_noop("Delete data whose time is over, or soon will be: {count}"), soon, "keep_until"))
    found = []
    for said, rows, day in lines:
        counted = rows.aggregate(count=Count("pk", distinct=True), due=Min(day))
        if counted["count"]:
            line = message(said, count=counted["count"])
            found.append(Waiting(line, reverse("custody:list"), due=counted["due"], count=counted["count"]))
    return found
