"""What waits for somebody: invoices to pay, rows of bank statements to mend, write-offs to answer."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Final

from django.db.models import Count, Min
from django.urls import reverse

from lionrock.kernel.messages import gettext_noop, message
from lionrock.people.domain import Actor, Role
from lionrock.people.programmes import programmes_on_file
from lionrock.receivables.actions.forgiving import AGREE
from lionrock.receivables.models import HeldRow, WriteOff
from lionrock.receivables.queries import open_items
from lionrock.statements.models import Document
from lionrock.web.worklist import Waiting

SHOWN: Final = 5
"""So many invoices of each programme are listed, the oldest; their pages lead to the others."""


def waiting(viewer: Actor, now: datetime) -> list[Waiting]:  # noqa: ARG001 - every room is asked the same way
    """Return what a viewer is to pay, to mend or to answer."""
    if viewer.operator:
        return []
    return [*_to_pay(viewer), *_to_mend(viewer), *_to_answer(viewer)]


def _to_pay(viewer: Actor) -> Iterator[Waiting]:
    organisations = viewer.organisations()
    documents = Document.objects.filter(organisation__code__in=organisations)
    billed = set(documents.values_list("programme", flat=True).distinct()) if organisations else set()
    for programme in (each for code, each in programmes_on_file().items() if code in billed):
        found = open_items(programme, organisations=organisations)
        for item in [each for each in found if each.open > 0][:SHOWN]:
            address = reverse("statements:show", args=[item.number])
            yield Waiting(message(gettext_noop("Pay {document}"), document=item.number), address, due=item.due)


def _to_mend(viewer: Actor) -> Iterator[Waiting]:
    rows = HeldRow.objects.filter(file__programme__in=viewer.programmes(Role.FINANCE))
    found = rows.order_by("file__programme").values("file__programme")
    for row in found.annotate(since=Min("file__taken_at"), count=Count("pk")):
        address = reverse("receivables:payments", args=[row["file__programme"]])
        said = message(gettext_noop("Mend held rows of bank statements"))
        yield Waiting(said, address, since=row["since"], count=row["count"])


def _to_answer(viewer: Actor) -> Iterator[Waiting]:
    """Yield the write-offs that this viewer may agree to, programme by programme."""
    for authority, roles in AGREE.items():
        rows = WriteOff.objects.filter(
            answer__isnull=True, authority=authority.value, invoice__programme__in=viewer.programmes(*roles)
        ).exclude(asked_by=viewer.email)
        found = rows.order_by("invoice__programme").values("invoice__programme")
        for row in found.annotate(since=Min("asked_at"), count=Count("pk")):
            address = reverse("receivables:write_offs", args=[row["invoice__programme"]])
            said = message(gettext_noop("Agree to write-offs, or refuse them"))
            yield Waiting(said, address, since=row["since"], count=row["count"])
